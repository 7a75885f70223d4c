import CLibXML2
import Diagnostics
import Formats

/// Turns what libxml2 calls back with into events with exact bytes, under the limits and refusals of this room.
///
/// Positions are read from the parser only within a call from it, and never after it was stopped, because stopping
/// replaces its input.
struct XMLEventBuilder {
    let options: XMLOptions
    var transcoder: Transcoder
    private var lines = LineStarts()
    private(set) var events: [XMLEvent] = []
    /// Decoded text of the events.
    private(set) var text: [UInt8] = []
    /// Local names and namespace URIs, each once.
    private(set) var names: [String] = []
    /// Nothing more is read, and a finding says why.
    private(set) var isStopped = false
    private(set) var sawRoot = false

    /// Set once, before anything is read, by the owner of the parser.
    var parser: xmlParserCtxtPtr?
    private var nameByAddress: [UnsafeRawPointer: Int] = [:]
    private var stack: [OpenElement] = []
    /// Own text of the innermost open element, until its first child or its end.
    private var ownText: [UInt8] = []
    /// Its bytes in the document.
    private var ownBytes = 0..<0
    /// End, in UTF-8, of the markup that was read last: where a text that follows it starts.
    private var markupEnd = 0
    /// How many children of each name the elements of one level have had, for paths.
    private var counts: [[Int: Int]] = [[:]]
    /// The parser has been told that the document ends.
    private var isEnding = false

    private struct OpenElement {
        var name: Int
        /// 1-based among the siblings of its name.
        var index: Int
        var hasChildren = false
        var hasText = false
        var isMixedReported = false
    }

    init(options: XMLOptions, transcoder: Transcoder) {
        self.options = options
        self.transcoder = transcoder
    }

    /// The next bytes of the document as the UTF-8 that the parser is to be given; the events before are forgotten.
    mutating func begin(_ bytes: [UInt8], isEnd: Bool) -> [UInt8] {
        events.removeAll(keepingCapacity: true)
        text.removeAll(keepingCapacity: true)
        guard !isStopped else { return [] }
        isEnding = isEnd
        var utf8: [UInt8] = []
        let start = transcoder.made
        bytes.withUnsafeBufferPointer { transcoder.transcode($0, into: &utf8) }
        utf8.withUnsafeBufferPointer { lines.pass($0, at: start) }
        if let invalid = transcoder.invalidAt {
            refuse(.xmlEncoding, "the document is not valid UTF-16", bytes: invalid..<invalid + 2)
        }
        return utf8
    }

    /// The parser has read what ``begin(_:isEnd:)`` gave.
    mutating func finish() {
        guard !isStopped else { return }
        if isEnding, !sawRoot || !stack.isEmpty {
            // libxml2 says so itself; this stands guard over a version that does not.
            refuse(sawRoot ? .xmlTruncated : .xmlEmpty,
                   sawRoot ? "the document ends before its root element does" : "the document holds no element",
                   bytes: transcoder.used..<transcoder.used)
        } else {
            let done = Int(crossdock_xml_offset(parser))
            let kept = stack.isEmpty ? done : min(markupEnd, done)
            transcoder.forget(before: kept)
            lines.forget(before: kept)
        }
    }

