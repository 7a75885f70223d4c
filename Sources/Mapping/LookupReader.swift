import Diagnostics
import FlatFiles
import Formats

/// Reads a lookup file: CSV with a header of at least two columns.
enum LookupReader {
    /// Why a file is no table.
    struct Failure: Error { let diagnostics: [Diagnostic] }

    /// Most rows of one table: larger cross-references come through feeds as records.
    static let rowsMax = 100_000

    static func read(_ bytes: [UInt8], name: String, file: String) -> Result<LookupTable, Failure> {
        var options = CSVOptions()
        options.separator = [UInt8(ascii: ",")]
        options.file = file
        var reader = CSVReader(options: options)
        var rows = RowCollector()
        bytes.withUnsafeBufferPointer { reader.read($0, into: &rows) }
        _ = reader.finish(into: &rows)
        let columns = reader.columns ?? []
        var diagnostics = rows.diagnostics.map { finding in
            Diagnostic(.mapLookupFile, .error, finding.fact, at: finding.position, excerpt: finding.excerpt, hint: finding.hint)
        }
        if columns.count < 2, diagnostics.isEmpty {
            diagnostics.append(Diagnostic(
                .mapLookupFile, .error, "a lookup has a header of at least two columns; \(columns.count) were found",
                at: SourcePosition(file: file, line: 1, column: 1)))
        }
        if rows.rows.count > rowsMax {
            diagnostics.append(Diagnostic(
                .mapLookupFile, .error, "a lookup has at most \(rowsMax) rows; \(rows.rows.count) were found",
                at: SourcePosition(file: file), hint: "send it through a feed"))
        }
        if !diagnostics.isEmpty { return .failure(Failure(diagnostics: diagnostics)) }
        return .success(LookupTable(name: name, file: file, columns: columns, rows: rows.rows))
    }

    private struct RowCollector: SourceSink {
        var rows: [[String]] = []
        var diagnostics: [Diagnostic] = []

        mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

        mutating func closed(_ node: Int32, in arena: inout SourceArena) {
            guard arena.nodes[Int(node)].kind == .record else { return }
            rows.append(arena.nodes[Int(node)].fields.map { arena.string(arena.fields[Int($0)]) })
            arena.discard(from: node)
        }

        mutating func found(_ diagnostic: Diagnostic) {
            if diagnostic.severity != .note { diagnostics.append(diagnostic) }
        }

    }
}
