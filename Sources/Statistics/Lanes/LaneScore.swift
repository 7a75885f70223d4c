/// Scores things by several measures: each scaled to 0 and 1 between its least and greatest value, turned about where small is good, and weighted.
package enum LaneScore {
    /// One measure of all things.
    package struct Measure: Hashable, Sendable {
        package let values: [Double]
        package let weight: Double
        package let isSmallGood: Bool

        package init(_ values: [Double], weight: Double, isSmallGood: Bool = false) {
            self.values = values
            self.weight = weight
            self.isSmallGood = isSmallGood
        }
    }

    /// The weighted sum for each thing; with weights that sum to 1 it is within 0 and 1. A measure that is alike for all gives each half of its weight.
    /// Nil without measures, with unequal numbers of values, with a value that is not finite, or with a weight that is below 0 or not finite.
    package static func scores(_ measures: [Measure]) -> [Double]? {
        guard let count = measures.first?.values.count else { return nil }
        var scores = [CompensatedSum](repeating: CompensatedSum(), count: count)
        for measure in measures {
            guard measure.values.count == count, measure.weight >= 0, measure.weight < .infinity, measure.values.allSatisfy(\.isFinite) else { return nil }
            let least = measure.values.min() ?? 0, range = (measure.values.max() ?? 0) - least
            guard range < .infinity else { return nil }
            for index in 0..<count {
                let place = range > 0 ? (measure.values[index] - least) / range : 0.5
                scores[index].add(measure.weight * (measure.isSmallGood ? 1 - place : place))
            }
        }
        return scores.map(\.value)
    }
}
