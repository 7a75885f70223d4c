package import Diagnostics
package import EDI
import Formats
package import Values

extension SendingPolicy {
    /// An interchange as it leaves.
    package struct Interchange: Sendable {
        package let payload: [UInt8]
        /// ST02 or UNH 0062 of its sets, in order.
        package let controls: [String]
        /// From writing it, and from reading it again as its receiver will.
        package let diagnostics: [Diagnostic]

        package var isSendable: Bool { diagnostics.allSatisfy { $0.severity < .error } }
    }

    /// Why a set cannot be written with the separators that the partner wants; empty where it can.
    package func defects(for set: OutboundSet) -> [String] { separators.defects(set.standard) }

    /// Writes one interchange with some sets, and holds it against the structures of the standard and of the partner's guide.
    ///
    /// - Parameters:
    ///   - moment: of the envelope, in the business zone.
    ///   - groupNumber: GS06; EDIFACT has no groups here.
    package func write(
        _ sets: [OutboundSet.Rendered], of outbound: OutboundSet, at moment: DateTime, interchangeNumber: Int, groupNumber: Int,
        structures: TransactionStructures
    ) -> Interchange {
        let isX12 = outbound.standard == .x12
        let defects = defects(for: outbound)
        if !defects.isEmpty {
            return Interchange(payload: [], controls: [], diagnostics: defects.map { Diagnostic(.ediValueSeparator, .error, $0, at: SourcePosition()) })
        }
        func qualifier(_ party: Party) -> String { party.qualifier.isEmpty && isX12 ? "ZZ" : party.qualifier }
        let envelope = InterchangeEnvelope(
            outbound.standard, from: sender.id, qualifier(sender), to: receiver.id, qualifier(receiver), writtenAt: moment,
            controlNumber: interchangeNumber, version: version, syntax: syntax, isTest: isTest)
        var writer = InterchangeWriter(envelope, punctuation: separators.punctuation(outbound.standard))
        if isX12 {
            writer.beginGroup(GroupEnvelope(
                outbound.functionalIdentifier, from: sender.application, to: receiver.application, controlNumber: groupNumber,
                version: outbound.version))
        }
        let controls = sets.indices.map { isX12 ? padded($0 + 1, 4) : String($0 + 1) }
        for (set, control) in zip(sets, controls) {
            writer.beginTransactionSet(outbound.type, control: control, implementation: outbound.implementation)
            for segment in set.segments { writer.write(segment) }
            writer.endTransactionSet()
        }
        if isX12 { writer.endGroup() }
        let payload = writer.endInterchange()
        return Interchange(
            payload: payload, controls: controls,
            diagnostics: writer.diagnostics.kept + check(payload, outbound, structures))
    }

    /// What the receiver's translator would say, by the same reader that reads what comes in.
    private func check(_ payload: [UInt8], _ outbound: OutboundSet, _ structures: TransactionStructures) -> [Diagnostic] {
        let guided = structures.addressed(
            to: DefectSender(qualifier: receiver.qualifier.isEmpty ? nil : receiver.qualifier, id: receiver.id), from: sender.id)
        var reader = EDIReader(outbound.standard, file: outbound.name, structures: guided)
        var sink = FindingSink()
        payload.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return sink.findings
    }
}

/// Keeps what a reader finds, notes left out.
private struct FindingSink: SourceSink {
    var findings: [Diagnostic] = []

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        if arena.nodes[Int(node)].parent < 0 { arena.discard(from: node) }
    }
    mutating func found(_ diagnostic: Diagnostic) { if diagnostic.severity > .note { findings.append(diagnostic) } }
    mutating func read(_ interchange: InterchangeHeader) {}
    mutating func ended(_ transactionSet: TransactionSetSummary) {}
}
