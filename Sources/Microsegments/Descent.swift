import Attributes
import FEEL
import Values

/// One answer on its way through stability and downgrade protection into the memory of an entity.
///
/// Stability comes first: a notice is given of an answer that would take effect if there were no protection. From then on dead band and
/// confirmations are not asked for again; any answer that does not lower the entity ends the notice.
struct Descent {
    let scheme: Scheme
    let policy: DowngradePolicy
    /// The attributes of the entity, and the floor that they give.
    let values: [Value]
    let floor: TierFloor
    let formerTiers: [String]
    let schemeChanged: Bool
    let isStale: Bool
    let admission: ChurnBudget.Admission
    let context: EvaluationContext

    private var now: Instant { context.now }

    /// What becomes of an answer.
    func outcome(_ computed: String, from state: StabilityState?) -> StabilityOutcome {
        let answer = scheme.lifted(computed, to: floor)
        guard let state else { return folded(answer, nil, admission) }
        let outcome = scheme.microsegment(state.settled) == nil ? left(state, for: answer) : settled(answer, from: state)
        if outcome.verdict == .same, answer != computed {
            return StabilityOutcome(state: outcome.state, verdict: .heldFloor, askAgain: outcome.askAgain)
        }
        return lifted(outcome)
    }

    /// Stability alone.
    private func folded(_ answer: String, _ state: StabilityState?, _ admission: ChurnBudget.Admission) -> StabilityOutcome {
        scheme.stable(answer, { values }, from: state, schemeChanged: schemeChanged, isStale: isStale, admission: admission, context: context)
    }

    // MARK: - Up, or as it is

    private func settled(_ answer: String, from state: StabilityState) -> StabilityOutcome {
        if scheme.lowers(state.settled, to: answer) { return lowering(answer, from: state) }
        var risen = state
        risen.notice = nil
        return folded(answer, risen, admission)
    }

    /// Nobody stays below the floor, whatever holds a better answer back.
    private func lifted(_ outcome: StabilityOutcome) -> StabilityOutcome {
        let lowest = scheme.lifted(outcome.state.settled, to: floor)
        guard lowest != outcome.state.settled else { return outcome }
        var state = outcome.state
        (state.settled, state.since, state.notice) = (lowest, now, nil)
        if state.candidate?.microsegment == lowest { state.candidate = nil }
        return StabilityOutcome(state: state, verdict: .lifted, askAgain: outcome.askAgain)
    }

    /// Out of a micro-segment that is no more everybody has to go: to the nearest tier that was not lower, and further down as from there. Where nobody
    /// can tell how high it was, to what the rules say.
    private func left(_ state: StabilityState, for answer: String) -> StabilityOutcome {
        var moved = StabilityState(settled: answer, since: now, lowered: state.lowered)
        if let place = formerTiers.firstIndex(of: state.settled), let best = scheme.tiers.first {
            let above = formerTiers[..<place].last(where: scheme.tiers.contains)
            if scheme.lowers(above ?? best, to: answer) {
                (moved.settled, moved.candidate, moved.notice) = (above ?? best, state.candidate, state.notice)
                // Where no tier was above it, this is already one down.
                if above == nil { moved.lowered = now }
                let next = lowering(answer, from: moved)
                return StabilityOutcome(state: next.state, verdict: .moved, askAgain: next.askAgain)
            }
        }
        return StabilityOutcome(state: moved, verdict: .moved, askAgain: nil)
    }

    // MARK: - Down

