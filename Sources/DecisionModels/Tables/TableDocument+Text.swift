package import Configurations
import DecisionTables
import Diagnostics
package import FEEL
import Values

// The text form of a table by itself: YAML with a pipe table.
extension TableDocument {
    /// The keys of a table by itself: those of a table in a scheme, and what a model says around it.
    package static let shape: ConfigurationShape = {
        guard case .record(let keys) = TableReading.shape else { preconditionFailure("a table is a record") }
        return .record([
            ConfigurationKey("decision", .text, required: true, "the name of the decision"),
            ConfigurationKey("decisionId", .text, "the decision's id in a DMN model"),
            ConfigurationKey("about", .text, "what the decision is about"),
            ConfigurationKey("model", .record([
                ConfigurationKey("name", .text, "its name"), ConfigurationKey("namespace", .text, "its namespace"),
            ]), "the DMN model that holds the decision"),
            ConfigurationKey("fields", .list(.record([
                ConfigurationKey("field", .text, required: true, "its name"),
                ConfigurationKey("type", .text, "a type of FEEL"),
                ConfigurationKey("typeName", .text, "the name of its type in a DMN model, where the model declares it"),
            ])), "what the expressions of inputs read, where it is not just the inputs themselves"),
        ] + keys)
    }()

    /// Reads a table by itself, or the table of a scheme's file.
    package static func read(text: String, file: String) -> Compilation<TableDocument> {
        let (parsed, problems) = ConfigurationText.parse(text, file: file)
        guard let root = parsed else { return Compilation(product: nil, diagnostics: problems) }
        if let rules = root["rules"], let name = root["scheme"]?.scalar {
            let defects = TableReading.shape.check(rules)
            if defects.contains(where: { $0.severity == .error }) { return Compilation(product: nil, diagnostics: defects) }
            let table = TableReading.definition(rules)
            return Compilation(product: table.product.map { TableDocument(name: name, table: $0) }, diagnostics: table.diagnostics)
        }
        let defects = shape.check(root)
        if defects.contains(where: { $0.severity == .error }) { return Compilation(product: nil, diagnostics: defects) }
        let definition = TableReading.definition(root)
        var findings = definition.diagnostics
        var fields: [TableField] = []
        for field in root.list("fields") {
            let type = field.optionalText("type")
            let known = type.flatMap { ValueType(name: $0) }
            if let type, known == nil, let node = field["type"] { findings.append(node.diagnostic(.tableHeader, "\"\(type)\" is no type")) }
            fields.append(TableField(name: field.text("field"), type: known, typeName: field.optionalText("typeName")))
        }
        guard let table = definition.product, !findings.contains(where: { $0.severity == .error }) else {
            return Compilation(product: nil, diagnostics: findings)
        }
        let document = TableDocument(
            name: root.text("decision"), id: root.optionalText("decisionId"), about: root.optionalText("about"),
            modelName: root["model"]?.optionalText("name"), namespace: root["model"]?.optionalText("namespace"), fields: fields, table: table)
        return Compilation(product: document, diagnostics: findings)
    }

    /// The canonical text, or nil where a header or cell has no place in a pipe table.
    func text() -> String? {
        guard let (lines, roomless) = PipeTable.lines(table) else { return nil }
        var writer = YAMLLines()
        writer.add("decision", name)
        writer.add("decisionId", id)
        writer.add("about", about)
        if modelName != nil || namespace != nil {
            writer.open("model")
            writer.add("name", modelName, depth: 1)
            writer.add("namespace", namespace, depth: 1)
        }
        if !fields.isEmpty { writer.open("fields") }
        for field in fields { writer.item([("field", field.name), ("type", field.type?.description), ("typeName", field.typeName)]) }
        writer.add(identity: table.identity)
        writer.add("outputLabel", table.outputLabel)
        writer.add("hitPolicy", table.hitPolicy.description)
        writer.block("table", lines)
        columns("inputs", "input", table.inputs, &writer)
        columns("outputs", "output", table.outputs, &writer)
        rows(roomless, &writer)
        return writer.text
    }

    private func columns(_ key: String, _ itemKey: String, _ columns: [TableColumn], _ writer: inout YAMLLines) {
        var items: [[(String, String?)]] = []
        for (place, column) in columns.enumerated() {
            let header = column.header.text
            let more: [(String, String?)] = [
                ("expressionId", key == "inputs" ? column.header.id : nil), ("default", column.defaultEntry?.text),
                ("defaultId", column.defaultEntry?.id), ("values", column.values?.text), ("type", column.typeName),
                ("valuesId", column.values?.id), ("id", column.identity.id), ("label", column.identity.label),
                ("description", column.identity.description),
            ]
            // Of columns with one header an entry is about the first without one, so that all before need one.
            let isNeeded = columns[place...].contains { $0.header.text == header && Self.hasMore($0) }
                && (Self.hasMore(column) || columns[..<place].contains { $0.header.text == header } || columns[(place + 1)...].contains { $0.header.text == header })
            if isNeeded { items.append([(itemKey, header)] + more) }
        }
        if !items.isEmpty { writer.open(key) }
        for item in items { writer.item(item) }
    }

    private static func hasMore(_ column: TableColumn) -> Bool {
        column.header.id != nil || column.defaultEntry != nil || column.values != nil || column.typeName != nil
            || column.identity != TableIdentity()
    }

    private func rows(_ roomless: Set<Int>, _ writer: inout YAMLLines) {
        let hasMore = table.rules.contains { rule in
            rule.identity != TableIdentity() || (rule.inputs + rule.outputs).contains { $0.id != nil }
        }
        guard hasMore || !roomless.isEmpty else { return }
        writer.open("rows")
        for (number, rule) in table.rules.enumerated() {
            let cells = rule.inputs + rule.outputs
            writer.item(
                [("id", rule.identity.id), ("label", rule.identity.label), ("description", rule.identity.description)],
                lists: [
                    ("cells", cells.contains { $0.id != nil } ? cells.map { $0.id ?? "" } : nil),
                    ("remarks", roomless.contains(number) ? rule.annotations.map(\.text) : nil),
                ])
        }
    }
}
