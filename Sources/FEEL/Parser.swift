import Diagnostics
import Values

/// The first thing in a text that does not follow the grammar.
struct SyntaxFault: Error {
    let code: DiagnosticCode
    let fact: String
    let range: Range<Int>
    var hint: String?

    init(_ code: DiagnosticCode = .feelSyntax, _ fact: String, _ range: Range<Int>, hint: String? = nil) {
        self.code = code
        self.fact = fact
        self.range = range
        self.hint = hint
    }
}

/// Recursive descent with operator precedence over DMN 1.5's grammar. Lexes on demand, because what a name is depends on
/// the scope. Loosest first: or, and, comparison, + -, * /, **, negation, instance of, postfix.
struct Parser {
    /// Longest text, deepest nesting and most nodes that are read; past them the text is refused with FEEL-SIZE.
    static let bytesMax = 262_144
    static let heightMax = 160
    static let nodesMax = 50_000
    /// How often the parser may go back: bounds the work where each return could hold others.
    static let retreatsMax = 32

    let lexer: Lexer
    var scope: NameScope
    var offset = 0
    private var depth = 0
    private var nodes = 0
    var retreats = 0
    /// Set while the end of an interval is read, where `[` closes it (`]1..5[`) and is no filter.
    var endsInterval = false

    /// Types by the names that a model gives them, for `instance of` and parameters.
    let types: [String: ValueType]
    let typeNames: NameTrie

    init(_ bytes: [UInt8], scope: NameScope, profile: FEELProfile, types: [String: ValueType] = [:]) {
        lexer = Lexer(bytes: bytes, refusesUnknownEscapes: profile == .strict)
        self.scope = scope
        self.types = types
        typeNames = types.isEmpty ? Self.plainTypeNames : NameTrie(Array(types.keys) + Array(Self.plainTypes.keys))
    }

    // MARK: entry

    mutating func parseExpression() throws(SyntaxFault) -> SyntaxNode {
        try checkSize()
        let node = try expression()
        try expectEnd()
        return node
    }

    func checkSize() throws(SyntaxFault) {
        if lexer.bytes.count > Self.bytesMax {
            throw SyntaxFault(.feelTooLarge, "the expression has \(lexer.bytes.count) bytes; at most \(Self.bytesMax) are read", 0..<1)
        }
    }

    func expectEnd() throws(SyntaxFault) {
        let next = lexer.operation(at: offset)
        if next.token != .end { throw unexpected(next, wanted: "the end of the expression") }
    }

    // MARK: small steps

    mutating func make(_ kind: SyntaxKind, _ range: Range<Int>) throws(SyntaxFault) -> SyntaxNode {
        nodes += 1
        let node = SyntaxNode(kind, range, shape: shape(of: kind))
        if node.height > Self.heightMax {
            throw SyntaxFault(.feelTooLarge, "the expression nests more than \(Self.heightMax) levels deep", range.lowerBound..<range.lowerBound + 1)
        }
        if nodes > Self.nodesMax {
            throw SyntaxFault(.feelTooLarge, "the expression has more than \(Self.nodesMax) parts", range.lowerBound..<range.lowerBound + 1)
        }
        return node
    }

    /// Where the last token ended: the end of a node that was just read.
    func range(from start: Int) -> Range<Int> { start..<max(start, offset) }

    func next() -> Lexeme { lexer.operation(at: offset) }

    func nextIs(_ symbol: Symbol) -> Bool { next().token == .symbol(symbol) }

    mutating func take(_ symbol: Symbol) -> Bool {
        let lexeme = next()
        guard lexeme.token == .symbol(symbol) else { return false }
        offset = lexeme.range.upperBound
        return true
    }

    mutating func take(_ keyword: Keyword) -> Bool {
        let lexeme = next()
        guard lexeme.token == .keyword(keyword) else { return false }
        offset = lexeme.range.upperBound
        return true
    }

    mutating func expect(_ symbol: Symbol, _ purpose: String) throws(SyntaxFault) {
        if !take(symbol) { throw unexpected(next(), wanted: "\(symbol.rawValue) \(purpose)") }
    }

    mutating func expect(_ keyword: Keyword) throws(SyntaxFault) {
        if !take(keyword) { throw unexpected(next(), wanted: keyword.rawValue) }
    }

