import Diagnostics
package import FEEL
import DecisionTables
import Values

// A table as the logic of one decision of a model.
extension TableDocument {
    /// Takes the table of a decision out of a model.
    /// - Parameter decision: its name; nil where the model has one decision with a table.
    /// - Returns: the table, and what of the model is not carried along, as notes.
    package static func read(_ model: DecisionModel, decision name: String? = nil) -> Compilation<TableDocument> {
        let tables = model.decisions.filter { if case .table? = $0.logic?.logic { true } else { false } }
        let found = name.map { name in tables.filter { $0.variable.name == ModelReader.normalized(name) } } ?? tables
        guard found.count == 1, let decision = found.first, case .table(var table)? = decision.logic?.logic else {
            let names = tables.map { "\"\($0.variable.name)\"" }.joined(separator: ", ")
            let fact = tables.isEmpty ? "no decision of the model is a decision table"
                : name.map { "no decision \"\($0)\" of the model is a decision table" } ?? "the model has \(tables.count) decision tables"
            return Compilation(product: nil, diagnostics: [Diagnostic(
                .tableConversion, .error, fact, at: model.place, hint: tables.isEmpty ? nil : "name one of \(names)")])
        }
        var resolver = TypeResolver(models: [model], imports: [[:]], profile: .standard)
        resolver.resolveAll()
        var findings: [Diagnostic] = []
        for column in table.inputs.indices { DecisionModel.resolve(&table.inputs[column], &resolver) }
        for column in table.outputs.indices { DecisionModel.resolve(&table.outputs[column], &resolver) }
        var fields: [TableField] = []
        for reference in decision.requiredInputs + decision.requiredDecisions {
            guard let variable = Self.variable(reference, of: model) else {
                findings.append(Diagnostic(.modelReference, .error, "\(reference.href) is no input data or decision of the model", at: reference.place))
                continue
            }
            let type = resolver.type(variable.type, in: 0)
            fields.append(TableField(name: variable.name, type: type?.valueType, typeName: variable.type?.name))
        }
        for reference in decision.requiredKnowledge {
            findings.append(Diagnostic(
                .tableConversion, .error, "the table calls \(reference.href), which has no place outside of its model", at: reference.place))
        }
        findings += resolver.diagnostics + Self.left(of: model, besides: decision)
        guard !findings.contains(where: { $0.severity == .error }) else { return Compilation(product: nil, diagnostics: findings) }
        let document = TableDocument(
            name: decision.variable.name, id: decision.id, about: decision.description, modelName: model.name, namespace: model.namespace,
            fields: fields, table: table)
        return Compilation(product: document.merged, diagnostics: findings)
    }

    private static func variable(_ reference: ModelReference, of model: DecisionModel) -> ModelVariable? {
        let id = reference.href.split(separator: "#").last.map(String.init)
        return model.inputs.first { $0.id == id }?.variable ?? model.decisions.first { $0.id == id }?.variable
    }

    /// A field that a column reads by its plain name, and that says a type where the column says none, gives it to the column.
    private var merged: TableDocument {
        var document = self
        for column in document.table.inputs.indices where document.table.inputs[column].typeName == nil {
            let header = CellText.canonical(document.table.inputs[column].header.text)
            guard let field = fields.first(where: { $0.name == header }) else { continue }
            document.table.inputs[column].type = field.type
            document.table.inputs[column].typeName = field.typeName
        }
        return document
    }

    /// What the model has beside the decision and its inputs.
    private static func left(of model: DecisionModel, besides decision: ModelDecision) -> [Diagnostic] {
        let counts = [
            ("decision", model.decisions.count - 1), ("business knowledge model", model.knowledge.count),
            ("decision service", model.services.count), ("import", model.imports.count),
        ]
        let told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)\($0.1 == 1 ? "" : "s")" }
        guard !told.isEmpty else { return [] }
        return [Diagnostic(
            .tableConversion, .note, "of the model only the decision \"\(decision.variable.name)\" is taken; \(told.joined(separator: ", ")) stay behind",
            at: decision.place)]
    }
}
