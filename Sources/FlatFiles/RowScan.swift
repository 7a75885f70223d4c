import Formats

/// Finds the cells of rows that lie whole in one buffer, 64 bytes at a time. What is out of the ordinary (NUL, a quote that
/// is not closed or followed by text, a row over a limit, a row that the buffer cuts) it leaves to ``RowLexer``.
///
/// Within quotes every structural byte is still looked at one by one: rows have few of them, and a mask of what is quoted
/// would be wrong for a quote inside of a cell that does not begin with one, which is text.
struct RowScan {
    /// What is known of the row found last.
    struct Row {
        var cells: Int
        /// Offset in the buffer of the byte that ends the row.
        var end: Int
        /// Line ends within quoted cells.
        var lines: Int
        /// Cells with doubled quotes, one bit each; the highest stands for all from the 64th on.
        var doubled: UInt64
        /// A block that the row has a part in has bytes that are not ASCII.
        var mayBeForeign: Bool
    }

    private var blocks: RowBlocks
    private let isQuoting: Bool
    private let limit: Int
    private let cellLimit: Int
    /// Cells of the row that was found last, from its first byte; as many as the row has.
    private(set) var spans: [FieldSpan]

    init(separator: UInt8, quote: UInt8?, limit: Int, cellLimit: Int) {
        blocks = RowBlocks(separator: separator, quote: quote ?? separator)
        isQuoting = quote != nil
        self.limit = min(limit, Int(Int32.max) - 1)
        self.cellLimit = max(1, cellLimit)
        spans = Self.spans(min(32, self.cellLimit))
    }

    private static func spans(_ count: Int) -> [FieldSpan] { (0..<count).map { FieldSpan(element: Int32($0 + 1)) } }

    /// Another buffer is scanned from now on.
    mutating func forget() { blocks.known = -1 }

    /// The row that begins at an offset, or nil where the other lexer has to look.
    mutating func row(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Row? {
        var isFull = false
        while true {
            let row = row(bytes, from: start, &isFull)
            guard row == nil, isFull, spans.count < cellLimit else { return row }
            spans = Self.spans(min(2 * spans.count, cellLimit))
            isFull = false
        }
    }

    private mutating func row(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, _ isFull: inout Bool) -> Row? {
        // Not through `self`, so that the cells can be written to meanwhile.
        var blocks = self.blocks
        defer { self.blocks = blocks }
        let limit = limit, isQuoting = isQuoting
        return spans.withUnsafeMutableBufferPointer { cells in
            Self.find(bytes, start, cells, limit, isQuoting, &blocks, &isFull)
        }
    }

    /// A function with nothing captured, so that what the loop works with stays in registers.
    @inline(never)
    private static func find(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ cells: UnsafeMutableBufferPointer<FieldSpan>, _ limit: Int, _ isQuoting: Bool,
        _ held: inout RowBlocks, _ isFull: inout Bool
    ) -> Row? {
        var blocks = held
        defer { held = blocks }
        let separator = blocks.separator, quote = blocks.quote, count = bytes.count, room = cells.count
        var base = start & ~63
        blocks.load(bytes, base)
        var mask = blocks.mask & (~0 << UInt64(start & 63))
        var mayBeForeign = blocks.isForeign, found = 0, lines = 0, doubled: UInt64 = 0
        var cellFrom = start
        // A structural byte that was used up with the one before it, and stands in the next block.
        var used = -1
        var isOpen = false, isDoubled = false
        @inline(__always) func add(_ from: Int, _ to: Int) {
            cells[found].start = Int32(truncatingIfNeeded: from &- start)
            cells[found].end = Int32(truncatingIfNeeded: to &- start)
            found &+= 1
        }
        while true {
            while mask == 0 {
                base &+= 64
                guard base < count, base &- start <= limit else { return nil }
                blocks.load(bytes, base)
                mask = blocks.mask
                if used == base { mask &= mask &- 1 }
                mayBeForeign = mayBeForeign || blocks.isForeign
            }
            let at = base &+ mask.trailingZeroBitCount
            mask &= mask &- 1
            let byte = bytes[at]
            if isOpen {
                if byte == quote {
                    guard at &+ 1 < count else { return nil }
                    let next = bytes[at &+ 1]
                    let isLine = next == 0x0A || next == 0x0D
                    guard next == quote || next == separator || isLine else { return nil }
                    // The byte behind it is the lowest of the mask.
                    if mask == 0 { used = at &+ 1 } else { mask &= mask &- 1 }
                    if next == quote {
                        isDoubled = true
                        continue
                    }
                    guard found < room else {
                        isFull = true
                        return nil
                    }
                    // Here and not above: there it would be worked out ahead of each turn.
                    if isDoubled { doubled |= 1 << UInt64(Swift.min(found, 63)) }
                    add(cellFrom, at)
                    isOpen = false
                    isDoubled = false
                    if isLine {
                        guard at &+ 1 &- start <= limit else { return nil }
                        return Row(cells: found, end: at &+ 1, lines: lines, doubled: doubled, mayBeForeign: mayBeForeign)
                    }
                    cellFrom = at &+ 2
                } else if byte == 0x0A {
                    if bytes[at &- 1] != 0x0D { lines &+= 1 }
                } else if byte == 0x0D {
                    lines &+= 1
                } else if byte == 0 {
                    return nil
                }
            } else if byte == separator {
                guard found < room else {
                    isFull = true
                    return nil
                }
                add(cellFrom, at)
                cellFrom = at &+ 1
            } else if byte == 0x0A || byte == 0x0D {
                guard at &- start <= limit else { return nil }
                guard found < room else {
                    isFull = true
                    return nil
                }
                add(cellFrom, at)
                return Row(cells: found, end: at, lines: lines, doubled: doubled, mayBeForeign: mayBeForeign)
            } else if byte == 0 {
                return nil
            } else if at == cellFrom, isQuoting {
                isOpen = true
                cellFrom = at &+ 1
            }
        }
    }
}

/// The mask of 64 bytes at a time: one bit for each byte that means something in a row.
private struct RowBlocks {
    private typealias Lanes = SIMD16<UInt8>

