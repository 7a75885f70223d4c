import Decisions
import Mapping
import Outbox
import Store
import Values

/// Tells the target that a partner's file names of a set that was rejected, or not acknowledged in time.
struct Notice {
    enum Kind: String {
        case rejected = "acknowledgement.rejected"
        case overdue = "acknowledgement.overdue"
    }

    let sent: SentTransactionSet
    let kind: Kind
    let state: ActiveState
    let position: Int
    let at: Instant

    init(_ sent: SentTransactionSet, _ kind: Kind, state: ActiveState, position: Int, at: Instant) {
        self.sent = sent
        self.kind = kind
        self.state = state
        self.position = position
        self.at = at
    }

    /// Commits the webhook; nothing where the partner's file names no target.
    func add(in session: any StoreSession) throws {
        guard let target = state.bundle.library.partners.partner(named: sent.partner)?.send?.notify else { return }
        let body = Value.context(ContextValue([
            ("type", .string(kind.rawValue)), ("timestamp", .string(at.description)),
            ("data", .context(ContextValue([
                ("partner", .string(sent.partner)), ("transactionSet", .string(sent.identifier)), ("interchange", .integer(sent.interchange)),
                ("group", sent.group.map { .integer($0) } ?? .null), ("control", .string(sent.control)), ("effect", .string(sent.effect)),
                ("faults", .list(sent.faults.map(Value.string))),
            ]))),
        ]))
        let effect = Effect(
            id: DeterministicID.of(["notice", kind.rawValue, sent.effect, sent.control]), kind: .webhook, target: target,
            lane: "partner \(sent.partner)", payload: Array(JSONText.write(body).utf8), createdAt: at,
            deadline: at.adding(Effect.standardLifetime))
        try Store.add(effect, action: kind.rawValue, position: position, sources: [], in: session)
    }
}
