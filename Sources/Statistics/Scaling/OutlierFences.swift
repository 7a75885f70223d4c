/// Fences beyond which a value stands apart: the quartiles (type 7) and `k` times their distance (Tukey, Exploratory Data Analysis, 1977, 2D).
package struct OutlierFences: Hashable, Sendable {
    package let lowerQuartile: Double
    package let upperQuartile: Double
    package let low: Double
    package let high: Double

    /// Nil where `k` is below 0 or the fences are beyond what a Double holds.
    package init?(_ sample: OrderedSample, k: Double = 1.5) {
        guard k >= 0, k < .infinity, let lower = sample.quantile(0.25), let upper = sample.quantile(0.75) else { return nil }
        let reach = k * (upper - lower)
        guard (lower - reach).isFinite, (upper + reach).isFinite else { return nil }
        (lowerQuartile, upperQuartile, low, high) = (lower, upper, lower - reach, upper + reach)
    }

    /// A value on a fence does not stand apart.
    package func standsApart(_ value: Double) -> Bool { value < low || value > high }
}
