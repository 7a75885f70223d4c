import ChangeControl
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// What time alone does to change requests, and what operators may do without approvals.
extension EndToEnd { @Suite struct ScheduleTests {
    private static let day: Int64 = 86_400

    /// A change of one rule that is to take effect in two hours, approved.
    private func scheduled(_ site: DeskSite, hours: Int = 36, in seconds: Int64 = 7_200) async throws -> ChangeRequest {
        try site.write("Schemes/order-priority.yaml", site.read("Schemes/order-priority.yaml").replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< \(hours)             | -       || \"rush\"       || the"))
        let request = try site.desk.propose(
            author: DeskSite.mia, title: "Rush at \(hours)", reason: "Contract", effective: DeskSite.at(seconds).description, at: DeskSite.at(10)).request
        return try await site.approve(request.id)
    }

    private func outcomes(_ site: DeskSite, at second: Int64) async throws -> [TimedChange.Outcome] {
        try await site.desk.keepTime(at: DeskSite.at(second)).map(\.outcome)
    }

    /// - Parameters:
    ///   - further: lines of governance.
    ///   - function: what Jo speaks for.
    private func begun(governance further: String = "", jo function: String = "goods") async throws -> DeskSite {
        let site = try DeskSite { root in
            let path = "\(root)/Governance/governance.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try (text.replacingOccurrences(of: "Jo Sandvik, roles: [approver, root]", with: "Jo Sandvik, roles: [approver, root], functions: [\(function)]") + further)
                .write(toFile: path, atomically: true, encoding: .utf8)
        }
        try await site.begin()
        _ = try site.site.makeFolders()
        return site
    }

