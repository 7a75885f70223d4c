/// The exact name that governance knows a person or service by, such as `mia@example-dc`. Never a pattern.
package struct Principal: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let name: String

    /// 1 to 128 of ASCII letters, digits and `. _ + - @`, beginning with a letter or digit; nil for anything else.
    package init?(_ name: some StringProtocol) {
        let name = String(name)
        guard let first = name.utf8.first, name.utf8.count <= 128, Principal.isAlphanumeric(first),
              name.utf8.allSatisfy({ Principal.isAlphanumeric($0) || ".-_+@".utf8.contains($0) }) else { return nil }
        self.name = name
    }

    package var description: String { name }

    package static func < (left: Principal, right: Principal) -> Bool { left.name < right.name }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
    }
}

/// A key's fingerprint as OpenSSH prints it: `SHA256:` and the unpadded base64 of the digest of its public blob.
/// Persons are counted by this, because a name is only what somebody wrote beside a key.
package struct KeyFingerprint: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let text: String

    /// The fingerprint of a public key's blob.
    package init(ofKeyBlob blob: [UInt8]) {
        text = "SHA256:" + Base64Text.encodeUnpadded(ContentDigest(of: blob).bytes)
    }

    /// Reads a printed fingerprint; nil unless it is `SHA256:` and 43 base64 digits.
    package init?(_ text: some StringProtocol) {
        let digits = text.utf8.dropFirst(7)
        guard text.hasPrefix("SHA256:"), digits.count == 43, Base64Text.decode(Array(digits) + [61]) != nil else { return nil }
        self.text = String(text)
    }

    package var description: String { text }

    package static func < (left: KeyFingerprint, right: KeyFingerprint) -> Bool { left.text < right.text }
}

/// What a signature is for (SSHSIG namespaces): a signature made for one purpose is void for another.
package enum SignatureNamespace: String, CaseIterable, Hashable, Sendable {
    case approve = "approve@crossdock"
    case genesis = "genesis@crossdock"
}
