import Statistics

/// How much tighter clusters are than those of data without any (Tibshirani, Walther, Hastie 2001). `log W` is the natural logarithm of the sum of
/// squares within clusters of Ward's hierarchy; the references are uniform in the box of the data.
///
/// All references are drawn first, one after the other, row by row and column by column, each number as `low + unit * (high - low)`; they serve every
/// number of clusters. `s` is the standard deviation (of the references, ddof 0) times `sqrt(1 + 1 / references)`.
package struct GapStatistic: Hashable, Sendable {
    package struct Evidence: Hashable, Sendable {
        package let clusters: Int
        /// -infinity where nothing is left within.
        package let logWithin: Double
        package let gap: Double
        package let deviation: Double
    }

    package var references: Int
    package var seed: UInt64
    /// Most rows, as each reference has a hierarchy of its own.
    package static let rowsMax = 20_000

    package init(references: Int = 10, seed: UInt64 = 1) {
        self.references = references
        self.seed = seed
    }

    /// The evidence for one cluster to so many, no more than rows.
    package func evidence(_ data: Matrix, upTo clustersMax: Int) throws(ClusteringFailure) -> [Evidence] {
        try Check.count("references", references, atLeast: 1)
        try Check.count("clustersMax", clustersMax, atLeast: 1)
        _ = try data.checked()
        guard data.rows <= Self.rowsMax else { throw .tooManyRows(method: "the gap statistic", found: data.rows, limit: Self.rowsMax) }
        let most = min(clustersMax, data.rows)
        let own = try logsWithin(data, upTo: most)
        let lows = (0..<data.columns).map { data.column($0).min() ?? 0 }, highs = (0..<data.columns).map { data.column($0).max() ?? 0 }
        var generator = LCG64(seed: seed), others: [[Double]] = []
        for _ in 0..<references {
            var drawn = Matrix(rows: data.rows, columns: data.columns)
            for row in 0..<data.rows {
                for column in 0..<data.columns { drawn[row, column] = lows[column] + generator.unit() * (highs[column] - lows[column]) }
            }
            others.append(try logsWithin(drawn, upTo: most))
        }
        return (0..<most).map { place in
            let logs = others.map { $0[place] }
            let mean = logs.reduce(0, +) / Double(references)
            let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(references)
            let spread = variance.isNaN ? 0 : variance.squareRoot()
            // Two of -infinity: neither is tighter than the other.
            let gap = mean == own[place] ? 0 : mean - own[place]
            return Evidence(clusters: place + 1, logWithin: own[place], gap: gap, deviation: spread * (1 + 1 / Double(references)).squareRoot())
        }
    }

    private func logsWithin(_ data: Matrix, upTo most: Int) throws(ClusteringFailure) -> [Double] {
        let tree = try Linkage.ward.tree(of: data)
        return try (1...most).gathering { clusters throws(ClusteringFailure) in
            Elementary.ln(try Separation.withinSquares(data, tree.cut(clusters: clusters)))
        }
    }

    /// The least number of clusters whose gap is at least the next one's less its deviation; nil where none is.
    package static func choice(_ evidence: [Evidence]) -> Int? {
        zip(evidence, evidence.dropFirst()).first { $0.gap >= $1.gap - $1.deviation }?.0.clusters
    }
}
