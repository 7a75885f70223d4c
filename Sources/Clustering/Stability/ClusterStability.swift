import Statistics

/// Whether clusters come again when the data are drawn anew (Hennig 2007, bootstrap).
///
/// Each resample draws as many rows as there are, with replacement, one `index(below: rows)` each, and is clustered. A cluster's likeness in it is
/// the greatest Jaccard coefficient of the cluster's drawn rows and a new cluster's, as sets. A resample without a row of the cluster does not count.
package struct ClusterStability: Hashable, Sendable {
    package struct Cluster: Hashable, Sendable {
        package let label: Int
        /// NaN where no resample had a row of it.
        package let meanJaccard: Double
        /// How many resamples had a row of it.
        package let resamples: Int
    }

    /// What may be said of a cluster, by its mean Jaccard coefficient.
    package enum Verdict: String, Hashable, Sendable {
        /// At least `strong`.
        case strong
        /// At least `publish`.
        case publish
        /// Below `publish`: the old clusters stay.
        case hold
    }

    /// Limits of verdicts; Hennig's advice is 0.75 and 0.85.
    package struct Thresholds: Hashable, Sendable {
        package var publish: Double
        package var strong: Double

        package init(publish: Double = 0.75, strong: Double = 0.85) {
            self.publish = publish
            self.strong = strong
        }

        /// Of a mean that is not a number: hold.
        package func verdict(_ meanJaccard: Double) -> Verdict {
            meanJaccard >= strong ? .strong : meanJaccard >= publish ? .publish : .hold
        }
    }

    /// Ascending by label, without noise.
    package let clusters: [Cluster]

    package init(
        _ data: Matrix, _ labels: [Int], resamples: Int, seed: UInt64, clustering: (Matrix) throws(ClusteringFailure) -> [Int]
    ) throws(ClusteringFailure) {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        try Check.count("resamples", resamples, atLeast: 1)
        let names = Partition.distinct(labels)
        var sums = [Double](repeating: 0, count: names.count), counts = [Int](repeating: 0, count: names.count)
        var generator = LCG64(seed: seed)
        for _ in 0..<resamples {
            let drawn = (0..<data.rows).map { _ in generator.index(below: data.rows) }
            let again = try clustering(data.selecting(drawn))
            try Check.labels(again, rows: drawn.count)
            for (place, likeness) in Self.likenesses(names, labels, drawn, again).enumerated() {
                guard let likeness else { continue }
                sums[place] += likeness
                counts[place] += 1
            }
        }
        clusters = names.indices.map {
            Cluster(label: names[$0], meanJaccard: counts[$0] > 0 ? sums[$0] / Double(counts[$0]) : .nan, resamples: counts[$0])
        }
    }

    /// Of each cluster the greatest Jaccard coefficient with a new one; nil where no row of it was drawn.
    private static func likenesses(_ names: [Int], _ labels: [Int], _ drawn: [Int], _ again: [Int]) -> [Double?] {
        let newNames = Partition.distinct(again)
        let newPlaces = Dictionary(uniqueKeysWithValues: newNames.enumerated().map { ($1, $0) })
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        // A row that was drawn twice may have two new labels; as a set it is once in each.
        let order = drawn.indices.sorted { (drawn[$0], again[$0]) < (drawn[$1], again[$1]) }
        var rows = [Int](repeating: 0, count: names.count), newRows = [Int](repeating: 0, count: newNames.count)
        var both = [Int](repeating: 0, count: names.count * newNames.count)
        for (at, place) in order.enumerated() {
            let row = drawn[place], isNewRow = at == 0 || drawn[order[at - 1]] != row
            guard isNewRow || again[order[at - 1]] != again[place] else { continue }
            let old = places[labels[row]], new = newPlaces[again[place]]
            if let old, isNewRow { rows[old] += 1 }
            if let new { newRows[new] += 1 }
            if let old, let new { both[old * newNames.count + new] += 1 }
        }
        return names.indices.map { old in
            guard rows[old] > 0 else { return nil }
            return newNames.indices.reduce(0.0) { best, new in
                let common = both[old * newNames.count + new]
                return max(best, Double(common) / Double(rows[old] + newRows[new] - common))
            }
        }
    }

    /// The verdict on the whole: that of its least stable cluster; hold where there is none.
    package func verdict(_ thresholds: Thresholds = Thresholds()) -> Verdict {
        thresholds.verdict(clusters.map(\.meanJaccard).reduce(clusters.isEmpty ? .nan : .infinity) { $1 >= $0 ? $0 : $1 })
    }
}
