/// Reads a regular expression of XPath and XQuery Functions 3.1, section 5.6.1: those of XML Schema 1.1 (Part 2, appendix G)
/// with `^` and `$`, capturing and other groups, reluctant quantifiers and back-references.
struct PatternParser {
    /// Parentheses and brackets within each other.
    static let depthMax = 100

    let flags: PatternFlags
    var codes: [UInt32] = []
    /// The place of each code in the text as written, from 1.
    private var places: [Int] = []
    var at = 0
    private var depth = 0
    private(set) var groupCount = 0
    /// Groups whose closing parenthesis was read.
    private var closed: Set<Int> = []
    private(set) var hasBackReferences = false

    init(_ text: String, _ flags: PatternFlags) {
        self.flags = flags
        var bracketDepth = 0, isEscaped = false
        for (index, scalar) in text.unicodeScalars.enumerated() {
            let isBlank = scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
            if flags.dropsBlanks, isBlank, bracketDepth == 0 { continue }
            if isEscaped {
                isEscaped = false
            } else {
                switch scalar {
                case "\\": isEscaped = true
                case "[": bracketDepth += 1
                case "]": bracketDepth = max(0, bracketDepth - 1)
                default: break
                }
            }
            codes.append(scalar.value)
            places.append(index + 1)
        }
        places.append(text.unicodeScalars.count + 1)
    }

    mutating func parse() throws(PatternFailure) -> PatternNode {
        let node = try choice()
        if at < codes.count { throw failure("a ) without its (", at) }
        return node
    }

    func failure(_ fact: String, _ index: Int) -> PatternFailure { PatternFailure(place: places[min(index, codes.count)], fact: fact) }

    func isNext(_ scalar: Unicode.Scalar, ahead: Int = 0) -> Bool { at + ahead < codes.count && codes[at + ahead] == scalar.value }

    mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
        guard isNext(scalar) else { return false }
        at += 1
        return true
    }

    /// Runs `body` one level deeper.
    mutating func nested<T>(_ start: Int, _ body: (inout PatternParser) throws(PatternFailure) -> T) throws(PatternFailure) -> T {
        depth += 1
        if depth > Self.depthMax {
            throw PatternFailure(place: places[start], fact: "brackets nest more than \(Self.depthMax) deep", isTooLarge: true)
        }
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func choice() throws(PatternFailure) -> PatternNode {
        var branches = [try branch()]
        while skip("|") { branches.append(try branch()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func branch() throws(PatternFailure) -> PatternNode {
        var pieces: [PatternNode] = []
        while at < codes.count, !isNext("|"), !isNext(")") { pieces.append(try quantified(try atom())) }
        return pieces.count == 1 ? pieces[0] : pieces.isEmpty ? .empty : .sequence(pieces)
    }

    private mutating func atom() throws(PatternFailure) -> PatternNode {
        let start = at
        let code = codes[at]
        at += 1
        guard let scalar = Unicode.Scalar(code) else { throw failure("no character", start) }
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .set(.any(matchesLineEnds: flags.matchesLineEnds))
        case "(": return try nested(start) { parser throws(PatternFailure) in try parser.group(start) }
        case "[": return .set(try nested(start) { parser throws(PatternFailure) in try parser.bracketExpression(start) })
        case "\\": return try escape(start)
        case "?", "*", "+", "{": throw failure("\(scalar) has nothing before it to repeat", start)
        case "}", "]": throw failure("\(scalar) stands alone; write \\\(scalar) for the character", start)
        default: return character(code)
        }
    }

    func character(_ code: UInt32) -> PatternNode {
        flags.ignoresCase && !CaseVariants.others(of: code).isEmpty ? .set(.single(code, ignoresCase: true)) : .character(code)
    }

    private mutating func group(_ start: Int) throws(PatternFailure) -> PatternNode {
        var number: Int?
        if skip("?") {
            guard skip(":") else { throw failure("(? is followed by : only", start) }
        } else {
            groupCount += 1
            number = groupCount
        }
        let inner = try choice()
        guard skip(")") else { throw failure("the ( has no )", start) }
        if let number { closed.insert(number) }
        return .group(inner, number)
    }

    // MARK: quantifiers

    private mutating func quantified(_ node: PatternNode) throws(PatternFailure) -> PatternNode {
        let start = at
        let bounds: (least: Int, most: Int?)
        if skip("?") {
            bounds = (0, 1)
        } else if skip("*") {
            bounds = (0, nil)
        } else if skip("+") {
            bounds = (1, nil)
        } else if skip("{") {
            bounds = try quantity(start)
        } else {
            return node
        }
        let repetition = PatternNode.repetition(node, least: bounds.least, most: bounds.most, isReluctant: skip("?"))
        if isNext("*") || isNext("+") || isNext("?") || isNext("{") { throw failure("a quantifier follows a quantifier", at) }
        return repetition
    }

    /// `n}`, `n,}` or `n,m}`.
    private mutating func quantity(_ start: Int) throws(PatternFailure) -> (Int, Int?) {
        guard let least = number() else { throw failure("{ is followed by a number, as in {2} or {2,5}", start) }
        var most: Int? = least
        if skip(",") { most = number() }
        guard skip("}") else { throw failure("the { has no }", start) }
        if let most, most < least { throw failure("{\(least),\(most)} asks for more than it allows", start) }
        return (least, most)
    }

    /// Digits; past a million, a million, which is too many for any program.
    private mutating func number() -> Int? {
        var value: Int?
        while at < codes.count, let digit = digit(codes[at]) {
            value = min((value ?? 0) * 10 + digit, 1_000_000)
            at += 1
        }
        return value
    }

    private func digit(_ code: UInt32) -> Int? { code >= 48 && code <= 57 ? Int(code - 48) : nil }

    // MARK: escapes

    private mutating func escape(_ start: Int) throws(PatternFailure) -> PatternNode {
        if at < codes.count, let digit = digit(codes[at]) { return try backReference(digit, start) }
        switch try escaped(start) {
        case .character(let code): return character(code)
        case .items(let items): return .set(PatternSet(items))
        }
    }

    /// Further digits belong to the number as long as there are that many groups before.
    private mutating func backReference(_ first: Int, _ start: Int) throws(PatternFailure) -> PatternNode {
        at += 1
        var number = first
        while number > 0, at < codes.count, let next = digit(codes[at]), number * 10 + next <= groupCount {
            number = number * 10 + next
            at += 1
        }
        guard closed.contains(number) else { throw failure("\\\(number) refers to a group that is not there, or not closed yet", start) }
        hasBackReferences = true
        return .backReference(number)
    }
}
