import DecisionTables
import Diagnostics
import FEEL
import FlatFiles
import Formats
import Values

/// The CSV form of a table: rows that say what a table is, then a row that says what each column is, then the columns' headers
/// and the rules. The first cell of each row names it.
struct TableSheet {
    /// What a column of the sheet holds.
    enum Column: String {
        case input, output, remark
        case ruleId = "rule id", ruleLabel = "rule label", ruleDescription = "rule description", cellIds = "cell ids"
    }

    // MARK: - Guard

    /// What a spreadsheet takes for a formula gets an apostrophe before it; `-` alone is none.
    static func guarded(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return text }
        switch first {
        case "=", "+", "@", "'", "\t", "\r": return "'" + text
        case "-": return text == "-" ? text : "'" + text
        default: return text
        }
    }

    static func unguarded(_ text: String) -> String {
        guard text.hasPrefix("'"), let second = text.unicodeScalars.dropFirst().first else { return text }
        switch second {
        case "=", "+", "-", "@", "'", "\t", "\r": return String(text.unicodeScalars.dropFirst())
        default: return text
        }
    }

    // MARK: - Writing

    static func write(_ document: TableDocument) -> [UInt8] {
        let table = document.table
        var rows: [[String]] = []
        func row(_ name: String, _ cells: [String?]) {
            if cells.contains(where: { $0 != nil }) { rows.append([name] + cells.map { guarded($0 ?? "") }) }
        }
        row("decision", [document.name])
        row("decision id", [document.id])
        row("about", [document.about])
        row("model", [document.modelName])
        row("namespace", [document.namespace])
        for field in document.fields { row("field", [field.name, field.type?.description, field.typeName]) }
        row("table id", [table.identity.id])
        row("table label", [table.identity.label])
        row("table description", [table.identity.description])
        row("output label", [table.outputLabel])
        row("hit policy", [table.hitPolicy.description])
        let columns = table.inputs + table.outputs + table.annotations
        let extra = ruleColumns(table)
        let kinds = table.inputs.map { _ in Column.input } + table.outputs.map { _ in .output } + table.annotations.map { _ in .remark } + extra
        row("column", kinds.map(\.rawValue))
        row("header", columns.map(\.header.text) + extra.map { _ in "" })
        let blank = extra.map { _ in String?.none }
        row("type", columns.map { $0.type?.description } + blank)
        row("type name", columns.map(\.typeName) + blank)
        row("values", columns.map { $0.values?.text } + blank)
        row("default", columns.map { $0.defaultEntry?.text } + blank)
        row("id", columns.map(\.identity.id) + blank)
        row("label", columns.map(\.identity.label) + blank)
        row("description", columns.map(\.identity.description) + blank)
        row("expression id", columns.map(\.header.id) + blank)
        row("values id", columns.map { $0.values?.id } + blank)
        row("default id", columns.map { $0.defaultEntry?.id } + blank)
        for rule in table.rules {
            let cells = (rule.inputs + rule.outputs + rule.annotations).map(\.text)
            row("rule", cells + extra.map { ruleCell($0, rule) })
        }
        // Readers of CSV, spreadsheets among them, want rows of one width.
        let width = rows.map(\.count).max() ?? 0
        var writer = CSVWriter()
        for row in rows { writer.write(row + Array(repeating: "", count: width - row.count)) }
        return writer.bytes
    }

    private static func ruleColumns(_ table: DecisionTable) -> [Column] {
        [.ruleId, .ruleLabel, .ruleDescription, .cellIds].filter { column in table.rules.contains { !ruleCell(column, $0).isEmpty } }
    }

    private static func ruleCell(_ column: Column, _ rule: TableRule) -> String {
        switch column {
        case .ruleId: return rule.identity.id ?? ""
        case .ruleLabel: return rule.identity.label ?? ""
        case .ruleDescription: return rule.identity.description ?? ""
        default:
            // An id of XML has no blanks; `-` stands for none.
            let cells = rule.inputs + rule.outputs
            return cells.contains { $0.id != nil } ? cells.map { $0.id ?? "-" }.joined(separator: " ") : ""
        }
    }
}
