import Records
import Store
package import Values

extension TransitionReport {
    /// Restless entities that are printed.
    private static let restlessMax = 20

    package var text: String {
        var lines = [
            "\(settings.scheme) from \(settings.from) to \(settings.to): \(cycles.count) cycle\(cycles.count == 1 ? "" : "s") of \(settings.cycle.text), \(entities) entities, \(moves) changes"
        ]
        for cycle in cycles {
            let moves = cycle.moves.map { "\($0.from) -> \($0.to) \($0.count)" }
            let others = ["\(cycle.stayed) stayed"] + told("entered", cycle.entered) + told("left", cycle.left)
            lines.append("  \(cycle.from): " + (moves + others).joined(separator: ", "))
        }
        lines.append("  in one cycle:")
        for row in rows {
            guard let probabilities = row.probabilities else {
                lines.append("    \(row.microsegment): nobody was there when a cycle began")
                continue
            }
            let ways = zip(rows, probabilities).filter { !$1.isZero }.map { "\($0.microsegment) \($1)" }.joined(separator: ", ")
            lines.append("    \(row.microsegment) -> \(ways); " + (row.dwell.map { "stays \($0) cycles" } ?? "nobody left"))
        }
        lines.append("  flips: of \(steps) steps \(stepsMoved) moved, and \(stepsReturned) moved back within \(settings.window) cycles" + rates)
        for entity in restless.prefix(Self.restlessMax) { lines.append("  alarm: \(entity.entity.told) changed \(entity.changes) times; \(settings.changesMax) are allowed") }
        if restless.count > Self.restlessMax { lines.append("  alarm: and \(restless.count - Self.restlessMax) more entities") }
        for row in rows where fleeting.contains(row.microsegment) {
            lines.append("  alarm: \(row.microsegment) is left after \(row.dwell?.description ?? "") cycles; \(settings.dwellMin?.description ?? "") are wanted")
        }
        return lines.joined(separator: "\n")
    }

    private func told(_ what: String, _ members: [(microsegment: String, count: Int)]) -> [String] {
        members.isEmpty ? [] : ["\(what) " + members.map { "\($0.microsegment) \($0.count)" }.joined(separator: ", ")]
    }

    private var rates: String { flipRate.map { " (\($0) and \(returnRate ?? $0) of one)" } ?? "" }

    /// Parts of one with four digits; nil before the first step.
    private var flipRate: ExactDecimal? { part(stepsMoved) }
    private var returnRate: ExactDecimal? { part(stepsReturned) }

    private func part(_ count: Int) -> ExactDecimal? {
        steps > 0 ? ExactDecimal(coefficient: Int64((Double(count) / Double(steps) * 10_000).rounded()), scale: 4) : nil
    }

    package var value: Value {
        func members(_ members: [(microsegment: String, count: Int)]) -> Value {
            .context(ContextValue(members.map { ($0.microsegment, .integer($0.count)) }))
        }
        func number(_ number: ExactDecimal?) -> Value { number.map(Value.number) ?? .null }
        let cycles = cycles.map { cycle in
            Value.context(ContextValue([
                ("from", .string(cycle.from.description)), ("to", .string(cycle.to.description)),
                ("moves", .list(cycle.moves.map {
                    .context(ContextValue([("from", .string($0.from)), ("to", .string($0.to)), ("count", .integer($0.count))]))
                })),
                ("stayed", .integer(cycle.stayed)), ("entered", members(cycle.entered)), ("left", members(cycle.left)),
            ]))
        }
        let matrix = rows.map { row in
            Value.context(ContextValue([
                ("microsegment", .string(row.microsegment)),
                ("counts", .context(ContextValue(zip(rows, row.counts).map { ($0.microsegment, .integer($1)) }))),
                ("probabilities", row.probabilities.map { .context(ContextValue(zip(rows, $0).map { ($0.microsegment, .number($1)) })) } ?? .null),
                ("dwellCycles", number(row.dwell)),
            ]))
        }
        return .context(ContextValue([
            ("scheme", .string(settings.scheme)), ("from", .string(settings.from.description)), ("to", .string(settings.to.description)),
            ("every", .string(settings.cycle.text)), ("entities", .integer(entities)), ("changes", .integer(moves)), ("cycles", .list(cycles)),
            ("matrix", .list(matrix)), ("steps", .integer(steps)), ("moved", .integer(stepsMoved)), ("returned", .integer(stepsReturned)),
            ("flipRate", number(flipRate)), ("returnRate", number(returnRate)), ("alarm", .boolean(isAlarm)),
            ("restless", .list(restless.map {
                .context(ContextValue([("entity", .string($0.entity.description)), ("changes", .integer($0.changes))]))
            })),
            ("fleeting", .list(fleeting.map { .string($0) })),
        ]))
    }
}
