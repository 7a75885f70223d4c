/// How entities go from one micro-segment to another in one step: a Markov chain of at most ``sizeMax`` states.
package struct TransitionMatrix: Hashable, Sendable {
    /// Probability to go from the row's state to the column's. A row is 0 throughout where nothing was seen after its state.
    package let rows: [[Double]]
    package static let sizeMax = 256
    /// How far the sum of a row may be from 1.
    private static let nearness = 1e-6

    /// Nil unless the rows are as many as their columns, at most ``sizeMax``, all at least 0, and each sums to 1.
    package init?(_ rows: [[Double]]) {
        guard !rows.isEmpty, rows.count <= Self.sizeMax else { return nil }
        for row in rows {
            guard row.count == rows.count, row.allSatisfy({ $0 >= 0 }), (CompensatedSum.of(row) - 1).magnitude <= Self.nearness else { return nil }
        }
        self.rows = rows
    }

    /// Counted over histories: each is the states of one entity, in time. Nil where a state is not within 0 and `states - 1`, or nothing followed on
    /// anything.
    package init?(histories: [[Int]], states: Int) {
        guard states > 0, states <= Self.sizeMax, let counts = Self.counts(histories, states) else { return nil }
        self.init(counts: (0..<states).map { Array(counts[$0 * states..<($0 + 1) * states]) })
    }

    /// From how often each step was seen, one row for the state before it. Nil unless the rows are as many as their columns, at most ``sizeMax``, nothing is
    /// below 0, and something was seen.
    package init?(counts: [[Int]]) {
        guard counts.count <= Self.sizeMax, counts.allSatisfy({ row in row.count == counts.count && row.allSatisfy { $0 >= 0 } }),
            counts.contains(where: { row in row.contains { $0 > 0 } })
        else { return nil }
        rows = counts.map { row in
            let total = row.reduce(0, +)
            return row.map { total > 0 ? Double($0) / Double(total) : 0 }
        }
    }

    private static func counts(_ histories: [[Int]], _ states: Int) -> [Int]? {
        var counts = [Int](repeating: 0, count: states * states), seen = 0
        for history in histories {
            guard history.allSatisfy({ (0..<states).contains($0) }) else { return nil }
            for (before, after) in zip(history, history.dropFirst()) {
                counts[before * states + after] += 1
                seen += 1
            }
        }
        return seen > 0 ? counts : nil
    }

    /// Mean number of steps that an entity stays, once there: `1 / (1 - stay)`. Nil for a state that is never left, or after which nothing was seen.
    package var meanDwell: [Double?] {
        rows.indices.map { state in
            let leave = leaving(state)
            return leave > 0 ? 1 / leave : nil
        }
    }

    /// Where entities are in the long run. Nil where that depends on where they begin, as more than one set of states is never left; and where a row is empty.
    ///
    /// By the elimination of Grassmann, Taksar and Heyman (Operations Research 33, 1985), which takes no difference and so loses no digits.
    package var stationary: [Double]? {
        guard rows.allSatisfy({ row in row.contains { $0 > 0 } }), let kept = closedStates else { return nil }
        let size = kept.count
        var matrix = kept.map { row in kept.map { rows[row][$0] } }
        for last in stride(from: size - 1, to: 0, by: -1) {
            let leave = matrix[last][..<last].reduce(0, +)
            for row in 0..<last {
                matrix[row][last] /= leave
                for column in 0..<last { matrix[row][column] += matrix[row][last] * matrix[last][column] }
            }
        }
        var shares = [1.0]
        for state in 1..<max(size, 1) {
            shares.append((0..<state).reduce(0) { $0 + shares[$1] * matrix[$1][state] })
        }
        let total = shares.reduce(0, +)
        var stationary = [Double](repeating: 0, count: rows.count)
        for (index, state) in kept.enumerated() { stationary[state] = shares[index] / total }
        return stationary
    }

    /// Share of entities that change their state a step, in the long run; nil as ``stationary``.
    package var expectedChurn: Double? {
        stationary.map { shares in CompensatedSum.of(shares.indices.lazy.map { shares[$0] * leaving($0) }) }
    }

    /// The sum of the ways out, not 1 less the way to stay, which loses digits.
    private func leaving(_ state: Int) -> Double {
        CompensatedSum.of(rows[state].indices.lazy.filter { $0 != state }.map { rows[state][$0] })
    }

    /// The only set of states that is never left and cannot be parted, ascending; nil where there are several.
    private var closedStates: [Int]? {
        // Of what the first state reaches, go on to a state that does not lead back, until there is none.
        var set = reachable(0), isSettled = false
        while !isSettled {
            isSettled = true
            for state in set.sorted() {
                let next = reachable(state)
                if next.count < set.count {
                    set = next
                    isSettled = false
                    break
                }
            }
        }
        // It is the only one where every state reaches it.
        guard let goal = set.min() else { return nil }
        return reaching(goal).count == rows.count ? set.sorted() : nil
    }

    private func reachable(_ start: Int) -> Set<Int> { closure(start) { rows[$0][$1] > 0 } }
    private func reaching(_ goal: Int) -> Set<Int> { closure(goal) { rows[$1][$0] > 0 } }

    private func closure(_ start: Int, _ isEdge: (Int, Int) -> Bool) -> Set<Int> {
        var found: Set = [start], waiting = [start]
        while let state = waiting.popLast() {
            for next in rows.indices where isEdge(state, next) && found.insert(next).inserted { waiting.append(next) }
        }
        return found
    }
}