    let separator: UInt8
    let quote: UInt8
    /// First index of the block whose mask is known, or -1.
    var known = -1
    private(set) var mask: UInt64 = 0
    /// The block has bytes that are not ASCII.
    private(set) var isForeign = false

    init(separator: UInt8, quote: UInt8) {
        self.separator = separator
        self.quote = quote
    }

    /// Makes the mask of the 64 bytes from an index on the known one; bytes past the end are plain.
    @inline(__always)
    mutating func load(_ bytes: UnsafeBufferPointer<UInt8>, _ base: Int) {
        if base == known { return }
        known = base
        guard base + 64 <= bytes.count, let start = bytes.baseAddress else {
            mask = 0
            isForeign = false
            for index in base..<bytes.count {
                let byte = bytes[index]
                if byte >= 0x80 { isForeign = true }
                if byte == separator || byte == quote || byte == 0x0A || byte == 0x0D || byte == 0 { mask |= 1 << UInt64(index - base) }
            }
            return
        }
        let raw = UnsafeRawPointer(start + base)
        let first = raw.loadUnaligned(as: Lanes.self), second = (raw + 16).loadUnaligned(as: Lanes.self)
        let third = (raw + 32).loadUnaligned(as: Lanes.self), fourth = (raw + 48).loadUnaligned(as: Lanes.self)
        mask = bits(first) | bits(second) << 16 | bits(third) << 32 | bits(fourth) << 48
        let high = unsafeBitCast((first | second | third | fourth) & Lanes(repeating: 0x80), to: SIMD2<UInt64>.self)
        isForeign = high[0] | high[1] != 0
    }

    /// One bit a byte of 16.
    @inline(__always)
    private func bits(_ bytes: Lanes) -> UInt64 {
        // Equality alone: Swift 6.3 compares lanes by order one at a time.
        let isCell: SIMDMask<SIMD16<Int8>> = (bytes .== Lanes(repeating: separator)) .| (bytes .== Lanes(repeating: quote))
        let isLine: SIMDMask<SIMD16<Int8>> = (bytes .== Lanes(repeating: 0x0A)) .| (bytes .== Lanes(repeating: 0x0D))
        let hit: SIMDMask<SIMD16<Int8>> = isCell .| isLine .| (bytes .== Lanes())
        // A lane of the mask is all ones or all zeros. One bit of each is kept, its own of eight, and a product adds the
        // eight bytes of a half into its highest: they share no bit, so nothing is carried.
        let weights = Lanes(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128)
        let halves = unsafeBitCast(unsafeBitCast(hit, to: Lanes.self) & weights, to: SIMD2<UInt64>.self)
        let low = (halves[0] &* 0x0101_0101_0101_0101) >> 56, high = (halves[1] &* 0x0101_0101_0101_0101) >> 56
        return (low | high << 8).littleEndian
    }
}
