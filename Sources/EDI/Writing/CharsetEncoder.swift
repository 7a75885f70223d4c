/// Turns texts into the bytes of a character set, by the table that reads them.
struct CharsetEncoder: Sendable {
    let charset: EDIFACTCharset
    /// Bytes above 7F by scalar; empty where the set is UTF-8.
    private let bytes: [UInt32: UInt8]

    init(_ charset: EDIFACTCharset) {
        self.charset = charset
        var bytes: [UInt32: UInt8] = [:]
        if charset != .utf8, charset != .ascii {
            for byte in UInt8(0x80)...0xFF {
                var text: [UInt8] = []
                charset.append(byte, to: &text)
                guard let scalar = String(validating: text, as: UTF8.self)?.unicodeScalars.first, scalar.value >= 0x80 else { continue }
                bytes[scalar.value] = byte
            }
        }
        self.bytes = bytes
    }

    /// Appends a scalar; false where the set does not have it.
    func append(_ scalar: Unicode.Scalar, to text: inout [UInt8]) -> Bool {
        if scalar.value < 0x80 {
            text.append(UInt8(scalar.value))
        } else if charset == .utf8 {
            text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        } else {
            guard let byte = bytes[scalar.value] else { return false }
            text.append(byte)
        }
        return true
    }
}
