import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct TimeTests {
    @Test func `time alone makes an order urgent at the instant that was computed, and not a nanosecond before`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.order("T-1", promise: "20350312*1400"), as: "t.edi", in: "x12-orders")
        let first = try site.standing("T-1")
        #expect(first.microsegment == "standard")
        let instant = try #require(first.nextChange)
        // 14:00 in Chicago, a day before: summer time begins on 11 March 2035. Hours are rounded to two places.
        let promise = try #require(Instant("2035-03-12T19:00:00Z"))
        #expect(instant > promise.adding(seconds: -86_400 - 60) && instant <= promise.adding(seconds: -86_400 + 60), "\(instant)")

        let records = try site.site.store.recordCounts().map(\.count)
        #expect(try site.evaluator().tick(now: instant.aNanosecondBefore).evaluated == 0)
        #expect(try site.standing("T-1") == first)
        #expect(try site.evaluator().tick(now: instant).evaluated == 1)
        let candidate = try site.standing("T-1")
        #expect(candidate.computed == "rush")
        // Two confirmations, two seconds apart: the second is due by time alone too.
        let second = try #require(candidate.nextChange)
        #expect(second == instant.adding(seconds: 2))
        #expect(candidate.microsegment == "standard")
        #expect(try site.evaluator().tick(now: second.aNanosecondBefore).evaluated == 0)
        #expect(try site.evaluator().tick(now: second).changed == 1)
        #expect(try site.standing("T-1").microsegment == "rush")
        #expect(try site.site.store.recordCounts().map(\.count) == records)
        let spans = try site.site.store.history(scheme: "order-priority", DeskSite.order(key: "T-1"), knownAt: .max)
        #expect(spans.map(\.microsegment) == ["standard", "rush"])
        #expect(spans.last?.validFrom == second)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `ticks that come late give the answers that ticks in time would have given`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.order("T-2", promise: "20350312*1400"), as: "t.edi", in: "x12-orders")
        let instant = try #require(try site.standing("T-2").nextChange)
        _ = try site.evaluator().tick(now: instant.adding(seconds: 3_600))
        #expect(try site.standing("T-2").microsegment == "rush")
        let spans = try site.site.store.history(scheme: "order-priority", DeskSite.order(key: "T-2"), knownAt: .max)
        #expect(spans.last?.validFrom == instant.adding(seconds: 2))
    }

    @Test func `an override moves an order until it expires, and says so`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.order("T-3", promise: "20350312*1400"), as: "t.edi", in: "x12-orders")
        let expires = try #require(Instant("2030-01-01T00:00:00Z"))
        try site.writeOverride("OV-0007", scheme: "order-priority", entity: "T-3", microsegment: "careful", expires: expires)
        try await site.activate("Handle with care")
        #expect(try site.standing("T-3").microsegment == "standard")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        let overridden = try site.standing("T-3")
        #expect(overridden.microsegment == "careful")
        #expect(overridden.computed == "standard")
        #expect(overridden.cause == "override OV-0007")
        #expect(overridden.nextChange == expires)
        #expect(try site.text(of: DeskSite.order(key: "T-3")).contains("is in careful of order-priority by override OV-0007"))

        _ = try site.evaluator().tick(now: expires.aNanosecondBefore)
        #expect(try site.standing("T-3") == overridden)
        #expect(try site.evaluator().tick(now: expires).changed == 1)
        let back = try site.standing("T-3")
        #expect(back.microsegment == "standard")
        #expect(back.cause == "rules")
        // What the rules await comes next: the promise.
        #expect(try #require(back.nextChange) > expires)
    }

    @Test func `an override that begins later moves the order at that instant`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.order("T-4", promise: "20350312*1400"), as: "t.edi", in: "x12-orders")
        let from = try #require(Instant("2030-01-01T00:00:00Z")), expires = from.adding(seconds: 60)
        try site.writeOverride("OV-0008", scheme: "order-priority", entity: "T-4", microsegment: "careful", from: from, expires: expires)
        try await site.activate("Handle with care, later")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(try site.standing("T-4").nextChange == from)
        _ = try site.evaluator().tick(now: from.aNanosecondBefore)
        #expect(try site.standing("T-4").microsegment == "standard")
        _ = try site.evaluator().tick(now: from)
        #expect(try site.standing("T-4").microsegment == "careful")
        _ = try site.evaluator().tick(now: expires)
        #expect(try site.standing("T-4").microsegment == "standard")
    }

    @Test func `an override of a scheme on a schedule moves an item until it expires`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.sample("order-history/history-2025-11_2026-10.csv"), as: "h.csv", in: "order-history")
        let start = SystemClock.now()
        for scheme in try site.evaluator().dueFullRuns(now: start) { _ = try site.evaluator().fullRun(scheme, now: start) }
        let before = try #require(try site.site.store.standings(scheme: "item-value").first { $0.microsegment == "tail" })
        let expires = Instant(seconds: start.seconds + 3_600)
        try site.writeOverride("OV-0009", scheme: "item-value", entity: before.entity.id, microsegment: "core-steady", expires: expires)
        try await site.activate("Keep it at hand")
        // The state is another one, so the run is due although its period has not passed.
        let now = SystemClock.now()
        let due = try site.evaluator().dueFullRuns(now: now)
        #expect(due.map(\.name) == ["item-value"])
        for scheme in due { _ = try site.evaluator().fullRun(scheme, now: now) }
        let overridden = try #require(try site.site.store.standing(scheme: "item-value", before.entity))
        #expect(overridden.microsegment == "core-steady")
        #expect(overridden.computed == "tail")
        #expect(overridden.cause == "override OV-0009")
        #expect(overridden.nextChange == expires)
        #expect(try site.text(of: before.entity).contains("by override OV-0009"))
        #expect(try site.evaluator().dueFullRuns(now: now).isEmpty)

        _ = try site.evaluator().tick(now: expires.aNanosecondBefore)
        #expect(try site.site.store.standing(scheme: "item-value", before.entity) == overridden)
        _ = try site.evaluator().tick(now: expires)
        let back = try #require(try site.site.store.standing(scheme: "item-value", before.entity))
        #expect(back.microsegment == "tail")
        #expect(back.cause == "rules")
        #expect(back.nextChange == nil)
    }
}}
