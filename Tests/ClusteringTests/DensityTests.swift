import Clustering
import Testing

@Suite struct DensityTests {
    @Test(arguments: 1...6)
    func `cores, clusters and noise are those of the definition`(_ seed: Int) throws {
        let data = RandomData.blobs(120, 2, centres: 4, seed: UInt64(seed), grid: seed.isMultiple(of: 2))
        let radius = seed.isMultiple(of: 2) ? 1 : 1.1, least = 5
        let labels = try DBSCAN(radius: radius, neighboursMin: least).fit(data)
        func near(_ row: Int) -> [Int] { (0..<120).filter { RandomData.squared(data, row, $0).squareRoot() <= radius } }
        let neighbours = (0..<120).map(near), core = neighbours.map { $0.count >= least }
        for row in 0..<120 {
            let cores = neighbours[row].filter { core[$0] }
            if core[row] {
                #expect(labels[row] >= 0)
                for other in cores { #expect(labels[other] == labels[row]) }
            } else {
                #expect(labels[row] == (cores.map { labels[$0] }.min() ?? Partition.noise))
            }
        }
        // Numbered by their first core.
        #expect(Partition.numberedByFirst((0..<120).filter { core[$0] }.map { labels[$0] }) == (0..<120).filter { core[$0] }.map { labels[$0] })
        #expect(try DBSCAN(radius: radius, neighboursMin: least - 1, counting: .withoutItself).fit(data) == labels)
    }

    @Test func `dense groups are found whatever their density, and what lies between is noise`() throws {
        var rows: [[Double]] = []
        for index in 0..<40 { rows.append([Double(index % 8) * 0.1, Double(index / 8) * 0.1]) }
        for index in 0..<40 { rows.append([20 + Double(index % 8), Double(index / 8)]) }
        rows += [[10, 30], [-30, 5]]
        let found = try HDBSCAN(membersMin: 8, neighboursMin: 4).fit(Matrix(rows))
        #expect(Array(found.labels.prefix(40)) == [Int](repeating: 0, count: 40))
        #expect(Array(found.labels[40..<80]) == [Int](repeating: 1, count: 40))
        #expect(found.labels[80] == Partition.noise && found.labels[81] == Partition.noise)
        #expect(found.probabilities[80] == 0 && found.probabilities[..<80].allSatisfy { $0 > 0 && $0 <= 1 })
        #expect(found.stabilities.count == 2 && found.stabilities[0] > found.stabilities[1])
        #expect(try HDBSCAN(membersMin: 8, neighboursMin: 3, counting: .withoutItself).fit(Matrix(rows)) == found)
    }

    @Test func `the order of rows renames clusters and no more`() throws {
        let data = RandomData.blobs(200, 3, centres: 4, seed: 77), order = RandomData.order(200, seed: 3)
        let found = try HDBSCAN(membersMin: 10).fit(data), other = try HDBSCAN(membersMin: 10).fit(data.selecting(order))
        #expect(Partition.distinct(found.labels).count > 1)
        #expect(try Agreement(order.map { found.labels[$0] }, other.labels).adjustedRand == 1)
        #expect(zip(order.map { found.probabilities[$0] }, other.probabilities).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `a row that is equally reachable from two clusters goes where its nearest neighbour is, in any order of rows`() throws {
        let rows: [[Double]] = [[0, 0], [0.5, 0], [0, 0.5], [0.5, 0.5], [9, 0], [9.5, 0], [9, 0.5], [9.5, 0.5], [4.8, 0.2], [0.3, 40], [0.6, 40], [0.3, 41], [0.6, 41]]
        for seed in 0...6 as ClosedRange<UInt64> {
            let order = seed == 0 ? Array(rows.indices) : RandomData.order(rows.count, seed: seed)
            let labels = try HDBSCAN(membersMin: 3, neighboursMin: 3, counting: .withoutItself).fit(Matrix(order.map { rows[$0] })).labels
            func label(_ row: Int) -> Int? { order.firstIndex(of: row).map { labels[$0] } }
            #expect(label(8) == label(4) && label(4) != label(0) && label(0) == label(3))
        }
    }

    @Test func `few rows and alike rows are noise, and bad settings are refused`() throws {
        #expect(try HDBSCAN(membersMin: 5).fit(Matrix([[1]])).labels == [Partition.noise])
        #expect(try HDBSCAN(membersMin: 2).fit(Matrix([[1], [1], [1], [1]])).labels == [-1, -1, -1, -1])
        let pairs = try HDBSCAN(membersMin: 3, neighboursMin: 2).fit(Matrix([[0], [0], [0], [9], [9], [9]]))
        #expect(pairs.labels == [0, 0, 0, 1, 1, 1] && pairs.probabilities == [1, 1, 1, 1, 1, 1])
        #expect(try DBSCAN(radius: 1, neighboursMin: 1).fit(Matrix([[1], [5]])) == [0, 1])
        #expect(throws: ClusteringFailure.self) { try DBSCAN(radius: 0, neighboursMin: 1).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.self) { try DBSCAN(radius: .nan, neighboursMin: 1).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.self) { try HDBSCAN(membersMin: 1).fit(Matrix([[1]])) }
        #expect(throws: ClusteringFailure.noRows) { try HDBSCAN(membersMin: 2).fit(Matrix([])) }
    }
}
