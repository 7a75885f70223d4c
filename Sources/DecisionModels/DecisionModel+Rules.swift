package import DecisionTables
import Diagnostics
package import FEEL
import Values

extension DecisionModel {
    /// The decision table that is the logic of one decision, its columns' types resolved: what rules are evaluated with that give
    /// values to the table's names by themselves.
    ///
    /// An error where there is no such decision, where its logic is something else, or where it requires other decisions or
    /// functions, whose values a table by itself has not.
    package func rules(of decision: String) -> Compilation<DecisionTable> {
        let name = ModelReader.normalized(decision)
        guard let found = decisions.first(where: { $0.variable.name == name }) else {
            let names = decisions.map { "\"\($0.variable.name)\"" }.joined(separator: ", ")
            return failure("the model has no decision \"\(name)\"", place, hint: names.isEmpty ? nil : "there are \(names)")
        }
        guard case .table(var table)? = found.logic?.logic else {
            return failure("the logic of the decision \"\(name)\" is no decision table", found.place)
        }
        if let needed = found.requiredDecisions.first ?? found.requiredKnowledge.first {
            return failure("the decision \"\(name)\" needs \(needed.href), and its table stands by itself", needed.place)
        }
        var resolver = TypeResolver(models: [self], imports: [[:]], profile: .strict)
        resolver.resolveAll()
        for column in table.inputs.indices { Self.resolve(&table.inputs[column], &resolver) }
        for column in table.outputs.indices { Self.resolve(&table.outputs[column], &resolver) }
        if resolver.diagnostics.contains(where: { $0.severity == .error }) {
            return Compilation(product: nil, diagnostics: resolver.diagnostics)
        }
        return Compilation(product: table, diagnostics: resolver.diagnostics)
    }

    private func failure(_ fact: String, _ place: SourcePosition, hint: String? = nil) -> Compilation<DecisionTable> {
        Compilation(product: nil, diagnostics: [Diagnostic(.modelReference, .error, fact, at: place, hint: hint)])
    }

    /// Gives a column the type that its type's name stands for, and the values that this lists.
    static func resolve(_ column: inout TableColumn, _ resolver: inout TypeResolver) {
        guard let name = column.typeName else { return }
        let type = resolver.type(TypeReference(name: name, place: column.header.position), in: 0)
        column.type = type?.valueType
        if column.values == nil, let listed = type?.listed { column.values = listed.cell() }
    }
}
