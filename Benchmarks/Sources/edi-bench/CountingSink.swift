import Diagnostics
import Formats

/// Looks at each node as a mapping does, and forgets it.
struct CountingSink: SourceSink {
    var fields = 0
    var findings = 0

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        fields += arena.nodes[Int(node)].fields.count
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) { findings += 1 }
}
