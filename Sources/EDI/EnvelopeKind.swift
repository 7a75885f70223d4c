import Diagnostics

/// The tags of a dialect's envelopes as plain numbers: each EDI segment is compared with them.
struct EnvelopeTags {
    let interchange: UInt32, interchangeTrailer: UInt32
    let group: UInt32, groupTrailer: UInt32
    let set: UInt32, setTrailer: UInt32
    /// One bit for each of them, by the lowest bits of its last byte and of the one before.
    private let bits: UInt64

    init(_ dialect: EDIDialect) {
        (interchange, interchangeTrailer) = (dialect.interchange.header, dialect.interchange.trailer)
        (group, groupTrailer) = (dialect.group.header, dialect.group.trailer)
        (set, setTrailer) = (dialect.transactionSet.header, dialect.transactionSet.trailer)
        bits = [interchange, interchangeTrailer, group, groupTrailer, set, setTrailer].reduce(0) { $0 | Self.bit($1) }
    }

    private static func bit(_ tag: UInt32) -> UInt64 { 1 &<< UInt64((tag ^ tag &>> 5) & 63) }

    /// False where a tag certainly is none of them.
    @inline(__always)
    func mayContain(_ tag: UInt32) -> Bool { bits & Self.bit(tag) != 0 }

    func contains(_ tag: UInt32) -> Bool {
        tag == interchange || tag == interchangeTrailer || tag == group || tag == groupTrailer || tag == set || tag == setTrailer
    }
}

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
