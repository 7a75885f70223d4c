import ChangeControl
import Decisions
import Diagnostics
import EDI
import Formats
import Mapping
import Outbox
import Store
import Values

/// Acknowledgements of one file as effects, in the transaction that says what became of the file.
struct Answering {
    let file: LedgerFile
    let state: ActiveState
    let position: Int
    let at: Instant
    /// The file was set aside whole: nothing of it is acknowledged as taken.
    var isWithheld = false

    /// - Returns: ids of the effects with the digests of their bytes, and what could not be written.
    func answer(
        _ reports: [InterchangeReport], in session: any StoreSession
    ) throws -> (effects: [String], findings: [Diagnostic]) {
        var answered: (effects: [String], findings: [Diagnostic]) = ([], [])
        for (number, report) in reports.enumerated() {
            let report = isWithheld && !report.isDuplicate ? report.withheld() : report
            let header = report.header
            let partner = state.bundle.library.partners.sender(
                qualifier: header.senderQualifier, interchange: header.sender, application: report.groups.first?.header.sender)
            guard let partner, let policy = partner.acknowledge, policy.occasion == .always || !report.isAccepted,
                let draft = AcknowledgementDraft(report, kind: policy.kind, interchangeAnswer: policy.interchange)
            else { continue }
            let interchange = try Store.takeControlNumbers(.interchange, count: 1, partner: partner.partner, in: session)[0]
            let groups = try Store.takeControlNumbers(.group, count: draft.groupCount, partner: partner.partner, in: session)
            let moment = at.dateTime(in: state.bundle.zone)
            let (payload, findings) = draft.write(at: moment, interchangeNumber: interchange, groupNumbers: groups)
            answered.findings += findings.kept
            let id = DeterministicID.of(["acknowledgement", "\(file.id)", file.digest, "\(number)"])
            let effect = Effect(
                id: id, kind: .actionFile, target: policy.target,
                contentType: header.standard == .x12 ? "application/edi-x12" : "application/edifact",
                fileName: policy.fileName(kinds: draft.kinds, number: interchange, partner: partner.partner), payload: payload,
                createdAt: at, deadline: at.adding(DayTimeDuration(seconds: 72 * 3600, nanoseconds: 0)))
            try Store.add(
                effect, action: "acknowledgement of interchange \(header.controlNumber)", position: position, sources: [.file(file.id)],
                in: session)
            answered.effects.append("\(id) \(ContentDigest(of: payload).hex)")
        }
        return answered
    }
}
