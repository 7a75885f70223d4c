import Foundation
import Pipeline
import Store
import Testing

extension EndToEnd { @Suite struct ReloadTests {
    @Test func `who takes over follows crossdock.yaml as it is then, and what was followed last where that is wrong`() async throws {
        let site = try await DeskSite.whole(DeskSite.configuration(further: "lease: 1s\n"))
        let first = try site.daemon()
        try await first.wait(for: "started")
        let second = try site.daemon()
        try await second.wait(for: "standing by")
        try site.edit("crossdock.yaml", "wms: { folder: wms }", "wms: { folder: picking }")
        second.signal(SIGHUP)
        try await second.wait(for: "standing by", "is followed once this daemon takes over")
        first.signal(SIGKILL)
        first.waitUntilExit()
        try await second.wait(for: "started")
        try site.drop(Array(DeskSite.order("T-1", promise: "20261105*1400", control: 1).utf8), as: "t1.edi", in: "x12-orders")
        for text in ["name=t1.edi", "target=wms"] { try await second.wait(for: "started", text) }
        func files(_ target: String) throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/\(target)").filter { !$0.hasPrefix(".") } }
        #expect(try files("wms").isEmpty && files("picking").count == 1)
        second.signal(SIGTERM)
        second.waitUntilExit()
        let third = try site.daemon(), fourth: RunningDaemon
        try await third.wait(for: "started")
        fourth = try site.daemon()
        try await fourth.wait(for: "standing by")
        try site.edit("crossdock.yaml", "wms: { folder: picking }", "wms: { folder: 7")
        third.signal(SIGKILL)
        third.waitUntilExit()
        try await fourth.wait(for: "trouble subject=crossdock.yaml", "started")
        fourth.signal(SIGTERM)
        fourth.waitUntilExit()
    }

    @Test func `what crossdock.yaml says is followed as a whole once it is reloaded, and not at all where something is wrong with it`() async throws {
        let site = try await DeskSite.whole()
        let daemon = try site.daemon()
        try await daemon.wait(for: "started")
        try site.edit("crossdock.yaml", "wms: { folder: wms }", "wms: { folder: wms }\n  second: { folder: 7")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "trouble subject=crossdock.yaml")
        try site.drop(Array(DeskSite.order("H-1", promise: "20261105*1400", control: 1).utf8), as: "h1.edi", in: "x12-orders")
        for text in ["name=h1.edi", "target=wms"] { try await daemon.wait(for: "trouble subject=crossdock.yaml", text) }
        try site.edit("crossdock.yaml", "\n  second: { folder: 7", "")
        try site.edit("crossdock.yaml", "wms: { folder: wms }", "wms: { folder: picking }")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "reloaded")
        try site.drop(Array(DeskSite.order("H-2", promise: "20261105*1400", control: 2).utf8), as: "h2.edi", in: "x12-orders")
        for text in ["name=h2.edi", "target=wms"] { try await daemon.wait(for: "reloaded", text) }
        try site.edit("crossdock.yaml", "site: demo-site", "site: demo-site\nstore: Var/other.sqlite")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "reloaded", "trouble subject=crossdock.yaml")
        try site.edit("crossdock.yaml", "site: demo-site\nstore: Var/other.sqlite", "site: demo-site\ninbox: webhook.secret")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "reloaded", "trouble subject=crossdock.yaml", "Not a directory")
        // What `check` refuses is not followed either.
        try site.edit("crossdock.yaml", "\ninbox: webhook.secret", "")
        try site.edit("crossdock.yaml", "wms: { folder: picking }", "picking: { folder: picking }")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "reloaded", "trouble subject=crossdock.yaml", "Not a directory", "sends to wms")
        // Who looks meanwhile goes by what the daemon follows, and is told.
        #expect(try SiteStatus(site.site).text.contains("config   crossdock.yaml is not followed"))
        try site.edit("crossdock.yaml", "site: demo-site", "sight: demo-site")
        #expect(throws: PipelineFailure.self) { try Site.open(root: site.root) }
        var told: [PipelineFailure] = []
        let looking = try Site.open(root: site.root, makesStore: false) { told.append($0) }
        #expect(told.count == 1 && looking.configuration.target("picking") == nil && looking.configuration.target("wms") != nil)
        try site.edit("crossdock.yaml", "sight: demo-site", "site: demo-site")
        try site.edit("crossdock.yaml", "picking: { folder: picking }", "wms: { folder: picking }")
        daemon.signal(SIGHUP)
        try await daemon.wait(for: "reloaded", "sends to wms", "reloaded")
        #expect(try !SiteStatus(site.site).text.contains("config   "))
        try site.edit("crossdock.yaml", "site: demo-site", "site: demo-site\nstore: Var/none.sqlite")
        #expect(throws: PipelineFailure.self) { try Site.open(root: site.root, makesStore: false) }
        #expect(!site.exists("Var/none.sqlite"))
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/wms").filter { !$0.hasPrefix(".") }.count == 1)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/picking").filter { !$0.hasPrefix(".") }.count == 1)
        #expect(!site.exists("Var/other.sqlite"))
        // One lease and one start for all of it.
        #expect(try site.site.store.lease()?.fence == 1)
        #expect(daemon.said.count { $0.contains(" started ") } == 1 && daemon.said.count { $0.hasSuffix(" reloaded") } == 2)
    }
}}
