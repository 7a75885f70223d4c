import Diagnostics
import Values

extension Parser {
    mutating func conditional(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        offset = lexeme.range.upperBound
        let condition = try expression()
        try expect(.then)
        let yes = try expression()
        try expect(.else)
        let no = try expression()
        return try make(.conditional(condition, yes, no), range(from: lexeme.range.lowerBound))
    }

    /// `for x in xs, y in 1..3 return e`, `some x in xs satisfies e`, `every x in xs satisfies e`.
    mutating func loop(_ keyword: Keyword, _ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        offset = lexeme.range.upperBound
        var iterators: [SyntaxIterator] = []
        var pushed = 0
        defer { for _ in 0..<pushed { scope.pop() } }
        repeat {
            let name = try declaredName()
            try expect(.in)
            let source = try expression()
            let end = take(.span) ? try expression() : nil
            iterators.append(SyntaxIterator(name: name, source: source, end: end))
            var type = ValueType.any
            if end != nil { type = .number } else if case .list(let element) = source.shape { type = element } else { type = source.shape }
            scope.push([name: type])
            pushed += 1
        } while take(.comma)
        if keyword == .for {
            scope.push(["partial": .list(.any)])
            pushed += 1
        }
        try expect(keyword == .for ? .return : .satisfies)
        let body = try expression()
        let kind: SyntaxKind = keyword == .for ? .loop(iterators, body) : .quantified(every: keyword == .every, iterators, body)
        return try make(kind, range(from: lexeme.range.lowerBound))
    }

    /// `function(a, b: number) a + b`
    mutating func functionLiteral(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        offset = lexeme.range.upperBound
        try expect(.openParenthesis, "after function")
        var parameters: [SyntaxParameter] = []
        if !take(.closeParenthesis) {
            repeat {
                let name = try declaredName()
                let type = take(.colon) ? try typeReference().type : .any
                parameters.append(SyntaxParameter(name: name, type: type))
            } while take(.comma)
            try expect(.closeParenthesis, "after the parameters")
        }
        if next().token == .keyword(.external) {
            throw SyntaxFault(.feelExternal, "external functions are not run", next().range)
        }
        scope.push(Dictionary(parameters.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first }))
        defer { scope.pop() }
        let body = try expression()
        return try make(.function(parameters, body), range(from: lexeme.range.lowerBound))
    }

    mutating func declaredName() throws(SyntaxFault) -> String {
        let lexeme = lexer.declaredName(at: offset)
        guard case .name(let name, _) = lexeme.token else { throw unexpected(lexeme, wanted: "a name") }
        offset = lexeme.range.upperBound
        return name
    }
}
