import Values

/// One node of a parsed expression with the byte range that it covers. A class, so that nodes are shared and small.
final class SyntaxNode: Sendable {
    let kind: SyntaxKind
    let range: Range<Int>
    /// Nodes on the longest way down; bounds the recursion of everything that walks the tree.
    let height: Int
    /// Nodes in all: what running it once costs, but for loops and calls.
    let size: Int
    /// What is known of the value's type while parsing: enough to know the names inside it.
    let shape: ValueType

    init(_ kind: SyntaxKind, _ range: Range<Int>, shape: ValueType) {
        self.kind = kind
        self.range = range
        self.shape = shape
        var height = 0
        var size = 1
        for child in kind.children {
            height = max(height, child.height)
            size += child.size
        }
        self.height = height + 1
        self.size = size
    }
}

enum SyntaxKind: Sendable {
    /// A literal: null, boolean, number, string or temporal (`@"2026-11-21"`).
    case constant(Value)
    case name(String)
    /// `?`, the input of a unary test.
    case input
    case list([SyntaxNode])
    case context([SyntaxEntry])
    case range(low: SyntaxNode?, lowClosed: Bool, high: SyntaxNode?, highClosed: Bool)
    /// `(=10)` or `(!=10)`
    case point(SyntaxNode, isNegated: Bool)
    case negation(SyntaxNode)
    case arithmetic(ArithmeticOperator, SyntaxNode, SyntaxNode)
    case comparison(ComparisonOperator, SyntaxNode, SyntaxNode)
    case and([SyntaxNode])
    case or([SyntaxNode])
    case between(SyntaxNode, SyntaxNode, SyntaxNode)
    /// `x in (tests)`: true where any test holds.
    case membership(SyntaxNode, [SyntaxNode])
    /// `< 24` in a unary test or after `in`.
    case shorthand(ComparisonOperator, SyntaxNode)
    case instanceOf(SyntaxNode, ValueType, typeName: String)
    case path(SyntaxNode, String, nameRange: Range<Int>)
    case filter(SyntaxNode, SyntaxNode)
    case call(String, nameRange: Range<Int>, [SyntaxArgument])
    /// A call of what another node gives, as in `a.b(1)` or `f(1)(2)`.
    case invocation(SyntaxNode, [SyntaxArgument])
    case conditional(SyntaxNode, SyntaxNode, SyntaxNode)
    case loop([SyntaxIterator], SyntaxNode)
    case quantified(every: Bool, [SyntaxIterator], SyntaxNode)
    case function([SyntaxParameter], SyntaxNode)

    var children: [SyntaxNode] {
        switch self {
        case .constant, .name, .input: []
        case .list(let items), .and(let items), .or(let items): items
        case .context(let entries): entries.map(\.value)
        case .range(let low, _, let high, _): [low, high].compactMap { $0 }
        case .negation(let inner), .shorthand(_, let inner), .point(let inner, _), .instanceOf(let inner, _, _), .path(let inner, _, _),
            .function(_, let inner):
            [inner]
        case .arithmetic(_, let left, let right), .comparison(_, let left, let right), .filter(let left, let right):
            [left, right]
        case .between(let first, let second, let third), .conditional(let first, let second, let third):
            [first, second, third]
        case .membership(let subject, let tests): [subject] + tests
        case .call(_, _, let arguments): arguments.map(\.value)
        case .invocation(let callee, let arguments): [callee] + arguments.map(\.value)
        case .loop(let iterators, let body), .quantified(_, let iterators, let body):
            iterators.flatMap { [$0.source, $0.end].compactMap { $0 } } + [body]
        }
    }
}

extension SyntaxKind {
    /// Whether a parenthesis after it is a call: not after what is plainly no function.
    var mayBeCalled: Bool {
        switch self {
        case .constant, .list, .context, .range, .point, .negation, .arithmetic, .comparison, .and, .or, .between, .membership, .shorthand,
            .instanceOf, .loop, .quantified, .input:
            false
        case .name, .path, .filter, .call, .invocation, .conditional, .function: true
        }
    }
}

enum ArithmeticOperator: String, Sendable { case add = "+", subtract = "-", multiply = "*", divide = "/", power = "**" }

enum ComparisonOperator: String, Sendable {
    case equal = "=", notEqual = "!=", less = "<", lessOrEqual = "<=", greater = ">", greaterOrEqual = ">="

    /// The operator with its sides exchanged.
    var mirrored: ComparisonOperator {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

/// One entry of a context literal.
struct SyntaxEntry: Sendable {
    let name: String
    let nameRange: Range<Int>
    let value: SyntaxNode
}

/// One argument of a call; named in `substring(string: x, length: 3)`.
struct SyntaxArgument: Sendable {
    let name: String?
    let nameRange: Range<Int>
    let value: SyntaxNode
}

/// `x in source` or `x in low..high` of a loop.
struct SyntaxIterator: Sendable {
    let name: String
    let source: SyntaxNode
    /// The end of `low..high`.
    let end: SyntaxNode?
}

/// A parameter of a function literal.
struct SyntaxParameter: Sendable {
    let name: String
    let type: ValueType
}
