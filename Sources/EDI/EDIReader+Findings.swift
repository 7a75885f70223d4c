import Diagnostics
import Formats

/// How findings are made: with a weight by the policy, a position, and the line that they point into.
extension EDIReader {
    /// Reports a defect of the EDI segment at hand.
    mutating func report<Sink: SourceSink>(
        _ defect: EDIDefect, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let range = defect.range ?? elementRange(defect.element, defect.component, bytes)
        emit(
            defect, at: position(range, bytes, defect),
            excerpt: excerpt(bytes, range: range), into: &sink)
    }

    /// Reports a defect of an element of the EDI segment at hand: a note, where the elements are those of another directory.
    mutating func reportElement<Sink: SourceSink>(_ defect: EDIDefect, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let rule = policy.rule(for: defect.code)
        guard !isSettled(defect.code, rule, in: &sink) else { return }
        let range = defect.range ?? elementRange(defect.element, defect.component, bytes)
        emit(defect, rule, at: position(range, bytes, defect), excerpt: excerpt(bytes, range: range), isNote: loops.elementFindingsAreNotes, into: &sink)
    }

    /// Whether nothing comes of a defect of an element but that it is counted, if that; then it has been. Some senders send the same one in each
    /// EDI segment.
    @inline(__always)
    func isSettled<Sink: SourceSink>(_ code: DiagnosticCode, _ rule: DefectRule, in sink: inout Sink) -> Bool {
        let isNote = loops.elementFindingsAreNotes
        guard isNote || rule.rejects == .nothing else { return false }
        return !rule.isSaid || sink.counted(code, isNote ? .note : rule.severity)
    }

    /// Reports a defect at a position that was worked out before.
    mutating func emit<Sink: SourceSink>(
        _ defect: EDIDefect, at position: SourcePosition, excerpt: Excerpt?, isNote: Bool = false, into sink: inout Sink
    ) {
        emit(defect, policy.rule(for: defect.code), at: position, excerpt: excerpt, isNote: isNote, into: &sink)
    }

    private mutating func emit<Sink: SourceSink>(
        _ defect: EDIDefect, _ rule: DefectRule, at position: SourcePosition, excerpt: Excerpt?, isNote: Bool, into sink: inout Sink
    ) {
        if rule.rejects != .nothing, !isNote { reject(rule.rejects, defect) }
        say(defect, rule, at: position, excerpt: excerpt, isNote: isNote, into: &sink)
    }

    func say<Sink: SourceSink>(
        _ defect: EDIDefect, _ rule: DefectRule, at position: SourcePosition, excerpt: Excerpt?, isNote: Bool = false,
        into sink: inout Sink
    ) {
        guard rule.isSaid else { return }
        sink.found(Diagnostic(
            defect.code, isNote ? .note : rule.severity, defect.fact, at: position, excerpt: excerpt, hint: defect.hint))
    }

    // MARK: Positions

    private var lines: LineCounter { lexer.lines }

    /// Passwords are never shown: ISA02 and ISA04, UNB S005, UNG 0058, and STX06, which networks use for one.
    private var secretElements: [Int32] {
        switch scan.tag {
        case EnvelopeTag.isa: [2, 4]
        case EnvelopeTag.unb, EnvelopeTag.stx: [6]
        case EnvelopeTag.ung: [8]
        default: []
        }
    }

    /// The address of the segment at hand.
    private func address(tag: String?) -> EDIAddress {
        EDIAddress(
            interchange: interchange?.controlNumber, group: group == nil ? nil : interchange?.groups,
            transactionSet: transactionSet?.controlNumber, segment: segmentOrdinal > 0 ? segmentOrdinal : nil,
            segmentTag: tag)
    }

    /// Bytes of an element within its segment; where it is absent, the place where the segment ends.
    func elementRange(
        _ element: Int32?, _ component: Int16?, _ bytes: UnsafeBufferPointer<UInt8>
    ) -> Range<Int> {
        guard let element else { return 0..<bytes.count }
        if let component {
            guard let field = scan.span(element, component) else { return bytes.count..<bytes.count }
            return Int(field.start)..<Int(field.end)
        }
        guard let first = scan.span(element) else { return bytes.count..<bytes.count }
        var end = first.end
        for field in scan.fields where field.element == element { end = field.end }
        return Int(first.start)..<Int(end)
    }

    /// The position of a range of the segment at hand.
    func position(
        _ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>, _ defect: EDIDefect? = nil, _ finding: StructureFinding? = nil
    ) -> SourcePosition {
        var lines = lexer.lines
        if scan.newlines > 0 { lines.pass(UnsafeBufferPointer(rebasing: bytes[..<min(range.lowerBound, bytes.count)]), at: segmentStart) }
        let start = segmentStart + range.lowerBound
        var address = address(tag: scan.tag == 0 ? nil : EnvelopeTag.text(scan.tag))
        address.element = defect?.element.map(Int.init)
        address.component = defect?.component.map(Int.init)
        address.repetition = defect?.repetition.map(Int.init)
        address.loop = finding?.loop
        address.missingTag = finding?.missingTag
        return SourcePosition(
            file: file, line: lines.line, column: start - lines.start + 1,
            bytes: start..<(segmentStart + range.upperBound), place: .edi(address))
    }

