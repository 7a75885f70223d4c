/// Distances from the median in units of the median deviation (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993, 3.3). Where more
/// than half of the values are equal, and the median deviation so 0, the mean deviation takes its place; where all are equal, all scores are 0.
package struct ModifiedScores: Hashable, Sendable {
    /// In the order of the values.
    package let scores: [Double]
    /// 0.6745 of the book, which is the normal distribution's upper quartile to four digits.
    package static let factor = 0.6745
    /// The book's limit.
    package static let limit = 3.5

    /// Nil without values, with one that is not finite, or where a distance is beyond what a Double holds.
    package init?(_ values: [Double]) {
        guard let sample = OrderedSample(values) else { return nil }
        let centre = sample.median, spread = sample.medianDeviation
        guard spread.isFinite else { return nil }
        if spread > 0 {
            scores = values.map { Self.factor * ($0 - centre) / spread }
        } else {
            let mean = CompensatedSum.of(values.lazy.map { ($0 - centre).magnitude }) / Double(values.count)
            scores = values.map { mean > 0 ? ($0 - centre) / (1.253314 * mean) : 0 }
        }
        guard scores.allSatisfy(\.isFinite) else { return nil }
    }

    /// Indices whose score is above the limit either way, in order.
    package func outliers(limit: Double = ModifiedScores.limit) -> [Int] { scores.indices.filter { scores[$0].magnitude > limit } }
}
