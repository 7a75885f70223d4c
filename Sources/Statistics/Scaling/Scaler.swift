/// Moves and stretches a column so that columns can be compared: `(value - centre) / unit`. A column without spread has the unit 1, so that it
/// is moved to 0 and says nothing. Fitted once, it places later values by the same measure.
package struct Scaler: Hashable, Sendable {
    /// What the centre and the unit are.
    package enum Rule: String, Hashable, Sendable, CaseIterable {
        /// Mean and the population's standard deviation.
        case standard
        /// Median and the distance of the quartiles (type 7).
        case robust
        /// Median and the scaled median deviation; the distance of the quartiles over 1.349 where the former is 0.
        case medianDeviation
        /// Least value and the range, so that all is within 0 and 1.
        case minMax
    }

    package let centre: Double
    package let unit: Double

    /// Nil without values, with one that is not finite, or where the unit is beyond what a Double holds.
    package init?(_ rule: Rule, _ values: [Double]) {
        var spread: Double
        switch rule {
        case .standard:
            guard let moments = Moments(values), let deviation = moments.deviation(.population) else { return nil }
            (centre, spread) = (moments.mean, deviation)
        case .robust, .medianDeviation:
            guard let sample = OrderedSample(values), let lower = sample.quantile(0.25), let upper = sample.quantile(0.75) else { return nil }
            centre = sample.median
            spread = upper - lower
            if rule == .medianDeviation {
                guard let scores = RobustScores(sample) else { return nil }
                spread = scores.deviation > 0 ? scores.scaledDeviation : spread / 1.3489795003921634
            }
        case .minMax:
            guard let sample = OrderedSample(values) else { return nil }
            (centre, spread) = (sample.least, sample.greatest - sample.least)
        }
        guard spread.isFinite else { return nil }
        unit = spread > 0 ? spread : 1
    }

    @inlinable package func scaled(_ value: Double) -> Double { (value - centre) / unit }
}
