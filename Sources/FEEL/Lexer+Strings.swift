import Diagnostics

extension Lexer {
    /// A string literal with its escapes: `\" \\ \' \/ \n \r \t \b \f \uXXXX \UXXXXXX`.
    func string(at start: Int) -> Lexeme {
        var result: [UInt8] = []
        var position = start + 1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                return Lexeme(token: .string(String(decoding: result, as: UTF8.self)), range: start..<position + 1)
            }
            guard byte == UInt8(ascii: "\\") else {
                result.append(byte)
                position += 1
                continue
            }
            guard let (scalar, end) = escape(at: position) else {
                if !refusesUnknownEscapes {
                    result.append(byte)
                    position += 1
                    continue
                }
                let fact = "unknown escape \(text(position..<min(position + 2, bytes.count))) in a string"
                return Lexeme(token: .invalid(.feelLiteral, fact), range: position..<min(position + 2, bytes.count))
            }
            result.append(contentsOf: Array(String(Character(scalar)).utf8))
            position = end
        }
        return Lexeme(token: .invalid(.feelLiteral, "the string has no closing quote"), range: start..<start + 1)
    }

    private static let simpleEscapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "'"): "'",
        UInt8(ascii: "n"): "\n", UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]

    /// Escapes of JSON that the standard does not have.
    private static let furtherEscapes: [UInt8: Unicode.Scalar] = [
        UInt8(ascii: "/"): "/", UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}",
    ]

    private func escape(at position: Int) -> (Unicode.Scalar, end: Int)? {
        guard position + 1 < bytes.count else { return nil }
        let letter = bytes[position + 1]
        if let scalar = Self.simpleEscapes[letter] { return (scalar, position + 2) }
        if refusesUnknownEscapes, let scalar = Self.furtherEscapes[letter] { return (scalar, position + 2) }
        if letter == UInt8(ascii: "U") {
            return hexadecimal(at: position + 2, digits: 6).flatMap(Unicode.Scalar.init).map { ($0, position + 8) }
        }
        guard letter == UInt8(ascii: "u"), let first = hexadecimal(at: position + 2, digits: 4) else { return nil }
        if let scalar = Unicode.Scalar(first) { return (scalar, position + 6) }
        // A surrogate pair: \uD83D\uDE00.
        guard first < 0xDC00, position + 11 < bytes.count, bytes[position + 6] == UInt8(ascii: "\\"),
            bytes[position + 7] == UInt8(ascii: "u"), let second = hexadecimal(at: position + 8, digits: 4),
            second >= 0xDC00, second < 0xE000, let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { return nil }
        return (scalar, position + 12)
    }

    private func hexadecimal(at start: Int, digits: Int) -> UInt32? {
        guard start + digits <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[start..<start + digits] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }
}
