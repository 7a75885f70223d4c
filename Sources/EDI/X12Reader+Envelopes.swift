import Diagnostics
import Formats

/// Interchanges, functional groups and transaction sets: opening, closing, counting.
extension X12Reader {
    mutating func openInterchange<Sink: SourceSink>(
        _ header: X12Header, in buffer: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let start = lexer.offset + header.elements[0].lowerBound - 4
        closeInterchange(isCut: false, into: &sink)
        let first = header.elements[0].lowerBound - 4
        let bytes = UnsafeBufferPointer(rebasing: buffer[first..<header.end])
        scan.adopt(ScanDelimiters(element: header.delimiters.element))
        scan.scan(bytes, fieldsMax: 64)
        summary.interchanges += 1
        summary.segments += 1
        segmentStart = start
        segmentOrdinal = summary.segments
        let control = trimmed(13, bytes)
        adoptPolicy(qualifier: trimmed(5, bytes), sender: trimmed(6, bytes))
        open(arena.intern("interchange"), from: start, into: &sink)
        let parties = InterchangeHeader(
            standard: .x12, senderQualifier: trimmed(5, bytes), sender: trimmed(6, bytes),
            receiverQualifier: trimmed(7, bytes), receiver: trimmed(8, bytes), controlNumber: control, version: trimmed(12, bytes),
            date: trimmed(9, bytes), time: trimmed(10, bytes), requestsAcknowledgement: trimmed(14, bytes) == "1",
            isTest: trimmed(15, bytes) == "T", bytes: start..<(start + bytes.count))
        interchange = OpenInterchange(header: parties, start: envelopeStart(bytes), isWrapped: header.isWrapped)
        lexer.adopt(header.delimiters)
        sink.read(parties)
        reportHeader(header, bytes, into: &sink)
        addRecord(bytes, into: &sink)
        lexer.enterInterchange(header, in: buffer)
        scan.adopt(header.delimiters.scan)
    }

    private mutating func adoptPolicy(qualifier: String, sender: String) {
        guard !senderPolicies.isEmpty else { return }
        policy = senderPolicies[DefectSender(qualifier: qualifier, id: sender)]
            ?? senderPolicies[DefectSender(qualifier: nil, id: sender)] ?? commonPolicy
    }

    private mutating func reportHeader<Sink: SourceSink>(
        _ header: X12Header, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        if scan.elements != 16 {
            report(
                EDIDefect(
                    .x12HeaderElements, "ISA has \(scan.elements) elements; 16 were expected", range: 0..<3,
                    hint: "sender, receiver and control number may be read from the wrong elements"),
                bytes, into: &sink)
        } else {
            reportWidth(bytes, into: &sink)
        }
        if header.isWrapped {
            report(
                EDIDefect(
                    .x12Wrapped, "Line breaks stand inside ISA; the file is broken at a fixed width, and they were removed",
                    range: 0..<3, hint: "ask the sender not to wrap lines"),
                bytes, into: &sink)
        }
        if !header.delimiters.areDistinct {
            report(
                EDIDefect(.x12Delimiters, "Two delimiters that ISA declares are the same byte", range: 0..<3),
                bytes, into: &sink)
        } else if header.delimiters.terminatorLength > 1 {
            report(
                EDIDefect(
                    .x12Terminator, "The terminator is a UTF-8 character of several bytes",
                    range: bytes.count..<bytes.count, hint: "ask the sender for a terminator of one byte"),
                bytes, into: &sink)
        }
    }

