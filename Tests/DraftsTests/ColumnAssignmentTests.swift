import Testing
@testable import Drafts

@Suite struct ColumnAssignmentTests {
    /// The greatest sum, by trying all ways.
    private func greatest(_ scores: [[Double]], from row: Int = 0, used: Set<Int> = []) -> Double {
        guard row < scores.count else { return 0 }
        var best = greatest(scores, from: row + 1, used: used)
        for column in scores[row].indices where !used.contains(column) {
            best = max(best, scores[row][column] + greatest(scores, from: row + 1, used: used.union([column])))
        }
        return best
    }

    @Test func `no other way to give out the columns has a greater sum`() {
        var seed: UInt64 = 7
        func next() -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33)
        }
        for _ in 0..<200 {
            let rows = 1 + next() % 5, columns = 1 + next() % 5
            let scores = (0..<rows).map { _ in (0..<columns).map { _ in next() % 3 == 0 ? 0 : Double(next() % 100) / 100 } }
            let chosen = ColumnAssignment.best(scores)
            let taken = chosen.compactMap { $0 }
            #expect(Set(taken).count == taken.count)
            let sum = zip(scores, chosen).reduce(0) { sum, pair in sum + (pair.1.map { pair.0[$0] } ?? 0) }
            #expect(abs(sum - greatest(scores)) < 1e-9, "\(scores)")
        }
    }

    @Test func `a column that nothing speaks for is given to nobody`() {
        #expect(ColumnAssignment.best([[0, 0.9], [0, 0.8]]) == [1, nil])
        #expect(ColumnAssignment.best([[0.5], []].map { $0.isEmpty ? [0.0] : $0 }) == [0, nil])
        #expect(ColumnAssignment.best([]) == [])
    }
}
