package import Diagnostics

/// What can be wrong with the envelopes and the lexical form of an X12 file. docs/diagnostics/edi.md says what each means and
/// what to do. A name that ends in an element (`SE01`) is about that element.
extension DiagnosticCode {
    // The file

    /// The file holds no ISA segment, so nothing in it can be read as X12.
    package static let x12NoInterchange: DiagnosticCode = "X12-NOISA"
    /// Bytes before, between or after interchanges that belong to none.
    package static let x12Junk: DiagnosticCode = "X12-JUNK"
    /// The file starts with a UTF-8 byte order mark, which was skipped.
    package static let x12ByteOrderMark: DiagnosticCode = "X12-BOM"
    /// The file is larger than the reader's limit; the rest was not read.
    package static let x12DocumentSize: DiagnosticCode = "X12-SIZE"
    /// The file ends inside an EDI segment: its terminator is missing.
    package static let x12CutSegment: DiagnosticCode = "X12-CUT"

    // ISA

    /// ISA does not have 16 elements.
    package static let x12HeaderElements: DiagnosticCode = "X12-ISA-ELEMENTS"
    /// ISA is not 106 bytes wide: an element is not padded to its width.
    package static let x12HeaderWidth: DiagnosticCode = "X12-ISA-WIDTH"
    /// An element of ISA has a value that it cannot have.
    package static let x12HeaderValue: DiagnosticCode = "X12-ISA-VALUE"
    /// Two delimiters that ISA declares are the same, or one is not usable.
    package static let x12Delimiters: DiagnosticCode = "X12-DELIMITERS"
    /// The terminator is a character of several bytes.
    package static let x12Terminator: DiagnosticCode = "X12-TERMINATOR"
    /// Lines were broken at a fixed width inside elements; the breaks were removed.
    package static let x12Wrapped: DiagnosticCode = "X12-WRAPPED"

    // Envelopes

    /// An interchange holds no transaction set.
    package static let x12NoTransactionSets: DiagnosticCode = "X12-NOSETS"
    /// An EDI segment stands outside the envelope that it needs.
    package static let x12OutsideEnvelope: DiagnosticCode = "X12-OUTSIDE"
    /// A transaction set has no SE.
    package static let x12MissingSE: DiagnosticCode = "X12-NOSE"
    /// A functional group has no GE.
    package static let x12MissingGE: DiagnosticCode = "X12-NOGE"
    /// An interchange has no IEA.
    package static let x12MissingIEA: DiagnosticCode = "X12-NOIEA"
    /// SE01 is not the number of EDI segments that were read.
    package static let x12SegmentCount: DiagnosticCode = "X12-SE01"
    /// SE02 is not ST02.
    package static let x12TransactionSetControl: DiagnosticCode = "X12-SE02"
    /// GE01 is not the number of transaction sets that were read.
    package static let x12TransactionSetCount: DiagnosticCode = "X12-GE01"
    /// GS01 is no functional identifier of a transaction set that is known.
    package static let x12GroupIdentifier: DiagnosticCode = "X12-NOGROUP"
    /// GS06 is not a number of up to nine digits.
    package static let x12GroupNumber: DiagnosticCode = "X12-GS06"
    /// GE02 is not GS06.
    package static let x12GroupControl: DiagnosticCode = "X12-GE02"
    /// IEA01 is not the number of functional groups that were read.
    package static let x12GroupCount: DiagnosticCode = "X12-IEA01"
    /// IEA02 is not ISA13.
    package static let x12InterchangeControl: DiagnosticCode = "X12-IEA02"
    /// GS01 is not the functional identifier of the transaction set in ST01.
    package static let x12FunctionalIdentifier: DiagnosticCode = "X12-GS01"
    /// ST01 or ST02 is missing.
    package static let x12TransactionSetHeader: DiagnosticCode = "X12-ST"

    // EDI segments

    /// A segment tag is not two or three letters and digits that start with a letter.
    package static let x12SegmentTag: DiagnosticCode = "X12-TAG"
    /// Two terminators with nothing between them.
    package static let x12EmptySegment: DiagnosticCode = "X12-EMPTY"
    /// An EDI segment is longer than the reader's limit.
    package static let x12SegmentSize: DiagnosticCode = "X12-LONG"
    /// An EDI segment has more elements than the reader's limit.
    package static let x12FieldCount: DiagnosticCode = "X12-FIELDS"
    /// BIN or BDS declares a length that does not end at a terminator.
    package static let x12BinaryLength: DiagnosticCode = "X12-BINARY"
    /// Spaces or tabs stand before a segment tag; they were skipped.
    package static let x12Indented: DiagnosticCode = "X12-INDENT"
    /// A control character, a line break among them, stands inside an element.
    package static let x12ControlCharacter: DiagnosticCode = "X12-CONTROL"
    /// Bytes are not UTF-8; they were read as Windows-1252.
    package static let x12Charset: DiagnosticCode = "X12-CHARSET"
}
