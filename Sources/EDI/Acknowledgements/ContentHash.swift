import Formats

/// FNV-1a of 64 bits over what transaction sets say, without their envelopes: it tells a resend from a correction. Contents that
/// are made to have one hash are not told apart.
struct ContentHash: Sendable {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    private mutating func add(_ byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }

    /// Adds an EDI segment: its tag, and each value with its place.
    mutating func add(_ node: Int32, _ arena: borrowing SourceArena) {
        for byte in arena.names[Int(arena.nodes[Int(node)].name)].utf8 { add(byte) }
        for index in arena.nodes[Int(node)].fields {
            let field = arena.fields[Int(index)]
            add(UInt8(truncatingIfNeeded: field.element))
            add(UInt8(truncatingIfNeeded: field.component))
            add(UInt8(truncatingIfNeeded: field.repetition))
            for byte in arena.text.view[Int(field.text.lowerBound)..<Int(field.text.upperBound)] { add(byte) }
        }
        // Ends the segment, as no place is 0.
        add(0)
    }

    var hexadecimal: String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
