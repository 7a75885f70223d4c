import ChangeControl
import Foundation
import Signatures
import Testing

@Suite struct SignatureTests {
    @Test func `an approval signed with a key of governance is verified and counts`() async throws {
        let council = try await Council()
        let request = try council.request()
        let statement = try request.statement(for: Council.ole, reason: "Replayed", governance: council.governance)
        let approval = try await SignatureMaker().sign(statement, key: council.key("ole"))
        let proof = try await SignatureVerifier().verify(approval, governance: council.governance)
        #expect(proof.principal == Council.ole)
        #expect(proof.fingerprint == council.governance.signers.signer(Council.ole)?.fingerprint)
        let approved = try request.approved(by: approval, verified: [proof], live: council.first, governance: council.governance, at: Council.at(10))
        let again = await SignatureVerifier().verify(approved.approvals, governance: council.governance)
        #expect(again.failures.isEmpty)
        let active = try approved.activated(
            live: council.first, stored: council.second, facts: council.facts, verified: again.verified, governance: council.governance, at: Council.at(20))
        #expect(active.status == .active)
    }

    @Test func `ssh-keygen alone verifies an approval from the governed file`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "Replayed", governance: council.governance)
        let approval = try await SignatureMaker().sign(statement, key: council.key("ole"))
        try approval.signature.write(toFile: council.key("a.sig"), atomically: true, encoding: .utf8)
        let arguments = ["-Y", "verify", "-f", council.key("allowed_signers"), "-I", "ole@example-dc", "-n", "approve@crossdock", "-s", council.key("a.sig")]
        #expect(try await Council.run("ssh-keygen", arguments, input: Array(statement.text.utf8)).isSuccess)
        #expect(try await !Council.run("ssh-keygen", arguments, input: Array((statement.text + "x").utf8)).isSuccess)
    }

    @Test func `a signature by a revoked key is refused by ssh-keygen itself`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "Replayed", governance: council.governance)
        let approval = try await SignatureMaker().sign(statement, key: council.key("ole"))
        func verified(without name: String) async throws -> SignatureFailure? {
            var governance = council.governance
            governance.revoked = try #require(RevokedKeys.parse([UInt8](Data(contentsOf: URL(fileURLWithPath: council.key("\(name).pub")))), file: "revoked_keys").keys)
            return await failure { try await SignatureVerifier().verify(approval, governance: governance) }
        }
        #expect(try await verified(without: "kim") == nil)
        let refusal = try #require(try await verified(without: "ole"))
        #expect(refusal.kind == .refused)
    }

    @Test func `an author who signs as another person is found by the key`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "Replayed", governance: council.governance)
        for thief in ["mia", "eve"] {
            let approval = try await SignatureMaker().sign(statement, key: council.key(thief))
            let failure = await failure { try await SignatureVerifier().verify(approval, governance: council.governance) }
            #expect(failure?.kind == .otherKey)
        }
    }

    @Test func `each changed byte of the statement is refused`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "r", governance: council.governance)
        let signature = Array(try await SignatureMaker().sign(statement, key: council.key("ole")).signature.utf8)
        let message = Array(statement.text.utf8)
        for index in stride(from: 0, to: message.count, by: 97) {
            var copy = message
            copy[index] ^= 1
            let failure = await failure {
                try await SignatureVerifier().verify(
                    message: copy, signature: signature, principal: Council.ole, namespace: .approve, signers: council.governance.signers)
            }
            #expect(failure?.kind == .refused)
            #expect(failure?.fact.contains("incorrect signature") == true)
        }
    }

    @Test func `a stripped, cut or foreign signature is refused`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "r", governance: council.governance)
        let signature = try await SignatureMaker().sign(statement, key: council.key("ole")).signature
        let cut = String(signature.prefix(120)) + "\n-----END SSH SIGNATURE-----\n"
        for bad in ["", cut, signature + signature, statement.text] {
            let approval = Approval(statement: statement, signature: bad)
            let failure = await failure { try await SignatureVerifier().verify(approval, governance: council.governance) }
            #expect(failure?.kind == .unreadable, "\(bad)")
        }
        // A byte of the signature proper: the armour reads, and the program refuses.
        let lines = signature.split(separator: "\n")
        let flipped = signature.replacing(lines[4], with: String(lines[4].reversed()))
        let failure = await failure {
            try await SignatureVerifier().verify(Approval(statement: statement, signature: flipped), governance: council.governance)
        }
        #expect(failure?.kind == .refused || failure?.kind == .unreadable)
    }

    @Test func `a signature made for another purpose is refused`() async throws {
        let council = try await Council()
        let message = Array("text\n".utf8)
        let signature = try await SignatureMaker().sign(message, namespace: .genesis, key: council.key("ole"))
        let failure = await failure {
            try await SignatureVerifier().verify(
                message: message, signature: Array(signature.utf8), principal: Council.ole, namespace: .approve,
                signers: council.governance.signers)
        }
        #expect(failure?.kind == .otherNamespace)
    }

    @Test func `a principal with no key and one with no key for the purpose are refused`() async throws {
        let council = try await Council()
        let message = Array("text\n".utf8)
        let signature = Array(try await SignatureMaker().sign(message, namespace: .genesis, key: council.key("ole")).utf8)
        let key = try String(contentsOfFile: council.key("ole.pub"), encoding: .utf8)
        let line = "ole@example-dc namespaces=\"approve@crossdock\" \(key)"
        let signers = try #require(AllowedSigners.parse(Array(line.utf8), file: "f").signers)
        for (principal, namespace) in [(Council.ole, SignatureNamespace.genesis), (Council.mia, .approve)] {
            let failure = await failure {
                try await SignatureVerifier().verify(
                    message: message, signature: signature, principal: principal, namespace: namespace, signers: signers)
            }
            #expect(failure?.kind == .unknownSigner)
        }
    }

    @Test func `two roots begin a site with real signatures`() async throws {
        let council = try await Council()
        let statement = try GenesisStatement.make(state: council.first, governance: council.governance, reason: "Go live")
        var proofs: [VerifiedSignature] = []
        for (name, root) in [("mia", statement.first), ("ole", statement.second)] {
            let signature = try await SignatureMaker().sign(statement, key: council.key(name))
            proofs.append(try await SignatureVerifier().verify(
                message: Array(statement.text.utf8), signature: Array(signature.utf8), principal: root.principal, namespace: .genesis,
                signers: council.governance.signers))
        }
        try statement.check(state: council.first, governance: council.governance, verified: proofs)
    }

    @Test func `a missing ssh-keygen is said to be missing`() async throws {
        let council = try await Council()
        let failure = await failure {
            try await SignatureMaker(programFolders: [council.folder]).sign([1], namespace: .approve, key: council.key("ole"))
        }
        #expect(failure?.kind == .programMissing)
        #expect(failure?.hint.contains("openssh-client") == true)
    }

    @Test func `a program that does not end is ended at the time limit`() async throws {
        let council = try await Council()
        let program = council.key("ssh-keygen")
        try "#!/bin/sh\nexec /bin/sleep 600\n".write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        let started = ContinuousClock.now
        let failure = await failure {
            try await SignatureMaker(programFolders: [council.folder], timeLimitSeconds: 1).sign([1], namespace: .approve, key: council.key("ole"))
        }
        #expect(failure?.kind == .timeLimit)
        #expect(failure?.isWorthRetrying == true)
        #expect(ContinuousClock.now - started < .seconds(30))
    }

    @Test func `a verifier that says good for another key or another purpose is not believed`() async throws {
        let council = try await Council()
        let statement = try council.request().statement(for: Council.ole, reason: "r", governance: council.governance)
        let approval = try await SignatureMaker().sign(statement, key: council.key("ole"))
        let program = council.key("ssh-keygen")
        try "#!/bin/sh\necho 'Good \"approve@crossdock\" signature for ole@example-dc with ED25519 key SHA256:other'\n"
            .write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        let failure = await failure {
            try await SignatureVerifier(programFolders: [council.folder]).verify(approval, governance: council.governance)
        }
        #expect(failure?.kind == .refused)
    }

    @Test func `the files of a check are private and gone after it`() async throws {
        let council = try await Council()
        let work = council.key("work")
        try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
        let statement = try council.request().statement(for: Council.ole, reason: "r", governance: council.governance)
        let approval = try await SignatureMaker().sign(statement, key: council.key("ole"))
        let program = council.key("ssh-keygen")
        try "#!/bin/sh\n/usr/bin/stat -c '%a' \"$4\" \"${4%/*}\" > \(council.key("seen")); /usr/bin/env >> \(council.key("seen"))\nexec /usr/bin/ssh-keygen \"$@\"\n"
            .write(toFile: program, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: program)
        _ = try await SignatureVerifier(programFolders: [council.folder], temporaryFolder: work).verify(approval, governance: council.governance)
        let seen = try String(contentsOfFile: council.key("seen"), encoding: .utf8).split(separator: "\n")
        #expect(seen.prefix(2) == ["600", "700"])
        #expect(Set(seen.dropFirst(2).compactMap { $0.split(separator: "=").first }).isSubset(of: ["PATH", "LC_ALL", "PWD", "_", "OLDPWD", "SHLVL"]))
        #expect(try FileManager.default.contentsOfDirectory(atPath: work).isEmpty)
        let nowhere = await failure {
            try await SignatureVerifier(temporaryFolder: council.key("nowhere")).verify(approval, governance: council.governance)
        }
        #expect(nowhere?.kind == .system)
    }

    @Test func `a key that is not there and a path that is not absolute are said to be so`() async throws {
        let council = try await Council()
        let missing = await failure { try await SignatureMaker().sign([1], namespace: .approve, key: council.key("nobody")) }
        #expect(missing?.kind == .keyUnusable)
        #expect(missing?.fact.contains("No such file") == true)
        let relative = await failure { try await SignatureMaker().sign([1], namespace: .approve, key: "ole") }
        #expect(relative?.kind == .keyUnusable)
    }
}
