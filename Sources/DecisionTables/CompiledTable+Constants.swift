import FEEL
package import Values

extension CompiledTable {
    /// The outputs of each rule where they are constants, nil where they are computed: what a reader of the table can check
    /// before any row is seen.
    package var constantOutputs: [[Value?]] { rules.map { rule in rule.outputs.map(\.constant) } }
}
