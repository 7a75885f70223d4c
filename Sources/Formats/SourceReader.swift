package import Diagnostics

/// What takes the nodes of a document as a reader closes them.
///
/// For each envelope of EDI the order is: ``opened(_:in:)`` of its node; ``read(_:)`` or ``began(_:)`` with its header; findings
/// about the header; ``closed(_:in:)`` of the header's EDI segment; what is inside; findings about the trailer; `closed` of the
/// trailer and of the envelope's node; ``ended(_:)`` with the verdict. Each that began ends, trailer or not.
///
/// A finding about an EDI segment always comes before that segment's node is closed, so that nodes and findings are told
/// together by their order, and a sink that waits for the next `closed` has all findings about it. A missing trailer
/// alone is found later than the header that it points to: where the envelope ends.
package protocol SourceSink {
    /// A node that groups others was opened; its own fields, if any, are not there yet.
    mutating func opened(_ node: Int32, in arena: inout SourceArena)
    /// A node was closed and is complete. One that is set aside (``SourceNode/setAside``) gives no record. The sink may discard it, and only it, with ``SourceArena/discard(from:)``.
    mutating func closed(_ node: Int32, in arena: inout SourceArena)
    /// A finding about the document.
    mutating func found(_ diagnostic: Diagnostic)
    /// Counts a finding that nobody needs but as one more of its kind: a list that is full keeps no more. A reader may ask before it makes
    /// one that comes often.
    ///
    /// - Returns: false where it is to be told by ``found(_:)``.
    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool
    /// An interchange begins (ISA, UNB): who sent it, to whom, under which number.
    mutating func read(_ interchange: InterchangeHeader)
    /// A functional group begins (GS, UNG).
    mutating func began(_ group: FunctionalGroupHeader)
    /// A transaction set or message begins (ST, UNH).
    mutating func began(_ transactionSet: TransactionSetHeader)
    /// A transaction set ended, and this is the verdict on it. Its records are kept only if it was accepted.
    mutating func ended(_ transactionSet: TransactionSetSummary)
    /// A functional group ended.
    mutating func ended(_ group: FunctionalGroupSummary)
    /// An interchange ended.
    mutating func ended(_ interchange: InterchangeSummary)
}

/// Most sinks act on nodes and transaction sets alone.
extension SourceSink {
    package mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { false }
    package mutating func read(_ interchange: InterchangeHeader) {}
    package mutating func began(_ group: FunctionalGroupHeader) {}
    package mutating func began(_ transactionSet: TransactionSetHeader) {}
    package mutating func ended(_ transactionSet: TransactionSetSummary) {}
    package mutating func ended(_ group: FunctionalGroupSummary) {}
    package mutating func ended(_ interchange: InterchangeSummary) {}
}

/// A reader is fed the bytes of a document in pieces of any size, and gives nodes and findings to a sink.
/// It resynchronises at the next EDI segment, row or element, and never throws because of what it reads.
package protocol SourceReader {
    /// Reads the next bytes. The same bytes cut in other places give the same nodes and findings.
    mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink)
    /// The document has ended: reports what is missing, closes what is open, and sums up.
    mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary
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
    /// EDI segments and loops that were set aside, each loop once with all that is in it; elements that were left out.
    package var setAside = 0
    package var elementsLeftOut = 0

    package init(format: String) { self.format = format }

    /// Adds what another document of the same file held.
    package mutating func add(_ other: SourceSummary) {
        format = other.format
        interchanges += other.interchanges
        groups += other.groups
        transactionSets += other.transactionSets
        segments += other.segments
        records += other.records
        bytes += other.bytes
        setAside += other.setAside
        elementsLeftOut += other.elementsLeftOut
    }
}

/// Limits of a reader; reaching one is a finding (ARCHITECTURE.md, invariant 12).
package struct ReadLimits: Sendable, Hashable {
    /// Largest EDI segment, row or run of text, in bytes.
    package var recordBytes = 1 << 20
    /// Most fields in one EDI segment or row.
    package var fields = 4096
    /// Deepest nesting.
    package var depth = 256
    /// Most different names of elements, attributes and members in a document.
    package var names = 1 << 16
    /// Largest document, in bytes.
    package var documentBytes = 4 << 30

    package init() {}
}
