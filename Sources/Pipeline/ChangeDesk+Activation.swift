package import ChangeControl
import Attributes
import Microsegments
import Signatures
import Store
package import Values

/// Where a rollback goes.
package enum RollbackAim: Hashable, Sendable {
    /// To a state that was live before.
    case state(StateID)
    /// To what was live before this request was activated; its bundle must be the live one.
    case before(ChangeRequestID)
}

extension ChangeDesk {
    /// Makes the target of an approved request live, or begins the rollout that its plan says; gives the state that is live then. Every signature is checked again, the files are taken from the store
    /// and digested again, and compiled again; pointer, request, log entry and what has to be evaluated anew are one commit.
    ///
    /// - Parameter principal: who activates, for the log; a person of governance. nil is the author.
    package func activate(_ id: ChangeRequestID, by principal: Principal? = nil, at now: Instant) async throws -> StateID {
        let live = try live(), now = try judged(now)
        let request = try request(id)
        let person = principal ?? request.author
        try expectPerson(person, live.governance)
        let landed = try request.landing(on: live.description, governance: live.governance)
        let verified = await verifier.verify(request.approvals, governance: live.governance).verified
        let files = try StateFiles.stored(landed, in: site.store), bundle = try compiled(files, id.description).bundle
        let plan = try plan(of: request, files, bundle, live)
        let active = try request.activated(
            live: live.description, stored: files.manifests.description, facts: try facts(of: request), verified: verified, governance: live.governance,
            freezes: try safety().freezes, plan: plan, at: now)
        _ = try Self.governance(of: files)
        try expectImpact(request, landed, files, bundle, live, at: now)
        return try takeStep(active, after: request, to: landed, bundle, plan, live, by: person, at: now)
    }

    /// Goes back to a bundle that was live before; overrides and governance stay as they are now. Another person reviews it afterwards.
    ///
    /// - Parameter breaksGlass: an emergency, in which the window of governance does not count.
    package func rollback(
        _ aim: RollbackAim, by principal: Principal, reason: String, breaksGlass: Bool = false, at now: Instant
    ) throws -> StateID {
        let live = try live(), now = try judged(now)
        let history = try history()
        let former = try former(aim, live, history)
        let plan = try Rollback.plan(
            to: former, live: live.description, formerlyActive: history.map(\.state), wentOut: try wentOut(former, history, now), by: principal,
            reason: reason, breaksGlass: breaksGlass, governance: live.governance, at: now)
        return try goBack(by: plan, history, live, at: now)
    }

    /// Makes what a rollback goes to live, and undoes the requests since.
    func goBack(by plan: Rollback, _ history: [FormerState], _ live: Live, at now: Instant) throws -> StateID {
        let files = try StateFiles.stored(plan.target, in: site.store)
        let bundle = try compiled(files, "the bundle of state \(plan.former.id)").bundle
        let undone = try undone(since: plan.former, history).map { try $0.rolledBack() }
        try site.store.driver.write { session in
            try expectLive(live.id, in: session)
            let position = try Store.append(.stateRolledBack, text: LogBody.rollback(plan, undoing: undone, reviewDue: now.adding(live.governance.terms.reviewWithin)), at: now, in: session).position
            for request in undone { try Store.write(Self.row(request), in: session) }
            try Store.keepState(plan.target.id.description, description: plan.target.text, in: session)
            try Self.makeLive(plan.target, bundle, position: position, in: session)
        }
        return plan.target.id
    }

    private func expectPerson(_ principal: Principal, _ governance: Governance) throws(ChangeRefusal) {
        guard governance.person(principal) != nil else {
            throw ChangeRefusal(.role, principal.name, "is no person of the live governance", hint: "governance names the persons")
        }
    }

    /// Points at a state, and has every entity that its live schemes divide evaluated under it. Schemes that run on a
    /// schedule take it with their next run.
    static func makeLive(_ state: StateDescription, _ bundle: Bundle, position: Int, in session: any StoreSession) throws {
        try Store.setSiteValue(Site.Fact.liveState, state.id.description, in: session)
        for scheme in bundle.schemes where scheme.cadence == .live {
            try Store.markDirty(dividedBy: scheme.name, plan: scheme.plan, position: position, in: session)
        }
    }

