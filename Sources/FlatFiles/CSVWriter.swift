/// Writes CSV (RFC 4180) with the same bytes for the same cells, always: a cell is quoted only where it must be.
package struct CSVWriter: Sendable {
    package enum LineEnd: String, Sendable, Hashable {
        case lf = "\n"
        /// What RFC 4180 asks for.
        case crlf = "\r\n"
    }

    package let separator: UInt8
    package let lineEnd: LineEnd
    /// What was written and not taken yet.
    package private(set) var bytes: [UInt8] = []

    /// - Parameter header: the first row; nil writes none.
    package init(header: [String]? = nil, separator: UInt8 = UInt8(ascii: ","), lineEnd: LineEnd = .crlf) {
        precondition(separator < 0x80 && ![0x22, 0x0A, 0x0D].contains(separator), "a separator is one other ASCII byte")
        self.separator = separator
        self.lineEnd = lineEnd
        if let header { write(header) }
    }

    package mutating func write(_ cells: some Sequence<String>) {
        let start = bytes.count
        var count = 0
        for cell in cells {
            if count > 0 { bytes.append(separator) }
            append(cell)
            count += 1
        }
        // A row of one empty cell would be a blank line, which readers pass over.
        if bytes.count == start, count == 1 { bytes.append(contentsOf: [0x22, 0x22]) }
        bytes.append(contentsOf: lineEnd.rawValue.utf8)
    }

    /// Gives what was written and forgets it, so that a large file is written in pieces.
    package mutating func take() -> [UInt8] {
        var taken: [UInt8] = []
        swap(&taken, &bytes)
        return taken
    }

    private mutating func append(_ cell: String) {
        guard needsQuotes(cell) else {
            bytes.append(contentsOf: cell.utf8)
            return
        }
        bytes.append(0x22)
        for byte in cell.utf8 {
            if byte == 0x22 { bytes.append(0x22) }
            bytes.append(byte)
        }
        bytes.append(0x22)
    }

    /// Cells with a separator, quote or line end, and those that readers might trim.
    private func needsQuotes(_ cell: String) -> Bool {
        let text = cell.utf8
        guard let first = text.first, let last = text.last else { return false }
        if first == 0x20 || last == 0x20 || first == 0x09 || last == 0x09 { return true }
        return text.contains { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
    }
}
