/// Whether two shares differ: the z test with the pooled share, without correction for continuity.
package struct TwoShareTest: Hashable, Sendable {
    /// Difference of the shares, first less second, in its standard errors.
    package let z: Double
    /// Probability of a difference as great either way, where there is none.
    package let probability: Double

    /// Nil without cases on a side, with successes that are not within 0 and the cases, or where all are successes or all failures.
    package init?(successes: (Double, Double), cases: (Double, Double)) {
        guard cases.0 > 0, cases.1 > 0, cases.0 + cases.1 < .infinity, (0...cases.0).contains(successes.0), (0...cases.1).contains(successes.1)
        else { return nil }
        let pooled = (successes.0 + successes.1) / (cases.0 + cases.1)
        let error = (pooled * (1 - pooled) * (1 / cases.0 + 1 / cases.1)).squareRoot()
        guard error > 0 else { return nil }
        z = (successes.0 / cases.0 - successes.1 / cases.1) / error
        probability = NormalDistribution.twoSided(z)
    }
}
