import Diagnostics
import Values

/// Reads tokens from the bytes of an expression on demand. What a word is depends on where it stands and on the names in
/// scope, so the parser says which it expects: an operand or an operator.
struct Lexer {
    let bytes: [UInt8]
    /// Whether an unknown escape in a string is a mistake; otherwise it stands for itself (DMN 1.5, rule 35).
    var refusesUnknownEscapes = true

    /// The token where an operand may stand: names in scope go before keywords, the longest first.
    func operand(at offset: Int, in scope: NameScope) -> Lexeme {
        let start = CharacterClass.skipSpace(bytes, offset)
        guard start < bytes.count else { return Lexeme(token: .end, range: start..<start) }
        let byte = bytes[start]
        if CharacterClass.isDigit(byte) || (byte == UInt8(ascii: ".") && digit(at: start + 1)) { return number(at: start) }
        if byte == UInt8(ascii: "\"") { return string(at: start) }
        let word = wordEnd(start)
        let keyword = word > start ? Keyword(rawValue: text(start..<word)) : nil
        if let match = scope.longestMatch(in: bytes, at: start), keyword == nil || match.end > word {
            return name(match, at: start)
        }
        if let keyword { return Lexeme(token: .keyword(keyword), range: start..<word) }
        if word > start { return unknownName(at: start) }
        return symbol(at: start)
    }

    /// The token where an operator may stand: words are keywords or nothing that fits.
    func operation(at offset: Int) -> Lexeme {
        let start = CharacterClass.skipSpace(bytes, offset)
        guard start < bytes.count else { return Lexeme(token: .end, range: start..<start) }
        let word = wordEnd(start)
        if word > start {
            let text = text(start..<word)
            if let keyword = Keyword(rawValue: text) { return Lexeme(token: .keyword(keyword), range: start..<word) }
            return Lexeme(token: .name(text, known: false), range: start..<word)
        }
        if bytes[start] == UInt8(ascii: "\"") { return string(at: start) }
        if CharacterClass.isDigit(bytes[start]) { return number(at: start) }
        return symbol(at: start)
    }

    /// A member name after a dot: the longest known one, else the words up to a keyword or symbol, as no operand follows a name.
    func member(at offset: Int, in scope: NameScope) -> Lexeme {
        let start = CharacterClass.skipSpace(bytes, offset)
        if let match = scope.longestMember(in: bytes, at: start) { return name(match, at: start) }
        guard wordEnd(start) > start else { return operation(at: start) }
        return unknownName(at: start)
    }

    /// A new name, as of a loop variable or parameter: words up to a keyword that ends names, or a symbol.
    func declaredName(at offset: Int) -> Lexeme {
        let start = CharacterClass.skipSpace(bytes, offset)
        guard wordEnd(start) > start else { return operation(at: start) }
        return unknownName(at: start)
    }

    /// The key of a context entry or the name of an argument: everything up to a colon on this level, or nil where it is no name.
    func key(at offset: Int) -> Lexeme? {
        let start = CharacterClass.skipSpace(bytes, offset)
        guard start < bytes.count else { return nil }
        if bytes[start] == UInt8(ascii: "\"") { return string(at: start) }
        guard CharacterClass.isNameStart(bytes[start]) else { return nil }
        var end = start
        var position = start
        while position < bytes.count, bytes[position] != UInt8(ascii: ":") {
            let space = CharacterClass.spaceLength(bytes, position)
            if space > 0 { position += space; continue }
            guard CharacterClass.isNamePart(bytes[position]) || Self.nameSymbols.contains(bytes[position]) else { return nil }
            position += 1
            end = position
        }
        guard position < bytes.count else { return nil }
        return Lexeme(token: .name(normalized(start..<end), known: false), range: start..<end)
    }

    /// Symbols that DMN allows within a name (rule 30).
    private static let nameSymbols = Set("./-'+*".utf8)

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

    // MARK: names

