import Diagnostics
import Formats

/// EDI segments and envelopes as nodes.
extension EDIReader {
    /// Adds the segment at hand to the innermost open node.
    mutating func addRecord<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let name = names.index(of: scan.tag, in: &arena)
        let node: Int32
        if scan.hasReleases || scan.control >= 0 || scan.high >= 0 {
            let charset = actualCharset(bytes, into: &sink)
            if !aside.isEmpty { leaveOutElements() }
            node = addDecoded(name, bytes, charset)
        } else {
            if !aside.isEmpty { leaveOutElements() }
            // The fields by their pointer: a scan that is handed on would be copied.
            let fields = scan.fields
            node = arena.addRecord(name, ordinal: segmentOrdinal, from: segmentStart, bytes: bytes, fields: fields)
        }
        if !aside.isEmpty { settle(node) } else if aside.isHead { aside.isHead = false }
        sink.closed(node, in: &arena)
    }

    /// Reports control characters and bytes of another character set, and gives the one to decode with.
    private mutating func actualCharset<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> EDIFACTCharset {
        let isWrapped = interchange?.isWrapped == true
        if scan.control >= 0, !(isWrapped && ASCII.isNewline(bytes[scan.control])) { reportControl(bytes, into: &sink) }
        return scan.high >= 0 ? charset(of: bytes, into: &sink) : .ascii
    }

    /// The slow way, for segments with releases, line breaks, control characters or bytes above 0x7F.
    private mutating func addDecoded(
        _ name: Int32, _ bytes: UnsafeBufferPointer<UInt8>, _ charset: EDIFACTCharset
    ) -> Int32 {
        let isWrapped = interchange?.isWrapped == true
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
                if isWrapped, ASCII.isNewline(byte) { continue }
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

    /// The character set that the segment at hand really has: what is declared, unless its bytes show another.
    private mutating func charset<Sink: SourceSink>(
        of bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> EDIFACTCharset {
        let declared = interchange?.charset ?? .latin1
        // A delimiter of more than 7 bits may stand within a character, and so may a release character or a break that is left out.
        let isWhole = !scan.hasReleases && interchange?.isWrapped != true
        let isUTF8 = scan.fields.allSatisfy { field in
            isWhole ? String(validating: bytes[Int(field.start)..<Int(field.end)], as: UTF8.self) != nil : String(validating: unreleased(field, bytes), as: UTF8.self) != nil
        }
        let actual = declared.actual(of: bytes, isUTF8: isUTF8)
        guard actual != declared, interchange?.saidCharset != true else { return actual }
        interchange?.saidCharset = true
        let fact = standard == .edifact
            ? "UNB declares \(declared.name), and bytes above 7F are not of it; here they were read as \(actual.name)"
            : "Bytes above 7F are not UTF-8; here and further on they were read as Windows-1252"
        report(
            EDIDefect(
                dialect[.charset], fact, range: scan.high..<(scan.high + 1),
                hint: standard == .edifact ? "ask the sender to declare what is sent" : nil),
            bytes, into: &sink)
        return actual
    }

    private mutating func reportControl<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let isNewline = ASCII.isNewline(bytes[scan.control])
        let field = scan.fields.first { $0.start <= Int32(scan.control) && $0.end > Int32(scan.control) }
        report(
            EDIDefect(
                dialect[.controlCharacter],
                isNewline ? "A line break stands inside an element" : "A control character stands inside an element",
                element: field?.element, component: field.flatMap { $0.component > 0 ? $0.component : nil },
                range: scan.control..<(scan.control + 1), hint: isNewline ? "a terminator may be missing before it" : nil),
            bytes, into: &sink)
    }

    /// Identifiers are interned as node names, so those that no set has share one name.
    mutating func nameOfSet(_ identifier: String) -> Int32 {
        if setName.name >= 0, setName.identifier == identifier { return setName.name }
        let isPlain = dialect.identifierLength.contains(identifier.utf8.count) && identifier.utf8.allSatisfy(ASCII.isAlphanumeric)
        setName = (identifier, arena.intern(isPlain ? identifier : "transactionSet"))
        return setName.name
    }

    /// Opens a group node and tells the sink.
    mutating func open<Sink: SourceSink>(_ name: Int32, from start: Int, into sink: inout Sink) {
        let node = arena.openNode(name, kind: .group, from: start, ordinal: segmentOrdinal)
        sink.opened(node, in: &arena)
    }

    /// Closes the innermost group node and tells the sink.
    mutating func close<Sink: SourceSink>(at end: Int, into sink: inout Sink) {
        let node = arena.closeNode(at: end)
        sink.closed(node, in: &arena)
    }
}
