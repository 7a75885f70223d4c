/// Finds the cells of one row of a CSV document (RFC 4180), byte by byte: whatever ``RowScan`` leaves to it.
///
/// All offsets count from the first byte of the row. The lexer remembers how far it has looked, so that a row that
/// arrives in pieces is looked at once, however it was cut.
struct RowLexer {
    /// Where one cell's content lies; quotes around it are not part of it.
    struct Cell {
        var start: Int32
        var end: Int32
        /// The content holds doubled quotes.
        var hasDoubledQuotes: Bool
    }

    enum Outcome {
        /// The row goes on past the bytes at hand.
        case unfinished
        /// The row's content ends at `end`; the next byte to read is at `next`. After a CR an LF belongs to the row too.
        case row(end: Int, next: Int, afterReturn: Bool)
        /// Text follows the closing quote of the cell whose quote is ``opened``, at `stray`; or the quote is not closed.
        case brokenQuote(stray: Int?)
        /// More bytes than the limit.
        case tooLong
    }

    private enum State { case cellStart, plain, quoted, quoteSeen }
    private enum SeparatorMatch { case no, yes, cut }

    let separator: [UInt8]
    let quote: UInt8?
    let limit: Int
    let cellLimit: Int
    /// The cells found, at most `cellLimit` of them.
    private(set) var cells: [Cell] = []
    /// How many cells there are.
    private(set) var cellCount = 0
    /// Line ends within quoted cells.
    private(set) var lines = 0
    /// All bytes of the row or-ed together: 0x80 tells of text that is not ASCII.
    private(set) var bits: UInt8 = 0
    private(set) var hasNul = false
    /// After a broken quote: the offset just past the first line end that followed the opening quote, and the line
    /// ends up to there; nil if there was none yet.
    private(set) var resume: (offset: Int, lines: Int)?
    /// The quote that is or was last open: its offset, the line ends of the row before it, and where its line starts.
    private(set) var opened = (offset: 0, lines: 0, lineStart: 0)

    /// How many bytes of the row were looked at.
    private(set) var scanned = 0
    private var state = State.cellStart
    private var cellFrom = 0
    private var contentEnd = 0
    private var doubled = false
    private var lineStart = 0
    /// What a byte means outside (bit 0) and inside (bit 1) of quotes; 0 is an ordinary byte.
    private let special: [UInt8]

    init(separator: [UInt8], quote: UInt8?, limit: Int, cellLimit: Int) {
        precondition((1...8).contains(separator.count) && separator.allSatisfy { $0 < 0x80 }, "a separator is some ASCII bytes")
        self.separator = separator
        self.quote = quote
        self.limit = min(limit, Int(Int32.max) - 1)
        self.cellLimit = cellLimit
        var table = [UInt8](repeating: 0, count: 256)
        for byte in [separator[0], 0x0A, 0x0D, 0x00] { table[Int(byte)] |= 1 }
        for byte in [quote ?? 0x00, 0x0A, 0x0D, 0x00] { table[Int(byte)] |= 2 }
        special = table
    }

    /// Makes ready for the next row.
    mutating func reset() {
        cells.removeAll(keepingCapacity: true)
        cellCount = 0
        lines = 0
        bits = 0
        hasNul = false
        resume = nil
        state = .cellStart
        scanned = 0
        cellFrom = 0
        doubled = false
        lineStart = 0
    }

    /// Looks on at the row's bytes, of which `bytes[0]` is the first.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        // A row of exactly `limit` bytes still ends within reach.
        let reach = min(bytes.count, limit + 1)
        var at = scanned
        while at < reach {
            switch state {
            case .cellStart:
                cellFrom = at
                if let quote, bytes[at] == quote {
                    open(at)
                    at += 1
                } else {
                    state = .plain
                }
            case .plain:
                at = skip(bytes, from: at, to: reach, mask: 1)
                guard at < reach else { break }
                let byte = bytes[at]
                if byte == 0 {
                    hasNul = true
                } else if byte == separator[0] {
                    switch separatorMatch(bytes, at) {
                    case .no: break
                    case .cut: return stopped(at, bytes)
                    case .yes:
                        endCell(at)
                        at += separator.count - 1
                        state = .cellStart
                    }
                } else {
                    endCell(at)
                    return .row(end: at, next: at + 1, afterReturn: byte == 0x0D)
                }
                at += 1
            case .quoted:
                at = skip(bytes, from: at, to: reach, mask: 2)
                guard at < reach else { break }
                insideQuotes(bytes, at)
                at += 1
            case .quoteSeen:
                let byte = bytes[at]
                if byte == quote {
                    doubled = true
                    state = .quoted
                } else if byte == 0x0A || byte == 0x0D {
                    endCell(contentEnd)
                    return .row(end: at, next: at + 1, afterReturn: byte == 0x0D)
                } else {
                    switch separatorMatch(bytes, at) {
                    case .no:
                        scanned = at
                        return .brokenQuote(stray: at)
                    case .cut: return stopped(at, bytes)
                    case .yes:
                        endCell(contentEnd)
                        at += separator.count - 1
                        state = .cellStart
                    }
                }
                at += 1
            }
        }
        return stopped(at, bytes)
    }

    /// The bytes at hand are used up, or what is left of them may be the start of a separator.
    private mutating func stopped(_ at: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Outcome {
        scanned = at
        guard bytes.count > limit else { return .unfinished }
        return state == .quoted ? .brokenQuote(stray: nil) : .tooLong
    }

    private func separatorMatch(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) -> SeparatorMatch {
        for index in 0..<separator.count {
            guard at + index < bytes.count else { return .cut }
            if bytes[at + index] != separator[index] { return .no }
        }
        return .yes
    }

    /// The document ends after `count` bytes of this row.
    mutating func finish(count: Int) -> Outcome {
        switch state {
        case .quoted: return .brokenQuote(stray: nil)
        case .quoteSeen:
            if scanned < count { return .brokenQuote(stray: scanned) }
            endCell(contentEnd)
        case .cellStart:
            cellFrom = count
            endCell(count)
        case .plain: endCell(count)
        }
        return .row(end: count, next: count, afterReturn: false)
    }

    /// The first byte from `start` on that means something outside (mask 1) or inside (mask 2) of quotes.
    private mutating func skip(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int, mask: UInt8) -> Int {
        var at = start
        var seen: UInt8 = 0
        special.withUnsafeBufferPointer { table in
            while at < end {
                let byte = bytes[at]
                if table[Int(byte)] & mask != 0 { break }
                seen |= byte
                at += 1
            }
        }
        bits |= seen
        return at
    }

    private mutating func open(_ at: Int) {
        state = .quoted
        doubled = false
        opened = (at, lines, lineStart)
        cellFrom = at + 1
        resume = nil
    }

    private mutating func insideQuotes(_ bytes: UnsafeBufferPointer<UInt8>, _ at: Int) {
        switch bytes[at] {
        case 0:
            hasNul = true
        case quote:
            contentEnd = at
            state = .quoteSeen
        case 0x0A where at > 0 && bytes[at - 1] == 0x0D:
            // The second byte of a CRLF: the line was counted at the first.
            if let known = resume, known.offset == at { resume = (at + 1, known.lines) }
            lineStart = at + 1
        default:
            lines += 1
            lineStart = at + 1
            if resume == nil { resume = (at + 1, opened.lines + 1) }
        }
    }

    private mutating func endCell(_ end: Int) {
        cellCount += 1
        guard cells.count < cellLimit else { return }
        cells.append(Cell(start: Int32(cellFrom), end: Int32(end), hasDoubledQuotes: doubled))
        doubled = false
    }
}
