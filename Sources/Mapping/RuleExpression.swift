import FEEL
import Values

/// A compiled expression as rules hold it: shared, so that passing it on costs one reference.
final class RuleExpression: Sendable {
    private let compiled: CompiledExpression

    init(_ compiled: CompiledExpression) { self.compiled = compiled }

    var source: String { compiled.source }
    /// Slots of the row that are read.
    var slots: [Int] { compiled.slots }
    var type: ValueType { compiled.type }

    /// The answer of a plain condition, or nil where the expression is none or has to be evaluated.
    func answer(_ row: [Value]) -> Bool? { compiled.answer(row) }

    func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        try compiled.evaluate(row, context)
    }
}
