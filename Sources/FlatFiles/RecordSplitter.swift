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

    /// Looks on at the record's bytes, of which `bytes[0]` is the first.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Outcome {
        while scanned < bytes.count {
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
