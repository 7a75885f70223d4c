import CLibXML2

/// The bytes of a tag as they stand in the parser's input, up to where the parser is.
struct RawTag {
    /// From `<` on.
    private let start: UnsafePointer<UInt8>
    let length: Int

    /// A start tag: `<` cannot stand within one, not even in an attribute (XML 1.0, 2.3 AttValue), so that the last one
    /// before the parser's place opens it.
    @inline(__always)
    init(_ parser: xmlParserCtxtPtr?) {
        // The parser holds a tag whole from its `<`: it reads a tag only once its `>` has come.
        let end = crossdock_xml_current(parser)!
        let held = crossdock_xml_held(parser)!
        var at = end
        while at > held {
            at -= 1
            if at.pointee == UInt8(ascii: "<") { break }
        }
        start = at
        length = end - at
    }

    /// A document type declaration, whose quoted names may hold `<`.
    init(documentType parser: xmlParserCtxtPtr?) {
        let end = crossdock_xml_current(parser)!
        let held = crossdock_xml_held(parser)!
        var at = end
        while at > held {
            at -= 1
            if UnsafeBufferPointer(start: at, count: end - at).starts(with: "<!DOCTYPE".utf8) { break }
        }
        start = at
        length = end - at
    }

    /// Where the values of the attributes lie, quotes not included, namespace declarations left out; in order.
    /// The tag is well-formed, because the parser has read it.
    func attributeValues(into ranges: inout [Range<Int>]) {
        ranges.removeAll(keepingCapacity: true)
        let bytes = UnsafeBufferPointer(start: start, count: length)
        var at = 0
        while at < bytes.count, !isWhite(bytes[at]) { at += 1 }
        while true {
            while at < bytes.count, isWhite(bytes[at]) { at += 1 }
            let name = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "=") { at += 1 }
            guard at < bytes.count else { return }
            let isDeclaration = bytes[name] == UInt8(ascii: "x") && bytes[name..<at].starts(with: "xmlns".utf8)
                && (at == name + 5 || isWhite(bytes[name + 5]) || bytes[name + 5] == UInt8(ascii: ":"))
            while at < bytes.count, bytes[at] != 0x22, bytes[at] != 0x27 { at += 1 }
            guard at < bytes.count else { return }
            let quote = bytes[at]
            let from = at + 1
            at = from
            while at < bytes.count, bytes[at] != quote { at += 1 }
            if !isDeclaration { ranges.append(from..<at) }
            at += 1
        }
    }

    @inline(__always)
    private func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }
}
