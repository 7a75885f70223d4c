/// The chi-square distribution. Parameters outside of the domain give NaN.
package enum ChiSquareDistribution {
    /// Share above `x` with `degrees` of freedom.
    package static func upper(_ x: Double, degrees: Double) -> Double {
        x <= 0 ? 1 : GammaFunction.upper(shape: degrees / 2, x / 2)
    }
}
