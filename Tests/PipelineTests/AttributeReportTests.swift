import Diagnostics
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct AttributeReportTests {
    private static let noon = Instant("2026-11-20T12:00:00Z") ?? Instant(seconds: 0)

    @Test func `attributes of one entity are those that a decision was made from, with the records behind them`() async throws {
        let site = try await DeskSite.whole()
        try site.take(DeskSite.sample("x12-orders/850-alpenmarkt-0042.edi"), as: "a.edi", in: "x12-orders")
        let key = DeskSite.order(key: "4500071001")
        let decision = try #require(try site.site.store.decisions(client: key.client, entity: key.id).first)
        let report = try #require(try AttributeReport(key, site: site.site, state: site.site.liveState(), asOf: decision.at, sourcesMax: 2))
        guard case .context(let body) = try JSONText.parse(decision.body), case .list(let decided)? = body["attributes"] else {
            Issue.record("a decision has attributes")
            return
        }
        #expect(decided.count == report.entries.count && report.entries.count > 3)
        for (item, entry) in zip(decided, report.entries) {
            guard case .context(let attribute) = item else { continue }
            #expect(attribute["name"]?.text == entry.name && attribute["value"].map { JSONText.write($0) } == JSONText.write(entry.value))
            if case .list(let records)? = attribute["records"] { #expect(records.count == entry.records) }
        }
        let hours = try #require(report.entries.first { $0.name == "hours to promise" })
        let source = try #require(hours.sources.first)
        #expect(hours.unit == "hour" && source.file == "a.edi" && source.key == "NORDWIND / 4500071001" && source.fields.map(\.name) == ["promisedAt"])
        #expect(report.text.contains("order NORDWIND / 4500071001 of x12-orders/a.edi: promisedAt "))
        #expect(try AttributeReport(DeskSite.order(key: "none"), site: site.site, state: site.site.liveState(), asOf: decision.at, sourcesMax: 1) == nil)
    }

    @Test func `attributes of the population are those of a full run, as of any instant`() async throws {
        let site = try await DeskSite.whole()
        try site.dropSamples(["item-master", "order-history"])
        _ = try await site.runOnce()
        let state = try site.site.liveState()
        let scheme = try #require(state.bundle.scheme("item-value"))
        let run = try SchemeReport(scheme, evaluator: site.evaluator(), asOf: Self.noon)
        let column = try #require(run.columns.first { $0.name == "revenue class" })
        var classes: [String: Int] = [:]
        for standing in try site.site.store.standings(scheme: "item-value") {
            let report = try #require(try AttributeReport(standing.entity, site: site.site, state: state, asOf: Self.noon, sourcesMax: 0))
            let entry = try #require(report.entries.first { $0.name == "revenue class" })
            #expect(entry.needsPopulation && entry.sources.isEmpty)
            classes[entry.value.text, default: 0] += 1
            #expect(report.entries.first { $0.name == "revenue" }?.window == DayTimeDuration("P400D"))
        }
        #expect(classes == column.members && classes.count == 3)
    }

    @Test func `the catalogue names who reads an attribute, through others too`() async throws {
        let site = try await DeskSite.whole()
        let catalogue = AttributeCatalogue(try site.site.liveState().bundle)
        func readers(_ name: String) -> [String] { catalogue.entries.first { $0.name == name }?.readers.map { "\($0.scheme) \($0.freshness)" } ?? ["none"] }
        // The table reads the classes, which are made from these.
        #expect(readers("revenue") == ["item-value every P1D"] && readers("demand variability") == ["item-value every P1D"])
        #expect(readers("category") == [] && readers("hours to promise") == ["order-priority live"])
        let revenue = try #require(catalogue.entries.first { $0.name == "revenue" })
        #expect(revenue.source == "sum of salesLine (amount) by item" && revenue.owner == "inventory planning" && revenue.unit == "currency")
        #expect(revenue.scale == 2 && revenue.window == DayTimeDuration("P400D") && !revenue.needsPopulation)
        #expect(catalogue.entries.first { $0.name == "variability class" }?.needsPopulation == false)
        #expect(AttributeCatalogue(try site.site.liveState().bundle, kind: .order).entries.allSatisfy { $0.entity == .order })
        #expect(AttributeCatalogue(try site.site.liveState().bundle, kind: .lane).entries.isEmpty)
    }

    @Test func `the overview tells of runs, members, who waits and overrides in force`() async throws {
        let site = try await DeskSite.whole()
        try site.dropSamples(["item-master", "order-history"])
        _ = try await site.runOnce()
        try site.take(DeskSite.order("T-1", promise: "20350312*1400"), as: "t.edi", in: "x12-orders")
        let instant = try #require(try site.standing("T-1").nextChange)
        _ = try site.evaluator().tick(now: instant)
        try site.writeOverride("OV-1", scheme: "order-priority", entity: "T-1", microsegment: "careful", expires: instant)
        try site.writeOverride("OV-2", scheme: "order-priority", entity: "T-2", microsegment: "careful", expires: DeskSite.at(1))
        try await site.activate("Two overrides, of which one is over")
        let entries = try SchemeOverview(site.site, state: site.site.liveState(), now: SystemClock.now()).entries
        #expect(entries.map(\.scheme) == ["item-value", "order-priority"])
        let items = entries[0], orders = entries[1]
        #expect(items.members.map { "\($0.microsegment) \($0.count)" } == ["core-steady 0", "core-volatile 7", "middle 6", "tail 7"])
        #expect(items.next == items.lastFullRun?.adding(seconds: 86_400) && !items.isLive && items.waiting == 0)
        #expect(orders.waiting == 1 && orders.isLive && orders.lastFullRun == nil && orders.overrides.map(\.id) == ["OV-1"])
        #expect(orders.members.reduce(0) { $0 + $1.count } == 1)
    }

    @Test func `a check of one scheme tells its own findings alone`() async throws {
        let site = try DeskSite(.whole)
        try site.edit("Schemes/order-priority.yaml", "hours to promise", "hours to promises")
        let broken = try #require(SchemeCheck(try StateFiles.onDisk(root: site.root), name: "order-priority"))
        #expect(!broken.isSound && broken.findings.allSatisfy { $0.position.file == "Schemes/order-priority.yaml" })
        let other = try #require(SchemeCheck(try StateFiles.onDisk(root: site.root), name: "item-value"))
        #expect(other.isSound && other.schemes == ["item-value"])
        #expect(SchemeCheck(try StateFiles.onDisk(root: site.root), name: "none") == nil)
        #expect(SchemeCheck(try StateFiles.onDisk(root: site.root), name: nil)?.isSound == false)
        // A defect of the attributes that a scheme reads is one of the scheme.
        try site.edit("Schemes/attributes/item.yaml", "of: amount", "of: amounts")
        #expect(SchemeCheck(try StateFiles.onDisk(root: site.root), name: "item-value")?.isSound == false)
    }
}}
