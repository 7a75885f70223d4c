import Diagnostics
import Formats

/// Looks at each node as a mapping does, and forgets it.
struct CountingSink: SourceSink {
    var nodes = 0
    var fields = 0
    var findings = 0

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        nodes += 1
        let own = arena.nodes.view[Int(node)].fields
        fields += Int(own.upperBound - own.lowerBound)
        arena.discard(from: node)
    }

    mutating func found(_ diagnostic: Diagnostic) { findings += 1 }
    mutating func read(_ interchange: InterchangeHeader) {}
    mutating func ended(_ transactionSet: TransactionSetSummary) {}
}
