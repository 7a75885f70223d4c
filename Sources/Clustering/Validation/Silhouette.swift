import Statistics

/// How much nearer rows are to their own cluster than to the next (Rousseeuw 1987): `(b - a) / max(a, b)` of the mean distances to the others of the
/// own cluster and to the rows of the nearest other one. A row that is alone in its cluster has 0, as in scikit-learn; so has one where both are 0.
package enum Silhouette {
    /// More rows than these are sampled by ``mean(_:_:sampleMax:seed:)``.
    package static let sampleMax = 5_000

    /// A value a row, from -1 to 1. Rows that are noise have 0 and count for nobody. Nil where there are not two clusters.
    package static func samples(_ data: Matrix, _ labels: [Int]) throws(ClusteringFailure) -> [Double]? {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        let names = Partition.distinct(labels)
        guard names.count > 1 else { return nil }
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let clusters = labels.map { places[$0] ?? -1 }
        var sizes = [Int](repeating: 0, count: names.count)
        for cluster in clusters where cluster >= 0 { sizes[cluster] += 1 }
        let lanes = LaneRows(data), points = BlockMemory(data.values, else: 0)
        return (0..<data.rows).map { row in
            guard clusters[row] >= 0, sizes[clusters[row]] > 1 else { return 0 }
            var sums = [Double](repeating: 0, count: names.count)
            for group in 0..<lanes.groups {
                let distances = lanes.squaredDistances(group, points.start + row * data.columns).squareRoot()
                for lane in 0..<min(LaneRows.width, data.rows - group * LaneRows.width) {
                    let cluster = clusters[group * LaneRows.width + lane]
                    if cluster >= 0 { sums[cluster] += distances[lane] }
                }
            }
            let own = sums[clusters[row]] / Double(sizes[clusters[row]] - 1)
            var other = Double.infinity
            for cluster in names.indices where cluster != clusters[row] { other = min(other, sums[cluster] / Double(sizes[cluster])) }
            return max(own, other) > 0 ? (other - own) / max(own, other) : 0
        }
    }

    /// The mean over rows that are not noise. Of more rows than `sampleMax`, as many as that are drawn without replacement by the seed, and the
    /// mean is that of the sample by itself. Nil where there are not two clusters.
    package static func mean(
        _ data: Matrix, _ labels: [Int], sampleMax: Int = Silhouette.sampleMax, seed: UInt64 = 1
    ) throws(ClusteringFailure) -> Double? {
        try Check.labels(labels, rows: data.rows)
        try Check.count("sampleMax", sampleMax, atLeast: 2)
        var rows = labels.indices.filter { labels[$0] != Partition.noise }
        if rows.count > sampleMax {
            var generator = LCG64(seed: seed)
            for place in 0..<sampleMax { rows.swapAt(place, place + generator.index(below: rows.count - place)) }
            rows = rows[..<sampleMax].sorted()
        }
        guard !rows.isEmpty, let found = try samples(data.selecting(rows), rows.map { labels[$0] }) else { return nil }
        return found.reduce(0, +) / Double(found.count)
    }
}
