import Diagnostics
import EDI
package import FEEL
import Records
import Values

extension MappingLibrary {
    /// The outbound mappings and sets that say `inverse` of a mapping: what they write, it reads.
    package func inverses(of mapping: String) -> [String] {
        outbounds.filter { $0.inverse == mapping }.map(\.name) + outboundSets.filter { $0.inverse == mapping }.map(\.name)
    }

    /// Writes the records of a case through an outbound mapping or set, and reads the bytes back.
    ///
    /// - Returns: how the records that come back differ, one sentence each; nil where the case makes none that the outbound writes.
    package func roundTrip(
        _ test: MappingTestCase, through outbound: String, of suite: MappingTestSuite, context: EvaluationContext
    ) -> [String]? {
        let kinds = self.outbound(outbound)?.kinds ?? outboundSet(outbound)?.kinds ?? []
        let made = collect(test.input.bytes, named: test.input.path, suite, context)
        let sent = made.records.filter { kinds.contains($0.kind) }
        guard !sent.isEmpty else { return nil }
        let zone = suite.zone.flatMap { context.zones[$0] } ?? .utc
        let (files, refusals) = write(sent, outbound, EvaluationContext(now: context.now, zone: zone, zones: context.zones))
        let backs = files.map { collect($0, named: outbound, suite, context) }
        // Warnings lose nothing; what is lost shows in the records.
        let errors = backs.flatMap(\.diagnostics).filter { $0.severity == .error }
        return refusals + errors.map(\.fact) + RecordDifference.between(sent.map(\.ofNobody), backs.flatMap(\.records).filter { kinds.contains($0.kind) }.map(\.ofNobody)).map(\.sentence)
    }

    private func write(_ records: [Record], _ outbound: String, _ context: EvaluationContext) -> (files: [[UInt8]], refusals: [String]) {
        let rows = records.map(\.values)
        if let mapping = self.outbound(outbound) {
            let written = mapping.files(rows).map { members in mapping.render(members.map { rows[$0] }, context) }
            return (written.map(\.bytes), written.flatMap(\.diagnostics).map(\.fact))
        }
        guard let set = outboundSet(outbound) else { preconditionFailure("\(outbound) is no outbound mapping of the bundle") }
        let rendered = set.render(rows, context)
        let interchange = SendingPolicy.trial.write(
            rendered, of: set, at: context.now.dateTime(in: context.zone), interchangeNumber: 1, groupNumber: 1,
            structures: structures)
        return ([interchange.payload], (rendered.flatMap(\.diagnostics) + interchange.diagnostics).filter { $0.severity == .error }.map(\.fact))
    }
}

extension SendingPolicy {
    /// To nobody in particular, so that no partner's client or guide comes into it.
    fileprivate static var trial: SendingPolicy {
        func party(_ name: String) -> Party { Party(qualifier: "", id: name, application: name) }
        return SendingPolicy(
            sender: party("TRIALSENDER"), receiver: party("TRIALRECEIVER"), isTest: true, batching: .together, version: nil, syntax: "UNOC",
            separators: EDISeparators(), acknowledgedWithin: nil, notify: nil)
    }
}

extension Record {
    /// What goes out does not say whose goods these are; the feed that it comes back through does.
    fileprivate var ofNobody: Record {
        var record = self
        record.values[0] = .string("")
        return record
    }
}

extension RecordDifference {
    fileprivate var sentence: String {
        switch change {
        case .added: "\(kind.rawValue) \(key) comes back and was not sent"
        case .removed: "\(kind.rawValue) \(key) does not come back"
        case .field(let name, let before, let after): "\(kind.rawValue) \(key), \(name): \(JSONText.write(before)) comes back as \(JSONText.write(after))"
        }
    }
}
