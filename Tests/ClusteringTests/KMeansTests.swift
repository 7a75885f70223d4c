import Clustering
import Foundation
import Statistics
import Testing

@Suite struct KMeansTests {
    /// Blocks in reverse order on two threads: what must not matter.
    static let threads = Workers { count, body in DispatchQueue.concurrentPerform(iterations: count) { body(count - 1 - $0) } }

    @Test(arguments: 1...24)
    func `bounds change nothing: labels, centroids and steps are those of measuring everything`(_ seed: Int) throws {
        let rows = [7, 60, 200, 256][seed % 4], columns = [1, 2, 3, 5, 8, 9][seed % 6], clusters = [1, 2, 5, 9, 17, 40][(seed / 2) % 6]
        let data = RandomData.blobs(rows, columns, centres: 6, seed: UInt64(seed), grid: seed.isMultiple(of: 3))
        var generator = LCG64(seed: UInt64(seed) + 99)
        let weights = seed.isMultiple(of: 2) ? (0..<rows).map { _ in Double(generator.index(below: 4)) } : nil
        let centres = data.selecting((0..<clusters).map { _ in generator.index(below: rows) })
        for limit in [1, 3, 300] {
            let plain = PlainLloyd(data, from: centres, weights: weights, iterationsMax: limit)
            let found = try KMeans.refine(data, from: centres, weights: weights, iterationsMax: limit)
            #expect(found.labels == plain.labels)
            // Plain sums are rounded, unless all numbers are whole.
            #expect(zip(found.centroids.values, plain.centroids.values).allSatisfy { abs($0 - $1) <= (seed.isMultiple(of: 3) ? 0 : 1e-13 * 20) })
            #expect(found.iterations == plain.iterations)
        }
    }

    @Test func `many blocks have the labels of plain steps, whoever works`() throws {
        let data = RandomData.blobs(3_000, 4, centres: 9, seed: 5)
        let centres = data.selecting(Array(stride(from: 0, to: 3_000, by: 300)))
        let plain = PlainLloyd(data, from: centres)
        let alone = try KMeans.refine(data, from: centres)
        #expect(alone.converged)
        #expect(alone.labels == plain.labels)
        #expect(try KMeans.refine(data, from: centres, workers: Self.threads) == alone)
        let means = KMeans(clusters: 7, seed: 3, restarts: 2)
        #expect(try means.fit(data, workers: Self.threads) == means.fit(data))
    }

    @Test func `the order of rows changes nothing, where keys are given`() throws {
        let data = RandomData.blobs(400, 3, centres: 5, seed: 8), keys = (0..<400).map { "C-\($0)" }
        let weights = (0..<400).map { Double(1 + $0 % 5) }
        let means = KMeans(clusters: 5, seed: 11, restarts: 3)
        let first = try KeyedRows(keys: keys, matrix: data, weights: weights)
        let expected = try means.fit(first.matrix, weights: first.weights)
        for seed in 1...3 as ClosedRange<UInt64> {
            let order = RandomData.order(400, seed: seed)
            let other = try KeyedRows(keys: order.map { keys[$0] }, matrix: data.selecting(order), weights: order.map { weights[$0] })
            #expect(other == first)
            let found = try means.fit(other.matrix, weights: other.weights)
            #expect(found == expected)
            #expect(other.byKey(found.labels) == first.byKey(expected.labels))
        }
        #expect(throws: ClusteringFailure.doubledKey("a")) { try KeyedRows(keys: ["a", "b", "a"], matrix: data.selecting([0, 1, 2])) }
    }

