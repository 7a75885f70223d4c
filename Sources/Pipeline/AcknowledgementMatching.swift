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
            guard let partner = state.bundle.library.partners.sender(of: report) else {
                matched.findings.append(finding(
                    .acknowledgementUnknown, .warning, "acknowledgements of \(report.header.sender), who is no known partner, answer nothing that was sent"))
                continue
            }
            // What is said of a set counts before what is said of all in its group or interchange.
            var sent = SentSets(partner: partner.partner)
            for rank in 0...2 {
                for answer in report.acknowledgements where answer.scope.rank == rank { try settle(answer, &sent, &matched, in: session) }
            }
        }
        for sent in matched.settled where sent.status == .rejected {
            try Notice(sent, .rejected, state: state, position: position, at: at).add(in: session)
        }
        return matched
    }

    private func settle(
        _ answer: IncomingAcknowledgement, _ sent: inout SentSets, _ matched: inout Matched, in session: any StoreSession
    ) throws {
        let places = try sent.places(answer.scope, in: session)
        if places.isEmpty {
            matched.findings.append(finding(
                .acknowledgementUnknown, .warning, "the acknowledgement of \(answer.scope.told) answers nothing that was sent to \(sent.partner)"))
        }
        guard let status = answer.verdict.settles(answer.scope) else { return }
        for place in places {
            var set = sent[place]
            guard set.status.isOpen else {
                if answer.scope.rank == 0, set.status != status {
                    matched.findings.append(finding(
                        .acknowledgementAgain, .warning,
                        "\(answer.scope.told) of \(sent.partner) was answered before: \(set.status.rawValue); now \(status.rawValue), which is not kept"))
                }
                continue
            }
            set.status = status
            set.faults = answer.faults
            set.answeredBy = file.id
            set.answeredAt = at
            try Store.update(set, in: session)
            sent[place] = set
            matched.settled.append(set)
            if status == .rejected {
                matched.findings.append(finding(
                    .acknowledgementRejected, .error,
                    "\(sent.partner) rejects \(set.told)" + (set.faults.isEmpty ? "" : " (\(set.faults.joined(separator: "; ")))"),
                    hint: "look at it with `crossdock outbox show \(set.effect.prefix(12))`"))
            }
        }
    }

    private func finding(_ code: DiagnosticCode, _ severity: Severity, _ fact: String, hint: String? = nil) -> Diagnostic {
        Diagnostic(code, severity, fact, at: SourcePosition(file: "\(file.feed)/\(file.name)"), hint: hint)
    }
}

/// What was sent to one partner, as far as the acknowledgements of one interchange speak of it: each group is fetched once.
private struct SentSets {
    enum Envelope: Hashable {
        case group(Int)
        case interchange(Int)
    }

    struct Place {
        let envelope: Envelope
        let index: Int
    }

    let partner: String
    private var sets: [Envelope: [SentTransactionSet]] = [:]
    private var byControl: [Envelope: [Int: Int]] = [:]

    init(partner: String) { self.partner = partner }

    /// The set at a place that ``places(_:in:)`` gave.
    subscript(place: Place) -> SentTransactionSet {
        get { sets[place.envelope, default: []][place.index] }
        set { sets[place.envelope, default: []][place.index] = newValue }
    }

    /// The sets that an acknowledgement is about. Control numbers are compared as numbers, as partners drop leading zeros.
    mutating func places(_ scope: IncomingAcknowledgement.Scope, in session: any StoreSession) throws -> [Place] {
        let (envelope, control): (Envelope?, String?) = switch scope {
        case .interchange(let number): (Int(number).map { .interchange($0) }, nil)
        case .group(let number): (Int(number).map { .group($0) }, nil)
        case .transactionSet(let control, let group?, _): (Int(group).map { .group($0) }, control)
        case .transactionSet(let control, nil, let interchange): (interchange.flatMap { Int($0) }.map { .interchange($0) }, control)
        }
        guard let envelope else { return [] }
        if sets[envelope] == nil { try fetch(envelope, in: session) }
        guard let control else { return sets[envelope, default: []].indices.map { Place(envelope: envelope, index: $0) } }
        return Int(control).flatMap { byControl[envelope]?[$0] }.map { [Place(envelope: envelope, index: $0)] } ?? []
    }

    private mutating func fetch(_ envelope: Envelope, in session: any StoreSession) throws {
        let found = switch envelope {
        case .group(let number): try Store.sent(to: partner, group: number, in: session)
        case .interchange(let number): try Store.sent(to: partner, interchange: number, in: session)
        }
        sets[envelope] = found
        for (index, set) in found.enumerated() {
            if let control = Int(set.control) { byControl[envelope, default: [:]][control] = index }
        }
    }
}

extension IncomingAcknowledgement.Scope {
    /// For people.
    fileprivate var told: String {
        switch self {
        case .interchange(let number): "interchange \(number)"
        case .group(let number): "group \(number)"
        case .transactionSet(let control, let group, let interchange):
            "transaction set \(control) of \(group.map { "group \($0)" } ?? "interchange \(interchange ?? "")")"
        }
    }

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
