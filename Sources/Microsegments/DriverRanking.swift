package import Attributes
import Statistics
import Values

/// By which attribute to divide: how much of the variance of an outcome lies between its groups (eta squared), greatest first.
package struct DriverRanking: Sendable {
    package struct Driver: Sendable, Hashable {
        package let attribute: String
        /// Groups with members: values of a text or flag, fifths of a number.
        package let groups: Int
        /// Entities that have both the attribute and the outcome.
        package let members: Int
        /// From 0 to 1.
        package let etaSquared: Double
    }

    package let outcome: String
    /// Those that say something, greatest first, then by name.
    package let drivers: [Driver]

    /// Groups of more values tell entities apart, and not kinds of them.
    private static let groupsMax = 24
    private static let fifths = 5

    /// - Parameter outcome: slot of a number.
    package init(_ plan: AttributePlan, rows: [AttributeRow], outcome: Int) {
        self.outcome = plan.definitions[outcome].name
        drivers = plan.definitions.indices.filter { $0 != outcome }.compactMap { slot in
            Self.driver(plan.definitions[slot].name, rows.compactMap { row in
                ClusterPlan.number(row.values[outcome]).map { (row.values[slot], $0) }
            })
        }.sorted { ($1.etaSquared, $0.attribute) < ($0.etaSquared, $1.attribute) }
    }

    private static func driver(_ attribute: String, _ pairs: [(value: Value, outcome: Double)]) -> Driver? {
        let numbers = pairs.compactMap { pair in ClusterPlan.number(pair.value).map { (number: $0, outcome: pair.outcome) } }
        let groups = numbers.isEmpty ? named(pairs) : fifths(numbers)
        guard groups.count > 1, groups.count <= groupsMax, let analysis = VarianceAnalysis(groups) else { return nil }
        return Driver(attribute: attribute, groups: groups.count, members: groups.reduce(0) { $0 + $1.count }, etaSquared: analysis.etaSquared)
    }

    private static func named(_ pairs: [(value: Value, outcome: Double)]) -> [[Double]] {
        var groups: [String: [Double]] = [:]
        for pair in pairs {
            switch pair.value {
            case .string, .boolean: groups[pair.value.text, default: []].append(pair.outcome)
            default: continue
            }
        }
        return groups.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Equal numbers share a fifth: that of the first of them.
    private static func fifths(_ numbers: [(number: Double, outcome: Double)]) -> [[Double]] {
        let sorted = numbers.sorted { ($0.number, $0.outcome) < ($1.number, $1.outcome) }
        var groups = [[Double]](repeating: [], count: fifths), first = 0
        for (place, pair) in sorted.enumerated() {
            if pair.number != sorted[first].number { first = place }
            groups[first * fifths / sorted.count].append(pair.outcome)
        }
        return groups.filter { !$0.isEmpty }
    }
}
