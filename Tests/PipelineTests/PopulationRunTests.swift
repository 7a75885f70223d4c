import ChangeControl
import Diagnostics
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// Live schemes whose rules look at classes of the whole population.
extension EndToEnd { @Suite struct PopulationRunTests {
    private static let master = "Artikel;Bezeichnung;Warengruppe;Zerbrechlich;Gefahrgut;Einstandspreis;Waehrung;Gewicht kg;Wiederbeschaffung;Lieferant;Geaendert;Notiz\n"
    private static let sales = "doc_type,invoice,line,item,customer,qty,unit_price,invoiced_at,country,remark\n"

    private static func scheme(_ name: String, _ cadence: String) -> String {
        """
        scheme: \(name)
        entity: item
        cadence: \(cadence)
        rules:
          hitPolicy: FIRST
          table: |
            | revenue class | third || microsegment |
            | "A"           | 3     || "top"        |
            | "A"           | -     || "core"       |
            | "B"           | -     || "middle"     |
            | -             | -     || "tail"       |
        microsegments: { top: { stocking: continuous }, core: { stocking: buffered }, middle: { stocking: periodic }, tail: { stocking: on-demand } }

        """
    }

    private static func items(_ numbers: some Sequence<Int>) -> String {
        master + numbers.map { "IT-\($0);Artikel \($0);ZELT;nein;nein;10,00;EUR;1,0;7;S-400;01.09.2026 08:00;\n" }.joined()
    }

    private func site() async throws -> DeskSite {
        let site = try await DeskSite.whole()
        try site.write("Schemes/attributes/item.yaml", site.read("Schemes/attributes/item.yaml") + "  third: { tile: lines sold, tiles: 3, order: ascending, within: [revenue class] }\n")
        try site.write("Schemes/class-live.yaml", Self.scheme("class-live", "live"))
        try site.write("Schemes/class-daily.yaml", Self.scheme("class-daily", "daily"))
        try await site.activate("Classes")
        return site
    }

    private func members(_ site: DeskSite, _ scheme: String) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try site.site.store.standings(scheme: scheme).map { ($0.entity.id, $0.microsegment) })
    }

    /// Whether the live scheme stands as a run over the whole population of its twin says.
    private func expectSame(_ site: DeskSite, at now: Instant, _ comment: Comment) throws {
        _ = try site.evaluator().fullRun(#require(try site.site.liveState().bundle.scheme("class-daily")), now: now)
        let live = try members(site, "class-live"), daily = try members(site, "class-daily")
        #expect(live == daily, comment)
    }

    @Test func `classes of a live scheme are those of a run over all, after each file, start and step of the clock`() async throws {
        let site = try await site()
        try site.take(Self.items(0..<24), as: "items.csv", in: "item-master")
        var draw = SystemRandomNumberGenerator()
        var flow = try site.flow()
        var moved = 0
        for round in 0..<14 {
            let lines = (0..<Int.random(in: 1...5, using: &draw)).map { line in
                let month = Int.random(in: 1...10, using: &draw), sign = Int.random(in: 0..<6, using: &draw) == 0 ? "-" : ""
                return "INV,R\(round),\(line),IT-\(Int.random(in: 0..<24, using: &draw)),C-1002,\(sign)\(Int.random(in: 1...400, using: &draw)),10.00,2026-\(month < 10 ? "0" : "")\(month)-10 13:48,AT,\n"
            }
            let before = try members(site, "class-live")
            try site.take(Self.sales + lines.joined(), as: "\(round).csv", in: "order-history", flow: flow)
            let after = try members(site, "class-live")
            moved += after.count { before[$0.key] != $0.value }
            try expectSame(site, at: SystemClock.now(), "round \(round): \(lines)")
            // A program that starts again builds its populations anew.
            if Bool.random(using: &draw) { flow = try site.flow() }
        }
        #expect(moved > 0)
        // 400 days after each month its sales leave the windows.
        let first = Instant(seconds: 1_770_000_000)
        for month in 0..<14 {
            let now = max(SystemClock.now(), first.adding(seconds: Int64(month) * 30 * 86_400 + 400 * 86_400))
            let evaluator = month % 3 == 0 ? try site.evaluator() : flow.evaluator
            _ = try evaluator.tick(now: now)
            _ = try evaluator.drainDirty(now: now)
            try expectSame(site, at: now, "month \(month)")
        }
        #expect(try Set(members(site, "class-live").values) == ["tail"], "nothing was sold lately")
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a change of one item decides those whose class it changes, and no others`() async throws {
        let site = try await site()
        try site.take(Self.items(0..<20), as: "items.csv", in: "item-master")
        let lines = (0..<20).map { "INV,R1,\($0),IT-\($0),C-1002,\(400 - 10 * $0),10.00,2026-09-10 13:48,AT,\n" }
        let flow = try site.flow()
        try site.take(Self.sales + lines.joined(), as: "1.csv", in: "order-history", flow: flow)
        let before = try members(site, "class-live")
        let position = try #require(site.audit().head?.position)
        try site.take(Self.sales + "INV,R2,1,IT-19,C-1002,900,10.00,2026-09-11 13:48,AT,\n", as: "2.csv", in: "order-history", flow: flow)
        let after = try members(site, "class-live")
        let moved = Set(after.filter { before[$0.key] != $0.value }.keys)
        #expect(after["IT-19"] == "top" && moved.count > 1 && moved.count < 20, "\(moved)")
        let decided = try (0..<20).filter { item in
            try site.site.store.decisions(client: "NORDWIND", entity: "IT-\(item)").contains { $0.scheme == "class-live" && $0.position > position }
        }
        #expect(Set(decided.map { "IT-\($0)" }) == moved)
        let text = try site.text(of: EntityKey(.item, client: "NORDWIND", id: #require(moved.subtracting(["IT-19"]).first)))
        #expect(text.contains("revenue class = "))
    }

    @Test func `a rank in a live scheme is refused with what to do`() async throws {
        let site = try await DeskSite.whole()
        try site.write("Schemes/attributes/item.yaml", site.read("Schemes/attributes/item.yaml") + "  place: { rank: revenue }\n  early: { feel: place <= 10 }\n")
        try site.write("Schemes/class-live.yaml", Self.scheme("class-live", "live").replacingOccurrences(of: "| revenue class | third |", with: "| revenue class | early |").replacingOccurrences(of: "| 3     |", with: "| true  |"))
        let found = try StateFiles.onDisk(root: site.root).compile().diagnostics.filter { $0.severity == .error }
        #expect(found.map { "\($0.code) \($0.fact)" } == ["SCHEME-CADENCE the scheme is live, and early changes for many with each change of one"])
        #expect(found[0].hint == "use a class or a tile of it, or give the scheme a cadence, such as daily")
    }
}}
