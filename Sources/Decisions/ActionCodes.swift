package import Diagnostics

extension DiagnosticCode {
    /// An action names a scheme, outbound mapping or value that there is not. Mend the name.
    package static let actionName: DiagnosticCode = "ACTION-NAME"
    /// The parts of an action do not fit each other. Keep one of file and webhook.
    package static let actionForm: DiagnosticCode = "ACTION-FORM"
}
