package import Diagnostics
package import Values

/// An expression that was checked and compiled against a layout. It holds no state: it may be evaluated anywhere, at
/// the same time, as often as wanted.
package struct CompiledExpression: Sendable {
    package let source: String
    /// The static type; `any` where it depends on the values.
    package let type: ValueType
    /// The layout slots that are read, ascending.
    package let slots: [Int]
    /// Whether the answer depends on `now()` or `today()`.
    package let readsClock: Bool
    /// The value, where it is the same for every row.
    package let constant: Value?
    /// The slot, where the expression is just the name of a field.
    package let plainSlot: Int?
    /// The comparison, where the expression is just a field against a constant.
    let test: PlainTest?

    let code: Code
    let localCount: Int
    /// Levels of the text, which count against the nesting of calls.
    let height: Int
    let isStrict: Bool
    let text: ExpressionSource

    /// - Parameter row: one value a slot of the layout.
    package func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        if let constant { return constant }
        if let plainSlot { return row[plainSlot] }
        // Such a comparison takes no step of a budget. With an account it is run as the others are, so that it is counted.
        if let test, context.account == nil, let answer = test.answer(row) { return .boolean(answer) }
        var frame = Frame(row: row, localCount: localCount, context: context, isStrict: isStrict, text: text)
        do throws(Fault) {
            guard let account = context.account else { return try settled(try code(&frame), &frame) }
            defer { account.take(stepsLeft: frame.stepsLeft) }
            try frame.enter(0..<1, levels: height + 4)
            return try settled(try code(&frame), &frame)
        } catch {
            throw EvaluationFailure(diagnostic: error.diagnostic(in: text))
        }
    }

    /// The answer where the expression is just a field against a constant of the kind of its value: no context and no budget has a say
    /// in that. Nil for all else.
    package func answer(_ row: [Value]) -> Bool? { test?.answer(row) }

    /// A value that leaves the evaluation is as large and deep as its budget allows, so that whoever prints it comes to an end.
    private func settled(_ value: Value, _ frame: inout Frame) throws(Fault) -> Value {
        if value.isContainer { try frame.spendWalk(value, 0..<max(1, text.bytes.count)) }
        return value
    }

    /// The value, and why it or a part of it became null where the profile is standard. An account of the context is used,
    /// and the reasons are those that this evaluation added to it.
    package func evaluateWithReasons(
        _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> (value: Value, reasons: [Diagnostic]) {
        let context = context.account == nil ? context.withAccount() : context
        let before = context.account?.reasons.count ?? 0
        let value = try evaluate(row, context)
        return (value, Array(context.account?.reasons.dropFirst(before) ?? []))
    }
}
