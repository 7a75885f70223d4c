package import Diagnostics

extension DiagnosticCode {
    /// A path cannot stand in a manifest. Rename the file.
    package static let manifestPath: DiagnosticCode = "MANIFEST-PATH"
    /// Two paths that some file systems hold for one, or a path that is both file and folder. Rename one.
    package static let manifestTwin: DiagnosticCode = "MANIFEST-TWIN"
    /// A link was offered where a regular file is needed. Put the file itself there.
    package static let manifestLink: DiagnosticCode = "MANIFEST-LINK"
    /// More files than a manifest lists. Split reference data off into feeds.
    package static let manifestLimit: DiagnosticCode = "MANIFEST-LIMIT"
    /// A manifest's text is not in its one canonical form. Take the text that crossdock wrote.
    package static let manifestText: DiagnosticCode = "MANIFEST-TEXT"
    /// A file is there that the manifest does not list. Propose it, or remove it.
    package static let manifestUnlisted: DiagnosticCode = "MANIFEST-UNLISTED"
    /// A listed file is not there. Restore it, or propose its removal.
    package static let manifestMissing: DiagnosticCode = "MANIFEST-MISSING"
    /// A listed file has other bytes, be it only its line ends. Restore it, or propose the change.
    package static let manifestChanged: DiagnosticCode = "MANIFEST-CHANGED"

    /// A state's text is not in its one canonical form. Take the text that crossdock wrote.
    package static let stateText: DiagnosticCode = "STATE-TEXT"
    /// A signed statement's text is not in its one canonical form. Print it again and sign that.
    package static let statementText: DiagnosticCode = "STATEMENT-TEXT"

    /// A line of `allowed_signers` cannot be read. One line is: principal, `namespaces="..."`, key type, key.
    package static let signersLine: DiagnosticCode = "SIGNERS-LINE"
    /// A principal with a wildcard, a list or characters that are not allowed. Write one exact name.
    package static let signersPrincipal: DiagnosticCode = "SIGNERS-PRINCIPAL"
    /// The namespaces are missing, have a wildcard, or name one that is not used here.
    package static let signersNamespace: DiagnosticCode = "SIGNERS-NAMESPACE"
    /// An option other than `namespaces`. Certificates and time limits are not used.
    package static let signersOption: DiagnosticCode = "SIGNERS-OPTION"
    /// A key's type is not accepted, or its blob is damaged. Paste the line of the `.pub` file again.
    package static let signersKey: DiagnosticCode = "SIGNERS-KEY"
    /// One key for two principals, or one principal twice: a person would count as two.
    package static let signersTwice: DiagnosticCode = "SIGNERS-TWICE"

    /// The governance file does not have the shape that it must have.
    package static let governanceShape: DiagnosticCode = "GOVERNANCE-SHAPE"
    /// The threshold is below 1. An approval is always needed.
    package static let governanceThreshold: DiagnosticCode = "GOVERNANCE-THRESHOLD"
    /// A person is listed twice, or a name or role cannot be used.
    package static let governancePerson: DiagnosticCode = "GOVERNANCE-PERSON"
    /// A key of nobody, or an approver with no key.
    package static let governanceKey: DiagnosticCode = "GOVERNANCE-KEY"
    /// Some author could never get enough approvals. Name more approvers with keys, or lower the threshold.
    package static let governanceQuorum: DiagnosticCode = "GOVERNANCE-QUORUM"

    /// A rollout that cannot be carried out as it stands.
    package static let rolloutPlan: DiagnosticCode = "ROLLOUT-PLAN"

    /// The hash-chained log is not as it was written. Restore it from a copy and find out who changed it.
    package static let logDefect: DiagnosticCode = "LOG-CHAIN"
}
