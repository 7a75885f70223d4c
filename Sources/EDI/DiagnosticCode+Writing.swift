package import Diagnostics

/// What can be wrong with values that are written as EDI. docs/diagnostics/edi.md says what each means and what to do.
extension DiagnosticCode {
    /// A value holds a delimiter of the interchange that cannot be released.
    package static let ediValueDelimiter: DiagnosticCode = "EDI-DELIMITER"
    /// A character is not in the character set of the interchange.
    package static let ediValueCharset: DiagnosticCode = "EDI-CHARSET"
    /// An element is repeated, or composite, and the interchange has no separator for it.
    package static let ediValueSeparator: DiagnosticCode = "EDI-SEPARATOR"
    /// A part of ISA is wider than ISA has room for.
    package static let ediHeaderWidth: DiagnosticCode = "EDI-WIDTH"
}
