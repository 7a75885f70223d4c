import Statistics

/// How far a few extreme rows change the partition of the rest: for each attribute, a row of the medians is added with this attribute far outside, and the
/// rows of its least and greatest value are taken out.
package struct OutlierSensitivity: Hashable, Sendable {
    package struct Attribute: Hashable, Sendable {
        package let column: Int
        /// Adjusted Rand index of the partition of the same rows with and without the added row, the lower of both sides.
        package let withExtreme: Double
        /// The same, of the rows that are left after taking out the extremes. 1 where fewer than two are left.
        package let withoutExtremes: Double
        /// `1 - min` of both: 0 says that extremes of this attribute change nothing.
        package var drop: Double { 1 - min(withExtreme, withoutExtremes) }
    }

    /// In the order of columns.
    package let attributes: [Attribute]

    /// The added row is `reach` times the attribute's range beyond its end.
    package init(
        _ data: Matrix, reach: Double = 3, clustering: (Matrix) throws(ClusteringFailure) -> [Int]
    ) throws(ClusteringFailure) {
        _ = try data.checked()
        guard reach > 0, reach.isFinite else { throw .setting(name: "reach", found: "\(reach)", allowed: "above 0") }
        let clean = try clustering(data)
        try Check.labels(clean, rows: data.rows)
        let sorted = (0..<data.columns).compactMap { OrderedSample(data.column($0)) }
        let medians = sorted.map(\.median)
        attributes = try (0..<data.columns).gathering { column throws(ClusteringFailure) in
            let low = sorted[column].least, high = sorted[column].greatest
            var with = 1.0
            for extreme in [low - reach * (high - low), high + reach * (high - low)] {
                var row = medians
                row[column] = extreme
                with = min(with, try Self.agreement(data, clean, adding: row, clustering: clustering))
            }
            let left = (0..<data.rows).filter { data[$0, column] > low && data[$0, column] < high }
            let without = left.count < 2 ? 1
                : try Agreement(left.map { clean[$0] }, clustering(data.selecting(left))).adjustedRand
            return Attribute(column: column, withExtreme: with, withoutExtremes: without)
        }
    }

    /// The adjusted Rand index of a partition and that of the same rows when one more row is there.
    package static func agreement(
        _ data: Matrix, _ clean: [Int], adding row: [Double], clustering: (Matrix) throws(ClusteringFailure) -> [Int]
    ) throws(ClusteringFailure) -> Double {
        guard row.count == data.columns else { throw .count(of: "numbers in the added row", expected: data.columns, found: row.count) }
        let labels = try clustering(data.appending(row))
        return try Agreement(clean, Array(labels.dropLast())).adjustedRand
    }
}
