import Statistics

/// k-means by small batches (Sculley 2010, algorithm 1): for data that is too much, or comes too often, for whole steps.
package struct MiniBatchKMeans: Hashable, Sendable {
    package var clusters: Int
    package var seed: UInt64
    /// Rows of a batch, drawn with replacement.
    package var batchRows: Int
    /// How many batches there are. There is no other end.
    package var batches: Int

    package init(clusters: Int, seed: UInt64 = 1, batchRows: Int = 1_024, batches: Int = 100) {
        self.clusters = clusters
        self.seed = seed
        self.batchRows = batchRows
        self.batches = batches
    }

    /// One step: every row of the batch goes to the nearest of the centroids as they were; then each row in turn draws its centroid by
    /// `1 / count`, where the count of the centroid includes the row. Ties go to the lower centroid.
    package static func step(_ batch: Matrix, centroids: inout Matrix, counts: inout [Double]) throws(ClusteringFailure) {
        _ = try batch.checked()
        _ = try centroids.checked()
        guard batch.columns == centroids.columns else { throw .count(of: "columns", expected: centroids.columns, found: batch.columns) }
        guard counts.count == centroids.rows else { throw .count(of: "counts", expected: centroids.rows, found: counts.count) }
        draw(batch, &centroids, &counts)
    }

    /// The step itself, of a batch that is checked. Rounding may draw a centroid a little beyond what is taken of rows.
    private static func draw(_ batch: Matrix, _ centroids: inout Matrix, _ counts: inout [Double]) {
        let labels = nearest(batch, centroids)
        for row in 0..<batch.rows {
            let cluster = labels[row]
            counts[cluster] += 1
            let rate = 1 / counts[cluster]
            for column in 0..<batch.columns {
                centroids[cluster, column] = (1 - rate) * centroids[cluster, column] + rate * batch[row, column]
            }
        }
    }

    /// Seeds by k-means++ among three batches of rows, the batches, and each row to its nearest centroid. Counts begin at 0.
    package func fit(_ data: Matrix) throws(ClusteringFailure) -> KMeansResult {
        try Check.count("clusters", clusters, atLeast: 1, atMost: KMeans.clustersMax)
        try Check.count("batchRows", batchRows, atLeast: 1)
        try Check.count("batches", batches, atLeast: 1)
        _ = try data.checked()
        var generator = LCG64(seed: seed)
        let sample = data.rows <= 3 * batchRows ? data : data.selecting((0..<3 * batchRows).map { _ in generator.index(below: data.rows) })
        let seeds = KMeansSeeding(sample, points: BlockMemory(sample.values, else: 0), nil, .alone)
            .draw(clusters, candidates: min(8, 2 + Int(Elementary.ln(Double(clusters)))), &generator)
        var centroids = sample.selecting(seeds)
        var counts = [Double](repeating: 0, count: centroids.rows)
        for _ in 0..<batches {
            let batch = data.selecting((0..<batchRows).map { _ in generator.index(below: data.rows) })
            Self.draw(batch, &centroids, &counts)
        }
        let labels = Self.nearest(data, centroids)
        var inertia = 0.0
        for row in 0..<data.rows { inertia += data.squaredDistance(row, to: centroids.row(labels[row])) }
        return KMeansResult(centroids: centroids, labels: labels, inertia: inertia, iterations: batches, converged: false)
    }

    /// Of each row the nearest centroid, the lower one of equals.
    package static func nearest(_ data: Matrix, _ centroids: Matrix) -> [Int] {
        let centres = (0..<centroids.rows).map(centroids.row)
        return (0..<data.rows).map { row in
            var best = 0, least = Double.infinity
            for (cluster, centre) in centres.enumerated() {
                let distance = data.squaredDistance(row, to: centre)
                if distance < least { (best, least) = (cluster, distance) }
            }
            return best
        }
    }
}
