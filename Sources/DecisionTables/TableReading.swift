package import Configurations
import Diagnostics
package import FEEL
package import Values

/// Decision tables in bundle files: `rules: { hitPolicy: FIRST, table: | ... }`. What the pipe table has no room for stands in
/// keys beside it: the values of columns, defaults, and what a DMN model calls each part.
package enum TableReading {
    package static let shape = ConfigurationShape.record([
        ConfigurationKey(
            "hitPolicy", .choice(HitPolicy.names), default: HitPolicy.unique.description,
            "what is answered where several rules match"),
        ConfigurationKey(
            "table", .text, required: true, "pipe table: inputs, ||, outputs, and || remarks where wanted"),
        ConfigurationKey("inputs", .list(inputShape), "more about input columns; those of which there is no more are left out"),
        ConfigurationKey("outputs", .list(outputShape), "more about output columns"),
        ConfigurationKey("rows", .list(rowShape), "more about the rules, one entry a rule from the top"),
        ConfigurationKey("outputLabel", .text, "what the whole output is called in a DMN model"),
    ] + identityKeys)

    /// Reads and compiles a table. Each finding has its line and column in the file.
    /// - Parameter node: checked against ``shape``.
    package static func read(
        _ node: ConfigurationNode, layout: Layout, profile: FEELProfile = .strict
    ) -> Compilation<CompiledTable> {
        let definition = definition(node)
        guard let table = definition.product else { return Compilation(product: nil, diagnostics: definition.diagnostics) }
        let compiled = CompiledTable.compile(table, layout: layout, profile: profile)
        return Compilation(product: compiled.product, diagnostics: definition.diagnostics + compiled.diagnostics)
    }

    /// Reads a table as it was written, without compiling its cells.
    package static func definition(_ node: ConfigurationNode) -> Compilation<DecisionTable> {
        let written = node.optionalText("hitPolicy") ?? HitPolicy.unique.description
        guard let policy = HitPolicy(written) else {
            let finding = (node["hitPolicy"] ?? node).diagnostic(
                .tablePolicy, "\"\(written)\" is no hit policy",
                hint: "known policies: \(HitPolicy.names.joined(separator: ", "))")
            return Compilation(product: nil, diagnostics: [finding])
        }
        guard let table = node["table"], let text = table.scalar else {
            return Compilation(product: nil, diagnostics: [node.diagnostic(.tableEmpty, "there is no table")])
        }
        let parsed = TableText.parse(text, hitPolicy: policy, at: origin(of: table))
        guard let product = parsed.product else { return parsed }
        return completed(product, from: node)
    }

    /// Where the text of a scalar begins in its file, and how far its further lines are indented.
    static func origin(of node: ConfigurationNode) -> TextOrigin {
        let first = node.position(inText: 0, column: 0), second = node.position(inText: 1, column: 0)
        return TextOrigin(
            file: first.file, line: first.line ?? 1, column: first.column ?? 1, indentation: (second.column ?? 1) - 1)
    }
}
