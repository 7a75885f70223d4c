/// What a partner says of something that was sent to it: one TA1, AK1 with AK9, AK2 with AK5 (or IK5), UCI, UCF or UCM.
///
/// Source: X12 TA1, 997 and 999; UNECE CONTRL (ISO 9735-4), code lists 0083 and 0085.
package struct IncomingAcknowledgement: Hashable, Sendable {
    /// What it is about, by the control numbers under which that was sent.
    package enum Scope: Hashable, Sendable {
        case interchange(String)
        /// GS06, or UNG 0048.
        case group(String)
        /// ST02 in a functional group; or UNH 0062 in an interchange.
        case transactionSet(String, group: String?, interchange: String?)
    }

    package enum Verdict: String, Sendable, Hashable, CaseIterable {
        /// The interchange arrived, and nothing is said of what is in it: TA1 `A`, UCI `8`.
        case received
        case accepted
        case acceptedWithErrors = "accepted with errors"
        /// A functional group of which a part was accepted.
        case partlyAccepted = "partly accepted"
        case rejected
    }

    package let scope: Scope
    package let verdict: Verdict
    /// Codes of the envelope's own faults (TA105, AK502 and on, AK905 and on, 0085), then what was said of EDI segments and
    /// elements: `BEG: 3`, `BEG03: 1`.
    package let faults: [String]

    package init(scope: Scope, verdict: Verdict, faults: [String]) {
        self.scope = scope
        self.verdict = verdict
        self.faults = faults
    }

    /// Most faults that are kept of one transaction set.
    static let faultsMax = 20
}

/// Gathers acknowledgements from the EDI segments of 997, 999 and CONTRL, and from TA1.
struct AcknowledgementReading {
    private(set) var acknowledgements: [IncomingAcknowledgement] = []
    /// AK102; UCI 0020.
    private var group = ""
    private var interchange = ""
    /// AK202, with what was said since.
    private var transactionSet: String?
    private var faults: [String] = []
    private var segmentTag = ""
    /// A UCM that may have UCS and UCD behind it.
    private var message: (control: String, verdict: IncomingAcknowledgement.Verdict)?

    /// Takes the next EDI segment of an acknowledgement.
    mutating func take(_ segment: EDISegment) {
        switch segment.tag {
        case "TA1": add(.interchange(segment.text(1)), Self.interchangeVerdict(segment.text(4)), codes(segment, from: 5, through: 5).filter { $0 != "000" })
        case "AK1": group = segment.text(2)
        case "AK2": (transactionSet, faults) = (segment.text(2), [])
        case "AK3", "IK3": began(segment.text(1), segment.text(4))
        case "AK4", "IK4": note(segmentTag + Self.two(segment.text(1)), segment.text(3))
        case "AK5", "IK5":
            guard let control = transactionSet else { return }
            let own = codes(segment, from: 2, through: 6)
            add(.transactionSet(control, group: group, interchange: nil), Self.verdict(segment.text(1)), own + faults)
            transactionSet = nil
        case "AK9": add(.group(group), Self.verdict(segment.text(1)), codes(segment, from: 5, through: 9))
        case "UCI":
            interchange = segment.text(1)
            add(.interchange(interchange), Self.action(segment.text(4)), codes(segment, from: 5, through: 5))
        case "UCF":
            endMessage()
            add(.group(segment.text(1)), Self.action(segment.text(4)), codes(segment, from: 5, through: 5))
        case "UCM":
            endMessage()
            message = (segment.text(1), Self.action(segment.text(3)))
            faults = codes(segment, from: 4, through: 4)
        case "UCS": began("segment " + segment.text(1), segment.text(2))
        case "UCD": note(segmentTag + " element " + segment.text(2), segment.text(1))
        default: break
        }
    }

    /// The acknowledging message has ended, or its next part begins.
    mutating func endMessage() {
        guard let ended = message else { return }
        message = nil
        add(.transactionSet(ended.control, group: nil, interchange: interchange), ended.verdict, faults)
    }

    private mutating func add(_ scope: IncomingAcknowledgement.Scope, _ verdict: IncomingAcknowledgement.Verdict, _ faults: [String]) {
        guard acknowledgements.count < InterchangeReport.setsMax else { return }
        // What a partner writes goes into reports and logs: one line each, and none that is long.
        let told = faults.prefix(IncomingAcknowledgement.faultsMax).map { fault in
            String(String.UnicodeScalarView(fault.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(80)))
        }
        acknowledgements.append(IncomingAcknowledgement(scope: scope, verdict: verdict, faults: told))
    }

    /// An EDI segment, with its code where it has one beside those of its elements.
    private mutating func began(_ segment: String, _ code: String) {
        segmentTag = segment
        note(segment, code)
    }

    private mutating func note(_ place: String, _ code: String) {
        guard !code.isEmpty, faults.count < IncomingAcknowledgement.faultsMax else { return }
        faults.append("\(place): \(code)")
    }

    private func codes(_ segment: EDISegment, from first: Int, through last: Int) -> [String] {
        (first...last).map { segment.text($0) }.filter { !$0.isEmpty }
    }

    private static func two(_ number: String) -> String { number.utf8.count == 1 ? "0" + number : number }

    /// TA104 (X12 data element I17).
    private static func interchangeVerdict(_ code: String) -> IncomingAcknowledgement.Verdict { code == "R" ? .rejected : .received }

    /// AK501 and AK901 (X12 data elements 717 and 715): M, W and X are rejections for security.
    private static func verdict(_ code: String) -> IncomingAcknowledgement.Verdict {
        switch code {
        case "A": .accepted
        case "E": .acceptedWithErrors
        case "P": .partlyAccepted
        default: .rejected
        }
    }

    /// UNECE code list 0083: 4 this level and all below are rejected, 7 acknowledged unless said otherwise below, 8 received.
    private static func action(_ code: String) -> IncomingAcknowledgement.Verdict {
        switch code {
        case "7": .accepted
        case "8": .received
        default: .rejected
        }
    }
}
