import Diagnostics
package import Formats

/// Forgets each node as it closes, and holds that nothing stays.
struct ForgettingSink: SourceSink {
    var findings = 0
    /// What the findings say and where, in their order.
    var told = 0
    var nodes = 0

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let found = arena.nodes[Int(node)]
        precondition(found.bytes.lowerBound <= found.bytes.upperBound, "a node ends before it begins")
        for index in found.fields {
            let field = arena.fields[Int(index)]
            precondition(field.bytes.lowerBound >= found.bytes.lowerBound && field.bytes.upperBound <= found.bytes.upperBound, "a field lies outside of its node")
            precondition(arena.string(field).utf8.count == field.text.count, "a text is no UTF-8")
        }
        nodes += 1
        arena.discard(from: node)
    }
    mutating func found(_ diagnostic: Diagnostic) {
        findings += 1
        told = told &* 31 &+ diagnostic.text.hashValue
    }
    mutating func read(_ interchange: InterchangeHeader) {}
    mutating func ended(_ transactionSet: TransactionSetSummary) {}
}

/// Reads bytes whole and in pieces of seven: both must give the same, and no document may give neither nodes nor findings.
package func check<Reader: SourceReader>(_ bytes: UnsafeBufferPointer<UInt8>, _ make: () -> Reader) {
    guard !bytes.isEmpty else { return }
    var whole = make(), cut = make()
    var first = ForgettingSink(), second = ForgettingSink()
    whole.read(bytes, into: &first)
    var rest = bytes[...]
    while !rest.isEmpty {
        let piece = rest.prefix(7)
        rest = rest.dropFirst(piece.count)
        cut.read(UnsafeBufferPointer(rebasing: piece), into: &second)
    }
    let total = whole.finish(into: &first)
    precondition(total == cut.finish(into: &second) && first.nodes == second.nodes && first.told == second.told, "pieces give another document")
    precondition(first.nodes > 0 || first.findings > 0, "neither nodes nor findings")
}
