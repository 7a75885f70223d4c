package import ChangeControl
import Signatures
import Store
package import Values

/// What time alone did to a request.
package struct TimedChange: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        case activated(StateID)
        /// A look at its rollout found something, and it stays in its step.
        case looked(RolloutVerdict)
        /// It went on to the next step of its rollout, or everybody has it; and the state that is live.
        case stepped(RolloutStep?, StateID)
        /// Its canary failed, and everybody has again what the rest had.
        case rolledBack(String)
        /// Its turn came, as what it follows is live: what it does was found.
        case assessed
        /// It is due, and frozen or not to be found: it is to be looked at again in a while.
        case waits
        /// It could not be activated, and has to be approved anew.
        case putBack(String)
        case expired
        /// Its row is not as the log has it: nothing is done with it.
        case damaged
    }

    package let request: ChangeRequestID
    package let outcome: Outcome
}

extension ChangeDesk {
    /// Does what is due: makes scheduled requests live at their instant, has those approved anew whose instant was missed or that would do more
    /// than was approved, ends those that expired, looks at rollouts, and finds what requests do whose predecessor is live. In a freeze a scheduled request waits,
    /// for as long as governance forgives.
    ///
    /// It is asked every second, so nothing but a few rows is read until something is due.
    ///
    /// - Parameter waiting: requests that are not looked at this time.
    package func keepTime(at now: Instant, but waiting: Set<ChangeRequestID> = []) async throws -> [TimedChange] {
        // A row that is damaged keeps no other from its instant: the audit finds it, and whoever asks for it is told.
        let open = try site.store.requests(in: ChangeStatus.allCases.filter(\.isUnderWay).map(\.rawValue)).compactMap { try? Self.request($0) }.sorted { $0.id < $1.id }
        guard !open.isEmpty, let live = try site.store.siteValue(Site.Fact.liveState) else { return [] }
        let now = try judged(now), description = try description(live)
        var outcomes: [TimedChange] = []
        for request in open where !waiting.contains(request.id) && request.isDue(at: now, live: description) {
            if let outcome = try await keepTime(of: request, at: now) { outcomes.append(TimedChange(request: request.id, outcome: outcome)) }
        }
        return outcomes
    }

    private func keepTime(of request: ChangeRequest, at now: Instant) async throws -> TimedChange.Outcome? {
        let live = try live()
        if request.status != .canary, request.expires <= now {
            let expired = try request.expired(at: now)
            try commit(
                expired, after: request, live: live.id, at: now, kind: .changeExpired,
                body: LogBody.change(expired, by: request.author, reason: "open until \(request.expires)"))
            return .expired
        }
        if request.status == .shadow || request.status == .canary { return try await keepRollout(of: request, live, at: now) }
        // Due, and neither expired nor scheduled nor in a rollout: what it follows is live.
        if request.status == .proposed {
            do { _ = try assess(request.id, at: now) } catch let failure as PipelineFailure where !failure.isRetriable { return .waits }
            return .assessed
        }
        guard request.status == .scheduled, let effective = request.effective, effective.instant <= now else { return nil }
        if request.hasMissedItsInstant(at: now, governance: live.governance) {
            return try putBack(request, because: "its instant \(effective.text) was missed", at: now)
        }
        do {
            let state = try await activate(request.id, at: now)
            return try self.request(request.id).rollout.map { .stepped($0.step, state) } ?? .activated(state)
        } catch let refusal as ChangeRefusal {
            switch refusal.kind {
            case .frozen: return .waits
            // The activation has bound it to what it would do now.
            case .impact: return .putBack(refusal.fact)
            default: return try putBack(request, because: refusal.fact, at: now)
            }
        } catch let failure as PipelineFailure where !failure.isRetriable {
            return try putBack(request, because: "\(failure.subject): \(failure.cause)", at: now)
        }
    }

    /// What it does is found anew where its base is still live; else it waits for its author.
    func putBack(_ request: ChangeRequest, because: String, at now: Instant) throws -> TimedChange.Outcome {
        do {
            _ = try reassess(request, because: because, at: now)
            return .putBack(because)
        } catch is ChangeRefusal {} catch let failure as PipelineFailure where !failure.isRetriable {}
        let waiting = try request.putBack()
        try commit(waiting, after: request, live: try live().id, at: now, kind: .changeAssessed, body: LogBody.assessment(waiting, because: because))
        return .putBack(because)
    }
}
