import Values

/// Runs one node of an expression.
typealias Code = @Sendable (inout Frame) throws(Fault) -> Value

/// Code that stands in an array: a closure alone would be stored there in its most general form, and each call of it would go
/// through one function and one piece of the stack more.
struct Part: Sendable {
    let run: Code

    init(_ node: Lowered) { run = node.code }
    init(_ code: @escaping Code) { run = code }
}

/// A node as compiled: its type, its value where that is known already, and the code that gives it.
struct Lowered: Sendable {
    var type: ValueType
    /// The value, where it is the same for every row.
    var constant: Value?
    /// The layout slot, where the node is just a field.
    var slot: Int?
    /// The comparison, where the node is a field against a constant and nothing else.
    var test: PlainTest?
    /// The names of the parameters, where the node is a function and they are known.
    var parameterNames: [String]?
    let range: Range<Int>
    let code: Code

    init(_ type: ValueType, _ range: Range<Int>, slot: Int? = nil, _ code: @escaping Code) {
        self.type = type
        self.range = range
        self.slot = slot
        constant = nil
        self.code = code
    }

    /// A stand-in for what is only known at run time.
    static func open(_ range: Range<Int>) -> Lowered { Lowered(.any, range) { _ throws(Fault) in .null } }

    init(constant: Value, type: ValueType? = nil, _ range: Range<Int>) {
        self.init(type ?? constant.type, range) { _ throws(Fault) in constant }
        self.constant = constant
    }
}

/// What a name in scope stands for.
enum Binding {
    case local(Int, ValueType)
    /// A member of the item that a filter is looking at.
    case member(local: Int, ValueType)
}
