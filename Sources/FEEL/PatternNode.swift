/// A part of a regular expression as parsed.
indirect enum PatternNode: Sendable {
    case empty
    case character(UInt32)
    case set(PatternSet)
    /// `^`
    case start
    /// `$`
    case end
    /// Parentheses; the number is nil for `(?:...)`.
    case group(PatternNode, Int?)
    case backReference(Int)
    case sequence([PatternNode])
    case choice([PatternNode])
    /// `most` is nil where there is no upper bound.
    case repetition(PatternNode, least: Int, most: Int?, isReluctant: Bool)
}

/// The flags of XPath and XQuery Functions 3.1, section 5.6.2.
struct PatternFlags: Sendable, Hashable {
    /// `s`: `.` matches line ends too.
    var matchesLineEnds = false
    /// `m`: `^` and `$` match at the lines of the text.
    var isMultiline = false
    /// `i`
    var ignoresCase = false
    /// `x`: blanks in the pattern are dropped, but for those in `[...]`.
    var dropsBlanks = false
    /// `q`: the pattern is plain text.
    var isLiteral = false

    init(_ text: String) throws(PatternFailure) {
        for (place, letter) in text.unicodeScalars.enumerated() {
            switch letter {
            case "s": matchesLineEnds = true
            case "m": isMultiline = true
            case "i": ignoresCase = true
            case "x": dropsBlanks = true
            case "q": isLiteral = true
            default: throw PatternFailure(place: place + 1, fact: "there is no flag \"\(letter)\"; the flags are s, m, i, x and q", isAboutFlags: true)
            }
        }
    }
}

/// Why a text is no regular expression.
package struct PatternFailure: Error, Hashable, Sendable {
    /// The character at which the defect shows, counted from 1.
    package let place: Int
    /// What the text says, and what could stand there.
    package let fact: String
    /// Whether the flags are meant and not the pattern.
    package let isAboutFlags: Bool
    /// Whether the pattern is right and too large.
    package let isTooLarge: Bool

    init(place: Int, fact: String, isAboutFlags: Bool = false, isTooLarge: Bool = false) {
        self.place = place
        self.fact = fact
        self.isAboutFlags = isAboutFlags
        self.isTooLarge = isTooLarge
    }
}

/// A search that took more steps than it was allowed.
package struct PatternLimit: Error, Hashable, Sendable {}
