/// Turns a document into UTF-8 and remembers which byte of the document each byte of the UTF-8 came from.
///
/// Both kinds of offset are kept only for what the parser has not finished with, by ``forget(before:)``.
struct Transcoder {
    let encoding: DocumentEncoding
    /// UTF-8 bytes made so far, and document bytes used so far.
    private(set) var made = 0
    private(set) var used: Int
    /// After a character that is not ASCII: where the next one starts, in UTF-8 and in the document.
    private var marks: [(made: Int, used: Int)]
    /// Offsets in UTF-8 of the first bytes of lines.
    private var lineStarts = [0]
    /// 1-based number of the first line in `lineStarts`.
    private var firstLine = 1
    /// The part of a UTF-16 character that has come.
    private var carry: [UInt8] = []
    /// The document has bytes that its encoding cannot have; set with their offset.
    private(set) var invalidAt: Int?

    init(encoding: DocumentEncoding, mark: Int) {
        self.encoding = encoding
        used = mark
        marks = [(0, mark)]
    }

    /// The next bytes of the document as UTF-8.
    mutating func transcode(_ bytes: [UInt8]) -> [UInt8] {
        let text: [UInt8]
        switch encoding {
        case .utf8:
            text = bytes
            used += bytes.count
        case .latin1, .latin9, .windows1252: text = widen(bytes)
        case .utf16BigEndian, .utf16LittleEndian: text = narrow(bytes)
        }
        for (index, byte) in text.enumerated() where byte == 0x0A { lineStarts.append(made + index + 1) }
        made += text.count
        return text
    }

    /// The offset in the document of a byte of the UTF-8.
    func offset(_ made: Int) -> Int {
        let mark = marks[lastIndex(marks.count) { marks[$0].made <= made }]
        return mark.used + (made - mark.made) * encoding.unit
    }

    /// 1-based line and column, in bytes of UTF-8, of a byte of the UTF-8.
    func place(_ made: Int) -> (line: Int, column: Int) {
        let index = lastIndex(lineStarts.count) { lineStarts[$0] <= made }
        return (firstLine + index, made - lineStarts[index] + 1)
    }

    /// Whatever asks for offsets from now on asks for this one or later ones.
    mutating func forget(before made: Int) {
        marks.removeFirst(lastIndex(marks.count) { marks[$0].made <= made })
        let lines = lastIndex(lineStarts.count) { lineStarts[$0] <= made }
        lineStarts.removeFirst(lines)
        firstLine += lines
    }

    /// The last of `count` indices that holds; those that hold come first. 0 if none does.
    private func lastIndex(_ count: Int, _ holds: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while high - low > 1 {
            let middle = (low + high) / 2
            if holds(middle) { low = middle } else { high = middle }
        }
        return low
    }

    private mutating func widen(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count + bytes.count / 8)
        for byte in bytes {
            used += 1
            if byte < 0x80 {
                text.append(byte)
            } else {
                append(encoding.scalar(byte), to: &text)
                marks.append((made + text.count, used))
            }
        }
        return text
    }

    private mutating func narrow(_ bytes: [UInt8]) -> [UInt8] {
        let all = carry + bytes
        var text: [UInt8] = []
        var at = 0
        func unit(_ index: Int) -> UInt32 {
            let (first, second) = (UInt32(all[index]), UInt32(all[index + 1]))
            return encoding == .utf16BigEndian ? first << 8 | second : second << 8 | first
        }
        while at + 2 <= all.count {
            var scalar = unit(at)
            var length = 2
            if scalar & 0xF800 == 0xD800 {
                guard at + 4 <= all.count else { break }
                let low = unit(at + 2)
                if scalar & 0xFC00 == 0xD800, low & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                    length = 4
                } else {
                    if invalidAt == nil { invalidAt = used }
                    scalar = 0xFFFD
                }
            }
            append(scalar, to: &text)
            at += length
            used += length
            if scalar >= 0x80 { marks.append((made + text.count, used)) }
        }
        carry = Array(all[at...])
        return text
    }

    private func append(_ scalar: UInt32, to text: inout [UInt8]) {
        switch scalar {
        case ..<0x80:
            text.append(UInt8(scalar))
        case ..<0x800:
            text.append(UInt8(0xC0 | scalar >> 6))
            text.append(UInt8(0x80 | scalar & 0x3F))
        case ..<0x10000:
            text.append(UInt8(0xE0 | scalar >> 12))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        default:
            text.append(UInt8(0xF0 | scalar >> 18))
            text.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            text.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            text.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}
