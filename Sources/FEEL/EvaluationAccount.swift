package import Diagnostics

/// What the evaluations of one run share: what is left of their budget, and the reasons of their nulls. It travels in the
/// ``EvaluationContext``, so that a decision model that calls functions that evaluate expressions spends one budget.
///
/// It belongs to one run, and a run is on one thread at a time; that is the caller's part, and why the counters need no lock.
package final class EvaluationAccount: Sendable {
    /// How many reasons are kept by default; the rest is counted.
    package static let reasonsMax = 100

    private struct State {
        var stepsLeft: Int
        var depth = 0
        var nesting = 0
        var reasons: [Diagnostic] = []
        var reasonCount = 0
    }

    // A run is on one thread at a time, and an account belongs to one run.
    nonisolated(unsafe) private var state: State
    private let reasonsMax: Int

    package init(budget: EvaluationBudget = EvaluationBudget(), reasonsMax: Int = EvaluationAccount.reasonsMax) {
        state = State(stepsLeft: budget.steps)
        self.reasonsMax = reasonsMax
    }

    /// Why something became null in the standard profile, in the order in which it happened; at most `reasonsMax`.
    package var reasons: [Diagnostic] { state.reasons }

    /// How many reasons there were, kept or not.
    package var reasonCount: Int { state.reasonCount }

    var stepsLeft: Int { state.stepsLeft }
    var depth: Int { state.depth }
    var nesting: Int { state.nesting }

    /// Adds a reason; a caller that makes nulls of its own tells them here too.
    package func note(_ reason: @autoclosure () -> Diagnostic) {
        state.reasonCount += 1
        if state.reasons.count < reasonsMax { state.reasons.append(reason()) }
    }

    /// Takes the counters of a frame that calls out, so that what is called goes on from there.
    func take(_ frame: borrowing Frame) {
        state.stepsLeft = frame.stepsLeft
        state.depth = frame.depth
        state.nesting = frame.nesting
    }

    /// Takes what a finished evaluation left of the steps.
    func take(stepsLeft: Int) { state.stepsLeft = stepsLeft }
}