    @Test func `another start may only better the answer, and planted groups are found`() throws {
        let data = RandomData.blobs(300, 2, centres: 6, seed: 21)
        var inertia = Double.infinity
        for restarts in 1...5 {
            let found = try KMeans(clusters: 6, seed: 4, restarts: restarts).fit(data)
            #expect(found.inertia <= inertia)
            inertia = found.inertia
            #expect(try KMeans(clusters: 6, seed: 4, restarts: restarts).fit(data) == found)
        }
        let apart = RandomData.planted(60)
        #expect(try Agreement(KMeans(clusters: 3, restarts: 1).fit(apart).labels, (0..<60).map { $0 % 3 }).adjustedRand == 1)
    }

    @Test(arguments: [false, true])
    func `no single row would lessen the sum of squares elsewhere, and all are at their nearest centroid`(_ isWeighted: Bool) throws {
        var bettered = 0
        for seed in 1...8 as ClosedRange<UInt64> {
            let data = RandomData.blobs(60, 2, centres: 4, seed: seed), weights = isWeighted ? (0..<60).map { Double(1 + $0 % 4) } : nil
            let found = try KMeans(clusters: 6, seed: seed, restarts: 1).fit(data, weights: weights)
            let again = try KMeans.refine(data, from: found.centroids, weights: weights)
            #expect(again.labels == found.labels && again.converged && found.converged)
            func inertia(_ labels: [Int]) -> Double {
                Partition.members(labels).reduce(0.0) { sum, cluster in
                    let total = cluster.rows.reduce(0.0) { $0 + (weights?[$1] ?? 1) }
                    let mean = (0..<2).map { column in cluster.rows.reduce(0.0) { $0 + data[$1, column] * (weights?[$1] ?? 1) } / total }
                    return sum + cluster.rows.reduce(0.0) { sum, row in
                        sum + (weights?[row] ?? 1) * (0..<2).reduce(0.0) { $0 + (data[row, $1] - mean[$1]) * (data[row, $1] - mean[$1]) }
                    }
                }
            }
            #expect(abs(inertia(found.labels) - found.inertia) < 1e-9)
            for row in 0..<60 {
                for cluster in 0..<6 where cluster != found.labels[row] {
                    var labels = found.labels
                    labels[row] = cluster
                    #expect(inertia(labels) > found.inertia * (1 - 1e-9))
                }
            }
            // Lloyd's steps alone, from the same seeds or others, are often not there yet.
            let lloyd = try KMeans.refine(data, from: data.selecting(Array(0..<6)), weights: weights)
            if (0..<60).contains(where: { row in
                (0..<6).contains { cluster in
                    var labels = lloyd.labels
                    labels[row] = cluster
                    return inertia(labels) < lloyd.inertia * (1 - 1e-9)
                }
            }) { bettered += 1 }
        }
        #expect(bettered > 0)
    }

    @Test func `chances of seeds add up to one and are of nobody where all are seeds`() throws {
        let data = RandomData.blobs(50, 2, centres: 3, seed: 2)
        let chances = try KMeans.seedChances(data, weights: (0..<50).map { Double($0 % 3) }, after: [0, 7, 9])
        #expect(abs(chances.reduce(0, +) - 1) < 1e-12)
        #expect(chances[0] == 0 && chances[7] == 0 && chances[3] == 0 && chances[4] > 0)
        #expect(try KMeans.seedChances(Matrix([[1, 1], [1, 1]]), after: [0]) == [0, 0])
        #expect(throws: ClusteringFailure.self) { try KMeans.seedChances(data, after: [50]) }
    }

