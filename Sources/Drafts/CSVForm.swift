import FlatFiles
import Formats

/// How a CSV sample is written, worked out from its first lines.
struct CSVForm {
    var separator: UInt8
    var hasHeader: Bool
    /// Lines before the table.
    var linesSkipped: Int
    /// Nil where it is UTF-8.
    var encoding: DeclaredEncoding?
    /// How sure it is of header and separator, 0 to 1.
    var confidence: Double

    private static let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|"), UInt8(ascii: "~"), UInt8(ascii: "^")]
    private static let linesLooked = 100

    init(_ bytes: [UInt8]) {
        encoding = Self.encoding(of: bytes)
        // UTF-16 is looked at without its zeros: what separates is ASCII.
        let isWide = encoding == .utf16 || TextEncoding.mark(of: Array(bytes.prefix(3)))?.encoding.unit == 2
        let head = Array(bytes.prefix(1 << 18))
        let plain = isWide ? head.filter { $0 != 0 } : Array(head.drop { [0xEF, 0xBB, 0xBF].contains($0) })
        var best = (score: -1.0, separator: Self.candidates[0], skipped: 0, rows: [[String]]())
        for candidate in Self.candidates {
            let rows = Self.rows(plain, separator: candidate)
            let counts = Dictionary(grouping: rows.map(\.count), by: { $0 }).mapValues(\.count)
            guard let width = counts.filter({ $0.key > 1 }).max(by: { ($0.value, $0.key) < ($1.value, $1.key) }) else { continue }
            let agreement = Double(width.value) / Double(rows.count)
            let score = agreement + min(0.2, Double(width.key) / 100)
            let skipped = rows.firstIndex { $0.count == width.key } ?? 0
            if score > best.score { best = (score, candidate, skipped, Array(rows[skipped...])) }
        }
        // A column alone.
        if best.score < 0 { best = (0.5, Self.candidates[0], 0, Self.rows(plain, separator: Self.candidates[0])) }
        separator = best.separator
        linesSkipped = best.skipped
        let header = Self.headerConfidence(best.rows)
        hasHeader = header > 0.5
        confidence = min(1, best.score) * (hasHeader ? header : 1 - header)
    }

    /// What the separator is called in a feed.
    var separatorText: String { separator == 0x09 ? "tab" : String(UnicodeScalar(separator)) }

    /// Cells of the first lines, quotes heeded.
    private static func rows(_ bytes: [UInt8], separator: UInt8) -> [[String]] {
        var rows: [[String]] = [], row: [String] = [], cell: [UInt8] = []
        var isQuoted = false
        func text() -> String { String(decoding: cell, as: UTF8.self).trimmed }
        for byte in bytes {
            if byte == 0x22, isQuoted || cell.isEmpty || cell.last == 0x22 {
                isQuoted.toggle()
            } else if isQuoted {
                cell.append(byte)
            } else if byte == separator {
                row.append(text())
                cell.removeAll(keepingCapacity: true)
            } else if byte == 0x0A || byte == 0x0D {
                if !row.isEmpty || !cell.isEmpty { rows.append(row + [text()]) }
                row = []
                cell.removeAll(keepingCapacity: true)
                if rows.count == linesLooked { return rows }
            } else {
                cell.append(byte)
            }
        }
        if !row.isEmpty || !cell.isEmpty { rows.append(row + [text()]) }
        return rows
    }

    /// How likely the first row names the columns: it holds no number or date, each name once, words that the vocabulary knows, and other
    /// things than the rows below.
    private static func headerConfidence(_ rows: [[String]]) -> Double {
        guard let first = rows.first else { return 0 }
        let names = first.filter { !$0.isEmpty }
        guard !names.isEmpty, Set(names).count == names.count else { return 0.1 }
        if names.contains(where: { NumberShape($0) != nil || isMoment($0) }) { return 0.05 }
        let known = names.filter { name in HeaderWords.concepts(name).contains { !$0.hasPrefix("?") } }.count
        var confidence = 0.55 + 0.4 * Double(known) / Double(names.count)
        let below = rows.dropFirst().filter { $0.count == first.count }
        if below.isEmpty { return confidence }
        // A column whose cells are all numbers or days, and whose first is not: that one is a name.
        let telling = first.indices.contains { column in
            below.allSatisfy { NumberShape($0[column]) != nil || isMoment($0[column]) }
        }
        confidence += telling ? 0.3 : -0.1
        return min(0.99, confidence)
    }

    private static func isMoment(_ text: String) -> Bool {
        text.utf8.count >= 8 && KnownPictures.fits(text)
    }

    /// UTF-8 unless the bytes are not; then what Windows writes.
    private static func encoding(of bytes: [UInt8]) -> DeclaredEncoding? {
        let head = bytes.prefix(1 << 20)
        if TextEncoding.mark(of: Array(head.prefix(3))) != nil { return nil }
        let zeros = head.prefix(4096).filter { $0 == 0 }.count
        if zeros * 4 > min(head.count, 4096) { return .utf16 }
        // A character may be cut at the end of what is looked at.
        if String(validating: head, as: UTF8.self) != nil { return nil }
        for cut in 1...3 where head.count > cut && String(validating: head.dropLast(cut), as: UTF8.self) != nil && bytes.count > head.count { return nil }
        return .windows1252
    }
}
