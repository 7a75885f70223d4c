/// Why a signature was not verified or not made.
package struct SignatureFailure: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// `ssh-keygen` is not installed, or not where it was said to be.
        case programMissing
        /// The armour cannot be read as one SSH signature.
        case unreadable
        /// The principal has no key, or none for this purpose.
        case unknownSigner
        /// The signature was made for another purpose.
        case otherNamespace
        /// The signature was made with another key than the principal's.
        case otherKey
        /// `ssh-keygen` does not find the signature good: other bytes were signed.
        case refused
        /// The key could not be used to sign.
        case keyUnusable
        /// `ssh-keygen` did not end in time.
        case timeLimit
        /// A temporary file or the process could not be made or read.
        case system
    }

    package let kind: Kind
    /// The principal or the key file.
    package let subject: String
    /// What was expected and found, with the words of `ssh-keygen` where it spoke.
    package let fact: String
    package let hint: String

    package init(_ kind: Kind, _ subject: String, _ fact: String, hint: String) {
        self.kind = kind
        self.subject = subject
        self.fact = fact
        self.hint = hint
    }

    /// Whether the same call can end differently later with nothing else changed.
    package var isWorthRetrying: Bool { kind == .timeLimit || kind == .system }
}

extension SignatureFailure: CustomStringConvertible {
    package var description: String { "\(subject): \(fact)\n  hint: \(hint)" }
}
