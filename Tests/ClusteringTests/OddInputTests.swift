import Clustering
import Testing

/// Every method over what nobody would cluster: an answer that its documentation names, or a typed failure; never a trap, never a NaN as a label.
@Suite struct OddInputTests {
    typealias Method = @Sendable (Matrix) throws(ClusteringFailure) -> [Int]

    static let methods: [(name: String, labels: Method)] = [
        ("k-means", { (data) throws(ClusteringFailure) in try KMeans(clusters: 3, restarts: 2).fit(data).labels }),
        ("mini-batch", { (data) throws(ClusteringFailure) in try MiniBatchKMeans(clusters: 3, batchRows: 4, batches: 3).fit(data).labels }),
        ("Ward", { (data) throws(ClusteringFailure) in try Linkage.ward.tree(of: data).cut(clusters: 3) }),
        ("average", { (data) throws(ClusteringFailure) in try Linkage.average.tree(of: data).cut(clusters: 3) }),
        ("complete", { (data) throws(ClusteringFailure) in try Linkage.complete.tree(of: data).cut(height: 1) }),
        ("single", { (data) throws(ClusteringFailure) in try Linkage.single.tree(of: data).cut(clusters: 3) }),
        ("DBSCAN", { (data) throws(ClusteringFailure) in try DBSCAN(radius: 1, neighboursMin: 2).fit(data) }),
        ("HDBSCAN", { (data) throws(ClusteringFailure) in try HDBSCAN(membersMin: 2, ties: .nearest).fit(data).labels }),
        ("HDBSCAN in order", { (data) throws(ClusteringFailure) in try HDBSCAN(membersMin: 2, ties: .inOrder).fit(data).labels }),
    ]

    static let refused: [(data: Matrix, failure: ClusteringFailure)] = [
        (Matrix([]), .noRows), (Matrix([[], [], []]), .noColumns), (Matrix([[1, 2], [3, .nan]]), .notFinite(row: 1, column: 1)),
        (Matrix([[.infinity, 1]]), .notFinite(row: 0, column: 0)), (Matrix([[1], [-.infinity]]), .notFinite(row: 1, column: 0)),
        (Matrix([[1], [2], [-1e200]]), .tooGreat(row: 2, column: 0)),
    ]

    /// One row, all alike, all ties, fewer rows than clusters, columns that say nothing, the least and the greatest numbers.
    static let odd: [Matrix] = [
        Matrix([[5]]), Matrix([[1, 2], [1, 2], [1, 2], [1, 2], [1, 2]]), Matrix((0..<20).map { [Double($0)] }), Matrix([[0, 0], [0, 1], [1, 0], [1, 1]]),
        Matrix([[1], [9]]), Matrix((0..<12).map { [7, Double($0 % 2), 7] }), Matrix([[0.0], [-0.0], [.leastNonzeroMagnitude], [1e-200]]),
        Matrix([[1e140], [-1e140], [1e140], [0], [1]]), Matrix((0..<9).map { _ in [0.1 + 0.2, 0.3] }),
    ]

    @Test(arguments: methods.indices)
    func `what is no number, or is nothing, is refused by every method`(_ method: Int) {
        for (data, failure) in Self.refused { #expect(throws: failure, "\(Self.methods[method].name)") { try Self.methods[method].labels(data) } }
    }

    @Test(arguments: methods.indices)
    func `what is odd has labels of every row, the same again`(_ method: Int) throws {
        let (name, labels) = Self.methods[method]
        for data in Self.odd {
            let found = try labels(data)
            #expect(found.count == data.rows && found.allSatisfy { $0 >= Partition.noise && $0 < data.rows }, "\(name)")
            #expect(try labels(data) == found, "\(name)")
        }
    }

    @Test func `what is odd can be judged, explained and tried`() throws {
        for data in Self.odd {
            let one = [Int](repeating: 0, count: data.rows), each = Array(0..<data.rows), noise = [Int](repeating: Partition.noise, count: data.rows)
            for labels in [one, each, noise] {
                #expect(try Silhouette.mean(data, labels)?.isNaN != true)
                #expect(try Separation.calinskiHarabasz(data, labels)?.isNaN != true && Separation.daviesBouldin(data, labels)?.isNaN != true)
                #expect(try Separation.withinSquares(data, labels).isFinite)
                #expect(try SurrogateTree(data, labels).fidelity > 0)
                #expect(try ClusterContrast.all(data, labels).allSatisfy { $0.differences.allSatisfy { !$0.standardised.isNaN } })
                #expect(try GranularityFloor(membersMin: 3).apply(data, labels).labels.count == data.rows)
            }
            let means = KMeans(clusters: 1, restarts: 1)
            let count = try ClusterCount(data, candidates: 1...6, maximumActions: 4, means: means, gap: GapStatistic(references: 2))
            #expect((1...min(4, data.rows)).contains(count.chosen) && count.evidence.allSatisfy { !($0.gap ?? 0).isNaN })
            let clustering: Method = { drawn throws(ClusteringFailure) in try KMeans(clusters: 2, restarts: 1).fit(drawn).labels }
            let stability = try ClusterStability(data, one, resamples: 3, seed: 1, clustering: clustering)
            #expect(stability.clusters.count == 1 && (0...1).contains(stability.clusters[0].meanJaccard))
            if data.values.allSatisfy({ $0.magnitude < 1e100 }) {
                #expect(try OutlierSensitivity(data, clustering: clustering).attributes.allSatisfy { (0...2).contains($0.drop) })
            }
        }
        #expect(try ClusterStability(Matrix([[1], [2]]), [-1, -1], resamples: 2, seed: 1) { drawn throws(ClusteringFailure) in [0, 0] }.verdict() == .hold)
    }

    @Test func `an added extreme that is beyond what is taken is refused, and so are labels of another length`() {
        #expect(throws: ClusteringFailure.tooGreat(row: 2, column: 0)) {
            try OutlierSensitivity(Matrix([[-1e140], [1e140]])) { drawn throws(ClusteringFailure) in try KMeans(clusters: 2).fit(drawn).labels }
        }
        let data = Matrix([[1], [2], [3]]), short = ClusteringFailure.count(of: "labels", expected: 3, found: 1)
        #expect(throws: short) { try Silhouette.samples(data, [0]) }
        #expect(throws: short) { try SurrogateTree(data, [0]) }
        #expect(throws: short) { try ClusterContrast.all(data, [0]) }
        #expect(throws: short) { try ClusterStability(data, [0], resamples: 1, seed: 1) { drawn throws(ClusteringFailure) in [] } }
        #expect(throws: short) { try ClusterStability(data, [0, 1, 2], resamples: 1, seed: 1) { drawn throws(ClusteringFailure) in [0] } }
        #expect(throws: short) { try GranularityFloor().apply(data, [0]) }
        #expect(throws: short) { try Separation.withinSquares(data, [0]) }
    }

    @Test func `a cost beyond what is taken is refused, and a failure says where`() {
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 1)) { try MinimumCostMatching(Matrix([[1, .infinity]])) }
        #expect(ClusteringFailure.tooGreat(row: 2, column: 0).description == "row 2, column 0 is beyond 1e+140; scale the attribute")
        #expect(ClusteringFailure.weight(row: -1).description == "all weights are 0")
    }
}
