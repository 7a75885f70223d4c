import Diagnostics
import Formats

/// How the reader says what is wrong, and where.
extension X12Reader {
    /// One finding before it has a weight: what, and which part of the EDI segment at hand it is about.
    struct Defect {
        var code: DiagnosticCode
        var fact: String
        var element: Int32?
        var hint: String?
        /// Offsets within the segment; nil takes them from the element, or the whole segment.
        var range: Range<Int>?

        init(
            _ code: DiagnosticCode, _ fact: String, element: Int32? = nil, range: Range<Int>? = nil, hint: String? = nil
        ) {
            self.code = code
            self.fact = fact
            self.element = element
            self.range = range
            self.hint = hint
        }
    }

    /// Reports a defect of the EDI segment at hand.
    mutating func report<Sink: SourceSink>(
        _ defect: Defect, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let range = defect.range ?? elementRange(defect.element, bytes)
        emit(
            defect, at: position(range, bytes, element: defect.element),
            excerpt: excerpt(bytes, range: range), into: &sink)
    }

    /// Reports a defect at a position that was worked out before.
    mutating func emit<Sink: SourceSink>(
        _ defect: Defect, at position: SourcePosition, excerpt: Excerpt?, isNote: Bool = false, into sink: inout Sink
    ) {
        let rule = policy.rule(for: defect.code)
        if rule.rejects == .transactionSet, !isNote { transactionSet?.isRejected = true }
        sink.found(Diagnostic(
            defect.code, isNote ? .note : rule.severity, defect.fact, at: position, excerpt: excerpt, hint: defect.hint))
    }

    /// Bytes of an element within its segment; where it is absent, the place where the segment ends.
    func elementRange(_ element: Int32?, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        guard let element else { return 0..<bytes.count }
        guard let first = scan.span(element) else { return bytes.count..<bytes.count }
        var end = first.end
        for field in scan.fields where field.element == element { end = field.end }
        return Int(first.start)..<Int(end)
    }

    /// The position of a range of the segment at hand.
    func position(
        _ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, element: Int32? = nil
    ) -> SourcePosition {
        var lines = lexer.lines
        lines.pass(UnsafeBufferPointer(rebasing: bytes[..<min(range.lowerBound, bytes.count)]), at: segmentStart)
        let start = segmentStart + range.lowerBound
        var address = address(tag: scan.tag == 0 ? nil : EnvelopeTag.text(scan.tag))
        address.element = element.map(Int.init)
        return SourcePosition(
            file: file, line: lines.line, column: start - lines.start + 1,
            bytes: start..<(segmentStart + range.upperBound), place: .edi(address))
    }

    /// The address of the segment at hand.
    func address(tag: String?) -> EDIAddress {
        EDIAddress(
            interchange: interchange?.controlNumber, group: group == nil ? nil : interchange?.groups,
            transactionSet: transactionSet?.controlNumber, segment: segmentOrdinal > 0 ? segmentOrdinal : nil,
            segmentTag: tag)
    }

