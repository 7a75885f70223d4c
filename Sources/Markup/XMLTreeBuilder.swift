import CLibXML2
import Diagnostics
import Formats

/// Makes nodes with exact bytes of what libxml2 calls back with, under the limits and refusals of this room.
///
/// An element gets its node when its first child starts, or when it ends: most elements hold text alone, and their node is made in
/// one go. Positions are read from the parser only within a call from it, and never after it was stopped, because stopping
/// replaces its input.
struct XMLTreeBuilder {
    let options: XMLOptions
    private(set) var arena = SourceArena()
    /// Numbers in the arena of the local name and the namespace of the root element, once it is read.
    private(set) var root: (name: Int32, namespace: Int32)?
    /// Elements started so far, refused ones not included.
    private(set) var elements = 0
    /// Nothing more is read, and a finding says why.
    private(set) var isStopped = false

    /// Set once, before anything is read, by the owner of the parser.
    var parser: xmlParserCtxtPtr?
    /// Where nodes and findings go. Set while the parser is given bytes.
    var outlet: Unmanaged<XMLOutlet>?
    private var transcoder: Transcoder
    private var lines = LineStarts()
    private var names = XMLNames()
    private var stack = PlainMemory<OpenElement>()
    private var siblings = SiblingCounts()
    /// Of the innermost open element, as long as it has no node: the values of its attributes, then its own text, decoded.
    private var text = PlainMemory<UInt8>()
    /// Attributes of that element; then, when it gets its node, its text.
    private var fields = PlainMemory<SourceField>()
    /// Where in `text` the element's own text begins, and its bytes in the document.
    private var ownFrom = 0
    private var ownBytes = 0..<0
    /// The bytes that the parser is being given, and the offset in UTF-8 of the first.
    private var block = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var blockStart = 0
    /// While the element's own text is one piece of the block, as most texts are, it is not copied: these are its offsets in UTF-8, and `text`
    /// has nothing of it. No longer than the block is at hand.
    private var handFrom = 0
    private var handEnd = 0
    /// End, in UTF-8, of the markup that was read last: where a text that follows it starts.
    private var markupEnd = 0
    /// End, in UTF-8, of the markup or text that was read last.
    private var seenEnd = 0
    private var attributeRanges: [Range<Int>] = []
    /// The parser has been told that the document ends.
    private var isEnding = false
    /// What is added to an offset in UTF-8 where the document is UTF-8; nil where it is not.
    private let shift: Int?

    /// In 32 bits, as a document of 4 GiB has fewer than 2^31 elements: `<a/>` is four bytes.
    private struct OpenElement {
        var name: Int32
        /// Number of its URI, or -1.
        var namespace: Int32
        /// 1-based among the siblings of its name.
        var index: Int32
        var ordinal: Int32
        /// Its first byte in the document.
        var start: Int
        /// What ``SiblingCounts`` wants to be told when it ends.
        var mark: Int32
        /// It has a node.
        var hasChildren = false
        var hasText = false
        var isMixedReported = false
    }

    init(options: XMLOptions, transcoder: Transcoder) {
        self.options = options
        self.transcoder = transcoder
        shift = transcoder.encoding == .utf8 ? transcoder.used : nil
    }

    /// The owner of the parser frees what this has.
    func free() {
        text.free()
        fields.free()
        stack.free()
        siblings.free()
        names.free()
    }

    // MARK: Blocks

    /// Takes the next bytes of the document and makes of them what the parser is to be given: the bytes themselves (nil),
    /// or UTF-8.
    mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> [UInt8]? {
        guard !isStopped else { return [] }
        isEnding = isEnd
        blockStart = transcoder.made
        if shift != nil {
            transcoder.pass(bytes.count)
            return nil
        }
        var utf8: [UInt8] = []
        transcoder.transcode(bytes, into: &utf8)
        if let invalid = transcoder.invalidAt {
            refuse(.xmlEncoding, "the document is not valid UTF-16", bytes: invalid..<invalid + 2)
        }
        return utf8
    }

    /// The parser is given these bytes, which stay where they are until ``finish()``.
    mutating func enter(_ utf8: UnsafeBufferPointer<UInt8>) {
        block = utf8
        lines.begin(utf8, at: blockStart)
    }

