import Diagnostics

/// The tests of one decision table cell.
struct SyntaxTests {
    /// Empty for `-`, which holds for every input.
    let tests: [SyntaxNode]
    let negated: Bool
    let isAny: Bool
}

extension Parser {
    /// `-`, `not(< 3, > 9)` or a comma list of tests (DMN 1.5, rules 12 to 17).
    mutating func parseUnaryTests() throws(SyntaxFault) -> SyntaxTests {
        try checkSize()
        if take(.minus) {
            if next().token == .end { return SyntaxTests(tests: [], negated: false, isAny: true) }
            offset = 0
        }
        if let tests = try negatedTests() { return SyntaxTests(tests: tests, negated: true, isAny: false) }
        let tests = try testList()
        try expectEnd()
        return SyntaxTests(tests: tests, negated: false, isAny: false)
    }

    /// `not(...)` where it is the whole cell; otherwise nothing is taken and `not` is the function.
    private mutating func negatedTests() throws(SyntaxFault) -> [SyntaxNode]? {
        let word = next()
        guard word.token == .name("not", known: false) else { return nil }
        let start = offset
        offset = word.range.upperBound
        guard take(.openParenthesis) else {
            offset = start
            return nil
        }
        let tests = try testList()
        try expect(.closeParenthesis, "after the tests")
        if next().token == .end { return tests }
        offset = start
        return nil
    }

    private mutating func testList() throws(SyntaxFault) -> [SyntaxNode] {
        var tests: [SyntaxNode] = []
        repeat { tests.append(try test()) } while take(.comma)
        return tests
    }

    private mutating func test() throws(SyntaxFault) -> SyntaxNode {
        let lexeme = next()
        guard case .symbol(let symbol) = lexeme.token, let comparison = symbol.comparison else { return try expression() }
        offset = lexeme.range.upperBound
        let value = try arithmeticExpression()
        return try make(.shorthand(comparison, value), range(from: lexeme.range.lowerBound))
    }

    /// What may follow `in`: one test, or tests in parentheses.
    mutating func membershipTests() throws(SyntaxFault) -> [SyntaxNode] {
        let open = next()
        if open.token == .symbol(.openParenthesis) {
            let start = offset
            offset = open.range.upperBound
            let tests = try testList()
            if take(.closeParenthesis) { return tests }
            if tests.count == 1, nextIs(.span) { return [try interval(from: open.range.lowerBound, low: tests[0], lowClosed: false)] }
            // Not a list of tests but an operand, as in `in (a + b) * c`: read it again as one.
            offset = start
            retreats += 1
            if retreats > Self.retreatsMax {
                throw SyntaxFault(.feelTooLarge, "more than \(Self.retreatsMax) parentheses after in are no list of tests", open.range)
            }
        }
        let lexeme = next()
        if case .symbol(let symbol) = lexeme.token, symbol.comparison != nil { return [try test()] }
        return [try arithmeticExpression()]
    }
}
