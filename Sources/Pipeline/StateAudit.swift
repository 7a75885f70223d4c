import ChangeControl
import Store
import Values

/// Holds states, their files and the change requests of the store against what the log says of them.
struct StateAudit {
    /// Texts of the states that the log made live, or that a request proposed.
    private var descriptions: [String] = []
    /// Each request as the last log entry of it has it.
    private var requests: [String: Value] = [:]

    /// Takes an entry of change control; others say nothing of states.
    mutating func take(_ entry: LogEntry) {
        let isOfStates = LogEntryKind.ofStates.contains(entry.kind) || entry.kind.rawValue.hasPrefix("change")
        guard isOfStates, case .context(let fields)? = Self.value(entry.body) else { return }
        if case .string(let text)? = fields["statement"], let statement = GenesisStatement.parse(text).statement { note(statement.state.text) }
        if case .string(let text)? = fields["state"], entry.kind != .genesis { note(text) }
        if let change = fields["change"] { take(change) }
        if case .list(let changes)? = fields["changes"] { changes.forEach { take($0) } }
    }

    private mutating func take(_ change: Value) {
        guard case .context(let fields) = change, case .string(let id)? = fields["request"] else { return }
        requests[id] = change
        for side in ["base", "target"] { if case .string(let text)? = fields[side] { note(text) } }
    }

    private mutating func note(_ description: String) {
        if !descriptions.contains(description) { descriptions.append(description) }
    }

    /// What the store has otherwise, each as one sentence. It is asked outside of a transaction.
    func defects(_ store: Store) throws -> [String] {
        var defects = try store.driver.read { try Store.damagedContents(in: $0) }.map { "the bytes that the store keeps as \($0) are others" }
        for text in descriptions {
            guard let description = StateDescription.parse(text).state else { continue }
            if try store.stateDescription(description.id.description) != text { defects.append("the store does not describe state \(description.id) as the log does") }
            do { _ = try StateFiles.stored(description, in: store) } catch let failure as PipelineFailure {
                defects.append("state \(description.id): \(failure.subject): \(failure.cause)")
            }
        }
        var known = requests
        for stored in try store.requests() {
            guard let logged = known.removeValue(forKey: stored.id) else {
                defects.append("the log knows nothing of change request \(stored.id)")
                continue
            }
            let request = ChangeRequest(logged)
            if stored != request.map(ChangeDesk.row) { defects.append("change request \(stored.id) is not as the log has it") }
            if let report = request?.impact, try store.content(report.hex) == nil { defects.append("the impact report of change request \(stored.id) is missing") }
        }
        for id in known.keys.sorted() { defects.append("change request \(id) is missing") }
        return defects
    }

    private static func value(_ text: String) -> Value? {
        do { return try JSONText.parse(text) } catch { return nil }
    }
}
