package import Diagnostics

// The findings of this room; docs/diagnostics/flatfiles.md says what to do about each.
extension DiagnosticCode {
    /// A row has more or fewer cells than the header. The row is not given on; its siblings are.
    package static let csvRagged: DiagnosticCode = "CSV-RAGGED"
    /// A quoted cell is not closed, or text follows its closing quote. Reading goes on at the next line.
    package static let csvQuote: DiagnosticCode = "CSV-QUOTE"
    /// A row is longer than the limit. It is skipped.
    package static let csvLongRow: DiagnosticCode = "CSV-LONG-ROW"
    /// A row holds a NUL byte, as a file does that was torn while it was copied. The row is not given on.
    package static let csvNul: DiagnosticCode = "CSV-NUL"
    /// A cell is not valid UTF-8. The row is given on with U+FFFD in place of the bad bytes.
    package static let csvUTF8: DiagnosticCode = "CSV-UTF8"
    /// The document is not in the encoding that the feed declares (a warning), or it is EBCDIC (nothing of it is read).
    package static let csvEncoding: DiagnosticCode = "CSV-ENCODING"
    /// There is no header row, or it cannot be read. Nothing of the document is read.
    package static let csvHeader: DiagnosticCode = "CSV-HEADER"
    /// Two columns have the same name. The first one has it; the other is named `name (2)`.
    package static let csvHeaderDuplicate: DiagnosticCode = "CSV-HEADER-DUPLICATE"
    /// A column has no name and can only be read by its position.
    package static let csvHeaderBlank: DiagnosticCode = "CSV-HEADER-BLANK"
    /// The document holds nothing at all.
    package static let csvEmpty: DiagnosticCode = "CSV-EMPTY"
    /// The document is larger than the limit. The rest of it is not read.
    package static let csvSize: DiagnosticCode = "CSV-SIZE"
}

// Findings of files that a layout describes.
extension DiagnosticCode {
    /// A record is of no kind that the layout knows. It is not given on.
    package static let flatTag: DiagnosticCode = "FLAT-TAG"
    /// A record stands where the layout has no place for it. It is not given on.
    package static let flatOrder: DiagnosticCode = "FLAT-ORDER"
    /// A record that must be there is missing.
    package static let flatMissing: DiagnosticCode = "FLAT-MISSING"
    /// There are more records of a kind than the layout allows.
    package static let flatRepeat: DiagnosticCode = "FLAT-REPEAT"
    /// A record has fewer characters or cells than its fields need.
    package static let flatShort: DiagnosticCode = "FLAT-SHORT"
    /// A record has text behind its last field (a warning), or is longer than the limit (it is not given on).
    package static let flatLong: DiagnosticCode = "FLAT-LONG"
    /// A trailer declares another number of records than were read.
    package static let flatCount: DiagnosticCode = "FLAT-COUNT"
    /// A trailer declares another sum than was read.
    package static let flatSum: DiagnosticCode = "FLAT-SUM"
    /// A quoted cell is not closed, or text follows its closing quote. Reading goes on at the next line.
    package static let flatQuote: DiagnosticCode = "FLAT-QUOTE"
    /// A record holds a NUL byte. It is not given on.
    package static let flatNul: DiagnosticCode = "FLAT-NUL"
    /// A record is not valid UTF-8. It is given on with U+FFFD in place of the bad bytes.
    package static let flatUTF8: DiagnosticCode = "FLAT-UTF8"
    /// The document is not in the encoding that is declared (a warning), or it is EBCDIC (nothing of it is read).
    package static let flatEncoding: DiagnosticCode = "FLAT-ENCODING"
    /// The document holds nothing at all.
    package static let flatEmpty: DiagnosticCode = "FLAT-EMPTY"
    /// The document is larger than the limit. The rest of it is not read.
    package static let flatSize: DiagnosticCode = "FLAT-SIZE"
}
