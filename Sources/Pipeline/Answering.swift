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
                let numbers = try numbers(partner, groups: draft.groupCount, in: session)
                let written = draft.write(at: moment, interchangeNumber: numbers.interchange, groupNumbers: numbers.groups)
                try add(
                    written, "acknowledgement", header, number, policy.target,
                    policy.fileName(kinds: draft.kinds, number: numbers.interchange, partner: partner), &answered, in: session)
            }
            if policy.tellsApplicationErrors, !report.isDuplicate,
                let advice = ApplicationAdvice(report, findings: errors, isRejected: isWithheld) {
                let numbers = try numbers(partner, groups: header.standard == .x12 ? 1 : 0, in: session)
                let written = advice.write(
                    at: moment, interchangeNumber: numbers.interchange, groupNumber: numbers.groups.first ?? 0,
                    punctuation: policy.separators.punctuation(header.standard))
                try add(
                    written, "application advice", header, number, policy.target,
                    policy.fileName(kinds: [advice.kind], number: numbers.interchange, partner: partner), &answered, in: session)
            }
        }
        return answered
    }

    private var moment: DateTime { at.dateTime(in: state.bundle.zone) }

    private func numbers(
        _ partner: String, groups: Int, in session: any StoreSession
    ) throws -> (interchange: Int, groups: [Int]) {
        (
            try Store.takeControlNumbers(.interchange, count: 1, partner: partner, in: session)[0],
            try Store.takeControlNumbers(.group, count: groups, partner: partner, in: session)
        )
    }

    private func add(
        _ written: (bytes: [UInt8], diagnostics: DiagnosticList), _ what: String, _ header: InterchangeHeader, _ number: Int,
        _ target: String, _ fileName: String, _ answered: inout (effects: [String], findings: [Diagnostic]), in session: any StoreSession
    ) throws {
        answered.findings += written.diagnostics.kept
        // What could not be written as it is would say something else.
        if written.diagnostics.errors > 0 { return }
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