    /// The segment as a line of text with the part that is meant: at most about 100 characters, control characters as
    /// dots, the terminator included where it can be seen. Passwords are masked.
    func excerpt(_ bytes: UnsafeBufferPointer<UInt8>, range: Range<Int>) -> Excerpt {
        let window = 100
        let first = range.lowerBound > window - 20 ? range.lowerBound - 20 : 0
        let last = min(bytes.count, first + window)
        if let plain = plainExcerpt(bytes, first..<last, range) { return plain }
        var shown = Array(bytes[first..<last]), isASCII = true
        mask(&shown, from: first)
        for index in shown.indices {
            let byte = shown[index]
            if byte < 0x20 || byte == 0x7F { shown[index] = 0x2E }
            if byte >= 0x80 { isASCII = false }
        }
        let terminator = lexer.delimiters.terminator
        if last == bytes.count, terminator > 0x20, terminator != 0x7F {
            if terminator < 0x80 { shown.append(terminator) } else { shown += lexer.delimiters.terminatorBytes }
        }
        let start = min(max(0, range.lowerBound - first), shown.count)
        let end = min(max(start, range.upperBound - first), shown.count)
        // Carets are counted in characters, which in ASCII are bytes, as no line break is left.
        func characters(_ part: Range<Int>) -> Int { isASCII ? part.count : String(decoding: shown[part], as: UTF8.self).count }
        return Excerpt(text: String(decoding: shown, as: UTF8.self), start: characters(0..<start), length: max(1, characters(start..<end)))
    }

    /// The same where all that is shown is ASCII that can be seen, and no secret.
    private func plainExcerpt(_ bytes: UnsafeBufferPointer<UInt8>, _ shown: Range<Int>, _ range: Range<Int>) -> Excerpt? {
        let terminator = lexer.delimiters.terminator
        guard terminator > 0x20, terminator < 0x7F, secretElements.isEmpty else { return nil }
        var isPlain = true
        for byte in bytes[shown] where byte < 0x20 || byte >= 0x7F { isPlain = false }
        guard isPlain else { return nil }
        let count = shown.count + (shown.upperBound == bytes.count ? 1 : 0)
        let text = String(unsafeUninitializedCapacity: count) { target in
            _ = target.initialize(from: bytes[shown])
            if count > shown.count { target.initializeElement(at: shown.count, to: terminator) }
            return count
        }
        let start = min(max(0, range.lowerBound - shown.lowerBound), count), end = min(max(start, range.upperBound - shown.lowerBound), count)
        return Excerpt(text: text, start: start, length: max(1, end - start))
    }

    private func mask(_ shown: inout [UInt8], from first: Int) {
        let secrets = secretElements
        guard !secrets.isEmpty else { return }
        for field in scan.fields where secrets.contains(field.element) {
            for index in Int(field.start)..<Int(field.end) where shown.indices.contains(index - first) {
                shown[index - first] = 0x78
            }
        }
    }

    /// Reports a stretch of the file that is no segment.
    mutating func report<Sink: SourceSink>(_ defect: EDIDefect, _ spot: SourceSpot, into sink: inout Sink) {
        let position = SourcePosition(
            file: file, line: spot.line, column: spot.column, bytes: spot.bytes, place: .edi(address(tag: nil)))
        let rule = policy.rule(for: defect.code)
        rejectStretch(rule.rejects, defect)
        say(defect, rule, at: position, excerpt: excerpt(spot), into: &sink)
    }

    /// Reports that an envelope has no trailer, where it began: that is what a person has to look for.
    mutating func report<Sink: SourceSink>(
        _ defect: EDIDefect, _ start: EnvelopeStart, isNote: Bool = false, into sink: inout Sink
    ) {
        var address = address(tag: start.tag)
        address.segment = start.ordinal
        let position = SourcePosition(
            file: file, line: start.spot.line, column: start.spot.column, bytes: start.spot.bytes, place: .edi(address))
        let rule = policy.rule(for: defect.code)
        if !isNote { reject(rule.rejects.isPart ? .transactionSet : rule.rejects, defect) }
        say(defect, rule, at: position, excerpt: excerpt(start.spot), isNote: isNote, into: &sink)
    }

    /// Where the segment at hand begins an envelope; only its tag is meant.
    func envelopeStart(_ bytes: UnsafeBufferPointer<UInt8>) -> EnvelopeStart {
        let spot = SourceSpot(
            bytes: segmentStart..<(segmentStart + scan.tagLength), line: lines.line,
            column: segmentStart - lines.start + 1, head: Array(bytes.prefix(SourceSpot.headMax)))
        return EnvelopeStart(spot: spot, tag: EnvelopeTag.text(scan.tag), ordinal: segmentOrdinal)
    }

    /// The first line of a stretch of the file, control characters as dots.
    func excerpt(_ spot: SourceSpot) -> Excerpt? {
        let line = spot.head.prefix { !ASCII.isNewline($0) }.map { $0 < 0x20 || $0 == 0x7F ? 0x2E : $0 }
        let text = String(decoding: line, as: UTF8.self)
        return text.isEmpty ? nil : Excerpt(text: text, start: 0, length: min(text.count, max(1, spot.bytes.count)))
    }
}
