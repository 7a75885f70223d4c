@testable import ChangeControl
import Diagnostics
import Testing

@Suite struct ApprovalStatementTests {
    @Test func `the text is plain lines in a fixed order`() throws {
        let site = try Site()
        let statement = try site.proposed().statement(for: Site.ole, reason: "Replayed on last week", governance: site.governance)
        #expect(statement.text == """
            crossdock approval 3
            origin example-dc
            request CR-0001
            revision 1
            author mia@example-dc
            base \(site.first.id)
            target \(site.second.id)
            impact \(Site.impact)
            class standard
            effective at once
            expires 2025-12-21T04:40:00Z
            bundle \(site.second.bundle)
            overrides \(site.second.overrides)
            governance \(site.second.governance)
            title Rush gold orders
            principal ole@example-dc
            name Ole Dahl
            meaning approve
            reason Replayed on last week

            """)
        #expect(ApprovalStatement.parse(statement.text).statement == statement)
    }

    @Test func `any other text is refused`() throws {
        let site = try Site()
        let text = try site.proposed().statement(for: Site.ole, reason: "r", governance: site.governance).text
        for bad in [
            text + "\n", String(text.dropLast()), text.replacing("\n", with: "\r\n"), text.replacing("revision 1", with: "revision 01"),
            text.replacing("revision 1", with: "revision +1"), text.replacing("meaning approve", with: "meaning review"),
            text.replacing("CR-0001", with: "CR-1"), text.replacing("reason r", with: "reason  r"), text.replacing("reason r\n", with: ""),
            text + "also this\n", text.replacing("principal ole@example-dc", with: "principal *"),
        ] {
            #expect(bad != text)
            #expect(ApprovalStatement.parse(bad).statement == nil, "\(bad)")
            #expect(ApprovalStatement.parse(bad).diagnostics.map(\.code) == [.statementText])
        }
    }

    @Test func `whoever is no approver has nothing to sign`() throws {
        let site = try Site()
        let request = try site.proposed()
        #expect(refusal { try request.statement(for: Site.mia, reason: "r", governance: site.governance) } == .role)
        #expect(refusal { try request.statement(for: Site.ole, reason: "r\nmeaning approve", governance: site.governance) } == .text)
    }

    @Test func `a signature that is cut, armoured otherwise or empty is unreadable`() {
        for bad in ["", "-----BEGIN SSH SIGNATURE-----\n-----END SSH SIGNATURE-----\n", "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n-----END SSH SIGNATURE-----\n"] {
            #expect(throws: OpenSSHSignature.Unreadable.self) { try OpenSSHSignature.parse(Array(bad.utf8)) }
        }
    }
}
