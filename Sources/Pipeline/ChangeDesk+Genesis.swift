package import ChangeControl
import Signatures
import Store
package import Values

extension Site.Fact {
    /// Hash of log entry 0.
    package static let genesis = "genesis"
}

extension ChangeDesk {
    /// What the two roots sign to begin this site: the files on disk as they are now, which must compile.
    package func genesisStatement(reason: String) throws -> GenesisStatement {
        try genesisStatement(of: StateFiles.onDisk(root: site.root), reason: reason)
    }

    private func genesisStatement(of files: StateFiles, reason: String) throws -> GenesisStatement {
        let governance = try Self.governance(of: files)
        _ = try compiled(files, "the files of the state")
        return try GenesisStatement.make(state: files.manifests.description, governance: governance, reason: reason)
    }

    /// Whether the site has had its genesis.
    package func hasBegun() throws -> Bool { try site.store.siteValue(Site.Fact.liveState) != nil }

    /// Begins the site: both signatures are checked, the state is kept and made live, and the log begins with the statement.
    /// All of it or nothing, and once only.
    package func genesis(
        _ statement: GenesisStatement, signatures: [(principal: Principal, signature: String)], at now: Instant
    ) async throws {
        try refuseSecond(begun: try hasBegun())
        let files = try StateFiles.onDisk(root: site.root)
        let governance = try Self.governance(of: files)
        _ = try compiled(files, "the files of the state")
        var verified: [VerifiedSignature] = []
        for (principal, signature) in signatures {
            verified.append(
                try await verifier.verify(
                    message: Array(statement.text.utf8), signature: Array(signature.utf8), principal: principal,
                    namespace: .genesis, signers: governance.signers))
        }
        try statement.check(state: files.manifests.description, governance: governance, verified: verified)
        func armour(_ root: GenesisStatement.Root) -> String {
            signatures.first { $0.principal == root.principal }?.signature ?? ""
        }
        let entry = LogEntry.genesis(
            at: now, body: LogBody.genesis(statement, first: armour(statement.first), second: armour(statement.second)))
        try site.store.driver.write { session in
            try refuseSecond(begun: try Store.siteValue(Site.Fact.liveState, in: session) != nil)
            try Store.begin(entry, in: session)
            try files.keep(in: session)
            try Store.setSiteValue(Site.Fact.liveState, files.manifests.id.description, in: session)
            try Store.setSiteValue(Site.Fact.genesis, entry.hash.hex, in: session)
        }
    }

    /// Finds whose signature each armour is, by the key that it names.
    package func signers(of armours: [String], for statement: GenesisStatement) throws -> [(principal: Principal, signature: String)] {
        try armours.map { armour in
            let found: OpenSSHSignature
            do throws(OpenSSHSignature.Unreadable) { found = try OpenSSHSignature.parse(Array(armour.utf8)) } catch {
                throw ChangeRefusal(
                    .signature, statement.origin, "a signature cannot be read: \(error.fact)", hint: "give the .sig file that ssh-keygen -Y sign wrote")
            }
            guard let root = [statement.first, statement.second].first(where: { $0.fingerprint == found.fingerprint }) else {
                throw ChangeRefusal(
                    .signature, statement.origin, "key \(found.fingerprint) is not of one of the two roots",
                    hint: "the statement names their keys")
            }
            return (root.principal, armour)
        }
    }

    private func refuseSecond(begun: Bool) throws(ChangeRefusal) {
        guard !begun else {
            throw ChangeRefusal(.status, site.configuration.name, "the site has begun already", hint: "what is live changes by change requests")
        }
    }
}
