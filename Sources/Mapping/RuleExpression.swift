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

    func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        try compiled.evaluate(row, context)
    }
}
