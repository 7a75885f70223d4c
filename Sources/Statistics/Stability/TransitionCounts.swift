/// Steps from one state to another, counted as histories stream past: what a ``TransitionMatrix`` is made of. States are numbered as they are met.
package struct TransitionCounts: Hashable, Sendable {
    private struct Step: Hashable {
        let before: Int
        let after: Int
    }
    private var steps: [Step: Int] = [:]
    /// Steps in all.
    package private(set) var total = 0

    package init() {}

    package mutating func add(from before: Int, to after: Int) {
        steps[Step(before: before, after: after), default: 0] += 1
        total += 1
    }

    /// How often a step was seen.
    package subscript(before: Int, after: Int) -> Int { steps[Step(before: before, after: after)] ?? 0 }

    /// Over states 0 to `states - 1`, of which no other may have been seen; nil where nothing was, or there are more than a matrix holds.
    package func matrix(states: Int) -> TransitionMatrix? {
        guard states > 0, states <= TransitionMatrix.sizeMax else { return nil }
        precondition(steps.keys.allSatisfy { (0..<states).contains($0.before) && (0..<states).contains($0.after) }, "a step of a state that there is not")
        return TransitionMatrix(counts: (0..<states).map { before in (0..<states).map { self[before, $0] } })
    }
}
