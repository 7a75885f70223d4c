package import Formats

/// Tells from the two ends of an XML document whether its root element is closed.
///
/// It compares names only: a document whose root holds elements of the root's own name can look whole a moment too
/// early, and its reader then finds it truncated.
package struct MarkupProbe: CompletenessProbe {
    package init() {}

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness {
        // UTF-16 is looked at as ASCII: a name with other characters in it still equals itself.
        let head = head.filter { $0 != 0 }
        guard !tail.isEmpty, tail.suffix(2) != [0, 0] else { return .incomplete("the root element is not there yet") }
        // A document with a type is decided by its reader after the quiet time: most are refused, whatever is still to come.
        let isTyped = lastIndex(of: "<!DOCTYPE", in: head[...]) != nil
        guard let root = Root(head) else {
            return head.count < Self.window && !isTyped ? .incomplete("the root element is not there yet") : .unknown
        }
        if root.isClosed { return .complete }
        var rest = tail.filter { $0 != 0 }[...]
        while true {
            while let last = rest.last, isWhite(last) { rest = rest.dropLast() }
            if ends(rest, with: "-->"), let start = lastIndex(of: "<!--", in: rest) {
                rest = rest[..<start]
            } else if ends(rest, with: "?>"), let start = lastIndex(of: "<?", in: rest) {
                rest = rest[..<start]
            } else {
                break
            }
        }
        guard rest.last == UInt8(ascii: ">"), let start = lastIndex(of: "</", in: rest) else {
            return isTyped ? .unknown : .incomplete("the end of the root element <\(root.text)> is not there yet")
        }
        var name = rest[(start + 2)...].dropLast()
        while let last = name.last, isWhite(last) { name = name.dropLast() }
        return name.elementsEqual(root.name)
            ? .complete : isTyped ? .unknown : .incomplete("the end of the root element <\(root.text)> is not there yet")
    }

    private func ends(_ bytes: ArraySlice<UInt8>, with text: String) -> Bool {
        bytes.suffix(text.utf8.count).elementsEqual(text.utf8)
    }

    private func lastIndex(of text: String, in bytes: ArraySlice<UInt8>) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.dropLast(wanted.count - 1).last { bytes[$0...].starts(with: wanted) }
    }
}

/// The root element's tag, as the first bytes of a document show it.
private struct Root {
    var name: ArraySlice<UInt8>
    /// The tag is an empty element's: `<name/>`.
    var isClosed = false

    var text: String { String(decoding: name, as: UTF8.self) }

    init?(_ head: [UInt8]) {
        var at = head.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) { at = 2 }
        while true {
            while at < head.count, isWhite(head[at]) { at += 1 }
            guard at < head.count, head[at] == UInt8(ascii: "<") else { return nil }
            if head[at...].starts(with: "<?".utf8) {
                guard let end = Root.end(of: "?>", in: head, from: at) else { return nil }
                at = end
            } else if head[at...].starts(with: "<!--".utf8) {
                guard let end = Root.end(of: "-->", in: head, from: at + 4) else { return nil }
                at = end
            } else if head[at...].starts(with: "<!".utf8) {
                guard let end = Root.end(of: ">", in: head, from: at) else { return nil }
                at = end
            } else {
                break
            }
        }
        let rest = head[(at + 1)...]
        guard let nameEnd = rest.firstIndex(where: { isWhite($0) || $0 == UInt8(ascii: ">") || $0 == UInt8(ascii: "/") })
        else { return nil }
        name = head[(at + 1)..<nameEnd]
        var quote: UInt8?
        for index in nameEnd..<head.count {
            let byte = head[index]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == UInt8(ascii: ">") {
                isClosed = head[index - 1] == UInt8(ascii: "/")
                return
            }
        }
    }

    private static func end(of text: String, in bytes: [UInt8], from start: Int) -> Int? {
        let wanted = Array(text.utf8)
        return bytes.indices.dropFirst(start).first { bytes[$0...].starts(with: wanted) }.map { $0 + wanted.count }
    }
}

private func isWhite(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D }
