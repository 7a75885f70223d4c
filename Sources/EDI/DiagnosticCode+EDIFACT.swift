package import Diagnostics

/// What can be wrong with an EDIFACT file. docs/diagnostics/edi.md says what each means and what to do. A name that ends in
/// an element (`UNT01`) is about that element.
extension DiagnosticCode {
    // The file

    /// The file holds no UNB segment, so nothing in it can be read as EDIFACT.
    package static let edifactNoInterchange: DiagnosticCode = "EDF-NOUNB"
    /// Bytes before, between or after interchanges that belong to none.
    package static let edifactJunk: DiagnosticCode = "EDF-JUNK"
    /// The file starts with a UTF-8 byte order mark, which was skipped.
    package static let edifactByteOrderMark: DiagnosticCode = "EDF-BOM"
    /// The file is larger than the reader's limit; the rest was not read.
    package static let edifactDocumentSize: DiagnosticCode = "EDF-SIZE"
    /// The file ends inside an EDI segment: its terminator is missing.
    package static let edifactCutSegment: DiagnosticCode = "EDF-CUT"

    // UNA and UNB

    /// Separators differ from the standard ones, or from those of UNA, and UNA does not announce them.
    package static let edifactSeparators: DiagnosticCode = "EDF-UNA"
    /// Two separators are the same byte.
    package static let edifactDelimiters: DiagnosticCode = "EDF-DELIMITERS"
    /// The syntax identifier or version (S001) is none that is known.
    package static let edifactSyntax: DiagnosticCode = "EDF-SYNTAX"
    /// A mandatory part of UNB is missing.
    package static let edifactHeader: DiagnosticCode = "EDF-UNB"

    // Envelopes

    /// An interchange holds no message.
    package static let edifactNoMessages: DiagnosticCode = "EDF-NOMESSAGES"
    /// An EDI segment stands outside the envelope that it needs.
    package static let edifactOutsideEnvelope: DiagnosticCode = "EDF-OUTSIDE"
    /// A message has no UNT.
    package static let edifactMissingUNT: DiagnosticCode = "EDF-NOUNT"
    /// A functional group has no UNE.
    package static let edifactMissingUNE: DiagnosticCode = "EDF-NOUNE"
    /// An interchange has no UNZ.
    package static let edifactMissingUNZ: DiagnosticCode = "EDF-NOUNZ"
    /// UNT 0074 is not the number of EDI segments that were read.
    package static let edifactSegmentCount: DiagnosticCode = "EDF-UNT01"
    /// UNT 0062 is not the reference of UNH.
    package static let edifactMessageReference: DiagnosticCode = "EDF-UNT02"
    /// UNE 0060 is not the number of messages that were read.
    package static let edifactMessageCount: DiagnosticCode = "EDF-UNE01"
    /// UNE 0048 is not the reference of UNG.
    package static let edifactGroupReference: DiagnosticCode = "EDF-UNE02"
    /// UNZ 0036 is not the number of groups, or of messages where there is no group.
    package static let edifactInterchangeCount: DiagnosticCode = "EDF-UNZ01"
    /// UNZ 0020 is not the reference of UNB.
    package static let edifactInterchangeReference: DiagnosticCode = "EDF-UNZ02"
    /// The reference or the type of a message is missing in UNH.
    package static let edifactMessageHeader: DiagnosticCode = "EDF-UNH"

    // EDI segments

    /// A segment tag is not three capital letters and digits that start with a letter.
    package static let edifactSegmentTag: DiagnosticCode = "EDF-TAG"
    /// Two terminators with nothing between them.
    package static let edifactEmptySegment: DiagnosticCode = "EDF-EMPTY"
    /// An EDI segment is longer than the reader's limit.
    package static let edifactSegmentSize: DiagnosticCode = "EDF-LONG"
    /// An EDI segment has more elements and components than the reader's limit.
    package static let edifactFieldCount: DiagnosticCode = "EDF-FIELDS"
    /// Spaces or tabs stand before a segment tag; they were skipped.
    package static let edifactIndented: DiagnosticCode = "EDF-INDENT"
    /// A control character, a line break among them, stands inside an element.
    package static let edifactControlCharacter: DiagnosticCode = "EDF-CONTROL"
    /// Bytes are not of the character set that UNB declares.
    package static let edifactCharset: DiagnosticCode = "EDF-CHARSET"

    // Order of EDI segments

    /// No structure is known for a message, so that it is read flat, without groups.
    package static let edifactNoStructure: DiagnosticCode = "EDF-NOSTRUCTURE"
    /// A structure of another directory was used; its findings are notes.
    package static let edifactNearStructure: DiagnosticCode = "EDF-NEARSTRUCTURE"
    /// An EDI segment has no place in its message at all.
    package static let edifactUndefinedSegment: DiagnosticCode = "EDF-UNDEFINED"
    /// An EDI segment stands where its message does not have it.
    package static let edifactSegmentOrder: DiagnosticCode = "EDF-ORDER"
    /// A mandatory EDI segment is missing.
    package static let edifactMissingSegment: DiagnosticCode = "EDF-MISSING"
    /// A mandatory group is missing.
    package static let edifactMissingLoop: DiagnosticCode = "EDF-MISSINGLOOP"
    /// An EDI segment is repeated more often than it may be.
    package static let edifactSegmentUse: DiagnosticCode = "EDF-MAXUSE"
    /// A group is repeated more often than it may be.
    package static let edifactLoopUse: DiagnosticCode = "EDF-MAXLOOP"
    /// An EDI segment or a loop that the sender's guide forbids, or has not with this qualifier.
    package static let edifactUnusedSegment: DiagnosticCode = "EDF-NOTUSED"

    // Elements and components

    /// A mandatory element, or a mandatory component of an element that is there, is empty.
    package static let edifactElementMissing: DiagnosticCode = "EDF-ELEM-MISSING"
    /// An EDI segment has more elements, or an element more components, than the directory knows.
    package static let edifactElementMany: DiagnosticCode = "EDF-ELEM-MANY"
    /// A value is none of those that the structure or the sender's guide allows.
    package static let edifactElementValue: DiagnosticCode = "EDF-ELEM-VALUE"
    /// An element or component is there that the structure or the sender's guide does not use.
    package static let edifactElementUnused: DiagnosticCode = "EDF-ELEM-NOTUSED"
    /// An element is repeated more often than it may be.
    package static let edifactElementRepetition: DiagnosticCode = "EDF-ELEM-REPETITION"
    /// A value is shorter than it must be.
    package static let edifactElementShort: DiagnosticCode = "EDF-ELEM-SHORT"
    /// A value is longer than it may be.
    package static let edifactElementLong: DiagnosticCode = "EDF-ELEM-LONG"
    /// A number has characters that no number has, or digits stand among letters.
    package static let edifactElementCharacter: DiagnosticCode = "EDF-ELEM-CHARACTER"
    /// A number has two decimal marks, or no digit after one.
    package static let edifactElementDecimal: DiagnosticCode = "EDF-ELEM-DECIMAL"
    /// A number has no digit before its decimal mark.
    package static let edifactElementDigit: DiagnosticCode = "EDF-ELEM-DIGIT"
}
