/// The F distribution: of the ratio of two variances.
package enum VarianceRatioDistribution {
    /// Share above `ratio`.
    package static func upper(_ ratio: Double, above: Double, below: Double) -> Double {
        guard above > 0, below > 0, above < .infinity, below < .infinity, !ratio.isNaN else { return .nan }
        if ratio <= 0 { return 1 }
        if ratio == .infinity { return 0 }
        let total = below + above * ratio
        return BetaDistribution.integral(below / 2, above / 2, below / total, above * ratio / total)
    }
}
