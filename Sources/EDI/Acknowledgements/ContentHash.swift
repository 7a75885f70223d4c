import Formats

/// 64 bits over what transaction sets say, without their envelopes: they tell a resend from a correction. Contents that are made to have one
/// hash are not told apart.
///
/// Eight bytes at a time are multiplied to 128 bits, of which the halves are folded (as wyhash does; Wang Yi, 2019): one multiplication for most
/// elements.
struct ContentHash: Sendable {
    /// Begins a text of this kind of hash: 16 digits without it are of the kind before, and are compared with none of these.
    static let mark = "2:"

    // Fractional digits of pi, as Blowfish has them: words without a pattern.
    private static let first: UInt64 = 0x243F_6A88_85A3_08D3
    private static let second: UInt64 = 0x1319_8A2E_0370_7344
    private static let third: UInt64 = 0x082E_FA98_EC4E_6C89
    private var value = Self.first

    /// Adds an EDI segment: its tag, and each value with its place.
    mutating func add(_ node: Int32, _ arena: borrowing SourceArena) {
        var value = Self.folded(value ^ Self.third, Self.tag(arena.names[Int(arena.nodes[Int(node)].name)]) ^ Self.second)
        let fields = arena.fields.view, text = arena.text.view, range = arena.nodes[Int(node)].fields
        var index = Int(range.lowerBound)
        while index < Int(range.upperBound) {
            let field = fields[index]
            let place = UInt64(UInt32(bitPattern: field.element)) | UInt64(UInt16(bitPattern: field.component)) << 32
                | UInt64(UInt16(bitPattern: field.repetition)) << 48
            value = Self.adding(text[Int(field.text.lowerBound)..<Int(field.text.upperBound)], place, to: value)
            index += 1
        }
        self.value = value
    }

    /// A tag in one word, longer names mixed into it.
    private static func tag(_ name: String) -> UInt64 {
        var name = name
        return name.withUTF8 { bytes in
            var word = UInt64(bytes.count)
            for byte in bytes { word = (word &* 0x100_0000_01B3) ^ UInt64(byte) }
            return word
        }
    }

    @inline(__always)
    private static func adding(_ bytes: UnsafeBufferPointer<UInt8>, _ place: UInt64, to value: UInt64) -> UInt64 {
        guard let base = bytes.baseAddress else { return folded(value ^ place, second) }
        let start = UnsafeRawPointer(base), count = bytes.count
        // The count tells texts apart whose last words, which overlap the ones before, are the same. Both are spread over all bits, so that no
        // other text makes up for another place.
        var value = value ^ ((place ^ (UInt64(truncatingIfNeeded: count) &* second)) &* third)
        var at = 0
        while count - at > 16 {
            value = folded(value ^ word(start + at), word(start + at + 8) ^ second)
            at += 16
        }
        let low: UInt64, high: UInt64
        if count >= 8 {
            (low, high) = (count > 16 ? word(start + (count - 16)) : word(start), word(start + (count - 8)))
        } else if count >= 4 {
            low = UInt64(half(start)) | UInt64(half(start + (count - 4))) << 32
            high = 0
        } else {
            var rest: UInt64 = 0
            for byte in bytes { rest = rest << 8 | UInt64(byte) }
            (low, high) = (rest, 0)
        }
        return folded(value ^ low, high ^ second)
    }

    @inline(__always)
    private static func folded(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }

    /// Eight bytes as they stand, whatever the processor's own order.
    @inline(__always)
    private static func word(_ address: UnsafeRawPointer) -> UInt64 { UInt64(littleEndian: address.loadUnaligned(as: UInt64.self)) }

    @inline(__always)
    private static func half(_ address: UnsafeRawPointer) -> UInt32 { UInt32(littleEndian: address.loadUnaligned(as: UInt32.self)) }

    /// The mark and 16 hexadecimal digits.
    var text: String {
        let digits = String(value, radix: 16)
        return Self.mark + String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
