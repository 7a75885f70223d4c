/// One token of JSON (RFC 8259) at the start of some bytes.
enum JSONToken: Equatable {
    case openObject, closeObject, openArray, closeArray, colon, comma
    /// A text with its quotes.
    case text(length: Int, hasEscapes: Bool, isForeign: Bool)
    /// A number, as it is written.
    case number(length: Int)
    case yes, no, null
    /// The token goes on past the bytes at hand.
    case unfinished
    /// Nothing that JSON knows; the offset of the byte and what is wrong with it.
    case wrong(at: Int, String)
    /// A text or a number longer than the limit.
    case tooLong
}

/// Finds tokens, and remembers how far it has looked at one that comes in pieces.
struct JSONLexer {
    let limit: Int
    private var scanned = 0
    private var hasEscapes = false
    private var isForeign = false

    init(limit: Int) { self.limit = limit }

    mutating func reset() {
        scanned = 0
        hasEscapes = false
        isForeign = false
    }

    /// The token at the first byte, which is no white space.
    mutating func next(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> JSONToken {
        switch bytes[0] {
        case UInt8(ascii: "{"): return .openObject
        case UInt8(ascii: "}"): return .closeObject
        case UInt8(ascii: "["): return .openArray
        case UInt8(ascii: "]"): return .closeArray
        case UInt8(ascii: ":"): return .colon
        case UInt8(ascii: ","): return .comma
        case UInt8(ascii: "\""): return text(bytes)
        case UInt8(ascii: "t"): return word(bytes, "true", .yes, isEnd)
        case UInt8(ascii: "f"): return word(bytes, "false", .no, isEnd)
        case UInt8(ascii: "n"): return word(bytes, "null", .null, isEnd)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number(bytes, isEnd)
        default: return .wrong(at: 0, "a value cannot begin with \(Self.shown(bytes[0]))")
        }
    }

    static func shown(_ byte: UInt8) -> String {
        byte > 0x20 && byte < 0x7F ? "`\(Character(UnicodeScalar(byte)))`" : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }

    private mutating func text(_ bytes: UnsafeBufferPointer<UInt8>) -> JSONToken {
        var at = max(scanned, 1)
        while at < bytes.count {
            let byte = bytes[at]
            if byte == UInt8(ascii: "\"") { return .text(length: at + 1, hasEscapes: hasEscapes, isForeign: isForeign) }
            if byte < 0x20 { return .wrong(at: at, "a text holds \(Self.shown(byte)), which must be escaped") }
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                // What is escaped is looked at when it comes.
                guard at + 1 < bytes.count else { break }
                guard "\"\\/bfnrtu".utf8.contains(bytes[at + 1]) else { return .wrong(at: at, "`\\` is followed by \(Self.shown(bytes[at + 1]))") }
                if bytes[at + 1] == UInt8(ascii: "u") {
                    guard at + 6 <= bytes.count else { break }
                    for digit in at + 2..<at + 6 where hexDigit(bytes[digit]) == nil { return .wrong(at: digit, "`\\u` is followed by four hexadecimal digits") }
                    at += 4
                }
                at += 1
            } else if byte >= 0x80 {
                isForeign = true
            }
            at += 1
            if at > limit { return .tooLong }
        }
        scanned = at
        return .unfinished
    }

    private func word(_ bytes: UnsafeBufferPointer<UInt8>, _ word: StaticString, _ token: JSONToken, _ isEnd: Bool) -> JSONToken {
        let count = word.utf8CodeUnitCount
        let expected = UnsafeBufferPointer(start: word.utf8Start, count: count)
        let shared = zip(bytes, expected).prefix { $0 == $1 }.count
        if shared == count { return token }
        if shared == bytes.count, !isEnd { return .unfinished }
        return .wrong(at: shared < bytes.count ? shared : bytes.count - 1, "`\(word)` is not written out")
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool) -> JSONToken {
        var end = max(scanned, 0)
        while end < bytes.count, Self.isNumber(bytes[end]) { end += 1 }
        guard end <= limit else { return .tooLong }
        if end == bytes.count, !isEnd {
            scanned = end
            return .unfinished
        }
        var at = bytes[0] == UInt8(ascii: "-") ? 1 : 0
        func digits() -> Int {
            let start = at
            while at < end, bytes[at] >= 0x30, bytes[at] <= 0x39 { at += 1 }
            return at - start
        }
        let start = at
        let whole = digits()
        if whole == 0 { return .wrong(at: min(at, bytes.count - 1), "a number has no digit") }
        if whole > 1, bytes[start] == 0x30 { return .wrong(at: start, "a number begins with 0") }
        if at < end, bytes[at] == UInt8(ascii: ".") {
            at += 1
            if digits() == 0 { return .wrong(at: min(at, bytes.count - 1), "a number has no digit behind its point") }
        }
        if at < end, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if at < end, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
            if digits() == 0 { return .wrong(at: min(at, bytes.count - 1), "a number has no digit in its exponent") }
        }
        return at == end ? .number(length: end) : .wrong(at: at, "a number holds \(Self.shown(bytes[at]))")
    }

    private static func isNumber(_ byte: UInt8) -> Bool {
        (byte >= 0x30 && byte <= 0x39) || byte == UInt8(ascii: ".") || byte | 0x20 == UInt8(ascii: "e") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: "-")
    }

    /// Appends what stands between the quotes of a text, escapes undone, as UTF-8. Gives false where it holds half of a
    /// surrogate pair, which becomes U+FFFD.
    static func decode(_ content: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) -> Bool {
        var isSound = true
        var at = 0
        func unit(_ start: Int) -> UInt32? {
            guard start + 6 <= content.count, content[start] == UInt8(ascii: "\\"), content[start + 1] == UInt8(ascii: "u") else { return nil }
            return content[start + 2..<start + 6].reduce(0) { $0 << 4 | (hexDigit($1) ?? 0) }
        }
        while at < content.count {
            guard content[at] == UInt8(ascii: "\\"), at + 1 < content.count else {
                text.append(content[at])
                at += 1
                continue
            }
            guard var scalar = unit(at) else {
                let plain: UInt8 = switch content[at + 1] {
                case UInt8(ascii: "b"): 0x08
                case UInt8(ascii: "f"): 0x0C
                case UInt8(ascii: "n"): 0x0A
                case UInt8(ascii: "r"): 0x0D
                case UInt8(ascii: "t"): 0x09
                default: content[at + 1]
                }
                text.append(plain)
                at += 2
                continue
            }
            at += 6
            if scalar & 0xFC00 == 0xD800, let low = unit(at), low & 0xFC00 == 0xDC00 {
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + low & 0x3FF
                at += 6
            } else if scalar & 0xF800 == 0xD800 {
                scalar = 0xFFFD
                isSound = false
            }
            text.append(contentsOf: String(Character(UnicodeScalar(scalar) ?? "\u{FFFD}")).utf8)
        }
        return isSound
    }
}

private func hexDigit(_ byte: UInt8) -> UInt32? {
    switch byte {
    case 0x30...0x39: UInt32(byte - 0x30)
    case 0x41...0x46: UInt32(byte - 0x41 + 10)
    case 0x61...0x66: UInt32(byte - 0x61 + 10)
    default: nil
    }
}
