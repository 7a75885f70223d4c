import Formats

/// FNV-1a of 64 bits over what transaction sets say, without their envelopes: it tells a resend from a correction. Contents that
/// are made to have one hash are not told apart.
struct ContentHash: Sendable {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    private static let prime: UInt64 = 0x100_0000_01B3

    /// Adds an EDI segment: its tag, and each value with its place.
    mutating func add(_ node: Int32, _ arena: borrowing SourceArena) {
        var value = value
        for byte in arena.names[Int(arena.nodes[Int(node)].name)].utf8 { value = (value ^ UInt64(byte)) &* Self.prime }
        let fields = arena.fields.view, text = arena.text.view
        for index in arena.nodes[Int(node)].fields {
            let field = fields[Int(index)]
            value = (value ^ UInt64(UInt8(truncatingIfNeeded: field.element))) &* Self.prime
            value = (value ^ UInt64(UInt8(truncatingIfNeeded: field.component))) &* Self.prime
            value = (value ^ UInt64(UInt8(truncatingIfNeeded: field.repetition))) &* Self.prime
            let bytes = text[Int(field.text.lowerBound)..<Int(field.text.upperBound)]
            for place in 0..<bytes.count { value = (value ^ UInt64(bytes[place])) &* Self.prime }
        }
        // Ends the segment, as no place is 0.
        self.value = value &* Self.prime
    }

    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