    /// The parser has read what it was given.
    mutating func finish() {
        defer { block = UnsafeBufferPointer(start: nil, count: 0) }
        guard !isStopped else { return }
        if isEnding, root == nil || stack.count > 0 {
            // libxml2 says so itself; this stands guard over a version that does not.
            refuse(root != nil ? .xmlTruncated : .xmlEmpty,
                   root != nil ? "the document ends before its root element does" : "the document holds no element",
                   bytes: transcoder.used..<transcoder.used)
        } else {
            copyText()
            let done = Int(crossdock_xml_offset(parser))
            let kept = stack.count == 0 ? done : min(markupEnd, done)
            transcoder.forget(before: kept)
            lines.end(keepingFrom: kept)
        }
    }

    /// Elements that are open still are not whole: those that have a node are closed and not given on.
    mutating func abandon(at end: Int) {
        while !arena.openNodes.isEmpty { arena.closeNode(at: end) }
    }

    /// The offset in the document of a byte of the UTF-8.
    @inline(__always)
    private mutating func offset(_ made: Int) -> Int {
        if let shift { return made &+ shift }
        return transcodedOffset(made)
    }

    /// Mutating, as one that is not would be handed a copy of all this.
    @inline(never)
    private mutating func transcodedOffset(_ made: Int) -> Int { transcoder.offset(made) }

    // MARK: Elements

    /// Called with the parser at the `>` or `/>` of the start tag.
    @inline(__always)
    mutating func started(
        _ local: UnsafePointer<xmlChar>?, _ uri: UnsafePointer<xmlChar>?, _ count: Int,
        _ attributes: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?
    ) {
        guard let local else { return }
        let end = Int(crossdock_xml_offset(parser))
        let length = RawTag.length(parser, guess: end &- seenEnd), start = end &- length
        let name = names.number(local, in: &arena)
        let namespace: Int32 = if let uri { names.number(uri, in: &arena) } else { -1 }
        let depth = stack.count, open = stack.base
        let index = siblings.next(name, under: depth == 0 ? 0 : open[depth &- 1].ordinal, depth) { element, depth in
            depth >= 0 && open[Int(depth)].ordinal == element
        }
        stack.append(OpenElement(
            name: name, namespace: namespace, index: index, ordinal: Int32(truncatingIfNeeded: elements &+ 1), start: offset(start),
            mark: siblings.mark))
        if depth == 0 { root = (name, namespace) }
        guard depth < options.limits.depth, count <= options.limits.fields, names.count <= options.limits.names else {
            return refuseElement(count, start..<end)
        }
        if depth > 0 { openNode(stack.base + (depth &- 1)) }
        elements &+= 1
        if count > 0, let attributes { take(attributes, count, tagAt: start, length) }
        markupEnd = end &+ 1
        seenEnd = markupEnd
    }

