/// How often entities change their micro-segment, and how often they only go there and back: what a thrash alarm looks at.
package struct FlipRate: Hashable, Sendable {
    /// Steps from one assignment to the next.
    package private(set) var steps = 0
    /// Steps that changed the state.
    package private(set) var moves = 0
    /// Moves back to the state before the last move, within the window: the thrash.
    package private(set) var returns = 0
    /// Steps within which a move back is a return.
    package let window: Int

    /// Nil where the window is below 1.
    package init?(window: Int) {
        guard window >= 1 else { return nil }
        self.window = window
    }

    /// Moves over steps; nil before the first step.
    package var rate: Double? { steps > 0 ? Double(moves) / Double(steps) : nil }
    /// Returns over steps; nil before the first step.
    package var returnRate: Double? { steps > 0 ? Double(returns) / Double(steps) : nil }

    /// Adds the states of one entity, in time.
    package mutating func add(_ history: some Collection<Int>) {
        var last: Int?, before: Int?, movedAt = 0
        for (step, state) in history.enumerated() {
            guard let current = last else {
                last = state
                continue
            }
            steps += 1
            guard state != current else { continue }
            moves += 1
            if state == before, step - movedAt <= window { returns += 1 }
            (before, last, movedAt) = (current, state, step)
        }
    }

    /// Adds what another has counted, of the same window.
    package mutating func add(_ other: FlipRate) {
        precondition(other.window == window, "flip rates of different windows are not added")
        steps += other.steps
        moves += other.moves
        returns += other.returns
    }
}
