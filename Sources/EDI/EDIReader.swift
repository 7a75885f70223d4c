package import Formats

/// Reads interchanges of X12, EDIFACT (ISO 9735, syntax 1 to 4) and TRADACOMS: delimiters from the header, envelopes with their
/// counts and control numbers, loops by structure. What a standard has of its own is in ``EDIDialect`` and in its extension of
/// this type; all else is one.
///
/// Nodes: `interchange` (group) > `functionalGroup` where there is one > the transaction set by its identifier (`850`, `ORDERS`) >
/// loops by their id > EDI segments (records named by tag, those of envelopes among them) with elements, components and
/// repetitions. Empty elements and components have no field. Releases are undone in texts; bytes are those of the file. After
/// any defect reading goes on at the next EDI segment.
package struct EDIReader: SourceReader {
    package let standard: EDIStandard
    /// The path that diagnostics name.
    package let file: String?
    package let limits: ReadLimits
    /// What holds for the sender of the interchange at hand.
    package internal(set) var policy: DefectPolicy
    package let structures: TransactionStructures
    /// What is in memory of the document.
    package internal(set) var arena = SourceArena()
    package internal(set) var summary: SourceSummary

    /// What holds where a sender has no policy of its own.
    let commonPolicy: DefectPolicy
    let senderPolicies: [DefectSender: DefectPolicy]
    let dialect: EDIDialect
    let tags: EnvelopeTags
    var lexer: EDILexer
    var scan = SegmentScan()
    /// The header whose segment comes next.
    var header: EDIHeader?
    var interchange: OpenInterchange?
    var group: OpenGroup?
    var transactionSet: OpenTransactionSet?
    /// Of the interchange at hand.
    var sender: DefectSender?
    var loops = LoopForming()
    var aside = SettingAside()
    var names = NodeNames()
    /// The identifier of the last transaction set, and the name of its node.
    var setName: (identifier: String, name: Int32) = ("", -1)
    /// EDI segment that is being handled: its bytes' offset in the file and its number.
    var segmentStart = 0
    var segmentOrdinal = 0
    var lastSegmentEnd = 0
    var decoded: [UInt8] = []
    private var isOverDocumentSize = false

    /// - Parameters:
    ///   - file: the path that diagnostics name.
    ///   - policy: what defects weigh and reject; `senders` have their own.
    ///   - structures: of the transaction sets that are to be read with their loops; others are read flat.
    package init(
        _ standard: EDIStandard, file: String? = nil, limits: ReadLimits = ReadLimits(), policy: DefectPolicy = .standard,
        senders: [DefectSender: DefectPolicy] = [:], structures: TransactionStructures = TransactionStructures()
    ) {
        self.standard = standard
        self.file = file
        self.limits = limits
        self.policy = policy
        self.structures = structures
        commonPolicy = policy
        senderPolicies = senders
        dialect = EDIDialect.of(standard)
        tags = EnvelopeTags(dialect)
        lexer = EDILexer(standard)
        summary = SourceSummary(format: standard.rawValue)
    }

    /// The standard that the first bytes of a file look like: its header after nothing but blanks or a byte order mark.
    package static func recognised(head: [UInt8]) -> EDIStandard? {
        if X12Probe.recognises(head: head) { return .x12 }
        if EDIFACTProbe.recognises(head: head) { return .edifact }
        return TRADACOMSProbe.recognises(head: head) ? .tradacoms : nil
    }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes
        let room = max(0, limits.documentBytes - summary.bytes)
        if rest.count > room {
            rest = UnsafeBufferPointer(rebasing: rest[..<room])
            isOverDocumentSize = true
        }
        summary.bytes += rest.count
        drainHeld(&rest, into: &sink)
        guard lexer.held.isEmpty, !rest.isEmpty else { return }
        let used = handle(rest, isFinal: false, isPiece: false, into: &sink)
        lexer.held.append(contentsOf: rest[used...])
    }

    /// Goes on with the piece of an EDI segment that the last bytes ended in, in small steps, so that a long read is
    /// not copied.
    private mutating func drainHeld<Sink: SourceSink>(
        _ rest: inout UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        while !lexer.held.isEmpty, !rest.isEmpty {
            let step = min(rest.count, 4096)
            var held = lexer.held
            lexer.held = []
            let before = held.count
            held.append(contentsOf: rest[..<step])
            let used = held.withUnsafeBufferPointer { handle($0, isFinal: false, isPiece: true, into: &sink) }
            if used >= before {
                rest = UnsafeBufferPointer(rebasing: rest[(used - before)...])
                held.removeAll(keepingCapacity: true)
            } else {
                rest = UnsafeBufferPointer(rebasing: rest[step...])
                held.removeFirst(used)
            }
            lexer.held = held
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        let held = lexer.held
        lexer.held = []
        _ = held.withUnsafeBufferPointer { handle($0, isFinal: true, isPiece: true, into: &sink) }
        if isOverDocumentSize { reportDocumentSize(into: &sink) }
        closeInterchange(isCut: true, into: &sink)
        if summary.interchanges == 0 {
            reportNoInterchange(into: &sink)
        } else {
            reportJunk(into: &sink)
        }
        return summary
    }

    /// Handles the tokens that a buffer holds whole, and gives how many of its bytes are done with. A piece of a segment
    /// that grows from buffer to buffer is not split before its terminator is there.
    private mutating func handle<Sink: SourceSink>(
        _ buffer: UnsafeBufferPointer<UInt8>, isFinal: Bool, isPiece: Bool, into sink: inout Sink
    ) -> Int {
        scan.forget()
        while true {
            if !isPiece { takePlainSegments(buffer, into: &sink) }
            switch lexer.next(in: buffer, isFinal: isFinal, limits: limits) {
            case .needsMore:
                return lexer.takeConsumed()
            case .byteOrderMark:
                reportByteOrderMark(into: &sink)
            case .header(let found):
                reportJunk(into: &sink)
                enter(found, in: buffer, into: &sink)
            case .unreadableHeader(let spot):
                reportUnreadableHeader(spot, into: &sink)
            case .segment(let range):
                let bytes = UnsafeBufferPointer(rebasing: buffer[range])
                scan.scan(bytes, fieldsMax: limits.fields)
                takeSegment(bytes, at: lexer.offset + range.lowerBound, into: &sink)
                lexer.passSegment(range.lowerBound, range.upperBound, in: buffer, scan: scan)
            case .binary(let range, let data, let element):
                let bytes = UnsafeBufferPointer(rebasing: buffer[range])
                scan.takeBinary(
                    bytes, dataFrom: data - range.lowerBound, dataElement: element, element: lexer.delimiters.element)
                takeSegment(bytes, at: lexer.offset + range.lowerBound, into: &sink)
                lexer.passSegment(range.lowerBound, range.upperBound, in: buffer, scan: scan)
            case .empty(let spot):
                reportEmptySegment(spot, into: &sink)
            case .indented(let spot):
                reportIndented(spot, into: &sink)
            case .oversized(let spot):
                takeOversized(spot, into: &sink)
            case .binaryLength(let spot):
                reportBinaryLength(spot, into: &sink)
            case .cut(let range):
                let bytes = UnsafeBufferPointer(rebasing: buffer[range])
                scan.scan(bytes, fieldsMax: limits.fields)
                takeCut(bytes, at: lexer.offset + range.lowerBound, into: &sink)
                lexer.passRest(buffer)
            }
        }
    }

    /// A header was found: what is open ends, and segments are split by its delimiters from its own on.
    private mutating func enter<Sink: SourceSink>(
        _ found: EDIHeader, in buffer: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        closeInterchange(isCut: false, into: &sink)
        lexer.enterInterchange(found, in: buffer)
        scan.adopt(found.end == nil ? found.delimiters : .header(element: found.delimiters.element))
        header = found
    }

    /// Takes EDI segments for as long as they are plain: no header, no binary data, no blanks but one line break between.
    private mutating func takePlainSegments<Sink: SourceSink>(
        _ buffer: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        while let start = lexer.plainStart(in: buffer) {
            guard let end = scan.scan(buffer, from: start, fieldsMax: limits.fields), end - start <= limits.recordBytes
            else { return }
            takeSegment(UnsafeBufferPointer(rebasing: buffer[start..<end]), at: lexer.offset + start, into: &sink)
            lexer.passSegment(start, end, in: buffer, scan: scan)
        }
    }
}
