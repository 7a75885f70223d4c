/// A rate of successes that small numbers do not run away with: the beta distribution after what was seen, from what was believed before. Lanes
/// and customers are ranked by its lower bound, not by the bare share: 3 of 3 is not better than 197 of 200.
package struct ShrunkRate: Hashable, Sendable {
    /// What was believed before: as if so many successes and failures had been seen.
    package struct Prior: Hashable, Sendable {
        package let successes: Double
        package let failures: Double

        /// Nil unless both are finite and above 0. One half each is Jeffreys's.
        package init?(successes: Double, failures: Double) {
            guard successes > 0, failures > 0, successes < .infinity, failures < .infinity else { return nil }
            self.successes = successes
            self.failures = failures
        }

        /// The rate of a population, as strong as `weight` cases. Nil unless the rate is within 0 and 1, both excluded, and the weight above 0.
        package init?(rate: Double, weight: Double) {
            guard rate > 0, rate < 1, weight > 0 else { return nil }
            self.init(successes: rate * weight, failures: (1 - rate) * weight)
        }

        /// One half each: Jeffreys's prior, which leaves least to belief.
        package static let jeffreys = Prior(0.5)

        private init(_ half: Double) { (successes, failures) = (half, half) }
    }

    package let distribution: BetaDistribution

    /// Nil where a number is not finite or below 0. Without cases it is the prior.
    package init?(successes: Double, failures: Double, _ prior: Prior = .jeffreys) {
        guard successes >= 0, failures >= 0, let distribution = BetaDistribution(prior.successes + successes, prior.failures + failures) else { return nil }
        self.distribution = distribution
    }

    package var mean: Double { distribution.mean }
    /// The rate is below this with the probability `share` only. NaN unless the share is within 0 and 1.
    package func lowerBound(_ share: Double = 0.05) -> Double { distribution.quantile(share) }
    /// The rate is above this with the probability `share` only.
    package func upperBound(_ share: Double = 0.05) -> Double { distribution.quantile(1 - share) }
}
