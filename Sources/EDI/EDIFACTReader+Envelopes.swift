import Diagnostics
import Formats

/// Interchanges, functional groups and messages: opening, closing, counting.
extension EDIFACTReader {
    mutating func openInterchange<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeInterchange(isCut: false, into: &sink)
        summary.interchanges += 1
        segmentOrdinal = summary.segments
        let control = trimmed(5, bytes)
        let syntax = trimmed(1, 1, bytes)
        adoptPolicy(qualifier: trimmed(2, 2, bytes), sender: trimmed(2, 1, bytes))
        open(arena.intern("interchange"), from: segmentStart, into: &sink)
        let parties = InterchangeHeader(
            standard: .edifact, senderQualifier: trimmed(2, 2, bytes), sender: trimmed(2, 1, bytes),
            receiverQualifier: trimmed(3, 2, bytes), receiver: trimmed(3, 1, bytes), controlNumber: control,
            version: syntax + ":" + trimmed(1, 2, bytes), date: trimmed(4, 1, bytes), time: trimmed(4, 2, bytes),
            requestsAcknowledgement: trimmed(9, bytes) == "1", isTest: trimmed(11, bytes) == "1",
            bytes: segmentStart..<(segmentStart + bytes.count))
        interchange = OpenEDIFACTInterchange(
            header: parties, charset: EDIFACTCharset(syntax: syntax) ?? .latin1, start: envelopeStart(bytes))
        sink.read(parties)
        checkHeader(syntax, control, bytes, into: &sink)
        addRecord(bytes, into: &sink)
        header = nil
    }

    private mutating func adoptPolicy(qualifier: String, sender: String) {
        guard !senderPolicies.isEmpty else { return }
        policy = senderPolicies[DefectSender(qualifier: qualifier, id: sender)]
            ?? senderPolicies[DefectSender(qualifier: nil, id: sender)] ?? commonPolicy
    }

    private mutating func checkHeader<Sink: SourceSink>(
        _ syntax: String, _ control: String, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        if let header {
            if !header.delimiters.areDistinct {
                report(
                    EDIDefect(.edifactDelimiters, "Two separators of the interchange are the same byte", range: 0..<3),
                    bytes, into: &sink)
            }
            if header.isUnannounced {
                report(
                    EDIDefect(
                        .edifactSeparators, "UNA does not announce the separators that the interchange has", range: 0..<3,
                        hint: "they were taken from UNB and what follows it; ask the sender for UNA"),
                    bytes, into: &sink)
            }
        }
        let version = trimmed(1, 2, bytes)
        if EDIFACTCharset(syntax: syntax) == nil || !["1", "2", "3", "4"].contains(version) {
            report(
                EDIDefect(
                    .edifactSyntax,
                    "S001 is \(Self.shown(syntax)) version \(Self.shown(version)); UNOA to UNOK or UNOW to UNOY of version 1 to 4 was expected",
                    element: 1),
                bytes, into: &sink)
        }
        for (element, name) in [(2, "sender"), (3, "recipient"), (4, "date and time"), (5, "control reference")] as [(Int32, String)]
        where scan.span(element) == nil {
            report(
                EDIDefect(.edifactHeader, "UNB has no \(name) in element \(element)", element: element), bytes, into: &sink)
        }
    }

    /// An element, or a component of one, of the segment at hand without spaces at its ends. Releases are undone.
    func trimmed(_ element: Int32, _ component: Int16? = nil, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        let text = component.map { scan.text(element, $0, in: bytes) } ?? scan.text(element, in: bytes)
        guard scan.hasReleases, let release = lexer.delimiters.release else { return text }
        var isReleased = false
        return String(decoding: text.utf8.filter { byte in
            if !isReleased, byte == release {
                isReleased = true
                return false
            }
            isReleased = false
            return true
        }, as: UTF8.self)
    }

    func trimmed(_ element: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> String { trimmed(element, nil, bytes) }

    // MARK: UNG, UNH

    mutating func openGroup<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        summary.groups += 1
        interchange?.groups += 1
        segmentOrdinal = summary.segments
        open(arena.intern("functionalGroup"), from: segmentStart, into: &sink)
        let header = FunctionalGroupHeader(
            identifier: trimmed(1, bytes), sender: trimmed(2, 1, bytes), receiver: trimmed(3, 1, bytes), controlNumber: trimmed(5, bytes),
            agency: trimmed(6, bytes), version: trimmed(7, 1, bytes) + trimmed(7, 2, bytes),
            bytes: segmentStart..<(segmentStart + bytes.count))
        group = OpenGroup(header: header, start: envelopeStart(bytes))
        sink.began(header)
        addRecord(bytes, into: &sink)
    }

    mutating func openMessage<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeMessage(isCut: false, into: &sink)
        let reference = trimmed(1, bytes), identifier = trimmed(2, 1, bytes)
        let message = MessageIdentifier(
            type: identifier, version: trimmed(2, 2, bytes), release: trimmed(2, 3, bytes), agency: trimmed(2, 4, bytes),
            association: trimmed(2, 5, bytes))
        // D:96A:UN:EAN008 is D96A/EAN008: mappings and structures look at its beginning.
        let version = message.version + message.release + (message.association.isEmpty ? "" : "/" + message.association)
        summary.transactionSets += 1
        interchange?.messages += 1
        group?.transactionSets += 1
        segmentOrdinal = 1
        open(nameOfMessage(identifier), from: segmentStart, into: &sink)
        let header = TransactionSetHeader(
            identifier: identifier, version: version, controlNumber: reference, reference: trimmed(3, bytes), message: message,
            bytes: segmentStart..<(segmentStart + bytes.count))
        transactionSet = OpenTransactionSet(header: header, start: envelopeStart(bytes), segments: 1)
        sink.began(header)
        if interchange == nil || (group == nil && interchange?.groups ?? 0 > 0) {
            report(
                EDIDefect(
                    .edifactOutsideEnvelope, "UNH stands outside a functional group; UNG was expected before it", range: 0..<3),
                bytes, into: &sink)
        }
        if reference.isEmpty || identifier.isEmpty {
            let element: Int32 = reference.isEmpty ? 1 : 2
            report(
                EDIDefect(
                    .edifactMessageHeader,
                    "UNH has no \(element == 1 ? "message reference (0062)" : "message type (0065)")", element: element),
                bytes, into: &sink)
        }
        startMatching(bytes, into: &sink)
        addRecord(bytes, into: &sink)
    }

    /// Types are interned as node names, so what is not up to six letters or digits shares one name.
    private mutating func nameOfMessage(_ identifier: String) -> Int32 {
        if setName.name >= 0, setName.identifier == identifier { return setName.name }
        let count = identifier.utf8.count
        let isPlain = count > 2 && count <= 6 && identifier.utf8.allSatisfy(ASCII.isAlphanumeric)
        setName = (identifier, arena.intern(isPlain ? identifier : "transactionSet"))
        return setName.name
    }

    // MARK: UNT, UNE, UNZ

    mutating func takeUNT<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        transactionSet?.segments += 1
        guard let set = transactionSet else { return takeOutside(bytes, "UNT", "an open message", into: &sink) }
        segmentOrdinal = set.segments
        finishMatching(bytes, into: &sink)
        let declared = trimmed(1, bytes), reference = trimmed(2, bytes)
        let said = trailer(declared, set.segments, reference, reference == set.controlNumber, bytes)
        transactionSet?.trailer = said
        if Int(declared) != set.segments {
            report(
                EDIDefect(
                    .edifactSegmentCount, "UNT declares \(Self.shown(declared)) EDI segments; \(set.segments) were read", element: 1,
                    hint: "ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other messages"),
                bytes, into: &sink)
        }
        if reference != set.controlNumber {
            report(
                EDIDefect(
                    .edifactMessageReference,
                    "The reference in UNT is \(Self.shown(reference)); in UNH it is \(Self.shown(set.controlNumber))", element: 2),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
        endMessage(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeUNE<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeMessage(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let group else { return takeOutside(bytes, "UNE", "an open functional group", into: &sink) }
        let declared = trimmed(1, bytes), reference = trimmed(2, bytes)
        let said = trailer(declared, group.transactionSets, reference, reference == group.controlNumber, bytes)
        self.group?.trailer = said
        if Int(declared) != group.transactionSets {
            report(
                EDIDefect(
                    .edifactMessageCount, "UNE declares \(Self.shown(declared)) messages; \(group.transactionSets) were read",
                    element: 1, hint: "ask the sender whether messages were lost"),
                bytes, into: &sink)
        }
        if reference != group.controlNumber {
            report(
                EDIDefect(
                    .edifactGroupReference,
                    "The reference in UNE is \(Self.shown(reference)); in UNG it is \(Self.shown(group.controlNumber))", element: 2),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
        endGroup(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeUNZ<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let open = interchange else { return }
        let declared = trimmed(1, bytes), reference = trimmed(2, bytes)
        let count = open.groups > 0 ? open.groups : open.messages
        let said = trailer(declared, count, reference, reference == open.controlNumber, bytes)
        interchange?.trailer = said
        if Int(declared) != count {
            let what = open.groups > 0 ? "functional groups" : "messages"
            report(
                EDIDefect(
                    .edifactInterchangeCount, "UNZ declares \(Self.shown(declared)) \(what); \(count) were read", element: 1,
                    hint: "ask the sender whether \(what) were lost"),
                bytes, into: &sink)
        }
        if reference != open.controlNumber {
            report(
                EDIDefect(
                    .edifactInterchangeReference,
                    "The reference in UNZ is \(Self.shown(reference)); in UNB it is \(Self.shown(open.controlNumber))", element: 2),
                bytes, into: &sink)
        }
        if open.messages == 0 {
            report(EDIDefect(.edifactNoMessages, "The interchange holds no message"), bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
        endInterchange(at: segmentStart + bytes.count, into: &sink)
    }

    private func trailer(
        _ declared: String, _ count: Int, _ reference: String, _ isSame: Bool, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> EnvelopeTrailer {
        EnvelopeTrailer(
            declaredCount: declared, isCountRight: Int(declared) == count, controlNumber: reference, isControlNumberRight: isSame,
            bytes: segmentStart..<(segmentStart + bytes.count))
    }

    static func shown(_ text: String) -> String { X12Reader.shown(text) }

    // MARK: Closing what is open

    mutating func closeMessage<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        report(
            EDIDefect(
                .edifactMissingUNT, "Message \(Self.shown(set.controlNumber)) has no UNT; \(set.segments) EDI segments were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            set.start, into: &sink)
        abandonMatching(into: &sink)
        endMessage(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeGroup<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeMessage(isCut: isCut, into: &sink)
        guard let group else { return }
        report(
            EDIDefect(
                .edifactMissingUNE,
                "Functional group \(Self.shown(group.controlNumber)) has no UNE; \(group.transactionSets) messages were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            group.start, into: &sink)
        endGroup(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeInterchange<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeGroup(isCut: isCut, into: &sink)
        guard let open = interchange else { return }
        report(
            EDIDefect(
                .edifactMissingUNZ, "Interchange \(Self.shown(open.controlNumber)) has no UNZ; \(open.messages) messages were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            open.start, into: &sink)
        if open.messages == 0 {
            report(EDIDefect(.edifactNoMessages, "The interchange holds no message"), open.start, into: &sink)
        }
        endInterchange(at: lastSegmentEnd, into: &sink)
    }

    private mutating func endMessage<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        transactionSet = nil
        close(at: end, into: &sink)
        if !set.isRejected {
            group?.accepted += 1
            interchange?.accepted += 1
        }
        sink.ended(set.summary)
    }

    private mutating func endGroup<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let ended = group else { return }
        group = nil
        close(at: end, into: &sink)
        sink.ended(ended.summary)
    }

    private mutating func endInterchange<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        guard let ended = interchange else { return }
        interchange = nil
        close(at: end, into: &sink)
        sink.ended(ended.summary)
        lexer.leaveInterchange()
    }
}
