package import Values

extension FEEL {
    /// A function whose logic is not in the language, such as that of a business knowledge model or decision service. It can be
    /// put into a row under a name of the layout, called from expressions by that name, passed on and returned.
    ///
    /// Arguments are converted to the parameters' types before the body is called, and what it gives to the result's type
    /// (DMN 1.5, 10.3.2.9.4). The body gets the context of the caller with its ``EvaluationAccount``; by handing that context
    /// on, what it evaluates spends the caller's budget of steps and depth. A failure that it throws is null with that reason
    /// where the caller's profile is standard, unless it is FEEL-BUDGET.
    package static func function(
        parameters: [FunctionParameter], result: ValueType = .any,
        body: @escaping @Sendable ([Value], EvaluationContext) throws(EvaluationFailure) -> Value
    ) -> FunctionValue {
        FunctionValue(parameters: parameters, result: result, body: NativeFunction(body))
    }

    /// A built-in function as a value, or nil where there is none of that name.
    package static func builtInFunction(_ name: String) -> FunctionValue? { BuiltInFunction.all[name]?.function }

    /// The names of the built-in functions, in order of spelling.
    package static var builtInNames: [String] { BuiltIns.table.keys.sorted() }

    /// Calls a function with arguments in the order of its parameters.
    /// - Parameter profile: whose rule holds for arguments that do not fit; a function literal keeps its own inside.
    package static func call(
        _ function: FunctionValue, _ arguments: [Value], _ context: EvaluationContext, profile: FEELProfile = .standard
    ) throws(EvaluationFailure) -> Value {
        try called(context, profile) { frame throws(Fault) in try FunctionCall.run(function, arguments, &frame, 0..<1) }
    }

    /// Calls a function with named arguments.
    package static func call(
        _ function: FunctionValue, named arguments: [(name: String, value: Value)], _ context: EvaluationContext,
        profile: FEELProfile = .standard
    ) throws(EvaluationFailure) -> Value {
        try called(context, profile) { frame throws(Fault) in try FunctionCall.run(function, named: arguments, &frame, 0..<1) }
    }

    private static func called(
        _ context: EvaluationContext, _ profile: FEELProfile, _ call: (inout Frame) throws(Fault) -> Value
    ) throws(EvaluationFailure) -> Value {
        let text = ExpressionSource("", TextOrigin())
        var frame = Frame(row: [], localCount: 0, context: context, isStrict: profile == .strict, text: text)
        do throws(Fault) {
            defer { context.account?.take(stepsLeft: frame.stepsLeft) }
            return try call(&frame)
        } catch {
            throw EvaluationFailure(diagnostic: error.diagnostic(in: text))
        }
    }

    /// The value as one of a type: itself where it is of the type, a list of it where a list is wanted, the item of a list of
    /// one where no list is wanted, midnight in UTC for a date where a date and time is wanted (DMN 1.5, 10.3.2.9.4).
    /// Nil where it cannot be.
    package static func converted(_ value: Value, to type: ValueType) -> Value? { Conformance.converted(value, to: type) }

    /// Whether the value is an instance of a type (DMN 1.5, 10.3.2.9.3).
    package static func isInstance(_ value: Value, of type: ValueType) -> Bool { Conformance.isInstance(value, of: type) }
}
