import Diagnostics
import Formats

extension JSONReader {
    /// Takes one token and gives how many bytes it uses up.
    mutating func take<Sink: SourceSink>(
        _ token: JSONToken, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int {
        switch token {
        case .wrong(let at, let fact): return broken(.jsonSyntax, fact, at..<at + 1, into: &sink)
        case .tooLong:
            return broken(.jsonLong, "a text or number is longer than \(document.limits.recordBytes) bytes", 0..<1, into: &sink)
        case .unfinished: return 0
        default: break
        }
        switch wanted {
        case .value, .valueOrEnd:
            if token == .closeArray, wanted == .valueOrEnd { return end(bytes, into: &sink) }
            return value(token, bytes, into: &sink)
        case .name, .nameOrEnd:
            if token == .closeObject, wanted == .nameOrEnd { return end(bytes, into: &sink) }
            guard case .text(let length, let hasEscapes, let isForeign) = token else {
                return broken(.jsonSyntax, "the name of a member is expected", 0..<1, into: &sink)
            }
            return member(length, hasEscapes, isForeign, bytes, into: &sink)
        case .colon:
            guard token == .colon else { return broken(.jsonSyntax, "`:` is expected behind the name of a member", 0..<1, into: &sink) }
            wanted = .value
            return 1
        case .commaOrEnd:
            let isObject = levels.last?.isObject ?? false
            if token == (isObject ? .closeObject : .closeArray) { return end(bytes, into: &sink) }
            guard token == .comma else {
                return broken(.jsonSyntax, "`,` or `\(isObject ? "}" : "]")` is expected", 0..<1, into: &sink)
            }
            wanted = isObject ? .name : .value
            return 1
        }
    }

    private mutating func member<Sink: SourceSink>(
        _ length: Int, _ hasEscapes: Bool, _ isForeign: Bool, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int {
        let content = UnsafeBufferPointer(rebasing: bytes[1..<length - 1])
        scratch.removeAll(keepingCapacity: true)
        if hasEscapes { _ = JSONLexer.decode(content, into: &scratch) } else { scratch.append(contentsOf: content) }
        let text = String(decoding: scratch, as: UTF8.self)
        let name: Int32
        if let known = arena.index(of: text) {
            name = known
        } else {
            guard arena.names.count < document.limits.names else {
                stop(.jsonNames, "the document has more than \(document.limits.names) different names", "names that are data make no records", at: 0..<length, into: &sink)
                return bytes.count
            }
            name = arena.intern(text)
        }
        let top = levels.count - 1
        levels[top].name = name
        if isTwice(name, at: top) {
            sink.found(Diagnostic(
                .jsonDuplicate, .warning, "an object has member \"\(text.prefix(60))\" twice", at: position(0..<length),
                hint: "both are read; rules see the first"))
        }
        wanted = .colon
        return length
    }

    /// Whether an object has had a member of this name.
    private mutating func isTwice(_ name: Int32, at level: Int) -> Bool {
        if levels[level].members.count < 32 {
            if levels[level].members.contains(name) { return true }
            levels[level].members.append(name)
            return false
        }
        if levels[level].memberSet.isEmpty { levels[level].memberSet = Set(levels[level].members) }
        return !levels[level].memberSet.insert(name).inserted
    }

    private mutating func value<Sink: SourceSink>(
        _ token: JSONToken, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int {
        if rootNode == nil {
            rootNode = arena.openNode(rootName, kind: .element, from: 0, ordinal: 1)
            if let rootNode { sink.opened(rootNode, in: &arena) }
        }
        let isTopArray = levels.isEmpty && token == .openArray
        if isTop, !isTopArray { rows += 1 }
        let name = levels.last?.name ?? itemName
        switch token {
        case .openObject, .openArray: return open(token == .openObject, name, into: &sink)
        case .text(let length, let hasEscapes, let isForeign):
            let content = UnsafeBufferPointer(rebasing: bytes[1..<length - 1])
            if hasEscapes || isForeign {
                decode(content, hasEscapes, into: &sink)
                scratch.withUnsafeBufferPointer { give(name, length, $0, 1..<length - 1, into: &sink) }
            } else {
                give(name, length, content, 1..<length - 1, into: &sink)
            }
            return length
        case .number(let length):
            give(name, length, UnsafeBufferPointer(rebasing: bytes[..<length]), 0..<length, into: &sink)
            return length
        case .yes, .null:
            give(name, 4, token == .null ? nil : UnsafeBufferPointer(rebasing: bytes[..<4]), 0..<4, into: &sink)
            return 4
        case .no:
            give(name, 5, UnsafeBufferPointer(rebasing: bytes[..<5]), 0..<5, into: &sink)
            return 5
        default:
            return broken(.jsonSyntax, "a value is expected", 0..<1, into: &sink)
        }
    }

    /// Whether the next value stands at the top, or right in the array there.
    private var isTop: Bool { levels.isEmpty || (levels.count == 1 && !levels[0].hasNode) }

    private mutating func open<Sink: SourceSink>(_ isObject: Bool, _ name: Int32, into sink: inout Sink) -> Int {
        guard levels.count < document.limits.depth else {
            return broken(.jsonDepth, "values are nested deeper than \(document.limits.depth)", 0..<1, into: &sink)
        }
        // The items of an array stand where the array does; only an array right within an array has a node.
        let hasNode = isObject || levels.last?.isObject == false
        if hasNode {
            elements += 1
            let node = arena.openNode(name, kind: .element, from: document.place(document.offset), ordinal: elements)
            sink.opened(node, in: &arena)
        }
        levels.append(Level(isObject: isObject, name: isObject ? -1 : hasNode || levels.isEmpty ? itemName : name, hasNode: hasNode))
        wanted = isObject ? .nameOrEnd : .valueOrEnd
        return 1
    }

    private mutating func end<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) -> Int {
        let level = levels.removeLast()
        if level.hasNode {
            let node = arena.closeNode(at: document.place(document.offset + 1))
            sink.closed(node, in: &arena)
        }
        ended()
        return 1
    }

    private mutating func ended() {
        wanted = levels.isEmpty ? .value : .commaOrEnd
        guard levels.isEmpty else { return }
        completed += 1
    }

    private mutating func give<Sink: SourceSink>(
        _ name: Int32, _ length: Int, _ text: UnsafeBufferPointer<UInt8>?, _ textRange: Range<Int>, into sink: inout Sink
    ) {
        elements += 1
        let node = arena.addElement(
            name, ordinal: elements, bytes: document.place(document.offset..<document.offset + length), text: text,
            textBytes: document.place(document.offset + textRange.lowerBound..<document.offset + textRange.upperBound))
        sink.closed(node, in: &arena)
        ended()
    }

    /// Puts the text of a value into ``scratch``.
    private mutating func decode<Sink: SourceSink>(
        _ content: UnsafeBufferPointer<UInt8>, _ hasEscapes: Bool, into sink: inout Sink
    ) {
        scratch.removeAll(keepingCapacity: true)
        var isSound = true
        if hasEscapes { isSound = JSONLexer.decode(content, into: &scratch) } else { scratch.append(contentsOf: content) }
        if scratch.withUnsafeBufferPointer({ firstInvalidUTF8($0) }) != nil {
            isSound = false
            scratch = Array(String(decoding: scratch, as: UTF8.self).utf8)
        }
        guard !isSound else { return }
        sink.found(Diagnostic(
            .jsonText, .warning, "a text is not sound Unicode", at: position(0..<content.count + 2),
            hint: "the bad characters are read as U+FFFD; ask the sender to send UTF-8"))
    }

    // MARK: - Defects

    /// Says what is wrong, and goes on at the next line where the document is lines of values; gives the bytes that are used up.
    @discardableResult
    mutating func broken<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ range: Range<Int>, into sink: inout Sink
    ) -> Int {
        rowsRefused += 1
        if isTop, levels.isEmpty { rows += 1 }
        sink.found(Diagnostic(
            code, .error, fact, at: position(range), hint: "ask the sender to send it again"))
        // Lines of values: one before this was whole, or a line was broken and left already.
        let isLines = completed > 0 || rowsRefused > 1
        let isNextLine = tokenBeganLine && !levels.isEmpty
        abandon(into: &sink)
        guard isLines, code != .jsonTruncated else {
            document.stop()
            return 0
        }
        // A value that its line did not end: the next line is a value of its own.
        if isNextLine { return 0 }
        isSkipping = true
        return range.lowerBound
    }

    /// Drops the open values: they are not whole, and are not given on.
    mutating func abandon<Sink: SourceSink>(into sink: inout Sink) {
        while let level = levels.popLast() {
            guard level.hasNode else { continue }
            let node = arena.closeNode(at: document.place(document.offset))
            arena.discard(from: node)
        }
        levels = []
        wanted = .value
    }
}

