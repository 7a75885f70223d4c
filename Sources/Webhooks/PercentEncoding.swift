/// Text as UTF-8 with `%41` for each byte that may not stand as it is (RFC 3986, 2.1).
enum PercentEncoding {
    /// HTTP binding of CloudEvents, 3.1.3.2: space, quotation mark, percent sign and all that is not printable ASCII is encoded.
    static func headerValue(_ text: String) -> String {
        encoded(text) { (0x21...0x7e).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "%") }
    }

    /// One value of `application/x-www-form-urlencoded` (WHATWG URL, 5.2): letters, digits and `-._*` stand as they are, a space is `+`.
    static func form(_ text: String) -> String {
        let kept = encoded(text) { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._* ".utf8.contains(byte)
            }
        }
        return String(kept.map { $0 == " " ? "+" : $0 })
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