    /// The segment as a line of text with the part that is meant: at most about 100 characters, control characters as
    /// dots, the terminator included where it can be seen. ISA02 and ISA04 (passwords) are masked.
    func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) -> Excerpt {
        let window = 100
        let first = range.lowerBound > window - 20 ? range.lowerBound - 20 : 0
        let last = min(bytes.count, first + window)
        var shown = Array(bytes[first..<last])
        if scan.tag == EnvelopeTag.isa {
            for field in scan.fields where field.element == 2 || field.element == 4 {
                for index in Int(field.start)..<Int(field.end) where shown.indices.contains(index - first) {
                    shown[index - first] = 0x78
                }
            }
        }
        for index in shown.indices where shown[index] < 0x20 || shown[index] == 0x7F { shown[index] = 0x2E }
        let terminator = lexer.delimiters.terminatorBytes
        if last == bytes.count, terminator[0] > 0x20, terminator[0] != 0x7F { shown += terminator }
        let start = min(max(0, range.lowerBound - first), shown.count)
        let end = min(max(start, range.upperBound - first), shown.count)
        // Carets are counted in characters.
        return Excerpt(
            text: String(decoding: shown, as: UTF8.self), start: String(decoding: shown[..<start], as: UTF8.self).count,
            length: max(1, String(decoding: shown[start..<end], as: UTF8.self).count))
    }

    /// Reports a stretch of the file that is no segment.
    mutating func report<Sink: SourceSink>(_ defect: Defect, _ spot: X12Spot, into sink: inout Sink) {
        let position = SourcePosition(
            file: file, line: spot.line, column: spot.column, bytes: spot.bytes, place: .edi(address(tag: nil)))
        emit(defect, at: position, excerpt: excerpt(spot), into: &sink)
    }

    /// Reports that an envelope has no trailer, where it began: that is what a person has to look for.
    mutating func report<Sink: SourceSink>(
        _ defect: Defect, _ start: EnvelopeStart, isNote: Bool = false, into sink: inout Sink
    ) {
        var address = address(tag: start.tag)
        address.segment = start.ordinal
        let position = SourcePosition(
            file: file, line: start.spot.line, column: start.spot.column, bytes: start.spot.bytes, place: .edi(address))
        emit(defect, at: position, excerpt: excerpt(start.spot), isNote: isNote, into: &sink)
    }

    /// Where the segment at hand begins an envelope; only its tag is meant.
    func envelopeStart(_ bytes: UnsafeBufferPointer<UInt8>) -> EnvelopeStart {
        let spot = X12Spot(
            bytes: segmentStart..<(segmentStart + scan.tagLength), line: lexer.lines.line,
            column: lexer.column(of: segmentStart), head: Array(bytes.prefix(X12Spot.headMax)))
        return EnvelopeStart(spot: spot, tag: EnvelopeTag.text(scan.tag), ordinal: segmentOrdinal)
    }

    /// The first line of a stretch of the file, control characters as dots.
    private func excerpt(_ spot: X12Spot) -> Excerpt? {
        let line = spot.head.prefix { !ASCII.isNewline($0) }.map { $0 < 0x20 || $0 == 0x7F ? 0x2E : $0 }
        let text = String(decoding: line, as: UTF8.self)
        return text.isEmpty ? nil : Excerpt(text: text, start: 0, length: min(text.count, max(1, spot.bytes.count)))
    }

    // MARK: Outside segments

    mutating func reportByteOrderMark<Sink: SourceSink>(into sink: inout Sink) {
        let spot = X12Spot(bytes: 0..<3, line: 1, column: 1, head: [])
        report(Defect(.x12ByteOrderMark, "The file starts with a UTF-8 byte order mark, which was skipped"), spot, into: &sink)
    }

    mutating func reportJunk<Sink: SourceSink>(into sink: inout Sink) {
        guard let junk = lexer.takeJunk() else { return }
        segmentOrdinal = 0
        report(
            Defect(
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
        let spot = X12Spot(bytes: 0..<end, line: 1, column: 1, head: head)
        let fact = end == 0
            ? "The file is empty; an interchange was expected"
            : "No ISA segment was found in \(end) bytes; the file was not read as X12"
        report(Defect(.x12NoInterchange, fact, hint: hint), spot, into: &sink)
    }

    mutating func reportUnreadableHeader<Sink: SourceSink>(_ spot: X12Spot, into sink: inout Sink) {
        segmentOrdinal = 0
        report(
            Defect(
                .x12HeaderElements,
                "ISA has no 16 elements and a terminator within \(X12Header.bytesMax) bytes; no interchange was read from it",
                hint: "ask the sender for an ISA of 16 elements"),
            spot, into: &sink)
    }

    /// Findings of the lexer are made before the EDI segment that they belong to is counted.
    private mutating func expectNextSegment() { segmentOrdinal = (transactionSet?.segments ?? summary.segments) + 1 }

    mutating func reportEmptySegment<Sink: SourceSink>(_ spot: X12Spot, into sink: inout Sink) {
        expectNextSegment()
        report(Defect(.x12EmptySegment, "A terminator stands where an EDI segment was expected"), spot, into: &sink)
    }

    mutating func reportIndented<Sink: SourceSink>(_ spot: X12Spot, into sink: inout Sink) {
        guard interchange?.saidIndented == false else { return }
        interchange?.saidIndented = true
        expectNextSegment()
        report(
            Defect(.x12Indented, "Spaces or tabs stand before a segment tag; here and further on they were skipped"),
            spot, into: &sink)
    }

    mutating func reportBinaryLength<Sink: SourceSink>(_ spot: X12Spot, into sink: inout Sink) {
        expectNextSegment()
        report(
            Defect(
                .x12BinaryLength, "The declared length of the binary data does not lead to a terminator",
                hint: "the data were read up to the next terminator"),
            spot, into: &sink)
    }

    mutating func reportDocumentSize<Sink: SourceSink>(into sink: inout Sink) {
        let end = limits.documentBytes
        report(
            Defect(.x12DocumentSize, "The file is larger than \(end) bytes; the rest was not read"),
            X12Spot(bytes: end..<end, line: lexer.lines.line, column: 1, head: []), into: &sink)
    }
}
