import ChangeControl
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

@Suite struct DisputeDeskTests {
    private static let first = DisputeID(number: 1)

    /// Live and overdue disputes.
    private func counts(_ status: SiteStatus) -> [Int] { status.disputes.map { [$0.live, $0.overdue] } ?? [] }

    @Test func `a dispute goes from raising to its end, and log, audit and status tell it`() async throws {
        let site = try DeskSite()
        try await site.begin()
        _ = try site.site.makeFolders()
        try site.place("A-1", at: DeskSite.at(hour: 1))
        let desk = site.disputes
        let raised = try site.raise("A-1", at: DeskSite.at(hour: 2))
        #expect(raised.id.description == "DP-0001")
        #expect(raised.assignment.entity == "order:NORDWIND/A-1" && raised.assignment.microsegment == "standard" && raised.assignment.position == 1)
        #expect(raised.clock.due == DeskSite.at(hour: 50))
        _ = try desk.triage(Self.first, owner: DeskSite.jo, by: DeskSite.ops, at: DeskSite.at(hour: 3))
        _ = try desk.pause(Self.first, by: DeskSite.jo, reason: "Asked the customer", at: DeskSite.at(hour: 4))
        #expect(counts(try SiteStatus(site.site, now: DeskSite.at(hour: 5))) == [1, 0])
        _ = try desk.resume(Self.first, by: DeskSite.jo, at: DeskSite.at(hour: 14))
        #expect(try site.dispute(1, at: DeskSite.at(hour: 15)).clock.due == DeskSite.at(hour: 60))
        let late = try SiteStatus(site.site, now: DeskSite.at(hour: 60))
        #expect(counts(late) == [1, 1] && late.text.contains("disputes 1 live, 1 overdue"))
        let request = try site.propose()
        let decided = try desk.decide(Self.first, .upheld, change: request.id, by: DeskSite.kim, reason: "Twice late", at: DeskSite.at(hour: 20))
        #expect(decided.dispute.status == .decided && decided.dispute.change == request.id && decided.wasEscalated == false)
        _ = try desk.close(Self.first, by: DeskSite.ops, at: DeskSite.at(hour: 21))
        #expect(counts(try SiteStatus(site.site, now: DeskSite.at(hour: 99))) == [0, 0])
        #expect(try site.disputeEvents().map(\.content.name) == ["raised", "triaged", "paused", "resumed", "decided", "closed"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `what stands nowhere is not disputed, and a decision names a request that there is`() async throws {
        let site = try DeskSite()
        try await site.begin()
        #expect(throws: PipelineFailure.self) { try site.raise("A-1", at: DeskSite.at(hour: 2)) }
        try site.place("A-1", at: DeskSite.at(hour: 1))
        try site.raise("A-1", at: DeskSite.at(hour: 2))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 3))
        #expect(throws: PipelineFailure.self) {
            try site.disputes.decide(Self.first, .upheld, change: ChangeRequestID(number: 9), by: DeskSite.kim, reason: "So", at: DeskSite.at(hour: 3))
        }
        #expect(try site.disputeEvents().count == 2)
    }

    /// A site on which the operator proposes too.
    private func twoAuthors() throws -> DeskSite {
        try DeskSite { root in
            let path = "\(root)/Governance/governance.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8).replacingOccurrences(of: "[operator]", with: "[operator, author]")
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private func activate(_ site: DeskSite, by author: Principal, _ second: Int64) async throws -> ChangeRequest {
        let request = try site.desk.propose(author: author, title: "Other", reason: "Tried", at: DeskSite.at(second)).request
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: DeskSite.at(second + 1))
        return request
    }

    @Test func `who wrote the rules is who brought the scheme in its form, whoever changed other things since`() async throws {
        let site = try twoAuthors()
        try await site.begin()
        try site.place("A-0", at: DeskSite.at(5))
        #expect(try site.raise("A-0", at: DeskSite.at(6)).assignment.authors.isEmpty)
        let rules = try site.propose()
        _ = try await site.approve(rules.id)
        _ = try await site.desk.activate(rules.id, at: DeskSite.at(30))
        try site.write("Overrides/note.md", "A note\n")
        _ = try await activate(site, by: DeskSite.ops, 40)
        try site.place("A-1", at: DeskSite.at(50))
        #expect(try site.raise("A-1", at: DeskSite.at(51)).assignment.authors == [DeskSite.mia])
        // Back to what two roots signed, and forth again to what Mia wrote.
        _ = try site.desk.rollback(.before(rules.id), by: DeskSite.ops, reason: "No", at: DeskSite.at(60))
        try site.place("A-2", at: DeskSite.at(61))
        #expect(try site.raise("A-2", at: DeskSite.at(62)).assignment.authors.isEmpty)
        _ = try site.desk.rollback(.state(rules.target.id), by: DeskSite.ops, reason: "Yes", at: DeskSite.at(70))
        try site.place("A-3", at: DeskSite.at(71))
        #expect(try site.raise("A-3", at: DeskSite.at(72)).assignment.authors == [DeskSite.mia])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `who wrote an override is who proposed it and who answers for it`() async throws {
        let site = try twoAuthors()
        try await site.begin()
        try site.writeOverride("OV-0001", scheme: DeskSite.scheme, entity: "A-1", microsegment: "careful", expires: try #require(Instant("2035-01-01T00:00:00Z")))
        try site.edit("Overrides/OV-0001.yaml", "owner: mia@site", "owner: jo@site")
        _ = try await activate(site, by: DeskSite.ops, 10)
        try site.edit("Schemes/order-priority.yaml", "< 48", "< 47")
        _ = try await activate(site, by: DeskSite.mia, 20)
        try site.place("A-1", "careful", cause: "override OV-0001", at: DeskSite.at(50))
        #expect(try site.raise("A-1", by: DeskSite.mia, at: DeskSite.at(51)).assignment.authors == [DeskSite.jo, DeskSite.ops])
    }

    @Test func `what holds an entity is an override that goes through change control, until the decision is due`() async throws {
        let site = try DeskSite()
        try await site.begin()
        try site.place("A,1", at: DeskSite.at(hour: 1))
        let raised = try site.raise("A,1", at: DeskSite.at(hour: 2))
        let sheet = try #require(raised.holdSheet(at: DeskSite.at(hour: 3)))
        try site.write("Overrides/hold.csv", sheet)
        let (bundle, findings) = try StateFiles.onDisk(root: site.root).compile()
        let held = try #require(bundle, "\(findings)").overrides.inForce(scheme: DeskSite.scheme, entity: DeskSite.order(key: "A,1"), at: DeskSite.at(hour: 49))
        #expect(held?.effect == .pin && held?.expires == DeskSite.at(hour: 50))
        #expect(raised.holdSheet(at: DeskSite.at(hour: 50)) == nil)
        // Nothing that is live was touched by raising it.
        #expect(try site.site.liveState().bundle.overrides.all.isEmpty)
        #expect(try site.site.store.dirtyCount() == 0)
    }
}

extension EndToEnd { @Suite struct DisputeDaemonTests {
    @Test func `the daemon escalates after an outage, says when it was due, and tells it once`() async throws {
        let site = try await DeskSite.whole()
        try site.place("A-1", at: DeskSite.at(hour: 1))
        try site.raise("A-1", at: DeskSite.at(hour: 2))
        func escalated(_ events: [PipelineEvent]) -> [Dispute] { events.compactMap { if case .disputeEscalated(let dispute) = $0 { dispute } else { nil } } }
        let told = escalated(try await site.runOnce())
        #expect(told.map(\.escalatedDue) == [DeskSite.at(hour: 50)])
        #expect(escalated(try await site.runOnce()).isEmpty)
        #expect(try site.disputeEvents().map(\.content).suffix(1) == [.escalated(due: DeskSite.at(hour: 50))])
        #expect(try site.audit().defects.isEmpty)
    }
} }
