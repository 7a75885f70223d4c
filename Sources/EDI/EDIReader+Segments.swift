import Diagnostics
import Formats

/// What happens to each EDI segment.
extension EDIReader {
    /// Takes the segment that was just scanned.
    mutating func takeSegment<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        summary.segments += 1
        segmentStart = start
        let tag = scan.tag
        if tag != 0, !tags.mayContain(tag) {
            takeOrdinary(bytes, into: &sink)
        } else if tag == tags.set {
            openTransactionSet(bytes, into: &sink)
        } else if tag == tags.setTrailer {
            takeSetTrailer(bytes, into: &sink)
        } else if tag == tags.group {
            openGroup(bytes, into: &sink)
        } else if tag == tags.groupTrailer {
            takeGroupTrailer(bytes, into: &sink)
        } else if tag == tags.interchangeTrailer {
            takeInterchangeTrailer(bytes, into: &sink)
        } else if tag == tags.interchange, header != nil || standard == .edifact {
            openInterchange(bytes, into: &sink)
        } else if tag == 0 {
            takeInvalidTag(bytes, into: &sink)
        } else {
            takeOrdinary(bytes, into: &sink)
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
        if let rules = loops.elementRules,
            !rules.hold(scan.tag, scan.fields, bytes, isPlain: scan.high < 0 && scan.control < 0 && !scan.hasReleases) {
            checkElements(bytes, into: &sink)
        }
        if scan.isOverfull {
            report(
                EDIDefect(dialect[.fieldCount], "The EDI segment has more than \(limits.fields) fields; the rest was left out"),
                bytes, into: &sink)
        }
        if scan.tag == EnvelopeTag.rsg, standard == .tradacoms { checkReconciliation(bytes, into: &sink) }
        addRecord(bytes, into: &sink)
    }

    /// A segment of an interchange and of no transaction set: TA1 belongs there, nothing else does.
    private mutating func takeBetween<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        segmentOrdinal = summary.segments
        if scan.tag == EnvelopeTag.ta1, standard == .x12 {
            interchange?.acknowledgements += 1
            if group == nil { return addRecord(bytes, into: &sink) }
        }
        takeOutside(bytes, dialect.transactionSet.headerTag, into: &sink)
    }

    /// - Parameter missing: what should have come before.
    mutating func takeOutside<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ missing: String, into sink: inout Sink
    ) {
        segmentOrdinal = summary.segments
        report(
            EDIDefect(
                dialect[.outsideEnvelope],
                "\(EnvelopeTag.text(scan.tag)) stands outside its envelope; \(missing) was expected before it", range: 0..<scan.tagLength),
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
                dialect[.segmentTag], "A segment tag is \(dialect.tagRule); \(Self.shown(tag)) was found", range: 0..<scan.tagLength,
                hint: dialect.tagHint),
            bytes, into: &sink)
        settleLeftOut()
    }

    mutating func takeOversized<Sink: SourceSink>(_ spot: SourceSpot, into sink: inout Sink) {
        summary.segments += 1
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = spot.bytes.upperBound
        report(
            EDIDefect(
                dialect[.segmentSize], "The EDI segment has \(spot.bytes.count) bytes, more than \(limits.recordBytes); it was left out",
                hint: "a terminator may be missing"),
            spot, into: &sink)
    }

    /// The last segment, which has no terminator. The trailer of an interchange is taken as it stands: many senders leave its
    /// terminator out.
    mutating func takeCut<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, at start: Int, into sink: inout Sink
    ) {
        if scan.tag == tags.interchangeTrailer { return takeSegment(bytes, at: start, into: &sink) }
        // A header that is cut is an interchange all the same, or the file would seem to hold none.
        if scan.tag == tags.interchange, header != nil || standard == .edifact {
            takeSegment(bytes, at: start, into: &sink)
        } else {
            summary.segments += 1
        }
        segmentStart = start
        transactionSet?.segments += 1
        segmentOrdinal = transactionSet?.segments ?? summary.segments
        lastSegmentEnd = start + bytes.count
        report(
            EDIDefect(
                dialect[.cutSegment], "The file ends inside an EDI segment, which was left out",
                hint: "the file is cut off: ask the sender to send it again"),
            bytes, into: &sink)
        settleLeftOut()
    }
}