    /// Called with the parser at the `>` or `/>` of the start tag.
    mutating func started(
        _ local: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard let local else { return }
        giveOwnText(isLeaf: false)
        let tag = RawTag(parser)
        let end = Int(crossdock_xml_offset(parser))
        let start = end - tag.length
        let name = number(local)
        let index = counts[stack.count][name, default: 0] + 1
        counts[stack.count][name] = index
        stack.append(OpenElement(name: name, index: index))
        sawRoot = true
        let bytes = transcoder.offset(start)..<transcoder.offset(end) + transcoder.encoding.unit
        guard stack.count <= options.limits.depth else {
            refuse(.xmlDepth, "elements are nested deeper than \(options.limits.depth)", bytes: bytes, at: start)
            return
        }
        guard count <= options.limits.fields else {
            refuse(.xmlAttributes, "an element has \(count) attributes; at most \(options.limits.fields) are read",
                   bytes: bytes, at: start)
            return
        }
        let namespace = if let uri { number(uri) } else { -1 }
        events.append(.start(name: name, namespace: namespace, from: bytes.lowerBound))
        let ranges = tag.attributeValues()
        for attribute in 0..<count {
            guard let attributes, let key = attributes[attribute * 5], let from = attributes[attribute * 5 + 3],
                let to = attributes[attribute * 5 + 4], attribute < ranges.count
            else { continue }
            let place = text.count
            appendAttribute(UnsafeBufferPointer(start: from, count: to - from))
            guard text.count - place <= options.limits.recordBytes else {
                refuse(.xmlText, "an attribute is longer than \(options.limits.recordBytes) bytes", bytes: bytes, at: start)
                return
            }
            let range = ranges[attribute]
            events.append(.attribute(
                name: number(key), text: place..<text.count,
                bytes: transcoder.offset(start + range.lowerBound)..<transcoder.offset(start + range.upperBound)))
        }
        markupEnd = end + 1
        if counts.count <= stack.count { counts.append([:]) }
        counts[stack.count].removeAll(keepingCapacity: true)
    }

    /// Where entities are not substituted, libxml2 leaves an ampersand that was spelt as a reference as `&#38;`, and no
    /// other ampersand (parser.c, xmlParseAttValueComplex).
    private mutating func appendAttribute(_ value: UnsafeBufferPointer<UInt8>) {
        let reference = Array("&#38;".utf8)
        var rest = value[...]
        while let ampersand = rest.firstIndex(of: reference[0]) {
            text.append(contentsOf: rest[...ampersand])
            let isReference = rest[ampersand...].starts(with: reference)
            rest = rest[(ampersand + (isReference ? reference.count : 1))...]
        }
        text.append(contentsOf: rest)
    }

    /// Called with the parser past the end tag, or past the `/>`.
    mutating func ended() {
        giveOwnText(isLeaf: true)
        markupEnd = Int(crossdock_xml_offset(parser))
        events.append(.end(at: transcoder.offset(markupEnd)))
        stack.removeLast()
    }

    /// Text or a part of a CDATA section. What stands as it is in the input is given as a piece of it; references and
    /// text that had to be checked come from elsewhere, and the parser is past them.
    mutating func characters(_ source: UnsafePointer<xmlChar>?, _ count: Int, isSection: Bool = false) {
        guard let source else { return }
        let at = Int(crossdock_xml_offset(parser))
        guard count > 0 else {
            // An empty CDATA section; the parser is at its `]]>`.
            if isSection { markupEnd = at + 3 }
            return
        }
        let distance = crossdock_xml_distance(parser, source)
        if distance != Int64.min {
            let start = at + Int(distance)
            take(source, count, start..<start + count)
        } else {
            take(source, count, markupEnd..<max(at, markupEnd))
        }
    }

    /// Called with the parser past a comment or processing instruction.
    mutating func passed() { markupEnd = Int(crossdock_xml_offset(parser)) }

    private mutating func take(_ source: UnsafePointer<xmlChar>?, _ count: Int, _ range: Range<Int>) {
        guard let source, !stack.isEmpty else { return }
        let top = stack.count - 1
        let bytes = UnsafeBufferPointer(start: source, count: count)
        if stack[top].hasChildren {
            markupEnd = range.upperBound
            guard !stack[top].isMixedReported, bytes.contains(where: { !isWhite($0) }) else { return }
            stack[top].isMixedReported = true
            events.append(.finding(Diagnostic(
                .xmlMixed, .warning, "text after a child element is not read", at: position(range.lowerBound),
                hint: "only the text before the first child is the element's own")))
            return
        }
        guard ownText.count + count <= options.limits.recordBytes else {
            refuse(.xmlText, "the text of an element is longer than \(options.limits.recordBytes) bytes",
                   bytes: transcoder.offset(range.lowerBound)..<transcoder.offset(range.upperBound), at: range.lowerBound)
            return
        }
        let from = stack[top].hasText ? ownBytes.lowerBound : transcoder.offset(range.lowerBound)
        ownBytes = from..<transcoder.offset(range.upperBound)
        stack[top].hasText = true
        ownText.append(contentsOf: bytes)
    }

