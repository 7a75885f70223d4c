import Diagnostics
import Formats

/// Interchanges, functional groups and transaction sets: opening, counting, closing.
extension EDIReader {
    mutating func openInterchange<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeInterchange(isCut: false, into: &sink)
        summary.interchanges += 1
        segmentOrdinal = summary.segments
        let parties = interchangeHeader(bytes)
        adoptPolicy(qualifier: parties.senderQualifier, sender: parties.sender)
        open(arena.intern("interchange"), from: segmentStart, into: &sink)
        interchange = OpenInterchange(
            header: parties, start: envelopeStart(bytes), charset: declaredCharset(bytes), isWrapped: header?.isWrapped ?? false)
        sink.read(parties)
        checkInterchangeHeader(bytes, into: &sink)
        addRecord(bytes, into: &sink)
        if let header { scan.adopt(header.delimiters) }
        header = nil
    }

    private mutating func adoptPolicy(qualifier: String, sender: String) {
        self.sender = DefectSender(qualifier: qualifier, id: sender)
        guard !senderPolicies.isEmpty else { return }
        policy = senderPolicies[DefectSender(qualifier: qualifier, id: sender)]
            ?? senderPolicies[DefectSender(qualifier: nil, id: sender)] ?? commonPolicy
    }

    mutating func openGroup<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        summary.groups += 1
        interchange?.groups += 1
        segmentOrdinal = summary.segments
        open(arena.intern("functionalGroup"), from: segmentStart, into: &sink)
        let header = groupHeader(bytes)
        group = OpenGroup(header: header, start: envelopeStart(bytes), isRejected: interchange?.isRejected == true)
        sink.began(header)
        if standard == .x12 { checkGS(bytes, into: &sink) }
        addRecord(bytes, into: &sink)
    }

    mutating func openTransactionSet<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeTransactionSet(isCut: false, into: &sink)
        let header = setHeader(bytes)
        summary.transactionSets += 1
        interchange?.transactionSets += 1
        group?.transactionSets += 1
        segmentOrdinal = 1
        open(nameOfSet(header.identifier), from: segmentStart, into: &sink)
        transactionSet = OpenTransactionSet(
            header: header, start: envelopeStart(bytes), depth: arena.openNodes.count, segments: 1,
            isRejected: group?.isRejected == true || interchange?.isRejected == true)
        sink.began(header)
        // Where groups are used, a set stands in one; in X12 they always are.
        if group == nil, standard == .x12 || standard == .edifact && interchange?.groups ?? 0 > 0 {
            report(
                EDIDefect(
                    dialect[.outsideEnvelope],
                    "\(dialect.transactionSet.headerTag) stands outside a functional group; \(dialect.group.headerTag) was expected before it",
                    range: 0..<scan.tagLength),
                bytes, into: &sink)
        }
        checkSetHeader(bytes, into: &sink)
        startMatching(bytes, into: &sink)
        addRecord(bytes, into: &sink)
    }

    // MARK: Trailers

    mutating func takeSetTrailer<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        transactionSet?.segments += 1
        guard let segments = transactionSet?.segments, let number = transactionSet?.controlNumber else {
            return takeOutside(bytes, "an open \(dialect.noun)", into: &sink)
        }
        segmentOrdinal = segments
        finishMatching(bytes, into: &sink)
        let trailer = checkTrailer(dialect.transactionSet, dialect.transactionSet.contents, segments, number, bytes, into: &sink)
        transactionSet?.trailer = trailer
        addRecord(bytes, into: &sink)
        endTransactionSet(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeGroupTrailer<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeTransactionSet(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let open = group else {
            return takeOutside(bytes, "an open \(dialect.group.noun.lowercased())", into: &sink)
        }
        let kind = dialect.group
        let trailer = checkTrailer(kind, kind.contents, open.transactionSets, open.controlNumber, bytes, into: &sink)
        group?.trailer = trailer
        addRecord(bytes, into: &sink)
        endGroup(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeInterchangeTrailer<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let open = interchange else { return }
        let (count, contents) = counted(open)
        let trailer = checkTrailer(dialect.interchange, contents, count, open.controlNumber, bytes, into: &sink)
        interchange?.trailer = trailer
        if open.transactionSets == 0 {
            emit(
                EDIDefect(dialect[.noTransactionSets], emptyFact(open)), at: position(0..<bytes.count, bytes),
                excerpt: excerpt(bytes, range: 0..<bytes.count), isNote: open.acknowledgements > 0, into: &sink)
        }
        if standard == .tradacoms { checkReconciled(bytes, into: &sink) }
        addRecord(bytes, into: &sink)
        endInterchange(at: segmentStart + bytes.count, into: &sink)
    }

    /// What the trailer of an interchange counts. UNZ counts groups, and messages where there are none.
    private func counted(_ open: OpenInterchange) -> (count: Int, contents: String) {
        switch standard {
        case .x12: (open.groups, dialect.interchange.contents)
        case .edifact where open.groups > 0: (open.groups, "functional groups")
        case .edifact, .tradacoms: (open.transactionSets, dialect.interchange.contents)
        }
    }

    private func emptyFact(_ open: OpenInterchange) -> String {
        open.acknowledgements > 0
            ? "The interchange holds \(open.acknowledgements) TA1 and no \(dialect.noun)" : "The interchange holds no \(dialect.noun)"
    }

    /// Compares the count and the control number of a trailer, elements 1 and 2 of each, with what was read.
    private mutating func checkTrailer<Sink: SourceSink>(
        _ kind: EnvelopeKind, _ contents: String, _ count: Int, _ expected: String, _ bytes: UnsafeBufferPointer<UInt8>,
        into sink: inout Sink
    ) -> EnvelopeTrailer {
        let declared = text(1, bytes), control = kind.numbers == nil ? "" : text(2, bytes)
        let isCountRight = Int(declared) == count, isSame = kind.numbers == nil || kind.isSame(control, expected)
        if !isCountRight {
            report(
                EDIDefect(
                    kind.count, "\(kind.countName) declares \(Self.shown(declared)) \(contents); \(count) were read", element: 1,
                    hint: kind.countHint),
                bytes, into: &sink)
        }
        if let names = kind.numbers, let code = kind.control, !isSame {
            report(
                EDIDefect(
                    code, "\(names.trailer) is \(Self.shown(control)); \(names.header) is \(Self.shown(expected))", element: 2),
                bytes, into: &sink)
        }
        return EnvelopeTrailer(
            declaredCount: declared, isCountRight: isCountRight, controlNumber: control, isControlNumberRight: isSame,
            bytes: segmentStart..<(segmentStart + bytes.count))
    }

    /// A value as a fact quotes it.
    static func shown(_ text: String) -> String { text.isEmpty ? "nothing" : String(text.prefix(40)) }

    // MARK: Closing what is open

    mutating func closeTransactionSet<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        guard transactionSet != nil else { return }
        closeOpenSet(isCut: isCut, into: &sink)
    }

    @inline(never)
    private mutating func closeOpenSet<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        reportMissing(dialect.transactionSet, "\(set.segments) EDI segments", set.controlNumber, set.start, isCut, into: &sink)
        abandonMatching(into: &sink)
        endTransactionSet(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeGroup<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeTransactionSet(isCut: isCut, into: &sink)
        guard group != nil else { return }
        closeOpenGroup(isCut: isCut, into: &sink)
    }

    private mutating func closeOpenGroup<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        guard let group else { return }
        let read = "\(group.transactionSets) \(dialect.group.contents)"
        reportMissing(dialect.group, read, group.controlNumber, group.start, isCut, into: &sink)
        endGroup(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeInterchange<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeGroup(isCut: isCut, into: &sink)
        guard let open = interchange else { return }
        let (count, contents) = counted(open)
        reportMissing(dialect.interchange, "\(count) \(contents)", open.controlNumber, open.start, isCut, into: &sink)
        if open.transactionSets == 0 {
            report(
                EDIDefect(dialect[.noTransactionSets], emptyFact(open)), open.start, isNote: open.acknowledgements > 0, into: &sink)
        }
        endInterchange(at: lastSegmentEnd, into: &sink)
    }

    private mutating func reportMissing<Sink: SourceSink>(
        _ kind: EnvelopeKind, _ read: String, _ number: String, _ start: EnvelopeStart, _ isCut: Bool, into sink: inout Sink
    ) {
        report(
            EDIDefect(
                kind.missingTrailer, "\(kind.noun) \(Self.shown(number)) has no \(kind.trailerTag); \(read) were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            start, into: &sink)
    }

    private mutating func endTransactionSet<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let set = transactionSet.take() else { return }
        close(at: end, into: &sink)
        if !set.isRejected {
            group?.accepted += 1
            interchange?.accepted += 1
        }
        sink.ended(set.summary)
    }

    private mutating func endGroup<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let ended = group.take() else { return }
        if ended.isRejected { interchange?.accepted -= ended.accepted }
        close(at: end, into: &sink)
        sink.ended(ended.summary)
    }

    private mutating func endInterchange<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let ended = interchange.take() else { return }
        close(at: end, into: &sink)
        sink.ended(ended.summary)
        lexer.leaveInterchange()
    }
}
