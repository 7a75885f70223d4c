package import Diagnostics

extension DiagnosticCode {
    /// An action names a scheme, outbound mapping or value that there is not, or a parameter of its scheme has a name that
    /// every decision has already. Mend the name.
    package static let actionName: DiagnosticCode = "ACTION-NAME"
    /// The parts of an action do not fit each other: both file and webhook, a condition that is not true or false, a file
    /// name that two runs would share. Mend the part that is marked.
    package static let actionForm: DiagnosticCode = "ACTION-FORM"
}
