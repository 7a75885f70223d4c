import DecisionTables
import Diagnostics
import FEEL
import Values

/// Writes the pipe table of the text form: cells aligned, sections parted by `||`.
enum PipeTable {
    /// The lines of the table; nil where a header or cell cannot be written so. Remarks that have no room in the table are left
    /// blank, and their rules are named.
    static func lines(_ table: DecisionTable) -> (lines: [String], roomless: Set<Int>)? {
        var rows: [[[String]]] = []
        var header: [[String]] = []
        for columns in [table.inputs, table.outputs, table.annotations] {
            var cells: [String] = []
            for column in columns {
                guard let name = safe(column.header.text) else { return nil }
                cells.append(column.type.map { name.isEmpty ? ": \($0)" : "\(name) : \($0)" } ?? name)
            }
            header.append(cells)
        }
        rows.append(header)
        var roomless: Set<Int> = []
        for (number, rule) in table.rules.enumerated() {
            var sections: [[String]] = []
            for cells in [rule.inputs, rule.outputs] {
                var written: [String] = []
                for cell in cells {
                    guard let text = safe(cell.text) else { return nil }
                    written.append(text)
                }
                sections.append(written)
            }
            let remarks = rule.annotations.map { safe($0.text) }
            if remarks.contains(nil) { roomless.insert(number) }
            sections.append(remarks.map { remarks.contains(nil) ? "" : $0 ?? "" })
            rows.append(sections)
        }
        return (aligned(rows), roomless)
    }

    /// The text with bars outside of strings written as `\|`; nil where the table's reader would take it for something else.
    private static func safe(_ text: String) -> String? {
        var written = ""
        var isQuoted = false, isEscaped = false
        for scalar in text.unicodeScalars {
            if CellText.isUnseen(scalar) { return nil }
            if isEscaped {
                if scalar == "|" { return nil }
                isEscaped = false
            } else if scalar == "\\" {
                isEscaped = true
            } else if scalar == "\"" {
                isQuoted.toggle()
            } else if scalar == "|", !isQuoted {
                written += "\\"
            }
            written.unicodeScalars.append(scalar)
        }
        return isQuoted ? nil : written
    }

    private static func aligned(_ rows: [[[String]]]) -> [String] {
        let sections = rows[0].indices.map { section in
            rows[0][section].indices.map { column in rows.map { $0[section][column].unicodeScalars.count }.max() ?? 0 }
        }
        return rows.map { row in
            var line = "|"
            for (section, widths) in sections.enumerated() {
                if section == 2, widths.isEmpty { continue }
                if section > 0 { line += "|" }
                for (column, width) in widths.enumerated() {
                    let text = row[section][column]
                    line += " \(text)\(String(repeating: " ", count: width - text.unicodeScalars.count)) |"
                }
            }
            return line
        }
    }
}
