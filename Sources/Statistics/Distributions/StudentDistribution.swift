/// Student's t with `degrees` of freedom, which need not be whole.
package enum StudentDistribution {
    /// Share that is further from 0 than `t`, on both sides.
    package static func twoSided(_ t: Double, degrees: Double) -> Double {
        guard degrees > 0, degrees < .infinity, !t.isNaN else { return .nan }
        let square = t * t
        if square == .infinity { return 0 }
        let total = degrees + square
        return BetaDistribution.integral(degrees / 2, 0.5, degrees / total, square / total)
    }

    /// The distance from 0 beyond which the share `alpha` lies, on both sides together.
    package static func critical(_ alpha: Double, degrees: Double) -> Double {
        guard let near = BetaDistribution(0.5, degrees / 2), let far = BetaDistribution(degrees / 2, 0.5) else { return .nan }
        // Of the two places that say the same, the one that is not next to 1.
        let x = alpha > 0.5 ? near.quantile(1 - alpha) : far.quantile(alpha)
        return (alpha > 0.5 ? degrees * x / (1 - x) : degrees * (1 - x) / x).squareRoot()
    }
}
