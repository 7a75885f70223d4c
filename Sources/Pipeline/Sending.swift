import Decisions
import Diagnostics
import EDI
import Formats
import Mapping
import Store
import Values

/// Records of a load as interchanges to a partner: each set is checked as its receiver will check it, and only what is sound takes
/// control numbers and leaves.
struct Sending {
    let routing: Routing
    let route: RouteDefinition
    let set: OutboundSet
    let partner: String
    let policy: SendingPolicy

    func send(
        _ facts: [(row: Int64, values: [Value])], _ routed: inout Routing.Routed, in session: any StoreSession
    ) throws {
        let rendered = set.render(facts.map(\.values), routing.state.context(now: routing.at))
        var sound: [OutboundSet.Rendered] = []
        for candidate in rendered {
            // One set alone, so that another's defects are not taken for its own.
            let trial = write([candidate], interchange: 1, group: 1)
            let findings = candidate.diagnostics + trial.diagnostics.map(told)
            routed.findings += findings
            if findings.allSatisfy({ $0.severity < .error }) { sound.append(candidate) }
        }
        let batches = policy.batching == .together ? (sound.isEmpty ? [] : [sound]) : sound.map { [$0] }
        for (number, batch) in batches.enumerated() { try send(batch, number, facts.map(\.row), &routed, in: session) }
    }

    private func write(_ sets: [OutboundSet.Rendered], interchange: Int, group: Int) -> SendingPolicy.Interchange {
        policy.write(
            sets, of: set, at: routing.at.dateTime(in: routing.state.bundle.zone), interchangeNumber: interchange, groupNumber: group,
            structures: routing.state.bundle.library.structures)
    }

    /// A finding about what was written has no bytes of a file that anybody could look at.
    private func told(_ finding: Diagnostic) -> Diagnostic {
        Diagnostic(
            .mapOutboundSet, finding.severity, "\(set.name) to \(partner): \(finding.fact) (\(finding.code))",
            at: SourcePosition(file: set.file, place: finding.position.place),
            hint: finding.severity == .error ? "the set is not sent; mend the record, or the file that writes it" : nil)
    }

    private func send(
        _ sets: [OutboundSet.Rendered], _ number: Int, _ rows: [Int64], _ routed: inout Routing.Routed, in session: any StoreSession
    ) throws {
        let isX12 = set.standard == .x12
        let interchange = try Store.takeControlNumbers(.interchange, count: 1, partner: partner, in: session)[0]
        let group = isX12 ? try Store.takeControlNumbers(.group, count: 1, partner: partner, in: session)[0] : nil
        let written = write(sets, interchange: interchange, group: group ?? 0)
        let id = DeterministicID.of(["route", route.route, "\(routing.file.id)", routing.file.digest, "\(number)"])
        let names = routing.names(id, route).merging(["number": padded(interchange, 9), "partner": partner], uniquingKeysWith: { $1 })
        try routing.add(
            id, route, contentType: set.standard.mediaType, fileName: set.fileName(names),
            payload: written.payload, records: sets.flatMap { $0.rows.map { rows[$0] } }, &routed, in: session)
        for control in written.controls {
            try Store.add(
                SentTransactionSet(
                    effect: id, partner: partner, interchange: interchange, group: group, control: control, identifier: set.identifier,
                    acknowledgedWithin: policy.acknowledgedWithin),
                in: session)
        }
    }
}
