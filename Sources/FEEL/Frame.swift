import Diagnostics
import Values

/// What one evaluation works on: the row, the variables of loops and functions, the clock and what is left of its budget.
struct Frame {
    let row: [Value]
    var locals: [Value]
    /// `?`, the input of a unary test.
    var input: Value = .null
    let context: EvaluationContext
    let isStrict: Bool
    var stepsLeft: Int
    var depth = 0
    /// The results of the loops that are being run, innermost last.
    var results: [[Value]] = []

    init(row: [Value], localCount: Int, context: EvaluationContext, isStrict: Bool) {
        self.row = row
        locals = localCount == 0 ? [] : Array(repeating: .null, count: localCount)
        var context = context
        if context.localTimes == .apart, isStrict { context.localTimes = .inZone }
        self.context = context
        self.isStrict = isStrict
        stepsLeft = context.budget.steps
    }

    /// What cannot be evaluated: thrown in the strict profile, null in the standard one.
    @inline(never)
    func reject(_ refusal: Refusal, _ range: Range<Int>) throws(Fault) -> Value {
        if isStrict || refusal.code == .feelBudget { throw Fault(refusal.code, refusal.fact, range) }
        return .null
    }

    mutating func spend(_ steps: Int, _ range: Range<Int>) throws(Fault) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw Fault(.feelBudget, "the evaluation takes more than \(context.budget.steps) steps", range) }
    }

    mutating func enter(_ range: Range<Int>) throws(Fault) {
        depth += 1
        try spend(1, range)
        if depth > context.budget.depth {
            throw Fault(.feelBudget, "calls and loops nest more than \(context.budget.depth) deep", range)
        }
    }

    mutating func leave() { depth -= 1 }

    /// A value as made by a function or operator, held to the limits of length.
    mutating func bounded(_ value: Value, _ range: Range<Int>) throws(Fault) -> Value {
        switch value {
        case .string(let string) where string.utf8.count > context.budget.stringBytes:
            throw Fault(.feelBudget, "a string of \(string.utf8.count) bytes is longer than the limit of \(context.budget.stringBytes)", range)
        case .list(let items):
            try spend(items.count, range)
            if items.count > context.budget.listLength {
                throw Fault(.feelBudget, "a list of \(items.count) items is longer than the limit of \(context.budget.listLength)", range)
            }
        default: break
        }
        return value
    }
}

/// Why an operation has no answer for these values.
struct Refusal: Error {
    let code: DiagnosticCode
    let fact: String

    init(_ code: DiagnosticCode, _ fact: String) {
        self.code = code
        self.fact = fact
    }

    static func type(_ fact: String) -> Refusal { Refusal(.feelType, fact) }
    static func value(_ fact: String) -> Refusal { Refusal(.feelArgumentValue, fact) }

    init(_ failure: ArithmeticFailure) {
        switch failure {
        case .overflow: self.init(.feelArithmetic, "the result is outside the range of 34 digits")
        case .divisionByZero: self.init(.feelArithmetic, "division by zero")
        default: self.init(.feelArithmetic, "the result is undefined")
        }
    }
}
