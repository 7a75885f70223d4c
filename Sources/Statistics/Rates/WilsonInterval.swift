/// Confidence interval of a share by the score test (Wilson, JASA 22, 1927), without correction for continuity. It stays within 0 and 1 and is of
/// use with few cases, and with none or all of them successes.
package struct WilsonInterval: Hashable, Sendable {
    package let low: Double
    package let high: Double

    /// Nil without cases, with more successes than cases or less than none, or with a level that is not within 0 and 1.
    package init?(successes: Double, cases: Double, level: Double = 0.95) {
        guard cases > 0, cases < .infinity, successes >= 0, successes <= cases, level > 0, level < 1 else { return nil }
        let z = -NormalDistribution.quantile((1 - level) / 2), square = z * z
        let share = successes / cases, scale = 1 + square / cases
        let centre = share + square / (2 * cases)
        let reach = z * ((share * (1 - share) + square / (4 * cases)) / cases).squareRoot()
        low = successes == 0 ? 0 : max(0, (centre - reach) / scale)
        high = successes == cases ? 1 : min(1, (centre + reach) / scale)
    }
}
