package import Diagnostics
package import FEEL
package import Mapping
package import Outbox
import Records
package import Values

/// One effect with the decisions that it carries.
package struct RenderedEffect: Sendable {
    package let effect: Effect
    /// Ids of the decisions, in the order of the rows.
    package let decisions: [String]
    /// Cells that could not be written and were left empty.
    package let findings: [Diagnostic]
}

extension Action {
    /// The effects of a run's decisions, rendered to bytes: in the order of the entities, so that the same decisions give
    /// the same bytes in whatever order they come. Decisions of other schemes are left out.
    ///
    /// Fails where an expression of the action fails for a decision, naming it.
    ///
    /// - Parameters:
    ///   - position: log position of the run.
    ///   - now: the run's instant.
    package func render(
        _ decisions: [Decision], position: Int, at now: Instant, context: EvaluationContext
    ) throws(EvaluationFailure) -> [RenderedEffect] {
        let chosen = try chosen(decisions, context)
        guard !chosen.isEmpty else { return [] }
        switch output {
        case .file(let outbound): return [file(outbound, chosen, position: position, at: now, context: context)]
        // It takes control numbers, which the store counts.
        case .interchange: return []
        case .webhook(let event, let fields, let body):
            var effects: [RenderedEffect] = []
            for (decision, row) in chosen {
                effects.append(try webhook(event, fields, body, decision, row, at: now, context: context))
            }
            return effects
        }
    }

    /// What an outbound set of it gets: the ids of decisions, and their values in the order of its fields.
    package func rows(_ decisions: [Decision], for set: OutboundSet, context: EvaluationContext) throws(EvaluationFailure) -> [(decision: String, values: [Value])] {
        try chosen(decisions, context).map { item in
            let values = Dictionary(zip(names.layout.names, item.row), uniquingKeysWith: { first, _ in first })
            return (item.decision.id, set.fields.names.map { values[$0] ?? .null })
        }
    }

    /// Decisions that it acts on, in the order of their entities, as the target may see them.
    private func chosen(_ decisions: [Decision], _ context: EvaluationContext) throws(EvaluationFailure) -> [(decision: Decision, row: [Value])] {
        var chosen: [(decision: Decision, row: [Value])] = []
        for decision in decisions.filter(acts).sorted(by: { $0.entity < $1.entity }) {
            switch occasion {
            case .change: if decision.former == decision.microsegment { continue }
            case .notice: if decision.notice == nil { continue }
            case .evaluation: break
            }
            let row = names.row(decision)
            if let filter, try filter.evaluate(row, context) != .boolean(true) { continue }
            chosen.append((decision, told(row)))
        }
        return chosen
    }

    /// A row as the target may see it.
    private func told(_ row: [Value]) -> [Value] {
        guard !hashed.isEmpty else { return row }
        var row = row
        for slot in hashed {
            if case .string(let text) = row[slot] { row[slot] = .string(DeterministicID.of(["pseudonym", target, names.layout.names[slot], text])) }
        }
        return row
    }

    private func file(
        _ outbound: OutboundMapping, _ chosen: [(decision: Decision, row: [Value])], position: Int, at now: Instant,
        context: EvaluationContext
    ) -> RenderedEffect {
        let rows = chosen.map { item in
            outbound.row(Dictionary(zip(names.layout.names, item.row), uniquingKeysWith: { first, _ in first }))
        }
        let (payload, findings) = outbound.render(rows, context)
        let ids = chosen.map(\.decision.id)
        let id = DeterministicID.of(["file", name, target, "\(position)"] + ids)
        // Two versions of a scheme have each their file of one run.
        let place = version.map { $0 == scheme ? "\(position)" : "\(position)-rest" } ?? "\(position)"
        let fileName = outbound.fileName(Self.fileNameValues(position: place, effect: String(id.prefix(12)), action: name))
        return RenderedEffect(
            effect: Effect(
                id: id, kind: .actionFile, target: target, lane: nil, contentType: outbound.contentType, fileName: fileName,
                payload: payload, createdAt: now, deadline: now.adding(deadline)),
            decisions: ids, findings: findings)
    }

    private func webhook(
        _ event: String, _ fields: [(name: String, expression: CompiledExpression)], _ written: Action.Body?, _ decision: Decision, _ row: [Value],
        at now: Instant, context: EvaluationContext
    ) throws(EvaluationFailure) -> RenderedEffect {
        var data: [(String, Value)] = []
        for field in fields { data.append((field.name, try field.expression.evaluate(row, context))) }
        let body = Value.context(ContextValue([
            ("type", .string(event)), ("timestamp", .string(now.description)), ("data", .context(ContextValue(data))),
            ("reason", .context(ContextValue([
                ("scheme", .string(decision.scheme)), ("rule", .number(ExactDecimal(decision.rule))),
                ("cause", .string(decision.cause)), ("decision", .string(decision.id)), ("state", .string(decision.state)),
            ] + (decision.arm.map { [("arm", .string($0))] } ?? []) + (decision.isDegraded ? [("degraded", .boolean(true))] : [])))),
        ]))
        let id = DeterministicID.of(["webhook", name, target, decision.id])
        let payload = written.map { written in
            written.template.render(ContextValue(data + [
                (Self.eventName, .string(event)), (Self.timestampName, .string(now.description)), (Self.effectName, .string(id)),
            ].filter { name, _ in !data.contains { $0.0 == name } }))
        } ?? JSONText.write(body)
        return RenderedEffect(
            effect: Effect(
                id: id, kind: .webhook, target: target, lane: decision.entity.description,
                contentType: written?.contentType ?? "application/json", fileName: nil, payload: Array(payload.utf8), createdAt: now, deadline: now.adding(deadline)),
            decisions: [decision.id], findings: [])
    }

    /// What a template of a body may name besides its fields, which go before.
    static let eventName = "event", timestampName = "timestamp", effectName = "effect"

    /// What the template of an action file's name may hold.
    static func fileNameValues(position: String, effect: String, action: String) -> [String: String] {
        ["position": position, "effect": effect, "action": action]
    }
}
