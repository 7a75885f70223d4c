package import Diagnostics

extension DiagnosticCode {
    /// An attribute names a record kind, field, relation or aggregate that there is not. Use one of those listed.
    package static let attributeName: DiagnosticCode = "ATTR-NAME"
    /// An attribute's parts do not fit each other: a window without a time field, a class of a text. Complete it.
    package static let attributeForm: DiagnosticCode = "ATTR-FORM"
    /// An attribute reads a field that is personal: what is decided would hold it, or hang on it. Use another field.
    package static let attributePersonal: DiagnosticCode = "ATTR-PERSONAL"
    /// Two attributes of one entity kind have one name, or two files describe one kind. Rename or merge.
    package static let attributeTwice: DiagnosticCode = "ATTR-TWICE"
    /// A number that is measured, its sum, or the total of a population is past 64 bits. Filter or scale the measure.
    package static let attributeOverflow: DiagnosticCode = "ATTR-OVERFLOW"
}
