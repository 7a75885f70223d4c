import Diagnostics
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

    let code: Code
    let localCount: Int
    let isStrict: Bool
    let text: ExpressionSource

    /// - Parameter row: one value a slot of the layout.
    package func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        if let constant { return constant }
        if let plainSlot { return row[plainSlot] }
        var frame = Frame(row: row, localCount: localCount, context: context, isStrict: isStrict)
        do throws(Fault) {
            return try code(&frame)
        } catch {
            throw EvaluationFailure(diagnostic: text.diagnostic(error.code, .error, error.fact, error.range))
        }
    }
}
