import Diagnostics
import Values

/// What one evaluation works on: the row, the variables of loops and functions, the clock and what is left of its budget.
struct Frame {
    let row: [Value]
    var locals: [Value]
    /// `?`, the input of a unary test.
    var input: Value = .null
    private(set) var context: EvaluationContext
    let isStrict: Bool
    /// The text that is being run, for the places of findings.
    let text: ExpressionSource
    var stepsLeft: Int
    var depth = 0
    /// Levels of the texts of the calls that are being run.
    var nesting = 0
    /// The results of the loops that are being run, innermost last.
    var results: [[Value]] = []

    init(row: [Value], locals: [Value], context: EvaluationContext, isStrict: Bool, text: ExpressionSource) {
        self.row = row
        self.locals = locals
        var context = context
        if isStrict, context.localTimes == .apart { context.localTimes = .inZone }
        self.context = context
        self.isStrict = isStrict
        self.text = text
        if let account = context.account {
            stepsLeft = account.stepsLeft
            depth = account.depth
            nesting = account.nesting
        } else {
            stepsLeft = context.budget.steps
        }
    }

    init(row: [Value], localCount: Int, context: EvaluationContext, isStrict: Bool, text: ExpressionSource) {
        self.init(
            row: row, locals: localCount == 0 ? [] : Array(repeating: .null, count: localCount), context: context, isStrict: isStrict, text: text)
    }

    /// What cannot be evaluated: thrown in the strict profile, null with its reason in the standard one.
    @inline(never)
    func reject(_ refusal: Refusal, _ range: Range<Int>) throws(Fault) -> Value {
        if isStrict || refusal.code == .feelBudget { throw Fault(refusal.code, refusal.fact, range) }
        context.account?.note(text.diagnostic(refusal.code, .warning, refusal.fact, range))
        return .null
    }

    /// Keeps the reason of a null, where an account keeps reasons and the profile is the standard one.
    @inline(never)
    func note(_ code: DiagnosticCode, _ range: Range<Int>, _ fact: () -> String) {
        if isStrict { return }
        context.account?.note(text.diagnostic(code, .warning, fact(), range))
    }

    /// The account of the context, which is given one where it has none.
    mutating func sharedAccount() -> EvaluationAccount {
        if let account = context.account { return account }
        let account = EvaluationAccount(budget: context.budget, reasonsMax: 0)
        context.account = account
        return account
    }

    mutating func spend(_ steps: Int, _ range: Range<Int>) throws(Fault) {
        stepsLeft -= steps
        if stepsLeft < 0 { throw Fault(.feelBudget, "the evaluation takes more than \(context.budget.steps) steps", range) }
    }

    /// Goes one level deeper, into a loop or a call.
    /// - Parameter levels: the height of the text that is run there.
    mutating func enter(_ range: Range<Int>, levels: Int = 1) throws(Fault) {
        depth += 1
        nesting += levels
        try spend(1, range)
        if depth > context.budget.depth {
            throw Fault(.feelBudget, "calls and loops nest more than \(context.budget.depth) deep", range)
        }
        if nesting > context.budget.nesting {
            throw Fault(.feelBudget, "calls nest through more than \(context.budget.nesting) levels of their texts", range)
        }
    }

    mutating func leave(levels: Int = 1) {
        depth -= 1
        nesting -= levels
    }

    /// A value as made by a function or operator, held to the limits of length.
    mutating func bounded(_ value: Value, _ range: Range<Int>) throws(Fault) -> Value {
        switch value {
        case .string(let string):
            let bytes = string.utf8.count
            if bytes > context.budget.stringBytes {
                throw Fault(.feelBudget, "a string of \(bytes) bytes is longer than the limit of \(context.budget.stringBytes)", range)
            }
            if bytes >= Self.bytesOfStep { try spend(bytes / Self.bytesOfStep, range) }
        case .list(let items):
            try spend(items.count, range)
            if items.count > context.budget.listLength {
                throw Fault(.feelBudget, "a list of \(items.count) items is longer than the limit of \(context.budget.listLength)", range)
            }
        default: break
        }
        return value
    }

    /// As many bytes of a string count as one step.
    static let bytesOfStep = 64
}
