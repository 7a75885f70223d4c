package import Diagnostics

/// The text that nodes came from: it gives line, column and excerpt for a byte of the file. Shared by all nodes of a file.
package final class ConfigurationSource: Sendable {
    package let file: String
    /// The file without a byte order mark.
    let bytes: [UInt8]
    /// Where each line begins. A line ends at LF, CR LF or CR, as editors count.
    let lineStarts: [Int]

    package init(file: String, text: String) {
        self.file = file
        var bytes = Array(text.utf8)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        var starts = [0]
        var offset = 0
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == 13, offset < bytes.count, bytes[offset] == 10 { offset += 1 }
            if byte == 10 || byte == 13 { starts.append(offset) }
        }
        self.bytes = bytes
        lineStarts = starts
    }

    /// 0-based line of a byte.
    func line(at offset: Int) -> Int {
        var low = 0, high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return low
    }

    /// The bytes of a 0-based line, without its end.
    func range(ofLine line: Int) -> Range<Int> {
        let start = lineStarts[line]
        var end = line + 1 < lineStarts.count ? lineStarts[line + 1] : bytes.count
        while end > start, bytes[end - 1] == 10 || bytes[end - 1] == 13 { end -= 1 }
        return start..<end
    }

    /// How many spaces a 0-based line begins with.
    func indentation(ofLine line: Int) -> Int {
        let range = range(ofLine: line)
        return bytes[range].prefix { $0 == 32 }.count
    }

    /// Whether there is nothing but spaces on a 0-based line.
    func isBlank(line: Int) -> Bool { indentation(ofLine: line) == range(ofLine: line).count }

    /// File, 1-based line and 1-based byte column of a byte.
    func position(at offset: Int, path: String? = nil) -> SourcePosition {
        let offset = min(max(offset, 0), bytes.count)
        let line = line(at: offset)
        return SourcePosition(
            file: file, line: line + 1, column: offset - lineStarts[line] + 1,
            place: path.flatMap { $0.isEmpty ? nil : .key($0) })
    }

    /// Most characters of a line that an excerpt shows.
    static let excerptMax = 160

    /// The line of a position, with `length` bytes from its column marked. Of a long line the part around them; a tab
    /// becomes a space, so that the caret stands below its character.
    package func excerpt(_ position: SourcePosition, length: Int) -> Excerpt? {
        guard let line = position.line, line >= 1, line <= lineStarts.count else { return nil }
        let range = range(ofLine: line - 1)
        let marked = min(max(range.lowerBound + (position.column ?? 1) - 1, range.lowerBound), range.upperBound)
        let markedEnd = min(marked + max(length, 1), range.upperBound)
        var before = Array(String(decoding: bytes[range.lowerBound..<marked], as: UTF8.self))
        let middle = Array(String(decoding: bytes[marked..<markedEnd], as: UTF8.self))
        var after = Array(String(decoding: bytes[markedEnd..<range.upperBound], as: UTF8.self))
        if before.count + middle.count + after.count > Self.excerptMax {
            if before.count > 60 { before = Array("…") + before.suffix(59) }
            let room = max(Self.excerptMax - before.count - middle.count, 0)
            if after.count > room { after = after.prefix(room) + ["…"] }
        }
        let shown = (before + middle + after).map { $0 == "\t" ? " " : $0 }.prefix(Self.excerptMax + 2)
        let length = max(1, min(middle.count, shown.count - before.count))
        return Excerpt(text: String(shown), start: before.count, length: length)
    }

    /// A finding at a byte, with its line.
    func diagnostic(
        _ code: DiagnosticCode, _ fact: String, at offset: Int, length: Int = 1, path: String? = nil, hint: String? = nil
    ) -> Diagnostic {
        let position = position(at: offset, path: path)
        return Diagnostic(code, .error, fact, at: position, excerpt: excerpt(position, length: length), hint: hint)
    }
}
