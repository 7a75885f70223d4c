extension PatternParser {
    /// What an escape stands for.
    enum Escaped {
        case character(UInt32)
        case items([PatternSet.Item])
    }

    /// An escape, whose backslash was read.
    mutating func escaped(_ start: Int) throws(PatternFailure) -> Escaped {
        guard at < codes.count, let letter = Unicode.Scalar(codes[at]) else { throw failure("\\ ends the pattern", start) }
        at += 1
        switch letter {
        case "n": return .character(10)
        case "r": return .character(13)
        case "t": return .character(9)
        case "\\", "|", ".", "?", "*", "+", "(", ")", "{", "}", "-", "[", "]", "^", "$": return .character(letter.value)
        case "p", "P": return .items([try category(isNegated: letter == "P", start)])
        default:
            if let items = PatternSet.multiCharacter(letter) { return .items(items) }
            throw failure("there is no escape \\\(letter)", start)
        }
    }

    /// `{Lu}` or `{IsBasicLatin}`.
    private mutating func category(isNegated: Bool, _ start: Int) throws(PatternFailure) -> PatternSet.Item {
        guard skip("{"), let end = codes[at...].firstIndex(of: UInt32(UInt8(ascii: "}"))) else {
            throw failure("\\p is followed by a category or block in braces, such as \\p{Lu}", start)
        }
        var name = ""
        for code in codes[at..<end] { if let scalar = Unicode.Scalar(code) { name.unicodeScalars.append(scalar) } }
        at = end + 1
        if name.hasPrefix("Is") {
            guard let block = UnicodeBlocks.range(String(name.dropFirst(2))) else { throw failure("there is no Unicode block \(name)", start) }
            return .block(block.lowerBound, block.upperBound, isNegated: isNegated)
        }
        guard let bits = PatternSet.categories(name) else {
            throw failure("there is no category \(name); they are such as L, Lu, Nd and P, and blocks such as IsBasicLatin", start)
        }
        return .categories(bits, isNegated: isNegated)
    }

    /// `[...]`, whose first bracket was read.
    mutating func bracketExpression(_ start: Int) throws(PatternFailure) -> PatternSet {
        let isNegated = skip("^")
        var items: [PatternSet.Item] = []
        var subtracted: PatternSet?
        while true {
            guard at < codes.count else { throw failure("the [ has no ]", start) }
            if !items.isEmpty, skip("]") { break }
            if !items.isEmpty, isNext("-"), isNext("[", ahead: 1) {
                at += 2
                let inner = at - 1
                subtracted = try nested(inner) { parser throws(PatternFailure) in try parser.bracketExpression(inner) }
                guard skip("]") else { throw failure("a subtracted set is the last part of a [...]", at) }
                break
            }
            items += try part()
        }
        return PatternSet(items, isNegated: isNegated, ignoresCase: flags.ignoresCase, less: subtracted)
    }

    /// One character, escape or range.
    private mutating func part() throws(PatternFailure) -> [PatternSet.Item] {
        let start = at
        guard let first = try single() else { throw failure("[ and ] are written \\[ and \\] within [...]", start) }
        guard case .character(let low) = first else {
            if case .items(let items) = first { return items }
            return []
        }
        // A hyphen makes a range where something to end it follows: not before ] and not before a subtracted set.
        guard isNext("-"), !isNext("]", ahead: 1), !isNext("[", ahead: 1), at + 1 < codes.count else { return [.range(low, low)] }
        at += 1
        guard let last = try single(), case .character(let high) = last else { throw failure("a range ends with a character", start) }
        guard high >= low else { throw failure("the range runs backwards", start) }
        return [.range(low, high)]
    }

    /// Nil for a bracket.
    private mutating func single() throws(PatternFailure) -> Escaped? {
        let start = at
        let code = codes[at]
        if code == UInt32(UInt8(ascii: "[")) || code == UInt32(UInt8(ascii: "]")) { return nil }
        at += 1
        return code == UInt32(UInt8(ascii: "\\")) ? try escaped(start) : .character(code)
    }
}
