import Configurations
import Diagnostics
import Records
import Values

extension FieldCompiler {
    /// Source values: those that `let` names, then those that expressions of the record name directly.
    mutating func lets(_ record: ConfigurationNode) -> [FieldRule] {
        var rules: [FieldRule] = []
        for entry in record["let"]?.entries ?? [] {
            guard let slot = expressions.add(entry.name, letType(entry.value)) else { continue }
            if let rule = field(entry.name, entry.value, slot: slot, type: nil) { rules.append(rule) }
        }
        if let condition = record["when"], condition.scalar != Guard.otherwise { rules += directSources(condition, seesFields: false) }
        for entry in record["fields"]?.entries ?? [] {
            if let text = entry.value["feel"] { rules += directSources(text, seesFields: true) }
        }
        for check in record["checks"]?.items ?? [] {
            if let text = check["that"] { rules += directSources(text, seesFields: true) }
        }
        return rules
    }

    private func letType(_ node: ConfigurationNode) -> ValueType {
        if node["rowNumber"] != nil || node["counter"] != nil { return .string }
        if node["feel"] != nil { return .any }
        return switch node["as"]?.scalar {
        case "decimal", "integer": .number
        case "date": .date
        case "dateTime": .dateTime
        case "boolean": .boolean
        default: .string
        }
    }

    /// Names in an expression that are neither fields nor `let`s and that read as an address of the source.
    private mutating func directSources(_ node: ConfigurationNode, seesFields: Bool) -> [FieldRule] {
        guard let text = node.scalar else { return [] }
        var names: [String]
        switch reads.format {
        case .x12, .edifact, .tradacoms: names = ExpressionScope.words(in: text).filter { SelectorParser.address($0) != nil }
        case .csv:
            let words = Set(ExpressionScope.words(in: text))
            names = (reads.header + reads.optionalColumns).filter { column in
                words.contains(column) || (column.contains { !$0.isLetter && !$0.isNumber && $0 != "_" } && text.contains(column))
            }
        case .xml, .flat, .idoc, .json: names = []
        }
        names.removeAll { expressions.hasSource($0) || (seesFields && expressions.fields.slot(of: $0) != nil) }
        var rules: [FieldRule] = []
        for name in names {
            guard let slot = expressions.add(name, .string), let selector = selector(name, node) else { continue }
            rules.append(FieldRule(
                name: name, slot: slot, source: .selector(selector), time: nil, conversion: .text,
                line: Int32(node.position.line ?? 0)))
        }
        return rules
    }

    mutating func fields(_ node: ConfigurationNode?) -> [FieldRule] {
        (node?.entries ?? []).compactMap { entry in
            guard let slot = definition.slot(entry.name) else {
                diagnostics.append(entry.key.diagnostic(
                    .mapUnknownName, "record \(definition.kind.rawValue) has no field `\(entry.name)`",
                    hint: NearestName.hint(entry.name, definition.layout.names)
                        ?? "it has \(definition.layout.names.joined(separator: ", "))"))
                return nil
            }
            return field(entry.name, entry.value, slot: slot, type: definition.fields[slot].type)
        }
    }

    mutating func check(_ node: ConfigurationNode) -> Check? {
        guard let that = node["that"], let code = node["code"]?.scalar else { return nil }
        guard let expression = expression(that, wanted: .boolean, afterAllFields: true) else { return nil }
        return Check(
            code: DiagnosticCode(code), severity: Severity(rawValue: node["severity"]?.scalar ?? "error") ?? .error,
            expression: expression, hint: node["hint"]?.scalar, slot: expression.slots.first,
            line: Int32(node.position.line ?? 0))
    }

    /// Every required field must have a rule; the client comes from the partner or the feed.
    mutating func requireFields(_ node: ConfigurationNode) {
        let named = Set(node.entries.map(\.name))
        for field in definition.fields where field.isRequired && field.name != "client" && !named.contains(field.name) {
            diagnostics.append(node.diagnostic(
                .mapRequiredField, "record \(definition.kind.rawValue) needs \(field.name), and no rule gives it",
                hint: "\(field.name): \(field.summary)"))
        }
    }
}
