import Diagnostics

/// One of the three envelopes of a standard: the EDI segments that begin and end it, what they are called in findings, and
/// the findings about them.
struct EnvelopeKind: Sendable {
    /// Packed as in ``SegmentScan/tag``.
    let header: UInt32
    let trailer: UInt32
    /// Such as `Transaction set`, at the beginning of a sentence.
    let noun: String
    /// What it holds, in the plural, such as `EDI segments`.
    let contents: String
    /// The element of the trailer with the count: `SE01`.
    let countName: String
    /// How the control number is called in the trailer and in the header; nil where the trailer has none.
    let numbers: (trailer: String, header: String)?
    /// Numbers, not texts: 1 and 000000001 are the same (X12 type N0).
    let comparesNumbers: Bool
    /// What a wrong count is answered with.
    let countHint: String
    let missingTrailer: DiagnosticCode
    let count: DiagnosticCode
    /// nil where the trailer has no control number.
    let control: DiagnosticCode?

    var headerTag: String { EnvelopeTag.text(header) }
    var trailerTag: String { EnvelopeTag.text(trailer) }

    func isSame(_ left: String, _ right: String) -> Bool {
        if left == right { return true }
        guard comparesNumbers, let a = Int(left), let b = Int(right) else { return false }
        return a == b
    }
}
