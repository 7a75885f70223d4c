/// Text as XML spells it.
package enum XMLText {
    /// Adds a text to bytes, with what is markup escaped, and what readers would turn into blanks or line feeds (XML 1.0, 2.11 and 3.3.3).
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): bytes += "&amp;".utf8
            case UInt8(ascii: "<"): bytes += "&lt;".utf8
            case UInt8(ascii: ">"): bytes += "&gt;".utf8
            case UInt8(ascii: "\""): bytes += "&quot;".utf8
            case 0x09, 0x0A, 0x0D: bytes += "&#\(byte);".utf8
            default: bytes.append(byte)
            }
        }
    }
}
