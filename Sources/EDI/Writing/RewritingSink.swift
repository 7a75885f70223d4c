package import Diagnostics
package import Formats

/// Writes again what a reader reads, EDI segment by EDI segment. What the reader leaves out (broken tags, a cut end) is not written.
package struct RewritingSink: SourceSink {
    /// What was asked for, or the punctuation that the file has.
    package let punctuation: EDIPunctuation
    /// Whether trailers get the counts and control numbers of what was read, instead of those that were sent.
    package let recounts: Bool
    /// UNB S001 to declare instead of what was sent, such as `UNOW`.
    package let syntax: String?
    package private(set) var writer: EDIWriter
    /// What the reader found.
    package private(set) var findings = DiagnosticList()
    private var counts = EnvelopeCounts()

    package init(
        _ standard: EDIStandard, punctuation: EDIPunctuation, policy: WritePolicy = WritePolicy(), recounts: Bool = false,
        syntax: String? = nil
    ) {
        self.punctuation = punctuation
        self.recounts = recounts
        self.syntax = syntax
        writer = EDIWriter(standard, punctuation: punctuation, policy: policy)
    }

    package mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    package mutating func found(_ diagnostic: Diagnostic) { findings.add(diagnostic) }

    package mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        guard arena.nodes[Int(node)].kind == .record else { return arena.discard(from: node) }
        var segment = EDISegment(node, in: arena)
        if let syntax, segment.tag == "UNB" {
            var components = segment.elements.first?.repetitions.first ?? [""]
            components[0] = syntax
            if segment.elements.isEmpty { segment.elements = [EDIElement()] }
            segment.elements[0] = EDIElement(components: components)
        }
        if recounts {
            if let trailer = counts.trailer(segment.tag) { segment = trailer }
            counts.pass(segment)
        }
        writer.write(segment)
        arena.discard(from: node)
    }

    /// Gives what was written and forgets it.
    package mutating func take() -> [UInt8] { writer.take() }
}