extension DiagnosticCode {
    /// The document is not JSON. Of JSON lines that line is not given on; else nothing after that place is read.
    static let jsonSyntax: DiagnosticCode = "JSON-SYNTAX"
    /// The document ends within a value, which is not given on.
    static let jsonTruncated: DiagnosticCode = "JSON-TRUNCATED"
    /// The document holds no value.
    static let jsonEmpty: DiagnosticCode = "JSON-EMPTY"
    /// An object has two members of one name. Both are read; rules see the first.
    static let jsonDuplicate: DiagnosticCode = "JSON-DUPLICATE"
    /// Values are nested deeper than the limit.
    static let jsonDepth: DiagnosticCode = "JSON-DEPTH"
    /// A text or a number is longer than the limit.
    static let jsonLong: DiagnosticCode = "JSON-LONG"
    /// The document has more different names of members than the limit. Nothing after that place is read.
    static let jsonNames: DiagnosticCode = "JSON-NAMES"
    /// A text is no sound Unicode: half a surrogate pair, or bytes that are not UTF-8. It is read with U+FFFD.
    static let jsonText: DiagnosticCode = "JSON-TEXT"
    /// The document is not in the encoding that is declared (a warning), or it is EBCDIC (nothing of it is read).
    static let jsonEncoding: DiagnosticCode = "JSON-ENCODING"
    /// The document is larger than the limit. The rest of it is not read.
    static let jsonSize: DiagnosticCode = "JSON-SIZE"
}
