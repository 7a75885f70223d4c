import Diagnostics
import Values

extension Parser {
    /// An operand with what follows it: paths, filters. Negation binds tighter than `**` (DMN 1.5, 10.3.1.2).
    mutating func prefix() throws(SyntaxFault) -> SyntaxNode {
        let lexeme = lexer.operand(at: offset, in: scope)
        if lexeme.token == .symbol(.minus) {
            offset = lexeme.range.upperBound
            let inner = try expression(7)
            return try make(.negation(inner), range(from: lexeme.range.lowerBound))
        }
        var node = try operand(lexeme)
        while let longer = try postfix(node) { node = longer }
        return node
    }

    private mutating func operand(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        switch lexeme.token {
        case .number(let number): return try constant(.number(number), lexeme)
        case .string(let string): return try constant(.string(string), lexeme)
        case .name(let name, _): return try nameOrCall(name, lexeme)
        case .keyword(let keyword): return try keywordOperand(keyword, lexeme)
        case .symbol(let symbol): return try symbolOperand(symbol, lexeme)
        case .end, .invalid: throw unexpected(lexeme, wanted: "a value")
        }
    }

    private mutating func constant(_ value: Value, _ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        offset = lexeme.range.upperBound
        return try make(.constant(value), lexeme.range)
    }

    private mutating func keywordOperand(_ keyword: Keyword, _ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        switch keyword {
        case .true: return try constant(.boolean(true), lexeme)
        case .false: return try constant(.boolean(false), lexeme)
        case .null: return try constant(.null, lexeme)
        case .if: return try conditional(lexeme)
        case .for, .some, .every: return try loop(keyword, lexeme)
        case .function: return try functionLiteral(lexeme)
        default: throw unexpected(lexeme, wanted: "a value")
        }
    }

    private mutating func symbolOperand(_ symbol: Symbol, _ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        let start = lexeme.range.lowerBound
        switch symbol {
        case .question:
            offset = lexeme.range.upperBound
            return try make(.input, lexeme.range)
        case .at:
            offset = lexeme.range.upperBound
            return try temporalLiteral(start)
        case .openBrace: return try contextLiteral(lexeme)
        case .openBracket: return try listOrInterval(lexeme)
        case .openParenthesis: return try parenthesized(lexeme)
        case .closeBracket:
            offset = lexeme.range.upperBound
            return try interval(from: start, low: try arithmeticExpression(), lowClosed: false)
        default: throw unexpected(lexeme, wanted: "a value")
        }
    }

    private mutating func temporalLiteral(_ start: Int) throws(SyntaxFault) -> SyntaxNode {
        let lexeme = next()
        guard case .string(let text) = lexeme.token else { throw unexpected(lexeme, wanted: "a string after @") }
        offset = lexeme.range.upperBound
        guard let value = TemporalText.any(text) else {
            throw SyntaxFault(
                .feelLiteral, "\"\(text)\" is no date, time, date and time or duration", lexeme.range,
                hint: "write ISO 8601, such as @\"2026-11-21\", @\"08:30:00\" or @\"PT4H\"")
        }
        return try make(.constant(value), range(from: start))
    }

    // MARK: names and calls

    private mutating func nameOrCall(_ name: String, _ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        offset = lexeme.range.upperBound
        if nextIs(.openParenthesis) {
            offset = next().range.upperBound
            let arguments = try callArguments()
            return try make(.call(name, nameRange: lexeme.range, arguments), range(from: lexeme.range.lowerBound))
        }
        return try make(.name(name), lexeme.range)
    }

    private mutating func callArguments() throws(SyntaxFault) -> [SyntaxArgument] {
        var arguments: [SyntaxArgument] = []
        if take(.closeParenthesis) { return arguments }
        let interval = endsInterval
        endsInterval = false
        defer { endsInterval = interval }
        repeat {
            var name: String?
            var nameRange = next().range
            if let key = lexer.key(at: offset), case .name(let text, _) = key.token {
                name = text
                nameRange = key.range
                offset = key.range.upperBound
                try expect(.colon, "after the name of an argument")
            }
            let value = try expression()
            arguments.append(SyntaxArgument(name: name, nameRange: nameRange, value: value))
        } while take(.comma)
        try expect(.closeParenthesis, "after the arguments")
        return arguments
    }

    // MARK: postfix

    private mutating func postfix(_ node: SyntaxNode) throws(SyntaxFault) -> SyntaxNode? {
        let lexeme = next()
        let start = node.range.lowerBound
        switch lexeme.token {
        case .symbol(.dot):
            offset = lexeme.range.upperBound
            let member = lexer.member(at: offset, in: scope)
            guard case .name(let name, _) = member.token else { throw unexpected(member, wanted: "a member name after the dot") }
            offset = member.range.upperBound
            return try make(.path(node, name, nameRange: member.range), range(from: start))
        case .symbol(.openParenthesis) where node.kind.mayBeCalled:
            offset = lexeme.range.upperBound
            let arguments = try callArguments()
            return try make(.invocation(node, arguments), range(from: start))
        case .symbol(.openBracket) where !endsInterval:
            offset = lexeme.range.upperBound
            var names: [String: ValueType] = ["item": .any]
            let element = if case .list(let element) = node.shape { element } else { node.shape }
            names["item"] = element
            if case .context(let fields) = element { names.merge(fields) { _, member in member } }
            scope.push(names)
            let condition = try expression()
            scope.pop()
            try expect(.closeBracket, "after the filter")
            return try make(.filter(node, condition), range(from: start))
        default: return nil
        }
    }

