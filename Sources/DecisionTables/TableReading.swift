package import Configurations
import Diagnostics
package import FEEL
package import Values

/// Decision tables in bundle files: `rules: { hitPolicy: FIRST, table: | ... }`.
package enum TableReading {
    package static let shape = ConfigurationShape.record([
        ConfigurationKey(
            "hitPolicy", .choice(HitPolicy.names), default: HitPolicy.unique.description,
            "what is answered where several rules match"),
        ConfigurationKey(
            "table", .text, required: true, "pipe table: inputs, ||, outputs, and || remarks where wanted"),
    ])

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
        return TableText.parse(text, hitPolicy: policy, at: origin(of: table))
    }

    /// Where the text of a scalar begins in its file, and how far its further lines are indented.
    private static func origin(of node: ConfigurationNode) -> TextOrigin {
        let first = node.position(inText: 0, column: 0), second = node.position(inText: 1, column: 0)
        return TextOrigin(
            file: first.file, line: first.line ?? 1, column: first.column ?? 1, indentation: (second.column ?? 1) - 1)
    }
}
