/// How the bytes of a document spell its text. ASCII is one byte a character in all but UTF-16.
package enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    /// Microsoft's code page 1252; its five unassigned bytes become U+FFFD.
    case windows1252 = "windows-1252"
    case latin1 = "iso-8859-1"
    case latin9 = "iso-8859-15"

    /// Bytes of the document that spell one ASCII character.
    package var unit: Int { self == .utf16BigEndian || self == .utf16LittleEndian ? 2 : 1 }

    /// What a byte order mark at the start of a document says, and how long it is.
    package static func mark(of head: [UInt8]) -> (encoding: TextEncoding, length: Int)? {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return (.utf8, 3) }
        if head.starts(with: [0xFF, 0xFE]) { return (.utf16LittleEndian, 2) }
        if head.starts(with: [0xFE, 0xFF]) { return (.utf16BigEndian, 2) }
        return nil
    }

    /// The character of a byte from 0x80 on in a one-byte encoding.
    package func scalar(_ byte: UInt8) -> UInt32 {
        switch self {
        case .windows1252 where byte < 0xA0: Self.windows1252High[Int(byte) - 0x80]
        case .latin9: Self.latin9Differences[byte] ?? UInt32(byte)
        default: UInt32(byte)
        }
    }

    /// Code page 1252 from 0x80 to 0x9F (unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT).
    private static let windows1252High: [UInt32] = [
        0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
        0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
        0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
        0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
    ]

    /// unicode.org/Public/MAPPINGS/ISO8859/8859-15.TXT, where it is not 8859-1.
    private static let latin9Differences: [UInt8: UInt32] = [
        0xA4: 0x20AC, 0xA6: 0x0160, 0xA8: 0x0161, 0xB4: 0x017D, 0xB8: 0x017E, 0xBC: 0x0152, 0xBD: 0x0153, 0xBE: 0x0178,
    ]

    /// The byte that spells a character from U+0080 on in a one-byte encoding, or nil where it has none.
    package func byte(of scalar: UInt32) -> UInt8? {
        precondition(unit == 1 && self != .utf8, "a character of this encoding is not one byte")
        guard scalar != 0xFFFD else { return nil }
        // What is not moved stands at its own place.
        if scalar >= 0x80, scalar < 0x100, self.scalar(UInt8(scalar)) == scalar { return UInt8(scalar) }
        return (0x80...0xFF).first { self.scalar($0) == scalar }
    }

    /// The first character of a text that the encoding cannot spell.
    package func unfit(_ text: String) -> Unicode.Scalar? {
        guard unit == 1, self != .utf8 else { return nil }
        return text.unicodeScalars.first { $0.value >= 0x80 && byte(of: $0.value) == nil }
    }

    /// Text as the bytes of UTF-8 or of a one-byte encoding; `?` stands for what that cannot spell.
    package func spell(_ utf8: [UInt8]) -> [UInt8] {
        precondition(unit == 1, "UTF-16 is read, and not written")
        guard self != .utf8, utf8.contains(where: { $0 >= 0x80 }) else { return utf8 }
        return String(decoding: utf8, as: UTF8.self).unicodeScalars.map { character in
            character.value < 0x80 ? UInt8(character.value) : byte(of: character.value) ?? UInt8(ascii: "?")
        }
    }
}
