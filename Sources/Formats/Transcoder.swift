/// Turns a document into UTF-8 and remembers which byte of the document each byte of the UTF-8 came from.
///
/// Offsets are kept only for what the reader has not finished with, by ``forget(before:)``.
package struct Transcoder: Sendable {
    package let encoding: TextEncoding
    /// UTF-8 bytes made so far.
    package private(set) var made = 0
    /// Document bytes used so far.
    package private(set) var used: Int
    /// After a character that is not ASCII: where the next one starts, in UTF-8 and in the document.
    private var marks: [(made: Int, used: Int)]
    /// The part of a UTF-16 character that has come.
    private var carry: [UInt8] = []
    /// Offset of the first bytes that the encoding cannot have; they become U+FFFD.
    package private(set) var invalidAt: Int?

    /// - Parameter mark: length of the byte order mark, which is not given to ``transcode(_:isEnd:into:)``.
    package init(encoding: TextEncoding, mark: Int) {
        self.encoding = encoding
        used = mark
        marks = [(0, mark)]
    }

    /// Appends the next bytes of the document as UTF-8. Malformed UTF-8 is left as it is. At the end of the document half a
    /// character becomes U+FFFD.
    package mutating func transcode(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool = false, into text: inout [UInt8]) {
        let start = text.count
        switch encoding {
        case .utf8:
            text.append(contentsOf: bytes)
            used += bytes.count
        case .latin1, .latin9, .windows1252: widen(bytes, &text)
        case .utf16BigEndian, .utf16LittleEndian: narrow(bytes, isEnd, &text)
        }
        made += text.count - start
    }

    /// Counts bytes of a UTF-8 document that are used as they stand.
    package mutating func pass(_ count: Int) {
        precondition(encoding == .utf8, "only UTF-8 stands as it is")
        made += count
        used += count
    }

    /// The offset in the document of a byte of the UTF-8.
    package func offset(_ made: Int) -> Int {
        if marks.count == 1 { return marks[0].used + (made - marks[0].made) * encoding.unit }
        let index = lastMark(made), mark = marks[index]
        let offset = mark.used + (made - mark.made) * encoding.unit
        // Within a character that takes more bytes in UTF-8 than in the document.
        return index + 1 < marks.count ? min(offset, marks[index + 1].used) : offset
    }

    /// Whether the bytes of a range of UTF-8 stand one after the other in the document, one byte for each.
    package func isLinear(_ range: Range<Int>) -> Bool {
        encoding.unit == 1 && (marks.count == 1 || lastMark(range.lowerBound) == lastMark(range.upperBound))
    }

    /// Whatever asks for offsets from now on asks for this one or later ones.
    package mutating func forget(before made: Int) {
        // Cut rarely: what is dropped then is most of what there is.
        guard marks.count > 256 else { return }
        let first = lastMark(made)
        if first > marks.count / 2 { marks.removeFirst(first) }
    }

    /// The last mark at or before a byte of the UTF-8.
    private func lastMark(_ made: Int) -> Int {
        var low = 0
        var high = marks.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if marks[middle].made <= made { low = middle } else { high = middle }
        }
        return low
    }

    private mutating func widen(_ bytes: UnsafeBufferPointer<UInt8>, _ text: inout [UInt8]) {
        text.reserveCapacity(text.count + bytes.count + bytes.count / 8)
        let start = text.count
        var at = 0
        while at < bytes.count {
            let plain = at
            while at < bytes.count, bytes[at] < 0x80 { at += 1 }
            text.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[plain..<at]))
            guard at < bytes.count else { break }
            Self.append(encoding.scalar(bytes[at]), to: &text)
            at += 1
            marks.append((made + text.count - start, used + at))
        }
        used += bytes.count
    }

    private mutating func narrow(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool, _ text: inout [UInt8]) {
        let all = carry + bytes
        let start = text.count
        var at = 0
        func unit(_ index: Int) -> UInt32 {
            let (first, second) = (UInt32(all[index]), UInt32(all[index + 1]))
            return encoding == .utf16BigEndian ? first << 8 | second : second << 8 | first
        }
        while at + 2 <= all.count {
            var scalar = unit(at)
            var length = 2
            if scalar & 0xF800 == 0xD800 {
                guard at + 4 <= all.count || isEnd else { break }
                let low = at + 4 <= all.count ? unit(at + 2) : 0
                if scalar & 0xFC00 == 0xD800, low & 0xFC00 == 0xDC00 {
                    scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                    length = 4
                } else {
                    if invalidAt == nil { invalidAt = used }
                    scalar = 0xFFFD
                }
            }
            Self.append(scalar, to: &text)
            at += length
            used += length
            if scalar >= 0x80 { marks.append((made + text.count - start, used)) }
        }
        carry = Array(all[at...])
        if isEnd, !carry.isEmpty {
            if invalidAt == nil { invalidAt = used }
            Self.append(0xFFFD, to: &text)
            used += carry.count
            marks.append((made + text.count - start, used))
            carry = []
        }
    }

    private static func append(_ scalar: UInt32, to text: inout [UInt8]) {
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