    func wordEnd(_ start: Int) -> Int {
        guard start < bytes.count, CharacterClass.isNameStart(bytes[start]), CharacterClass.spaceLength(bytes, start) == 0 else {
            return start
        }
        var end = start + 1
        while end < bytes.count, CharacterClass.isNamePart(bytes[end]), CharacterClass.spaceLength(bytes, end) == 0 { end += 1 }
        return end
    }

    /// A known name; where more words follow that are no keyword, the whole is one unknown name, which makes
    /// for a better finding than a stray word (`hours to promis` where `hours` is known too).
    private func name(_ match: (name: String, end: Int), at start: Int) -> Lexeme {
        let next = CharacterClass.skipSpace(bytes, match.end)
        let nextEnd = wordEnd(next)
        if next > match.end, nextEnd > next, Keyword(rawValue: text(next..<nextEnd)) == nil { return unknownName(at: start) }
        return Lexeme(token: .name(match.name, known: true), range: start..<match.end)
    }

    private func unknownName(at start: Int) -> Lexeme {
        var end = wordEnd(start)
        while true {
            let next = CharacterClass.skipSpace(bytes, end)
            let nextEnd = wordEnd(next)
            guard nextEnd > next else { break }
            if let keyword = Keyword(rawValue: text(next..<nextEnd)), Keyword.ending.contains(keyword) { break }
            end = nextEnd
        }
        return Lexeme(token: .name(normalized(start..<end), known: false), range: start..<end)
    }

    /// The text of a name with each run of white space as one space.
    private func normalized(_ range: Range<Int>) -> String {
        var result: [UInt8] = []
        var position = range.lowerBound
        while position < range.upperBound {
            let after = CharacterClass.skipSpace(bytes, position)
            if after > position {
                if after < range.upperBound { result.append(UInt8(ascii: " ")) }
                position = after
            } else {
                result.append(bytes[position])
                position += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    // MARK: symbols and numbers

    private static let symbols: [UInt8: [(bytes: [UInt8], symbol: Symbol)]] = Dictionary(
        grouping: Symbol.allCases.map { (Array($0.rawValue.utf8), $0) }.sorted { $0.0.count > $1.0.count }, by: { $0.0[0] }
    ).mapValues { $0.map { (bytes: $0.0, symbol: $0.1) } }

    private func symbol(at start: Int) -> Lexeme {
        for (candidate, symbol) in Self.symbols[bytes[start]] ?? []
        where start + candidate.count <= bytes.count && bytes[start..<start + candidate.count].elementsEqual(candidate) {
            return Lexeme(token: .symbol(symbol), range: start..<start + candidate.count)
        }
        return Lexeme(token: .invalid(.feelSyntax, "unexpected character \(text(start..<start + 1))"), range: start..<start + 1)
    }

    private func digit(at offset: Int) -> Bool { offset < bytes.count && CharacterClass.isDigit(bytes[offset]) }

    /// `12`, `12.5`, `.5`, `1e3`. In `1..5` the dots are a range.
    private func number(at start: Int) -> Lexeme {
        var end = start
        while digit(at: end) { end += 1 }
        if end < bytes.count, bytes[end] == UInt8(ascii: "."), digit(at: end + 1) {
            end += 1
            while digit(at: end) { end += 1 }
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            var exponent = end + 1
            if exponent < bytes.count, bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-") { exponent += 1 }
            if digit(at: exponent) {
                while digit(at: exponent) { exponent += 1 }
                end = exponent
            }
        }
        let lead = bytes[start] == UInt8(ascii: ".") ? "0" : ""
        guard let value = ExactDecimal(lead + text(start..<end)) else {
            let fact = "the number \(text(start..<min(end, start + 60))) has more than 34 digits or too large an exponent"
            return Lexeme(token: .invalid(.feelLiteral, fact), range: start..<end)
        }
        return Lexeme(token: .number(value), range: start..<end)
    }
}
