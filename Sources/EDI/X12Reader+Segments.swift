import Diagnostics
import Formats

/// What happens to each EDI segment.
extension X12Reader {
    /// Takes the segment that was just scanned.
    mutating func takeSegment<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        summary.segments += 1
        segmentStart = start
        switch scan.tag {
        case EnvelopeTag.st: openTransactionSet(bytes, into: &sink)
        case EnvelopeTag.se: takeSE(bytes, into: &sink)
        case EnvelopeTag.gs: openGroup(bytes, into: &sink)
        case EnvelopeTag.ge: takeGE(bytes, into: &sink)
        case EnvelopeTag.iea: takeIEA(bytes, into: &sink)
        case 0: takeInvalidTag(bytes, into: &sink)
        default: takeOrdinary(bytes, into: &sink)
        }
        lastSegmentEnd = start + bytes.count
    }

    private mutating func takeOrdinary<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard transactionSet != nil else { return takeBetween(bytes, into: &sink) }
        transactionSet!.segments += 1
        segmentOrdinal = transactionSet!.segments
        if loops.isActive { match(bytes, into: &sink) }
        if let elements = loops.lookedUp.elements { checkElements(elements, bytes, into: &sink) }
        if scan.isOverfull {
            report(
                EDIDefect(.x12FieldCount, "The EDI segment has more than \(limits.fields) fields; the rest was left out"),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
    }

    /// A segment of an interchange and of no transaction set: TA1 belongs there, nothing else does.
    private mutating func takeBetween<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        segmentOrdinal = summary.segments
        if scan.tag == EnvelopeTag.ta1 {
            interchange?.acknowledgements += 1
            if group == nil { return addRecord(bytes, into: &sink) }
        }
        takeOutside(bytes, EnvelopeTag.text(scan.tag), "ST", into: &sink)
    }

    mutating func takeOutside<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ tag: String, _ missing: String, into sink: inout Sink
    ) {
        segmentOrdinal = summary.segments
        report(
            EDIDefect(
                .x12OutsideEnvelope, "\(tag) stands outside its envelope; \(missing) was expected before it",
                range: 0..<scan.tagLength),
            bytes, into: &sink)
        addRecord(bytes, into: &sink)
    }

    private mutating func takeInvalidTag<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        let tag = String(decoding: bytes[..<min(scan.tagLength, 20)].filter { $0 > 0x20 && $0 < 0x7F }, as: UTF8.self)
        let fact = "A segment tag is two or three capital letters and digits; \(Self.shown(tag)) was found"
        report(
            EDIDefect(
                .x12SegmentTag, fact, range: 0..<scan.tagLength,
                hint: "the EDI segment was left out; a terminator may be missing or too many"),
            bytes, into: &sink)
    }

    mutating func takeOversized<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        summary.segments += 1
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = spot.bytes.upperBound
        report(
            EDIDefect(
                .x12SegmentSize, "The EDI segment has \(spot.bytes.count) bytes, more than \(limits.recordBytes); it was left out",
                hint: "a terminator may be missing"),
            spot, into: &sink)
    }

    /// The last segment, which has no terminator. An IEA is taken as it stands: many senders leave its terminator out.
    mutating func takeCut<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        if scan.tag == EnvelopeTag.iea { return takeSegment(bytes, at: start, into: &sink) }
        segmentStart = start
        summary.segments += 1
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = start + bytes.count
        report(
            EDIDefect(
                .x12CutSegment, "The file ends inside an EDI segment, which was left out",
                hint: "the file is cut off: ask the sender to send it again"),
            bytes, into: &sink)
    }

    // MARK: Nodes

    /// Adds the segment at hand to the innermost open node.
    mutating func addRecord<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let name = names.index(of: scan.tag, in: &arena)
        let node: Int32
        if scan.control >= 0 || scan.high >= 0 {
            node = addDecoded(name, bytes, into: &sink)
        } else {
            node = scan.add(to: &arena, name: name, ordinal: segmentOrdinal, from: segmentStart, bytes: bytes)
        }
        sink.closed(node, in: &arena)
    }

    /// The slow way, for segments with line breaks, control characters or bytes above 0x7F.
    private mutating func addDecoded<Sink: SourceSink>(
        _ name: Int32, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int32 {
        let isWrapped = interchange?.isWrapped == true
        if scan.control >= 0, !(isWrapped && ASCII.isNewline(bytes[scan.control])) { reportControl(bytes, into: &sink) }
        let isUTF8 = scan.high < 0 || String(validating: bytes, as: UTF8.self) != nil
        if !isUTF8 { reportCharset(bytes, into: &sink) }
        let node = arena.openNode(name, kind: .record, from: segmentStart, ordinal: segmentOrdinal)
        for field in scan.fields {
            decoded.removeAll(keepingCapacity: true)
            for byte in bytes[Int(field.start)..<Int(field.end)] {
                if isWrapped, ASCII.isNewline(byte) { continue }
                if byte < 0x80 || isUTF8 { decoded.append(byte) } else { Windows1252.append(byte, to: &decoded) }
            }
            decoded.withUnsafeBufferPointer {
                arena.addField(
                    element: Int(field.element), component: Int(field.component), repetition: Int(field.repetition),
                    bytes: (segmentStart + Int(field.start))..<(segmentStart + Int(field.end)), text: $0)
            }
        }
        arena.closeNode(at: segmentStart + bytes.count)
        return node
    }

    private mutating func reportControl<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let isNewline = ASCII.isNewline(bytes[scan.control])
        var element = 0
        for byte in bytes[..<scan.control] where byte == lexer.delimiters.element { element += 1 }
        report(
            EDIDefect(
                .x12ControlCharacter,
                isNewline ? "A line break stands inside an element" : "A control character stands inside an element",
                element: element > 0 ? Int32(element) : nil, range: scan.control..<(scan.control + 1),
                hint: isNewline ? "a terminator may be missing before it" : nil),
            bytes, into: &sink)
    }

    private mutating func reportCharset<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard interchange?.saidCharset == false else { return }
        interchange?.saidCharset = true
        report(
            EDIDefect(
                .x12Charset, "Bytes above 7F are not UTF-8; here and further on they were read as Windows-1252",
                range: scan.high..<(scan.high + 1)),
            bytes, into: &sink)
    }

    /// Opens a group node and tells the sink.
    @discardableResult
    mutating func open<Sink: SourceSink>(_ name: Int32, from start: Int, into sink: inout Sink) -> Int32 {
        let node = arena.openNode(name, kind: .group, from: start, ordinal: segmentOrdinal)
        sink.opened(node, in: &arena)
        return node
    }

    /// Closes the innermost group node and tells the sink.
    mutating func close<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        let node = arena.closeNode(at: end)
        sink.closed(node, in: &arena)
    }
}

/// The 8-bit character set that Windows systems send where they mean Latin 1 (WHATWG index windows-1252).
enum Windows1252 {
    /// 0x80 to 0x9F; the five bytes without a character stand for the control character of their number.
    private static let upper: [UInt16] = [
        0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
        0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
    ]

    /// Appends a byte of 0x80 or more as UTF-8.
    static func append(_ byte: UInt8, to text: inout [UInt8]) {
        let scalar = byte < 0xA0 ? upper[Int(byte) - 0x80] : UInt16(byte)
        if scalar < 0x800 {
            text.append(0xC0 | UInt8(scalar >> 6))
        } else {
            text.append(0xE0 | UInt8(scalar >> 12))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
        }
        text.append(0x80 | UInt8(scalar & 0x3F))
    }
}
