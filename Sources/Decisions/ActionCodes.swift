package import Diagnostics

extension DiagnosticCode {
    /// An action names a scheme, outbound mapping or value that there is not, or a parameter of its scheme has a name that
    /// every decision has already. Mend the name.
    package static let actionName: DiagnosticCode = "ACTION-NAME"
    /// The parts of an action do not fit each other: both file and webhook, a condition that is not true or false, a file
    /// name that two runs would share. Mend the part that is marked.
    package static let actionForm: DiagnosticCode = "ACTION-FORM"
    /// An action writes a value to a target that may not be told it, or an access scope names a value that no decision has. Leave
    /// the value out, or have it allowed.
    package static let actionAccess: DiagnosticCode = "ACTION-ACCESS"
}