    /// The text of the innermost element is whole. Between elements white space is not text.
    private mutating func giveOwnText(isLeaf: Bool) {
        guard let top = stack.indices.last, !stack[top].hasChildren else { return }
        stack[top].hasChildren = !isLeaf
        guard stack[top].hasText else { return }
        if isLeaf || ownText.contains(where: { !isWhite($0) }) {
            let place = text.count
            text.append(contentsOf: ownText)
            events.append(.text(place..<text.count, bytes: ownBytes))
        }
        ownText.removeAll(keepingCapacity: true)
    }

    /// Called with the parser past the name and the external identifier of `<!DOCTYPE`.
    mutating func documentType(isExternal: Bool) {
        let end = Int(crossdock_xml_offset(parser))
        let hasDeclarations = crossdock_xml_current(parser).pointee == UInt8(ascii: "[")
        markupEnd = end
        guard hasDeclarations || (isExternal && options.externalDocumentType == .refuse) else { return }
        let start = end - RawTag(parser, from: Array("<!DOCTYPE".utf8)).length
        refuse(
            .xmlDTD,
            hasDeclarations
                ? "the document has a document type declaration with declarations in it"
                : "the document names an external document type",
            bytes: transcoder.offset(start)..<transcoder.offset(end), at: start,
            hint: hasDeclarations
                ? "entities are never expanded; ask the sender to leave the DOCTYPE out"
                : "it is never fetched; ask the sender to leave the DOCTYPE out, or let the feed ignore it")
    }

    mutating func failed(_ error: xmlError) {
        let at = Int(crossdock_xml_offset(parser))
        var message = error.message.map { String(cString: $0) } ?? "error \(error.code)"
        while message.last?.isWhitespace == true { message.removeLast() }
        // Where an external document type is ignored, libxml2 lets pass an entity that it may have declared.
        let isUndeclared = error.code == Int32(XML_WAR_UNDECLARED_ENTITY.rawValue)
        guard error.level == XML_ERR_FATAL || isUndeclared else {
            let isNamespace = error.domain == Int32(XML_FROM_NAMESPACE.rawValue)
            events.append(.finding(Diagnostic(
                isNamespace ? .xmlNamespace : .xmlRemark, .warning, message, at: position(at))))
            return
        }
        let code: DiagnosticCode = !isEnding ? .xmlSyntax : sawRoot ? .xmlTruncated : .xmlEmpty
        let fact = switch code {
        case .xmlTruncated: "the document ends before its root element does: \(message)"
        case .xmlEmpty: "the document holds no element: \(message)"
        default: "the document is not well-formed: \(message)"
        }
        let offset = transcoder.offset(at)
        refuse(code, fact, bytes: offset..<offset, at: at)
    }

    // MARK: Findings

    /// Reports why nothing more is read, and stops the parser.
    private mutating func refuse(
        _ code: DiagnosticCode, _ fact: String, bytes: Range<Int>, at made: Int? = nil, hint: String? = nil
    ) {
        guard !isStopped else { return }
        isStopped = true
        var place = SourcePosition(file: options.file, bytes: bytes, place: path.map { .path($0) })
        if let made {
            let (line, column) = lines.place(made)
            place.line = line
            place.column = column
        }
        events.append(.finding(Diagnostic(code, .error, fact, at: place, hint: hint)))
        xmlStopParser(parser)
    }

    private func position(_ made: Int) -> SourcePosition {
        let (line, column) = lines.place(made)
        let offset = transcoder.offset(made)
        return SourcePosition(
            file: options.file, line: line, column: column, bytes: offset..<offset, place: path.map { .path($0) })
    }

    /// The innermost open element as an XPath by local names; a first sibling has no number.
    private var path: String? {
        guard !stack.isEmpty else { return nil }
        return stack.map { "/" + names[$0.name] + ($0.index > 1 ? "[\($0.index)]" : "") }.joined()
    }

    /// The number of a name; libxml2 keeps each name at one address for as long as the parser lives.
    private mutating func number(_ name: UnsafePointer<xmlChar>) -> Int {
        if let known = nameByAddress[UnsafeRawPointer(name)] { return known }
        names.append(String(cString: name))
        nameByAddress[UnsafeRawPointer(name)] = names.count - 1
        return names.count - 1
    }

    private func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }
}
