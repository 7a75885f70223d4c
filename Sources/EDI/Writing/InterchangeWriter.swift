import Formats
package import Diagnostics

/// Writes whole interchanges: envelopes around EDI segments, trailers with the counts of what was written.
///
/// It is told what begins and what ends, in the order of the file; control numbers come as values.
package struct InterchangeWriter: Sendable {
    private var writer: EDIWriter
    private var counts = EnvelopeCounts()
    private var envelope: InterchangeEnvelope

    /// Begins an interchange.
    package init(_ envelope: InterchangeEnvelope, punctuation: EDIPunctuation? = nil, policy: WritePolicy = WritePolicy()) {
        let chosen = (punctuation ?? .standard(envelope.standard)).fitted(to: envelope)
        writer = EDIWriter(envelope.standard, punctuation: chosen, policy: policy)
        self.envelope = envelope
        write(envelope.segment)
    }

    package var diagnostics: DiagnosticList { writer.diagnostics }

    package mutating func write(_ segment: EDISegment) {
        counts.pass(segment)
        writer.write(segment)
    }

    package mutating func beginGroup(_ group: GroupEnvelope) {
        precondition(envelope.standard == .x12, "EDIFACT is written without groups")
        let moment = envelope.groupDate
        write(EDISegment(
            "GS", EDIElement(group.functionalIdentifier), EDIElement(group.sender), EDIElement(group.receiver), EDIElement(moment.date),
            EDIElement(moment.time), EDIElement(group.controlNumber), "X", EDIElement(group.version)))
    }

    /// - Parameters:
    ///   - control: ST02 or UNH 0062.
    ///   - type: ST01; or S009 with its components, such as `CONTRL:D:3:UN`.
    ///   - implementation: ST03, from 005010 on.
    package mutating func beginTransactionSet(_ type: [String], control: String, implementation: String = "") {
        switch envelope.standard {
        case .x12:
            write(EDISegment("ST", EDIElement(components: type), EDIElement(control), EDIElement(implementation)))
        case .edifact, .tradacoms:
            write(EDISegment("UNH", EDIElement(control), EDIElement(components: type)))
        }
    }

    package mutating func endTransactionSet() { end(envelope.standard == .x12 ? "SE" : "UNT") }
    package mutating func endGroup() { end("GE") }

    /// Ends the interchange and gives its bytes.
    package mutating func endInterchange() -> [UInt8] {
        end(envelope.standard == .x12 ? "IEA" : "UNZ")
        return writer.take()
    }

    private mutating func end(_ tag: String) {
        guard var trailer = counts.trailer(tag) else { return }
        // IEA02 has nine digits, as ISA13 has.
        if tag == "IEA" { trailer.set(2, String(repeating: "0", count: max(0, 9 - trailer.text(2).utf8.count)) + trailer.text(2)) }
        write(trailer)
    }
}
