import ChangeControl
import Diagnostics
import Testing

@Suite struct GovernanceTests {
    private func codes(
        threshold: Int = 1, persons: [Person]? = nil, signers: String? = nil, severity: Severity = .error
    ) throws -> [DiagnosticCode] {
        let site = try Site()
        let keys = try signers.map { try #require(AllowedSigners.parse(Array($0.utf8), file: "f").signers) } ?? site.governance.signers
        return Governance.make(
            origin: "example-dc", threshold: threshold, persons: persons ?? site.governance.persons, signers: keys,
            manifest: site.governance.manifest
        ).diagnostics.filter { $0.severity == severity }.map(\.code)
    }

    @Test func `a threshold of 0 and below is refused`() throws {
        #expect(try codes(threshold: 0) == [.governanceThreshold])
        #expect(try codes(threshold: -1) == [.governanceThreshold])
        #expect(try codes(threshold: 1).isEmpty)
    }

    @Test func `a threshold that some author could never reach is refused`() throws {
        #expect(try codes(threshold: 2).isEmpty)
        #expect(try codes(threshold: 3) == [.governanceQuorum])
        let alone = [Person(principal: Site.mia, name: "Mia Berg", roles: [.author, .approver])]
        #expect(try codes(persons: alone, signers: Site.line("mia@example-dc", 1)) == [.governanceQuorum])
    }

    @Test func `a key of nobody and a person twice are refused, and an approver with no key is warned of`() throws {
        let site = try Site()
        #expect(try codes(signers: Site.line("eve@example-dc", 7) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)) == [.governanceKey])
        #expect(try codes(persons: site.governance.persons + [Person(principal: Site.mia, name: "Mia", roles: [])]) == [.governancePerson])
        #expect(try codes(signers: Site.line("ole@example-dc", 2), severity: .warning) == [.governanceKey])
        let genesisOnly = Site.line("ole@example-dc", 2, namespaces: "genesis@crossdock") + Site.line("ana@example-dc", 3)
        #expect(try codes(threshold: 2, signers: genesisOnly) == [.governanceQuorum])
    }
}
