/// Eight lower-case hexadecimal digits at a time, as the bytes of one word: a log of a million entries has a hundred million of them.
enum HexDigits {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The number that eight digits write; nil where one of the bytes is no digit.
    @inline(__always)
    static func read(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32? {
        let text = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        // Letters have bit 6, and `a` has 1 where it stands for 10.
        let nibbles = (text & (ones &* 0x0F)) &+ ((text >> 6) & ones) &* 9
        // A sum past 15, or a byte that is no digit, writes otherwise.
        guard nibbles & (ones &* 0xF0) == 0, digits(of: nibbles) == text else { return nil }
        var packed = (nibbles << 4 | nibbles >> 8) & 0x00FF_00FF_00FF_00FF
        packed = (packed << 8 | packed >> 16) & 0x0000_FFFF_0000_FFFF
        return UInt32(truncatingIfNeeded: packed << 16 | packed >> 32)
    }

    /// Writes a number as eight digits.
    @inline(__always)
    static func write(_ number: UInt32, to bytes: UnsafeMutableRawBufferPointer, at offset: Int) {
        var spread = UInt64(number.byteSwapped)
        spread = (spread | spread << 16) & 0x0000_FFFF_0000_FFFF
        spread = (spread | spread << 8) & 0x00FF_00FF_00FF_00FF
        let nibbles = (spread >> 4) & 0x000F_000F_000F_000F | (spread & 0x000F_000F_000F_000F) << 8
        bytes.storeBytes(of: digits(of: nibbles).littleEndian, toByteOffset: offset, as: UInt64.self)
    }

    /// The digits of eight numbers below 16.
    @inline(__always)
    private static func digits(of nibbles: UInt64) -> UInt64 {
        let letters = ((nibbles &+ ones &* 6) >> 4) & ones
        return nibbles &+ ones &* 0x30 &+ letters &* 39
    }
}
