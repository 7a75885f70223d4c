package import Values

/// How far the rollout of a request is.
package struct RolloutProgress: Hashable, Sendable {
    package let step: RolloutStep
    /// When the step began.
    package let since: Instant
    /// When it is looked at next.
    package let next: Instant
    /// What the latest look in this step found; nil before the first.
    package let verdict: RolloutVerdict?

    package init(step: RolloutStep, since: Instant, next: Instant, verdict: RolloutVerdict?) {
        self.step = step
        self.since = since
        self.next = next
        self.verdict = verdict
    }

    /// For people.
    package var text: String {
        "\(step) since \(since), looked at again at \(next)" + (verdict.map { "; \($0.outcome.rawValue): \($0.reason)" } ?? "")
    }
}
