import ChangeControl
import Foundation
import Pipeline
import Store
import Testing

@Suite struct DroppedApprovalTests {
    private func drop(_ name: String, _ text: String, _ signature: String?, at site: DeskSite) throws {
        try site.write("Governance/in/\(name).approve", text)
        if let signature { try site.write("Governance/in/\(name).approve.sig", signature) }
    }

    private func names(_ folder: String, of site: DeskSite) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Governance/in/\(folder)").sorted()
    }

    @Test func `a dropped pair that stands is counted, and one that does not is refused with the reason`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        let signature = try await site.sign(text, as: "jo")
        try drop("a-changed", text.replacingOccurrences(of: "reason Read", with: "reason Reed"), signature, at: site)
        try drop("b-good", text, signature, at: site)
        try drop("c-text", "no statement\n", signature, at: site)
        try drop("d-alone", text, nil, at: site)
        try drop("e-begun", text, "-----BEGIN SSH SIGNATURE-----\n", at: site)
        let outcomes = try await site.desk.takeDropped(at: DeskSite.at(20))
        #expect(outcomes.map(\.name) == ["a-changed", "b-good", "c-text"])
        #expect(outcomes[1].outcome == .accepted(request.id))
        #expect(try site.desk.request(request.id).status == .approved)
        #expect(try names("accepted", of: site) == ["b-good.approve", "b-good.approve.sig", "b-good.reason.txt"])
        #expect(try names("rejected", of: site).count == 6)
        #expect(try site.read("Governance/in/rejected/a-changed.reason.txt").contains("jo@site"))
        #expect(try names("", of: site) == ["accepted", "d-alone.approve", "e-begun.approve", "e-begun.approve.sig", "rejected"])
        #expect(try site.logKinds() == ["genesis", "changeProposed", "changeAssessed", "approvalRefused", "changeApproved", "approvalRefused"])
    }

    @Test func `a pair that was counted before its move was interrupted is moved and not counted twice`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let request = try site.propose()
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        let signature = try await site.sign(text, as: "jo")
        _ = try await site.desk.approve(statement: text, signature: signature, at: DeskSite.at(20))
        try drop("again", text, signature, at: site)
        #expect(try await site.desk.takeDropped(at: DeskSite.at(21)).map(\.outcome) == [.accepted(request.id)])
        #expect(try site.desk.request(request.id).approvals.count == 1)
        #expect(try site.logKinds().count { $0 == "changeApproved" } == 1)
    }

    @Test func `a link, a huge file and a name with a line break are refused and harm nothing`() async throws {
        let site = try DeskSite()
        try await site.begin()
        let folder = "\(site.root)/Governance/in"
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/link.approve", withDestinationPath: "/etc/passwd")
        try site.write("Governance/in/link.approve.sig", "-----END SSH SIGNATURE-----\n")
        try drop("huge", String(repeating: "x", count: 70_000), "-----END SSH SIGNATURE-----\n", at: site)
        try drop("two\nlines", "x\n", "-----END SSH SIGNATURE-----\n", at: site)
        let outcomes = try await site.desk.takeDropped(at: DeskSite.at(20))
        #expect(outcomes.count == 3)
        #expect(outcomes.allSatisfy { if case .refused = $0.outcome { true } else { false } })
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
    }
}
