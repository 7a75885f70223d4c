import Decisions
import Diagnostics
import EDI
import FEEL
import Formats
import Mapping
import Store
import Values

/// Rows as interchanges to a partner: each set is checked as its receiver will check it, and only what is sound takes control numbers
/// and leaves.
struct Sending {
    let set: OutboundSet
    let partner: String
    let policy: SendingPolicy
    let bundle: Bundle
    let context: EvaluationContext
    let at: Instant

    /// One interchange that is to leave.
    struct Outgoing {
        /// Which of those that leave at once, from 0.
        let number: Int
        let payload: [UInt8]
        let contentType: String
        /// Rows that it is made of.
        let rows: [Int]
        /// For the template of its file's name: ISA13 or UNB 0020, and the partner.
        let names: [String: String]
        fileprivate let sets: [SentTransactionSet]
    }

    /// - Parameters:
    ///   - id: the effect that an interchange will be, by its number.
    ///   - add: makes that effect.
    /// - Returns: what was found wrong; sets with errors did not leave.
    func send(
        _ rows: [[Value]], id: (Int) -> String, in session: any StoreSession, add: (Outgoing) throws -> Void
    ) throws -> [Diagnostic] {
        var sound: [OutboundSet.Rendered] = [], findings: [Diagnostic] = []
        for candidate in set.render(rows, context) {
            // One set alone, so that another's defects are not taken for its own.
            let found = candidate.diagnostics + write([candidate], interchange: 1, group: 1).diagnostics.map(told)
            findings += found
            if found.allSatisfy({ $0.severity < .error }) { sound.append(candidate) }
        }
        let batches = policy.batching == .together ? (sound.isEmpty ? [] : [sound]) : sound.map { [$0] }
        for (number, batch) in batches.enumerated() {
            let outgoing = try outgoing(batch, number, effect: id(number), in: session)
            try add(outgoing)
            for set in outgoing.sets { try Store.add(set, in: session) }
        }
        return findings
    }

    private func write(_ sets: [OutboundSet.Rendered], interchange: Int, group: Int) -> SendingPolicy.Interchange {
        policy.write(
            sets, of: set, at: at.dateTime(in: bundle.zone), interchangeNumber: interchange, groupNumber: group,
            structures: bundle.library.structures)
    }

    /// A finding about what was written has no bytes of a file that anybody could look at.
    private func told(_ finding: Diagnostic) -> Diagnostic {
        Diagnostic(
            .mapOutboundSet, finding.severity, "\(set.name) to \(partner): \(finding.fact) (\(finding.code))",
            at: SourcePosition(file: set.file, place: finding.position.place),
            hint: finding.severity == .error ? "the set is not sent; mend the record, or the file that writes it" : nil)
    }

    private func outgoing(
        _ sets: [OutboundSet.Rendered], _ number: Int, effect: String, in session: any StoreSession
    ) throws -> Outgoing {
        let interchange = try Store.takeControlNumbers(.interchange, count: 1, partner: partner, in: session)[0]
        let group = set.standard == .x12 ? try Store.takeControlNumbers(.group, count: 1, partner: partner, in: session)[0] : nil
        let written = write(sets, interchange: interchange, group: group ?? 0)
        return Outgoing(
            number: number, payload: written.payload, contentType: set.standard.mediaType, rows: sets.flatMap(\.rows),
            names: ["number": padded(interchange, 9), "partner": partner],
            sets: written.controls.map { control in
                SentTransactionSet(
                    effect: effect, partner: partner, interchange: interchange, group: group, control: control, identifier: set.identifier,
                    acknowledgedWithin: policy.acknowledgedWithin)
            })
    }
}
