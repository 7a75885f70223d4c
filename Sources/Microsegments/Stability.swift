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
    /// How far past a threshold attributes must be before the answer counts.
    package let deadBands: [DeadBand]
    /// How many entities may move in a cycle; nil is any number.
    package let budget: ChurnBudget?

    package init(
        confirmations: Int, confirmAfter: DayTimeDuration, minimumDwell: DayTimeDuration, deadBands: [DeadBand] = [], budget: ChurnBudget? = nil
    ) {
        precondition(confirmations >= 1 && confirmAfter > .zero && minimumDwell >= .zero, "the policy was not checked")
        self.confirmations = confirmations
        self.confirmAfter = confirmAfter
        self.minimumDwell = minimumDwell
        self.deadBands = deadBands
        self.budget = budget
    }
}

/// The memory of one entity in one scheme: a fold over the log (ARCHITECTURE.md, invariant 2).
package struct StabilityState: Hashable, Sendable {
    /// The micro-segment in effect by rules, before any override.
    package var settled: String
    /// Since when.
    package var since: Instant
    /// A differing answer that waits for confirmation, for the dwell or a notice to end, or for the budget.
    package var candidate: Candidate?
    /// What was said of going to a lower tier and has not come to its end; only with a ``DowngradePolicy``.
    package var notice: Notice?
    /// When it last went to a lower tier; only with a ``DowngradePolicy``.
    package var lowered: Instant?

    /// A differing answer: how often it was given, since when, and when last.
    package struct Candidate: Hashable, Sendable {
        package var microsegment: String
        package var confirmations: Int
        package var since: Instant
        package var lastAt: Instant

        package init(microsegment: String, confirmations: Int, since: Instant, lastAt: Instant) {
            self.microsegment = microsegment
            self.confirmations = confirmations
            self.since = since
            self.lastAt = lastAt
        }
    }

    /// A notice that an entity will be lowered. What was told holds, though the scheme changes meanwhile.
    package struct Notice: Hashable, Sendable {
        /// The tier to which it may go, one a cycle.
        package var to: String
        package var since: Instant
        /// When the grace begins.
        package var ends: Instant
        /// First instant at which the entity may be lowered.
        package var effective: Instant

        package init(to: String, since: Instant, ends: Instant, effective: Instant) {
            self.to = to
            self.since = since
            self.ends = ends
            self.effective = effective
        }
    }

    package init(settled: String, since: Instant, candidate: Candidate? = nil, notice: Notice? = nil, lowered: Instant? = nil) {
        self.settled = settled
        self.since = since
        self.candidate = candidate
        self.notice = notice
        self.lowered = lowered
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
        /// The answer differs by no more than the dead band.
        case withinBand
        /// The answer would lower the entity, and rests on feeds that have gone silent.
        case stale
        /// The answer is free to take effect, and waits for the budget of a later cycle.
        case queued
        /// The answer lowers the entity, and waits for the end of the notice and its grace.
        case noticed
        /// The answer lowers the entity further, and it went down one tier in this cycle.
        case stepped
        /// The answer would lower the entity, and an attribute keeps it where it is.
        case kept
        /// The answer lies below the floor, and the entity is at the floor.
        case heldFloor
        /// The answer would lower the entity, and nobody can tell its floor.
        case floorUnknown
        /// The entity was below the floor, and is put there.
        case lifted
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
    /// - Parameters:
    ///   - schemeChanged: the rules themselves changed since the last answer; then dead band, confirmations and dwell do
    ///     not hold the new answer back.
    ///   - isStale: the answer would lower the entity and rests on old records. It is asked only where the answers differ.
    ///   - isWithinBand: the settled answer still holds within the dead band. It is asked only where the answers differ.
    ///   - admission: whether the budget lets a move take effect.
    package func fold(
        _ computed: String, into state: StabilityState?, at now: Instant, schemeChanged: Bool, isStale: () -> Bool = { false },
        isWithinBand: () -> Bool = { false }, admission: ChurnBudget.Admission = .free
    ) -> StabilityOutcome {
        guard let state else {
            return StabilityOutcome(state: StabilityState(settled: computed, since: now), verdict: .first, askAgain: nil)
        }
        if computed == state.settled {
            var same = state
            same.candidate = nil
            return StabilityOutcome(state: same, verdict: .same, askAgain: nil)
        }
        let candidate = confirmed(computed, state, at: now)
        if isStale() {
            var waiting = state
            waiting.candidate = candidate
            return StabilityOutcome(state: waiting, verdict: .stale, askAgain: now.adding(confirmAfter))
        }
        if schemeChanged { return move(to: candidate, from: state, at: now, admission) }
        if isWithinBand() {
            var same = state
            same.candidate = nil
            return StabilityOutcome(state: same, verdict: .withinBand, askAgain: nil)
        }
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
        return move(to: candidate, from: state, at: now, admission)
    }

    private func move(
        to candidate: StabilityState.Candidate, from state: StabilityState, at now: Instant, _ admission: ChurnBudget.Admission
    ) -> StabilityOutcome {
        switch admission {
        case .free:
            var moved = state
            (moved.settled, moved.since, moved.candidate) = (candidate.microsegment, now, nil)
            return StabilityOutcome(state: moved, verdict: .moved, askAgain: nil)
        case .refused(let until):
            // What was free to move waits for the budget alone.
            var waiting = state, free = candidate
            free.confirmations = max(free.confirmations, confirmations)
            waiting.candidate = free
            return StabilityOutcome(state: waiting, verdict: .queued, askAgain: until)
        }
    }

    /// Counts one more confirmation, if the same differing answer was given before and time has moved on since.
    func confirmed(_ computed: String, _ state: StabilityState, at now: Instant) -> StabilityState.Candidate {
        guard let former = state.candidate, former.microsegment == computed else {
            return StabilityState.Candidate(microsegment: computed, confirmations: 1, since: now, lastAt: now)
        }
        guard now > former.lastAt else { return former }
        return StabilityState.Candidate(
            microsegment: computed, confirmations: former.confirmations + 1, since: former.since, lastAt: now)
    }
}
