/// Finds the bytes that are not plain inside EDI segments, 64 at a time: a mask with one bit a byte. One load serves all
/// delimiters, and the mask of the block that a segment ends in serves the next one too.
struct DelimiterBlocks {
    private typealias Lanes = SIMD16<UInt8>
    private typealias Mask = SIMDMask<SIMD16<Int8>>

    /// The delimiters, each in every lane; one that is absent repeats the element separator.
    private var element = Lanes()
    private var component = Lanes()
    private var repetition = Lanes()
    private var terminator = Lanes()
    private var release = Lanes()
    private var tag = Lanes()
    /// First index of the block whose mask is known, or -1.
    private var known = -1
    private var knownMask: UInt64 = 0

    mutating func adopt(_ delimiters: EDIDelimiters) {
        element = Lanes(repeating: delimiters.element)
        component = Lanes(repeating: delimiters.component ?? delimiters.element)
        repetition = Lanes(repeating: delimiters.repetition ?? delimiters.element)
        terminator = Lanes(repeating: delimiters.terminatorLength == 1 ? delimiters.terminator : delimiters.element)
        tag = Lanes(repeating: delimiters.tag ?? delimiters.element)
        release = Lanes(repeating: delimiters.release ?? delimiters.element)
        known = -1
    }

    /// Another buffer, or the same one with other bytes, is scanned from now on.
    mutating func forget() { known = -1 }

    /// The mask of the 64 bytes from an index on, a multiple of 64; bytes past the end are plain.
    @inline(__always)
    mutating func mask(
        of buffer: UnsafeBufferPointer<UInt8>, at base: Int, _ classes: borrowing InlineArray<256, ByteClass>
    ) -> UInt64 {
        if base == known { return knownMask }
        var mask: UInt64 = 0
        if base + 64 <= buffer.count, let start = buffer.baseAddress {
            let raw = UnsafeRawPointer(start + base)
            mask = bits(raw) | bits(raw + 16) << 16 | bits(raw + 32) << 32 | bits(raw + 48) << 48
        } else {
            for index in base..<buffer.count where classes[Int(buffer[index])] != .plain { mask |= 1 << UInt64(index - base) }
        }
        known = base
        knownMask = mask
        return mask
    }

    /// One bit a byte of 16: delimiters, and what is below 0x20 or above 0x7E.
    @inline(__always)
    private func bits(_ start: UnsafeRawPointer) -> UInt64 {
        let bytes = start.loadUnaligned(as: Lanes.self)
        // Equality alone: Swift 6.3 compares lanes by order one at a time.
        let isLow: Mask = (bytes & Lanes(repeating: 0xE0)) .== Lanes(repeating: 0)
        let isHigh: Mask = (bytes & Lanes(repeating: 0x80)) .== Lanes(repeating: 0x80)
        let isDelete: Mask = bytes .== Lanes(repeating: 0x7F)
        let odd: Mask = isLow .| isHigh .| isDelete
        let isElement: Mask = bytes .== element, isComponent: Mask = bytes .== component
        let isRepetition: Mask = bytes .== repetition, isTerminator: Mask = bytes .== terminator
        let isRelease: Mask = bytes .== release, isTag: Mask = bytes .== tag
        let parts: Mask = isElement .| isComponent .| isRepetition
        let hit: Mask = odd .| parts .| isTerminator .| isRelease .| isTag
        // A lane of the mask is all ones or all zeros. One bit of each is kept, its own of eight, and a product adds the
        // eight bytes of a half into its highest: they share no bit, so nothing is carried.
        let weights = Lanes(1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128)
        let halves = unsafeBitCast(unsafeBitCast(hit, to: Lanes.self) & weights, to: SIMD2<UInt64>.self)
        let low = (halves[0] &* 0x0101_0101_0101_0101) >> 56, high = (halves[1] &* 0x0101_0101_0101_0101) >> 56
        return (low | high << 8).littleEndian
    }
}
