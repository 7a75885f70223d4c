import Decisions
import Diagnostics
import FEEL
import Mapping
import Outbox
import Store
import Values

/// What a run sends to partners as EDI.
extension Evaluator {
    /// Decisions as EDI to a partner; how many interchanges leave.
    func send(
        _ decisions: [Decision], _ action: Action, _ sending: Sending, position: Int, _ failures: inout [Failed], in session: any StoreSession
    ) throws -> Int {
        let rows: [(decision: String, values: [Value])]
        do {
            rows = try action.rows(decisions, for: sending.set, context: sending.context)
        } catch {
            failures.append(Failed(subject: "action \(action.name)", diagnostic: error.diagnostic))
            return 0
        }
        guard !rows.isEmpty else { return 0 }
        func id(_ number: Int) -> String { DeterministicID.of(["send", action.name, action.target, "\(position)", "\(number)"] + rows.map(\.decision)) }
        var count = 0
        let findings = try sending.send(rows.map(\.values), id: id, in: session) { outgoing in
            let id = id(outgoing.number)
            let names = ["action": action.name, "position": "\(position)", "effect": String(id.prefix(12))].merging(outgoing.names, uniquingKeysWith: { $1 })
            let effect = Effect(
                id: id, kind: .actionFile, target: action.target, contentType: outgoing.contentType, fileName: sending.set.fileName(names),
                payload: outgoing.payload, createdAt: sending.at, deadline: sending.at.adding(action.deadline))
            try Store.add(
                effect, action: action.name, position: position, sources: outgoing.rows.map { .decision(rows[$0].decision) }, in: session)
            count += 1
        }
        failures += findings.filter { $0.severity == .error }.map { Failed(subject: "action \(action.name)", diagnostic: $0) }
        return count
    }
}
