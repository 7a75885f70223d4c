import Formats

/// A text of at most 16 bytes as two words, so that it is compared at once: most qualifiers, codes, units and dates are that short.
struct ShortText: Equatable {
    static let bytesMax = 16

    private var head: UInt64 = 0
    private var tail: UInt64 = 0
    /// -1 for no text at all.
    private var count = -1

    /// No text.
    init() {}

    /// Some number of it, whose highest bits differ between most texts.
    @inline(__always)
    var mixed: UInt64 { (head &+ tail &* 0x2545_F491_4F6C_DD1D &+ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15 }

    /// Nil where the text is longer.
    @inline(__always)
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count <= ShortText.bytesMax else { return nil }
        count = bytes.count
        // The two words overlap, which with the count still tells texts apart; bytes outside of the text are not read.
        if count >= 8 {
            let start = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
            head = start.loadUnaligned(as: UInt64.self)
            tail = start.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if count >= 4 {
            let start = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
            head = UInt64(start.loadUnaligned(as: UInt32.self))
            tail = UInt64(start.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else {
            for byte in bytes { head = head << 8 | UInt64(byte) }
        }
    }
}
