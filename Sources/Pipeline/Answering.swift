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

    /// - Parameter errors: what was found in the file's records, for partners who hear of that.
    /// - Returns: ids of the effects with the digests of their bytes, and what could not be written.
    func answer(
        _ reports: [InterchangeReport], errors: [Diagnostic], in session: any StoreSession
    ) throws -> (effects: [String], findings: [Diagnostic]) {
        var answered: (effects: [String], findings: [Diagnostic]) = ([], [])
        for (number, report) in reports.enumerated() {
            let report = isWithheld && !report.isDuplicate ? report.withheld() : report
            let header = report.header
            let sender = state.bundle.library.partners.sender(of: report)
            guard let partner = sender?.partner, let policy = sender?.acknowledge else { continue }
            if policy.occasion == .always || !report.isAccepted,
                let draft = AcknowledgementDraft(
                    report, kind: policy.kind, interchangeAnswer: policy.interchange, punctuation: policy.separators.punctuation(header.standard)) {
                let answer = Answer(what: "acknowledgement", kinds: draft.kinds, groups: draft.groupCount) {
                    draft.write(at: moment, interchangeNumber: $0, groupNumbers: $1)
                }
                try add(answer, header, number, policy, partner, &answered, in: session)
            }
            if policy.tellsApplicationErrors, !report.isDuplicate,
                let advice = ApplicationAdvice(report, findings: errors, isRejected: isWithheld) {
                let answer = Answer(what: "application advice", kinds: [advice.kind], groups: header.standard == .x12 ? 1 : 0) {
                    advice.write(at: moment, interchangeNumber: $0, groupNumber: $1.first ?? 0, punctuation: policy.separators.punctuation(header.standard))
                }
                try add(answer, header, number, policy, partner, &answered, in: session)
            }
        }
        return answered
    }

    private var moment: DateTime { at.dateTime(in: state.bundle.zone) }

    /// An answer that is written once it has its control numbers.
    private struct Answer {
        let what: String
        let kinds: [String]
        let groups: Int
        let write: (_ interchange: Int, _ groups: [Int]) -> (bytes: [UInt8], diagnostics: DiagnosticList)
    }

    private func add(
        _ answer: Answer, _ header: InterchangeHeader, _ number: Int, _ policy: AcknowledgementPolicy, _ partner: String,
        _ answered: inout (effects: [String], findings: [Diagnostic]), in session: any StoreSession
    ) throws {
        // What cannot be written as it is would say something else, and takes no number.
        let trial = answer.write(1, Array(repeating: 1, count: answer.groups))
        guard trial.diagnostics.errors == 0 else {
            answered.findings += trial.diagnostics.kept
            return
        }
        let interchange = try Store.takeControlNumbers(.interchange, count: 1, partner: partner, in: session)[0]
        let written = answer.write(interchange, try Store.takeControlNumbers(.group, count: answer.groups, partner: partner, in: session))
        answered.findings += written.diagnostics.kept
        let target = policy.target, fileName = policy.fileName(kinds: answer.kinds, number: interchange, partner: partner), what = answer.what
        let id = DeterministicID.of([what, "\(file.id)", file.digest, "\(number)"])
        let effect = Effect(
            id: id, kind: .actionFile, target: target,
            contentType: header.standard.mediaType, fileName: fileName, payload: written.bytes,
            createdAt: at, deadline: at.adding(Effect.standardLifetime))
        try Store.add(
            effect, action: "\(what) of interchange \(header.controlNumber)", position: position, sources: [.file(file.id)], in: session)
        answered.effects.append("\(id) \(ContentDigest(of: written.bytes).hex)")
    }
}
