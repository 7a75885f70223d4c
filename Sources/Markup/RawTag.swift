import CLibXML2

/// The bytes of a tag as they stand in the parser's input, up to where the parser is.
struct RawTag {
    /// From `<` on.
    private let bytes: UnsafeBufferPointer<UInt8>

    init(_ parser: xmlParserCtxtPtr?, _ length: Int) {
        bytes = UnsafeBufferPointer(start: crossdock_xml_current(parser) - length, count: length)
    }

    /// How many bytes of a start tag stand before the parser's place.
    ///
    /// - Parameter guess: how many it should be by what was read before; it is taken where a tag begins there: nothing that was
    ///   not told of can stand between that place and the tag but the XML declaration and a document type.
    @inline(__always)
    static func length(_ parser: xmlParserCtxtPtr?, guess: Int) -> Int {
        let end = crossdock_xml_current(parser)!
        let held = crossdock_xml_held(parser)!
        if guess > 1, guess <= end - held, (end - guess).pointee == UInt8(ascii: "<") {
            let next = (end - guess + 1).pointee
            if next != UInt8(ascii: "?"), next != UInt8(ascii: "!") { return guess }
        }
        // `<` cannot stand within a tag, not even in an attribute (XML 1.0, 2.3 AttValue), so that the last one opens it. The parser
        // holds a tag whole from there: it reads one only once its `>` has come.
        var at = end
        while at > held {
            at -= 1
            if at.pointee == UInt8(ascii: "<") { break }
        }
        return end - at
    }

    /// How many bytes of a document type declaration, whose quoted names may hold `<`, stand before the parser's place.
    static func documentTypeLength(_ parser: xmlParserCtxtPtr?) -> Int {
        let end = crossdock_xml_current(parser)!
        let held = crossdock_xml_held(parser)!
        var at = end
        while at > held {
            at -= 1
            if UnsafeBufferPointer(start: at, count: end - at).starts(with: "<!DOCTYPE".utf8) { break }
        }
        return end - at
    }

    /// Where the values of the attributes lie, quotes not included, namespace declarations left out; in order.
    /// The tag is well-formed, because the parser has read it.
    func attributeValues(into ranges: inout [Range<Int>]) {
        ranges.removeAll(keepingCapacity: true)
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
