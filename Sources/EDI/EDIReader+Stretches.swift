import Diagnostics
import Formats

/// What is wrong outside of EDI segments.
extension EDIReader {
    mutating func reportByteOrderMark<Sink: SourceSink>(into sink: inout Sink) {
        let spot = SourceSpot(bytes: 0..<3, line: 1, column: 1, head: [])
        report(
            EDIDefect(dialect[.byteOrderMark], "The file starts with a UTF-8 byte order mark, which was skipped"), spot, into: &sink)
    }

    mutating func reportJunk<Sink: SourceSink>(into sink: inout Sink) {
        guard let junk = lexer.takeJunk() else { return }
        segmentOrdinal = 0
        report(
            EDIDefect(
                dialect[.junk], "\(junk.bytes.count) bytes belong to no interchange and were skipped",
                hint: "ask the sender to send nothing but \(dialect.extent)"),
            junk, into: &sink)
    }

    mutating func reportNoInterchange<Sink: SourceSink>(into sink: inout Sink) {
        let head = lexer.takeJunk()?.head ?? []
        let isUTF16 = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.prefix(8).contains(0)
        let hint = head.starts(with: dialect.headerInEBCDIC) ? "the file is in EBCDIC: convert it to ASCII before it is dropped"
            : isUTF16 ? "the file looks like UTF-16: convert it to UTF-8 before it is dropped" : dialect.beginning
        let end = summary.bytes
        let fact = end == 0
            ? "The file is empty; an interchange was expected"
            : "No \(dialect.interchange.headerTag) segment was found in \(end) bytes; the file was not read as \(dialect.name)"
        report(
            EDIDefect(dialect[.noInterchange], fact, hint: hint),
            SourceSpot(bytes: 0..<end, line: 1, column: 1, head: head), into: &sink)
    }

    /// Findings of the lexer are made before the EDI segment that they belong to is counted.
    mutating func expectNextSegment() { segmentOrdinal = (transactionSet?.segments ?? summary.segments) + 1 }

    mutating func reportEmptySegment<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        expectNextSegment()
        report(EDIDefect(dialect[.emptySegment], "A terminator stands where an EDI segment was expected"), spot, into: &sink)
    }

    mutating func reportIndented<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        guard interchange?.saidIndented == false else { return }
        interchange?.saidIndented = true
        expectNextSegment()
        report(
            EDIDefect(dialect[.indented], "Spaces or tabs stand before a segment tag; here and further on they were skipped"),
            spot, into: &sink)
    }

    mutating func reportDocumentSize<Sink: SourceSink>(into sink: inout Sink) {
        let end = limits.documentBytes
        report(
            EDIDefect(dialect[.documentSize], "The file is larger than \(end) bytes; the rest was not read"),
            SourceSpot(bytes: end..<end, line: lexer.lines.line, column: 1, head: []), into: &sink)
    }
}
