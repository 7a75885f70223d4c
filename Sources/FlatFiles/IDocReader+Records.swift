import Diagnostics
import Formats

extension IDocReader {
    /// Takes one record, its line end not included.
    mutating func take<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, hasNul: Bool, into sink: inout Sink) {
        rows += 1
        guard !hasNul else { return refuse(.flatNul, "record \(rows) holds a NUL byte", isCounted: true, into: &sink) }
        if let bad = firstInvalidUTF8(bytes) {
            sink.found(Diagnostic(
                .flatUTF8, .warning, "record \(rows) is not valid UTF-8", at: position(bad),
                hint: "if the sender writes Windows-1252 or ISO 8859-1, say so in the feed (encoding)"))
        }
        let record = FixedText(bytes)
        if bytes.starts(with: "EDI_DC".utf8) { control(record, into: &sink) } else { data(record, into: &sink) }
        lastEnd = document.offset + bytes.count
    }

    private mutating func control<Sink: SourceSink>(_ record: FixedText, into sink: inout Sink) {
        guard record.text(0, 10) == "EDI_DC40" else {
            closeDocument(into: &sink)
            return refuse(.idocControl, "record \(rows) is a control record \(record.text(0, 10)); EDI_DC40 is read", isCounted: true, into: &sink)
        }
        closeDocument(into: &sink)
        var type = record.text(39, 30)
        if type.isEmpty {
            sink.found(Diagnostic(
                .idocControl, .warning, "the control record names no IDOCTYP", at: position(0..<record.bytes.count),
                hint: "the document is read as type IDOC"))
            type = "IDOC"
        }
        if self.type != type {
            closeRoot(into: &sink)
            openElement(type, into: &sink)
            self.type = type
        }
        documents += 1
        documentNumber = record.text(13, 16)
        isDocumentOpen = true
        lastNumber = 0
        openElement("IDOC", into: &sink)
        let node = openElement("EDI_DC40", into: &sink)
        give(Self.controlFields, of: record, from: 0, into: &sink)
        arena.closeNode(at: place(record.bytes.count))
        sink.closed(node, in: &arena)
    }

    private mutating func data<Sink: SourceSink>(_ record: FixedText, into sink: inout Sink) {
        let definition = record.text(0, 30)
        guard isDocumentOpen else {
            return refuse(.idocControl, "record \(rows), \(definition), stands before any control record", isCounted: true, into: &sink)
        }
        guard isName(definition) else {
            return refuse(.idocSegment, "record \(rows) has no segment name where one is expected", isCounted: true, into: &sink)
        }
        let number = Int(record.text(49, 6)) ?? 0, parent = Int(record.text(55, 6)) ?? 0, level = Int(record.text(61, 2)) ?? 0
        checkPlace(record, definition, number, into: &sink)
        if parent > 0, let index = open.lastIndex(where: { $0.number == parent }) {
            closeSegments(downTo: index + 1, into: &sink)
        } else {
            if parent > 0 {
                sink.found(Diagnostic(
                    .idocParent, .warning, "segment \(number) \(definition) names segment \(parent) as its parent, which is not open",
                    at: position(0..<record.bytes.count), hint: "it is put where its level says"))
            }
            // Without a parent a segment belongs to the document, but for senders that fill in levels alone.
            let depth = parent == 0 && record.text(55, 6) != "" ? 0 : open.firstIndex { $0.level >= level } ?? open.count
            closeSegments(downTo: depth, into: &sink)
        }
        lastNumber = number > 0 ? number : lastNumber + 1
        guard open.count < document.limits.depth else {
            return refuse(.idocParent, "segments are nested deeper than \(document.limits.depth)", isCounted: true, into: &sink)
        }
        let type = segments.type(of: definition)
        openElement(type, into: &sink)
        if let fields = segments.fields(of: type) {
            give(fields, of: record, from: Self.prefixLength, into: &sink)
        } else {
            if unknown.count < 1000, unknown.insert(type).inserted {
                sink.found(Diagnostic(
                    .idocUnknown, .note, "segment \(type) has no definition; its data is kept whole",
                    at: position(0..<record.bytes.count), hint: "add it to a file in Mappings/structures/idoc to read its fields"))
            }
            give([IDocSegments.Field(name: "SDATA", start: 0, length: Self.dataLength)], of: record, from: Self.prefixLength, into: &sink)
        }
        open.append((number, level))
        lastEnd = document.offset + record.bytes.count
    }

    /// Holds number and document of a segment against what came before.
    private func checkPlace<Sink: SourceSink>(_ record: FixedText, _ definition: String, _ number: Int, into sink: inout Sink) {
        if number > 0, number != lastNumber + 1 {
            sink.found(Diagnostic(
                .idocSequence, .warning, "segment \(definition) has number \(number); \(lastNumber + 1) was expected",
                at: position(0..<record.bytes.count), hint: "segments may be missing; ask for the document again"))
        }
        let document = record.text(33, 16)
        if !document.isEmpty, !documentNumber.isEmpty, document != documentNumber {
            sink.found(Diagnostic(
                .idocDocument, .warning, "segment \(definition) is of document \(document); its control record is of \(documentNumber)",
                at: position(0..<record.bytes.count), hint: "a control record may be missing"))
        }
    }

    /// Names go into paths and rules: what is not one would make nodes that nobody can name.
    private func isName(_ text: String) -> Bool {
        text.count > 2 && text.utf8.allSatisfy {
            ($0 >= 0x30 && $0 <= 0x39) || ($0 >= 0x41 && $0 <= 0x5A) || ($0 >= 0x61 && $0 <= 0x7A) || $0 == 0x5F || $0 == 0x2F
        }
    }

    // MARK: - Nodes

    @discardableResult
    private mutating func openElement<Sink: SourceSink>(_ name: String, into sink: inout Sink) -> Int32 {
        elements += 1
        let node = arena.openNode(arena.intern(name), kind: .element, from: place(0), ordinal: elements)
        sink.opened(node, in: &arena)
        return node
    }

    /// Gives the fields of a record as elements, without the blanks behind them; one that is blank is not there.
    private mutating func give<Sink: SourceSink>(
        _ fields: [IDocSegments.Field], of record: FixedText, from start: Int, into sink: inout Sink
    ) {
        for field in fields {
            var range = record.range(start + field.start, field.length)
            while !range.isEmpty, record.bytes[range.upperBound - 1] == 0x20 { range = range.lowerBound..<range.upperBound - 1 }
            guard !range.isEmpty else { continue }
            elements += 1
            let place = document.place(document.offset + range.lowerBound..<document.offset + range.upperBound)
            let content = UnsafeBufferPointer(rebasing: record.bytes[range])
            let name = arena.intern(field.name)
            let node: Int32
            if record.isForeign, firstInvalidUTF8(content) != nil {
                node = Array(String(decoding: content, as: UTF8.self).utf8).withUnsafeBufferPointer {
                    arena.addElement(name, ordinal: elements, bytes: place, text: $0, textBytes: place)
                }
            } else {
                node = arena.addElement(name, ordinal: elements, bytes: place, text: content, textBytes: place)
            }
            sink.closed(node, in: &arena)
        }
    }

    private mutating func closeSegments<Sink: SourceSink>(downTo depth: Int, into sink: inout Sink) {
        while open.count > depth {
            open.removeLast()
            closeInnermost(into: &sink)
        }
    }

    private mutating func closeDocument<Sink: SourceSink>(into sink: inout Sink) {
        guard isDocumentOpen else { return }
        closeSegments(downTo: 0, into: &sink)
        closeInnermost(into: &sink)
        isDocumentOpen = false
    }

    mutating func closeRoot<Sink: SourceSink>(into sink: inout Sink) {
        closeDocument(into: &sink)
        guard type != nil else { return }
        closeInnermost(into: &sink)
        type = nil
    }

    private mutating func closeInnermost<Sink: SourceSink>(into sink: inout Sink) {
        let node = arena.closeNode(at: document.place(lastEnd))
        sink.closed(node, in: &arena)
    }

    // MARK: - Findings

    mutating func refuse<Sink: SourceSink>(_ code: DiagnosticCode, _ fact: String, isCounted: Bool = false, into sink: inout Sink) {
        if !isCounted { rows += 1 }
        rowsRefused += 1
        sink.found(Diagnostic(code, .error, fact, at: position(0..<0), hint: "the file may be torn, or is no IDoc file; ask for it again"))
    }

    private func place(_ index: Int) -> Int { document.place(document.offset + index) }

    private func position(_ range: Range<Int>) -> SourcePosition {
        SourcePosition(
            file: document.file, line: document.line, column: range.lowerBound + 1,
            bytes: document.place(document.offset + range.lowerBound..<document.offset + range.upperBound), place: .cell(row: rows, column: nil, name: nil))
    }
}