    /// When the bundle of a state was last live.
    private func wentOut(_ former: StateDescription, _ history: [FormerState], _ now: Instant) throws -> Instant {
        guard let last = try history.lastIndex(where: { try description($0.state.description).bundle == former.bundle }) else { return now }
        return last + 1 < history.count ? history[last + 1].at : now
    }

    private func former(_ aim: RollbackAim, _ live: Live, _ history: [FormerState]) throws -> StateDescription {
        switch aim {
        case .state(let id): return try description(id.description)
        case .before(let id):
            let request = try request(id)
            guard request.status == .active || request.status == .canary, request.target.bundle == live.description.bundle else {
                throw ChangeRefusal(
                    .status, id.description, "is \(request.status.rawValue), and its bundle is not the live one",
                    hint: "other requests came after it, or it changed overrides or governance alone: to take back those, propose their former files; to take back all rules since, name a state of `crossdock change list --states`")
            }
            // What was live before it or its first canary, which is its base but for parts that others changed meanwhile.
            guard let index = history.firstIndex(where: { $0.request == id }), index > 0 else { return request.base }
            return try description(history[index - 1].state.description)
        }
    }

    // MARK: History of what was live

    /// A state that was live, as the log tells it.
    package struct FormerState: Sendable, Hashable {
        package let position: Int
        package let at: Instant
        package let kind: LogEntryKind
        package let state: StateID
        /// The request that was activated, where one was.
        package let request: ChangeRequestID?
    }

    /// Every state that was live, in the order of the log; the last is the live one.
    package func history() throws -> [FormerState] {
        let entries = try site.store.driver.read { session in
            try LogEntryKind.ofStates.flatMap { try Store.entries(of: $0, in: session) }
        }
        return try entries.sorted { $0.position < $1.position }.map(Self.formerState)
    }

    /// A state that was live, by the first 8 or more digits of its id.
    package func formerState(_ digits: String) throws -> StateID {
        let found = digits.count < 8 ? [] : Set(try history().map(\.state).filter { $0.description.hasPrefix(digits) })
        guard found.count == 1, let state = found.first else {
            throw ChangeRefusal(
                .neverActive, digits, found.isEmpty ? "no state that was live begins so, or fewer than 8 digits were given" : "\(found.count) states begin so",
                hint: "`crossdock change list --states` lists them")
        }
        return state
    }

    static func formerState(_ entry: LogEntry) throws -> FormerState {
        func damaged() -> PipelineFailure {
            PipelineFailure(
                subject: "log entry \(entry.position)", cause: "it does not say which state became live",
                hint: "`crossdock audit verify` says more")
        }
        let body: Value
        do { body = try JSONText.parse(entry.body) } catch { throw damaged() }
        guard case .context(let fields) = body,
            case .string(let hex)? = fields[entry.kind == .genesis ? "state" : "to"], let state = StateID(hex)
        else { throw damaged() }
        var request: ChangeRequestID?
        if case .context(let change)? = fields["change"], case .string(let id)? = change["request"] { request = ChangeRequestID(id) }
        return FormerState(position: entry.position, at: entry.at, kind: entry.kind, state: state, request: request)
    }

    /// Requests whose bundle a rollback takes out of use: those activated since the bundle to go back to was last live.
    private func undone(since former: StateDescription, _ history: [FormerState]) throws -> [ChangeRequest] {
        var since: [ChangeRequest] = []
        for item in history {
            let state = try description(item.state.description)
            if state.bundle == former.bundle, state.canary == nil { since = [] }
            guard let id = item.request else { continue }
            let request = try request(id)
            if request.status == .active || request.status == .canary, !since.contains(where: { $0.id == id }), request.target.bundle != former.bundle, request.changedComponents.contains(.bundle) {
                since.append(request)
            }
        }
        return since
    }
}
