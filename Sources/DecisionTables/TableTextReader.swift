import Diagnostics
import FEEL
import Values

/// What has been read of a table's text, line by line.
struct TableTextReader {
    private let hitPolicy: HitPolicy
    private let origin: TextOrigin
    /// The table without its rules, once a sound header was read.
    private var header: DecisionTable?
    private var rules: [TableRule] = []
    private var diagnostics: [Diagnostic] = []
    /// Whether a header was found, sound or not.
    private var hasHeader = false
    private var hasRuler = false
    /// Rows below the header, sound or not.
    private var rowCount = 0

    init(hitPolicy: HitPolicy, origin: TextOrigin) {
        self.hitPolicy = hitPolicy
        self.origin = origin
    }

    mutating func read(_ line: [UInt8], number: Int) {
        if line.allSatisfy({ $0 == 32 || $0 == 9 }) { return }
        if hasHeader, rowCount == 0, !hasRuler, Self.isRuler(line) {
            hasRuler = true
            return
        }
        var start = origin
        start.line += number
        if number > 0 { start.column = origin.indentation + 1 }
        start.place = nil
        var scanner = TableRowScanner(line, at: start)
        do throws(TableRowScanner.Problem) {
            let row = try scanner.row()
            if hasHeader { readRule(row, line) } else { readHeader(row, line) }
        } catch {
            var place = start
            place.column += error.offset
            report(error.code, error.fact, at: place, in: line, hint: error.hint)
            if hasHeader { rowCount += 1 }
        }
        hasHeader = true
    }

    /// Dashes, bars, colons and blanks only, with three dashes in a row: the line under a Markdown header.
    private static func isRuler(_ line: [UInt8]) -> Bool {
        line.allSatisfy { $0 == 45 || $0 == 124 || $0 == 58 || $0 == 32 || $0 == 9 }
            && String(decoding: line, as: UTF8.self).contains("---")
    }

    private mutating func readHeader(_ row: TableRowScanner.Row, _ line: [UInt8]) {
        let before = diagnostics.count
        let wanted = "write | inputs || outputs |, with remarks after a second || where there are any"
        guard (2...3).contains(row.sections.count) else {
            report(
                .tableHeader, "a header has two or three sections parted by ||; \(row.sections.count) found", at: row.start,
                in: line, hint: wanted)
            return
        }
        if row.sections[1].isEmpty { report(.tableHeader, "a table has at least one output", at: row.start, in: line, hint: wanted) }
        guard row.cells <= DecisionTable.columnsMax else {
            report(
                .tableSize, "a table has at most \(DecisionTable.columnsMax) columns; \(row.cells) found", at: row.start,
                in: line)
            return
        }
        let columns = row.sections.enumerated().map { section, cells in
            // A remark needs no name, nor does an output that stands alone (DMN 1.5 section 8.3.2).
            cells.map { column($0, mayBeUnnamed: section == 2 || (section == 1 && cells.count == 1), line) }
        }
        var names: Set<String> = []
        for output in columns[1] where !names.insert(output.header.text).inserted {
            report(.tableHeader, "the output \"\(output.header.text)\" comes twice", at: output.header.origin, in: line)
        }
        if diagnostics.count == before {
            header = DecisionTable(
                hitPolicy: hitPolicy, inputs: columns[0], outputs: columns[1],
                annotations: columns.count > 2 ? columns[2] : [], rules: [])
        }
    }

    /// Splits `name : type` at the colon outside quotes and brackets; FEEL has none there.
    private mutating func column(_ cell: TableCell, mayBeUnnamed: Bool, _ line: [UInt8]) -> TableColumn {
        guard !cell.text.isEmpty else {
            if !mayBeUnnamed { report(.tableHeader, "a column has no header", at: cell.origin, in: line) }
            return TableColumn(header: cell)
        }
        let bytes = Array(cell.text.utf8)
        guard let colon = Self.outerColon(bytes) else { return TableColumn(header: cell) }
        let name = String(decoding: bytes[..<colon], as: UTF8.self).trimmed
        let typeName = String(decoding: bytes[(colon + 1)...], as: UTF8.self).trimmed
        var typeOrigin = cell.origin
        typeOrigin.column += colon
        if name.isEmpty, !mayBeUnnamed { report(.tableHeader, "a column has a type and no header", at: cell.origin, in: line) }
        let type = ValueType(name: typeName)
        if type == nil {
            report(
                .tableHeader, "\"\(typeName)\" is no type", at: typeOrigin, in: line,
                hint: "known types: \(ValueType.plainNames.joined(separator: ", ")), list<...>, range<...>")
        }
        return TableColumn(header: TableCell(name, at: cell.origin, escapedBars: cell.escapedBars), type: type)
    }

