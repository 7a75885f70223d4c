package import Diagnostics

/// Findings of the mapping room. `MAP-C..` are defects of configuration, `MAP-V..` of a value, `MAP-R..` of a record,
/// `MAP-S..` of a document as a whole. docs/diagnostics/mapping.md says what to do about each.
extension DiagnosticCode {
    /// A selector cannot be read, or it names no value: correct it as the hint says.
    package static let mapSelector: DiagnosticCode = "MAP-C01"
    /// A record kind or field that the catalogue does not have: the hint names the nearest one.
    package static let mapUnknownName: DiagnosticCode = "MAP-C02"
    /// A value of one type is mapped to a field of another: change `as`, or the field.
    package static let mapFieldType: DiagnosticCode = "MAP-C03"
    /// A feed, route or mapping names a mapping, lookup, outbound or partner that the bundle does not have.
    package static let mapUnknownReference: DiagnosticCode = "MAP-C04"
    /// Keys of a rule contradict each other or one is missing: two sources of one value, a time without a dateTime.
    package static let mapRule: DiagnosticCode = "MAP-C05"
    /// A date picture cannot be read.
    package static let mapPicture: DiagnosticCode = "MAP-C06"
    /// An expression speaks of a name that is no field mapped before it, no `let` and no source value.
    package static let mapExpressionName: DiagnosticCode = "MAP-C07"
    /// Two files of the bundle have the same name, or a file's name is not the one it is stored under.
    package static let mapDuplicate: DiagnosticCode = "MAP-C08"
    /// A lookup file is not a table: no header, or a row of another width.
    package static let mapLookupFile: DiagnosticCode = "MAP-C09"
    /// A required field of the record kind has no rule.
    package static let mapRequiredField: DiagnosticCode = "MAP-C10"
    /// A parent value refers to a record that no enclosing node makes.
    package static let mapParent: DiagnosticCode = "MAP-C11"
    /// A file of the bundle is of no known kind: its first key names none.
    package static let mapFileKind: DiagnosticCode = "MAP-C12"
    /// Files in a folder of tests that make no case.
    package static let mapTestFile: DiagnosticCode = "MAP-C13"
    /// A mapping that no case tests.
    package static let mapUntested: DiagnosticCode = "MAP-C14"

    /// The text is not a number.
    package static let mapNotNumber: DiagnosticCode = "MAP-V01"
    /// The text is not a date or time as the picture says.
    package static let mapNotDate: DiagnosticCode = "MAP-V02"
    /// The text is neither a yes nor a no that the rule knows.
    package static let mapNotBoolean: DiagnosticCode = "MAP-V03"
    /// A lookup or code list does not have the value.
    package static let mapMiss: DiagnosticCode = "MAP-V04"
    /// A required field is empty.
    package static let mapRequired: DiagnosticCode = "MAP-V05"
    /// An expression failed on these values.
    package static let mapExpression: DiagnosticCode = "MAP-V06"
    /// A number has more digits than a record keeps.
    package static let mapDigits: DiagnosticCode = "MAP-V07"

    /// A value that is not as the feed's quality plan says.
    package static let mapOutOfRange: DiagnosticCode = "MAP-Q01"
    /// A value that names a record that is not there.
    package static let mapUnknownRecord: DiagnosticCode = "MAP-Q02"

    /// A row, loop or element that no record of the mapping applies to.
    package static let mapUnmatched: DiagnosticCode = "MAP-R01"
    /// A loop or EDI segment was set aside because of a defect, as the feed or the partner says.
    package static let mapSetAside: DiagnosticCode = "MAP-R02"

    /// The sender is no known partner, and the feed names no client.
    package static let mapUnknownPartner: DiagnosticCode = "MAP-S01"
    /// No mapping of the feed reads this transaction set, root element or header.
    package static let mapNoMapping: DiagnosticCode = "MAP-S02"
    /// A cell of an outgoing file could not be written and was left empty: the expression or picture does not fit the value, it is too
    /// long for its place, or the file's form or encoding has no spelling for it.
    package static let mapOutboundCell: DiagnosticCode = "MAP-O01"
    /// A transaction set that goes out is not as its standard or its receiver's guide has it, or a value in it could not be written. It is
    /// not sent.
    package static let mapOutboundSet: DiagnosticCode = "MAP-O02"
    /// An EDI segment, column or element is present and no rule speaks of it: a note, once a file.
    package static let mapUnmapped: DiagnosticCode = "MAP-S03"
}
