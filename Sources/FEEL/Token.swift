import Diagnostics
import Values

/// One token with the bytes that it covers.
struct Lexeme {
    let token: Token
    let range: Range<Int>
}

enum Token: Equatable {
    case number(ExactDecimal)
    case string(String)
    /// A name; `known` where the scope has it. An unknown one runs to the next keyword or symbol.
    case name(String, known: Bool)
    case keyword(Keyword)
    case symbol(Symbol)
    case end
    case invalid(DiagnosticCode, String)
}

/// Words with a meaning in the grammar. `and`, `or`, `in`, `between` count where an operator may stand, the
/// rest where an operand may; a longer name in scope goes first.
enum Keyword: String, CaseIterable {
    case and, or, `in`, between, then, `else`, satisfies, `return`, `if`, `for`, some, every, instance, function
    case external, `true`, `false`, null

    /// Words that end an unknown name of several words.
    static let ending: Set<Keyword> = [
        .and, .or, .in, .between, .then, .else, .satisfies, .return, .instance, .if, .for, .some, .every, .function,
    ]
}

enum Symbol: String, CaseIterable {
    case power = "**", lessOrEqual = "<=", greaterOrEqual = ">=", notEqual = "!=", span = "..", arrow = "->"
    case openParenthesis = "(", closeParenthesis = ")", openBracket = "[", closeBracket = "]", openBrace = "{"
    case closeBrace = "}", comma = ",", colon = ":", dot = ".", plus = "+", minus = "-", star = "*", slash = "/"
    case less = "<", greater = ">", equal = "=", question = "?", at = "@"

    var comparison: ComparisonOperator? { ComparisonOperator(rawValue: rawValue) }
    var arithmetic: ArithmeticOperator? { ArithmeticOperator(rawValue: rawValue) }
}
