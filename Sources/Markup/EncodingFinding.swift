import Formats

/// What the first bytes of a document say of its encoding. libxml2 is given UTF-8 only, so that offsets stay ours to know.
struct EncodingFinding: Equatable {
    /// nil where the encoding is not one of ours.
    var encoding: TextEncoding?
    /// Length of the byte order mark.
    var mark: Int
    /// What the document calls its encoding, where it does.
    var declared: String?

    /// Finds the encoding from a byte order mark or the XML declaration (XML 1.0, appendix F).
    static func find(_ head: [UInt8]) -> EncodingFinding {
        if let (encoding, length) = TextEncoding.mark(of: head) { return EncodingFinding(encoding: encoding, mark: length) }
        if head.starts(with: [0x3C, 0x00]) { return EncodingFinding(encoding: .utf16LittleEndian, mark: 0) }
        if head.starts(with: [0x00, 0x3C]) { return EncodingFinding(encoding: .utf16BigEndian, mark: 0) }
        if head.first == 0 || head.starts(with: [0x4C, 0x6F, 0xA7, 0x94]) { return EncodingFinding(encoding: nil, mark: 0) }
        guard let declared = declaredName(head) else { return EncodingFinding(encoding: .utf8, mark: 0) }
        let encoding: TextEncoding? = switch declared.lowercased() {
        // A declaration that can be read byte by byte is not UTF-16, whatever it says.
        case "utf-8", "utf8", "us-ascii", "ascii", "utf-16", "utf-16le", "utf-16be", "unicode": .utf8
        case "iso-8859-1", "iso8859-1", "latin1", "latin-1": .latin1
        case "iso-8859-15", "iso8859-15", "latin9", "latin-9": .latin9
        case "windows-1252", "cp1252", "cp-1252": .windows1252
        default: nil
        }
        return EncodingFinding(encoding: encoding, mark: 0, declared: declared)
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
}
