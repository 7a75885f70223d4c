package import ChangeControl

/// Checks OpenSSH signatures with `ssh-keygen -Y verify`, against the keys of a governance that was read and checked before.
///
/// The program is given one line, of the one signer that the statement names, as `AllowedSigners` understood it: so it can
/// find no other key, and no second reading of the file can differ from the first.
package struct SignatureVerifier: Sendable {
    private let keygen: KeygenProgram
    private let temporaryFolder: String

    /// - Parameters:
    ///   - programFolders: absolute paths of the folders to look in for `ssh-keygen`.
    ///   - temporaryFolder: an absolute path where a private folder can be made for the time of a check.
    ///   - timeLimitSeconds: for one check.
    package init(programFolders: [String] = ["/usr/local/bin", "/usr/bin", "/bin"], temporaryFolder: String = "/tmp", timeLimitSeconds: Int = 10) {
        keygen = KeygenProgram(searchPath: programFolders, timeLimitSeconds: timeLimitSeconds)
        self.temporaryFolder = temporaryFolder
    }

    /// Checks that `principal` signed exactly these bytes for this purpose with the key that `signers` has for them.
    ///
    /// - Parameters:
    ///   - signature: the armour that `ssh-keygen -Y sign` wrote.
    ///   - revoked: keys that count no more, whatever `signers` says.
    package func verify(
        message: [UInt8], signature: [UInt8], principal: Principal, namespace: SignatureNamespace, signers: AllowedSigners, revoked: RevokedKeys = .none
    ) async throws(SignatureFailure) -> VerifiedSignature {
        let signer = try signer(principal, namespace, signers)
        try SignatureVerifier.inspect(signature, signer, namespace)
        let outcome = try await check(message, signature, signer, namespace, revoked)
        let praise = "Good \"\(namespace.rawValue)\" signature for \(principal.name) with "
        guard outcome.isSuccess, outcome.output.hasPrefix(praise),
              outcome.output.split(whereSeparator: \.isWhitespace).last.map(String.init) == signer.fingerprint.text else {
            throw SignatureFailure(
                .refused, principal.name, "the signature is not good: \(outcome.words.isEmpty ? outcome.output : outcome.words)",
                hint: "print the statement again and sign exactly that; one changed byte is another statement")
        }
        return VerifiedSignature(
            principal: principal, fingerprint: signer.fingerprint, namespace: namespace, message: ContentDigest(of: message))
    }

    /// Checks an approval's signature over its statement's text.
    package func verify(_ approval: Approval, governance: Governance) async throws(SignatureFailure) -> VerifiedSignature {
        try await verify(
            message: Array(approval.statement.text.utf8), signature: Array(approval.signature.utf8),
            principal: approval.statement.principal, namespace: .approve, signers: governance.signers, revoked: governance.revoked)
    }

    /// Checks all of a request's approvals, in their order; a failure of one does not hide the others.
    package func verify(
        _ approvals: [Approval], governance: Governance
    ) async -> (verified: [VerifiedSignature], failures: [SignatureFailure]) {
        var verified: [VerifiedSignature] = [], failures: [SignatureFailure] = []
        for approval in approvals {
            do throws(SignatureFailure) {
                verified.append(try await verify(approval, governance: governance))
            } catch { failures.append(error) }
        }
        return (verified, failures)
    }

    private func signer(
        _ principal: Principal, _ namespace: SignatureNamespace, _ signers: AllowedSigners
    ) throws(SignatureFailure) -> AllowedSigner {
        guard let signer = signers.signer(principal), signer.namespaces.contains(namespace) else {
            throw SignatureFailure(
                .unknownSigner, principal.name, "has no key for \(namespace.rawValue)", hint: "Governance/allowed_signers names the keys")
        }
        return signer
    }

    /// What the signature says of itself, before the program is asked, for a better word than "could not verify".
    private static func inspect(
        _ signature: [UInt8], _ signer: AllowedSigner, _ namespace: SignatureNamespace
    ) throws(SignatureFailure) {
        let found: OpenSSHSignature
        do throws(OpenSSHSignature.Unreadable) { found = try OpenSSHSignature.parse(signature) } catch {
            throw SignatureFailure(
                .unreadable, signer.principal.name, error.fact, hint: "give the .sig file that ssh-keygen -Y sign wrote")
        }
        guard found.namespace == namespace.rawValue else {
            throw SignatureFailure(
                .otherNamespace, signer.principal.name, "the signature is for '\(found.namespace)', and '\(namespace.rawValue)' is needed",
                hint: "sign again with -n \(namespace.rawValue)")
        }
        guard found.fingerprint == signer.fingerprint else {
            throw SignatureFailure(
                .otherKey, signer.principal.name, "the signature is by key \(found.fingerprint), and the principal's is \(signer.fingerprint)",
                hint: "sign with the key that governance has, or name the principal whose key it is")
        }
    }

    private func check(
        _ message: [UInt8], _ signature: [UInt8], _ signer: AllowedSigner, _ namespace: SignatureNamespace, _ revoked: RevokedKeys
    ) async throws(SignatureFailure) -> KeygenProgram.Outcome {
        var folder = try PrivateFolder(in: temporaryFolder)
        let signers = try folder.write(Array(signer.line.utf8), as: "allowed_signers")
        let armour = try folder.write(signature, as: "signature")
        let revocation = revoked.keys.isEmpty ? [] : ["-r", try folder.write(Array(revoked.text.utf8), as: "revoked_keys")]
        let outcome = try await keygen.run(
            ["-Y", "verify", "-f", signers, "-I", signer.principal.name, "-n", namespace.rawValue, "-s", armour] + revocation, input: message)
        // Held to here: the files must outlive the program that reads them.
        _ = folder.path
        return outcome
    }
}
