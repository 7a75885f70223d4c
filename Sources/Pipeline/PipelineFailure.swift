package import Diagnostics
import Glibc

/// An operation of the daemon or of a command that did not succeed: what, why, what to do, and whether to try again.
package struct PipelineFailure: Error, CustomStringConvertible {
    package let subject: String
    package let cause: String
    package let hint: String?
    package let isRetriable: Bool
    /// Findings behind the failure, where it is about data or configuration.
    package let diagnostics: [Diagnostic]

    package init(
        subject: String, cause: String, hint: String? = nil, isRetriable: Bool = false, diagnostics: [Diagnostic] = []
    ) {
        self.subject = subject
        self.cause = cause
        self.hint = hint
        self.isRetriable = isRetriable
        self.diagnostics = diagnostics
    }

    package init(errno code: Int32, subject: String, hint: String?) {
        self.init(
            subject: subject, cause: String(cString: strerror(code)), hint: hint,
            isRetriable: [ENOSPC, EDQUOT, EIO, ESTALE, EAGAIN, EMFILE, ENFILE].contains(code))
    }

    package var description: String { text(hint) }

    /// All but the hint: for who tells that apart.
    package var fact: String { text(nil) }

    private func text(_ hint: String?) -> String {
        var text = "\(LineText.line(subject)): \(cause)"
        if let hint { text += "\n  hint: \(hint)" }
        return ([text] + diagnostics.map(\.text)).joined(separator: "\n")
    }
}
