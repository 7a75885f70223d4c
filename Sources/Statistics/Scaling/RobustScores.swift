/// Median and median deviation, the latter as an estimate of the standard deviation of a normal distribution.
package struct RobustScores: Hashable, Sendable {
    package let median: Double
    /// Median of the distances from the median.
    package let deviation: Double
    /// ``deviation`` over the upper quartile of the normal distribution: times 1.4826.
    package var scaledDeviation: Double { deviation / Self.upperQuartile }
    private static let upperQuartile = 0.6744897501960817

    /// Nil where a deviation is beyond what a Double holds.
    package init?(_ sample: OrderedSample) {
        median = sample.median
        deviation = sample.medianDeviation
        guard scaledDeviation.isFinite else { return nil }
    }

    /// Distance from the median in scaled deviations. Nil where more than half of the values are equal, so that there is no unit.
    package func score(_ value: Double) -> Double? {
        guard deviation > 0 else { return nil }
        let score = (value - median) / scaledDeviation
        return score.isFinite ? score : nil
    }
}
