import ChangeControl
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct RuleChangeTests {
    private static let scheme = "Schemes/order-priority.yaml"
    private static let near = "| -             | < 24             |", far = "| -             | < 100000         |"
    private static let order = DeskSite.order(key: "4500071001")

    /// A site with the orders of one file, of which some are near and some far.
    private func site() async throws -> DeskSite {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.sample("x12-orders/850-alpenmarkt-0042.edi"), as: "a.edi", in: "x12-orders")
        return site
    }

    @Test func `editing the rules changes nothing until a change is activated, and a rollback gives the former answers`() async throws {
        let site = try await site()
        let before = try site.computed("order-priority")
        #expect(before.contains("order:NORDWIND/4500071001 standard rule 4 in standard by rules"))
        try site.edit(Self.scheme, Self.near, Self.far)
        try site.take(DeskSite.order("NEW-1", promise: "20270601*1400", control: 500), as: "new.edi", in: "x12-orders")
        #expect(try site.standing("NEW-1").microsegment == "standard")
        #expect(try site.evaluator().drainDirty(now: SystemClock.now()).evaluated == 0)
        let edited = try site.computed("order-priority")
        #expect(edited.hasPrefix(before))

        let request = try await site.activate("Everything is near")
        let run = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(run.evaluated == 5)
        #expect(try site.standing("NEW-1").microsegment == "rush")
        #expect(try site.standing("4500071001").computed == "rush")
        #expect(try site.standing("4500071001").microsegment == "rush")

        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Too many", at: SystemClock.now())
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(try site.computed("order-priority") == edited)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `history answers before, between and after a change of the rules`() async throws {
        let site = try await site()
        let first = try #require(try site.site.store.lastLogEntry()?.position)
        try site.edit(Self.scheme, Self.near, Self.far)
        let request = try await site.activate("Everything is near")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        let second = try #require(try site.site.store.lastLogEntry()?.position)
        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Too many", at: SystemClock.now())
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        let third = try #require(try site.site.store.lastLogEntry()?.position)

        let history = try [first, second, third].map { try site.site.store.history(scheme: "order-priority", Self.order, knownAt: $0) }
        #expect(history.map { $0.map(\.microsegment) } == [["standard"], ["standard", "rush"], ["standard", "rush", "standard"]])
        let spans = history[2]
        #expect(spans.map { $0.validTo == nil } == [false, false, true])
        #expect(spans[0].validTo == spans[1].validFrom && spans[1].validTo == spans[2].validFrom)
        #expect(spans[0].state == spans[2].state && spans[0].state != spans[1].state)
        func asOf(_ instant: Instant) -> String? {
            spans.first { $0.validFrom <= instant && $0.validTo.map { instant < $0 } ?? true }?.microsegment
        }
        #expect(asOf(spans[0].validFrom.aNanosecondBefore) == nil)
        #expect(asOf(spans[1].validFrom.aNanosecondBefore) == "standard")
        #expect(asOf(spans[1].validFrom) == "rush")
        #expect(asOf(spans[2].validFrom) == "standard")
        // What was known before the change stays what was known then.
        #expect(history[0].map(\.validTo) == [nil])
    }

    @Test func `a run under a state that is not live any more takes no effect and is repeated under the new one`() async throws {
        let site = try await site()
        let stale = try site.flow()
        try site.edit(Self.scheme, Self.near, Self.far)
        try await site.activate("Everything is near")
        #expect(throws: (any Error).self) {
            try site.take(DeskSite.order("NEW-2", control: 501), as: "new.edi", in: "x12-orders", flow: stale)
        }
        #expect(try site.site.store.standing(scheme: "order-priority", DeskSite.order(key: "NEW-2")) == nil)
        #expect(try site.site.store.files(.published).map(\.name) == ["new.edi"])
        let finished = try site.flow().resume(now: SystemClock.now()).ended
        #expect(finished.map(\.file.status) == [.archived])
        #expect(try site.standing("NEW-2").microsegment == "rush")
    }
}}
