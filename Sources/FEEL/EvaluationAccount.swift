package import Diagnostics

/// What the evaluations of one run share: what is left of their budget, and the reasons of their nulls. It travels in the
/// ``EvaluationContext``, so that a decision model that calls functions that evaluate expressions spends one budget.
///
/// It belongs to one run, and a run is on one thread at a time; that is the caller's part, and why the counters need no lock.
package final class EvaluationAccount: Sendable {
    /// How many reasons are kept by default; the rest is counted.
    package static let reasonsMax = 100

    nonisolated(unsafe) private(set) var stepsLeft: Int
    nonisolated(unsafe) private(set) var depth = 0
    nonisolated(unsafe) private(set) var nesting = 0
    nonisolated(unsafe) private var kept: [Diagnostic] = []
    nonisolated(unsafe) private var total = 0
    private let reasonsMax: Int

    package init(budget: EvaluationBudget = EvaluationBudget(), reasonsMax: Int = EvaluationAccount.reasonsMax) {
        stepsLeft = budget.steps
        self.reasonsMax = reasonsMax
    }

    /// Why something became null in the standard profile, in the order in which it happened; at most `reasonsMax`.
    package var reasons: [Diagnostic] { kept }

    /// How many reasons there were, kept or not.
    package var reasonCount: Int { total }

    /// Adds a reason; a caller that makes nulls of its own tells them here too.
    package func note(_ reason: @autoclosure () -> Diagnostic) {
        total += 1
        if kept.count < reasonsMax { kept.append(reason()) }
    }

    /// Takes the counters of a frame that calls out, so that what is called goes on from there.
    func take(_ frame: borrowing Frame) {
        stepsLeft = frame.stepsLeft
        depth = frame.depth
        nesting = frame.nesting
    }

    /// Takes what a finished evaluation left of the steps.
    func take(stepsLeft: Int) { self.stepsLeft = stepsLeft }
}