/// A record whose fields are counted in characters.
struct FixedText {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Starts of characters, where they are not the bytes.
    private let starts: [Int]?

    var isForeign: Bool { starts != nil }

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        let isForeign = bytes.contains { $0 >= 0x80 }
        starts = isForeign ? bytes.indices.filter { bytes[$0] & 0xC0 != 0x80 } : nil
    }

    /// The bytes of so many characters; fewer where the record ends.
    func range(_ start: Int, _ length: Int) -> Range<Int> {
        guard let starts else { return min(start, bytes.count)..<min(start + length, bytes.count) }
        func at(_ index: Int) -> Int { index < starts.count ? starts[index] : bytes.count }
        return at(start)..<at(start + length)
    }

    /// Some characters without the blanks around them.
    func text(_ start: Int, _ length: Int) -> String {
        let text = bytes[range(start, length)].drop { $0 == 0x20 }
        return String(decoding: text.prefix(text.count - text.reversed().prefix { $0 == 0x20 }.count), as: UTF8.self)
    }
}

extension DiagnosticCode {
    /// A control record is not EDI_DC40 or names no type, or a data record stands before any. The record is not given on.
    static let idocControl: DiagnosticCode = "IDOC-CONTROL"
    /// A data record has no segment name. It is not given on.
    static let idocSegment: DiagnosticCode = "IDOC-SEGMENT"
    /// A segment has no definition in the bundle. It is kept whole.
    static let idocUnknown: DiagnosticCode = "IDOC-UNKNOWN"
    /// The number of a segment does not follow the one before.
    static let idocSequence: DiagnosticCode = "IDOC-SEQUENCE"
    /// A segment names another document than its control record.
    static let idocDocument: DiagnosticCode = "IDOC-DOCUMENT"
    /// A segment names a parent that is not open.
    static let idocParent: DiagnosticCode = "IDOC-PARENT"
}
