import DecisionTables
import Diagnostics
import FEEL
import Values

extension LogicCompiler {
    /// A decision table, whose value is that of its hit policy: one output, a context of several, or a list of these.
    mutating func lowerTable(_ written: DecisionTable, _ scope: LogicScope, _ place: SourcePosition) -> LoweredLogic {
        var table = written
        for column in table.inputs.indices {
            let type = columnType(table.inputs[column], scope)
            table.inputs[column].type = type?.valueType
            if table.inputs[column].values == nil { table.inputs[column].values = type?.listed?.cell() }
        }
        var outputTypes: [ModelValueType?] = []
        for column in table.outputs.indices {
            let type = columnType(table.outputs[column], scope)
            outputTypes.append(type)
            table.outputs[column].type = type?.valueType
            if table.outputs[column].values == nil { table.outputs[column].values = type?.listed?.cell() }
        }
        let compilation = CompiledTable.compile(table, layout: scope.layout, profile: profile, types: types.names(in: scope.model))
        take(compilation.diagnostics)
        guard let compiled = compilation.product else {
            return failing(compilation.diagnostics.first { $0.severity == .error } ?? compilation.diagnostics.first)
        }
        return LoweredLogic(type: Self.type(of: compiled)) { row, context throws(EvaluationFailure) in
            let outcome = try compiled.evaluate(row, context)
            if let refusal = outcome.refusal { context.account?.note(refusal) }
            return compiled.value(of: outcome)
        }
    }

    private mutating func columnType(_ column: TableColumn, _ scope: LogicScope) -> ModelValueType? {
        types.type(column.typeName.map { TypeReference(name: $0, place: column.header.position) }, in: scope.model)
    }

    /// The static type of a table's value.
    static func type(of table: CompiledTable) -> ValueType {
        var type = table.outputTypes.count == 1
            ? table.outputTypes[0]
            : .context(Dictionary(zip(table.outputNames, table.outputTypes), uniquingKeysWith: { first, _ in first }))
        if case .collect(.count) = table.table.hitPolicy { type = .number }
        switch table.table.hitPolicy {
        case .ruleOrder, .outputOrder, .collect(nil): return .list(type)
        default: return type
        }
    }
}
