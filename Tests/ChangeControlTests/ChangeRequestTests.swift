@testable import ChangeControl
import Diagnostics
import Testing

@Suite struct ChangeRequestTests {
    @Test func `a request goes from draft to active with one approval of another person`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        #expect(request.status == .approved)
        let active = try request.activated(live: site.first, stored: site.second, verified: [proof], governance: site.governance)
        #expect(active.status == .active)
        #expect(active.changedComponents == [.bundle])
        #expect(try active.rolledBack().status == .rolledBack)
    }

    @Test func `an edit after approval takes the approval away, and keeping it in storage does not help`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let other = Site.state("rules 3", governance: site.first.governance)
        let edited = try request.revised(by: Site.mia, target: other).proposed(live: site.first, governance: site.governance).assessed(impact: Site.impact, live: site.first, governance: site.governance)
        #expect(edited.revision == 2)
        #expect(edited.approvals.isEmpty)

        for tampered in [
            // As if somebody wrote the new target into the store beside the old approval.
            ChangeRequest(id: request.id, author: request.author, revision: 1, title: request.title, reason: request.reason,
                          base: request.base, target: other, status: .approved, expires: request.expires, impact: request.impact, requirement: request.requirement,
                          approvals: request.approvals),
            ChangeRequest(id: request.id, author: request.author, revision: 2, title: request.title, reason: request.reason,
                          base: request.base, target: other, status: .approved, expires: request.expires, impact: request.impact, requirement: request.requirement,
                          approvals: request.approvals),
            ChangeRequest(id: request.id, author: request.author, revision: 1, title: "Harmless", reason: request.reason,
                          base: request.base, target: request.target, status: .approved, expires: request.expires, impact: request.impact, requirement: request.requirement,
                          approvals: request.approvals),
        ] {
            #expect(refusal {
                try tampered.activated(live: site.first, stored: tampered.target, verified: [proof], governance: site.governance)
            } == .threshold)
            let count = ApprovalCount(request: tampered, governance: site.governance, verified: [proof])
            #expect(count.verdicts.map { $0.refusal?.kind } == [.otherContent])
        }
    }

    @Test func `an approval given to an earlier revision does not count for the next`() throws {
        let site = try Site()
        let (approval, proof) = try site.approval(of: try site.proposed(), by: Site.ole)
        let next = try site.proposed().revised(by: Site.mia, title: "Rush all orders").proposed(live: site.first, governance: site.governance).assessed(impact: Site.impact, live: site.first, governance: site.governance)
        #expect(refusal { try next.approved(by: approval, verified: [proof], live: site.first, governance: site.governance) } == .otherContent)
    }

    @Test func `an approval of another request or of another site does not count`() throws {
        let site = try Site()
        let request = try site.proposed(1)
        let (foreign, proof) = try site.approval(of: try site.proposed(2), by: Site.ole)
        #expect(refusal { try request.approved(by: foreign, verified: [proof], live: site.first, governance: site.governance) } == .otherContent)

        var elsewhere = site
        let signers = Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)
        elsewhere.governance = try Site.governance(
            threshold: 1, signers: signers, manifest: site.governance.manifest, origin: "another-dc")
        let (abroad, other) = try elsewhere.approval(of: try site.proposed(), by: Site.ole)
        let refused = #expect(throws: ChangeRefusal.self) {
            try request.approved(by: abroad, verified: [other], live: site.first, governance: site.governance)
        }
        #expect(refused?.kind == .otherContent)
        #expect(refused?.fact == "signed 'origin another-dc', and CR-0001 has 'origin example-dc'")
    }

    @Test func `an author does not approve their own change`() throws {
        let site = try Site()
        let persons = site.governance.persons.map {
            $0.principal == Site.mia ? Person(principal: $0.principal, name: $0.name, roles: [.author, .approver]) : $0
        }
        var both = site
        both.governance = try #require(Governance.make(
            origin: "example-dc", threshold: 1, persons: persons, signers: site.governance.signers, manifest: site.governance.manifest
        ).governance)
        let request = try both.proposed()
        let (approval, proof) = try both.approval(of: request, by: Site.mia)
        #expect(refusal { try request.approved(by: approval, verified: [proof], live: site.first, governance: both.governance) } == .ownChange)
    }

    @Test func `an author's key under another name does not approve`() throws {
        // The parser refuses such a list; here it is made by hand, to see that counting does not lean on the parser alone.
        var site = try Site()
        let ole = try #require(site.governance.signers.signer(Site.ole)), mia = try #require(site.governance.signers.signer(Site.mia))
        let ana = try #require(site.governance.signers.signer(Site.ana))
        let twin = AllowedSigner(
            principal: ole.principal, namespaces: ole.namespaces, keyType: mia.keyType, key: mia.key, fingerprint: mia.fingerprint,
            position: ole.position)
        site.governance = try #require(Governance.make(
            origin: "example-dc", threshold: 1, persons: site.governance.persons, signers: AllowedSigners(signers: [mia, twin, ana]),
            manifest: site.governance.manifest).governance)
        let request = try site.proposed()
        let (approval, proof) = try site.approval(of: request, by: Site.ole)
        #expect(refusal { try request.approved(by: approval, verified: [proof], live: site.first, governance: site.governance) } == .ownChange)
    }

    @Test func `a person and a key count once`() throws {
        let site = try Site(threshold: 2)
        let (request, proof) = try site.approved()
        #expect(request.status == .assessed)
        let again = try request.statement(for: Site.ole, reason: "Once more", governance: site.governance)
        let second = try site.verified(again)
        #expect(refusal {
            try request.approved(
                by: Approval(statement: again, signature: "armour"), verified: [proof, second], live: site.first, governance: site.governance)
        } == .countedAlready)
        let (other, third) = try site.approval(of: request, by: Site.ana)
        let approved = try request.approved(by: other, verified: [proof, third], live: site.first, governance: site.governance)
        #expect(approved.status == .approved)
        #expect(refusal {
            try approved.activated(live: site.first, stored: site.second, verified: [proof], governance: site.governance)
        } == .threshold)
    }

    @Test func `one key for two approvers counts once`() throws {
        var site = try Site(threshold: 1)
        let ole = try #require(site.governance.signers.signer(Site.ole)), ana = try #require(site.governance.signers.signer(Site.ana))
        let twin = AllowedSigner(
            principal: ana.principal, namespaces: ana.namespaces, keyType: ole.keyType, key: ole.key, fingerprint: ole.fingerprint,
            position: ana.position)
        site.governance = try #require(Governance.make(
            origin: "example-dc", threshold: 2, persons: site.governance.persons, signers: AllowedSigners(signers: [ole, twin]),
            manifest: site.governance.manifest).governance)
        let (request, proof) = try site.approved()
        let (other, second) = try site.approval(of: request, by: Site.ana)
        #expect(refusal { try request.approved(by: other, verified: [proof, second], live: site.first, governance: site.governance) } == .countedAlready)
    }

    @Test func `an approval without a verified signature counts for nothing`() throws {
        let site = try Site()
        let request = try site.proposed()
        let (approval, proof) = try site.approval(of: request, by: Site.ole)
        let (_, anothers) = try site.approval(of: request, by: Site.ana)
        let genesis = VerifiedSignature(
            principal: proof.principal, fingerprint: proof.fingerprint, namespace: .genesis, message: proof.message)
        for verified in [[], [anothers], [genesis]] {
            #expect(refusal { try request.approved(by: approval, verified: verified, live: site.first, governance: site.governance) } == .signature)
        }
        let approved = try request.approved(by: approval, verified: [proof], live: site.first, governance: site.governance)
        #expect(refusal { try approved.activated(live: site.first, stored: site.second, verified: [], governance: site.governance) } == .threshold)
    }

    @Test func `a key taken away between approval and activation takes the approval with it`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let after = try Site(signers: Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 9) + Site.line("ana@example-dc", 3))
        #expect(refusal {
            try request.activated(live: site.first, stored: site.second, verified: [proof], governance: after.governance)
        } == .threshold)
    }

    @Test func `a base that is not live any more stops proposal, approval and activation`() throws {
        let site = try Site()
        let live = Site.state("rules 9", governance: site.first.governance)
        let draft = try ChangeRequest.draft(
            id: ChangeRequestID(number: 1), author: Site.mia, title: "t", reason: "r", base: site.first, target: site.second, expires: Site.at(86_400))
        #expect(refusal { try draft.proposed(live: live, governance: site.governance) } == .staleBase)
        let request = try site.proposed()
        let (approval, proof) = try site.approval(of: request, by: Site.ole)
        #expect(refusal { try request.approved(by: approval, verified: [proof], live: live, governance: site.governance) } == .staleBase)
        let (approved, _) = try site.approved()
        #expect(refusal { try approved.activated(live: live, stored: site.second, verified: [proof], governance: site.governance) } == .staleBase)
    }

    @Test func `a change is judged by the governance of its base only`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let signers = Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)
        let incoming = try Site.governance(threshold: 1, signers: signers, manifest: Site.digest("governance 2"))
        #expect(refusal {
            try request.activated(live: site.first, stored: site.second, verified: [proof], governance: incoming)
        } == .staleBase)
    }

    @Test func `files that are not those approved are not activated`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let stored = Site.state("rules 2, edited", governance: site.first.governance)
        #expect(refusal { try request.activated(live: site.first, stored: stored, verified: [proof], governance: site.governance) } == .otherContent)
    }

    @Test func `an activation spends the request`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let active = try request.activated(live: site.first, stored: site.second, verified: [proof], governance: site.governance)
        for spent in [active, try active.rolledBack()] {
            #expect(refusal { try spent.activated(live: site.first, stored: site.second, verified: [proof], governance: site.governance) } == .status)
            #expect(refusal { try spent.revised(by: Site.mia, title: "again") } == .status)
            #expect(refusal { try spent.withdrawn(by: Site.mia) } == .status)
        }
    }

    @Test func `only the author edits and withdraws, and only an approver rejects`() throws {
        let site = try Site()
        let request = try site.proposed()
        #expect(refusal { try request.revised(by: Site.ole, title: "mine") } == .role)
        #expect(refusal { try request.withdrawn(by: Site.ole) } == .role)
        #expect(refusal { try request.rejected(by: Site.mia, governance: site.governance) } == .role)
        #expect(try request.withdrawn(by: Site.mia).status == .withdrawn)
        let rejected = try request.rejected(by: Site.ana, governance: site.governance)
        let (approval, proof) = try site.approval(of: request, by: Site.ole)
        #expect(refusal { try rejected.approved(by: approval, verified: [proof], live: site.first, governance: site.governance) } == .status)
    }

    @Test func `a request needs a change, a line of title and a line of reason`() throws {
        let site = try Site()
        func draft(_ title: String, _ reason: String, _ target: StateDescription) -> ChangeRefusal.Kind? {
            refusal {
                try ChangeRequest.draft(
                    id: ChangeRequestID(number: 1), author: Site.mia, title: title, reason: reason, base: site.first, target: target, expires: Site.at(86_400))
            }
        }
        #expect(draft("t", "r", site.first) == .nothingToChange)
        #expect(draft("t\nmeaning approve", "r", site.second) == .text)
        #expect(draft("", "r", site.second) == .text)
        #expect(draft("t", "r\u{202E}", site.second) == .text)
        #expect(draft("t", "r", site.second) == nil)
    }

    @Test func `a number has one spelling`() {
        #expect(ChangeRequestID(number: 7).description == "CR-0007")
        #expect(ChangeRequestID("CR-0007")?.number == 7)
        #expect(ChangeRequestID("CR-12345")?.number == 12345)
        for bad in ["CR-7", "CR-00007", "CR-0000", "cr-0007", "CR-+007", "CR--007", "CR-0007 ", "CR-99999999"] {
            #expect(ChangeRequestID(bad) == nil, "\(bad)")
        }
    }

    @Test func `another finding voids approvals, and without one there is nothing to sign`() throws {
        let site = try Site()
        let (approved, proof) = try site.approved()
        let same = try approved.assessed(impact: Site.impact, live: site.first, governance: site.governance)
        #expect(same == approved)
        let other = try approved.assessed(impact: Site.digest("impact 2"), live: site.first, governance: site.governance)
        #expect(other.status == .assessed && other.approvals.isEmpty)
        // The former approval is of the former report, whoever hands it in again.
        #expect(refusal { try other.approved(by: approved.approvals[0], verified: [proof], live: site.first, governance: site.governance) } == .otherContent)
        let draft = try ChangeRequest.draft(
            id: ChangeRequestID(number: 1), author: Site.mia, title: "t", reason: "r", base: site.first, target: site.second, expires: Site.at(86_400))
        #expect(refusal { try draft.assessed(impact: Site.impact, live: site.first, governance: site.governance) } == .status)
        let proposed = try draft.proposed(live: site.first, governance: site.governance)
        #expect(refusal { try proposed.statement(for: Site.ole, reason: "r", governance: site.governance) } == .status)
        #expect(refusal { try proposed.assessed(impact: Site.impact, live: site.second, governance: site.governance) } == .staleBase)
    }
}
