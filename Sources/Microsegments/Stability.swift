package import Values

/// How hard it is to move out of a micro-segment, so that a borderline entity does not flap.
package struct StabilityPolicy: Hashable, Sendable {
    /// Evaluations in a row, at distinct instants, that must give the new answer before it takes effect; at least 1.
    package let confirmations: Int
    /// How long after a differing answer the next one is sought where no record asks for it; more than nothing, because
    /// answers at one instant are one confirmation.
    package let confirmAfter: DayTimeDuration
    /// How long an entity stays once it has moved, or was assigned for the first time.
    package let minimumDwell: DayTimeDuration

    package init(confirmations: Int, confirmAfter: DayTimeDuration, minimumDwell: DayTimeDuration) {
        precondition(confirmations >= 1 && confirmAfter > .zero && minimumDwell >= .zero, "the policy was not checked")
        self.confirmations = confirmations
        self.confirmAfter = confirmAfter
        self.minimumDwell = minimumDwell
    }
}

/// The memory of one entity in one scheme: a fold over the log (ARCHITECTURE.md, invariant 2).
package struct StabilityState: Hashable, Sendable {
    /// The micro-segment in effect by rules, before any override.
    package var settled: String
    /// Since when.
    package var since: Instant
    /// A differing answer that waits for confirmation, how often it was given, and when last.
    package var candidate: Candidate?

    package struct Candidate: Hashable, Sendable {
        package var microsegment: String
        package var confirmations: Int
        package var lastAt: Instant

        package init(microsegment: String, confirmations: Int, lastAt: Instant) {
            self.microsegment = microsegment
            self.confirmations = confirmations
            self.lastAt = lastAt
        }
    }

    package init(settled: String, since: Instant, candidate: Candidate? = nil) {
        self.settled = settled
        self.since = since
        self.candidate = candidate
    }
}

/// What stability made of one computed answer.
package struct StabilityOutcome: Hashable, Sendable {
    package enum Verdict: String, Hashable, Sendable {
        /// First assignment of the entity.
        case first
        /// The answer is the one in effect.
        case same
        /// The answer differs and takes effect.
        case moved
        /// The answer differs and waits for confirmations.
        case unconfirmed
        /// The answer is confirmed and waits for the dwell to end.
        case dwelling
    }
    package let state: StabilityState
    package let verdict: Verdict
    /// When to ask again although no record arrived; nil where there is no need.
    package let askAgain: Instant?

    package init(state: StabilityState, verdict: Verdict, askAgain: Instant?) {
        self.state = state
        self.verdict = verdict
        self.askAgain = askAgain
    }
}

extension StabilityPolicy {
    /// Folds one computed answer into the memory of an entity.
    ///
    /// - Parameter schemeChanged: the rules themselves changed since the last answer; then confirmations and dwell do
    ///   not hold the new answer back.
    package func fold(
        _ computed: String, into state: StabilityState?, at now: Instant, schemeChanged: Bool
    ) -> StabilityOutcome {
        guard let state else {
            return StabilityOutcome(state: StabilityState(settled: computed, since: now), verdict: .first, askAgain: nil)
        }
        if computed == state.settled {
            var same = state
            same.candidate = nil
            return StabilityOutcome(state: same, verdict: .same, askAgain: nil)
        }
        if schemeChanged { return move(to: computed, at: now) }
        let candidate = confirmed(computed, state, at: now)
        if candidate.confirmations < confirmations {
            var waiting = state
            waiting.candidate = candidate
            return StabilityOutcome(
                state: waiting, verdict: .unconfirmed, askAgain: candidate.lastAt.adding(confirmAfter))
        }
        let free = state.since.adding(minimumDwell)
        if now < free {
            var waiting = state
            waiting.candidate = candidate
            return StabilityOutcome(state: waiting, verdict: .dwelling, askAgain: free)
        }
        return move(to: computed, at: now)
    }

    private func move(to microsegment: String, at now: Instant) -> StabilityOutcome {
        StabilityOutcome(state: StabilityState(settled: microsegment, since: now), verdict: .moved, askAgain: nil)
    }

    /// Counts one more confirmation, if the same differing answer was given before and time has moved on since.
    private func confirmed(_ computed: String, _ state: StabilityState, at now: Instant) -> StabilityState.Candidate {
        guard let former = state.candidate, former.microsegment == computed else {
            return StabilityState.Candidate(microsegment: computed, confirmations: 1, lastAt: now)
        }
        guard now > former.lastAt else { return former }
        return StabilityState.Candidate(
            microsegment: computed, confirmations: former.confirmations + 1, lastAt: now)
    }
}
