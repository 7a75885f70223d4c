import Diagnostics
import Formats

/// Looks at each node as a mapping does, and forgets it.
struct CountingSink: SourceSink {
    var fields = 0
    /// How many findings of each code, and the first one's text.
    var findings: [DiagnosticCode: (count: Int, first: String)] = [:]

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        fields += arena.nodes[Int(node)].fields.count
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) {
        let known = findings[diagnostic.code]
        findings[diagnostic.code] = ((known?.count ?? 0) + 1, known?.first ?? diagnostic.fact)
    }
}
