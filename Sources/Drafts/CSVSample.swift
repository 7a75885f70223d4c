import Diagnostics
import FlatFiles
import Formats

/// Reads a CSV sample into a table.
struct CSVSample: SourceSink {
    let form: CSVForm
    let rowsMax: Int
    private(set) var table: SampleTable
    /// Bytes of the first rows, as they end.
    private(set) var rowEnds: [Int] = []
    /// What the reader said; the first of it.
    private(set) var findings: [Diagnostic] = []

    static let rowEndsKept = 20

    private init(form: CSVForm, rowsMax: Int, table: SampleTable) {
        self.form = form
        self.rowsMax = rowsMax
        self.table = table
    }

    static func read(_ file: SampleFile, form: CSVForm, rowsMax: Int) -> CSVSample {
        var options = CSVOptions()
        options.separator = [form.separator]
        options.encoding = form.encoding
        options.linesSkipped = form.linesSkipped
        options.header = form.hasHeader ? .firstRow : .none
        var reader = CSVReader(options: options)
        let count = file.bytes.count
        var sample = CSVSample(form: form, rowsMax: rowsMax, table: SampleTable(each: "row", subject: [], columns: []))
        var at = 0
        while at < count, sample.table.rows < rowsMax {
            let end = min(count, at + 1 << 16)
            file.bytes[at..<end].withUnsafeBufferPointer { reader.read($0, into: &sample) }
            at = end
            if sample.table.columns.isEmpty, let names = reader.columns { sample.begin(names, file.title) }
        }
        if at == count, !file.isCut { _ = reader.finish(into: &sample) }
        if sample.table.columns.isEmpty, let names = reader.columns { sample.begin(names, file.title) }
        sample.table.isCut = at < count || file.isCut
        sample.takeHeld()
        sample.table.close()
        return sample
    }

    /// Rows that came with the header, before the names were known.
    private var held: [[String?]] = []

    private mutating func begin(_ names: [String], _ title: String) {
        let prefix = HeaderWords.sharedPrefix(of: names)
        let columns = names.enumerated().map { index, name in
            var pieces = HeaderWords.pieces(name)
            if let prefix, pieces.first == prefix { pieces.removeFirst() }
            return SampleTable.Column(
                selector: name.isEmpty ? "#\(index + 1)" : Self.selector(name), name: name.isEmpty ? "column \(index + 1)" : name,
                concepts: HeaderWords.concepts(of: pieces))
        }
        table = SampleTable(each: "row", subject: HeaderWords.concepts(title), columns: columns)
        takeHeld()
    }

    private mutating func takeHeld() {
        guard !table.columns.isEmpty else { return }
        for row in held where table.rows < rowsMax { table.add(row) }
        held = []
    }

    /// A name that a mapping would take for something else stands in quotes.
    static func selector(_ name: String) -> String {
        name.hasPrefix("#") || name.hasPrefix("\"") || name.contains(".") ? "\"\(name)\"" : name
    }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let row = arena.nodes[Int(node)]
        if row.kind == .record, table.rows + held.count < rowsMax {
            let cells = row.fields.map { Optional(arena.string(arena.fields[Int($0)])) }
            if rowEnds.count < Self.rowEndsKept { rowEnds.append(row.bytes.upperBound) }
            if table.columns.isEmpty { held.append(cells) } else { table.add(cells) }
        }
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) {
        if findings.count < 20 { findings.append(diagnostic) }
    }
}
