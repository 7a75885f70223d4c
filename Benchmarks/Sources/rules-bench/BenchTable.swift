import DecisionTables
import Diagnostics
import FEEL
import Values

/// What one cell asks of its input, in FEEL and in SQL.
struct BenchCell {
    let feel: String
    /// With `@` for the column.
    let sql: String

    static let any = BenchCell(feel: "-", sql: "")
    static func less(_ number: String) -> BenchCell { BenchCell(feel: "< \(number)", sql: "@ < \(number)") }
    static func atLeast(_ number: String) -> BenchCell { BenchCell(feel: ">= \(number)", sql: "@ >= \(number)") }
    static func between(_ low: String, _ high: String) -> BenchCell {
        BenchCell(feel: "[\(low)..\(high)]", sql: "@ BETWEEN \(low) AND \(high)")
    }
    static func open(_ low: String, _ high: String) -> BenchCell {
        BenchCell(feel: "(\(low)..\(high))", sql: "(@ > \(low) AND @ < \(high))")
    }
    static func numbers(_ numbers: [String]) -> BenchCell {
        let list = numbers.joined(separator: ", ")
        return BenchCell(feel: list, sql: "@ IN (\(list))")
    }
    static func strings(_ strings: [String]) -> BenchCell {
        BenchCell(
            feel: strings.map { "\"\($0)\"" }.joined(separator: ", "),
            sql: "@ IN (\(strings.map { "'\($0)'" }.joined(separator: ", ")))")
    }
    static func flag(_ flag: Bool) -> BenchCell { BenchCell(feel: "\(flag)", sql: "@ = \(flag)") }
    static func before(_ date: String) -> BenchCell { BenchCell(feel: "< date(\"\(date)\")", sql: "@ < DATE '\(date)'") }
    static func from(_ date: String) -> BenchCell { BenchCell(feel: ">= date(\"\(date)\")", sql: "@ >= DATE '\(date)'") }
    static let none = BenchCell(feel: "null", sql: "@ IS NULL")
    static let some = BenchCell(feel: "not(null)", sql: "@ IS NOT NULL")

    /// In the strict profile a comparison with null is false, and its negation true.
    var negated: BenchCell { BenchCell(feel: "not(\(feel))", sql: "NOT COALESCE(\(sql), FALSE)") }
}

/// A table that DuckDB can be asked too.
struct BenchTable {
    let columns: [String]
    let rules: [[BenchCell]]

    func compiled(_ policy: HitPolicy, _ layout: Layout) -> CompiledTable {
        var text = "| \(columns.joined(separator: " | ")) || segment | tier | note |\n"
        for (number, rule) in rules.enumerated() {
            text += "| \(rule.map(\.feel).joined(separator: " | ")) || \"S\(number)\" | \(number % 5) | \"n\(number % 3)\" |\n"
        }
        let parsed = TableText.parse(text, hitPolicy: policy, at: TextOrigin())
        guard let table = parsed.product, let compiled = CompiledTable.compile(table, layout: layout).product else {
            preconditionFailure("the generated table is wrong: \(parsed.diagnostics.map(\.text))")
        }
        return compiled
    }

    private func condition(_ rule: [BenchCell]) -> String {
        let parts = zip(rule, columns).compactMap { cell, column in cell.sql.isEmpty ? nil : cell.sql.replacing("@", with: column) }
        return parts.isEmpty ? "TRUE" : parts.joined(separator: " AND ")
    }

    /// The number of the first rule that holds, 0 where none does.
    var firstSQL: String {
        "CASE " + rules.enumerated().map { "WHEN \(condition($0.element)) THEN \($0.offset + 1)" }.joined(separator: " ") + " ELSE 0 END"
    }

    /// The numbers of all rules that hold, with commas.
    var collectSQL: String {
        "CONCAT_WS(',', " + rules.enumerated().map { "CASE WHEN \(condition($0.element)) THEN '\($0.offset + 1)' END" }.joined(separator: ", ") + ")"
    }
}
