import Diagnostics
import Formats

/// What is wrong outside of EDI segments, and how the reader is asked for a position.
extension X12Reader: EDIFindingSource {
    var lines: LineCounter { lexer.lines }
    var shownTerminator: [UInt8] { lexer.delimiters.terminatorBytes }

    /// ISA02 and ISA04 are passwords.
    func isSecret(_ field: FieldSpan) -> Bool {
        scan.tag == EnvelopeTag.isa && (field.element == 2 || field.element == 4)
    }

    mutating func reject(_ extent: Rejection) {
        transactionSet?.isRejected = true
        if extent == .group || extent == .interchange { group?.isRejected = true }
        if extent == .interchange { interchange?.isRejected = true }
    }

    /// The address of the segment at hand.
    func address(tag: String?) -> EDIAddress {
        EDIAddress(
            interchange: interchange?.controlNumber, group: group == nil ? nil : interchange?.groups,
            transactionSet: transactionSet?.controlNumber, segment: segmentOrdinal > 0 ? segmentOrdinal : nil,
            segmentTag: tag)
    }

    // MARK: Outside segments

    mutating func reportByteOrderMark<Sink: SourceSink>(into sink: inout Sink) {
        let spot = SourceSpot(bytes: 0..<3, line: 1, column: 1, head: [])
        report(EDIDefect(.x12ByteOrderMark, "The file starts with a UTF-8 byte order mark, which was skipped"), spot, into: &sink)
    }

    mutating func reportJunk<Sink: SourceSink>(into sink: inout Sink) {
        guard let junk = lexer.takeJunk() else { return }
        segmentOrdinal = 0
        report(
            EDIDefect(
                .x12Junk, "\(junk.bytes.count) bytes belong to no interchange and were skipped",
                hint: "ask the sender to send nothing but ISA to IEA"),
            junk, into: &sink)
    }

    mutating func reportNoInterchange<Sink: SourceSink>(into sink: inout Sink) {
        let head = lexer.takeJunk()?.head ?? []
        let isEBCDIC = head.starts(with: [0xC9, 0xE2, 0xC1])
        let isUTF16 = head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) || head.prefix(8).contains(0)
        let hint = isEBCDIC ? "the file is in EBCDIC: convert it to ASCII before it is dropped"
            : isUTF16 ? "the file looks like UTF-16: convert it to UTF-8 before it is dropped"
            : "an X12 file begins with ISA, which declares its delimiters"
        let end = summary.bytes
        let spot = SourceSpot(bytes: 0..<end, line: 1, column: 1, head: head)
        let fact = end == 0
            ? "The file is empty; an interchange was expected"
            : "No ISA segment was found in \(end) bytes; the file was not read as X12"
        report(EDIDefect(.x12NoInterchange, fact, hint: hint), spot, into: &sink)
    }

    mutating func reportUnreadableHeader<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        segmentOrdinal = 0
        report(
            EDIDefect(
                .x12HeaderElements,
                "ISA has no 16 elements and a terminator within \(X12Header.bytesMax) bytes; no interchange was read from it",
                hint: "ask the sender for an ISA of 16 elements"),
            spot, into: &sink)
    }

    /// Findings of the lexer are made before the EDI segment that they belong to is counted.
    private mutating func expectNextSegment() { segmentOrdinal = (transactionSet?.segments ?? summary.segments) + 1 }

    mutating func reportEmptySegment<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        expectNextSegment()
        report(EDIDefect(.x12EmptySegment, "A terminator stands where an EDI segment was expected"), spot, into: &sink)
    }

    mutating func reportIndented<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        guard interchange?.saidIndented == false else { return }
        interchange?.saidIndented = true
        expectNextSegment()
        report(
            EDIDefect(.x12Indented, "Spaces or tabs stand before a segment tag; here and further on they were skipped"),
            spot, into: &sink)
    }

    mutating func reportBinaryLength<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        expectNextSegment()
        report(
            EDIDefect(
                .x12BinaryLength, "The declared length of the binary data does not lead to a terminator",
                hint: "the data were read up to the next terminator"),
            spot, into: &sink)
    }

    mutating func reportDocumentSize<Sink: SourceSink>(into sink: inout Sink) {
        let end = limits.documentBytes
        report(
            EDIDefect(.x12DocumentSize, "The file is larger than \(end) bytes; the rest was not read"),
            SourceSpot(bytes: end..<end, line: lexer.lines.line, column: 1, head: []), into: &sink)
    }
}
