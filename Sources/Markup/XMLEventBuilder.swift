import CLibXML2
import Diagnostics
import Formats

/// Turns what libxml2 calls back with into events with exact bytes, under the limits and refusals of this room.
///
/// Positions are read from the parser only within a call from it, and never after it was stopped, because stopping
/// replaces its input.
struct XMLEventBuilder {
    let options: XMLOptions
    private(set) var transcoder: Transcoder
    private var lines = LineStarts()
    private(set) var events = PlainMemory<XMLEvent>()
    /// Findings among the events, in order.
    private(set) var findings: [Diagnostic] = []
    /// Decoded text of the events.
    private(set) var text = PlainMemory<UInt8>()
    private(set) var names = XMLNames()
    /// Nothing more is read, and a finding says why.
    private(set) var isStopped = false
    private(set) var sawRoot = false

    /// Set once, before anything is read, by the owner of the parser.
    var parser: xmlParserCtxtPtr?
    private var stack = PlainMemory<OpenElement>()
    private var siblings = SiblingCounts()
    /// Elements started so far.
    private var started = 0
    /// Own text of the innermost open element, until its first child or its end, stands in `text` from here on.
    private var ownFrom = 0
    /// Its bytes in the document.
    private var ownBytes = 0..<0
    /// End, in UTF-8, of the markup that was read last: where a text that follows it starts.
    private var markupEnd = 0
    private var attributeRanges: [Range<Int>] = []
    /// The parser has been told that the document ends.
    private var isEnding = false
    /// What is added to an offset in UTF-8 where the document is UTF-8; nil where it is not.
    private let shift: Int?

    private struct OpenElement {
        var name: Int32
        /// 1-based among the siblings of its name.
        var index: Int
        var serial: Int
        var mark: Int
        var hasChildren = false
        var hasText = false
        var isMixedReported = false
    }

    init(options: XMLOptions, transcoder: Transcoder) {
        self.options = options
        self.transcoder = transcoder
        shift = transcoder.encoding == .utf8 ? transcoder.used : nil
    }

    /// Takes the next bytes of the document and makes of them what the parser is to be given: the bytes themselves (nil),
    /// or UTF-8. The events before are forgotten.
    mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> [UInt8]? {
        events.cut(to: 0)
        findings.removeAll(keepingCapacity: true)
        // What the innermost element has of its text already is kept.
        text.drop(before: min(ownFrom, text.count))
        ownFrom = 0
        guard !isStopped else { return [] }
        isEnding = isEnd
        if shift != nil {
            lines.pass(bytes, at: transcoder.made)
            transcoder.pass(bytes.count)
            return nil
        }
        var utf8: [UInt8] = []
        let start = transcoder.made
        transcoder.transcode(bytes, into: &utf8)
        utf8.withUnsafeBufferPointer { lines.pass($0, at: start) }
        if let invalid = transcoder.invalidAt {
            refuse(.xmlEncoding, "the document is not valid UTF-16", bytes: invalid..<invalid + 2)
        }
        return utf8
    }

    /// The parser has read what ``begin(_:isEnd:)`` gave.
    mutating func finish() {
        guard !isStopped else { return }
        if isEnding, !sawRoot || stack.count > 0 {
            // libxml2 says so itself; this stands guard over a version that does not.
            refuse(sawRoot ? .xmlTruncated : .xmlEmpty,
                   sawRoot ? "the document ends before its root element does" : "the document holds no element",
                   bytes: transcoder.used..<transcoder.used)
        } else {
            let done = Int(crossdock_xml_offset(parser))
            let kept = stack.count == 0 ? done : min(markupEnd, done)
            transcoder.forget(before: kept)
            lines.forget(before: kept)
        }
    }

    /// The owner of the parser frees what this has.
    func free() {
        events.free()
        text.free()
        stack.free()
    }

    /// The offset in the document of a byte of the UTF-8.
    @inline(__always)
    private func offset(_ made: Int) -> Int {
        if let shift { return made &+ shift }
        return transcoder.offset(made)
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
        let name = names.number(local)
        let index = siblings.next(name, under: stack.count == 0 ? 0 : stack[stack.count - 1].serial)
        started += 1
        stack.append(OpenElement(name: name, index: index, serial: started, mark: siblings.mark))
        sawRoot = true
        let from = offset(start)
        guard stack.count <= options.limits.depth, count <= options.limits.fields, names.texts.count <= options.limits.names else {
            return refuseElement(count, from..<offset(end) + transcoder.encoding.unit, at: start)
        }
        let namespace: Int32 = if let uri { names.number(uri) } else { -1 }
        events.append(XMLEvent(kind: .start, name: name, namespace: namespace, bytes: from..<from))
        if count > 0, let attributes {
            take(attributes, count, of: tag, from: start)
            guard !isStopped else { return }
        }
        ownFrom = text.count
        markupEnd = end + 1
    }

    private mutating func refuseElement(_ attributes: Int, _ bytes: Range<Int>, at start: Int) {
        if stack.count > options.limits.depth {
            refuse(.xmlDepth, "elements are nested deeper than \(options.limits.depth)", bytes: bytes, at: start)
        } else if attributes > options.limits.fields {
            refuse(.xmlAttributes, "an element has \(attributes) attributes; at most \(options.limits.fields) are read",
                   bytes: bytes, at: start)
        } else {
            refuse(.xmlNames, "the document has more than \(options.limits.names) different names", bytes: bytes, at: start)
        }
    }

