/// RFC 4648 base64 in its one form: of keys, signatures, fingerprints and roots.
enum Base64Text {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// Decodes padded base64 strictly: no white space, no missing padding, no bits left over; nil otherwise.
    static func decode(_ text: some Sequence<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var group: UInt32 = 0, count = 0, padding = 0
        for character in text {
            guard let value = value(of: character, padding: &padding) else { return nil }
            group = group << 6 | UInt32(value)
            count += 1
            guard count % 4 == 0 else { continue }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
            if padding == 2, group & 0xFFFF != 0 { return nil }
            if padding == 1, group & 0xFF != 0 { return nil }
            group = 0
        }
        return count % 4 == 0 ? bytes : nil
    }

    static func encode(_ bytes: [UInt8]) -> String {
        let text = encodeUnpadded(bytes)
        return text + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    }

    /// Encodes without padding, as OpenSSH prints a fingerprint.
    static func encodeUnpadded(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var group: UInt32 = 0, bits = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                text.append(alphabet[Int(group >> UInt32(bits)) & 63])
            }
        }
        if bits > 0 { text.append(alphabet[Int(group << UInt32(6 - bits)) & 63]) }
        return String(decoding: text, as: UTF8.self)
    }

    private static func value(of character: UInt8, padding: inout Int) -> UInt8? {
        if character == 61 {
            padding += 1
            return padding <= 2 ? 0 : nil
        }
        guard padding == 0 else { return nil }
        return switch character {
        case 65...90: character - 65
        case 97...122: character - 71
        case 48...57: character + 4
        case 43: 62
        case 47: 63
        default: nil
        }
    }
}
