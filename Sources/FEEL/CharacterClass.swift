/// Byte classes of the grammar (DMN 1.5, 10.3.1.2, rules 28 to 35 and 61), taken over UTF-8.
enum CharacterClass {
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Letters, underscore and every byte of a non-ASCII character.
    static func isNameStart(_ byte: UInt8) -> Bool {
        (byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A) || byte == 0x5F || byte >= 0x80
    }

    static func isNamePart(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }

    /// The bytes of one white-space character at an offset, or zero. Covers Unicode's spaces and the byte order mark.
    static func spaceLength(_ bytes: [UInt8], _ offset: Int) -> Int {
        guard offset < bytes.count else { return 0 }
        let first = bytes[offset]
        if first == 0x20 || (first >= 0x09 && first <= 0x0D) { return 1 }
        if first < 0xC2 { return 0 }
        if first == 0xC2 { return offset + 1 < bytes.count && (bytes[offset + 1] == 0xA0 || bytes[offset + 1] == 0x85) ? 2 : 0 }
        guard offset + 2 < bytes.count else { return 0 }
        switch (first, bytes[offset + 1], bytes[offset + 2]) {
        case (0xE1, 0x9A, 0x80), (0xE2, 0x80, 0x80...0x8B), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9), (0xE2, 0x80, 0xAF),
            (0xE2, 0x81, 0x9F), (0xE3, 0x80, 0x80), (0xEF, 0xBB, 0xBF):
            return 3
        default: return 0
        }
    }

    /// The first offset at or after `offset` that is neither white space nor in a comment (`//` or `/* */`).
    static func skipSpace(_ bytes: [UInt8], _ offset: Int) -> Int {
        var position = offset
        while position < bytes.count {
            let length = spaceLength(bytes, position)
            if length > 0 {
                position += length
            } else if bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "/") {
                while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
            } else if bytes[position] == UInt8(ascii: "/"), position + 1 < bytes.count, bytes[position + 1] == UInt8(ascii: "*") {
                position += 2
                while position + 1 < bytes.count, !(bytes[position] == UInt8(ascii: "*") && bytes[position + 1] == UInt8(ascii: "/")) {
                    position += 1
                }
                position = min(position + 2, bytes.count)
            } else {
                break
            }
        }
        return position
    }
}
