import FEEL
import Values

/// The names that an expression of a model may use, and whose model it is.
struct LogicScope {
    let model: Int
    let layout: Layout

    /// The scope with one name more, and the slot of its value. A name that is known already is hidden by the new one.
    func adding(_ name: String, _ type: ValueType) -> (scope: LogicScope, slot: Int) {
        var fields = Array(zip(layout.names, layout.types))
        let slot = layout.slot(of: name) ?? fields.count
        if slot < fields.count { fields[slot] = (name, type) } else { fields.append((name, type)) }
        return (LogicScope(model: model, layout: Layout(fields)), slot)
    }
}

/// Logic as it runs: over one value a slot of its scope's layout.
typealias ModelCode = @Sendable (_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value

/// An expression of a model, checked and compiled.
struct LoweredLogic {
    /// The static type; `any` where it depends on the values.
    var type: ValueType
    var code: ModelCode

    static let null = LoweredLogic(type: .null) { _, _ in .null }
}

extension Array where Element == Value {
    /// The row with a value in a slot that is there, or is the next.
    func setting(_ slot: Int, _ value: Value) -> [Value] {
        var row = self
        if slot < row.count { row[slot] = value } else { row.append(value) }
        return row
    }
}
