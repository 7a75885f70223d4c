/// The shortest edit script between two lists of lines: the greedy algorithm of E. Myers, "An O(ND) difference algorithm
/// and its variations", Algorithmica 1 (1986), with the furthest paths of each step kept.
struct ShortestEdit {
    enum Step {
        case same([UInt8]), removed([UInt8]), added([UInt8])
    }

    private let old: [[UInt8]]
    private let new: [[UInt8]]
    /// The most insertions and deletions together that are looked for.
    private let limit: Int

    init(_ old: [[UInt8]], _ new: [[UInt8]], limit: Int) {
        self.old = old
        self.new = new
        self.limit = limit
    }

    /// Old and new interleaved in order; nil where more than `limit` lines differ.
    func script() -> [Step]? {
        guard let trace = trace() else { return nil }
        var steps: [Step] = []
        var x = old.count, y = new.count
        for (distance, furthest) in trace.enumerated().reversed() {
            let diagonal = x - y
            let isDown = distance == 0 || ShortestEdit.goesDown(furthest, diagonal, distance)
            let from = distance == 0 ? 0 : furthest[ShortestEdit.slot(isDown ? diagonal + 1 : diagonal - 1, distance - 1)]
            let fromY = distance == 0 ? 0 : from - (isDown ? diagonal + 1 : diagonal - 1)
            let start = distance == 0 ? 0 : (isDown ? from : from + 1)
            while x > start, y > start - diagonal {
                (x, y) = (x - 1, y - 1)
                steps.append(.same(old[x]))
            }
            guard distance > 0 else { break }
            steps.append(isDown ? .added(new[fromY]) : .removed(old[from]))
            (x, y) = (from, fromY)
        }
        return steps.reversed()
    }

    /// For each number of edits, the furthest old line reached on each diagonal by one edit fewer.
    private func trace() -> [[Int]]? {
        var trace: [[Int]] = [], furthest: [Int] = []
        for distance in 0...min(limit, old.count + new.count) {
            trace.append(furthest)
            var next = [Int](repeating: 0, count: distance + 1)
            for (index, diagonal) in stride(from: -distance, through: distance, by: 2).enumerated() {
                var x = 0
                if distance > 0 {
                    x = ShortestEdit.goesDown(furthest, diagonal, distance)
                        ? furthest[ShortestEdit.slot(diagonal + 1, distance - 1)]
                        : furthest[ShortestEdit.slot(diagonal - 1, distance - 1)] + 1
                }
                while x < old.count, x - diagonal < new.count, x - diagonal >= 0, old[x] == new[x - diagonal] { x += 1 }
                next[index] = x
                if x >= old.count, x - diagonal >= new.count { return trace }
            }
            furthest = next
        }
        return nil
    }

    /// Whether the best path to a diagonal comes by an insertion (from the diagonal above) and not by a deletion.
    private static func goesDown(_ furthest: [Int], _ diagonal: Int, _ distance: Int) -> Bool {
        if diagonal == -distance { return true }
        if diagonal == distance { return false }
        return furthest[slot(diagonal - 1, distance - 1)] < furthest[slot(diagonal + 1, distance - 1)]
    }

    /// Where a diagonal stands among those that `distance` edits can reach: every second one from -distance.
    private static func slot(_ diagonal: Int, _ distance: Int) -> Int { (diagonal + distance) / 2 }
}
