package import Diagnostics
package import Formats
package import Records

/// What takes the records of a file as they are made.
package protocol RecordReceiver {
    mutating func accept(_ record: Record)
    /// A row, loop or element that gave no record, with the reasons. Its siblings go on.
    mutating func report(_ rejected: RejectedRecord)
    /// A finding that belongs to no rejected record: from the reader, or a warning about a record that was accepted.
    mutating func found(_ diagnostic: Diagnostic)
    /// Counts a finding that would be no more than counted; false where it is to be told by ``found(_:)``.
    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool
    /// An interchange was read: who sent it, under which number.
    mutating func read(_ interchange: InterchangeHeader)
    /// All records from an ordinal on are withdrawn: the loop, transaction set, functional group or interchange that they are of
    /// was rejected.
    mutating func withdraw(from ordinal: Int)
}

extension RecordReceiver {
    package mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { false }
    package mutating func read(_ interchange: InterchangeHeader) {}
}

/// A part of a file that should have given a record and did not.
package struct RejectedRecord: Sendable {
    /// The kind it would have been; nil where no record of the mapping applied.
    package let kind: RecordKind?
    /// The first error's code.
    package let code: DiagnosticCode
    package let diagnostics: [Diagnostic]
    /// The EDI loop, row or element.
    package let bytes: Range<Int>
    /// The reader's own counting: row, or EDI segment within its transaction set.
    package let ordinal: Int

    package init(
        kind: RecordKind?, code: DiagnosticCode, diagnostics: [Diagnostic], bytes: Range<Int>, ordinal: Int
    ) {
        self.kind = kind
        self.code = code
        self.diagnostics = diagnostics
        self.bytes = bytes
        self.ordinal = ordinal
    }
}

/// What became of one file.
package struct MappingOutcome: Sendable, Hashable {
    /// Rows, loops and elements that a mapping looked at: `accepted + reported`.
    package var read = 0
    package var accepted = 0
    package var reported = 0
    /// Records by kind, the withdrawn ones not counted.
    package var records: [RecordKind: Int] = [:]
    /// Records that were made and withdrawn, because their loop, transaction set, functional group or interchange was rejected.
    package var withdrawn = 0
    /// Loops and EDI segments that the reader set aside; each is reported too.
    package var setAside = 0
    package var transactionSetsAccepted = 0
    package var transactionSetsRejected = 0
    /// Segments, columns and elements that were present and that no rule speaks of, with how often.
    package var unmapped: [String: Int] = [:]
    /// A sender, transaction set or header that nothing in the feed is for: the file belongs in quarantine.
    package var isUnclaimed = false

    package init() {}
}
