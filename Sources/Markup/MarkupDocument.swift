package import Diagnostics
import Formats

/// A document held whole as a tree, with the means to tell lines and columns of its bytes. For models and settings, not for
/// feeds: it takes memory in proportion to the document.
package struct MarkupDocument: Sendable {
    /// Nil where the document is not well-formed, or more than a limit allows.
    package let root: MarkupElement?
    /// What the reader found. Text after a child element (XML-MIXED) is none of it: whoever asks for the text of an element
    /// with children looks at what it may hold.
    package let diagnostics: [Diagnostic]
    private let file: String?
    private let bytes: [UInt8]
    private let encoding: TextEncoding
    /// Offsets of the first bytes of lines.
    private let lineStarts: [Int]

    package static func read(_ bytes: [UInt8], options: XMLOptions = XMLOptions()) -> MarkupDocument {
        let reader = XMLReader(options: options)
        var sink = TreeSink()
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        let encoding = EncodingFinding.find(Array(bytes.prefix(1024))).encoding ?? .utf8
        let isWhole = !sink.diagnostics.kept.contains { $0.severity == .error }
        var builder = TreeBuilder(arena: reader.arena, bytes: bytes, encoding: encoding)
        return MarkupDocument(
            root: isWhole && !builder.isEmpty ? builder.element(0, parentPath: "", number: 1) : nil,
            diagnostics: sink.diagnostics.sorted, file: options.file, bytes: bytes, encoding: encoding)
    }

    private init(root: MarkupElement?, diagnostics: [Diagnostic], file: String?, bytes: [UInt8], encoding: TextEncoding) {
        self.root = root
        self.diagnostics = diagnostics
        self.file = file
        self.bytes = bytes
        self.encoding = encoding
        let unit = encoding.unit
        var starts = [0]
        for index in stride(from: 0, to: bytes.count - unit + 1, by: unit)
        where Self.character(bytes, index, encoding) == UInt8(ascii: "\n") {
            starts.append(index + unit)
        }
        lineStarts = starts
    }

    /// Where a byte stands, for people. The column counts bytes of the document.
    package func position(_ range: Range<Int>, path: String? = nil) -> SourcePosition {
        var low = 0, high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= range.lowerBound { low = middle } else { high = middle }
        }
        return SourcePosition(
            file: file, line: low + 1, column: range.lowerBound - lineStarts[low] + 1, bytes: range, place: path.map { .path($0) })
    }

    /// For each place of the text whose spelling is longer than its UTF-8 (an entity, the marks of a CDATA section), the offset
    /// in the text, once for each byte more; ascending.
    package func surplus(of text: MarkupText) -> [Int] {
        guard encoding == .utf8, text.string.utf8.count != text.bytes.count else { return [] }
        var surplus: [Int] = []
        let start = text.bytes.lowerBound, end = min(text.bytes.upperBound, bytes.count)
        let decoded = Array(text.string.utf8)
        var source = start, made = 0
        func add(_ count: Int) { surplus.append(contentsOf: repeatElement(made, count: max(0, count))) }
        var isSection = false
        while source < end, made <= decoded.count {
            let rest = bytes[source..<end]
            if !isSection, rest.starts(with: "<![CDATA[".utf8) {
                add(9)
                source += 9
                isSection = true
            } else if isSection, rest.starts(with: "]]>".utf8) {
                add(3)
                source += 3
                isSection = false
            } else if !isSection, bytes[source] == UInt8(ascii: "<"), let close = Self.markupEnd(rest) {
                add(close - source)
                source = close
            } else if !isSection, bytes[source] == UInt8(ascii: "&"), let close = rest.firstIndex(of: UInt8(ascii: ";")), made < decoded.count {
                let length = Self.characterLength(decoded[made])
                add(close + 1 - source - length)
                source = close + 1
                made += length
            } else if rest.starts(with: [13, 10]) {
                source += 1
            } else {
                source += 1
                made += 1
            }
        }
        return surplus
    }

    /// Past a comment or processing instruction.
    private static func markupEnd(_ rest: ArraySlice<UInt8>) -> Int? {
        let close = rest.starts(with: "<!--".utf8) ? "-->" : "?>"
        return rest.indices.first { rest[$0...].starts(with: close.utf8) }.map { $0 + close.utf8.count }
    }

    private static func characterLength(_ first: UInt8) -> Int {
        switch first {
        case 0xF0...: 4
        case 0xE0..<0xF0: 3
        case 0xC0..<0xE0: 2
        default: 1
        }
    }

    /// The ASCII character at an offset, or nil where there is another one.
    fileprivate static func character(_ bytes: [UInt8], _ index: Int, _ encoding: TextEncoding) -> UInt8? {
        switch encoding {
        case .utf16BigEndian: bytes[index] == 0 ? bytes[index + 1] : nil
        case .utf16LittleEndian: bytes[index + 1] == 0 ? bytes[index] : nil
        default: bytes[index]
        }
    }
}

