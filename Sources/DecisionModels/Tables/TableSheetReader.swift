import DecisionTables
import Diagnostics
import FEEL
import FlatFiles
import Formats
import Values

/// Reads the CSV form of a table.
struct TableSheetReader {
    typealias Cell = CSVRows.Cell

    private let bytes: [UInt8]
    private let file: String
    private var diagnostics: [Diagnostic] = []
    private var kinds: [TableSheet.Column?] = []
    private var document = TableDocument(name: "", table: DecisionTable(hitPolicy: .unique, inputs: [], outputs: [], rules: []))
    private var columns: [TableColumn] = []
    private var hasHeader = false
    /// Offsets of the first bytes of lines.
    private var lineStarts = [0]

    init(_ bytes: [UInt8], file: String) {
        self.bytes = bytes
        self.file = file
        for (index, byte) in bytes.enumerated() where byte == 10 { lineStarts.append(index + 1) }
    }

    mutating func read() -> Compilation<TableDocument> {
        var options = CSVOptions()
        options.header = .none
        options.file = file
        var reader = CSVReader(options: options)
        var rows = CSVRows()
        bytes.withUnsafeBufferPointer { reader.read($0, into: &rows) }
        _ = reader.finish(into: &rows)
        diagnostics = rows.diagnostics
        for row in rows.rows { take(row) }
        if !hasHeader, diagnostics.isEmpty {
            diagnostics.append(Diagnostic(
                .tableEmpty, .error, "there is no header", at: SourcePosition(file: file, line: 1),
                hint: "the first cell of a row is its name: decision, hit policy, column, header, rule"))
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return Compilation(product: nil, diagnostics: diagnostics) }
        settle()
        return Compilation(product: document, diagnostics: diagnostics)
    }

    private mutating func take(_ row: [Cell]) {
        guard let first = row.first else { return }
        let cells = row.dropFirst().map { Cell(text: TableSheet.unguarded($0.text), bytes: $0.bytes) }
        let value = cells.first.flatMap { $0.text.isEmpty ? nil : $0.text }
        switch first.text.trimmed.lowercased() {
        case "": if cells.contains(where: { !$0.text.isEmpty }) { report(.tableRow, "the row has no name", first) }
        case "decision": document.name = value ?? ""
        case "decision id": document.id = value
        case "about": document.about = value
        case "model": document.modelName = value
        case "namespace": document.namespace = value
        case "field": field(cells)
        case "table id": document.table.identity.id = value
        case "table label": document.table.identity.label = value
        case "table description": document.table.identity.description = value
        case "output label": document.table.outputLabel = value
        case "hit policy": policy(cells)
        case "column": kinds(cells)
        case "header": header(cells, first)
        case "rule": rule(cells, first)
        case let name: eachColumn(name, cells, first)
        }
    }

    private mutating func field(_ cells: [Cell]) {
        guard let name = cells.first, !name.text.isEmpty else { return }
        let type = cells.count > 1 ? self.type(cells[1]) : nil
        let own = cells.count > 2 && !cells[2].text.isEmpty ? cells[2].text : nil
        document.fields.append(TableField(name: name.text, type: type, typeName: own))
    }

    private mutating func type(_ cell: Cell) -> ValueType? {
        guard !cell.text.isEmpty else { return nil }
        if let type = ValueType(name: cell.text) { return type }
        report(.tableHeader, "\"\(cell.text)\" is no type", cell)
        return nil
    }

    private mutating func policy(_ cells: [Cell]) {
        guard let cell = cells.first else { return }
        if let policy = HitPolicy(cell.text) {
            document.table.hitPolicy = policy
        } else {
            report(.tablePolicy, "\"\(cell.text)\" is no hit policy", cell, hint: "known policies: \(HitPolicy.names.joined(separator: ", "))")
        }
    }

    private mutating func kinds(_ cells: [Cell]) {
        for cell in cells {
            let kind = TableSheet.Column(rawValue: cell.text.trimmed.lowercased())
            if kind == nil, !cell.text.isEmpty {
                report(.tableHeader, "\"\(cell.text)\" is no kind of column", cell, hint: "input, output, remark, rule id, rule label, rule description, cell ids")
            }
            kinds.append(kind)
        }
    }

