package import Diagnostics

/// What takes the nodes of a document as a reader closes them.
package protocol SourceSink {
    /// A node that groups others was opened; its own fields, if any, are not there yet.
    mutating func opened(_ node: Int32, in arena: inout SourceArena)
    /// A node was closed and is complete. The sink may discard it, and only it, with ``SourceArena/discard(from:)``.
    mutating func closed(_ node: Int32, in arena: inout SourceArena)
    /// A finding about the document.
    mutating func found(_ diagnostic: Diagnostic)
    /// An envelope was read (ISA..IEA, UNB..UNZ): who sent it, to whom, under which number.
    mutating func read(_ interchange: InterchangeHeader)
    /// A transaction set ended, and this is the verdict on it. Its records are kept only if it was accepted.
    mutating func ended(_ transactionSet: TransactionSetSummary)
}

/// A reader is fed the bytes of a document in pieces of any size, and gives nodes and findings to a sink.
/// It resynchronises at the next EDI segment, row or element, and never throws because of what it reads.
package protocol SourceReader {
    /// Reads the next bytes. The same bytes cut in other places give the same nodes and findings.
    mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink)
    /// The document has ended: reports what is missing, closes what is open, and sums up.
    mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary
}

/// The parties and number of one interchange.
package struct InterchangeHeader: Hashable, Sendable, Codable {
    package enum Standard: String, Sendable, Codable { case x12, edifact }
    package var standard: Standard
    package var senderQualifier: String
    package var sender: String
    package var receiverQualifier: String
    package var receiver: String
    /// ISA13 or UNB 0020.
    package var controlNumber: String
    /// ISA15 is `T`, or UNB 0035 is 1.
    package var isTest: Bool
    /// Functional groups' senders and receivers (GS02, GS03), as they come.
    package var bytes: Range<Int>

    package init(
        standard: Standard, senderQualifier: String, sender: String, receiverQualifier: String, receiver: String,
        controlNumber: String, isTest: Bool, bytes: Range<Int>
    ) {
        self.standard = standard
        self.senderQualifier = senderQualifier
        self.sender = sender
        self.receiverQualifier = receiverQualifier
        self.receiver = receiver
        self.controlNumber = controlNumber
        self.isTest = isTest
        self.bytes = bytes
    }
}

/// One transaction set or message as it ended.
package struct TransactionSetSummary: Hashable, Sendable, Codable {
    /// `850`, `ORDERS`.
    package var identifier: String
    /// GS08 or the UNH version and release: `004010`, `D96A`.
    package var version: String
    /// ST02 or UNH 0062.
    package var controlNumber: String
    /// Number of EDI segments read, envelope segments of the set included.
    package var segments: Int
    /// False where a defect of the set's own structure rejects it.
    package var accepted: Bool

    package init(identifier: String, version: String, controlNumber: String, segments: Int, accepted: Bool) {
        self.identifier = identifier
        self.version = version
        self.controlNumber = controlNumber
        self.segments = segments
        self.accepted = accepted
    }
}

/// What a whole document held.
package struct SourceSummary: Hashable, Sendable, Codable {
    package var format: String
    package var interchanges = 0
    package var groups = 0
    package var transactionSets = 0
    /// EDI segments, envelope segments included.
    package var segments = 0
    /// Rows or elements.
    package var records = 0
    package var bytes = 0

    package init(format: String) { self.format = format }
}

/// Limits of a reader; reaching one is a finding (ARCHITECTURE.md, invariant 12).
package struct ReadLimits: Sendable, Hashable {
    /// Largest EDI segment, row or run of text, in bytes.
    package var recordBytes = 1 << 20
    /// Most fields in one EDI segment or row.
    package var fields = 4096
    /// Deepest nesting.
    package var depth = 256
    /// Largest document, in bytes.
    package var documentBytes = 4 << 30

    package init() {}
}
