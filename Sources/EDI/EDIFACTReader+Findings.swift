import Diagnostics
import Formats

/// What is wrong outside of EDI segments, and how the reader is asked for a position.
extension EDIFACTReader: EDIFindingSource {
    var lines: LineCounter { lexer.lines }
    var shownTerminator: [UInt8] { [lexer.delimiters.terminator] }

    /// UNB S005 and UNG 0058 are passwords.
    func isSecret(_ field: FieldSpan) -> Bool {
        scan.tag == EnvelopeTag.unb && field.element == 6 || scan.tag == EnvelopeTag.ung && field.element == 8
    }

    mutating func reject(_ extent: Rejection) {
        transactionSet?.isRejected = true
        if extent == .group || extent == .interchange { group?.isRejected = true }
        if extent == .interchange { interchange?.isRejected = true }
    }

    func address(tag: String?) -> EDIAddress {
        EDIAddress(
            interchange: interchange?.controlNumber, group: group == nil ? nil : interchange?.groups,
            transactionSet: transactionSet?.controlNumber, segment: segmentOrdinal > 0 ? segmentOrdinal : nil,
            segmentTag: tag)
    }

    mutating func reportByteOrderMark<Sink: SourceSink>(into sink: inout Sink) {
        let spot = SourceSpot(bytes: 0..<3, line: 1, column: 1, head: [])
        report(
            EDIDefect(.edifactByteOrderMark, "The file starts with a UTF-8 byte order mark, which was skipped"), spot,
            into: &sink)
    }

    mutating func reportJunk<Sink: SourceSink>(into sink: inout Sink) {
        guard let junk = lexer.takeJunk() else { return }
        segmentOrdinal = 0
        report(
            EDIDefect(
                .edifactJunk, "\(junk.bytes.count) bytes belong to no interchange and were skipped",
                hint: "ask the sender to send nothing but UNA or UNB to UNZ"),
            junk, into: &sink)
    }

    mutating func reportNoInterchange<Sink: SourceSink>(into sink: inout Sink) {
        let head = lexer.takeJunk()?.head ?? []
        let isUTF16 = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.prefix(8).contains(0)
        let isEBCDIC = head.starts(with: [0xE4, 0xD5])
        let hint = isEBCDIC ? "the file is in EBCDIC: convert it to ASCII before it is dropped"
            : isUTF16 ? "the file looks like UTF-16: convert it to UTF-8 before it is dropped"
            : "an EDIFACT file begins with UNA or with UNB, a separator and its syntax identifier"
        let end = summary.bytes
        let fact = end == 0
            ? "The file is empty; an interchange was expected"
            : "No UNB segment was found in \(end) bytes; the file was not read as EDIFACT"
        report(
            EDIDefect(.edifactNoInterchange, fact, hint: hint),
            SourceSpot(bytes: 0..<end, line: 1, column: 1, head: head), into: &sink)
    }

    /// Findings of the lexer are made before the EDI segment that they belong to is counted.
    private mutating func expectNextSegment() { segmentOrdinal = (transactionSet?.segments ?? summary.segments) + 1 }

    mutating func reportEmptySegment<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        expectNextSegment()
        report(EDIDefect(.edifactEmptySegment, "A terminator stands where an EDI segment was expected"), spot, into: &sink)
    }

    mutating func reportIndented<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        guard interchange?.saidIndented == false else { return }
        interchange?.saidIndented = true
        expectNextSegment()
        report(
            EDIDefect(.edifactIndented, "Spaces or tabs stand before a segment tag; here and further on they were skipped"),
            spot, into: &sink)
    }

    mutating func reportDocumentSize<Sink: SourceSink>(into sink: inout Sink) {
        let end = limits.documentBytes
        report(
            EDIDefect(.edifactDocumentSize, "The file is larger than \(end) bytes; the rest was not read"),
            SourceSpot(bytes: end..<end, line: lexer.lines.line, column: 1, head: []), into: &sink)
    }
}
