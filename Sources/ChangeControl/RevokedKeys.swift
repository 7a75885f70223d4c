package import Diagnostics

/// Keys that nobody may sign with any more, from `Governance/revoked_keys`: public keys, one a line, as `ssh-keygen -Y verify -r` takes them.
///
/// A key that is only taken out of `allowed_signers` could be put in again; one that stands here could not.
package struct RevokedKeys: Hashable, Sendable {
    package struct Key: Hashable, Sendable {
        /// Type and base64, as in a `.pub` file.
        package let line: String
        package let fingerprint: KeyFingerprint
        package let position: SourcePosition
    }

    /// In the order of the file.
    package let keys: [Key]

    package static let none = RevokedKeys(keys: [])

    /// What is handed to `ssh-keygen`: only what was understood; empty where nothing is revoked.
    package var text: String { keys.map { $0.line + "\n" }.joined() }

    package func contains(_ fingerprint: KeyFingerprint) -> Bool { keys.contains { $0.fingerprint == fingerprint } }

    /// Reads the file's bytes. Nil with at least one error if any line is refused: a list that is understood in part is not used.
    package static func parse(_ bytes: [UInt8], file: String) -> (keys: RevokedKeys?, diagnostics: [Diagnostic]) {
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.starts(with: "SSHKRL".utf8) else {
            return (nil, [Diagnostic(
                .signersLine, .error, "the file is no list of public keys", at: SourcePosition(file: file), hint: "write one line of a .pub file for each; a binary KRL is not taken")])
        }
        var keys: [Key] = [], diagnostics: [Diagnostic] = []
        for (index, line) in text.utf8.split(separator: 10, omittingEmptySubsequences: false).enumerated() where !line.isEmpty && line.first != 35 {
            let words = line.split(whereSeparator: { $0 == 32 || $0 == 9 || $0 == 13 }).map { String(decoding: $0, as: UTF8.self) }
            let position = SourcePosition(file: file, line: index + 1, column: 1)
            guard words.count >= 2, let blob = Base64Text.decode(words[1].utf8), SignerLine.isOfType(words[0], blob) else {
                diagnostics.append(Diagnostic(
                    .signersKey, .error, "the line is no public key", at: position, hint: "paste the line of the .pub file: type, key, and what else stands there"))
                continue
            }
            keys.append(Key(line: "\(words[0]) \(words[1])", fingerprint: KeyFingerprint(ofKeyBlob: blob), position: position))
        }
        return (diagnostics.isEmpty ? RevokedKeys(keys: keys) : nil, diagnostics)
    }

    /// Keys that may sign and are revoked.
    func findings(_ signers: AllowedSigners) -> [Diagnostic] {
        signers.signers.filter { contains($0.fingerprint) }.map { signer in
            Diagnostic(
                .governanceKey, .error, "the key of \(signer.principal) is revoked", at: signer.position,
                hint: "give them another key, or take the line out; a key that was revoked does not come back")
        }
    }
}