/// Keeps every node, and every finding but those about text after a child.
private struct TreeSink: SourceSink {
    var diagnostics = DiagnosticList()

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func closed(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) { if diagnostic.code != .xmlMixed { diagnostics.add(diagnostic) } }
}

/// Makes elements of the reader's nodes. Its recursion is bounded by the reader's limit of depth.
private struct TreeBuilder {
    private let arena: SourceArena
    private let bytes: [UInt8]
    private let encoding: TextEncoding

    var isEmpty: Bool { arena.nodes.isEmpty }

    init(arena: SourceArena, bytes: [UInt8], encoding: TextEncoding) {
        self.arena = arena
        self.bytes = bytes
        self.encoding = encoding
    }

    mutating func element(_ index: Int32, parentPath: String, number: Int) -> MarkupElement {
        let node = arena.nodes[Int(index)]
        let name = arena.names[Int(node.name)]
        let path = "\(parentPath)/\(name)\(number > 1 ? "[\(number)]" : "")"
        var attributes: [MarkupAttribute] = []
        var text: MarkupText?
        for place in node.fields {
            let field = arena.fields[Int(place)]
            if field.element == 0 {
                text = MarkupText(string: arena.string(field), bytes: field.bytes)
            } else {
                attributes.append(MarkupAttribute(
                    prefix: prefix(before: field.bytes.lowerBound), name: arena.names[Int(field.name)],
                    value: arena.string(field), bytes: field.bytes))
            }
        }
        var children: [MarkupElement] = []
        var counts: [Int32: Int] = [:]
        var child = index + 1
        while child < node.end {
            counts[arena.nodes[Int(child)].name, default: 0] += 1
            children.append(element(child, parentPath: path, number: counts[arena.nodes[Int(child)].name] ?? 1))
            child = arena.nodes[Int(child)].end
        }
        return MarkupElement(
            name: name, namespace: arena.namespace(of: index) ?? "", attributes: attributes, text: text, children: children,
            bytes: node.bytes, path: path)
    }

    /// The prefix of the attribute whose value begins at an offset, read backwards over `prefix:name="`.
    private func prefix(before start: Int) -> String {
        let unit = encoding.unit
        var name: [UInt8] = []
        var at = start - 2 * unit
        func character() -> UInt8? { MarkupDocument.character(bytes, at, encoding) }
        while at >= 0, let byte = character(), byte <= 0x20 || byte == UInt8(ascii: "=") { at -= unit }
        while at >= 0 {
            let byte = character()
            if let byte, byte <= 0x20 { break }
            name.append(byte ?? UInt8(ascii: "?"))
            at -= unit
        }
        let spelled = Array(name.reversed())
        guard let colon = spelled.firstIndex(of: UInt8(ascii: ":")) else { return "" }
        return String(decoding: spelled[..<colon], as: UTF8.self)
    }
}
