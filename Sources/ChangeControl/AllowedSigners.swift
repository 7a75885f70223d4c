package import Diagnostics

/// One line of `allowed_signers`: one principal, one key, and what its signatures may be for.
package struct AllowedSigner: Hashable, Sendable {
    package let principal: Principal
    package let namespaces: Set<SignatureNamespace>
    /// Such as `ssh-ed25519`.
    package let keyType: String
    /// The key's blob in base64, as in a `.pub` file.
    package let key: String
    package let fingerprint: KeyFingerprint
    package let position: SourcePosition

    /// The line as crossdock hands it to `ssh-keygen`: only what was understood, nothing else of the file.
    package var line: String {
        let names = namespaces.map(\.rawValue).sorted().joined(separator: ",")
        return "\(principal.name) namespaces=\"\(names)\" \(keyType) \(key)\n"
    }
}

/// The keys that may sign, from `Governance/allowed_signers`: the strict part of OpenSSH's format.
///
/// OpenSSH takes wildcards, lists of principals, certificates and entries with no namespaces, and a key that stands
/// under two principals verifies as both. All of these are refused here.
package struct AllowedSigners: Hashable, Sendable {
    /// In the order of the file.
    package let signers: [AllowedSigner]

    /// The most lines that are read.
    package static let lineLimit = 10_000

    /// Reads the file's bytes. Nil with at least one error if any line is refused: a list that is understood in part is not used.
    package static func parse(_ bytes: [UInt8], file: String) -> (signers: AllowedSigners?, diagnostics: [Diagnostic]) {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            return (nil, [Diagnostic(.signersLine, .error, "the file is not UTF-8", at: SourcePosition(file: file))])
        }
        var signers: [AllowedSigner] = []
        var diagnostics: [Diagnostic] = []
        let lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false)
        guard lines.count <= lineLimit else {
            return (nil, [Diagnostic(.signersLine, .error, "more than \(lineLimit) lines", at: SourcePosition(file: file))])
        }
        for (index, line) in lines.enumerated() {
            if line.isEmpty || line.first == 35 { continue }
            var parser = SignerLine(Array(line), file: file, line: index + 1)
            switch parser.read() {
            case .success(let signer): signers.append(signer)
            case .failure(let refusal): diagnostics.append(refusal.diagnostic)
            }
        }
        diagnostics += repetitions(signers)
        return (diagnostics.isEmpty ? AllowedSigners(signers: signers) : nil, diagnostics)
    }

    package init(signers: [AllowedSigner]) { self.signers = signers }

    /// The signer of this name, if it has a key.
    package func signer(_ principal: Principal) -> AllowedSigner? {
        signers.first { $0.principal == principal }
    }

    /// The signer who holds this key.
    package func signer(_ fingerprint: KeyFingerprint) -> AllowedSigner? {
        signers.first { $0.fingerprint == fingerprint }
    }

    private static func repetitions(_ signers: [AllowedSigner]) -> [Diagnostic] {
        var byKey: [KeyFingerprint: AllowedSigner] = [:]
        // Without case: `Mia@site` beside `mia@site` is one person to everybody who reads it.
        var byName: [String: AllowedSigner] = [:]
        var findings: [Diagnostic] = []
        for signer in signers {
            if let other = byKey.updateValue(signer, forKey: signer.fingerprint) {
                findings.append(Diagnostic(
                    .signersTwice, .error, "\(signer.principal) has the key of \(other.principal) (line \(other.position.line ?? 0))",
                    at: signer.position, hint: "each person signs with a key of their own"))
            }
            if let other = byName.updateValue(signer, forKey: signer.principal.name.lowercased()) {
                findings.append(Diagnostic(
                    .signersTwice, .error, "\(signer.principal) has a key already (line \(other.position.line ?? 0))",
                    at: signer.position, hint: "to change a key, replace the line"))
            }
        }
        return findings
    }
}
