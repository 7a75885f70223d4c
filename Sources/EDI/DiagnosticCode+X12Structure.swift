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
    /// HL02 does not name an open HL loop.
    package static let x12Hierarchy: DiagnosticCode = "X12-HL02"
    /// Loops are nested deeper than the reader's limit.
    package static let x12Depth: DiagnosticCode = "X12-DEPTH"

    /// The segment syntax error code of AK304 (X12 element 720) that says the same, where there is one.
    package var acknowledgementSegmentError: String? {
        switch self {
        case .x12SegmentTag: "1"
        case .x12SegmentOrder: "7"
        case .x12MissingSegment, .x12MissingLoop: "3"
        case .x12LoopUse: "4"
        case .x12SegmentUse: "5"
        case .x12UndefinedSegment: "6"
        default: nil
        }
    }
}