    private static func outerColon(_ bytes: [UInt8]) -> Int? {
        var depth = 0
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\") where isQuoted: index += 1
            case UInt8(ascii: "\""): isQuoted.toggle()
            case _ where isQuoted: break
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: ":") where depth == 0: return index
            default: break
            }
            index += 1
        }
        return nil
    }

    private mutating func readRule(_ row: TableRowScanner.Row, _ line: [UInt8]) {
        rowCount += 1
        guard let header else { return }
        guard rowCount <= DecisionTable.rulesMax else {
            if rowCount == DecisionTable.rulesMax + 1 {
                report(.tableSize, "a table has at most \(DecisionTable.rulesMax) rules", at: row.start, in: line)
            }
            return
        }
        let before = diagnostics.count
        let kinds: [(columns: [TableColumn], name: String)] = [
            (header.inputs, "input"), (header.outputs, "output"), (header.annotations, "remark"),
        ]
        var cells: [[TableCell]] = []
        var columnsBefore = 0
        for (index, kind) in kinds.enumerated() {
            let found = index < row.sections.count ? row.sections[index] : []
            // Remarks are optional in every row, section and all.
            guard found.count == kind.columns.count || (index == 2 && found.isEmpty) else {
                let isLong = found.count > kind.columns.count
                report(
                    .tableRow,
                    "rule \(rowCount) has \(found.count) \(kind.name) cell\(found.count == 1 ? "" : "s"); the header has \(kind.columns.count)",
                    at: isLong ? found[kind.columns.count].origin : end(of: found, row), in: line)
                return
            }
            cells.append(placed(found, kind.columns, columnsBefore, mayBeEmpty: index == 2, line))
            columnsBefore += kind.columns.count
        }
        if row.sections.count > 3 {
            report(.tableRow, "rule \(rowCount) has \(row.sections.count) sections; a table has at most 3", at: row.start, in: line)
        }
        if diagnostics.count == before {
            rules.append(TableRule(inputs: cells[0], outputs: cells[1], annotations: cells[2]))
        }
    }

    private func end(of cells: [TableCell], _ row: TableRowScanner.Row) -> TextOrigin { cells.last?.origin ?? row.end }

    /// The cells with their places in the table.
    private mutating func placed(
        _ cells: [TableCell], _ columns: [TableColumn], _ columnsBefore: Int, mayBeEmpty: Bool, _ line: [UInt8]
    ) -> [TableCell] {
        zip(cells, columns).enumerated().map { index, pair in
            var cell = pair.0
            cell.origin.place = .cell(row: rowCount, column: columnsBefore + index + 1, name: pair.1.header.text)
            if cell.text.isEmpty, !mayBeEmpty {
                report(
                    .tableCell, "the cell is empty", at: cell.origin, in: line,
                    hint: "write - for any input, null for no output")
            }
            return cell
        }
    }

    private mutating func report(
        _ code: DiagnosticCode, _ fact: String, at place: TextOrigin, in line: [UInt8], hint: String? = nil
    ) {
        let first = place.line == origin.line ? origin.column : origin.indentation + 1
        let offset = min(max(0, place.column - first), line.count)
        diagnostics.append(Diagnostic(
            code, .error, fact,
            at: SourcePosition(file: place.file, line: place.line, column: place.column, place: place.place),
            excerpt: Excerpt(
                text: String(decoding: line, as: UTF8.self),
                start: String(decoding: line[..<offset], as: UTF8.self).count, length: 1),
            hint: hint))
    }

    mutating func finished() -> Compilation<DecisionTable> {
        if !hasHeader {
            report(.tableEmpty, "the table has no header", at: origin, in: [], hint: "write | input || output | and a line for each rule")
        } else if rowCount == 0, header != nil {
            report(.tableEmpty, "the table has no rules", at: origin, in: [])
        }
        guard var table = header, diagnostics.isEmpty else { return Compilation(product: nil, diagnostics: diagnostics) }
        table.rules = rules
        return Compilation(product: table, diagnostics: [])
    }
}

extension String {
    /// Without blanks at either end.
    fileprivate var trimmed: String {
        let end = lastIndex { $0 != " " && $0 != "\t" }
        guard let start = firstIndex(where: { $0 != " " && $0 != "\t" }), let end else { return "" }
        return String(self[start...end])
    }
}
