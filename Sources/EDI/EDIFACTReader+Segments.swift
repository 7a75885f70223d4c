import Diagnostics
import Formats

/// What happens to each EDI segment.
extension EDIFACTReader {
    /// Takes the segment that was just scanned.
    mutating func takeSegment<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        summary.segments += 1
        segmentStart = start
        switch scan.tag {
        case EnvelopeTag.unh: openMessage(bytes, into: &sink)
        case EnvelopeTag.unt: takeUNT(bytes, into: &sink)
        case EnvelopeTag.unb: openInterchange(bytes, into: &sink)
        case EnvelopeTag.ung: openGroup(bytes, into: &sink)
        case EnvelopeTag.une: takeUNE(bytes, into: &sink)
        case EnvelopeTag.unz: takeUNZ(bytes, into: &sink)
        case 0: takeInvalidTag(bytes, into: &sink)
        default: takeOrdinary(bytes, into: &sink)
        }
        lastSegmentEnd = start + bytes.count
    }

    private mutating func takeOrdinary<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard transactionSet != nil else {
            return takeOutside(bytes, EnvelopeTag.text(scan.tag), "UNH", into: &sink)
        }
        transactionSet!.segments += 1
        segmentOrdinal = transactionSet!.segments
        if loops.isActive { match(bytes, into: &sink) }
        if scan.isOverfull {
            report(
                EDIDefect(.edifactFieldCount, "The EDI segment has more than \(limits.fields) fields; the rest was left out"),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
    }

    mutating func takeOutside<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ tag: String, _ missing: String, into sink: inout Sink
    ) {
        segmentOrdinal = summary.segments
        report(
            EDIDefect(
                .edifactOutsideEnvelope, "\(tag) stands outside its envelope; \(missing) was expected before it",
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
        report(
            EDIDefect(
                .edifactSegmentTag, "A segment tag is three capital letters and digits; \(Self.shown(tag)) was found",
                range: 0..<scan.tagLength,
                hint: "the EDI segment was left out; a terminator may be missing or too many, or a release character missing"),
            bytes, into: &sink)
    }

    mutating func takeOversized<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        summary.segments += 1
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = spot.bytes.upperBound
        report(
            EDIDefect(
                .edifactSegmentSize, "The EDI segment has \(spot.bytes.count) bytes, more than \(limits.recordBytes); it was left out",
                hint: "a terminator may be missing"),
            spot, into: &sink)
    }

    /// The last segment, which has no terminator. A UNZ is taken as it stands: many senders leave its terminator out.
    mutating func takeCut<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        if scan.tag == EnvelopeTag.unz { return takeSegment(bytes, at: start, into: &sink) }
        // A UNB that is cut is an interchange all the same, or the file would seem to hold none.
        if scan.tag == EnvelopeTag.unb { takeSegment(bytes, at: start, into: &sink) } else { summary.segments += 1 }
        segmentStart = start
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = start + bytes.count
        report(
            EDIDefect(
                .edifactCutSegment, "The file ends inside an EDI segment, which was left out",
                hint: "the file is cut off: ask the sender to send it again"),
            bytes, into: &sink)
    }

    // MARK: Nodes

    /// Adds the segment at hand to the innermost open node.
    mutating func addRecord<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let name = names.index(of: scan.tag, in: &arena)
        let node: Int32
        if scan.hasReleases || scan.control >= 0 || scan.high >= 0 {
            node = addDecoded(name, bytes, into: &sink)
        } else {
            node = scan.add(to: &arena, name: name, ordinal: segmentOrdinal, from: segmentStart, bytes: bytes)
        }
        sink.closed(node, in: &arena)
    }

    /// The slow way, for segments with releases, control characters or bytes above 0x7F.
    private mutating func addDecoded<Sink: SourceSink>(
        _ name: Int32, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int32 {
        if scan.control >= 0 { reportControl(bytes, into: &sink) }
        let charset = scan.high >= 0 ? charset(of: bytes, into: &sink) : .ascii
        let release = lexer.delimiters.release
        let node = arena.openNode(name, kind: .record, from: segmentStart, ordinal: segmentOrdinal)
        for field in scan.fields {
            decoded.removeAll(keepingCapacity: true)
            var isReleased = false
            for byte in bytes[Int(field.start)..<Int(field.end)] {
                if !isReleased, byte == release {
                    isReleased = true
                    continue
                }
                isReleased = false
                charset.append(byte, to: &decoded)
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

    /// The character set that the segment at hand really has: what UNB declares, unless its bytes show another.
    private mutating func charset<Sink: SourceSink>(
        of bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> EDIFACTCharset {
        let declared = interchange?.charset ?? .latin1
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        let actual = declared.actual(of: bytes, isUTF8: isUTF8)
        guard actual != declared, interchange?.saidCharset != true else { return actual }
        interchange?.saidCharset = true
        report(
            EDIDefect(
                .edifactCharset,
                "UNB declares \(declared.name), and bytes above 7F are not of it; here they were read as \(actual.name)",
                range: scan.high..<(scan.high + 1), hint: "ask the sender to declare what is sent"),
            bytes, into: &sink)
        return actual
    }

    private mutating func reportControl<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let isNewline = ASCII.isNewline(bytes[scan.control])
        let field = scan.fields.first { $0.end > Int32(scan.control) }
        report(
            EDIDefect(
                .edifactControlCharacter,
                isNewline ? "A line break stands inside an element" : "A control character stands inside an element",
                element: field?.element, component: field.flatMap { $0.component > 0 ? $0.component : nil },
                range: scan.control..<(scan.control + 1), hint: isNewline ? "a terminator may be missing before it" : nil),
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
