package import Configurations
package import Diagnostics

/// Configurations as rows of a CSV file: the first row names keys (of keys within keys the dotted path), each further row is one mapping.
package enum ConfigurationSheet {
    /// Most rows of a file.
    package static let rowsMax = 100_000

    /// The rows, each a mapping with its places in the file; or what is wrong with the file as CSV.
    package static func read(_ bytes: [UInt8], file: String) -> (rows: [ConfigurationNode], diagnostics: [Diagnostic]) {
        var options = CSVOptions()
        options.header = .none
        options.file = file
        var reader = CSVReader(options: options)
        var sink = CSVRows()
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        // What is not UTF-8 would go live with other letters than were written, so here it is an error.
        let found = sink.diagnostics.map { finding in
            finding.code != .csvUTF8 ? finding : Diagnostic(
                .csvUTF8, .error, finding.fact, at: finding.position, hint: "save it as CSV in UTF-8")
        }
        guard !found.contains(where: { $0.severity == .error }) else { return ([], found) }
        let source = ConfigurationSource(file: file, text: String(decoding: bytes, as: UTF8.self))
        // Places are counted in the text behind a byte order mark.
        let mark = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let header = sink.rows.first else {
            return ([], [Diagnostic(.csvEmpty, .error, "there is no row with the names of columns", at: SourcePosition(file: file, line: 1))])
        }
        for (place, cell) in header.enumerated() where header[..<place].contains(where: { $0.text == cell.text }) {
            return ([], [Diagnostic(
                .csvHeaderDuplicate, .error, "two columns are called \(cell.text)", at: SourcePosition(file: file, line: 1), hint: "take one of them out")])
        }
        // A key is text or holds keys, and not both.
        for cell in header {
            guard let below = header.first(where: { $0.text.hasPrefix(cell.text + ".") }) else { continue }
            return ([], [Diagnostic(
                .csvHeaderDuplicate, .error, "column \(cell.text) is the beginning of \(below.text)", at: SourcePosition(file: file, line: 1), hint: "take one of them out")])
        }
        func behindMark(_ range: Range<Int>) -> Range<Int> { max(0, range.lowerBound - mark)..<max(0, range.upperBound - mark) }
        let rows = sink.rows.dropFirst().filter { row in row.contains { !$0.text.isEmpty } }.map { row in
            // A cell past the header has the key of no column, which no shape knows.
            let cells = row.enumerated().map { place, cell in
                ConfigurationNode.Cell(key: place < header.count ? header[place].text : "column \(place + 1)", text: cell.text, bytes: behindMark(cell.bytes))
            }
            return ConfigurationNode.row(cells, bytes: behindMark((row.first?.bytes.lowerBound ?? 0)..<(row.last?.bytes.upperBound ?? 0)), source: source)
        }
        guard rows.count <= rowsMax else {
            return ([], [Diagnostic(.csvSize, .error, "there are \(rows.count) rows, and at most \(rowsMax) are read", at: SourcePosition(file: file), hint: "divide the file")])
        }
        return (rows, found)
    }
}