    @inline(never)
    private mutating func refuseElement(_ attributes: Int, _ range: Range<Int>) {
        let start = range.lowerBound, bytes = offset(start)..<offset(range.upperBound) + transcoder.encoding.unit
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
        _ values: UnsafeMutablePointer<UnsafePointer<xmlChar>?>, _ count: Int, tagAt start: Int, _ length: Int
    ) {
        var isScanned = false
        for attribute in 0..<count {
            guard let key = values[attribute * 5], let from = values[attribute * 5 + 3], let to = values[attribute * 5 + 4]
            else { continue }
            let place = text.count, value = UnsafeBufferPointer(start: from, count: to - from)
            let at = Int(crossdock_xml_position(parser, from))
            var range = Range(uncheckedBounds: (at, at &+ value.count))
            if at >= 0 {
                // What stands as it is in the input holds no reference.
                text.append(contentsOf: value)
            } else {
                appendAttribute(value)
                if !isScanned { RawTag(parser, length).attributeValues(into: &attributeRanges) }
                isScanned = true
                guard attribute < attributeRanges.count else { continue }
                range = start + attributeRanges[attribute].lowerBound..<start + attributeRanges[attribute].upperBound
            }
            let bytes = Range(uncheckedBounds: (offset(range.lowerBound), offset(range.upperBound)))
            guard text.count &- place <= options.limits.recordBytes else {
                return refuse(.xmlText, "an attribute is longer than \(options.limits.recordBytes) bytes", bytes: bytes, at: start)
            }
            fields.append(SourceField(
                name: names.number(key, in: &arena), element: Int32(truncatingIfNeeded: fields.count &+ 1),
                text: Range(uncheckedBounds: (Int32(truncatingIfNeeded: place), Int32(truncatingIfNeeded: text.count))),
                bytes: bytes))
        }
        ownFrom = text.count
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
    @inline(__always)
    mutating func ended() {
        markupEnd = Int(crossdock_xml_offset(parser))
        seenEnd = markupEnd
        let end = offset(markupEnd), element = stack.removeLast()
        siblings.close(element.mark)
        let node: Int32
        if element.hasChildren {
            node = arena.closeNode(at: end)
        } else if fields.count == 0 {
            let own = handEnd > handFrom ? hand : element.hasText ? text.buffer : nil
            let bytes = handEnd > handFrom ? offset(handFrom)..<offset(handEnd) : ownBytes
            node = arena.addElement(
                element.name, namespace: element.namespace, ordinal: Int(element.ordinal), bytes: element.start..<end, text: own, textBytes: bytes)
            forgetOpen()
        } else {
            copyText()
            openNode(element, hasText: element.hasText)
            node = arena.closeNode(at: end)
            forgetOpen()
        }
        outlet?._withUnsafeGuaranteedRef { $0.closed(node, in: &arena) }
    }

    /// An element gets its node, if it has none, because its first child starts. White space before that is not text.
    @inline(__always)
    private mutating func openNode(_ top: UnsafeMutablePointer<OpenElement>) {
        guard !top.pointee.hasChildren else { return }
        top.pointee.hasChildren = true
        tellOpen(top)
    }

    @inline(never)
    private mutating func tellOpen(_ top: UnsafeMutablePointer<OpenElement>) {
        let isText: Bool
        if handEnd > handFrom {
            isText = !Self.isBlank(hand)
            if isText { copyText() } else { (handFrom, handEnd) = (0, 0) }
        } else {
            isText = top.pointee.hasText && !Self.isBlank(UnsafeBufferPointer(rebasing: text.buffer[ownFrom...]))
        }
        let node: Int32
        if isText || fields.count > 0 {
            node = openNode(top.pointee, hasText: isText)
        } else {
            let start = top.pointee.start
            node = arena.openElement(
                top.pointee.name, namespace: top.pointee.namespace, bytes: start..<max(start, offset(markupEnd)), ordinal: Int(top.pointee.ordinal))
        }
        forgetOpen()
        outlet?._withUnsafeGuaranteedRef { $0.opened(node, in: &arena) }
    }

    @discardableResult
    private mutating func openNode(_ element: OpenElement, hasText: Bool) -> Int32 {
        if hasText { fields.append(SourceField(element: 0, text: Int32(ownFrom)..<Int32(text.count), bytes: ownBytes)) }
        let end = max(offset(markupEnd), hasText ? ownBytes.upperBound : 0)
        return arena.openElement(
            element.name, namespace: element.namespace, bytes: element.start..<end, ordinal: Int(element.ordinal), fields: fields.buffer,
            text: UnsafeBufferPointer(start: text.base, count: hasText ? text.count : ownFrom))
    }

    @inline(__always)
    private mutating func forgetOpen() {
        text.cut(to: 0)
        fields.cut(to: 0)
        ownFrom = 0
        handFrom = 0
        handEnd = 0
    }

    // MARK: Text and what else stands between tags

    /// Text or a part of a CDATA section. What stands as it is in the input is given as a piece of it; references and
    /// text that had to be checked come from elsewhere, and the parser is past them.
    @inline(__always)
    mutating func characters(_ source: UnsafePointer<xmlChar>?, _ count: Int, isSection: Bool = false) {
        guard let source, stack.count > 0 else { return }
        guard count > 0 else {
            // An empty CDATA section; the parser is at its `]]>`.
            if isSection { markupEnd = Int(crossdock_xml_offset(parser)) + 3 }
            return
        }
        let top = stack.base + (stack.count &- 1)
        let at = Int(crossdock_xml_position(parser, source))
        if top.pointee.hasChildren {
            let from = at >= 0 ? at : markupEnd
            markupEnd = at >= 0 ? at &+ count : max(Int(crossdock_xml_offset(parser)), markupEnd)
            seenEnd = markupEnd
            if !Self.isBlank(UnsafeBufferPointer(start: source, count: count)) { reportMixed(from) }
        } else if !top.pointee.hasText, at >= blockStart, at &+ count <= blockStart &+ block.count, count <= options.limits.recordBytes {
            top.pointee.hasText = true
            handFrom = at
            handEnd = at &+ count
            seenEnd = handEnd
        } else {
            take(UnsafeBufferPointer(start: source, count: count), at)
        }
    }

    /// Takes a piece of text that cannot stay where it is.
    @inline(never)
    private mutating func take(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) {
        let range = at >= 0 ? at..<at + bytes.count : markupEnd..<max(Int(crossdock_xml_offset(parser)), markupEnd)
        copyText()
        seenEnd = range.upperBound
        guard text.count - ownFrom + bytes.count <= options.limits.recordBytes else {
            return refuse(
                .xmlText, "the text of an element is longer than \(options.limits.recordBytes) bytes",
                bytes: offset(range.lowerBound)..<offset(range.upperBound), at: range.lowerBound)
        }
        let top = stack.base + (stack.count - 1)
        let from = top.pointee.hasText ? ownBytes.lowerBound : offset(range.lowerBound)
        ownBytes = from..<offset(range.upperBound)
        top.pointee.hasText = true
        text.append(contentsOf: bytes)
    }

    /// Own text that stands in the block.
    @inline(__always)
    private var hand: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: block[(handFrom &- blockStart)..<(handEnd &- blockStart)])
    }

    /// Copies own text that stands in the block, because more comes, or the block goes.
    private mutating func copyText() {
        guard handEnd > handFrom else { return }
        ownBytes = offset(handFrom)..<offset(handEnd)
        text.append(contentsOf: hand)
        (handFrom, handEnd) = (0, 0)
    }

    /// Passes over comments and processing instructions; called with the parser past one.
    mutating func passed() {
        markupEnd = Int(crossdock_xml_offset(parser))
        seenEnd = markupEnd
    }

    private mutating func reportMixed(_ made: Int) {
        let top = stack.count - 1
        guard !stack[top].isMixedReported else { return }
        stack[top].isMixedReported = true
        find(Diagnostic(
            .xmlMixed, .warning, "text after a child element is not read", at: position(made),
            hint: "only the text before the first child is the element's own"))
    }

    /// Whether text is nothing but white space: well-formed text has no other character up to the space (XML 1.0, 2.2).
    @inline(__always)
    private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in bytes where byte > 0x20 { return false }
        return true
    }

    /// Called with the parser past the name and the external identifier of `<!DOCTYPE`.
    mutating func documentType(isExternal: Bool) {
        let end = Int(crossdock_xml_offset(parser))
        let hasDeclarations = crossdock_xml_current(parser).pointee == UInt8(ascii: "[")
        markupEnd = end
        guard hasDeclarations || (isExternal && options.externalDocumentType == .refuse) else { return }
        let start = end - RawTag.documentTypeLength(parser)
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

    // MARK: Findings

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
        let code: DiagnosticCode = !isEnding ? .xmlSyntax : root != nil ? .xmlTruncated : .xmlEmpty
        let fact = switch code {
        case .xmlTruncated: "the document ends before its root element does: \(message)"
        case .xmlEmpty: "the document holds no element: \(message)"
        default: "the document is not well-formed: \(message)"
        }
        let place = offset(at)
        refuse(code, fact, bytes: place..<place, at: at)
    }

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

    private mutating func position(_ made: Int) -> SourcePosition {
        let (line, column) = lines.place(made)
        let place = offset(made)
        return SourcePosition(
            file: options.file, line: line, column: column, bytes: place..<place, place: path.map { .path($0) })
    }

    /// The innermost open element as an XPath by local names; a first sibling has no number.
    private var path: String? {
        guard stack.count > 0 else { return nil }
        return stack.buffer.map { "/" + arena.names[Int($0.name)] + ($0.index > 1 ? "[\($0.index)]" : "") }.joined()
    }

    private func find(_ finding: Diagnostic) { outlet?._withUnsafeGuaranteedRef { $0.found(finding) } }
}
