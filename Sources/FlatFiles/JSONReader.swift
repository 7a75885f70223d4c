import Diagnostics
package import Formats

/// Reads JSON (RFC 8259) and JSON lines: values one after the other, with or without line ends between them.
///
/// The document is one element `json`. Each value in it, and each item of an array in it, is an element `item`: so that a file with
/// one array and a file with a value a line read alike. A member of an object is an element of its name; the items of an array
/// are elements of the array's name, one after the other, and those of an array within an array are `item` in it. Texts, numbers and
/// `true` or `false` are the text of their element, numbers as they are written; `null` is an element without text.
///
/// After a defect reading goes on at the next line where the document is JSON lines; else it ends there.
package struct JSONReader: TextReader {
    package internal(set) var arena = SourceArena()
    /// Values at the top that could not be read.
    package internal(set) var rowsRefused = 0
    /// Values at the top: lines of JSON lines, items of one array.
    package internal(set) var rows = 0

    /// One open object or array.
    struct Level {
        var isObject: Bool
        /// Name of its items, or of the member that comes next.
        var name: Int32
        /// It has a node of its own.
        var hasNode: Bool
        /// Names of the members that came, for objects.
        var members: [Int32] = []
        var memberSet: Set<Int32> = []
    }
    enum Wanted { case value, valueOrEnd, nameOrEnd, name, colon, commaOrEnd }

    var document: TextDocument
    var lexer: JSONLexer
    /// Offset at which the line of ``TextDocument/offset`` begins.
    var lineStart = 0

    var levels: [Level] = []
    var wanted = Wanted.value
    var rootNode: Int32?
    let itemName: Int32
    let rootName: Int32
    var elements = 0
    /// Values at the top that are complete.
    var completed = 0
    /// Nothing but white space came since the last line end, before the current token.
    private var isLineStart = true
    var tokenBeganLine = true
    /// What is left of a broken line is passed over.
    var isSkipping = false
    var scratch: [UInt8] = []

    package init(file: String? = nil, limits: ReadLimits = ReadLimits(), encoding: DeclaredEncoding? = nil) {
        document = TextDocument(
            file: file, limits: limits, encoding: encoding,
            codes: TextDocument.Codes(encoding: .jsonEncoding, empty: .jsonEmpty, size: .jsonSize))
        lexer = JSONLexer(limit: limits.recordBytes)
        rootName = arena.intern("json")
        itemName = arena.intern("item")
    }

    var oldestOffset: Int { document.offset }

    var summary: SourceSummary {
        var summary = SourceSummary(format: "json")
        summary.records = rows
        return summary
    }

    mutating func complete<Sink: SourceSink>(into sink: inout Sink) {
        if !levels.isEmpty {
            broken(.jsonTruncated, "the document ends within \(levels.count == 1 ? "a value" : "\(levels.count) open values")", 0..<0, into: &sink)
        } else if completed == 0, rowsRefused == 0 {
            stopEmpty(into: &sink)
        }
    }

    mutating func close<Sink: SourceSink>(into sink: inout Sink) {
        guard rootNode != nil else { return }
        abandon(into: &sink)
        let node = arena.closeNode(at: document.place(document.offset))
        sink.closed(node, in: &arena)
        rootNode = nil
    }

    mutating func drain<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int {
        var used = 0
        while used < bytes.count, !document.isStopped {
            let byte = bytes[used]
            if isSkipping || byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
                used += 1
                document.offset += 1
                if byte == 0x0A {
                    document.line += 1
                    lineStart = document.offset
                    isLineStart = true
                    isSkipping = false
                }
                continue
            }
            // Control-Z ends a document of old systems.
            if byte == 0x1A, isEnd, used == bytes.count - 1, levels.isEmpty { return bytes.count }
            if isLineStart { tokenBeganLine = true }
            isLineStart = false
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            let token = lexer.next(rest, isEnd: isEnd)
            if token == .unfinished {
                guard isEnd else { return used }
                broken(.jsonTruncated, "the document ends within a text", 0..<rest.count, into: &sink)
                return bytes.count
            }
            let length = take(token, rest, into: &sink)
            lexer.reset()
            if length > 0 { tokenBeganLine = false }
            used += length
            document.offset += length
        }
        return used
    }

    func placeOfStop(_ range: Range<Int>) -> SourcePosition { position(range) }

    func position(_ range: Range<Int>) -> SourcePosition {
        // The open elements, and the member that was named last in the innermost object.
        var names = arena.openNodes.prefix(16).map { arena.name(of: $0) }
        if names.isEmpty { names = [arena.names[Int(rootName)]] }
        if let level = levels.last, level.isObject, level.name >= 0, names.count < 16 { names.append(arena.names[Int(level.name)]) }
        return SourcePosition(
            file: document.file, line: document.line, column: document.offset + range.lowerBound - lineStart + 1,
            bytes: document.place(document.offset + range.lowerBound..<document.offset + range.upperBound),
            place: .path("/" + names.joined(separator: "/")))
    }
}
