/// Reads JSON (RFC 8259) strictly: no comments, no trailing commas, no bare words, no doubled keys.
struct JSONParser {
    private let bytes: [UInt8]
    private var at = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSONFailure) -> Value {
        skipBlanks()
        let value = try value()
        skipBlanks()
        if at < bytes.count { throw failure("expected the end of the text, found \(found)") }
        return value
    }

    private var found: String {
        guard at < bytes.count else { return "the end of the text" }
        let byte = bytes[at]
        return byte > 32 && byte < 127 ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    }

    private func failure(_ fact: String) -> JSONFailure { JSONFailure(offset: at, fact: fact) }

    private mutating func skipBlanks() {
        while at < bytes.count, bytes[at] == 32 || bytes[at] == 10 || bytes[at] == 13 || bytes[at] == 9 { at += 1 }
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func value() throws(JSONFailure) -> Value {
        guard at < bytes.count else { throw failure("expected a value, found the end of the text") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try nested(Self.object)
        case UInt8(ascii: "["): return try nested(Self.array)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw failure("expected a value, found \(found)")
        }
    }

    private mutating func nested(
        _ read: (inout JSONParser) throws(JSONFailure) -> Value
    ) throws(JSONFailure) -> Value {
        guard depth < JSONText.depthMax else { throw failure("more than \(JSONText.depthMax) levels of nesting") }
        depth += 1
        at += 1
        skipBlanks()
        let value = try read(&self)
        depth -= 1
        return value
    }

    private static func array(_ parser: inout JSONParser) throws(JSONFailure) -> Value {
        var values: [Value] = []
        if parser.skip(UInt8(ascii: "]")) { return .list(values) }
        while true {
            parser.skipBlanks()
            values.append(try parser.value())
            parser.skipBlanks()
            if parser.skip(UInt8(ascii: ",")) { continue }
            if parser.skip(UInt8(ascii: "]")) { return .list(values) }
            throw parser.failure("expected ',' or ']', found \(parser.found)")
        }
    }

    private static func object(_ parser: inout JSONParser) throws(JSONFailure) -> Value {
        var entries: [(name: String, value: Value)] = []
        var names: Set<String> = []
        if parser.skip(UInt8(ascii: "}")) { return .context(ContextValue()) }
        while true {
            parser.skipBlanks()
            guard parser.at < parser.bytes.count, parser.bytes[parser.at] == UInt8(ascii: "\"") else {
                throw parser.failure("expected a key in quotes, found \(parser.found)")
            }
            let start = parser.at
            let name = try parser.string()
            guard names.insert(name).inserted else {
                throw JSONFailure(offset: start, fact: "the key \(JSONText.quote(name)) comes twice")
            }
            parser.skipBlanks()
            guard parser.skip(UInt8(ascii: ":")) else { throw parser.failure("expected ':', found \(parser.found)") }
            parser.skipBlanks()
            entries.append((name, try parser.value()))
            parser.skipBlanks()
            if parser.skip(UInt8(ascii: ",")) { continue }
            if parser.skip(UInt8(ascii: "}")) { return .context(ContextValue(entries)) }
            throw parser.failure("expected ',' or '}', found \(parser.found)")
        }
    }

    private mutating func word(_ word: String, _ value: Value) throws(JSONFailure) -> Value {
        let end = at + word.utf8.count
        guard end <= bytes.count, bytes[at..<end].elementsEqual(word.utf8) else {
            throw failure("expected a value, found \(found)")
        }
        at = end
        return value
    }

    private mutating func number() throws(JSONFailure) -> ExactDecimal {
        let start = at
        _ = skip(UInt8(ascii: "-"))
        let whole = at
        try digits()
        if bytes[whole] == 48, at - whole > 1 {
            throw JSONFailure(offset: whole, fact: "a number does not begin with a needless 0")
        }
        if skip(UInt8(ascii: ".")) { try digits() }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if !skip(UInt8(ascii: "-")) { _ = skip(UInt8(ascii: "+")) }
            try digits()
        }
        let number = bytes[start..<at].withUnsafeBufferPointer { ExactDecimal(utf8: $0) }
        guard let number else {
            throw JSONFailure(
                offset: start, fact: "a number has at most \(ExactDecimal.digitsMax) digits and an exponent within 6111")
        }
        return number
    }

    private mutating func digits() throws(JSONFailure) {
        let start = at
        while at < bytes.count, bytes[at] &- 48 < 10 { at += 1 }
        if at == start { throw failure("expected a digit, found \(found)") }
    }

    private mutating func string() throws(JSONFailure) -> String {
        let start = at
        at += 1
        var text: [UInt8] = []
        while true {
            let run = at
            while at < bytes.count, bytes[at] != UInt8(ascii: "\""), bytes[at] != UInt8(ascii: "\\"), bytes[at] >= 32 { at += 1 }
            text += bytes[run..<at]
            guard at < bytes.count else { throw JSONFailure(offset: start, fact: "the string has no end") }
            if skip(UInt8(ascii: "\"")) { return String(decoding: text, as: UTF8.self) }
            guard skip(UInt8(ascii: "\\")) else { throw failure("a control character in a string is escaped; found \(found)") }
            try escape(into: &text)
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONFailure) {
        guard at < bytes.count else { throw failure("expected an escape, found the end of the text") }
        let letter = bytes[at]
        at += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(letter)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            let start = at - 2
            var code = try hex()
            if code >= 0xD800, code < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) {
                let second = try hex()
                guard second >= 0xDC00, second < 0xE000 else { throw lone(start) }
                code = 0x10000 + (code - 0xD800) << 10 + (second - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw lone(start) }
            text += String(Character(scalar)).utf8
        default:
            at -= 1
            throw failure("\\\(found) is no escape")
        }
    }

    private func lone(_ offset: Int) -> JSONFailure { JSONFailure(offset: offset, fact: "half a surrogate pair stands alone") }

    private mutating func hex() throws(JSONFailure) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard at < bytes.count, let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue else {
                throw failure("expected four hexadecimal digits, found \(found)")
            }
            code = code << 4 | UInt32(digit)
            at += 1
        }
        return code
    }
}
