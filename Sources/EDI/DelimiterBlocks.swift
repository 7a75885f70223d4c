import CLanes

/// Finds the bytes that are not plain inside EDI segments, 64 at a time: masks with one bit a byte. The masks of the block that a
/// segment ends in serve the next one too.
struct DelimiterBlocks {
    /// Bytes of a block.
    static let width = 64

    /// Of the block at hand. A byte is in one of them at most.
    private(set) var elements: UInt64 = 0
    private(set) var components: UInt64 = 0
    private(set) var terminators: UInt64 = 0
    /// What must be looked at one byte after the other: separators of repetitions, releases, control characters, line breaks,
    /// bytes above 0x7E.
    private(set) var others: UInt64 = 0
    /// Whether masks tell segments apart: not where two delimiters are the same byte, nor where a tag ends otherwise than an element.
    private(set) var areUsable = false

    private var delimiters = crossdock_delimiters()
    /// All bits, or none where there is no such delimiter.
    private var keptComponents: UInt64 = 0
    private var keptTerminators: UInt64 = 0
    /// First index of the block at hand, or -1.
    private var known = -1

    mutating func adopt(_ delimiters: EDIDelimiters) {
        let other = delimiters.repetition ?? delimiters.element
        self.delimiters = crossdock_delimiters_of(
            delimiters.element, delimiters.component ?? delimiters.element, delimiters.terminator, other,
            delimiters.release ?? other)
        keptComponents = delimiters.component == nil ? 0 : ~0
        keptTerminators = delimiters.terminatorLength == 1 ? ~0 : 0
        areUsable = delimiters.areDistinct && delimiters.tag == nil
        known = -1
    }

    /// Another buffer, or the same one with other bytes, is scanned from now on.
    mutating func forget() { known = -1 }

    /// Takes the block that begins at an index, a multiple of 64; bytes past the end are plain.
    @inline(__always)
    mutating func load(_ buffer: UnsafeBufferPointer<UInt8>, at base: Int) {
        if base == known { return }
        known = base
        guard let start = buffer.baseAddress else { return }
        if base &+ Self.width <= buffer.count { return take(start + base) }
        loadRest(UnsafeBufferPointer(rebasing: buffer[base...]))
    }

    /// The last block of a buffer, which is not whole.
    @inline(never)
    private mutating func loadRest(_ rest: UnsafeBufferPointer<UInt8>) {
        var whole = InlineArray<64, UInt8>(repeating: 0x20)
        for index in rest.indices { whole[index] = rest[index] }
        let kept = ~UInt64(0) >> UInt64(Self.width - rest.count)
        withUnsafeBytes(of: &whole) { bytes in
            if let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress { take(start) }
        }
        elements &= kept
        components &= kept
        terminators &= kept
        others &= kept
    }

    @inline(__always)
    private mutating func take(_ start: UnsafePointer<UInt8>) {
        let masks = crossdock_scan(start, &delimiters)
        elements = masks.elements
        components = masks.components & keptComponents
        terminators = masks.terminators & keptTerminators
        others = masks.others & ~(elements | components | terminators)
    }
}
