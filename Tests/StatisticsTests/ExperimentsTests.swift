import Statistics
import Testing

@Suite struct ExperimentsTests {
    @Test func `groups that differ account for the spread`() throws {
        // By SciPy's f_oneway.
        let analysis = try #require(VarianceAnalysis([[6, 8, 4, 5, 3, 4], [8, 12, 9, 11, 6, 8], [13, 9, 11, 8, 7, 12], []]))
        #expect(isNear(analysis.ratio, 9.264705882352942) && isNear(analysis.probability, 0.0023987773293929083))
        #expect(isNear(analysis.etaSquared, 84.0 / 152) && analysis.betweenDegrees == 2 && analysis.withinDegrees == 15)
        let clear = try #require(VarianceAnalysis([[1, 1], [2, 2]]))
        #expect(clear.etaSquared == 1 && clear.ratio == .infinity && clear.probability == 0)
        #expect(try #require(VarianceAnalysis([[1, 2], [1, 2]])).etaSquared == 0)
        for groups in [[], [[1, 2, 3]], [[1], [2]], [[1, .nan], [2, 3]], [[5, 5], [5, 5]], [[], []]] { #expect(VarianceAnalysis(groups) == nil, "\(groups)") }
    }

    @Test func `a permutation test replays, and is never certain`() throws {
        let values = [1.0, 2, 3, 4, 5, 11, 12, 13, 14, 15], labels = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
        func test(_ seed: UInt64, _ statistic: ([Double], [Int]) -> Double?) throws -> PermutationTest {
            var generator = LCG64(seed: seed)
            return try #require(PermutationTest(values, labels: labels, rounds: 4_000, generator: &generator, statistic: statistic))
        }
        let first = try test(1, PermutationTest.meanDistance)
        #expect(first == (try test(1, PermutationTest.meanDistance)) && first.statistic == 10)
        // 2 of the 252 ways to deal out the labels are as great.
        #expect(isNear(first.probability, 2.0 / 252, 0.005) && first.probability >= 1.0 / 4_001)
        #expect(isNear(try test(5, PermutationTest.etaSquared).probability, 2.0 / 252, 0.005))
        #expect(try test(3) { _, _ in 1 }.probability == 1)
    }

    @Test func `without an answer there is no test`() {
        var generator = LCG64(seed: 1)
        for (values, labels, rounds) in [([], [], 9), ([1.0], [0, 1], 9), ([1, 2], [0, 1], 0), ([1, 2], [0, 0], 9), ([1, 2], [0, 2], 9), ([1, .nan], [0, 1], 9)] {
            #expect(PermutationTest(values, labels: labels, rounds: rounds, generator: &generator, statistic: PermutationTest.meanDistance) == nil)
        }
        #expect(PermutationTest.etaSquared([1, 2], [0, 5]) == nil && PermutationTest.etaSquared([1], [-1]) == nil && PermutationTest.etaSquared([], []) == nil)
    }
}
