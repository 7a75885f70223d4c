import ChangeControl
import Foundation
import Pipeline
import Store
import Testing
import Values

/// What the folders' scheme would do, before anybody proposes it.
extension EndToEnd { @Suite struct SchemeComparisonTests {
    private func work(_ site: DeskSite, at now: Instant) throws {
        let evaluator = try site.evaluator()
        _ = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { _ = try evaluator.fullRun(scheme, now: now) }
    }

    private func site() async throws -> DeskSite {
        let site = try await DeskSite.whole()
        for feed in ["customers", "item-master", "order-history", "x12-orders", "idoc-orders"] {
            for name in try DeskSite.samples(feed) where !name.hasSuffix(".done") { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed) }
        }
        try work(site, at: SystemClock.now())
        return site
    }

    @Test(arguments: ["order-priority", "item-value"])
    func `nobody moves while the folders hold what is live`(scheme: String) async throws {
        let site = try await site()
        let found = try SchemeComparison(scheme, site: site.site, now: SystemClock.now())
        #expect(found.impact.moves.isEmpty && found.failures == 0)
        #expect(found.impact.members == (try site.site.store.standings(scheme: scheme).count) && found.impact.members > 3)
    }

    @Test func `a comparison tells what the change request then tells, in columns and one by one`() async throws {
        let site = try await site()
        try site.write("Schemes/order-priority.yaml", site.read("Schemes/order-priority.yaml").replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< 99999 | - || \"rush\" || the"))
        // Items that were of the tail are of the middle.
        try site.edit("Schemes/item-value.dmn", "<text>\"tail\"</text>", "<text>\"middle\"</text>")
        let now = SystemClock.now()
        let compared = try ["item-value", "order-priority"].map { try SchemeComparison($0, site: site.site, now: now) }
        let request = try site.desk.propose(author: DeskSite.mia, title: "Other rules", reason: "Tried", at: now).request
        let report = try site.desk.impact(request.id, at: now)
        for (found, told) in zip(compared, report.schemes) {
            #expect(found.impact.scheme == told.scheme && found.impact.moved > 0)
            #expect(found.impact.moves == told.moves && found.impact.sizes == told.sizes && found.impact.lowered == told.lowered)
            #expect(found.impact.movers == told.movers && found.impact.valueMoved == told.valueMoved)
        }
        #expect(compared[1].page.markdown.contains("members of order-priority would move"))
        let hours = try #require(compared[1].boundaries.first { $0.attribute == "hours to promise" && $0.threshold == ExactDecimal(99_999) })
        #expect(hours.entities == 0 && compared[1].boundaries.count > 1)
        // Nothing was kept of it.
        #expect(try site.site.store.dirtyCount() == 0)
    }

    @Test func `a scheme that is not there, or that has an error, is told`() async throws {
        let site = try await site()
        #expect(throws: PipelineFailure.self) { try SchemeComparison("item-valu", site: site.site, now: SystemClock.now()) }
        try site.edit("Schemes/item-value.yaml", "cadence:", "cadance:")
        let failure = #expect(throws: PipelineFailure.self) { try SchemeComparison("item-value", site: site.site, now: SystemClock.now()) }
        #expect(failure?.diagnostics.isEmpty == false)
    }
} }