    @Test func `a scheduled change becomes live at its instant, once, and not before`() async throws {
        let site = try await begun()
        let request = try await scheduled(site)
        #expect(request.status == .scheduled)
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(7_199)) } == .effective)
        #expect(try await outcomes(site, at: 7_199).isEmpty)
        #expect(try await outcomes(site, at: 7_200) == [.activated(request.target.id)])
        #expect(try site.site.liveState().id == request.target.id.description)
        #expect(try await outcomes(site, at: 7_300).isEmpty)
        #expect(try site.logKinds().count { $0 == "stateActivated" } == 1)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
    }

    @Test func `an instant that was missed is assessed and approved anew`() async throws {
        let site = try await begun()
        let request = try await scheduled(site)
        guard case .putBack(let reason)? = try await outcomes(site, at: 7_200 + 3_601).first else { throw CocoaError(.coderInvalidValue) }
        #expect(reason.hasSuffix("was missed"))
        let waiting = try site.desk.request(request.id)
        #expect(waiting.status == .assessed && waiting.approvals.isEmpty)
        #expect(try site.site.liveState().id == request.base.id.description)
        // The former approval does not bring it back, nor does a clock that is set back.
        #expect(await refusal { try await site.approve(request.id) } == .effective)
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(7_200)) } == .status)
        #expect(try site.logKinds().last == "changeAssessed")
    }

    @Test func `of two that are due the second is put back, as its base is gone`() async throws {
        let site = try await begun()
        let first = try await scheduled(site, hours: 30), second = try await scheduled(site, hours: 31)
        let done = try await site.desk.keepTime(at: DeskSite.at(7_200))
        #expect(done.map(\.request) == [first.id, second.id])
        #expect(done.first?.outcome == .activated(first.target.id))
        #expect(try site.desk.request(second.id).status == .proposed && site.desk.request(second.id).approvals.isEmpty)
        #expect(try site.site.liveState().id == first.target.id.description)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
    }

    @Test func `what keeps one scheduled change from its instant keeps no other`() async throws {
        let site = try await begun()
        let first = try await scheduled(site, hours: 30)
        try site.write("Schemes/order-priority.yaml", String(contentsOfFile: "\(DeskSite.package)/Schemes/order-priority.yaml", encoding: .utf8))
        try site.write("Overrides/new.md", "one\n")
        let second = try site.desk.propose(
            author: DeskSite.mia, title: "Note", reason: "Said", effective: DeskSite.at(7_200).description, at: DeskSite.at(12)).request
        _ = try await site.approve(second.id)
        // The site loses a target that the live rules name: nothing of the first compiles any more.
        try site.write("crossdock.yaml", site.read("crossdock.yaml").replacingOccurrences(of: "  carrier-api:", with: "  other:"))
        let desk = ChangeDesk(site: try Site.open(root: site.root))
        let done = try await desk.keepTime(at: DeskSite.at(7_200))
        #expect(done.count == 2 && done.allSatisfy { if case .putBack(let why) = $0.outcome { why.contains("targets") } else { false } })
        #expect(try site.desk.request(first.id).status == .proposed)
        #expect(try await desk.keepTime(at: DeskSite.at(7_201)).isEmpty)
        // A row that is damaged keeps no other from its instant, and no one from the status.
        try site.write("Overrides/new.md", "two\n")
        let third = try site.desk.propose(
            author: DeskSite.mia, title: "Note", reason: "Said", effective: DeskSite.at(9_000).description, at: DeskSite.at(8_000)).request
        _ = try await site.desk.approve(
            statement: try site.desk.statement(third.id, for: DeskSite.jo, reason: "Read").text,
            signature: try await site.sign(try site.desk.statement(third.id, for: DeskSite.jo, reason: "Read").text, as: "jo"), at: DeskSite.at(8_001))
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE change_request SET body = 'x' WHERE id = ?"), [.text(first.id.description)]) }
        #expect(try SiteStatus(site.site, now: DeskSite.at(8_002)).text.contains("1 cannot be read"))
        #expect(try await site.desk.keepTime(at: DeskSite.at(9_000)).map(\.outcome) == [.activated(third.target.id)])
        #expect(try !LogAudit.verify(site.site).defects.isEmpty)
    }

    @Test func `nothing follows itself, directly or through others`() async throws {
        let site = try await begun()
        let first = try site.propose(hours: 30)
        try site.edit("Schemes/order-priority.yaml", "< 30", "< 31")
        let second = try site.desk.propose(author: DeskSite.mia, title: "More", reason: "Then", following: first.id, at: DeskSite.at(11)).request
        try site.edit("Schemes/order-priority.yaml", "< 31", "< 32")
        for leading in [first.id, second.id] {
            #expect(await refusal {
                try site.desk.propose(author: DeskSite.mia, title: "Round", reason: "Then", revising: first.id, following: leading, at: DeskSite.at(12))
            } == .staleBase)
        }
        #expect(try site.desk.request(first.id) == first)
    }

    @Test func `a hold that was logged ahead of the machine's clock holds, and its time is that of the log`() async throws {
        let site = try await DeskSite.whole()
        let ahead = SystemClock.now().adding(DayTimeDuration(seconds: 600))
        try site.site.store.driver.write { _ = try Store.append(.tick, .context(ContextValue([])), at: ahead, in: $0) }
        let until = try site.desk.hold(for: DayTimeDuration(seconds: 3_600), by: DeskSite.ops, reason: "Wrong carrier", at: SystemClock.now())
        #expect(until == ahead.adding(DayTimeDuration(seconds: 3_600)))
        try site.dropSamples(["customers", "item-master", "x12-orders"])
        _ = try await site.runOnce()
        #expect(try site.site.store.deliveryCounts().allSatisfy { $0.status == "pending" } && !site.site.store.deliveryCounts().isEmpty)
        let status = try SiteStatus(site.site).text
        #expect(status.contains("held     nothing goes out") && status.contains("clock    is behind the log by"))
    }

    @Test func `entries by a clock that was set back bring nothing back to life`() async throws {
        let site = try await begun(governance: "lifetime: 1d\n")
        let request = try site.propose()
        _ = try await site.approve(request.id)
        for second in [Self.day + 20, 100] {
            try site.site.store.driver.write { _ = try Store.append(.tick, .context(ContextValue([])), at: DeskSite.at(second), in: $0) }
        }
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(200)) } == .expired)
    }

    @Test func `a freeze lets a scheduled change wait, until it has waited too long`() async throws {
        let site = try await begun(governance: "lateness: 2h\n")
        let request = try await scheduled(site)
        #expect(await refusal { try site.desk.freeze(for: DayTimeDuration(seconds: 8_900), by: DeskSite.jo, reason: "Peak", at: DeskSite.at(100)) } == .role)
        _ = try site.desk.freeze(for: DayTimeDuration(seconds: 8_900), by: DeskSite.ops, reason: "Peak", at: DeskSite.at(100))
        #expect(try await outcomes(site, at: 7_200) == [.waits])
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(7_200)) } == .frozen)
        #expect(try site.desk.request(request.id).status == .scheduled)
        try site.desk.thaw(by: DeskSite.ops, reason: "Over", at: DeskSite.at(8_000))
        #expect(try await outcomes(site, at: 8_000) == [.activated(request.target.id)])
        // Going back is never frozen.
        _ = try site.desk.freeze(for: DayTimeDuration(seconds: 11_900), by: DeskSite.ops, reason: "Peak", at: DeskSite.at(8_100))
        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Wrong", at: DeskSite.at(8_200))
        #expect(try site.site.liveState().id == request.base.id.description)
    }

    @Test func `a request that follows another is assessed once that is live`() async throws {
        let site = try await begun()
        let first = try site.propose(hours: 30)
        try site.edit("Schemes/order-priority.yaml", "< 30", "< 31")
        let second = try site.desk.propose(author: DeskSite.mia, title: "More", reason: "Then", following: first.id, at: DeskSite.at(11)).request
        #expect(second.status == .proposed && second.impact == nil)
        #expect(try await outcomes(site, at: 12).isEmpty)
        #expect(await refusal { try site.desk.assess(second.id, at: DeskSite.at(12)) } == .staleBase)
        _ = try await site.approve(first.id)
        _ = try await site.desk.activate(first.id, at: DeskSite.at(30))
        #expect(try await outcomes(site, at: 31) == [.assessed])
        _ = try await site.approve(second.id)
        #expect(try await site.desk.activate(second.id, at: DeskSite.at(40)) == second.target.id)
    }

    @Test func `a change of overrides does not void a change of rules, and both are live`() async throws {
        let site = try await begun()
        let rules = try site.propose(hours: 30)
        // The overrides are proposed on what is live, without the rules that wait.
        try site.write("Schemes/order-priority.yaml", String(contentsOfFile: "\(DeskSite.package)/Schemes/order-priority.yaml", encoding: .utf8))
        try site.write("Overrides/new.md", "one\n")
        let overrides = try site.desk.propose(author: DeskSite.mia, title: "Note", reason: "Said", at: DeskSite.at(12)).request
        #expect(rules.changedComponents == [.bundle] && overrides.changedComponents == [.overrides])
        for id in [rules.id, overrides.id] { _ = try await site.approve(id) }
        _ = try await site.desk.activate(overrides.id, at: DeskSite.at(30))
        let landed = try await site.desk.activate(rules.id, at: DeskSite.at(31))
        let live = try site.site.liveState()
        #expect(live.id == landed.description && landed != rules.target.id)
        #expect(live.description.bundle == rules.target.bundle && live.description.overrides == overrides.target.overrides)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        _ = try site.desk.rollback(.before(rules.id), by: DeskSite.ops, reason: "Wrong", at: DeskSite.at(40))
        #expect(try site.site.liveState().id == overrides.target.id.description)
        // What the folders do not have comes out of the store, and over nothing that is there.
        let exported = try site.desk.export(String(landed.description.prefix(8)), to: "\(site.root)/out")
        #expect(exported.state == landed && site.exists("out/Overrides/new.md"))
        #expect(try site.read("out/Schemes/order-priority.yaml").contains("< 30"))
        #expect(throws: PipelineFailure.self) { try site.desk.export(nil, to: "\(site.root)/out") }
        // Another that waits on the rules that were taken back says so.
        let stale = try site.propose(hours: 45)
        #expect(try site.desk.staleness(stale) == nil)
        _ = try site.desk.rollback(.state(landed), by: DeskSite.ops, reason: "It was right", at: DeskSite.at(60))
        #expect(try site.desk.staleness(stale)?.kind == .staleBase)
    }

    @Test func `a request expires, whatever the clock says afterwards`() async throws {
        let site = try await begun(governance: "lifetime: 1d\n")
        let request = try site.propose()
        _ = try await site.approve(request.id)
        #expect(try await outcomes(site, at: Self.day + 10) == [.expired])
        #expect(try site.desk.request(request.id).status == .expired)
        #expect(await refusal { try await site.desk.activate(request.id, at: DeskSite.at(30)) } == .status)
        // Another one expires by the instant of the log, though the clock was set back.
        let other = try site.propose(hours: 40)
        _ = try await site.approve(other.id)
        _ = try site.desk.freeze(for: DayTimeDuration(seconds: Self.day - 20), by: DeskSite.ops, reason: "Later", at: DeskSite.at(2 * Self.day + 20))
        try site.desk.thaw(by: DeskSite.ops, reason: "Now", at: DeskSite.at(2 * Self.day + 30))
        #expect(await refusal { try await site.desk.activate(other.id, at: DeskSite.at(50)) } == .expired)
    }

    @Test func `a class that the impact calls for asks for its function, and governance for two`() async throws {
        let classes = "classes:\n  - { class: rules, when: { paths: [Schemes/order-priority.yaml] }, functions: [sales] }\n"
        // No approver speaks for sales: such governance does not begin.
        await #expect(throws: PipelineFailure.self) { try await begun(governance: classes) }
        let site = try await begun(governance: classes, jo: "sales")
        let rules = try site.propose()
        #expect(rules.requirement == ApprovalRequirement(classes: ["rules"], approvals: 1, functions: ["sales"]))
        #expect(try await site.approve(rules.id, as: "kim").status == .assessed)
        #expect(try await site.approve(rules.id, as: "jo").status == .approved)
        _ = try await site.desk.activate(rules.id, at: DeskSite.at(30))

        try site.edit("Governance/governance.yaml", "threshold: 1", "threshold: 2")
        let governance = try site.desk.propose(author: DeskSite.mia, title: "Two", reason: "Audit", at: DeskSite.at(40)).request
        #expect(governance.requirement == ApprovalRequirement(classes: [], approvals: 2, functions: []))
        #expect(try await site.approve(governance.id, as: "jo").status == .assessed)
        #expect(await refusal { try await site.desk.activate(governance.id, at: DeskSite.at(50)) } == .status)
        #expect(try await site.approve(governance.id, as: "kim").status == .approved)
        _ = try await site.desk.activate(governance.id, at: DeskSite.at(50))
        #expect(try site.desk.governance().threshold == 2)
    }

    @Test func `emissions that an operator holds wait in the outbox, and go out when they are released`() async throws {
        let site = try await DeskSite.whole()
        let now = SystemClock.now()
        _ = try site.desk.hold(for: DayTimeDuration(seconds: 3_600), by: DeskSite.ops, reason: "Wrong carrier", at: now)
        try site.dropSamples(["customers", "item-master", "x12-orders"])
        _ = try await site.runOnce()
        let waiting = try site.site.store.deliveryCounts().filter { $0.target == "wms" }
        #expect(!waiting.isEmpty && waiting.allSatisfy { $0.status == "pending" })
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/wms").filter { !$0.hasPrefix(".") }.isEmpty)
        try site.desk.release(by: DeskSite.ops, reason: "Mended", at: SystemClock.now())
        _ = try await site.runOnce()
        #expect(try site.site.store.deliveryCounts().filter { $0.target == "wms" }.allSatisfy { $0.status == "delivered" })
        let review = try #require(try site.desk.safety().openReviews.first)
        #expect(review.deed.hasPrefix("held emissions"))
        try site.desk.closeReview(review.position, by: DeskSite.jo, finding: "The table was wrong", at: SystemClock.now())
        #expect(try site.desk.safety().openReviews.isEmpty && site.audit().defects.isEmpty)
    }

    @Test func `a rollback opens a review, and one beyond the window takes a break of the glass`() async throws {
        let site = try await begun(governance: "rollbackWindow: 10d\n")
        let request = try site.propose()
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: DeskSite.at(30))
        let late = DeskSite.at(11 * Self.day)
        #expect(await refusal { try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Wrong", at: late) } == .effective)
        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Wrong", breaksGlass: true, at: late)
        #expect(try site.site.liveState().id == request.base.id.description)
        let review = try #require(try site.desk.safety().openReviews.first)
        #expect(review.deed.hasPrefix("broke the glass and pinned") && review.due == late.adding(DayTimeDuration(seconds: 48 * 3_600)))
        #expect(await refusal { try site.desk.closeReview(review.position, by: DeskSite.ops, finding: "Fine", at: late) } == .ownChange)
        #expect(try SiteStatus(site.site, now: review.due).text.contains("OVERDUE"))
    }
} }
