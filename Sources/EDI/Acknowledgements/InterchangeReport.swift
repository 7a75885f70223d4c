package import Diagnostics
package import Formats

/// What a reader said of one interchange, as far as an acknowledgement says it again. Notes are not in it: what is noted is accepted.
package struct InterchangeReport: Sendable {
    package let header: InterchangeHeader
    package internal(set) var groups: [GroupReport] = []
    /// EDIFACT messages of an interchange without groups.
    package internal(set) var transactionSets: [TransactionSetReport] = []
    package internal(set) var faults: [EnvelopeFinding] = []
    /// TA1 segments that it brought.
    package internal(set) var interchangeAcknowledgements = 0
    /// What it says of interchanges that its receiver has sent.
    package internal(set) var acknowledgements: [IncomingAcknowledgement] = []
    var contentHash = ContentHash()
    /// What its transaction sets say, as 16 hexadecimal digits behind a mark: the same for the same content in other bytes.
    package var content: String { contentHash.text }
    /// Whether it says what such digits say that were kept; nil where those are of another kind.
    package func hasContent(_ kept: String) -> Bool? { kept.hasPrefix(ContentHash.mark) ? kept == content : nil }
    /// The verdict; nil until the interchange ended.
    package internal(set) var summary: InterchangeSummary?
    /// The same interchange came before (the store knows): TA105 025, 0085 26.
    package var isDuplicate = false

    init(_ header: InterchangeHeader) { self.header = header }

    /// All that is in it was accepted.
    package var isAccepted: Bool {
        guard let summary, !isDuplicate, !isWithheld else { return false }
        return summary.accepted && summary.acceptedTransactionSets == summary.transactionSets
    }

    private var isWithheld = false

    /// The same where nothing was taken, whatever it was worth: each transaction set is rejected with it.
    package func withheld() -> InterchangeReport {
        var copy = self
        copy.isWithheld = true
        for index in copy.transactionSets.indices { copy.transactionSets[index].summary?.accepted = false }
        for index in copy.groups.indices {
            copy.groups[index].summary?.acceptedTransactionSets = 0
            for place in copy.groups[index].transactionSets.indices { copy.groups[index].transactionSets[place].summary?.accepted = false }
        }
        return copy
    }

    /// Most transaction sets without a finding that are listed in a group or interchange; the rest are only counted.
    package static let cleanSetsMax = 10_000
    /// Most transaction sets that are listed in all.
    package static let setsMax = 100_000
    /// Most findings of a transaction set that are listed.
    package static let findingsMax = 1000
}

/// One finding about an envelope.
package struct EnvelopeFinding: Hashable, Sendable {
    package var code: DiagnosticCode
    /// What it is called in X12, or in EDIFACT.
    package var x12: X12Fault?
    package var edifact: EDIFACTFault?
    package var segmentTag: String?
    package var element: Int?
    package var component: Int?
    package var isError: Bool
}

/// One functional group.
package struct GroupReport: Sendable {
    package let header: FunctionalGroupHeader
    package internal(set) var transactionSets: [TransactionSetReport] = []
    package internal(set) var faults: [EnvelopeFinding] = []
    package internal(set) var summary: FunctionalGroupSummary?
}

/// One transaction set or message.
package struct TransactionSetReport: Sendable {
    package let header: TransactionSetHeader
    /// About its header, trailer and counts.
    package internal(set) var faults: [EnvelopeFinding] = []
    /// By position.
    package internal(set) var segments: [SegmentReport] = []
    package internal(set) var summary: TransactionSetSummary?

    package var isAccepted: Bool { summary?.accepted ?? false }
    package var isClean: Bool { faults.isEmpty && segments.isEmpty }
    /// Acknowledgements are not acknowledged, or there would be no end to them.
    package var isAcknowledgement: Bool { AcknowledgementKind.isAcknowledgement(header.identifier) }
}

/// The findings about one EDI segment, or about one that is missing before it.
package struct SegmentReport: Hashable, Sendable {
    /// Its position, ST or UNH being 1; of a missing one, that of the last segment before it.
    package var position: Int
    package var tag: String
    /// LS01, where it stands between LS and LE.
    package var boundedLoop: String
    /// AK304 or 0085, as found.
    package var codes: [String]
    package var elements: [ElementReport] = []
    /// The segment is not there.
    package var isMissing: Bool
}

/// One finding about an element.
package struct ElementReport: Hashable, Sendable {
    package var element: Int
    package var component: Int?
    package var repetition: Int?
    /// AK403 or 0085.
    package var code: String
    /// Number in the data element dictionary (AK402), where the table of the version is there.
    package var reference: String = ""
    /// The value, where it may be given back.
    package var value: String = ""
    /// Of a condition: the element that asks for it (CTX of 999).
    package var trigger: Int?
    /// Bytes of the file that are meant, until the element is known.
    var bytes: Range<Int>?
}
