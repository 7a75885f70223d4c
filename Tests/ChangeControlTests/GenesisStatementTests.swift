import ChangeControl
import Testing

@Suite struct GenesisStatementTests {
    private func proofs(_ statement: GenesisStatement) -> [VerifiedSignature] {
        [statement.first, statement.second].map {
            VerifiedSignature(
                principal: $0.principal, fingerprint: $0.fingerprint, namespace: .genesis, message: ContentDigest(ofText: statement.text))
        }
    }

    @Test func `both roots sign one text that names the state and their keys`() throws {
        let site = try Site()
        let statement = try GenesisStatement.make(state: site.first, governance: site.governance, reason: "Go live")
        #expect(statement.first.principal == Site.mia)
        #expect(statement.second.principal == Site.ole)
        #expect(GenesisStatement.parse(statement.text).statement == statement)
        try statement.check(state: site.first, governance: site.governance, verified: proofs(statement))
    }

    @Test func `a site does not begin with one signature, with one key twice or with another state`() throws {
        let site = try Site()
        let statement = try GenesisStatement.make(state: site.first, governance: site.governance, reason: "Go live")
        let proofs = proofs(statement)
        #expect(refusal { try statement.check(state: site.first, governance: site.governance, verified: [proofs[0]]) } == .signature)
        #expect(refusal { try statement.check(state: site.first, governance: site.governance, verified: [proofs[0], proofs[0]]) } == .signature)
        #expect(refusal { try statement.check(state: site.second, governance: site.governance, verified: proofs) } == .otherContent)
        let approvals = proofs.map {
            VerifiedSignature(principal: $0.principal, fingerprint: $0.fingerprint, namespace: .approve, message: $0.message)
        }
        #expect(refusal { try statement.check(state: site.first, governance: site.governance, verified: approvals) } == .signature)
    }

    @Test func `a text with another state id, another meaning or a line more is refused`() throws {
        let site = try Site()
        let text = try GenesisStatement.make(state: site.first, governance: site.governance, reason: "Go live").text
        for bad in [
            text.replacing(site.first.id.description, with: site.second.id.description), text.replacing("meaning begin", with: "meaning look"),
            text + "more x\n", text.replacing("zones 2026a", with: "zones 2026b"),
        ] {
            #expect(bad != text)
            #expect(GenesisStatement.parse(bad).statement == nil)
        }
    }
}