    private func lowering(_ answer: String, from former: StabilityState) -> StabilityOutcome {
        var state = former
        // A notice of what is no lower tier any more told of nothing.
        if let notice = state.notice, scheme.microsegment(notice.to) == nil || !scheme.lowers(state.settled, to: notice.to) { state.notice = nil }
        if state.notice == nil {
            let free = folded(answer, state, .free)
            guard free.verdict == .moved else { return free }
        }
        var candidate = scheme.stability.confirmed(answer, state, at: now)
        candidate.confirmations = max(candidate.confirmations, scheme.stability.confirmations)
        state.candidate = candidate
        if isStale { return waiting(state, .stale, until: now.adding(scheme.stability.confirmAfter)) }
        if policy.keeps(values) { return waiting(state, .kept, until: nil) }
        if floor == .unknown { return waiting(state, .floorUnknown, until: nil) }
        if state.notice == nil { state.notice = policy.notice(to: answer, at: now) }
        if let notice = state.notice, now < notice.effective { return waiting(state, .noticed, until: notice.effective) }
        let dwelt = state.since.adding(scheme.stability.minimumDwell)
        if now < dwelt, !schemeChanged { return waiting(state, .dwelling, until: dwelt) }
        if let next = nextCycle(after: state.lowered), now < next { return waiting(state, .stepped, until: next) }
        if case .refused(let until) = admission { return waiting(state, .queued, until: until) }
        return step(toward: answer, from: state)
    }

    private func waiting(_ state: StabilityState, _ verdict: StabilityOutcome.Verdict, until instant: Instant?) -> StabilityOutcome {
        StabilityOutcome(state: state, verdict: verdict, askAgain: instant)
    }

    /// The first instant of the cycle after the one that an instant is in.
    private func nextCycle(after instant: Instant?) -> Instant? {
        instant.map { policy.cycle.begin(policy.cycle.index($0, context.zone) + 1, context.zone) }
    }

    /// One tier down. The rest of what the notice told of follows in later cycles; what goes beyond it needs a notice of its own.
    private func step(toward answer: String, from state: StabilityState) -> StabilityOutcome {
        guard let place = scheme.tiers.firstIndex(of: state.settled), place + 1 < scheme.tiers.count else { preconditionFailure("a lower tier is below another") }
        var moved = StabilityState(settled: scheme.tiers[place + 1], since: now, lowered: now)
        guard scheme.lowers(moved.settled, to: answer) else { return StabilityOutcome(state: moved, verdict: .moved, askAgain: nil) }
        moved.candidate = state.candidate
        guard let notice = state.notice else {
            return StabilityOutcome(state: moved, verdict: .moved, askAgain: nextCycle(after: now))
        }
        guard scheme.lowers(moved.settled, to: notice.to) else {
            return StabilityOutcome(state: moved, verdict: .moved, askAgain: now.adding(scheme.stability.confirmAfter))
        }
        moved.notice = notice
        return StabilityOutcome(state: moved, verdict: .moved, askAgain: nextCycle(after: now))
    }
}

extension Scheme {
    /// What stability, and downgrade protection where the scheme has one, make of an answer.
    func settle(
        _ answer: String, _ values: @autoclosure () -> [Value], from state: StabilityState?, formerTiers: [String], schemeChanged: Bool, isStale: Bool,
        admission: ChurnBudget.Admission, context: EvaluationContext
    ) -> StabilityOutcome {
        guard let downgrade else {
            var plain = state
            plain?.notice = nil
            plain?.lowered = nil
            return stable(answer, { values() }, from: plain, schemeChanged: schemeChanged, isStale: isStale, admission: admission, context: context)
        }
        let known = values()
        return Descent(
            scheme: self, policy: downgrade, values: known, floor: floor(of: known), formerTiers: formerTiers, schemeChanged: schemeChanged, isStale: isStale,
            admission: admission, context: context
        ).outcome(answer, from: state)
    }

    /// Stability alone.
    func stable(
        _ answer: String, _ values: () -> [Value], from state: StabilityState?, schemeChanged: Bool, isStale: Bool, admission: ChurnBudget.Admission,
        context: EvaluationContext
    ) -> StabilityOutcome {
        stability.fold(
            answer, into: state, at: context.now, schemeChanged: schemeChanged, isStale: { isStale && lowers(state?.settled, to: answer) },
            isWithinBand: { isWithinBand(values(), settled: state?.settled ?? "", context: context) }, admission: admission)
    }
}
