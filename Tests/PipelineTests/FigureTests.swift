import ChangeControl
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// What a change costs, and what it would have said before.
extension EndToEnd { @Suite struct FigureTests {
    /// A site with the sample files taken and its scheduled schemes run.
    private func site(governance further: String = "") async throws -> DeskSite {
        let site = try await DeskSite.whole { root in
            let path = "\(root)/Governance/governance.yaml"
            try (String(contentsOfFile: path, encoding: .utf8) + further).write(toFile: path, atomically: true, encoding: .utf8)
        }
        let flow = try site.flow()
        for feed in ["customers", "item-master", "order-history", "x12-orders", "idoc-orders"] {
            for name in try DeskSite.samples(feed) where !name.hasSuffix(".done") { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed, flow: flow) }
        }
        let evaluator = try site.evaluator(), now = SystemClock.now()
        _ = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { _ = try evaluator.fullRun(scheme, now: now) }
        return site
    }

    private func figures(_ report: ImpactReport) throws -> [String: SchemeImpact.Figure] {
        let scheme = try #require(report.schemes.first { $0.scheme == "item-value" })
        return Dictionary(uniqueKeysWithValues: scheme.figures.map { ($0.name, $0) })
    }

    @Test func `parameters that double double what they cost, though nobody moves`() async throws {
        let site = try await site()
        for (old, new) in [("0.08", "0.16"), ("0.10", "0.20"), ("0.12", "0.24"), ("0.15", "0.30")] { try site.edit("Schemes/item-value.yaml", "costTarget: \(old)", "costTarget: \(new)") }
        let request = try site.desk.propose(author: DeskSite.mia, title: "Twice", reason: "Tried", at: SystemClock.now()).request
        let report = try site.desk.impact(request.id, at: SystemClock.now()), members = try site.site.store.standings(scheme: "item-value").count
        #expect(report.moved == 0)
        let cost = try #require(try figures(report)["cost to serve"]), stock = try #require(try figures(report)["safety stock"])
        #expect(cost.isMoney && cost.known == members && cost.unknown == 0 && cost.before > .zero)
        #expect(try cost.after == cost.before.adding(cost.before) && cost.change == cost.before)
        #expect(stock.before == stock.after && stock.before > .zero && stock.known + stock.unknown == members)
        let page = report.page(title: "What it does").markdown
        #expect(page.contains("| cost to serve | \(cost.before) EUR | \(cost.after) EUR | \(cost.before) EUR |"), "\(page)")
        #expect(!report.unknown.contains { $0.contains("item-value") && $0.contains("safety stock") } && report.unknown.contains { $0.hasPrefix("what order-priority does to safety stock") })
    }

    @Test func `money above a limit takes who speaks for it, and so does money that nobody can tell`() async throws {
        let site = try await site(governance: "classes:\n  - { class: money, when: { money: 1 }, approvals: 2 }\n")
        try site.edit("Schemes/item-value.yaml", "costTarget: 0.15", "costTarget: 0.30")
        let costly = try site.desk.propose(author: DeskSite.mia, title: "Costly", reason: "Tried", at: SystemClock.now()).request
        #expect(costly.requirement?.classes == ["money"] && costly.requirement?.approvals == 2)
        // The same without the figure, without its money, and by another expression.
        for (old, new) in [("  cost to serve: { feel: revenue * costTarget, unit: EUR, money: true }\n", ""), (", money: true", ""), ("revenue * costTarget", "revenue * 0.0001")] {
            let text = try site.read("Schemes/item-value.yaml")
            try site.edit("Schemes/item-value.yaml", old, new)
            let hidden = try site.desk.propose(author: DeskSite.mia, title: "Hidden", reason: "Tried", at: SystemClock.now()).request
            #expect(hidden.requirement?.classes == ["money"], "\(old)")
            try site.write("Schemes/item-value.yaml", text)
        }
        // Orders have no figures: whoever moves may cost anything.
        try site.edit("Schemes/item-value.yaml", "costTarget: 0.30", "costTarget: 0.15")
        #expect(try site.propose(hours: 99_999).requirement?.classes == ["money"])
        // Parameters alone may cost as well.
        try site.write("Schemes/order-priority.yaml", site.read("Schemes/order-priority.yaml").replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< 24             | -       || \"rush\"       || the"))
        try site.edit("Schemes/order-priority.yaml", "pickPriority: 90", "pickPriority: 91")
        let dearer = try site.desk.propose(author: DeskSite.mia, title: "Dearer", reason: "Tried", at: SystemClock.now()).request
        #expect(dearer.requirement?.classes == ["money"])
        // What changes no scheme costs nothing.
        try site.edit("Schemes/order-priority.yaml", "pickPriority: 91", "pickPriority: 90")
        try site.edit("Schemes/actions/order-priority-changed.yaml", "deadline: 24h", "deadline: 25h")
        let idle = try site.desk.propose(author: DeskSite.mia, title: "Idle", reason: "Tried", at: SystemClock.now()).request
        #expect(idle.requirement?.classes == [])
    }

    @Test func `changed rules are asked what they would have said in the last runs`() async throws {
        let site = try await site()
        let decisions = try site.site.store.decisions(after: -1).filter { $0.scheme == "order-priority" }
        let request = try site.propose(hours: 99_999)
        let report = try site.desk.impact(request.id, at: SystemClock.now())
        let replay = try #require(report.schemes.first { $0.scheme == "order-priority" }?.replay)
        #expect(replay.decisions == decisions.count && replay.runs == Set(decisions.map(\.position)).count && replay.unknown == 0)
        #expect(replay.changes.allSatisfy { $0.to == "rush" && $0.from != "rush" })
        // What has no promise is in no hurry by either.
        let unpromised = "\"name\":\"hours to promise\",\"value\":null"
        #expect(replay.changes.reduce(0) { $0 + $1.count } == decisions.count { $0.microsegment != "rush" && !$0.body.contains(unpromised) })
        #expect(report.schemes.first { $0.scheme == "item-value" }?.replay == nil)
        // Who is near the numbers of the changed table, and which micro-segments are empty then.
        let orders = try #require(report.schemes.first { $0.scheme == "order-priority" })
        #expect(orders.boundaries.map(\.threshold).contains(ExactDecimal(99_999)) && orders.boundaries.allSatisfy { $0.attribute == "hours to promise" })
        #expect(orders.sizes.filter { $0.after == 0 }.allSatisfy { $0.remark == "nobody is left" })
        #expect(report.page(title: "t").markdown.contains("What order-priority would have said in its last runs"))
    }
} }
