package import Diagnostics

/// What can be wrong with a TRADACOMS file. docs/diagnostics/edi.md says what each means and what to do.
extension DiagnosticCode {
    // The file

    /// The file holds no STX segment, so nothing in it can be read as TRADACOMS.
    package static let tradacomsNoInterchange: DiagnosticCode = "TRD-NOSTX"
    /// Bytes before, between or after transmissions that belong to none.
    package static let tradacomsJunk: DiagnosticCode = "TRD-JUNK"
    /// The file starts with a UTF-8 byte order mark, which was skipped.
    package static let tradacomsByteOrderMark: DiagnosticCode = "TRD-BOM"
    /// The file is larger than the reader's limit; the rest was not read.
    package static let tradacomsDocumentSize: DiagnosticCode = "TRD-SIZE"
    /// The file ends inside an EDI segment: its terminator is missing.
    package static let tradacomsCutSegment: DiagnosticCode = "TRD-CUT"

    // Envelopes

    /// A mandatory part of STX is missing, or its syntax is none that is known.
    package static let tradacomsHeader: DiagnosticCode = "TRD-STX"
    /// A transmission holds no message.
    package static let tradacomsNoMessages: DiagnosticCode = "TRD-NOMESSAGES"
    /// An EDI segment stands outside the envelope that it needs.
    package static let tradacomsOutsideEnvelope: DiagnosticCode = "TRD-OUTSIDE"
    /// A message has no MTR.
    package static let tradacomsMissingMTR: DiagnosticCode = "TRD-NOMTR"
    /// A batch has no EOB.
    package static let tradacomsMissingEOB: DiagnosticCode = "TRD-NOEOB"
    /// A transmission has no END.
    package static let tradacomsMissingEND: DiagnosticCode = "TRD-NOEND"
    /// MTR is not the number of EDI segments that were read.
    package static let tradacomsSegmentCount: DiagnosticCode = "TRD-MTR01"
    /// EOB is not the number of messages of the batch.
    package static let tradacomsBatchCount: DiagnosticCode = "TRD-EOB01"
    /// END is not the number of messages that were read.
    package static let tradacomsMessageCount: DiagnosticCode = "TRD-END01"
    /// The reference or the type of a message is missing in MHD.
    package static let tradacomsMessageHeader: DiagnosticCode = "TRD-MHD"
    /// Messages are not numbered from 1 on, one after the other.
    package static let tradacomsMessageNumber: DiagnosticCode = "TRD-MHD01"
    /// The reconciliation message names another transmission or recipient than STX.
    package static let tradacomsReconciliation: DiagnosticCode = "TRD-RSG"
    /// STX announces a reconciliation message, and none came.
    package static let tradacomsMissingReconciliation: DiagnosticCode = "TRD-NORSG"

    // EDI segments

    /// A tag is not three capital letters and digits before `=`.
    package static let tradacomsSegmentTag: DiagnosticCode = "TRD-TAG"
    /// Two terminators with nothing between them.
    package static let tradacomsEmptySegment: DiagnosticCode = "TRD-EMPTY"
    /// An EDI segment is longer than the reader's limit.
    package static let tradacomsSegmentSize: DiagnosticCode = "TRD-LONG"
    /// An EDI segment has more elements and components than the reader's limit.
    package static let tradacomsFieldCount: DiagnosticCode = "TRD-FIELDS"
    /// Spaces or tabs stand before a tag; they were skipped.
    package static let tradacomsIndented: DiagnosticCode = "TRD-INDENT"
    /// A control character, a line break among them, stands inside an element.
    package static let tradacomsControlCharacter: DiagnosticCode = "TRD-CONTROL"
    /// Bytes above 7F are not UTF-8; they were read as Windows-1252.
    package static let tradacomsCharset: DiagnosticCode = "TRD-CHARSET"

    // Order of EDI segments

    /// No structure is known for a message, so that it is read flat.
    package static let tradacomsNoStructure: DiagnosticCode = "TRD-NOSTRUCTURE"
    /// A structure of another version was used; its findings are notes.
    package static let tradacomsNearStructure: DiagnosticCode = "TRD-NEARSTRUCTURE"
    /// An EDI segment has no place in its message at all.
    package static let tradacomsUndefinedSegment: DiagnosticCode = "TRD-UNDEFINED"
    /// An EDI segment stands where its message does not have it.
    package static let tradacomsSegmentOrder: DiagnosticCode = "TRD-ORDER"
    /// A mandatory EDI segment is missing.
    package static let tradacomsMissingSegment: DiagnosticCode = "TRD-MISSING"
    /// A mandatory loop is missing.
    package static let tradacomsMissingLoop: DiagnosticCode = "TRD-MISSINGLOOP"
    /// An EDI segment is repeated more often than it may be.
    package static let tradacomsSegmentUse: DiagnosticCode = "TRD-MAXUSE"
    /// A loop is repeated more often than it may be.
    package static let tradacomsLoopUse: DiagnosticCode = "TRD-MAXLOOP"
    /// An EDI segment or a loop that the sender's guide forbids, or has not with this qualifier.
    package static let tradacomsUnusedSegment: DiagnosticCode = "TRD-NOTUSED"
}
