import Configurations
import Diagnostics
import FEEL
import Values

extension TableReading {
    static let identityKeys = [
        ConfigurationKey("id", .text, "its id in a DMN model"),
        ConfigurationKey("label", .text, "its label in a DMN model"),
        ConfigurationKey("description", .text, "what it is about, for readers"),
    ]

    private static let columnKeys = [
        ConfigurationKey(
            "values", .feel, "unary tests over constants that every value passes; for PRIORITY and OUTPUT ORDER from the one that counts most"),
        ConfigurationKey("type", .text, "the name of its type in a DMN model, where the model declares it"),
        ConfigurationKey("valuesId", .text, "the id of the values in a DMN model"),
    ] + identityKeys

    static let inputShape = ConfigurationShape.record([
        ConfigurationKey("input", .text, required: true, "the column's header without its type; of columns with one header the first comes first"),
        ConfigurationKey("expressionId", .text, "the id of the expression in a DMN model"),
    ] + columnKeys)

    static let outputShape = ConfigurationShape.record([
        ConfigurationKey("output", .text, required: true, "the column's name"),
        ConfigurationKey("default", .feel, default: "null", "what it gives where no rule matches"),
        ConfigurationKey("defaultId", .text, "the id of the default in a DMN model"),
    ] + columnKeys)

    static let rowShape = ConfigurationShape.record([
        ConfigurationKey("cells", .list(.text), "the ids of its input and output cells in a DMN model"),
        ConfigurationKey("remarks", .list(.text), "its remarks, where the table has no room for them: with line ends or single quotes"),
    ] + identityKeys)

    /// The table with what the keys beside it say.
    static func completed(_ table: DecisionTable, from node: ConfigurationNode) -> Compilation<DecisionTable> {
        var table = table
        var findings: [Diagnostic] = []
        table.identity = identity(node)
        table.outputLabel = node.optionalText("outputLabel")
        for (column, entry) in matched(node.list("inputs"), "input", table.inputs, &findings) {
            complete(&table.inputs[column], from: entry)
            table.inputs[column].header.id = entry.optionalText("expressionId")
        }
        for (column, entry) in matched(node.list("outputs"), "output", table.outputs, &findings) {
            complete(&table.outputs[column], from: entry)
            table.outputs[column].defaultEntry = cell(entry, "default", idKey: "defaultId")
        }
        let rows = node.list("rows")
        if !rows.isEmpty, rows.count != table.rules.count {
            findings.append((node["rows"] ?? node).diagnostic(
                .tableRow, "there are \(rows.count) rows; the table has \(table.rules.count) rules", hint: "write {} for a rule of which there is no more"))
        }
        for (rule, row) in zip(table.rules.indices, rows) {
            table.rules[rule].identity = identity(row)
            name(&table.rules[rule], by: row, &findings)
            remark(&table.rules[rule], by: row, columns: table.annotations.count, &findings)
        }
        return Compilation(product: findings.isEmpty ? table : nil, diagnostics: findings)
    }

    private static func identity(_ node: ConfigurationNode) -> TableIdentity {
        TableIdentity(
            id: node.optionalText("id"), label: node.optionalText("label"), description: node.optionalText("description"))
    }

    private static func complete(_ column: inout TableColumn, from entry: ConfigurationNode) {
        column.identity = identity(entry)
        column.typeName = entry.optionalText("type")
        column.values = cell(entry, "values", idKey: "valuesId")
    }

    private static func cell(_ entry: ConfigurationNode, _ key: String, idKey: String) -> TableCell? {
        guard let node = entry[key], let text = node.scalar else { return nil }
        return TableCell(text, at: origin(of: node), id: entry.optionalText(idKey))
    }

    /// The column that each entry is about; of several with one header the next that no entry was about yet.
    private static func matched(
        _ entries: [ConfigurationNode], _ key: String, _ columns: [TableColumn], _ findings: inout [Diagnostic]
    ) -> [(column: Int, entry: ConfigurationNode)] {
        var taken: Set<Int> = []
        return entries.compactMap { entry in
            let header = entry.text(key)
            if let column = columns.indices.first(where: { columns[$0].header.text == header && !taken.contains($0) }) {
                taken.insert(column)
                return (column, entry)
            }
            let names = columns.map(\.header.text)
            findings.append((entry[key] ?? entry).diagnostic(
                .tableHeader, names.contains(header) ? "\"\(header)\" comes again" : "the table has no \(key) \"\(header)\"",
                hint: NearestName.of(header, in: names).map { "did you mean \"\($0)\"?" } ?? "there are \(names.joined(separator: ", "))"))
            return nil
        }
    }

    private static func remark(_ rule: inout TableRule, by row: ConfigurationNode, columns: Int, _ findings: inout [Diagnostic]) {
        guard let node = row["remarks"] else { return }
        let texts = row.texts("remarks")
        guard texts.count == columns else {
            findings.append(node.diagnostic(.tableRow, "there are \(texts.count) remarks; the table has \(columns) columns of them"))
            return
        }
        rule.annotations = zip(texts, node.items).map { TableCell($0, at: origin(of: $1)) }
    }

    private static func name(_ rule: inout TableRule, by row: ConfigurationNode, _ findings: inout [Diagnostic]) {
        let ids = row.texts("cells")
        if ids.isEmpty { return }
        guard ids.count == rule.inputs.count + rule.outputs.count else {
            findings.append((row["cells"] ?? row).diagnostic(
                .tableRow, "there are \(ids.count) ids; the rule has \(rule.inputs.count + rule.outputs.count) input and output cells"))
            return
        }
        for (place, id) in ids.enumerated() where !id.isEmpty {
            if place < rule.inputs.count {
                rule.inputs[place].id = id
            } else {
                rule.outputs[place - rule.inputs.count].id = id
            }
        }
    }
}