    private mutating func take(
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>, _ count: Int, of tag: RawTag, from start: Int
    ) {
        tag.attributeValues(into: &attributeRanges)
        for attribute in 0..<min(count, attributeRanges.count) {
            guard let key = attributes[attribute * 5], let from = attributes[attribute * 5 + 3], let to = attributes[attribute * 5 + 4]
            else { continue }
            let place = text.count
            appendAttribute(UnsafeBufferPointer(start: from, count: to - from))
            let range = attributeRanges[attribute]
            let bytes = offset(start + range.lowerBound)..<offset(start + range.upperBound)
            guard text.count - place <= options.limits.recordBytes else {
                return refuse(.xmlText, "an attribute is longer than \(options.limits.recordBytes) bytes", bytes: bytes, at: start)
            }
            events.append(XMLEvent(
                kind: .attribute, name: names.number(key), text: Int32(place)..<Int32(text.count), bytes: bytes))
        }
    }

    /// Where entities are not substituted, libxml2 leaves an ampersand that was spelt as a reference as `&#38;`, and no
    /// other ampersand (parser.c, xmlParseAttValueComplex).
    private mutating func appendAttribute(_ value: UnsafeBufferPointer<UInt8>) {
        guard value.contains(UInt8(ascii: "&")) else { return text.append(contentsOf: value) }
        let reference = Array("&#38;".utf8)
        var rest = value[...]
        while let ampersand = rest.firstIndex(of: reference[0]) {
            text.append(contentsOf: UnsafeBufferPointer(rebasing: rest[...ampersand]))
            let isReference = rest[ampersand...].starts(with: reference)
            rest = rest[(ampersand + (isReference ? reference.count : 1))...]
        }
        text.append(contentsOf: UnsafeBufferPointer(rebasing: rest))
    }

    /// Called with the parser past the end tag, or past the `/>`.
    mutating func ended() {
        giveOwnText(isLeaf: true)
        markupEnd = Int(crossdock_xml_offset(parser))
        let end = offset(markupEnd)
        events.append(XMLEvent(kind: .end, bytes: end..<end))
        siblings.close(stack.removeLast().mark)
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

    private mutating func take(_ source: UnsafePointer<xmlChar>, _ count: Int, _ range: Range<Int>) {
        guard stack.count > 0 else { return }
        let top = stack.count - 1
        let bytes = UnsafeBufferPointer(start: source, count: count)
        if stack[top].hasChildren {
            markupEnd = range.upperBound
            guard !stack[top].isMixedReported, !isBlank(bytes) else { return }
            stack[top].isMixedReported = true
            find(Diagnostic(
                .xmlMixed, .warning, "text after a child element is not read", at: position(range.lowerBound),
                hint: "only the text before the first child is the element's own"))
            return
        }
        guard text.count - ownFrom + count <= options.limits.recordBytes else {
            return refuse(
                .xmlText, "the text of an element is longer than \(options.limits.recordBytes) bytes",
                bytes: offset(range.lowerBound)..<offset(range.upperBound), at: range.lowerBound)
        }
        let from = stack[top].hasText ? ownBytes.lowerBound : offset(range.lowerBound)
        ownBytes = from..<offset(range.upperBound)
        stack[top].hasText = true
        text.append(contentsOf: bytes)
    }

    /// The text of the innermost element is whole. Between elements white space is not text.
    @inline(__always)
    private mutating func giveOwnText(isLeaf: Bool) {
        let top = stack.count - 1
        guard top >= 0, !stack[top].hasChildren else { return }
        stack[top].hasChildren = !isLeaf
        guard stack[top].hasText else { return }
        if isLeaf || !isBlank(UnsafeBufferPointer(rebasing: text.buffer[ownFrom...])) {
            events.append(XMLEvent(kind: .text, text: Int32(ownFrom)..<Int32(text.count), bytes: ownBytes))
        } else {
            text.cut(to: ownFrom)
        }
        ownFrom = text.count
    }

    private func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where !(byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D) { return false }
        return true
    }

    /// Called with the parser past the name and the external identifier of `<!DOCTYPE`.
    mutating func documentType(isExternal: Bool) {
        let end = Int(crossdock_xml_offset(parser))
        let hasDeclarations = crossdock_xml_current(parser).pointee == UInt8(ascii: "[")
        markupEnd = end
        guard hasDeclarations || (isExternal && options.externalDocumentType == .refuse) else { return }
        let start = end - RawTag(documentType: parser).length
        refuse(
            .xmlDTD,
            hasDeclarations
                ? "the document has a document type declaration with declarations in it"
                : "the document names an external document type",
            bytes: offset(start)..<offset(end), at: start,
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
            find(Diagnostic(isNamespace ? .xmlNamespace : .xmlRemark, .warning, message, at: position(at)))
            return
        }
        let code: DiagnosticCode = !isEnding ? .xmlSyntax : sawRoot ? .xmlTruncated : .xmlEmpty
        let fact = switch code {
        case .xmlTruncated: "the document ends before its root element does: \(message)"
        case .xmlEmpty: "the document holds no element: \(message)"
        default: "the document is not well-formed: \(message)"
        }
        let place = offset(at)
        refuse(code, fact, bytes: place..<place, at: at)
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
        find(Diagnostic(code, .error, fact, at: place, hint: hint))
        xmlStopParser(parser)
    }

    private func position(_ made: Int) -> SourcePosition {
        let (line, column) = lines.place(made)
        let place = offset(made)
        return SourcePosition(
            file: options.file, line: line, column: column, bytes: place..<place, place: path.map { .path($0) })
    }

    /// The innermost open element as an XPath by local names; a first sibling has no number.
    private var path: String? {
        guard stack.count > 0 else { return nil }
        return stack.buffer.map { "/" + names.texts[Int($0.name)] + ($0.index > 1 ? "[\($0.index)]" : "") }.joined()
    }

    private mutating func find(_ finding: Diagnostic) {
        findings.append(finding)
        events.append(XMLEvent(kind: .finding, bytes: 0..<0))
    }
}
