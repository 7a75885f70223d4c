import Clustering
import Testing

@Suite struct HierarchyTests {
    /// Joins the nearest pair until one is left, all distances by their definition.
    private static func plain(_ data: Matrix, _ linkage: Linkage) -> (heights: [Double], cuts: [[Int]]) {
        var clusters = (0..<data.rows).map { [$0] }, heights: [Double] = [], cuts: [[Int]] = []
        func distance(_ one: [Int], _ other: [Int]) -> Double {
            let pairs = one.flatMap { a in other.map { RandomData.squared(data, a, $0).squareRoot() } }
            switch linkage {
            case .single: return pairs.min() ?? 0
            case .complete: return pairs.max() ?? 0
            case .average: return pairs.reduce(0, +) / Double(pairs.count)
            case .ward:
                func mean(_ rows: [Int], _ column: Int) -> Double { rows.reduce(0) { $0 + data[$1, column] } / Double(rows.count) }
                let squared = (0..<data.columns).reduce(0.0) { sum, column in
                    let difference = mean(one, column) - mean(other, column)
                    return sum + difference * difference
                }
                return (2 * Double(one.count * other.count) / Double(one.count + other.count) * squared).squareRoot()
            }
        }
        while clusters.count > 1 {
            var best = (0, 1, Double.infinity)
            for one in clusters.indices {
                for other in one + 1..<clusters.count {
                    let found = distance(clusters[one], clusters[other])
                    if found < best.2 { best = (one, other, found) }
                }
            }
            heights.append(best.2)
            clusters[best.0] += clusters.remove(at: best.1)
            var labels = [Int](repeating: 0, count: data.rows)
            for (label, rows) in clusters.enumerated() { for row in rows { labels[row] = label } }
            cuts.append(Partition.numberedByFirst(labels))
        }
        return (heights, cuts)
    }

    @Test(arguments: Linkage.allCases, [3, 17, 40])
    func `heights and every cut are those of joining the nearest pair`(_ linkage: Linkage, _ rows: Int) throws {
        let data = RandomData.blobs(rows, 3, centres: 4, seed: UInt64(rows))
        let tree = try linkage.tree(of: data), plain = Self.plain(data, linkage)
        #expect(tree.merges.count == rows - 1)
        for (merge, height) in zip(tree.merges, plain.heights) { #expect(abs(merge.height - height) < 1e-9) }
        for (place, cut) in plain.cuts.enumerated() {
            #expect(tree.cut(clusters: rows - 1 - place) == cut)
            #expect(tree.cut(height: tree.merges[place].height) == cut)
        }
        #expect(tree.merges.last?.size == rows)
        #expect(try linkage.tree(of: data) == tree)
    }

    @Test(arguments: Linkage.allCases)
    func `equal distances give a whole tree, the same each time`(_ linkage: Linkage) throws {
        let data = RandomData.blobs(150, 2, centres: 3, seed: 9, grid: true)
        let tree = try linkage.tree(of: data)
        #expect(tree.merges.count == 149 && tree.merges.last?.size == 150)
        #expect(zip(tree.merges, tree.merges.dropFirst()).allSatisfy { $0.height <= $1.height })
        for clusters in [1, 2, 30, 150] { #expect(Set(tree.cut(clusters: clusters)).count == clusters) }
        // Rows that coincide are one at height 0.
        let distinct = Set((0..<150).map { data.row($0) }).count
        #expect(Set(tree.cut(height: 0)).count == distinct)
        #expect(try linkage.tree(of: data) == tree)
    }

    @Test(arguments: Linkage.allCases)
    func `one row is one cluster, none is refused, alike ones join at nothing`(_ linkage: Linkage) throws {
        let one = try linkage.tree(of: Matrix([[1, 2]]))
        #expect(one.merges.isEmpty && one.cut(clusters: 5) == [0])
        #expect(throws: ClusteringFailure.noRows) { try linkage.tree(of: Matrix([])) }
        #expect(throws: ClusteringFailure.notFinite(row: 0, column: 1)) { try linkage.tree(of: Matrix([[1, .nan]])) }
        let alike = try linkage.tree(of: Matrix([[1], [1], [1]]))
        #expect(alike.merges.map(\.height) == [0, 0] && alike.cut(clusters: 2) == [0, 0, 1])
    }

    @Test func `distances of too many pairs are refused before memory is taken`() {
        let many = Matrix(rows: Linkage.pairedRowsMax + 1, columns: 1)
        #expect(throws: ClusteringFailure.tooManyRows(method: "average linkage", found: 12_001, limit: 12_000)) { try Linkage.average.tree(of: many) }
    }
}