    func unexpected(_ lexeme: Lexeme, wanted: String) -> SyntaxFault {
        switch lexeme.token {
        case .invalid(let code, let fact): SyntaxFault(code, fact, lexeme.range)
        case .end: SyntaxFault(.feelSyntax, "expected \(wanted); the text ends", lexeme.range)
        default: SyntaxFault(.feelSyntax, "expected \(wanted); found \(lexer.text(lexeme.range))", lexeme.range)
        }
    }

    // MARK: operators

    private enum Power {
        static let or = 1, and = 2, comparison = 3, additive = 4, multiplicative = 5, power = 6, instance = 8
    }

    mutating func expression(_ minimum: Int = 0) throws(SyntaxFault) -> SyntaxNode {
        try descend()
        defer { ascend() }
        var left = try prefix()
        while let joined = try infix(left, minimum) { left = joined }
        return left
    }

    /// Counts one level of nesting; every recursion of the parser passes here.
    mutating func descend() throws(SyntaxFault) {
        depth += 1
        if depth > Self.heightMax {
            throw SyntaxFault(.feelTooLarge, "the expression nests more than \(Self.heightMax) levels deep", offset..<offset + 1)
        }
    }

    mutating func ascend() { depth -= 1 }

    /// The operand of an arithmetic operator: what may end an interval or follow a comparison.
    mutating func arithmeticExpression() throws(SyntaxFault) -> SyntaxNode { try expression(Power.additive) }

    private mutating func infix(_ left: SyntaxNode, _ minimum: Int) throws(SyntaxFault) -> SyntaxNode? {
        let lexeme = next()
        let start = left.range.lowerBound
        switch lexeme.token {
        case .symbol(let symbol):
            if let comparison = symbol.comparison, minimum <= Power.comparison {
                offset = lexeme.range.upperBound
                let right = try expression(Power.comparison + 1)
                return try make(.comparison(comparison, left, right), range(from: start))
            }
            guard let arithmetic = symbol.arithmetic else { return nil }
            let power = switch arithmetic {
            case .add, .subtract: Power.additive
            case .multiply, .divide: Power.multiplicative
            case .power: Power.power
            }
            guard minimum <= power else { return nil }
            offset = lexeme.range.upperBound
            let right = try expression(power + 1)
            return try make(.arithmetic(arithmetic, left, right), range(from: start))
        case .keyword(let keyword): return try wordOperator(keyword, left, minimum, lexeme)
        default: return nil
        }
    }

    private mutating func wordOperator(
        _ keyword: Keyword, _ left: SyntaxNode, _ minimum: Int, _ lexeme: Lexeme
    ) throws(SyntaxFault) -> SyntaxNode? {
        let start = left.range.lowerBound
        switch keyword {
        case .or where minimum <= Power.or:
            return try make(.or(try chain(left, .or, Power.or)), range(from: start))
        case .and where minimum <= Power.and:
            return try make(.and(try chain(left, .and, Power.and)), range(from: start))
        case .between where minimum <= Power.comparison:
            offset = lexeme.range.upperBound
            let low = try expression(Power.comparison + 1)
            try expect(.and)
            let high = try expression(Power.comparison + 1)
            return try make(.between(left, low, high), range(from: start))
        case .in where minimum <= Power.comparison:
            offset = lexeme.range.upperBound
            let tests = try membershipTests()
            return try make(.membership(left, tests), range(from: start))
        case .instance where minimum <= Power.instance:
            offset = lexeme.range.upperBound
            let of = lexer.declaredName(at: offset)
            guard lexer.text(of.range).hasPrefix("of") else { throw unexpected(of, wanted: "of after instance") }
            offset = of.range.lowerBound + 2
            let (type, name) = try typeReference()
            return try make(.instanceOf(left, type, typeName: name), range(from: start))
        default: return nil
        }
    }

    /// `a and b and c` as one flat node: long generated conditions stay shallow.
    private mutating func chain(_ first: SyntaxNode, _ keyword: Keyword, _ power: Int) throws(SyntaxFault) -> [SyntaxNode] {
        var parts = [first]
        while take(keyword) { parts.append(try expression(power + 1)) }
        return parts
    }
}
