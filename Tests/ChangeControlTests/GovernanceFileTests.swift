@testable import ChangeControl
import Diagnostics
import Testing
import Values

@Suite struct GovernanceFileTests {
    private static let yaml = """
        governance: example-dc
        threshold: 1
        persons:
          - { principal: mia@example-dc, name: Mia Berg, roles: [author, root] }
          - { principal: ole@example-dc, name: Ole Dahl, roles: [approver, operator, root] }
          - { principal: ana@example-dc, name: Ana Cruz, roles: [approver] }

        """
    private static let signers = Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)

    private func read(_ yaml: String = yaml, _ signers: String = signers) -> (governance: Governance?, diagnostics: [Diagnostic]) {
        Governance.read(configuration: Array(yaml.utf8), allowedSigners: Array(signers.utf8), manifest: ContentDigest(ofText: "m"))
    }

    @Test func `governance is read from its two files`() throws {
        let read = read()
        let governance = try #require(read.governance)
        #expect(read.diagnostics.isEmpty)
        #expect(governance.origin == "example-dc")
        #expect(governance.threshold == 1)
        #expect(governance.person(Site.ole)?.roles == [.approver, .operator, .root])
        #expect(governance.manifest == ContentDigest(ofText: "m"))
    }

    @Test func `a key that is revoked does not come back`() throws {
        func read(_ revoked: String) -> (governance: Governance?, diagnostics: [Diagnostic]) {
            Governance.read(
                configuration: Array(Self.yaml.utf8), allowedSigners: Array(Self.signers.utf8), revokedKeys: Array(revoked.utf8), manifest: ContentDigest(ofText: "m"))
        }
        let other = try #require(read("# stolen in May\nssh-ed25519 \(Site.key(9)) lost@laptop\n").governance)
        #expect(other.revoked.keys.count == 1 && other.revoked.text == "ssh-ed25519 \(Site.key(9))\n")
        let own = read("ssh-ed25519 \(Site.key(2))\n")
        #expect(own.governance == nil && own.diagnostics.map(\.fact) == ["the key of ole@example-dc is revoked"] && own.diagnostics[0].position.line == 2)
        for text in ["nonsense\n", "ssh-ed25519 AAAA\n", "ssh-rsa \(Site.key(9))\n", "SSHKRL\n"] { #expect(read(text).governance == nil, "\(text)") }
    }

    @Test func `a threshold of 0 in the file is refused with its line`() throws {
        let read = read(Self.yaml.replacing("threshold: 1", with: "threshold: 0"))
        #expect(read.governance == nil)
        #expect(read.diagnostics.map(\.position.line) == [2])
    }

    @Test func `an unknown key, an unknown role and a wildcard principal are refused with their line`() {
        for (from, to, line) in [
            ("threshold: 1", "threshold: 1\nselfApproval: true", 3), ("[author, root]", "[author, admin]", 4),
            ("principal: ole@example-dc", "principal: \"*\"", 5),
        ] {
            let read = read(Self.yaml.replacing(from, with: to))
            #expect(read.governance == nil)
            #expect(read.diagnostics.first?.position.line == line, "\(to)")
        }
    }

    @Test func `classes, freezes and times are read, and what could lock everybody out is refused with its line`() throws {
        let governance = try #require(read(Self.yaml + """
            zone: Europe/Berlin
            lifetime: 7d
            classes:
              - { class: money, when: { value: 1000.5, components: [governance] }, approvals: 2 }
            freezes:
              - { freeze: count, from: 2026-12-30T18:00:00Z, until: 2027-01-02T06:00:00Z, reason: Stocktaking }

            """).governance)
        #expect(governance.terms.zone == "Europe/Berlin" && governance.terms.lifetime == DayTimeDuration(seconds: 7 * 86_400))
        #expect(governance.classes.first?.limits.components == [.governance] && governance.classes.first?.approvals == 2)
        #expect(governance.freezes.first?.holds(at: Instant("2026-12-31T00:00:00Z")!) == true)
        for wrong in [
            "lifetime: 1s", "lifetime: 106751991167300d", "lateness: 0s", "reviewWithin: 91d", "rollbackWindow: 1s",
            "freezes: [{ freeze: a, from: 0001-01-01T00:00:00Z, until: 9999-12-31T00:00:00Z, reason: x }]",
            "freezes: [{ freeze: a, from: 2027-01-01T00:00:00Z, until: 2026-01-01T00:00:00Z, reason: x }]", "classes: [{ class: a, when: {} }]",
            "classes: [{ class: a, when: { value: -5 } }]", "classes: [{ class: a, when: { paths: [/Schemes/] } }]", "classes: [{ class: a, when: { moved: 0 } }]",
            "classes: [{ class: a, when: { moved: 1 }, approvals: 3 }]", "classes: [{ class: 'a, b', when: { moved: 1 } }]",
        ] {
            let answer = read(Self.yaml + wrong + "\n")
            #expect(answer.governance == nil && answer.diagnostics.first?.position.line == 7, "\(wrong): \(answer.diagnostics.map(\.text))")
        }
        #expect(read(Self.yaml.replacing(", operator", with: "")).diagnostics.map(\.severity) == [.warning])
    }

    @Test func `a finding in the signers refuses the whole`() {
        let read = read(Self.yaml, Self.signers + Site.line("eve@example-dc", 1))
        #expect(read.governance == nil)
        #expect(read.diagnostics.map(\.code) == [.signersTwice])
    }

    @Test func `a request with its approvals reads back from its stored form`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let stored = JSONText.write(request.value)
        let read = try #require(ChangeRequest(try JSONText.parse(stored)))
        #expect(read == request)
        #expect(JSONText.write(read.value) == stored)
        #expect(try read.activated(live: site.first, stored: site.second, verified: [proof], governance: site.governance).status == .active)
        for bad in [
            stored.replacing("\"revision\":1", with: "\"revision\":0"), stored.replacing("approved", with: "blessed"),
            stored.replacing("crossdock state 1", with: "crossdock state 2"), stored.replacing("meaning approve", with: "meaning look"),
        ] {
            #expect(bad != stored)
            #expect(ChangeRequest(try JSONText.parse(bad)) == nil, "\(bad)")
        }
    }

    @Test func `the bodies of log entries are JSON and hold their evidence`() throws {
        let site = try Site()
        let (request, _) = try site.approved()
        for body in [
            LogBody.change(request, by: Site.mia, reason: "r"), LogBody.activation(request, from: request.base, to: request.target, by: Site.ole),
            LogBody.approval(request.approvals[0], of: request),
        ] {
            #expect(JSONText.write(try JSONText.parse(body)) == body)
            #expect(body.contains("crossdock approval 3"))
        }
    }
}
