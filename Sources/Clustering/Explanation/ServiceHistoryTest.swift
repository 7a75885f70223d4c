import Statistics

/// Whether clusters tell apart what happened afterwards: the share of an outcome's variance that lies between clusters (eta squared), and how often
/// labels that are dealt by chance have as much (``PermutationTest``).
package struct ServiceHistoryTest: Hashable, Sendable {
    /// From 0 to 1; 0 where the outcome does not vary, or there are not two clusters with a row more than clusters.
    package let etaSquared: Double
    /// Of as much, where clusters mean nothing; 1 where there is nothing to tell apart.
    package let probability: Double
    /// Ascending by label.
    package let clusters: [Cluster]

    package struct Cluster: Hashable, Sendable {
        package let label: Int
        package let mean: Double
        /// The mean over the mean of all; nil where that is 0.
        package let lift: Double?
    }

    /// `outcomes` are such as delays of orders, a row each. Noise is left out.
    package init(_ labels: [Int], outcomes: [Double], shuffles: Int = 999, seed: UInt64 = 1) throws(ClusteringFailure) {
        try Check.labels(labels, rows: outcomes.count)
        try Check.count("shuffles", shuffles, atLeast: 1, atMost: PermutationTest.roundsMax)
        for (row, outcome) in outcomes.enumerated() { try Check.number(outcome, row: row, column: 0) }
        let members = Partition.members(labels), groups = members.map { cluster in cluster.rows.map { outcomes[$0] } }
        guard let all = Moments(groups.joined().map { $0 }) else { throw .noRows }
        clusters = zip(members, groups).map { cluster, group in
            let mean = Moments(group)?.mean ?? 0
            return Cluster(label: cluster.label, mean: mean, lift: all.mean == 0 ? nil : mean / all.mean)
        }
        guard let analysis = VarianceAnalysis(groups) else {
            (etaSquared, probability) = (0, 1)
            return
        }
        var generator = LCG64(seed: seed)
        let places = groups.indices.flatMap { place in groups[place].map { _ in place } }, count = groups.count
        let test = PermutationTest(groups.flatMap { $0 }, labels: places, rounds: shuffles, generator: &generator) { values, places in
            Self.between(values, places, count, all.mean)
        }
        (etaSquared, probability) = (analysis.etaSquared, test?.probability ?? 1)
    }

    /// The sum of squares between groups, which alone of eta squared changes when labels are dealt anew.
    private static func between(_ values: [Double], _ places: [Int], _ count: Int, _ mean: Double) -> Double {
        var sums = [Double](repeating: 0, count: count), rows = sums
        for (value, place) in zip(values, places) {
            sums[place] += value - mean
            rows[place] += 1
        }
        return zip(sums, rows).reduce(0) { $0 + $1.0 * $1.0 / $1.1 }
    }
}