    @Test func `what is too little has a defined answer, and what is bad is refused`() throws {
        let one = try KMeans(clusters: 4).fit(Matrix([[3, 4]]))
        #expect(one.labels == [0] && one.centroids == Matrix([[3, 4]]) && one.inertia == 0 && one.converged)
        let alike = try KMeans(clusters: 3).fit(Matrix([[1, 2], [1, 2], [1, 2]]))
        #expect(alike.labels == [0, 0, 0] && alike.centroids.rows == 1 && alike.inertia == 0)
        let few = try KMeans(clusters: 9).fit(Matrix([[1], [2], [2], [5]]))
        #expect(few.centroids.rows == 3 && few.inertia == 0)
        let constant = try KMeans(clusters: 2).fit(Matrix([[1, 7], [2, 7], [11, 7], [12, 7]]))
        #expect(constant.inertia == 1)

        #expect(throws: ClusteringFailure.noRows) { try KMeans(clusters: 2).fit(Matrix([])) }
        #expect(throws: ClusteringFailure.noColumns) { try KMeans(clusters: 2).fit(Matrix([[], []])) }
        #expect(throws: ClusteringFailure.notFinite(row: 1, column: 0)) { try KMeans(clusters: 1).fit(Matrix([[1], [.nan]])) }
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 0)) { try KMeans(clusters: 1).fit(Matrix([[-.infinity], [1]])) }
        #expect(throws: ClusteringFailure.weight(row: 1)) { try KMeans(clusters: 1).fit(Matrix([[1], [2]]), weights: [1, -1]) }
        #expect(throws: ClusteringFailure.weight(row: -1)) { try KMeans(clusters: 1).fit(Matrix([[1], [2]]), weights: [0, 0]) }
        #expect(throws: ClusteringFailure.tooGreat(row: 1, column: 0)) { try KMeans(clusters: 1).fit(Matrix([[1], [-1e141]])) }
        #expect(throws: ClusteringFailure.weight(row: 0)) { try KMeans(clusters: 1).fit(Matrix([[1], [2]]), weights: [1e16, 1]) }
        #expect(throws: ClusteringFailure.self) { try KMeans(clusters: KMeans.clustersMax + 1).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.noRows) { try KMeans.refine(Matrix([[1]]), from: Matrix([])) }
        #expect(throws: ClusteringFailure.self) { try KMeans(clusters: 0).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.self) { try KMeans(clusters: 1, candidates: 9).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.self) { try KMeans.refine(Matrix([[1]]), from: Matrix([[1, 2]])) }
    }

    @Test func `the greatest and the least numbers that are taken have finite answers`() throws {
        let far = try KMeans(clusters: 2).fit(Matrix([[Matrix.magnitudeMax], [-Matrix.magnitudeMax], [1]]), weights: [1e15, 1, 0])
        #expect(far.inertia.isFinite && far.labels[0] != far.labels[1] && far.centroids.values.allSatisfy(\.isFinite))
        let near = try KMeans(clusters: 2).fit(Matrix([[.leastNonzeroMagnitude], [0], [1e-200]]))
        #expect(near.labels.count == 3 && near.inertia == 0)
    }

    @Test func `given centres that no row is near stay, and a lost cluster takes the farthest row`() throws {
        let same = try KMeans.refine(Matrix([[0], [0]]), from: Matrix([[0], [5]]))
        #expect(same.labels == [0, 0] && same.centroids == Matrix([[0], [5]]))
        let lost = try KMeans.refine(Matrix([[0], [1], [2], [30]]), from: Matrix([[1], [90]]))
        #expect(lost.labels == [0, 0, 0, 1] && lost.centroids == Matrix([[1], [30]]))
    }

    @Test func `small batches come near to whole steps, and twice to the same`() throws {
        let data = RandomData.planted(1_000)
        let batches = MiniBatchKMeans(clusters: 3, seed: 5, batchRows: 100, batches: 20)
        let found = try batches.fit(data)
        #expect(try batches.fit(data) == found)
        let whole = try KMeans(clusters: 3, seed: 5, restarts: 2).fit(data)
        #expect(try Agreement(found.labels, whole.labels).adjustedRand == 1)
        #expect(found.inertia >= whole.inertia * (1 - 1e-12) && found.inertia < whole.inertia * 1.1)
        #expect(try MiniBatchKMeans(clusters: 3, batches: 1).fit(Matrix([[1]])).labels == [0])
        #expect(throws: ClusteringFailure.noRows) { try batches.fit(Matrix([])) }
    }
}
