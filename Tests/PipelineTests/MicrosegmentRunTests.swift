import Clustering
import Diagnostics
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// Clusters, budgets and overrides over real records in a real store.
extension EndToEnd { @Suite struct MicrosegmentRunTests {
    private static let start = Instant(seconds: 1_790_000_000)
    private static let header = "doc_type,invoice,line,item,customer,qty,unit_price,invoiced_at,country,remark\n"

    /// One sale each of some items, by their numbers.
    private static func sales(_ round: Int, _ quantities: [(item: Int, quantity: Int)]) -> String {
        header + quantities.map { "INV,R\(round)\(100 + $0.item),10,IT-\($0.item),C-1002,\($0.quantity),10.00,2026-08-\(10 + round) 13:48,AT,\n" }.joined()
    }

    /// Even items in small numbers, odd ones in large.
    private static let first = (0..<40).map { (item: $0, quantity: $0 % 2 == 0 ? 2 + $0 % 3 : 400 + $0) }

    private static func scheme(_ further: String) -> String {
        """
        scheme: item-behaviour
        entity: item
        cadence: daily
        clusters: { attributes: { revenue: { logarithm: true } }, count: 2, resamples: 5 }
        rules:
          hitPolicy: FIRST
          table: |
            | cluster || microsegment |
            | "c1"    || "slow"       |
            | "c2"    || "fast"       |
            | -       || "rest"       |
        \(further)
        microsegments: { slow: { stocking: on-demand }, fast: { stocking: continuous }, rest: { stocking: periodic } }

        """
    }

    private func site(_ further: String = "value: revenue") async throws -> DeskSite {
        let site = try await DeskSite.whole()
        try site.take(Self.sales(1, Self.first), as: "a.csv", in: "order-history")
        try site.write("Schemes/item-behaviour.yaml", Self.scheme(further))
        return site
    }

    private func recalibrated(_ site: DeskSite, at now: Instant = start) throws -> SchemeRecalibration {
        try SchemeRecalibration("item-behaviour", site: site.site, asOf: now, despiteBadFeeds: false)
    }

    private func members(_ site: DeskSite) throws -> [String: Int] {
        Dictionary(grouping: try site.site.store.standings(scheme: "item-behaviour"), by: \.microsegment).mapValues(\.count)
    }

