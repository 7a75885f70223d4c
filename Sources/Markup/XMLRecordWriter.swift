/// Writes records as XML 1.0: one root element, in it an element for each record, in that an element or an attribute for each cell.
package struct XMLRecordWriter: Sendable {
    /// Where a cell stands in its record.
    package enum Cell: Sendable, Hashable {
        case element(String)
        case attribute(String)
    }

    private let root: String
    private let record: String
    private let cells: [Cell]
    /// What was written and not taken yet.
    package private(set) var bytes: [UInt8] = []

    /// - Parameters:
    ///   - root, record: names of elements.
    ///   - namespace: the URI of the root and all in it; nil where they have none.
    package init(root: String, record: String, namespace: String? = nil, cells: [Cell]) {
        precondition(Self.isName(root) && Self.isName(record), "elements have names")
        for cell in cells {
            switch cell {
            case .element(let name), .attribute(let name): precondition(Self.isName(name), "elements and attributes have names")
            }
        }
        self.root = root
        self.record = record
        self.cells = cells
        bytes += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<\(root)".utf8
        if let namespace {
            bytes += " xmlns=\"".utf8
            XMLText.append(namespace, to: &bytes)
            bytes += "\"".utf8
        }
        bytes += ">\n".utf8
    }

    /// Writes a record of one text for each cell; one that is nil is not there.
    package mutating func write(_ texts: [String?]) {
        precondition(texts.count == cells.count, "a record has a text or nil for each cell")
        bytes += "<\(record)".utf8
        for case (.attribute(let name), let text?) in zip(cells, texts) {
            bytes += " \(name)=\"".utf8
            XMLText.append(text, to: &bytes)
            bytes += "\"".utf8
        }
        bytes += ">".utf8
        for case (.element(let name), let text?) in zip(cells, texts) {
            bytes += "<\(name)>".utf8
            XMLText.append(text, to: &bytes)
            bytes += "</\(name)>".utf8
        }
        bytes += "</\(record)>\n".utf8
    }

    /// Closes the root, gives what was written and forgets it.
    package mutating func finish() -> [UInt8] {
        bytes += "</\(root)>\n".utf8
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    /// A name of ASCII letters, digits, `_`, `-` and `.` that XML allows (XML 1.0, 2.3 Name, 3 "xml" is reserved).
    package static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, isLetter(first) || first == UInt8(ascii: "_"), !text.lowercased().hasPrefix("xml") else { return false }
        return text.utf8.allSatisfy { isLetter($0) || ($0 >= 0x30 && $0 <= 0x39) || $0 == 0x5F || $0 == 0x2D || $0 == 0x2E }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A }

    /// The first character that XML cannot hold, however it is spelt (XML 1.0, 2.2 Char).
    package static func unfit(_ text: String) -> Unicode.Scalar? {
        text.unicodeScalars.first { character in
            switch character.value {
            case 0x09, 0x0A, 0x0D, 0x20...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF: false
            default: true
            }
        }
    }
}
