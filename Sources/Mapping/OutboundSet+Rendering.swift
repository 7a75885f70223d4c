package import Diagnostics
package import EDI
package import FEEL
package import Values

extension OutboundSet {
    /// One transaction set, before it has a control number.
    package struct Rendered: Sendable {
        /// Between ST and SE, or UNH and UNT.
        package let segments: [EDISegment]
        /// Which rows are in it.
        package let rows: [Int]
        /// What could not be written. A set that has an error is not to be sent.
        package let diagnostics: [Diagnostic]

        package var isSendable: Bool { diagnostics.allSatisfy { $0.severity < .error } }
    }

    /// The sets of some rows, in the order in which their first rows come; the same for the same rows.
    ///
    /// - Parameters:
    ///   - rows: one value a field of the record.
    ///   - context: its zone is the business zone.
    package func render(_ rows: [[Value]], _ context: EvaluationContext) -> [Rendered] {
        RowTurns.groups(Array(rows.indices), by: perSlots, rows).map { members in
            var writing = SetWriting(set: self, rows: rows, context: context)
            writing.write(parts, RowTurn(rows: members))
            return Rendered(segments: writing.segments, rows: members, diagnostics: writing.diagnostics)
        }
    }
}

/// Writes the parts of one set.
private struct SetWriting {
    let set: OutboundSet
    let context: EvaluationContext
    private var turns: RowTurns
    var segments: [EDISegment] = []
    var diagnostics: [Diagnostic] = []

    init(set: OutboundSet, rows: [[Value]], context: EvaluationContext) {
        self.set = set
        self.context = context
        turns = RowTurns(rows, fieldNames: set.fieldNames, asksForRows: set.asksForRows)
    }

    mutating func write(_ parts: [OutboundSet.Part], _ turn: RowTurn) {
        let values = turns.values(turn)
        for part in parts {
            switch part {
            case .segment(let template): write(template, values)
            case .when(let condition, let inner):
                if evaluate(condition, values, "when") == .boolean(true) { write(inner, turn) }
            case .each(let slots, let inner):
                for next in turns.turns(of: turn, by: slots) { write(inner, turns.begin(next)) }
            }
        }
    }

    private mutating func write(_ template: SegmentTemplate, _ values: [Value]) {
        // A segment that is to hold values, and gets none, is left out.
        var isEmpty = !template.expressions.isEmpty
        let elements = template.elements.map { components in
            EDIElement(components: components.map { pieces in
                pieces.map { piece in
                    switch piece {
                    case .text(let text): return text
                    case .value(let expression, let form):
                        let text = text(expression, form, values, template)
                        if !text.isEmpty { isEmpty = false }
                        return text
                    }
                }.joined()
            })
        }
        if !isEmpty { segments.append(EDISegment(template.tag, elements)) }
    }

    private mutating func evaluate(_ expression: CompiledExpression, _ values: [Value], _ what: String) -> Value {
        do {
            return try expression.evaluate(values, context)
        } catch {
            report("\(what): \(error.diagnostic.fact)")
            return .null
        }
    }

    private mutating func text(
        _ expression: CompiledExpression, _ form: TemplatePiece.Form, _ values: [Value], _ template: SegmentTemplate
    ) -> String {
        let value = evaluate(expression, values, template.source)
        if value == .null { return "" }
        if let text = form.text(value, context) { return text }
        report("\(template.source): \(value.text) has no form such as this")
        return ""
    }

    private mutating func report(_ fact: String) {
        diagnostics.append(Diagnostic(
            .mapOutboundSet, .error, "\(set.name), \(fact)", at: SourcePosition(file: set.file), hint: "the set is not sent; mend the record or the file"))
    }
}
