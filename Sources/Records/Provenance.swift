/// Origins and mapping rules of a record's fields as one compact blob: about three bytes a field
/// (ARCHITECTURE.md, invariant 10).
///
/// Layout: the count of fields; then, a field, one varint with 0 for "no origin", else node start as a zigzag
/// difference from the last node start plus one; node length; offset of the field within the node; length of the
/// field; and for every field the rule's line as a zigzag difference from the last. Varints are LEB128.
package enum Provenance {
    package static func encode(origins: [FieldOrigin?], rules: [Int32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(origins.count * 4)
        encode(origins: origins, rules: rules, to: &bytes)
        return bytes
    }

    /// Adds the blob to what is there.
    package static func encode(origins: [FieldOrigin?], rules: [Int32], to bytes: inout [UInt8]) {
        appendVarint(UInt64(origins.count), to: &bytes)
        var lastNode = 0, lastRule = 0
        for (origin, rule) in zip(origins, rules) {
            if let origin {
                appendVarint(zigzag(origin.node.lowerBound - lastNode) &+ 1, to: &bytes)
                appendVarint(UInt64(origin.node.count), to: &bytes)
                appendVarint(zigzag(origin.field.lowerBound - origin.node.lowerBound), to: &bytes)
                appendVarint(UInt64(origin.field.count), to: &bytes)
                lastNode = origin.node.lowerBound
            } else {
                bytes.append(0)
            }
            appendVarint(zigzag(Int(rule) - lastRule), to: &bytes)
            lastRule = Int(rule)
        }
    }

    /// Reads a blob back, or gives nil where it is not one.
    package static func decode(_ bytes: [UInt8]) -> (origins: [FieldOrigin?], rules: [Int32])? {
        var at = 0
        guard let count = varint(bytes, &at), count <= 10_000 else { return nil }
        var origins: [FieldOrigin?] = [], rules: [Int32] = []
        var lastNode = 0, lastRule = 0
        for _ in 0..<count {
            guard let first = varint(bytes, &at) else { return nil }
            if first == 0 {
                origins.append(nil)
            } else {
                guard let length = varint(bytes, &at), let offset = varint(bytes, &at), let size = varint(bytes, &at)
                else { return nil }
                let node = lastNode &+ unzigzag(first &- 1)
                let field = node &+ unzigzag(offset)
                guard node >= 0, field >= 0, let nodeLength = Int(exactly: length), let fieldLength = Int(exactly: size),
                    !node.addingReportingOverflow(nodeLength).overflow,
                    !field.addingReportingOverflow(fieldLength).overflow
                else { return nil }
                origins.append(FieldOrigin(node: node..<(node + nodeLength), field: field..<(field + fieldLength)))
                lastNode = node
            }
            guard let step = varint(bytes, &at), let rule = Int32(exactly: lastRule &+ unzigzag(step)) else { return nil }
            rules.append(rule)
            lastRule = Int(rule)
        }
        return at == bytes.count ? (origins, rules) : nil
    }

    private static func zigzag(_ value: Int) -> UInt64 { UInt64(bitPattern: Int64((value << 1) ^ (value >> 63))) }
    private static func unzigzag(_ value: UInt64) -> Int { Int(bitPattern: UInt((value >> 1) ^ (0 &- (value & 1)))) }

    private static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private static func varint(_ bytes: [UInt8], _ at: inout Int) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while at < bytes.count, shift < 64 {
            let byte = bytes[at]
            at += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
