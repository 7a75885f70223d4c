/// The parties and number of one interchange.
package struct InterchangeHeader: Hashable, Sendable, Codable {
    package enum Standard: String, Sendable, Codable { case x12, edifact, tradacoms }
    package var standard: Standard
    package var senderQualifier: String
    package var sender: String
    package var receiverQualifier: String
    package var receiver: String
    /// ISA13, UNB 0020 or the transmission reference of STX.
    package var controlNumber: String
    /// ISA12, or the syntax identifier and version of UNB or STX: `00401`, `UNOC:3`, `ANA:1`.
    package var version: String
    /// ISA09 and ISA10, or UNB 0017 and 0019, as sent.
    package var date: String
    package var time: String
    /// ISA14 or UNB 0031 is 1: the sender asks for an acknowledgement of the interchange.
    package var requestsAcknowledgement: Bool
    /// ISA15 is `T`, or UNB 0035 is 1.
    package var isTest: Bool
    /// The header's EDI segment.
    package var bytes: Range<Int>

    package init(
        standard: Standard, senderQualifier: String, sender: String, receiverQualifier: String, receiver: String,
        controlNumber: String, version: String = "", date: String = "", time: String = "",
        requestsAcknowledgement: Bool = false, isTest: Bool, bytes: Range<Int>
    ) {
        self.standard = standard
        self.senderQualifier = senderQualifier
        self.sender = sender
        self.receiverQualifier = receiverQualifier
        self.receiver = receiver
        self.controlNumber = controlNumber
        self.version = version
        self.date = date
        self.time = time
        self.requestsAcknowledgement = requestsAcknowledgement
        self.isTest = isTest
        self.bytes = bytes
    }
}

/// What the header of a functional group says. A batch of TRADACOMS (BAT) has a control number alone.
package struct FunctionalGroupHeader: Hashable, Sendable, Codable {
    /// GS01 or UNG 0038: `PO`, `ORDERS`.
    package var identifier: String
    /// GS02 and GS03, or UNG 0040 and 0044.
    package var sender: String
    package var receiver: String
    /// GS06 or UNG 0048.
    package var controlNumber: String
    /// GS07 or UNG 0051: `X`, `UN`.
    package var agency: String
    /// GS08, or the version and release of UNG S008: `004010`, `D96A`.
    package var version: String
    package var bytes: Range<Int>

    package init(
        identifier: String, sender: String, receiver: String, controlNumber: String, agency: String, version: String,
        bytes: Range<Int>
    ) {
        self.identifier = identifier
        self.sender = sender
        self.receiver = receiver
        self.controlNumber = controlNumber
        self.agency = agency
        self.version = version
        self.bytes = bytes
    }
}

/// S009 of UNH, part by part, as CONTRL gives it back.
package struct MessageIdentifier: Hashable, Sendable, Codable {
    /// 0065, 0052, 0054, 0051 and 0057: `ORDERS`, `D`, `96A`, `UN`, `EAN008`.
    package var type: String
    package var version: String
    package var release: String
    package var agency: String
    package var association: String

    package init(type: String, version: String, release: String, agency: String, association: String) {
        self.type = type
        self.version = version
        self.release = release
        self.agency = agency
        self.association = association
    }
}

/// What the header of a transaction set or message says.
package struct TransactionSetHeader: Hashable, Sendable, Codable {
    /// `850`, `ORDERS`.
    package var identifier: String
    /// GS08; the UNH version and release, with the association code after a slash; the version in MHD: `004010`, `D96A/EAN008`, `9`.
    package var version: String
    /// ST02, UNH 0062 or the message reference of MHD.
    package var controlNumber: String
    /// ST03, or UNH 0068, the common access reference; empty where there is none.
    package var reference: String
    /// S009 of UNH; nil in X12.
    package var message: MessageIdentifier?
    package var bytes: Range<Int>

    package init(
        identifier: String, version: String, controlNumber: String, reference: String = "", message: MessageIdentifier? = nil,
        bytes: Range<Int> = 0..<0
    ) {
        self.identifier = identifier
        self.version = version
        self.controlNumber = controlNumber
        self.reference = reference
        self.message = message
        self.bytes = bytes
    }
}

/// What the trailer of an envelope says, beside what was counted.
package struct EnvelopeTrailer: Hashable, Sendable, Codable {
    /// SE01, GE01, IEA01, UNT 0074, UNE 0060, UNZ 0036, as sent.
    package var declaredCount: String
    /// The number that was sent is the one that was counted.
    package var isCountRight: Bool
    /// SE02, GE02, IEA02, UNT 0062, UNE 0048, UNZ 0020, as sent; empty in TRADACOMS, whose trailers have none.
    package var controlNumber: String
    /// It is the header's.
    package var isControlNumberRight: Bool
    package var bytes: Range<Int>

    package init(
        declaredCount: String, isCountRight: Bool, controlNumber: String, isControlNumberRight: Bool, bytes: Range<Int>
    ) {
        self.declaredCount = declaredCount
        self.isCountRight = isCountRight
        self.controlNumber = controlNumber
        self.isControlNumberRight = isControlNumberRight
        self.bytes = bytes
    }
}

/// One transaction set or message as it ended.
package struct TransactionSetSummary: Hashable, Sendable, Codable {
    package var header: TransactionSetHeader
    /// Number of EDI segments read, envelope segments of the set included.
    package var segments: Int
    /// nil where there was none.
    package var trailer: EnvelopeTrailer?
    /// False where a defect of the set, its group or its interchange rejects it.
    package var accepted: Bool

    package init(header: TransactionSetHeader, segments: Int, trailer: EnvelopeTrailer?, accepted: Bool) {
        self.header = header
        self.segments = segments
        self.trailer = trailer
        self.accepted = accepted
    }

    package var identifier: String { header.identifier }
    package var version: String { header.version }
    package var controlNumber: String { header.controlNumber }
}

/// One functional group as it ended.
package struct FunctionalGroupSummary: Hashable, Sendable, Codable {
    package var header: FunctionalGroupHeader
    /// Transaction sets that were read, and how many of them were accepted.
    package var transactionSets: Int
    package var acceptedTransactionSets: Int
    /// nil where there was none.
    package var trailer: EnvelopeTrailer?
    /// False where a defect of the group itself or of its interchange rejects it, whatever its transaction sets are.
    package var accepted: Bool

    package init(
        header: FunctionalGroupHeader, transactionSets: Int, acceptedTransactionSets: Int, trailer: EnvelopeTrailer?, accepted: Bool
    ) {
        self.header = header
        self.transactionSets = transactionSets
        self.acceptedTransactionSets = acceptedTransactionSets
        self.trailer = trailer
        self.accepted = accepted
    }
}

/// One interchange as it ended.
package struct InterchangeSummary: Hashable, Sendable, Codable {
    package var header: InterchangeHeader
    /// Functional groups and transaction sets that were read, and how many of the latter were accepted.
    package var groups: Int
    package var transactionSets: Int
    package var acceptedTransactionSets: Int
    /// nil where there was none.
    package var trailer: EnvelopeTrailer?
    /// False where a defect of the interchange itself rejects it, whatever is in it.
    package var accepted: Bool

    package init(
        header: InterchangeHeader, groups: Int, transactionSets: Int, acceptedTransactionSets: Int, trailer: EnvelopeTrailer?,
        accepted: Bool
    ) {
        self.header = header
        self.groups = groups
        self.transactionSets = transactionSets
        self.acceptedTransactionSets = acceptedTransactionSets
        self.trailer = trailer
        self.accepted = accepted
    }
}
