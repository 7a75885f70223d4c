package import Diagnostics

/// What can be wrong with the order of EDI segments in a transaction set (see ``StructureMatcher``).
extension DiagnosticCode {
    /// No structure is known for a transaction set, so that it is read flat, without loops.
    package static let x12NoStructure: DiagnosticCode = "X12-NOSTRUCTURE"
    /// A structure of another version was used; its findings are notes.
    package static let x12NearStructure: DiagnosticCode = "X12-NEARSTRUCTURE"
    /// An EDI segment has no place in its transaction set at all.
    package static let x12UndefinedSegment: DiagnosticCode = "X12-UNDEFINED"
    /// An EDI segment stands where its transaction set does not have it.
    package static let x12SegmentOrder: DiagnosticCode = "X12-ORDER"
    /// A mandatory EDI segment is missing.
    package static let x12MissingSegment: DiagnosticCode = "X12-MISSING"
    /// A mandatory loop is missing.
    package static let x12MissingLoop: DiagnosticCode = "X12-MISSINGLOOP"
    /// An EDI segment is repeated more often than it may be.
    package static let x12SegmentUse: DiagnosticCode = "X12-MAXUSE"
    /// A loop is repeated more often than it may be.
    package static let x12LoopUse: DiagnosticCode = "X12-MAXLOOP"
    /// An EDI segment or a loop that the sender's guide forbids, or has not with this qualifier.
    package static let x12UnusedSegment: DiagnosticCode = "X12-NOTUSED"
    /// HL02 does not name an open HL loop.
    package static let x12Hierarchy: DiagnosticCode = "X12-HL02"
    /// Loops are nested deeper than the reader's limit.
    package static let x12Depth: DiagnosticCode = "X12-DEPTH"

    // Elements

    /// A mandatory element is empty.
    package static let x12ElementMissing: DiagnosticCode = "X12-ELEM-MISSING"
    /// Elements are there, or lacking, that hang on others by a syntax note.
    package static let x12ElementCondition: DiagnosticCode = "X12-ELEM-CONDITION"
    /// Of elements that exclude each other more than one is there.
    package static let x12ElementExclusion: DiagnosticCode = "X12-ELEM-EXCLUSION"
    /// A value is none of those that the structure or the sender's guide allows.
    package static let x12ElementValue: DiagnosticCode = "X12-ELEM-VALUE"
    /// An element is there that the structure or the sender's guide does not use.
    package static let x12ElementUnused: DiagnosticCode = "X12-ELEM-NOTUSED"
    /// An EDI segment has more elements than its version knows.
    package static let x12ElementMany: DiagnosticCode = "X12-ELEM-MANY"
    /// An element is shorter than it may be.
    package static let x12ElementShort: DiagnosticCode = "X12-ELEM-SHORT"
    /// An element is longer than it may be.
    package static let x12ElementLong: DiagnosticCode = "X12-ELEM-LONG"
    /// A number has characters that no number has.
    package static let x12ElementCharacter: DiagnosticCode = "X12-ELEM-CHARACTER"
    /// A date is none.
    package static let x12ElementDate: DiagnosticCode = "X12-ELEM-DATE"
    /// A time is none.
    package static let x12ElementTime: DiagnosticCode = "X12-ELEM-TIME"
}
