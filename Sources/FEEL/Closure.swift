import Diagnostics
import Values

/// A function literal as compiled. Its parameters are variables of the frame that it is made in.
final class ClosureCode: Sendable {
    let parameters: [FunctionParameter]
    /// The variable of each parameter.
    let locals: [Int]
    /// The variable in which the function finds itself, where it is an entry of a context.
    let ownLocal: Int?
    let result: ValueType
    let body: Code
    /// Levels of the body's text.
    let height: Int
    /// What running the body once costs in steps.
    let cost: Int
    let isStrict: Bool
    let text: ExpressionSource

    init(
        parameters: [FunctionParameter], locals: [Int], ownLocal: Int?, result: ValueType, body: @escaping Code, height: Int, cost: Int,
        isStrict: Bool, text: ExpressionSource
    ) {
        self.parameters = parameters
        self.locals = locals
        self.ownLocal = ownLocal
        self.result = result
        self.body = body
        self.height = height
        self.cost = cost
        self.isStrict = isStrict
        self.text = text
    }
}

/// A function literal together with what its text saw where it was made. What it saw is kept by value: FEEL has no assignment.
final class Closure: FunctionBody {
    let code: ClosureCode
    private let row: [Value]
    private let locals: [Value]
    private let input: Value

    init(_ code: ClosureCode, _ frame: borrowing Frame) {
        self.code = code
        row = frame.row
        locals = frame.locals
        input = frame.input
    }

    /// What one call counts against the nesting of texts, besides its body.
    private static let levels = 6

    var function: FunctionValue { FunctionValue(parameters: code.parameters, result: code.result, body: self) }

    /// - Parameter values: one a parameter, of the parameters' types.
    func call(_ values: [Value], _ outer: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        try outer.enter(range, levels: code.height + Self.levels)
        defer { outer.leave(levels: code.height + Self.levels) }
        try outer.spend(code.cost, range)
        var frame = Frame(row: row, locals: locals, context: outer.context, isStrict: code.isStrict, text: code.text)
        frame.stepsLeft = outer.stepsLeft
        frame.depth = outer.depth
        frame.nesting = outer.nesting
        frame.input = input
        for (local, value) in zip(code.locals, values) { frame.locals[local] = value }
        if let own = code.ownLocal { frame.locals[own] = .function(function) }
        defer { outer.stepsLeft = frame.stepsLeft }
        do throws(Fault) {
            let value = try code.body(&frame)
            // A function that calls itself can nest its values as deep as its calls; every eighth level is looked at.
            if outer.depth % 8 == 0 { try frame.spendWalk(value, 0..<1) }
            return value
        } catch {
            throw code.text === outer.text ? error : error.settled(in: code.text)
        }
    }
}

/// A built-in function as a value.
final class BuiltInFunction: FunctionBody {
    let builtIn: BuiltIn

    /// One of each, so that a function equals itself.
    static let all = BuiltIns.table.mapValues(BuiltInFunction.init)

    private init(_ builtIn: BuiltIn) { self.builtIn = builtIn }

    /// The signature is that of the function's first form with the arguments that it needs.
    var function: FunctionValue {
        let form = builtIn.forms[0]
        return FunctionValue(
            parameters: form.parameters.filter { !$0.isOptional }.map { FunctionParameter(name: $0.name, type: $0.type) },
            result: form.result(form.parameters.map(\.type)), body: self)
    }

    /// What a text knows of the function: its signature where there is but one way to call it.
    var type: ValueType {
        let isPlain = builtIn.forms.count == 1 && !builtIn.forms[0].isVariadic && !builtIn.forms[0].parameters.contains { $0.isOptional }
        return isPlain ? function.type : .any
    }
}

/// A function that is run outside of the language, such as a business knowledge model.
final class NativeFunction: FunctionBody {
    typealias Body = @Sendable ([Value], EvaluationContext) throws(EvaluationFailure) -> Value

    let body: Body

    /// What one call counts against the nesting of texts, besides the expressions that it evaluates.
    static let levels = 12

    init(_ body: @escaping Body) { self.body = body }

    func call(_ values: [Value], _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        try frame.enter(range, levels: Self.levels)
        defer { frame.leave(levels: Self.levels) }
        let account = frame.sharedAccount()
        account.take(frame)
        defer { frame.stepsLeft = account.stepsLeft }
        do {
            return try body(values, frame.context)
        } catch {
            if frame.isStrict || error.diagnostic.code == .feelBudget { throw Fault(error.diagnostic, range) }
            account.note(error.diagnostic)
            return .null
        }
    }
}
