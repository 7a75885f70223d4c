/// Reads the text of a ``PayloadTemplate``.
struct TemplateParser {
    private let bytes: [UInt8]
    private var at = 0

    private struct Tag {
        var kind: UInt8?
        var name: String
        var offset: Int
    }

    private static let open = Array("{{".utf8), close = Array("}}".utf8)
    private static let newline = UInt8(ascii: "\n")

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func parts() throws(PayloadTemplate.Defect) -> [PayloadTemplate.Part] { try parts(within: nil, depth: 0) }

    private mutating func parts(within section: Tag?, depth: Int) throws(PayloadTemplate.Defect) -> [PayloadTemplate.Part] {
        guard depth <= 32 else { throw defect("sections are more than 32 deep", at) }
        var parts: [PayloadTemplate.Part] = []
        while true {
            let start = at
            guard let opened = position(of: Self.open, from: at) else {
                if let section { throw defect("section \(section.name) is not closed", section.offset) }
                append(start..<bytes.count, to: &parts)
                at = bytes.count
                return parts
            }
            at = opened
            let tag = try tag()
            // A section, an end or a comment that is alone on its line takes the line with it.
            var text = start..<opened
            if tag.kind.map({ [UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "/"), UInt8(ascii: "!")].contains($0) }) ?? false,
                let line = line(before: opened, notBefore: start), let next = lineEnd(after: at)
            {
                text = start..<line
                at = next
            }
            append(text, to: &parts)
            switch tag.kind {
            case UInt8(ascii: "!"): break
            case UInt8(ascii: "/"):
                guard let section, section.name == tag.name else {
                    throw defect("\(tag.name) is closed, and \(section.map { "section \($0.name) is open" } ?? "no section is open")", tag.offset)
                }
                return parts
            case UInt8(ascii: "#"), UInt8(ascii: "^"):
                let path = try path(tag)
                parts.append(.section(path: path, isInverted: tag.kind == UInt8(ascii: "^"), try self.parts(within: tag, depth: depth + 1)))
            default: parts.append(.value(path: try path(tag), isRaw: tag.kind != nil))
            }
        }
    }

    /// Reads a tag, of which `at` is the first brace, and leaves `at` behind it.
    private mutating func tag() throws(PayloadTemplate.Defect) -> Tag {
        let offset = at
        at += 2
        var end = Self.close, kind: UInt8?
        if at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "{"): (kind, end, at) = (bytes[at], Array("}}}".utf8), at + 1)
            case UInt8(ascii: "#"), UInt8(ascii: "^"), UInt8(ascii: "/"), UInt8(ascii: "!"), UInt8(ascii: "&"): (kind, at) = (bytes[at], at + 1)
            case UInt8(ascii: ">"): throw defect("partials are not taken; write the text out", offset)
            case UInt8(ascii: "="): throw defect("the braces cannot be changed", offset)
            default: break
            }
        }
        guard let closed = position(of: end, from: at) else { throw defect("a tag is not closed", offset) }
        let name = String(decoding: bytes[at..<closed], as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        at = closed + end.count
        return Tag(kind: kind, name: name, offset: offset)
    }

    private func path(_ tag: Tag) throws(PayloadTemplate.Defect) -> [String] {
        if tag.name == "." { return [] }
        let parts = tag.name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }) else { throw defect("a tag has no name", tag.offset) }
        return parts
    }

    private func append(_ range: Range<Int>, to parts: inout [PayloadTemplate.Part]) {
        if !range.isEmpty { parts.append(.text(String(decoding: bytes[range], as: UTF8.self))) }
    }

    private func position(of text: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= start + text.count else { return nil }
        return (start...(bytes.count - text.count)).first { bytes[$0..<($0 + text.count)].elementsEqual(text) }
    }

    /// Where the line begins, if there is nothing but blanks before a tag.
    private func line(before tag: Int, notBefore start: Int) -> Int? {
        var at = tag
        while at > start, bytes[at - 1] == 0x20 || bytes[at - 1] == 0x09 { at -= 1 }
        return at == 0 || bytes[at - 1] == Self.newline ? at : nil
    }

    /// Where the next line begins, if there is nothing but blanks behind a tag.
    private func lineEnd(after tag: Int) -> Int? {
        var at = tag
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] == 0x09 || bytes[at] == 0x0d { at += 1 }
        return at == bytes.count ? at : bytes[at] == Self.newline ? at + 1 : nil
    }

    private func defect(_ fact: String, _ offset: Int) -> PayloadTemplate.Defect { PayloadTemplate.Defect(fact: fact, offset: offset) }
}
