import Statistics

/// What is particular about a cluster: of each attribute the standardised difference of means, inside less outside, over the root of the mean of both
/// variances (ddof 0; Cohen 1988). Infinite, with the sign of the difference, where neither side varies; 0 where the means are the same.
package struct ClusterContrast: Hashable, Sendable {
    package struct Difference: Hashable, Sendable {
        package let column: Int
        package let inside: Double
        package let outside: Double
        package let standardised: Double
    }

    package let label: Int
    package let members: Int
    /// The greatest difference first; of equal ones the lower column.
    package let differences: [Difference]

    /// One a label, ascending. Rows that are noise are outside of all. A cluster of all rows has no contrast, and is left out.
    package static func all(_ data: Matrix, _ labels: [Int]) throws(ClusteringFailure) -> [ClusterContrast] {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        return Partition.members(labels).compactMap { cluster in
            let others = labels.indices.filter { labels[$0] != cluster.label }
            guard !others.isEmpty else { return nil }
            let differences = (0..<data.columns).compactMap { column -> Difference? in
                guard
                    let inside = Moments(cluster.rows.map { data[$0, column] }), let insideVariance = inside.variance(.population),
                    let outside = Moments(others.map { data[$0, column] }), let outsideVariance = outside.variance(.population)
                else { return nil }
                let spread = ((insideVariance + outsideVariance) / 2).squareRoot(), difference = inside.mean - outside.mean
                return Difference(
                    column: column, inside: inside.mean, outside: outside.mean,
                    standardised: difference == 0 ? 0 : difference / spread)
            }
            return ClusterContrast(
                label: cluster.label, members: cluster.rows.count,
                differences: differences.sorted { (-$0.standardised.magnitude, $0.column) < (-$1.standardised.magnitude, $1.column) })
        }
    }
}
