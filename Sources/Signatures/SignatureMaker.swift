package import ChangeControl

/// Signs with `ssh-keygen -Y sign`: what an approver runs by hand, for those whose key is on this machine or in their agent.
package struct SignatureMaker: Sendable {
    private let keygen: KeygenProgram
    private let environment: [String: String]

    /// - Parameters:
    ///   - programFolders: absolute paths of the folders to look in for `ssh-keygen`.
    ///   - environment: of this, only what an agent and a passphrase prompt need is passed on.
    ///   - timeLimitSeconds: for one signature, the time to type a passphrase included.
    package init(programFolders: [String] = ["/usr/local/bin", "/usr/bin", "/bin"], environment: [String: String] = [:], timeLimitSeconds: Int = 120) {
        keygen = KeygenProgram(searchPath: programFolders, timeLimitSeconds: timeLimitSeconds)
        let passed = ["HOME", "SSH_AUTH_SOCK", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE", "DISPLAY", "TERM"]
        self.environment = environment.filter { passed.contains($0.key) }
    }

    /// The armoured signature over these bytes.
    ///
    /// - Parameter key: an absolute path of a private key, or of a public one whose private part an agent holds.
    package func sign(_ message: [UInt8], namespace: SignatureNamespace, key: String) async throws(SignatureFailure) -> String {
        guard key.hasPrefix("/") else {
            throw SignatureFailure(.keyUnusable, key, "the path of the key is not absolute", hint: "give the whole path")
        }
        let outcome = try await keygen.run(["-Y", "sign", "-n", namespace.rawValue, "-f", key], input: message, environment: environment)
        guard outcome.isSuccess else {
            throw SignatureFailure(
                .keyUnusable, key, "no signature was made: \(outcome.words)", hint: "ssh-keygen -y -f KEY says whether the key can be used")
        }
        return outcome.output
    }

    /// A signed approval.
    package func sign(_ statement: ApprovalStatement, key: String) async throws(SignatureFailure) -> Approval {
        Approval(statement: statement, signature: try await sign(Array(statement.text.utf8), namespace: .approve, key: key))
    }

    /// The armoured signature of one root over a site's genesis.
    package func sign(_ statement: GenesisStatement, key: String) async throws(SignatureFailure) -> String {
        try await sign(Array(statement.text.utf8), namespace: .genesis, key: key)
    }
}
