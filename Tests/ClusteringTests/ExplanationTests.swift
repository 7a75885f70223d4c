import Clustering
import Statistics
import Testing

@Suite struct ExplanationTests {
    @Test func `rules of three levels say what planted groups are, in cells of a decision table`() throws {
        var generator = LCG64(seed: 6), rows: [[Double]] = [], labels: [Int] = []
        for _ in 0..<300 {
            let row = [generator.unit() * 100, generator.unit() * 10]
            rows.append(row)
            labels.append(row[0] < 30 ? 0 : row[1] >= 5 ? 1 : row[0] < 70 ? 2 : 3)
        }
        let tree = try SurrogateTree(Matrix(rows), labels)
        #expect(tree.fidelity == 1 && tree.rules.reduce(0) { $0 + $1.rows } == 300)
        for (row, label) in zip(rows, labels) { #expect(tree.label(of: row) == label) }
        let cells = Set(tree.rules.flatMap(\.cells))
        #expect(cells.contains("-") && cells.contains { $0.hasPrefix("< ") } && cells.contains { $0.hasPrefix(">= ") })
        #expect(cells.allSatisfy { $0.count < 14 })
        let noise = (0..<300).map { _ in generator.index(below: 2) }
        let poor = try SurrogateTree(Matrix(rows), noise)
        #expect(poor.fidelity < 0.75 && poor.rules.count <= 8)
    }

    @Test func `a range of both sides is written as one cell`() throws {
        let tree = try SurrogateTree(Matrix((0..<9).map { [Double($0)] }), [0, 0, 0, 1, 1, 1, 0, 0, 0], depth: 2)
        #expect(tree.rules.map(\.cells) == [["< 3"], ["[3..6)"], [">= 6"]])
        #expect(tree.rules.map(\.label) == [0, 1, 0] && tree.fidelity == 1)
        let leaf = try SurrogateTree(Matrix([[1], [1]]), [0, 1])
        #expect(leaf.rules.map(\.cells) == [["-"]] && leaf.fidelity == 0.5 && leaf.rules[0].label == 0)
        #expect(try SurrogateTree(Matrix([[1], [2]]), [0, 1], rowsMin: 2).rules.count == 1)
    }

    @Test(arguments: [
        (12.3, 12.7, "12.5"), (12.0, 13.0, "13"), (0.001, 0.0014, "0.0012"), (-0.3, 0.4, "0"), (-3.0, -2.0, "-2"), (99.0, 105.0, "100"),
        (1_234.0, 98_765.0, "50000"), (0.1, 0.30000000000000004, "0.2"), (-17.0, -14.0, "-15"), (1e-12, 3e-12, "0.000000000002"),
    ] as [(Double, Double, String)])
    func `a limit is the shortest decimal between two values`(_ low: Double, _ high: Double, _ expected: String) {
        let found = ShortDecimal.between(low, high)
        #expect(found.text == expected)
        #expect(found.value > low && found.value <= high && Double(found.text) == found.value)
    }

    @Test func `neighbours of any size are parted, and digits are plain`() {
        var generator = LCG64(seed: 3)
        for _ in 0..<2_000 {
            let size = Double(sign: .plus, exponent: generator.index(below: 80) - 40, significand: 1 + generator.unit())
            let low = generator.unit() < 0.5 ? size : -size, high = generator.unit() < 0.3 ? low.nextUp : low + size * generator.unit() + low.ulp
            let found = ShortDecimal.between(low, high)
            #expect(found.value > low && found.value <= high && Double(found.text) == found.value && !found.text.contains("e"))
            #expect(Double(ShortDecimal.plain(low)) == low && !ShortDecimal.plain(low).contains("e"))
        }
        #expect([0, -0.5, 1e21, 12_300, 1.5e-7].map(ShortDecimal.plain) == ["0", "-0.5", "1000000000000000000000", "12300", "0.00000015"])
    }

    @Test func `what is particular about a planted group comes first`() throws {
        let data = RandomData.table(40) { index -> [Double] in
            let inside: Double = index < 10 ? 50 : 0
            return [RandomData.rest(index, 4), inside + RandomData.rest(index, 3), 7]
        }
        let contrast = try ClusterContrast.all(data, (0..<40).map { $0 < 10 ? 0 : 1 })
        #expect(contrast.map(\.label) == [0, 1] && contrast[0].members == 10)
        #expect(contrast[0].differences[0].column == 1 && contrast[0].differences[0].standardised > 10)
        #expect(contrast[0].differences[2].standardised == 0 || contrast[0].differences[2].column == 0)
        #expect(contrast[1].differences[0].standardised == -contrast[0].differences[0].standardised)
        #expect(try ClusterContrast.all(data, [Int](repeating: 0, count: 40)).isEmpty)
        #expect(try ClusterContrast.all(Matrix([[1], [2]]), [0, 1])[0].differences[0].standardised == -.infinity)
    }

    @Test func `clusters that tell outcomes apart are significant, and shuffled ones are so by chance alone`() throws {
        let labels = (0..<60).map { $0 % 3 }, outcomes = (0..<60).map { index -> Double in RandomData.rest(index, 3) * 5 + RandomData.rest(index, 7) }
        let found = try ServiceHistoryTest(labels, outcomes: outcomes, shuffles: 199)
        #expect(found.etaSquared > 0.6 && found.probability == 1.0 / 200)
        #expect(found.clusters.map(\.label) == [0, 1, 2] && (found.clusters[2].lift ?? 0) > 1)
        let ps = try (1...60 as ClosedRange<UInt64>).map { seed in
            try ServiceHistoryTest(labels, outcomes: RandomData.order(60, seed: seed).map { outcomes[$0] }, shuffles: 99, seed: seed).probability
        }
        let mean = ps.reduce(0, +) / 60
        #expect(mean > 0.38 && mean < 0.62 && ps.count { $0 <= 0.1 } < 14)
        #expect(try ServiceHistoryTest([0, 1], outcomes: [4, 4]).etaSquared == 0)
        #expect(try ServiceHistoryTest([0, 1], outcomes: [4, 4]).probability == 1)
        #expect(throws: ClusteringFailure.self) { try ServiceHistoryTest([0], outcomes: [.nan]) }
        #expect(throws: ClusteringFailure.noRows) { try ServiceHistoryTest([-1], outcomes: [1]) }
    }
}
