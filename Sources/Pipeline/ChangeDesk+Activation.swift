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
    /// Makes the target of an approved request live. Every signature is checked again, the files are taken from the store
    /// and digested again, and compiled again; pointer, request, log entry and what has to be evaluated anew are one commit.
    ///
    /// - Parameter principal: who activates, for the log; a person of governance. nil is the author.
    package func activate(_ id: ChangeRequestID, by principal: Principal? = nil, at now: Instant) async throws -> StateID {
        let live = try live()
        let request = try request(id)
        let person = principal ?? request.author
        try expectPerson(person, live.governance)
        let verified = await verifier.verify(request.approvals, governance: live.governance).verified
        let files = try StateFiles.stored(request.target, in: site.store)
        let active = try request.activated(
            live: live.id, stored: files.manifests.description, verified: verified, governance: live.governance)
        _ = try Self.governance(of: files)
        let bundle = try compiled(files, id.description).bundle
        try expectImpact(request, files, bundle, live, at: now)
        try commit(
            active, after: request, live: live.id, at: now, kind: .stateActivated,
            body: LogBody.activation(active, by: person)
        ) { session, position in try Self.makeLive(request.target, bundle, position: position, in: session) }
        return request.target.id
    }

    /// Goes back to a bundle that was live before; overrides and governance stay as they are now.
    package func rollback(
        _ aim: RollbackAim, by principal: Principal, reason: String, at now: Instant
    ) throws -> StateID {
        let live = try live()
        let former = try former(aim, live)
        let history = try history()
        let plan = try Rollback.plan(
            to: former, live: live.description, formerlyActive: history.map(\.state), by: principal, reason: reason,
            governance: live.governance)
        let files = try StateFiles.stored(plan.target, in: site.store)
        let bundle = try compiled(files, "the bundle of state \(former.id)").bundle
        let undone = try undone(since: former, history).map { try $0.rolledBack() }
        try site.store.driver.write { session in
            try expectLive(live.id, in: session)
            let position = try Store.append(.stateRolledBack, text: LogBody.rollback(plan, undoing: undone), at: now, in: session).position
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

    private func former(_ aim: RollbackAim, _ live: Live) throws -> StateDescription {
        switch aim {
        case .state(let id): return try description(id.description)
        case .before(let id):
            let request = try request(id)
            guard request.status == .active, request.target.bundle == live.description.bundle else {
                throw ChangeRefusal(
                    .status, id.description, "is \(request.status.rawValue), and its bundle is not the live one",
                    hint: "name the state to go back to; `crossdock change list --states` lists them")
            }
            return request.base
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
            try [LogEntryKind.genesis, .stateActivated, .stateRolledBack].flatMap { try Store.entries(of: $0, in: session) }
        }
        return try entries.sorted { $0.position < $1.position }.map(Self.formerState)
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
            if try description(item.state.description).bundle == former.bundle { since = [] }
            guard let id = item.request else { continue }
            let request = try request(id)
            if request.status == .active, request.target.bundle != former.bundle, request.changedComponents.contains(.bundle) {
                since.append(request)
            }
        }
        return since
    }
}
