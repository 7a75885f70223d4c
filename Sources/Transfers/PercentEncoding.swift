/// Text as UTF-8 with `%41` for each byte that may not stand as it is (RFC 3986, 2.1).
package enum PercentEncoding {
    /// HTTP binding of CloudEvents, 3.1.3.2: space, quotation mark, percent sign and all that is not printable ASCII is encoded.
    package static func headerValue(_ text: String) -> String {
        encoded(text) { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
    }

    /// One value of `application/x-www-form-urlencoded` (WHATWG URL, 5.2): letters, digits and `-._*` stand as they are, a space is `+`.
    package static func form(_ text: String) -> String {
        let kept = encoded(text) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._* ".utf8.contains(byte)
            }
        }
        return String(kept.map { $0 == " " ? "+" : $0 })
    }

    /// A path of a URL (RFC 3986, 3.3), with its slashes.
    static func path(_ text: String) -> String {
        encoded(text) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._~/".utf8.contains(byte)
            }
        }
    }

    /// The text behind an encoding; nil where a percent sign begins no byte, or the bytes are no UTF-8.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = [], rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard rest.count >= 2, rest.prefix(2).allSatisfy({ Character(UnicodeScalar($0)).isHexDigit }),
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)

    private static func encoded(_ text: String, keeping isKept: (UInt8) -> Bool) -> String {
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if isKept(byte) { bytes.append(byte) } else { bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
