/// The character set of an interchange, by its syntax identifier (UNB 0001; ISO 9735-1, annex A, and the code list of 0001).
enum EDIFACTCharset: Equatable {
    /// UNOA and UNOB: ISO 646.
    case ascii
    /// UNOC: ISO 8859-1.
    case latin1
    /// UNOD to UNOK: other parts of ISO 8859.
    case part(Int)
    /// UNOW, UNOX and UNOY: ISO 10646, as UTF-8. UNOX (ISO 2022) is read so too: no file with its escapes was seen.
    case utf8
    /// What Windows systems send where they declare UNOC.
    case windows1252

    /// - Parameter syntax: such as `UNOC`; nil for one that is not known.
    init?(syntax: String) {
        switch syntax {
        case "UNOA", "UNOB": self = .ascii
        case "UNOC": self = .latin1
        case "UNOD": self = .part(2)
        case "UNOE": self = .part(5)
        case "UNOF": self = .part(7)
        case "UNOG": self = .part(3)
        case "UNOH": self = .part(4)
        case "UNOI": self = .part(6)
        case "UNOJ": self = .part(8)
        case "UNOK": self = .part(9)
        case "UNOW", "UNOX", "UNOY": self = .utf8
        default: return nil
        }
    }

    var name: String {
        switch self {
        case .ascii: "ISO 646 (UNOA, UNOB)"
        case .latin1: "ISO 8859-1 (UNOC)"
        case .part(let number): "ISO 8859-\(number)"
        case .utf8: "UTF-8"
        case .windows1252: "Windows-1252"
        }
    }

    /// The set that bytes of a segment are really of. Bytes that form UTF-8 are UTF-8: in another set they would be letters that
    /// no word has next to each other. 80 to 9F are control characters in ISO 8859, and letters in Windows-1252.
    func actual(of bytes: UnsafeBufferPointer<UInt8>, isUTF8: Bool) -> EDIFACTCharset {
        if isUTF8 { return .utf8 }
        switch self {
        case .ascii, .utf8, .windows1252: return .windows1252
        case .latin1: return bytes.contains { (0x80...0x9F).contains($0) } ? .windows1252 : .latin1
        case .part: return bytes.contains { $0 >= 0x80 && scalar($0) == 0 } ? .windows1252 : self
        }
    }

    /// Appends a byte as UTF-8.
    func append(_ byte: UInt8, to text: inout [UInt8]) {
        guard byte >= 0x80, self != .utf8 else { return text.append(byte) }
        if self == .windows1252 { return WindowsLatin.append(byte, to: &text) }
        let scalar = scalar(byte)
        if scalar >= 0x800 {
            text.append(0xE0 | UInt8(scalar >> 12))
            text.append(0x80 | UInt8(scalar >> 6 & 0x3F))
        } else {
            text.append(0xC0 | UInt8(scalar >> 6))
        }
        text.append(0x80 | UInt8(scalar & 0x3F))
    }

    /// The scalar of a byte above 7F; 0 where there is none.
    private func scalar(_ byte: UInt8) -> UInt16 {
        guard byte >= 0xA0, case .part(let number) = self else { return byte >= 0xA0 || self == .latin1 ? UInt16(byte) : 0 }
        let table = switch number {
        case 2: EightBitSets.latin2
        case 3: EightBitSets.latin3
        case 4: EightBitSets.latin4
        case 5: EightBitSets.cyrillic
        case 6: EightBitSets.arabic
        case 7: EightBitSets.greek
        case 8: EightBitSets.hebrew
        default: EightBitSets.latin5
        }
        return table[Int(byte) - 0xA0]
    }
}