    private mutating func header(_ cells: [Cell], _ first: Cell) {
        guard !kinds.isEmpty else { return report(.tableHeader, "the header comes before the row that says what each column is", first) }
        hasHeader = true
        for (place, kind) in kinds.enumerated() {
            let cell = place < cells.count ? cells[place] : first
            columns.append(TableColumn(header: self.cell(cell)))
            if kind == .input, cell.text.isEmpty { report(.tableHeader, "an input has no header", cell) }
        }
        let count = kinds.count { $0 != nil }
        if count > DecisionTable.columnsMax { report(.tableSize, "a table has at most \(DecisionTable.columnsMax) columns; \(count) found", first) }
        if !kinds.contains(.output) { report(.tableHeader, "the table has no output", first) }
    }

    /// A row that says one thing of each column.
    private mutating func eachColumn(_ name: String, _ cells: [Cell], _ first: Cell) {
        guard hasHeader else { return report(.tableRow, "\"\(name)\" is no row that stands here", first) }
        for (place, cell) in cells.enumerated() where place < columns.count && !cell.text.isEmpty {
            switch name {
            case "type": columns[place].type = type(cell)
            case "type name": columns[place].typeName = cell.text
            case "values": columns[place].values = self.cell(cell)
            case "default": columns[place].defaultEntry = self.cell(cell)
            case "id": columns[place].identity.id = cell.text
            case "label": columns[place].identity.label = cell.text
            case "description": columns[place].identity.description = cell.text
            case "expression id": columns[place].header.id = cell.text
            case "values id": columns[place].values?.id = cell.text
            case "default id": columns[place].defaultEntry?.id = cell.text
            default: return report(.tableRow, "\"\(name)\" is no name of a row", first)
            }
        }
    }

    private mutating func rule(_ cells: [Cell], _ first: Cell) {
        guard hasHeader else { return report(.tableRow, "a rule comes before the header", first) }
        guard document.table.rules.count < DecisionTable.rulesMax else {
            if document.table.rules.count == DecisionTable.rulesMax { report(.tableSize, "a table has at most \(DecisionTable.rulesMax) rules", first) }
            return
        }
        var rule = TableRule(inputs: [], outputs: [])
        var ids: [String] = []
        let number = document.table.rules.count + 1
        for (place, kind) in kinds.enumerated() {
            let written = place < cells.count ? cells[place] : Cell(text: "", bytes: first.bytes)
            var cell = self.cell(written)
            cell.origin.place = .cell(row: number, column: place + 1, name: columns[place].header.text)
            let text = written.text.isEmpty ? nil : written.text
            switch kind {
            case .input: rule.inputs.append(cell)
            case .output: rule.outputs.append(cell)
            case .remark: rule.annotations.append(cell)
            case .ruleId: rule.identity.id = text
            case .ruleLabel: rule.identity.label = text
            case .ruleDescription: rule.identity.description = text
            case .cellIds: ids = written.text.split(separator: " ").map(String.init)
            case nil: break
            }
        }
        guard ids.isEmpty || ids.count == rule.inputs.count + rule.outputs.count else {
            return report(.tableRow, "there are \(ids.count) ids; the rule has \(rule.inputs.count + rule.outputs.count) input and output cells", first)
        }
        for (place, id) in ids.enumerated() where id != "-" {
            if place < rule.inputs.count { rule.inputs[place].id = id } else { rule.outputs[place - rule.inputs.count].id = id }
        }
        document.table.rules.append(rule)
    }

    /// Sorts the columns by their kinds.
    private mutating func settle() {
        for (kind, column) in zip(kinds, columns) {
            switch kind {
            case .input: document.table.inputs.append(column)
            case .output: document.table.outputs.append(column)
            case .remark: document.table.annotations.append(column)
            default: break
            }
        }
    }

    private func cell(_ cell: Cell) -> TableCell {
        let at = position(cell)
        return TableCell(cell.text, at: TextOrigin(file: file, line: at.line ?? 1, column: at.column ?? 1))
    }

    private func position(_ cell: Cell) -> SourcePosition {
        var low = 0, high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= cell.bytes.lowerBound { low = middle } else { high = middle }
        }
        return SourcePosition(file: file, line: low + 1, column: cell.bytes.lowerBound - lineStarts[low] + 1, bytes: cell.bytes)
    }

    private mutating func report(_ code: DiagnosticCode, _ fact: String, _ cell: Cell, hint: String? = nil) {
        diagnostics.append(Diagnostic(code, .error, fact, at: position(cell), hint: hint))
    }
}
