package import Configurations
import DecisionModels
import DecisionTables
import Diagnostics
import FEEL
import Values

extension SchemeReader {
    /// The path of the model that holds a scheme's rules, or nil where they stand in the scheme's own file.
    package static func modelPath(_ root: ConfigurationNode) -> String? {
        guard let name = root["rules"]?.optionalText("model") else { return nil }
        let folder = (root.position.file ?? "").split(separator: "/").dropLast().joined(separator: "/")
        return folder.isEmpty ? name : "\(folder)/\(name)"
    }

    /// The scheme's table, from its own file or from a model.
    static func table(_ rules: ConfigurationNode, layout: Layout, models: [String: [UInt8]]) -> Compilation<CompiledTable> {
        guard let node = rules["model"] else {
            if let decision = rules["decision"] {
                return failure(decision, "a decision is named and no model", "add model: NAME.dmn, or leave decision out")
            }
            return TableReading.read(rules, layout: layout)
        }
        let own = rules.entries.first { $0.name != "model" && $0.name != "decision" }
        if let own { return failure(own.key, "\(own.name) stands beside a model, which has its own", "leave it out, or the model") }
        let file = node.position.file ?? ""
        let path = (file.split(separator: "/").dropLast().map(String.init) + [rules.text("model")]).joined(separator: "/")
        guard let bytes = models[path] else {
            return failure(node, "there is no model \(path)", "put the .dmn file beside the scheme's")
        }
        let (model, read) = DecisionModel.read(bytes, file: path)
        // What an editor adds is a note of the model; it says nothing about the scheme.
        let found = read.filter { $0.severity != .note }
        guard let model, !found.contains(where: { $0.severity == .error }) else { return Compilation(product: nil, diagnostics: found) }
        let checked = CompiledModel.compile(model, profile: .strict)
        guard checked.product != nil else { return Compilation(product: nil, diagnostics: found + checked.diagnostics) }
        return compiled(model, rules, node, layout: layout, found)
    }

    private static func compiled(
        _ model: DecisionModel, _ rules: ConfigurationNode, _ node: ConfigurationNode, layout: Layout, _ found: [Diagnostic]
    ) -> Compilation<CompiledTable> {
        guard let name = rules.optionalText("decision") ?? (model.decisions.count == 1 ? model.decisions[0].variable.name : nil) else {
            let names = model.decisions.map(\.variable.name).joined(separator: ", ")
            return failure(node, "the model has \(model.decisions.count) decisions", "name one with decision: of \(names)")
        }
        let written = model.rules(of: name)
        guard var table = written.product else { return Compilation(product: nil, diagnostics: found + written.diagnostics) }
        // The one output of a decision is the decision's value, whatever its column is called.
        if table.outputs.count == 1 { table.outputs[0].header.text = "microsegment" }
        let compiled = CompiledTable.compile(table, layout: layout)
        return Compilation(product: compiled.product, diagnostics: found + compiled.diagnostics)
    }

    private static func failure(_ node: ConfigurationNode, _ fact: String, _ hint: String) -> Compilation<CompiledTable> {
        Compilation(product: nil, diagnostics: [node.diagnostic(.schemeModel, fact, hint: hint)])
    }
}
