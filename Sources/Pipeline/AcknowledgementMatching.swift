import Diagnostics
import EDI
import Formats
import Mapping
import Store
import Values

/// Holds the acknowledgements of a file against what was sent, in the transaction that publishes the file.
struct AcknowledgementMatching {
    let file: LedgerFile
    let state: ActiveState
    let position: Int
    let at: Instant

    struct Matched {
        /// Sets that an answer settled.
        var settled: [SentTransactionSet] = []
        var findings: [Diagnostic] = []
    }

    func match(_ reports: [InterchangeReport], in session: any StoreSession) throws -> Matched {
        var matched = Matched()
        for report in reports where !report.acknowledgements.isEmpty {
            let header = report.header
            guard let partner = state.bundle.library.partners.sender(
                qualifier: header.senderQualifier, interchange: header.sender, application: report.groups.first?.header.sender)
            else {
                matched.findings.append(finding(
                    .acknowledgementUnknown, .warning, "acknowledgements of \(header.sender), who is no known partner, answer nothing that was sent"))
                continue
            }
            // What is said of a set counts before what is said of all in its group or interchange.
            let ordered = report.acknowledgements.filter { $0.scope.rank == 0 } + report.acknowledgements.filter { $0.scope.rank == 1 }
                + report.acknowledgements.filter { $0.scope.rank == 2 }
            for answer in ordered { try settle(answer, partner, &matched, in: session) }
        }
        for sent in matched.settled where sent.status == .rejected {
            try Notice(sent, .rejected, state: state, position: position, at: at).add(in: session)
        }
        return matched
    }

    private func settle(
        _ answer: IncomingAcknowledgement, _ partner: PartnerDefinition, _ matched: inout Matched, in session: any StoreSession
    ) throws {
        let (sets, what): ([SentTransactionSet], String)
        switch answer.scope {
        case .interchange(let number):
            (sets, what) = (try number.controlNumber.map { try Store.sent(to: partner.partner, interchange: $0, in: session) } ?? [], "interchange \(number)")
        case .group(let number):
            (sets, what) = (try number.controlNumber.map { try Store.sent(to: partner.partner, group: $0, in: session) } ?? [], "group \(number)")
        case .transactionSet(let control, let group, let interchange):
            let all: [SentTransactionSet] = if let number = group?.controlNumber {
                try Store.sent(to: partner.partner, group: number, in: session)
            } else if let number = interchange?.controlNumber {
                try Store.sent(to: partner.partner, interchange: number, in: session)
            } else { [] }
            sets = all.filter { $0.control == control || $0.control.controlNumber == control.controlNumber && control.controlNumber != nil }
            what = "transaction set \(control) of \(group.map { "group \($0)" } ?? "interchange \(interchange ?? "")")"
        }
        if sets.isEmpty {
            matched.findings.append(finding(
                .acknowledgementUnknown, .warning, "the acknowledgement of \(what) answers nothing that was sent to \(partner.partner)"))
        }
        guard let status = answer.verdict.settles(answer.scope) else { return }
        for var sent in sets {
            guard sent.status.isOpen else {
                if answer.scope.rank == 0, sent.status != status {
                    matched.findings.append(finding(
                        .acknowledgementAgain, .warning, "\(what) of \(partner.partner) was answered before: \(sent.status.rawValue); now \(status.rawValue), which is not kept"))
                }
                continue
            }
            sent.status = status
            sent.faults = answer.faults
            sent.answeredBy = file.id
            sent.answeredAt = at
            try Store.update(sent, in: session)
            matched.settled.append(sent)
            if status == .rejected {
                matched.findings.append(finding(
                    .acknowledgementRejected, .error,
                    "\(partner.partner) rejects \(sent.told)" + (sent.faults.isEmpty ? "" : " (\(sent.faults.joined(separator: "; ")))"),
                    hint: "look at it with `crossdock outbox show \(sent.effect.prefix(12))`"))
            }
        }
    }

    private func finding(_ code: DiagnosticCode, _ severity: Severity, _ fact: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(code, severity, fact, at: SourcePosition(file: "\(file.feed)/\(file.name)"), hint: hint)
    }
}

extension IncomingAcknowledgement.Scope {
    /// The narrower, the earlier it counts.
    fileprivate var rank: Int {
        switch self {
        case .transactionSet: 0
        case .group: 1
        case .interchange: 2
        }
    }
}

extension IncomingAcknowledgement.Verdict {
    /// What a set becomes; nil where nothing is said of it yet. In a group that is accepted in part, what is not named is accepted.
    fileprivate func settles(_ scope: IncomingAcknowledgement.Scope) -> SentTransactionSet.Status? {
        switch self {
        case .received: nil
        case .accepted, .partlyAccepted: .accepted
        case .acceptedWithErrors: scope.rank == 0 ? .acceptedWithErrors : .accepted
        case .rejected: .rejected
        }
    }
}

extension String {
    /// Control numbers are compared as numbers: partners drop their leading zeros.
    fileprivate var controlNumber: Int? { Int(self) }
}
