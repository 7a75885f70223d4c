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
        groups(Array(rows.indices), by: perSlots, rows).map { members in
            var writing = SetWriting(set: self, rows: rows, context: context)
            writing.write(parts, Turn(rows: members))
            return Rendered(segments: writing.segments, rows: members, diagnostics: writing.diagnostics)
        }
    }

    /// Rows parted by the values of some fields, in the order in which these come first.
    fileprivate func groups(_ members: [Int], by slots: [Int], _ rows: [[Value]]) -> [[Int]] {
        var places: [[Value]: Int] = [:], groups: [[Int]] = []
        for member in members {
            let key = slots.map { rows[member][$0] }
            if let place = places[key] {
                groups[place].append(member)
            } else {
                places[key] = groups.count
                groups.append([member])
            }
        }
        return groups
    }
}

/// One turn of an `each`, or the whole set.
private struct Turn {
    var rows: [Int]
    var index = 1
    var serial: Int?
    var parentSerial: Int?
}

/// Writes the parts of one set.
private struct SetWriting {
    let set: OutboundSet
    let rows: [[Value]]
    let context: EvaluationContext
    private let asksForRows: Bool
    var segments: [EDISegment] = []
    var diagnostics: [Diagnostic] = []
    private var serial = 0

    init(set: OutboundSet, rows: [[Value]], context: EvaluationContext) {
        self.set = set
        self.rows = rows
        self.context = context
        asksForRows = set.asksForRows
    }

    mutating func write(_ parts: [OutboundSet.Part], _ turn: Turn) {
        let values = values(turn)
        for part in parts {
            switch part {
            case .segment(let template): write(template, values)
            case .when(let condition, let inner):
                if evaluate(condition, values, "when") == .boolean(true) { write(inner, turn) }
            case .each(let slots, let inner):
                let groups = slots.map { set.groups(turn.rows, by: $0, rows) } ?? turn.rows.map { [$0] }
                for (number, members) in groups.enumerated() {
                    serial += 1
                    write(inner, Turn(rows: members, index: number + 1, serial: serial, parentSerial: turn.serial))
                }
            }
        }
    }

    /// The first row of the turn, and the names behind it.
    private func values(_ turn: Turn) -> [Value] {
        func number(_ number: Int?) -> Value { number.map { .integer($0) } ?? .null }
        let list: [Value] = asksForRows
            ? turn.rows.map { .context(ContextValue(zip(set.fieldNames, rows[$0]).map { (name: $0, value: $1) })) } : []
        return Array(rows[turn.rows[0]].prefix(set.fieldNames.count))
            + [number(turn.index), number(turn.serial), number(turn.parentSerial), .list(list)]
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
        _ expression: CompiledExpression, _ form: SegmentTemplate.Form, _ values: [Value], _ template: SegmentTemplate
    ) -> String {
        let value = evaluate(expression, values, template.source)
        if value == .null { return "" }
        switch (form, value) {
        case (.plain, .number(let number)): return number.normalized.description
        case (.plain, _): return value.text
        case (.decimals(let places), .number(let number)): return number.rounded(scale: places, .halfEven).description
        case (.implied(let places), .number(let number)):
            let scaled = number.rounded(scale: places, .halfEven).description
            let digits = scaled.filter { $0 != "." && $0 != "-" }.drop { $0 == "0" }
            return (scaled.hasPrefix("-") && !digits.isEmpty ? "-" : "") + (digits.isEmpty ? "0" : digits)
        case (.picture(let picture), .date(let date)):
            if let text = picture.format(date, nil) { return text }
        case (.picture(let picture), .dateTime(let moment)):
            let local = moment.instant(in: context.zone).dateTime(in: context.zone)
            if let text = picture.format(local.date, local.time) { return text }
        default: break
        }
        report("\(template.source): \(value.text) has no form such as this")
        return ""
    }

    private mutating func report(_ fact: String) {
        diagnostics.append(Diagnostic(
            .mapOutboundSet, .error, "\(set.name), \(fact)", at: SourcePosition(file: set.file), hint: "the set is not sent; mend the record or the file"))
    }
}
