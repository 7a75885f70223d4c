import Diagnostics
import FEEL

/// Splits one line of a pipe table into its sections and cells.
///
/// `|` parts two cells and `||` two sections. A bar within a FEEL string is text, and so is `\|` anywhere.
struct TableRowScanner {
    struct Row {
        var sections: [[TableCell]] = []
        /// Of the first bar.
        var start: TextOrigin
        /// Just past the last bar.
        var end: TextOrigin
        var cells: Int { sections.reduce(0) { $0 + $1.count } }
    }

    struct Problem: Error {
        var code: DiagnosticCode
        var fact: String
        /// Byte offset within the line.
        var offset: Int
        var hint: String?
    }

    private let bytes: [UInt8]
    /// Of the line's first byte.
    private let origin: TextOrigin
    private var at = 0

    private static let bar = UInt8(ascii: "|"), quote = UInt8(ascii: "\""), escape = UInt8(ascii: "\\")

    init(_ bytes: [UInt8], at origin: TextOrigin) {
        self.bytes = bytes
        self.origin = origin
    }

    mutating func row() throws(Problem) -> Row {
        skipBlanks()
        guard at < bytes.count, bytes[at] == Self.bar else {
            throw Problem(code: .tableRow, fact: "a row of a table begins with |", offset: at, hint: nil)
        }
        var row = Row(start: origin(at), end: origin(at))
        at += 1
        var section: [TableCell] = []
        if at < bytes.count, bytes[at] == Self.bar {
            row.sections.append([])
            at += 1
        }
        while true {
            section.append(try cell())
            at += 1
            row.end = origin(at)
            let isBreak = at < bytes.count && bytes[at] == Self.bar
            if isBreak {
                row.sections.append(section)
                section = []
                at += 1
                row.end = origin(at)
            }
            if isRestBlank {
                if !section.isEmpty { row.sections.append(section) }
                return row
            }
        }
    }

    /// Reads up to the next bar that parts cells.
    private mutating func cell() throws(Problem) -> TableCell {
        skipBlanks()
        let start = at
        var text: [UInt8] = []
        var bars: [Int] = []
        var openQuote: Int?
        while at < bytes.count {
            let byte = bytes[at]
            if byte == Self.escape, at + 1 < bytes.count {
                if bytes[at + 1] == Self.bar {
                    bars.append(text.count)
                    text.append(Self.bar)
                } else {
                    text += bytes[at...(at + 1)]
                }
                at += 2
                continue
            }
            if byte == Self.bar, openQuote == nil {
                while text.last == 32 || text.last == 9 { text.removeLast() }
                return TableCell(String(decoding: text, as: UTF8.self), at: origin(start), escapedBars: bars)
            }
            if byte == Self.quote { openQuote = openQuote == nil ? at : nil }
            text.append(byte)
            at += 1
        }
        if let openQuote {
            throw Problem(
                code: .tableCell, fact: "a string has no closing quote", offset: openQuote,
                hint: "close it with \" in the same cell; a quote within it is written \\\"")
        }
        throw Problem(code: .tableRow, fact: "the last cell has no closing |", offset: bytes.count, hint: nil)
    }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 9 { at += 1 }
    }

    private var isRestBlank: Bool { bytes[at...].allSatisfy { $0 == 32 || $0 == 9 } }

    private func origin(_ offset: Int) -> TextOrigin {
        var moved = origin
        moved.column += offset
        return moved
    }
}
