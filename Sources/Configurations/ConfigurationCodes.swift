package import Diagnostics

extension DiagnosticCode {
    /// The file is not YAML, or uses a part of YAML that configurations have no use for (anchors, aliases, merge keys,
    /// several documents). Mend the place.
    package static let configurationSyntax: DiagnosticCode = "CONF-SYNTAX"
    /// A key stands twice in one mapping. Keep one of them.
    package static let configurationTwice: DiagnosticCode = "CONF-TWICE"
    /// A key that is not known here. The hint names the nearest known one.
    package static let configurationKey: DiagnosticCode = "CONF-KEY"
    /// A required key is missing. Add it.
    package static let configurationMissing: DiagnosticCode = "CONF-MISSING"
    /// A value is of the wrong kind: a list where text is wanted, a text that is no number. Write the kind that is named.
    package static let configurationType: DiagnosticCode = "CONF-TYPE"
    /// A value is not one of those allowed, or out of range. Use one that is named.
    package static let configurationValue: DiagnosticCode = "CONF-VALUE"
}
