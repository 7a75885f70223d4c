/// How the bytes of an XML document spell its text. libxml2 is given UTF-8 only, so that offsets stay ours to know.
enum DocumentEncoding: Equatable {
    case utf8, latin1, latin9, windows1252, utf16BigEndian, utf16LittleEndian

    /// Bytes of the document that spell one ASCII character.
    var unit: Int { self == .utf16BigEndian || self == .utf16LittleEndian ? 2 : 1 }

    /// What the first bytes of a document say of its encoding.
    struct Finding: Equatable {
        /// nil where the encoding is not one of ours.
        var encoding: DocumentEncoding?
        /// Length of the byte order mark.
        var mark: Int
        /// What the document calls its encoding, where it does.
        var declared: String?
    }

    /// Finds the encoding from a byte order mark or the XML declaration (XML 1.0, appendix F).
    static func find(_ head: [UInt8]) -> Finding {
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { return Finding(encoding: .utf8, mark: 3) }
        if head.starts(with: [0xFF, 0xFE]) { return Finding(encoding: .utf16LittleEndian, mark: 2) }
        if head.starts(with: [0xFE, 0xFF]) { return Finding(encoding: .utf16BigEndian, mark: 2) }
        if head.starts(with: [0x3C, 0x00]) { return Finding(encoding: .utf16LittleEndian, mark: 0) }
        if head.starts(with: [0x00, 0x3C]) { return Finding(encoding: .utf16BigEndian, mark: 0) }
        if head.first == 0 || head.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) { return Finding(encoding: nil, mark: 0) }
        guard let declared = declaredName(head) else { return Finding(encoding: .utf8, mark: 0) }
        let encoding: DocumentEncoding? = switch declared.lowercased() {
        // A declaration that can be read byte by byte is not UTF-16, whatever it says.
        case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "unicode": .utf8
        case "iso-8859-1", "iso8859-1", "latin1", "latin-1": .latin1
        case "iso-8859-15", "iso8859-15", "latin9", "latin-9": .latin9
        case "windows-1252", "cp1252", "cp-1252": .windows1252
        default: nil
        }
        return Finding(encoding: encoding, mark: 0, declared: declared)
    }

    /// The name in `<?xml version="1.0" encoding="…"?>`.
    private static func declaredName(_ head: [UInt8]) -> String? {
        guard head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let declaration = head[..<end]
        let key = Array("encoding".utf8)
        guard let at = declaration.indices.first(where: { declaration[$0...].starts(with: key) }) else { return nil }
        let rest = declaration[(at + key.count)...]
        guard let open = rest.firstIndex(where: { $0 == 0x22 || $0 == 0x27 }),
            let close = rest[(open + 1)...].firstIndex(of: rest[open])
        else { return nil }
        return String(decoding: rest[(open + 1)..<close], as: UTF8.self)
    }

    /// The character of a byte from 0x80 on in a one-byte encoding.
    func scalar(_ byte: UInt8) -> UInt32 {
        switch self {
        case .windows1252 where byte < 0xA0: Self.windows1252High[Int(byte) - 0x80]
        case .latin9: Self.latin9Differences[byte] ?? UInt32(byte)
        default: UInt32(byte)
        }
    }

    /// unicode.org/Public/MAPPINGS/VENDORS/MICSFT/WINDOWS/CP1252.TXT, 0x80 to 0x9F.
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
}
