/// A set of characters: what one place of a pattern takes. Ranges, Unicode categories and classes, possibly negated, less
/// another set. Asked by code point; what ASCII it holds is kept as bits.
struct PatternSet: Sendable {
    enum Item: Sendable, Hashable {
        case range(UInt32, UInt32)
        case block(UInt32, UInt32, isNegated: Bool)
        /// Bits of ``bit(of:)``.
        case categories(UInt32, isNegated: Bool)
        /// `\i`, `\c`: what an XML name starts with and is made of.
        case nameStart(isNegated: Bool)
        case namePart(isNegated: Bool)
    }

    private let items: [Item]
    private let isNegated: Bool
    private let ignoresCase: Bool
    /// One set or none.
    private let subtracted: [PatternSet]
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    init(_ items: [Item], isNegated: Bool = false, ignoresCase: Bool = false, less subtracted: PatternSet? = nil) {
        self.items = items
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        self.subtracted = subtracted.map { [$0] } ?? []
        for code in UInt32(0)..<128 where holds(code) {
            if code < 64 { low |= 1 << UInt64(code) } else { high |= 1 << UInt64(code - 64) }
        }
    }

    /// One character and, where case is ignored, its variants.
    static func single(_ code: UInt32, ignoresCase: Bool) -> PatternSet {
        PatternSet([.range(code, code)], ignoresCase: ignoresCase)
    }

    /// `.`: all, or all but line feed and carriage return.
    static func any(matchesLineEnds: Bool) -> PatternSet {
        matchesLineEnds ? PatternSet([], isNegated: true) : PatternSet([.range(10, 10), .range(13, 13)], isNegated: true)
    }

    @inline(__always)
    func contains(_ code: UInt32) -> Bool {
        if code < 64 { return low >> UInt64(code) & 1 == 1 }
        if code < 128 { return high >> UInt64(code - 64) & 1 == 1 }
        return holds(code)
    }

    private func holds(_ code: UInt32) -> Bool {
        var isIn = items.contains { Self.holds($0, code) }
        if !isIn, ignoresCase {
            // XPath Functions 3.1, 5.6.2: case is ignored for characters and ranges; categories keep theirs.
            isIn = CaseVariants.others(of: code).contains { other in
                items.contains { item in
                    if case .range = item { return Self.holds(item, other) }
                    return false
                }
            }
        }
        return isIn != isNegated && !subtracted.contains { $0.contains(code) }
    }

    private static func holds(_ item: Item, _ code: UInt32) -> Bool {
        switch item {
        case .range(let first, let last): return code >= first && code <= last
        case .block(let first, let last, let isNegated): return (code >= first && code <= last) != isNegated
        case .categories(let bits, let isNegated):
            guard let scalar = Unicode.Scalar(code) else { return isNegated }
            return (bits & bit(of: scalar.properties.generalCategory) != 0) != isNegated
        case .nameStart(let isNegated): return isNameStart(code) != isNegated
        case .namePart(let isNegated): return isNamePart(code) != isNegated
        }
    }

    // MARK: classes

    /// XML 1.0, fifth edition, production 4.
    private static func isNameStart(_ code: UInt32) -> Bool {
        switch code {
        case 0x3A, 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF, 0x370...0x37D, 0x37F...0x1FFF,
            0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF, 0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD,
            0x10000...0xEFFFF: true
        default: false
        }
    }

    /// XML 1.0, fifth edition, production 4a.
    private static func isNamePart(_ code: UInt32) -> Bool {
        switch code {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isNameStart(code)
        }
    }

    private static let categoryNames: [(name: String, category: Unicode.GeneralCategory)] = [
        ("Lu", .uppercaseLetter), ("Ll", .lowercaseLetter), ("Lt", .titlecaseLetter), ("Lm", .modifierLetter), ("Lo", .otherLetter),
        ("Mn", .nonspacingMark), ("Mc", .spacingMark), ("Me", .enclosingMark), ("Nd", .decimalNumber), ("Nl", .letterNumber),
        ("No", .otherNumber), ("Pc", .connectorPunctuation), ("Pd", .dashPunctuation), ("Ps", .openPunctuation),
        ("Pe", .closePunctuation), ("Pi", .initialPunctuation), ("Pf", .finalPunctuation), ("Po", .otherPunctuation),
        ("Zs", .spaceSeparator), ("Zl", .lineSeparator), ("Zp", .paragraphSeparator), ("Sm", .mathSymbol), ("Sc", .currencySymbol),
        ("Sk", .modifierSymbol), ("So", .otherSymbol), ("Cc", .control), ("Cf", .format), ("Co", .privateUse), ("Cn", .unassigned),
    ]

    private static let bits: [Unicode.GeneralCategory: UInt32] = Dictionary(
        uniqueKeysWithValues: categoryNames.enumerated().map { ($0.element.category, 1 << UInt32($0.offset)) })

    private static func bit(of category: Unicode.GeneralCategory) -> UInt32 { bits[category] ?? 0 }

    /// The bits of `Lu`, or of all that begin with `L`; nil where there is no such category (XML Schema 1.1, G.4.2.2).
    static func categories(_ name: String) -> UInt32? {
        let found = categoryNames.enumerated().filter { $0.element.name == name || (name.utf8.count == 1 && $0.element.name.hasPrefix(name)) }
        return found.isEmpty ? nil : found.reduce(0) { $0 | 1 << UInt32($1.offset) }
    }

    /// `\d`, `\s`, `\w`, `\i`, `\c` and their negations; nil for another letter.
    static func multiCharacter(_ letter: Unicode.Scalar) -> [Item]? {
        switch letter {
        case "d", "D": categories("Nd").map { [.categories($0, isNegated: letter == "D")] }
        case "s": [.range(9, 10), .range(13, 13), .range(32, 32)]
        case "S": [.range(0, 8), .range(11, 12), .range(14, 31), .range(33, 0x10FFFF)]
        // All but punctuation, separators and others.
        case "w", "W":
            [.categories(["P", "Z", "C"].reduce(0) { $0 | (categories($1) ?? 0) }, isNegated: letter == "w")]
        case "i", "I": [.nameStart(isNegated: letter == "I")]
        case "c", "C": [.namePart(isNegated: letter == "C")]
        default: nil
        }
    }
}