    @discardableResult
    private func run(_ site: DeskSite, at now: Instant) throws -> Evaluator.RunCounts {
        try site.evaluator().fullRun(#require(try site.site.liveState().bundle.scheme("item-behaviour")), now: now)
    }

    @Test func `clusters are found over the records, go live with a change, place items, and are found again bit for bit`() async throws {
        let site = try await site()
        let found = try recalibrated(site)
        #expect(found.made.verdict == .strong && found.made.model.clusters.map(\.members) == [20, 20])
        try found.write(in: site.site)
        #expect(try recalibrated(site).made.model.text == site.read("Schemes/item-behaviour.clusters.jsonl"))
        #expect(try site.read("Schemes/item-behaviour.clusters.md").contains("| c1 | 20 | 50 % |"))
        try await site.activate("Clusters of items")
        #expect(try run(site, at: Self.start).evaluated == 40)
        #expect(try members(site) == ["slow": 20, "fast": 20])
        let text = try site.text(of: EntityKey(.item, client: "NORDWIND", id: "IT-0"))
        #expect(text.contains("cluster c1") && text.contains("it would be as near to c2 if revenue were") && text.contains("cluster = \"c1\""))
        let revenue = try #require(AttributeCatalogue(site.site.liveState().bundle, kind: .item).entries.first { $0.name == "revenue" })
        #expect(revenue.readers.map(\.scheme).contains("item-behaviour"), "through its clusters")
        // The file goes: the model does not come with the scheme any more, and nobody is in a cluster.
        try FileManager.default.removeItem(atPath: "\(site.root)/Schemes/item-behaviour.clusters.jsonl")
        try await site.activate("Without the model")
        try run(site, at: Self.start.adding(seconds: 60))
        #expect(try members(site) == ["rest": 40])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a budget spreads moves over cycles, and is never exceeded`() async throws {
        let site = try await site("value: revenue\nstability: { confirmAfter: 1s, budget: { per: week, members: 10% } }")
        try recalibrated(site).write(in: site.site)
        try await site.activate("Clusters of items")
        try run(site, at: Self.start)
        // Twelve slow items sell well from now on; four of forty may move in a week.
        try site.take(Self.sales(2, (0..<12).map { (item: 2 * $0, quantity: 415) }), as: "b.csv", in: "order-history")
        for (week, fast) in [(0, 24), (1, 28), (2, 32), (3, 32)] {
            for day in 0..<3 { try run(site, at: Self.start.adding(seconds: Int64(week * 604_800 + day * 3_600 + 7_200))) }
            #expect(try members(site)["fast"] == fast, "week \(week)")
        }
        let queued = try site.site.store.standings(scheme: "item-behaviour").filter { $0.verdict == .queued }
        #expect(queued.isEmpty)
        let spans = try site.site.store.history(scheme: "item-behaviour", EntityKey(.item, client: "NORDWIND", id: "IT-0"), knownAt: .max)
        #expect(spans.map(\.microsegment) == ["slow", "fast"])
    }

    @Test func `micro-segments that are too small are merged into their parents`() async throws {
        let site = try await site()
        try recalibrated(site).write(in: site.site)
        // The floor is raised after the clusters were found, which it holds for too.
        try site.write("Schemes/item-behaviour.yaml", Self.scheme("value: revenue\nparents: { slow: rest }\ngranularity: { minimumMembers: 21 }"))
        try await site.activate("Clusters of items")
        try run(site, at: Self.start)
        #expect(try members(site) == ["rest": 20, "fast": 20], "the fast have no parent")
        #expect(try site.text(of: EntityKey(.item, client: "NORDWIND", id: "IT-0")).contains("merged: slow is too small by itself"))
    }

    @Test func `overrides of a sheet are read with their places, and reviewed`() async throws {
        let site = try await site("tiers: [fast, slow, rest]")
        try recalibrated(site).write(in: site.site)
        let head = "override,scheme,entity.client,entity.id,microsegment,floor,pin,reason,owner,expires\n"
        try site.write("Overrides/november.csv", head + "OV-1,item-behaviour,NORDWIND,IT-0,fats,,,Launch,mia@site,2030-01-01T00:00:00Z\nOV-2,item-behaviour,NORDWIND,IT-2,,,,Launch,mia@site,\n")
        let bad = try StateFiles.onDisk(root: site.root).compile().diagnostics.filter { $0.severity == .error }
        #expect(bad.map { "\($0.position.file ?? "") \($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code)" } == [
            "Overrides/november.csv 3:1 CONF-MISSING", "Overrides/november.csv 2:35 OVERRIDE-NAME",
        ])
        try site.write("Overrides/november.csv", head + """
            OV-1,item-behaviour,NORDWIND,IT-0,fast,,,Launch,mia@site,2030-01-01T00:00:00Z
            OV-2,item-behaviour,NORDWIND,IT-2,,slow,,"Never less, says the contract",mia@site,2030-01-01T00:00:00Z
            OV-3,item-behaviour,NORDWIND,IT-99,,,true,Typing slip,mia@site,2030-01-01T00:00:00Z
            OV-4,item-behaviour,NORDWIND,IT-4,rest,,,Long ago,mia@site,2020-01-01T00:00:00Z

            """)
        try await site.activate("November")
        try run(site, at: Self.start)
        let state = try site.site.liveState()
        let review = try OverrideReview(state.bundle.overrides, schemes: state.bundle.schemes, store: site.site.store, now: Self.start)
        #expect(review.entries.map { "\($0.override.id) \($0.phase.rawValue) \($0.inEffect ?? "-") \($0.disagreesSince != nil) \($0.advice ?? "")" } == [
            "OV-1 in force fast true ", "OV-2 in force slow false the rules say so too: let it end", "OV-4 expired slow false take it out: it has expired",
            "OV-3 in force - false no entity of this name was ever assigned: see whether it is written rightly",
        ])
        let text = try site.text(of: EntityKey(.item, client: "NORDWIND", id: "IT-0"))
        #expect(text.contains("override OV-1: it is fast until 2030-01-01T00:00:00Z, by mia@site: Launch") && text.contains("without it, it would be in slow"))
    }

    @Test func `an override that disagrees is held against the values of both micro-segments`() async throws {
        let site = try await site()
        try recalibrated(site).write(in: site.site)
        let head = "override,scheme,entity.client,entity.id,microsegment,reason,owner,expires\n"
        try site.write("Overrides/november.csv", head + """
            OV-1,item-behaviour,NORDWIND,IT-0,fast,Launch,mia@site,2030-01-01T00:00:00Z
            OV-2,item-behaviour,NORDWIND,IT-1,slow,Runs out,mia@site,2030-01-01T00:00:00Z

            """)
        try await site.activate("November")
        try run(site, at: Self.start)
        let state = try site.site.liveState()
        let review = try OverrideReview(state.bundle.overrides, schemes: state.bundle.schemes, store: site.site.store, now: Self.start)
        // Even items sell 2 to 4 pieces for 10.00, odd ones 401 and more.
        #expect(review.entries.map { $0.outcome?.value.description ?? "" } == ["20.00", "4010.00"])
        #expect(review.entries.allSatisfy { $0.advice == "drop it: it does as the rules say" })
        #expect(review.entries[0].text.contains("its value is 20.00; the median of fast is 4210.00, of slow 30.00"))
        // Once the first sells as was foreseen, it is borne out; the rules follow by and by.
        try site.write("Schemes/item-behaviour.yaml", Self.scheme("value: revenue\nstability: { confirmations: 3, confirmAfter: 1d }"))
        try await site.activate("Slower")
        try run(site, at: Self.start.adding(seconds: 60))
        try site.take(Self.sales(2, [(item: 0, quantity: 415)]), as: "b.csv", in: "order-history")
        try run(site, at: Self.start.adding(seconds: 120))
        let later = try OverrideReview(state.bundle.overrides, schemes: site.site.liveState().bundle.schemes, store: site.site.store, now: Self.start.adding(seconds: 120))
        #expect(later.entries[0].advice == "keep it: it does as those among whom it was put")
    }

    @Test func `a shift is found at a look, told once, and makes the run due; a burst is one look`() async throws {
        let site = try await site("value: revenue\ntriggers: { every: 1h, quiet: 5m, shift: [revenue] }")
        try recalibrated(site).write(in: site.site)
        try await site.activate("Clusters of items")
        let now = SystemClock.now()
        try run(site, at: now)
        let state = try site.site.liveState(), watch = SchemeWatch(store: site.site.store, state: state)
        let scheme = try #require(state.bundle.scheme("item-behaviour")), triggers = try #require(scheme.triggers)
        #expect(try watch.look(scheme, triggers, now: now.adding(seconds: 60)).isEmpty)
        for round in 2..<6 { try site.take(Self.sales(round, (0..<20).map { (item: 2 * $0, quantity: 415) }), as: "\(round).csv", in: "order-history") }
        let latest = try #require(try site.site.store.latestFile())
        func isDue(_ after: Int64, looked: Int64? = nil) throws -> Bool {
            try watch.isLookDue(triggers, lastLook: looked.map { latest.adding(seconds: $0) }, now: latest.adding(seconds: after))
        }
        #expect(try !isDue(299) && isDue(300))
        #expect(try !isDue(299, looked: -3700) && isDue(300, looked: -3700) && isDue(0, looked: -7200), "no burst puts it off for ever")
        #expect(try !isDue(9999, looked: 1), "nothing has come since")
        let found = try watch.look(scheme, triggers, now: latest.adding(seconds: 300))
        #expect(found.map(\.attribute) == ["revenue"] && found[0].fact.contains("stabilityIndex"))
        #expect(try site.logKinds().last == "schemeShifted")
        let evaluator = try site.evaluator()
        #expect(try evaluator.dueFullRuns(now: latest).filter { $0.name == "item-behaviour" }.isEmpty)
        #expect(try evaluator.dueFullRuns(now: latest, shifted: ["item-behaviour"]).contains { $0.name == "item-behaviour" })
        try run(site, at: latest.adding(seconds: 301))
        #expect(try watch.look(scheme, triggers, now: latest.adding(seconds: 600)).isEmpty, "the run is what it is compared with from now on")
    }

    @Test func `a feed that goes silent lowers nobody until it speaks again`() async throws {
        let site = try await site("value: revenue\ntiers: [fast, slow, rest]\nfreshness: { order-history: 2d }")
        try recalibrated(site).write(in: site.site)
        try await site.activate("Clusters of items")
        let now = SystemClock.now()
        try run(site, at: now)
        // 400 days later all sales are out of the window: nobody sells fast.
        let late = now.adding(seconds: 400 * 86_400)
        try run(site, at: late)
        #expect(try members(site) == ["slow": 20, "fast": 20])
        let fast = try site.site.store.standings(scheme: "item-behaviour").filter { $0.microsegment == "fast" }
        #expect(fast.allSatisfy { $0.verdict == .stale && $0.computed != "fast" })
        // What is decided meanwhile says so.
        let decided = try site.site.store.decisions(after: -1).filter { $0.scheme == "item-behaviour" }
        #expect(!decided.isEmpty && decided.allSatisfy { !$0.body.contains("\"degraded\":true") })
        try site.take("doc_type,invoice,line,item,customer,qty,unit_price,invoiced_at,country,remark\nINV,R99001,10,NEW-1,C-1002,9,6.90,2025-11-01 13:48,AT,\n", as: "new.csv", in: "order-history")
        try run(site, at: late.adding(seconds: 3 * 86_400))
        let degraded = try site.site.store.decisions(client: "NORDWIND", entity: "NEW-1").filter { $0.scheme == "item-behaviour" }
        #expect(degraded.count == 1 && degraded[0].body.contains("\"degraded\":true"))
        let state = try site.site.liveState()
        let stale = try SchemeWatch(store: site.site.store, state: state).staleFeeds(of: #require(state.bundle.scheme("item-behaviour")), now: late)
        #expect(stale.map(\.feed) == ["order-history"] && stale[0].description.contains("a file is wanted every"))
        try site.edit("Schemes/item-behaviour.yaml", "order-history: 2d", "order-histry: 2d")
        #expect(try StateFiles.onDisk(root: site.root).compile().diagnostics.contains { $0.fact == "there is no feed order-histry" && $0.hint == "did you mean order-history?" })
    }

    @Test func `a carrier tells of a delay, and the order that is hit moves and acts, and no other`() async throws {
        let site = try await DeskSite.whole()
        for (number, order) in ["BP-88120", "BP-88999"].enumerated() {
            try site.take(DeskSite.order(order, control: number + 1), as: "\(order).edi", in: "x12-orders")
        }
        try site.write("Schemes/attributes/order.yaml", site.read("Schemes/attributes/order.yaml") + "  last status: { last: transportEvent, by: orderNumber, of: status, at: occurredAt }\n")
        try site.write("Schemes/order-disruption.yaml", """
            scheme: order-disruption
            entity: order
            rules:
              hitPolicy: FIRST
              table: |
                | last status || microsegment |
                | "SD", "A7"  || "disrupted"  |
                | -           || "on plan"    |
            microsegments: { disrupted: { contingency: offer replacement }, on plan: { contingency: none } }

            """)
        try site.write("Schemes/actions/order-disrupted.yaml", """
            action: order-disrupted
            scheme: order-disruption
            when: contingency != "none"
            target: carrier-api
            webhook:
              event: order.disrupted
              fields: { order: { feel: entity }, what: { feel: contingency } }

            """)
        try await site.activate("Disruption")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        func standing(_ id: String) throws -> String? { try site.site.store.standing(scheme: "order-disruption", DeskSite.order(key: id))?.microsegment }
        #expect(try standing("BP-88120") == "on plan" && standing("BP-88999") == "on plan")
        let samples = try DeskSite.samples("x12-carrier-status")
        try site.take(DeskSite.sample("x12-carrier-status/\(#require(samples.first))"), as: "214.edi", in: "x12-carrier-status")
        #expect(try standing("BP-88120") == "disrupted" && standing("BP-88999") == "on plan")
        let text = try site.text(of: DeskSite.order(key: "BP-88120"))
        #expect(text.contains("last status = \"SD\", from") && text.contains("moves from on plan to disrupted of order-disruption"))
        #expect(try site.site.store.effects(status: nil, limit: 1000).filter { $0.action == "order-disrupted" }.count == 1)
    }
}}
