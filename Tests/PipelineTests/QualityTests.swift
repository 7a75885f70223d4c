import Diagnostics
import Foundation
import Mapping
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

extension EndToEnd { @Suite struct QualityTests {
    /// A site whose history of orders has a plan, with the items that it knows.
    private func site(badShare: String) async throws -> DeskSite {
        let site = try await DeskSite.whole { root in
            try """
                quality: order-history
                owner: mia@site
                badShare: \(badShare)
                rules:
                  - { record: salesLine, field: quantity, max: 100, severity: error }
                  - { record: salesLine, field: item, refersTo: item }
                outliers:
                  - { record: salesLine, field: unitPrice, by: item }
                buckets:
                  - { record: salesLine, field: soldAt }

                """.write(toFile: "\(root)/Mappings/quality/order-history.yaml", atomically: true, encoding: .utf8)
        }
        try site.take(Self.items, as: "items.csv", in: "item-master")
        return site
    }

    private static let items = """
        Artikel;Bezeichnung;Warengruppe;Zerbrechlich;Gefahrgut;Einstandspreis;Waehrung;Gewicht kg;Wiederbeschaffung;Lieferant;Geaendert
        NW-1001;Trekkingzelt;ZELT;nein;nein;148,50;EUR;2,850;21;S-400;01.09.2026 08:00

        """

    private static let rows = """
        doc_type,invoice,line,item,customer,qty,unit_price,invoiced_at,country,remark
        INV,R1,1,NW-1001,C-1,1,10,2026-09-01 10:00,AT,
        INV,R1,2,NW-1001,C-1,1,10.1,2026-09-01 10:00,AT,
        INV,R1,3,NW-1001,C-1,1,9.9,2026-09-01 10:00,,
        INV,R1,4,NW-1001,C-1,1,10,2026-09-04 10:00,AT,
        INV,R1,5,NW-1001,C-1,1,10.2,2026-09-04 10:00,AT,
        INV,R1,6,NW-1001,C-1,1,95,2026-09-04 10:00,AT,
        INV,R2,1,X-9,C-1,1,5,2026-09-02 10:00,AT,
        INV,R3,1,NW-1001,C-1,500,10,2026-09-02 10:00,AT,
        INV,R1,1,NW-1001,C-1,1,10,2026-09-01 10:00,AT,

        """

    @Test func `a plan rejects, warns and counts, and the score is the mean of its parts`() async throws {
        let site = try await site(badShare: "20%")
        try #require(try site.site.store.recordCounts().first { $0.kind == .item }?.count == 1)
        let file = try site.take(Self.rows, as: "history.csv", in: "order-history")
        #expect(file.status == .archived)
        let state = try site.site.liveState()
        let report = try QualityReport(try #require(state.bundle.library.feed("order-history")), of: state, in: site.site.store)
        #expect(report.owner == "mia@site" && report.files == 1 && report.read == 9 && report.reported == 1)
        #expect(report.valid.part == 8 && report.valid.whole == 9)
        // Nine fields of eight records, of which one lacks its country.
        #expect(report.complete.part == 71 && report.complete.whole == 72)
        #expect(report.unique.part == 7 && report.unique.whole == 8)
        #expect(report.timely.value == nil)
        #expect(report.score == ExactDecimal("91.7"))
        func field(_ name: String) throws -> QualityReport.Field { try #require(report.fields.first { $0.kind == .salesLine && $0.name == name }) }
        #expect(try field("country").filled.part == 7)
        #expect(try field("item").valid.part == 7 && field("item").valid.whole == 8)
        #expect(try field("quantity").valid.part == 8)
        #expect(try field("unitPrice").outliers.map(\.value) == [ExactDecimal("95")])
        #expect(try field("unitPrice").outliers.map(\.key) == ["R1/6"])
        #expect(report.gaps.map { $0.days.map(\.description) } == [["2026-09-03"]])
        let load = try #require(try site.site.store.load(file: file.id))
        #expect(try site.site.store.rejectedCounts(load: load.id).map(\.code) == ["MAP-Q01"])
    }

    @Test func `a feed over its bad share keeps schemes on its records from being recalibrated, and says so once`() async throws {
        let site = try await site(badShare: "10%")
        try site.take(Self.rows, as: "history.csv", in: "order-history")
        let state = try site.site.liveState()
        let gate = QualityGate(store: site.site.store, state: state)
        let bad = try gate.badFeeds(of: try #require(state.bundle.scheme("item-value")))
        #expect(bad.map(\.description) == ["1 of 9 rows of feed order-history are bad, 11.11 %; mia@site allows 10 %"])
        #expect(try gate.badFeeds(of: try #require(state.bundle.scheme("order-priority"))).isEmpty)
        let told = try await site.runOnce()
        let held = told.compactMap { if case .recalibrationHeldBack(let scheme, let feeds) = $0 { "\(scheme) \(feeds.count)" } else { nil } }
        #expect(held == ["item-value 1"])
        #expect(!told.contains { if case .run(let occasion, _) = $0 { occasion == "full item-value" } else { false } })
        // Good rows bring the share down: one of nineteen.
        let good = (1...10).map { "INV,G\($0),1,NW-1001,C-1,1,10,2026-09-05 10:00,AT,\n" }.joined()
        try site.take(Self.rows.prefix { $0 != "\n" } + "\n" + good, as: "more.csv", in: "order-history")
        #expect(try gate.badFeeds(of: try #require(state.bundle.scheme("item-value"))).isEmpty)
        let later = try await site.runOnce()
        #expect(later.contains { if case .run(let occasion, _) = $0 { occasion == "full item-value" } else { false } })
    }

    @Test(arguments: [
        ("quality: nowhere\nowner: x\n", "there is no feed `nowhere`"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: qty, max: 1 }]\n", "there is no field of salesLine `qty`"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: item, max: 1 }]\n", "item is text; a range is one of numbers"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: item }]\n", "a rule says one of min or max, oneOf, and refersTo"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: item, refersTo: items }]\n", "there is no record to refer to `items`"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: quantity, min: 5, max: 1 }]\n", "min 5 is over max 1: every value would be wrong"),
        ("quality: order-history\nowner: x\nrules: [{ record: salesLine, field: quantity, refersTo: item }]\n", "quantity is number; what refers to a record is text"),
        ("quality: order-history\nowner: x\nbadShare: 150%\n", "a share is 100% at most"),
        ("quality: order-history\nowner: x\noutliers: [{ record: salesLine, field: item }]\n", "item is no number"),
        ("quality: order-history\nowner: x\nbuckets: [{ record: salesLine, field: item }]\n", "item is no date"),
    ])
    func `a plan that cannot work is told with its line`(text: String, fact: String) throws {
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/quality/order-history.yaml", bytes: Array(text.utf8)),
            BundleFile(path: "Mappings/feeds/order-history.yaml", bytes: Array("feed: order-history\nformat: csv\nmappings: [csv/m]\nclient: C\n".utf8)),
            BundleFile(path: "Mappings/csv/m.yaml", bytes: Array("""
                mapping: csv/m
                reads: { format: csv, header: [a] }
                records:
                  - record: item
                    each: row
                    fields: { item: a }

                """.utf8)),
        ])
        let finding = try #require(compiled.diagnostics.first { $0.severity == .error }, "\(compiled.diagnostics)")
        #expect(finding.fact == fact)
        #expect(finding.position.line != nil)
    }
} }
