import ChangeControl
import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Values

extension EndToEnd { @Suite struct MetricsTests {
    /// Samples of a text by name and labels.
    private func samples(_ text: String) throws -> [String: Double] {
        try text.split(separator: "\n").filter { !$0.hasPrefix("#") }.reduce(into: [:]) { found, line in
            let cut = try #require(line.lastIndex(of: " "))
            #expect(found[String(line[..<cut])] == nil, "\(line) comes twice")
            found[String(line[..<cut])] = try #require(Double(line[line.index(after: cut)...]))
        }
    }

    @Test func `the numbers of a site are those of its store, in both forms`() async throws {
        let site = try await DeskSite.whole(DeskSite.configuration(further: "audit: { every: 1s }\n"))
        try site.drop(Array(DeskSite.order("M-1", promise: "20261105*1400", control: 1).utf8), as: "m1.edi", in: "x12-orders")
        try site.drop(DeskSite.sample("bad/x12-orders/wrong-se-count.edi"), as: "bad.edi", in: "x12-orders")
        try await site.runOnce()
        try site.drop(Array("ISA*00".utf8), as: "waits.edi", in: "x12-orders")
        let backups = String(site.root.dropLast("/site".count)) + "/backups", at = SystemClock.now()
        _ = try Backup.write(site.site, to: backups, now: at)
        let open = try SiteMetrics(site.site).text(.openmetrics), plain = try SiteMetrics(site.site).text(.prometheus)
        let found = try samples(open)
        #expect(found[#"crossdock_files_total{feed="x12-orders",status="archived"}"#] == 1 && found[#"crossdock_files_total{feed="x12-orders",status="quarantined"}"#] == 1)
        #expect(found[#"crossdock_waiting_files{feed="x12-orders"}"#] == 1 && found[#"crossdock_oldest_waiting_file_age_seconds{feed="x12-orders"}"#] ?? -1 >= 0)
        #expect(found[#"crossdock_file_seconds_count{feed="x12-orders"}"#] == 1 && found[#"crossdock_file_seconds_bucket{feed="x12-orders",le="+Inf"}"#] == 1)
        let delivered = try site.site.store.effects(status: "delivered", limit: 100).filter { $0.effect.target == "wms" }
        #expect(!delivered.isEmpty && found[#"crossdock_effects_delivered_total{target="wms",kind="actionFile"}"#] == Double(delivered.count))
        #expect(found[#"crossdock_delivery_seconds_count{target="wms"}"#] == Double(delivered.count))
        // What has not happened is 0, so that an alert on its growth sees the first time.
        #expect(found[#"crossdock_files_total{feed="customers",status="quarantined"}"#] == 0)
        let age = #"crossdock_oldest_open_effect_age_seconds{target="wms",kind="actionFile"}"#
        #expect(found[#"crossdock_dead_letters{target="wms",kind="actionFile"}"#] == 0 && found[age] == nil)
        // Nobody listens at the carrier's address.
        #expect(found[#"crossdock_attempts_total{target="carrier-api",kind="webhook"}"#] ?? 0 > 0)
        #expect(found["crossdock_log_entries_total"] == Double(try #require(try site.site.store.lastLogEntry()).position + 1))
        #expect(found["crossdock_last_backup_timestamp_seconds"] == Double(at.seconds) && found["crossdock_daemon_works"] == 0 && found["crossdock_leases_total"] == 1)
        #expect(found[#"crossdock_store_bytes{part="database"}"#] ?? 0 > 0 && found[#"crossdock_free_bytes{folder="store"}"#] ?? 0 > 0)

        // Each class of times holds the one below it, and all of it is the count.
        for (feed, _, _, _, times) in try site.site.store.fileMetrics() { #expect(times.within == times.within.sorted() && times.within.last ?? 0 <= times.count, "\(feed)") }
        #expect(open.hasSuffix("\n# EOF") && !plain.contains("# EOF"))
        #expect(open.contains("# TYPE crossdock_files counter") && plain.contains("# TYPE crossdock_files_total counter"))
        #expect(try Set(samples(plain).keys) == Set(found.keys))
        try site.take(DeskSite.order("M-2", promise: "20261105*1400", control: 2), as: "m2.edi", in: "x12-orders")
        let since = try #require(try site.site.store.effects(status: "pending", target: "wms", limit: 1).first)
        #expect(try samples(SiteMetrics(site.site, now: SystemClock.now().adding(DayTimeDuration(seconds: 60))).text(.prometheus))[age] ?? 0 >= 60, "\(since.effect.id)")
        // Every family is told once, with its kind, and every name is one of the house's with its unit last.
        for form in [open, plain] {
            let names = form.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { String($0.split(separator: " ")[2]) }
            #expect(Set(names).count == names.count && names.allSatisfy { $0.hasPrefix("crossdock_") })
        }
        #expect(!open.contains("m1.edi") && !open.contains("bad.edi"))
        #expect(try SiteStatus(site.site).text.contains("backup   last of \(Instant(seconds: at.seconds))"))
    }
}}
