package import ChangeControl
import FlatFiles
import Records
package import Values

extension Dispute {
    /// A sheet for `Overrides/` with one override that keeps the entity where it is until the decision is due; nil where no decision is awaited in
    /// time, or the entity is of no known kind.
    ///
    /// A dispute holds nobody by itself: what influences an assignment is part of the state, so a hold is an override, and goes live by a change request.
    package func holdSheet(at time: Instant) -> String? {
        guard status.isUndecided, let due = clock.due, due > time, let entity = EntityKey(assignment.entity) else { return nil }
        var writer = CSVWriter(
            header: ["override", "scheme", "entity.client", "entity.id", "pin", "reason", "owner", "ticket", "expires"], lineEnd: .lf)
        writer.write([
            "HOLD-\(id)-\(round)", assignment.scheme, entity.client, entity.id, "true", "Held while \(id) is undecided", (owner ?? raiser).name,
            id.description, due.description,
        ])
        return String(decoding: writer.take(), as: UTF8.self)
    }
}
