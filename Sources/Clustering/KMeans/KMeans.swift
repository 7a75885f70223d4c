import Statistics

/// Groups about k means: seeds by k-means++ (Arthur and Vassilvitskii 2007), then Lloyd's two steps until no row changes its group. Of up to 50,000 rows
/// it is then tried whether a single row lessens the sum of squares elsewhere (Hartigan 1975), and if so Lloyd's steps are taken again.
///
/// Weights of rows count a row as often as they say. Weights of attributes are no matter of this type: a column that weighs `w` is scaled by
/// `sqrt(w)` beforehand (``Preparation``). Where there are fewer distinct rows than clusters asked for, there are as many clusters as distinct rows.
package struct KMeans: Hashable, Sendable {
    /// How many clusters are wanted, 1 to ``clustersMax``.
    package var clusters: Int
    /// The first state of ``LCG64``, which all restarts draw from one after the other.
    package var seed: UInt64
    /// How many times it is begun anew. The run of least inertia is taken, the first of equal ones.
    package var restarts: Int
    /// How often Lloyd's steps are taken at most. A run that ends by this says so.
    package var iterationsMax: Int
    /// How many candidates each seed is the best of, 1 to 8; nil for `2 + ln(clusters)`.
    package var candidates: Int?
    /// Most clusters: distances of all pairs of centroids are kept, 134 MB of so many.
    package static let clustersMax = 4_096

    package init(clusters: Int, seed: UInt64 = 1, restarts: Int = 10, iterationsMax: Int = 300, candidates: Int? = nil) {
        self.clusters = clusters
        self.seed = seed
        self.restarts = restarts
        self.iterationsMax = iterationsMax
        self.candidates = candidates
    }

    /// The best of all restarts. The answer has the same bits whoever works.
    package func fit(_ data: Matrix, weights: [Double]? = nil, workers: Workers = .alone) throws(ClusteringFailure) -> KMeansResult {
        try Check.count("clusters", clusters, atLeast: 1, atMost: Self.clustersMax)
        try Check.count("restarts", restarts, atLeast: 1)
        try Check.count("iterationsMax", iterationsMax, atLeast: 1)
        if let candidates { try Check.count("candidates", candidates, atLeast: 1, atMost: 8) }
        _ = try data.checked()
        try Check.weights(weights, rows: data.rows)
        var generator = LCG64(seed: seed)
        let points = BlockMemory(data.values, else: 0)
        var best = once(data, points, weights, &generator, workers)
        for _ in 1..<max(restarts, 1) where best.inertia > 0 {
            let other = once(data, points, weights, &generator, workers)
            if other.inertia < best.inertia { best = other }
        }
        return best
    }

    private func once(
        _ data: Matrix, _ points: BlockMemory<Double>, _ weights: [Double]?, _ generator: inout LCG64, _ workers: Workers
    ) -> KMeansResult {
        let drawn = candidates ?? min(8, 2 + Int(Elementary.ln(Double(clusters))))
        let seeding = KMeansSeeding(data, points: points, weights, workers)
        let chosen = seeding.draw(clusters, candidates: drawn, &generator)
        func lloyd(_ centroids: Matrix) -> KMeansResult {
            LloydRun(data, points: points, weights, centroids: centroids, workers).result(iterationsMax: iterationsMax)
        }
        var found = lloyd(data.selecting(chosen))
        guard data.rows <= SingleMoves.rowsMax else { return found }
        for _ in 0..<SingleMoves.passesMax where found.converged {
            var moves = SingleMoves(data, weights, found)
            guard moves.pass() else { break }
            let next = lloyd(moves.centroids)
            guard next.converged, next.inertia < found.inertia else { break }
            found = next.after(found.iterations)
        }
        return found
    }

    /// Lloyd's steps from centres that are given. Label `j` is the cluster that began at centre `j`; a cluster that no row could be found for
    /// stays where it began.
    package static func refine(
        _ data: Matrix, from centres: Matrix, weights: [Double]? = nil, iterationsMax: Int = 300, workers: Workers = .alone
    ) throws(ClusteringFailure) -> KMeansResult {
        _ = try data.checked()
        _ = try centres.checked()
        try Check.count("centres", centres.rows, atLeast: 1, atMost: clustersMax)
        guard centres.columns == data.columns else { throw .count(of: "columns of centres", expected: data.columns, found: centres.columns) }
        try Check.weights(weights, rows: data.rows)
        try Check.count("iterationsMax", iterationsMax, atLeast: 1)
        return LloydRun(data, points: BlockMemory(data.values, else: 0), weights, centroids: centres, workers)
            .result(iterationsMax: iterationsMax)
    }
}

/// What k-means came to.
package struct KMeansResult: Hashable, Sendable {
    /// A row a cluster.
    package let centroids: Matrix
    /// Of each row the nearest centroid, the lower one of equally near ones.
    package let labels: [Int]
    /// The sum over rows of weight times squared distance to the centroid.
    package let inertia: Double
    package let iterations: Int
    /// Whether the last step changed nothing.
    package let converged: Bool

    /// The same after more iterations.
    func after(_ more: Int) -> KMeansResult {
        KMeansResult(centroids: centroids, labels: labels, inertia: inertia, iterations: iterations + more, converged: converged)
    }
}
