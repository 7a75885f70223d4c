/// How steady demand is, by the coefficient of variation: XYZ.
package enum VariationClass: String, Hashable, Sendable, CaseIterable {
    case steady = "X"
    case varying = "Y"
    case erratic = "Z"

    /// `X` up to the first cut, `Y` up to the second, `Z` above.
    package init(_ variation: Double, cuts: (steady: Double, varying: Double) = (0.5, 1)) {
        self = variation <= cuts.steady ? .steady : variation <= cuts.varying ? .varying : .erratic
    }

    /// Of a series with its zeros. Nil where there is no coefficient of variation: no values, one that is not finite, a mean of 0 or below.
    package init?(of series: [Double], _ spread: Spread, cuts: (steady: Double, varying: Double) = (0.5, 1)) {
        guard let variation = Moments(series)?.variation(spread) else { return nil }
        self.init(variation, cuts: cuts)
    }
}
