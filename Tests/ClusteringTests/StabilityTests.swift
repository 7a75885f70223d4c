import Clustering
import Statistics
import Testing

@Suite struct StabilityTests {
    private static func orders(_ values: [Int]) -> [[Int]] {
        values.isEmpty ? [[]] : values.flatMap { first in orders(values.filter { $0 != first }).map { [first] + $0 } }
    }

    @Test(arguments: [(1, 1), (3, 3), (4, 6), (6, 3), (5, 5), (1, 4), (4, 1)], 1...4 as ClosedRange<UInt64>)
    func `a matching costs what the best of all costs`(_ shape: (rows: Int, columns: Int), _ seed: UInt64) throws {
        var generator = LCG64(seed: seed)
        let values = (0..<shape.rows * shape.columns).map { _ in seed.isMultiple(of: 2) ? Double(generator.index(below: 4)) : generator.unit() - 0.5 }
        let costs = Matrix(rows: shape.rows, columns: shape.columns, values: values), found = try MinimumCostMatching(costs)
        let used = found.columns.compactMap { $0 }, short = min(shape.rows, shape.columns)
        #expect(used.count == short && Set(used).count == short)
        let best = Self.orders(Array(0..<max(shape.rows, shape.columns))).map { order in
            (0..<short).reduce(0.0) { $0 + (shape.rows <= shape.columns ? costs[$1, order[$1]] : costs[order[$1], $1]) }
        }.min() ?? 0
        #expect(abs(found.total - best) < 1e-12)
    }

    @Test func `a matching of nothing is empty, and a cost that is no number is refused`() throws {
        #expect(try MinimumCostMatching(Matrix(rows: 0, columns: 0)).total == 0)
        #expect(try MinimumCostMatching(Matrix(rows: 2, columns: 0)).columns == [nil, nil])
        #expect(throws: ClusteringFailure.notFinite(row: 1, column: 0)) { try MinimumCostMatching(Matrix([[1], [.nan]])) }
    }

    @Test func `planted clusters are strong, and cutting one group in two is held`() throws {
        let data = RandomData.planted(60), labels = (0..<60).map { $0 % 3 }
        func ward(_ clusters: Int) -> (Matrix) throws(ClusteringFailure) -> [Int] {
            { drawn throws(ClusteringFailure) in try Linkage.ward.tree(of: drawn).cut(clusters: clusters) }
        }
        let strong = try ClusterStability(data, labels, resamples: 20, seed: 1, clustering: ward(3))
        #expect(strong.clusters.map(\.label) == [0, 1, 2] && strong.clusters.allSatisfy { $0.meanJaccard > 0.99 && $0.resamples == 20 })
        #expect(strong.verdict() == .strong)
        #expect(try ClusterStability(data, labels, resamples: 20, seed: 1, clustering: ward(3)) == strong)
        var generator = LCG64(seed: 8)
        let flat = Matrix(rows: 80, columns: 2, values: (0..<160).map { _ in generator.unit() })
        let cut = try ClusterStability(flat, Linkage.ward.tree(of: flat).cut(clusters: 7), resamples: 20, seed: 1, clustering: ward(7))
        #expect(cut.verdict() == .hold)
        let limits = ClusterStability.Thresholds(publish: 0.75, strong: 0.85)
        #expect([0.85, 0.8, 0.75, 0.7499, .nan].map(limits.verdict) == [.strong, .publish, .publish, .hold, .hold])
    }

    @Test func `an attribute whose extremes pull a cluster away is told apart from one that does not`() throws {
        let data = RandomData.table(40) { index -> [Double] in
            let place = RandomData.rest(index, 2) * 10
            return [place + RandomData.rest(index, 5), 3 + RandomData.rest(index, 3) * 0.001]
        }
        let found = try OutlierSensitivity(data, reach: 10) { drawn throws(ClusteringFailure) in
            try KMeans(clusters: 2, restarts: 3).fit(drawn).labels
        }
        #expect(found.attributes.map(\.column) == [0, 1])
        #expect(found.attributes[0].drop > 0.5 && found.attributes[1].drop == 0)
        #expect(try OutlierSensitivity(Matrix([[1]])) { drawn throws(ClusteringFailure) in [Int](repeating: 0, count: drawn.rows) }.attributes[0].drop == 0)
    }

    private func cluster(_ name: String, _ members: [Int]) -> ClusterIdentity.Cluster {
        ClusterIdentity.Cluster(name: name, members: Set(members.map { "k\($0)" }))
    }

    @Test func `a name stays with most of its members; splits, merges, births and deaths are told`() throws {
        let old = [cluster("a", Array(0..<10)), cluster("b", Array(10..<20)), cluster("c", Array(20..<30)), cluster("d", Array(40..<50)), cluster("e", [60])]
        let new = [
            cluster("x", Array(0..<8)), cluster("y", Array(8..<10) + Array(70..<80)), cluster("z", Array(10..<30)),
            cluster("w", Array(40..<45)), cluster("v", Array(45..<50)), cluster("u", Array(90..<99)),
        ]
        let found = try ClusterIdentity(old: old, new: new, tau: 0.6, nextNumber: 3)
        #expect(found.names[0] == "a" && found.names[2] == "c3" && found.nextNumber == 8)
        #expect(found.events.contains(.kept("a", jaccard: 0.8)))
        #expect(found.events.contains(.renamed("b", to: "c3", jaccard: 0.5)))
        #expect(found.events.contains(.died("c")) && found.events.contains(.died("e")))
        #expect(found.events.contains(.merged(["b", "c"], into: "c3")))
        #expect(found.events.contains(.split("d", into: [found.names[3], found.names[4]].sorted())))
        #expect(found.events.contains(.born(found.names[5])) && found.events.contains(.born(found.names[1])))
        let shuffled = try ClusterIdentity(old: old, new: new.reversed(), tau: 0.6, nextNumber: 3)
        #expect(shuffled.names.reversed() == found.names)
    }

    @Test func `a new name is none that an old cluster has, and nothing old means all is born`() throws {
        let found = try ClusterIdentity(old: [cluster("c1", [1])], new: [cluster("p", [2]), cluster("q", [3])])
        #expect(found.names == ["c2", "c3"] && found.nextNumber == 4 && found.events == [.died("c1"), .born("c2"), .born("c3")])
        #expect(try ClusterIdentity(old: [], new: [cluster("p", [2])]).events == [.born("c1")])
        #expect(try ClusterIdentity(old: [cluster("c1", [1])], new: []).events == [.died("c1")])
        #expect(throws: ClusteringFailure.doubledKey("p")) { try ClusterIdentity(old: [], new: [cluster("p", [1]), cluster("p", [2])]) }
    }
}