    private mutating func reportWidth<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        var wrong: [Int32] = [], width = 0
        for (index, expected) in X12Header.widths.enumerated() {
            let range = elementRange(Int32(index + 1), nil, bytes)
            let count = bytes[range].lazy.filter { !ASCII.isNewline($0) }.count
            width += count
            if count != expected { wrong.append(Int32(index + 1)) }
        }
        guard let first = wrong.first else { return }
        let list = wrong.map { $0 < 10 ? "ISA0\($0)" : "ISA\($0)" }.joined(separator: ", ")
        report(
            EDIDefect(
                .x12HeaderWidth, "ISA is \(width + 20) bytes wide; 106 were expected (\(list))", element: first,
                hint: "ask the sender to pad the elements of ISA to their widths"),
            bytes, into: &sink)
    }

    /// The element of the segment at hand without spaces at its ends.
    func trimmed(_ element: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        scan.text(element, in: bytes)
    }

    // MARK: GS, ST

    mutating func openGroup<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        summary.groups += 1
        interchange?.groups += 1
        segmentOrdinal = summary.segments
        open(arena.intern("functionalGroup"), from: segmentStart, into: &sink)
        let header = FunctionalGroupHeader(
            identifier: trimmed(1, bytes), sender: trimmed(2, bytes), receiver: trimmed(3, bytes), controlNumber: trimmed(6, bytes),
            agency: trimmed(7, bytes), version: trimmed(8, bytes), bytes: segmentStart..<(segmentStart + bytes.count))
        group = OpenGroup(header: header, start: envelopeStart(bytes))
        sink.began(header)
        addRecord(bytes, into: &sink)
    }

    mutating func openTransactionSet<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeTransactionSet(isCut: false, into: &sink)
        let identifier = trimmed(1, bytes), control = trimmed(2, bytes)
        summary.transactionSets += 1
        interchange?.transactionSets += 1
        group?.transactionSets += 1
        segmentOrdinal = 1
        open(nameOfSet(identifier), from: segmentStart, into: &sink)
        let header = TransactionSetHeader(
            identifier: identifier, version: group?.header.version ?? "", controlNumber: control, reference: trimmed(3, bytes),
            bytes: segmentStart..<(segmentStart + bytes.count))
        transactionSet = OpenTransactionSet(header: header, start: envelopeStart(bytes), segments: 1)
        sink.began(header)
        if group == nil {
            report(
                EDIDefect(
                    .x12OutsideEnvelope, "ST stands outside a functional group; GS was expected before it", range: 0..<2),
                bytes, into: &sink)
        }
        checkHeader(bytes, into: &sink)
        startMatching(bytes, into: &sink)
        addRecord(bytes, into: &sink)
    }

    /// Identifiers are interned as node names, so what is not three letters or digits shares one name.
    private mutating func nameOfSet(_ identifier: String) -> Int32 {
        if setName.name >= 0, setName.identifier == identifier { return setName.name }
        let isPlain = identifier.utf8.count == 3 && identifier.utf8.allSatisfy(ASCII.isAlphanumeric)
        setName = (identifier, arena.intern(isPlain ? identifier : "transactionSet"))
        return setName.name
    }

    private mutating func checkHeader<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard let set = transactionSet else { return }
        if set.identifier.isEmpty || set.controlNumber.isEmpty {
            let element: Int32 = set.identifier.isEmpty ? 1 : 2
            report(
                EDIDefect(
                    .x12TransactionSetHeader,
                    "ST0\(element) is empty; a transaction set \(element == 1 ? "identifier" : "control number") was expected",
                    element: element),
                bytes, into: &sink)
        }
        if let group, let expected = X12FunctionalIdentifiers.identifier(of: set.identifier),
            expected != group.header.identifier {
            report(
                EDIDefect(
                    .x12FunctionalIdentifier,
                    "ST01 is \(set.identifier), which belongs in a group \(expected); GS01 is \(group.header.identifier)",
                    element: 1),
                bytes, into: &sink)
        }
    }

    // MARK: SE, GE, IEA

    mutating func takeSE<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        transactionSet?.segments += 1
        guard let set = transactionSet else { return takeOutside(bytes, "SE", "an open transaction set", into: &sink) }
        segmentOrdinal = set.segments
        finishMatching(bytes, into: &sink)
        let declared = trimmed(1, bytes)
        let control = trimmed(2, bytes)
        let said = trailer(declared, set.segments, control, control == set.controlNumber, bytes)
        transactionSet?.trailer = said
        if Int(declared) != set.segments {
            report(
                EDIDefect(
                    .x12SegmentCount, "SE01 declares \(Self.shown(declared)) EDI segments; \(set.segments) were read",
                    element: 1, hint: "ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other transaction sets"),
                bytes, into: &sink)
        }
        if control != set.controlNumber {
            report(
                EDIDefect(
                    .x12TransactionSetControl, "SE02 is \(Self.shown(control)); ST02 is \(Self.shown(set.controlNumber))",
                    element: 2),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
        endTransactionSet(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeGE<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeTransactionSet(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let group else { return takeOutside(bytes, "GE", "an open functional group", into: &sink) }
        let declared = trimmed(1, bytes), control = trimmed(2, bytes)
        let isSame = Self.isSameNumber(control, group.controlNumber)
        let said = trailer(declared, group.transactionSets, control, isSame, bytes)
        self.group?.trailer = said
        if Int(declared) != group.transactionSets {
            report(
                EDIDefect(
                    .x12TransactionSetCount,
                    "GE01 declares \(Self.shown(declared)) transaction sets; \(group.transactionSets) were read",
                    element: 1, hint: "ask the sender whether transaction sets were lost"),
                bytes, into: &sink)
        }
        if !isSame {
            report(
                EDIDefect(
                    .x12GroupControl, "GE02 is \(Self.shown(control)); GS06 is \(Self.shown(group.controlNumber))",
                    element: 2),
                bytes, into: &sink)
        }
        addRecord(bytes, into: &sink)
        endGroup(at: segmentStart + bytes.count, into: &sink)
    }

    mutating func takeIEA<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        closeGroup(isCut: false, into: &sink)
        segmentOrdinal = summary.segments
        guard let open = interchange else { return }
        let declared = trimmed(1, bytes), control = trimmed(2, bytes)
        let isSame = Self.isSameNumber(control, open.controlNumber)
        let said = trailer(declared, open.groups, control, isSame, bytes)
        interchange?.trailer = said
        if Int(declared) != open.groups {
            report(
                EDIDefect(
                    .x12GroupCount, "IEA01 declares \(Self.shown(declared)) functional groups; \(open.groups) were read",
                    element: 1, hint: "ask the sender whether functional groups were lost"),
                bytes, into: &sink)
        }
        if !isSame {
            report(
                EDIDefect(
                    .x12InterchangeControl, "IEA02 is \(Self.shown(control)); ISA13 is \(Self.shown(open.controlNumber))",
                    element: 2),
                bytes, into: &sink)
        }
        reportNoTransactionSets(open, bytes, into: &sink)
        addRecord(bytes, into: &sink)
        endInterchange(at: segmentStart + bytes.count, into: &sink)
    }

    private func trailer(
        _ declared: String, _ count: Int, _ control: String, _ isSame: Bool, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> EnvelopeTrailer {
        EnvelopeTrailer(
            declaredCount: declared, isCountRight: Int(declared) == count, controlNumber: control, isControlNumberRight: isSame,
            bytes: segmentStart..<(segmentStart + bytes.count))
    }

    private mutating func reportNoTransactionSets<Sink: SourceSink>(
        _ open: OpenInterchange, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard open.transactionSets == 0 else { return }
        let carries = open.acknowledgements > 0
            ? "The interchange holds \(open.acknowledgements) TA1 and no transaction set"
            : "The interchange holds no transaction set"
        emit(
            EDIDefect(.x12NoTransactionSets, carries), at: position(0..<bytes.count, bytes),
            excerpt: excerpt(bytes, range: 0..<bytes.count), isNote: open.acknowledgements > 0, into: &sink)
    }

    /// A value as a fact quotes it.
    static func shown(_ text: String) -> String { text.isEmpty ? "nothing" : String(text.prefix(40)) }

    /// Control numbers are numbers (X12 type N0): 1 and 000000001 are the same.
    static func isSameNumber(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard let a = Int(left), let b = Int(right) else { return false }
        return a == b
    }

    // MARK: Closing what is open

    mutating func closeTransactionSet<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        report(
            EDIDefect(
                .x12MissingSE, "Transaction set \(Self.shown(set.controlNumber)) has no SE; \(set.segments) EDI segments were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            set.start, into: &sink)
        abandonMatching(into: &sink)
        endTransactionSet(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeGroup<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeTransactionSet(isCut: isCut, into: &sink)
        guard let group else { return }
        report(
            EDIDefect(
                .x12MissingGE,
                "Functional group \(Self.shown(group.controlNumber)) has no GE; \(group.transactionSets) transaction sets were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            group.start, into: &sink)
        endGroup(at: lastSegmentEnd, into: &sink)
    }

    mutating func closeInterchange<Sink: SourceSink>(isCut: Bool, into sink: inout Sink) {
        closeGroup(isCut: isCut, into: &sink)
        guard let open = interchange else { return }
        report(
            EDIDefect(
                .x12MissingIEA, "Interchange \(Self.shown(open.controlNumber)) has no IEA; \(open.groups) functional groups were read",
                hint: isCut ? "the file is cut off: ask the sender to send it again" : nil),
            open.start, into: &sink)
        if open.transactionSets == 0 {
            report(
                EDIDefect(.x12NoTransactionSets, "The interchange holds no transaction set"), open.start,
                isNote: open.acknowledgements > 0, into: &sink)
        }
        endInterchange(at: lastSegmentEnd, into: &sink)
    }

    private mutating func endTransactionSet<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
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
