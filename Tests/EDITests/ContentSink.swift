import Diagnostics
import EDI
import Formats

/// What a file says, wherever it stands in it: loops, EDI segments with their values, verdicts, findings by code.
struct ContentSink: SourceSink {
    var lines: [String] = []
    var segments: [EDISegment] = []
    var diagnostics: [Diagnostic] = []
    var interchanges: [InterchangeHeader] = []

    mutating func opened(_ node: Int32, in arena: inout SourceArena) { lines.append("\(arena.name(of: node)) {") }
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
    mutating func read(_ interchange: InterchangeHeader) { interchanges.append(interchange) }
    mutating func ended(_ transactionSet: TransactionSetSummary) { 
        lines.append("= \(transactionSet.identifier) \(transactionSet.version) \(transactionSet.segments) \(transactionSet.accepted)")
    }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        guard arena.nodes[Int(node)].kind == .record else { return lines.append("}") }
        let segment = EDISegment(node, in: arena)
        segments.append(segment)
        lines.append("\(arena.nodes[Int(node)].ordinal) \(segment.tag) \(segment.elements.map(\.repetitions))")
    }
}

/// Reads a whole file of either standard.
func content(of bytes: [UInt8], _ standard: InterchangeHeader.Standard) -> ContentSink {
    var sink = ContentSink()
    readWhole(bytes, standard, into: &sink)
    return sink
}

func readWhole<Sink: SourceSink>(_ bytes: [UInt8], _ standard: InterchangeHeader.Standard, into sink: inout Sink) {
    var reader = EDIReader(standard, file: "a.edi")
    bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
    _ = reader.finish(into: &sink)
}

/// Writes a file again; the sink has what was found on the way.
func rewrite(
    _ bytes: [UInt8], policy: WritePolicy = WritePolicy(), recounts: Bool = false, syntax: String? = nil,
    punctuation: EDIPunctuation? = nil
) -> (bytes: [UInt8], sink: RewritingSink)? {
    guard let (standard, found) = EDIPunctuation.found(in: Array(bytes.prefix(4096))) else { return nil }
    var sink = RewritingSink(standard, punctuation: punctuation ?? found, policy: policy, recounts: recounts, syntax: syntax)
    readWhole(bytes, standard, into: &sink)
    return (sink.take(), sink)
}
