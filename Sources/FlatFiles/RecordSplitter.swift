/// Cuts fixed-width text into records: lines, or pieces of a fixed length with line ends between them or without.
struct RecordSplitter {
    enum Outcome {
        /// The record goes on past the bytes at hand.
        case unfinished
        /// The record ends before `end`; the next byte to read is at `next`, on the next line or on the same one.
        case record(end: Int, next: Int, lines: Int)
        /// More bytes than the limit.
        case tooLong
    }

    /// Units of a record; nil where a record is a line.
    var length: Int?
    /// A unit is a byte; else it is a character of UTF-8.
    var isBytes: Bool
    let limit: Int
    private var scanned = 0
    /// Units among the bytes that were looked at.
    private var units = 0
    private(set) var isForeign = false
    private(set) var hasNul = false

    init(length: Int?, isBytes: Bool, limit: Int) {
        self.length = length
        self.isBytes = isBytes
        self.limit = limit
    }

    /// Nothing of the record was looked at yet.
    var isFresh: Bool { scanned == 0 }

    mutating func reset() {
        scanned = 0
        units = 0
        isForeign = false
        hasNul = false
    }

    /// Passes over eight bytes at a time as long as none of them means anything: ASCII, no line end, no NUL.
    @inline(__always)
    private mutating func skipPlain(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let start = bytes.baseAddress else { return }
        let end = min(bytes.count, limit, length.map { scanned + $0 - units } ?? .max)
        while scanned + 8 <= end {
            let word = UnsafeRawPointer(start).loadUnaligned(fromByteOffset: scanned, as: UInt64.self)
            // A byte under 0x10 or over 0x7F: a line end and NUL are among the first (Hacker's Delight, 6-1: a byte without its high half).
            let low = word & 0x7070_7070_7070_7070
            let hasLow = (low &- 0x0101_0101_0101_0101) & ~low & 0x8080_8080_8080_8080
            if word & 0x8080_8080_8080_8080 | hasLow != 0 { return }
            scanned += 8
            units += 8
        }
    }

    /// Looks on at the record's bytes, of which `bytes[0]` is the first.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Outcome {
        while scanned < bytes.count {
            skipPlain(bytes)
            guard scanned < bytes.count else { break }
            let byte = bytes[scanned]
            if byte == 0x0A { return .record(end: scanned, next: scanned + 1, lines: 1) }
            if byte == 0x0D {
                guard scanned + 1 < bytes.count || isEnd else { return .unfinished }
                let isPair = scanned + 1 < bytes.count && bytes[scanned + 1] == 0x0A
                return .record(end: scanned, next: scanned + (isPair ? 2 : 1), lines: 1)
            }
            let isContinued = !isBytes && byte & 0xC0 == 0x80
            if let length, units == length, !isContinued { return .record(end: scanned, next: scanned, lines: 0) }
            if !isContinued { units += 1 }
            if byte >= 0x80 { isForeign = true } else if byte == 0 { hasNul = true }
            scanned += 1
            if scanned > limit { return .tooLong }
        }
        guard isEnd else { return .unfinished }
        return .record(end: bytes.count, next: bytes.count, lines: 0)
    }
}