    // MARK: brackets

    private mutating func listOrInterval(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        let start = lexeme.range.lowerBound
        offset = lexeme.range.upperBound
        let interval = endsInterval
        endsInterval = false
        defer { endsInterval = interval }
        var items: [SyntaxNode] = []
        if take(.closeBracket) { return try make(.list(items), range(from: start)) }
        items.append(try expression())
        if nextIs(.span) { return try self.interval(from: start, low: items[0], lowClosed: true) }
        while take(.comma) { items.append(try expression()) }
        try expect(.closeBracket, "after the list")
        return try make(.list(items), range(from: start))
    }

    private mutating func parenthesized(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        let start = lexeme.range.lowerBound
        offset = lexeme.range.upperBound
        let interval = endsInterval
        endsInterval = false
        defer { endsInterval = interval }
        if let half = try halfInterval(start) { return half }
        let inner = try expression()
        if nextIs(.span) { return try self.interval(from: start, low: inner, lowClosed: false) }
        try expect(.closeParenthesis, "after the expression")
        return inner
    }

    /// `(< 24)`: a range with one end (DMN 1.5, rule 66).
    private mutating func halfInterval(_ start: Int) throws(SyntaxFault) -> SyntaxNode? {
        let lexeme = next()
        guard case .symbol(let symbol) = lexeme.token, let comparison = symbol.comparison else { return nil }
        offset = lexeme.range.upperBound
        let end = try arithmeticExpression()
        try expect(.closeParenthesis, "after the range")
        let kind: SyntaxKind = switch comparison {
        case .less: .range(low: nil, lowClosed: false, high: end, highClosed: false)
        case .lessOrEqual: .range(low: nil, lowClosed: false, high: end, highClosed: true)
        case .greater: .range(low: end, lowClosed: false, high: nil, highClosed: false)
        case .greaterOrEqual: .range(low: end, lowClosed: true, high: nil, highClosed: false)
        case .equal: .point(end, isNegated: false)
        case .notEqual: .point(end, isNegated: true)
        }
        return try make(kind, range(from: start))
    }

    mutating func interval(from start: Int, low: SyntaxNode, lowClosed: Bool) throws(SyntaxFault) -> SyntaxNode {
        try expect(.span, "between the ends of an interval")
        endsInterval = true
        defer { endsInterval = false }
        let high = try arithmeticExpression()
        let close = next()
        switch close.token {
        case .symbol(.closeBracket), .symbol(.closeParenthesis), .symbol(.openBracket): offset = close.range.upperBound
        default: throw unexpected(close, wanted: "] or ) after the interval")
        }
        let closed = close.token == .symbol(.closeBracket)
        return try make(.range(low: low, lowClosed: lowClosed, high: high, highClosed: closed), range(from: start))
    }

    private mutating func contextLiteral(_ lexeme: Lexeme) throws(SyntaxFault) -> SyntaxNode {
        let start = lexeme.range.lowerBound
        offset = lexeme.range.upperBound
        let interval = endsInterval
        endsInterval = false
        var pushed = 0
        defer {
            endsInterval = interval
            for _ in 0..<pushed { scope.pop() }
        }
        var entries: [SyntaxEntry] = []
        var keys: Set<String> = []
        if take(.closeBrace) { return try make(.context(entries), range(from: start)) }
        repeat {
            guard let key = lexer.key(at: offset) else { throw unexpected(next(), wanted: "a key and a colon") }
            let name: String
            switch key.token {
            case .name(let text, _), .string(let text): name = text
            default: throw unexpected(key, wanted: "a key and a colon")
            }
            offset = key.range.upperBound
            try expect(.colon, "after a key")
            if !keys.insert(name).inserted {
                throw SyntaxFault(.feelSyntax, "the key \(name) is given twice", key.range)
            }
            // A function sees itself, so that its name is known in its own text.
            let isFunction = lexer.operand(at: offset, in: scope).token == .keyword(.function) && !name.isEmpty
            if isFunction { scope.push([name: .any]) }
            let value = try expression()
            if isFunction { scope.pop() }
            entries.append(SyntaxEntry(name: name, nameRange: key.range, value: value))
            scope.push(name.isEmpty ? [:] : [name: value.shape])
            scope.addMember(name)
            pushed += 1
        } while take(.comma)
        try expect(.closeBrace, "after the context")
        return try make(.context(entries), range(from: start))
    }
}
