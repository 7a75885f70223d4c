import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Transfers
import Values

/// Action files that are put on real servers, where there are some.
extension EndToEnd { @Suite struct RemoteTargetTests {
    private func site(_ remotes: String, _ targets: String) async throws -> DeskSite {
        let text = DeskSite.configuration(further: "remotes:\n\(remotes)").replacingOccurrences(of: "  erp: { folder: erp }\n", with: "  erp: { folder: erp }\n\(targets)")
        return try await DeskSite.whole(text)
    }

    private func add(_ id: String, to target: String, as name: String? = nil, _ text: String = "payload", seconds: Int64 = 3_600, at site: DeskSite) throws {
        let now = SystemClock.now()
        let effect = Effect(
            id: id, kind: .actionFile, target: target, contentType: "text/csv", fileName: name ?? "\(id).csv", payload: Array(text.utf8), createdAt: now,
            deadline: now.adding(DayTimeDuration(seconds: seconds)))
        try site.site.store.driver.write { session in
            try Store.add(effect, action: "tried", position: Store.nextPosition(in: session), sources: [], in: session)
        }
    }

    private func phase(_ id: String, _ site: DeskSite) throws -> DeliveryState.Phase { try #require(try site.site.store.effect(id)).delivery.phase }
    private func outcomes(_ id: String, _ site: DeskSite) throws -> [String] { try site.site.store.attempts(ofEffect: id).map(\.outcome) }

    @Test func `files are put whole on SFTP and FTPS servers, also empty ones and ones with odd names`() async throws {
        guard let ssh = try SSHServer.start(), let ftps = try FTPSServer.start() else { return }
        try ssh.folder.make("in")
        try ftps.folder.make("in")
        let site = try await site(try ssh.configuration() + ftps.configuration(), "  box: { remote: acme, folder: in }\n  wmsbox: { remote: wms-box, folder: in }\n")
        let large = String(repeating: "line of text\n", count: 200_000)
        for (server, target) in [(ssh.folder, "box"), (ftps.folder, "wmsbox")] {
            try add("\(target)-a", to: target, as: "a b ü.csv", at: site)
            try add("\(target)-b", to: target, as: "empty.csv", "", at: site)
            try add("\(target)-c", to: target, as: "large.csv", large, at: site)
            try await site.runOnce()
            for id in ["a", "b", "c"] { #expect(try outcomes("\(target)-\(id)", site) == ["delivered"], "\(target)-\(id)") }
            #expect(try server.names("in") == ["a b ü.csv", "empty.csv", "large.csv"])
            #expect(try server.read("in/large.csv") == Array(large.utf8) && server.read("in/empty.csv").isEmpty)
        }
    }

    @Test func `a name that is there is a success with equal bytes and final with others`() async throws {
        guard let ssh = try SSHServer.start(), let ftps = try FTPSServer.start() else { return }
        try ssh.folder.make("in")
        try ftps.folder.make("in")
        let site = try await site(try ssh.configuration() + ftps.configuration(), "  box: { remote: acme, folder: in }\n  wmsbox: { remote: wms-box, folder: in }\n")
        for (server, target) in [(ssh.folder, "box"), (ftps.folder, "wmsbox")] {
            try server.write("in/same.csv", "payload")
            try server.write("in/size.csv", "PAYLOAD")
            try server.write("in/longer.csv", "payload and more")
            for name in ["same", "size", "longer"] { try add("\(target)-\(name)", to: target, as: "\(name).csv", at: site) }
            try await site.runOnce()
            #expect(try phase("\(target)-same", site).code == "delivered")
            for name in ["size", "longer"] {
                let stored = try #require(try site.site.store.effect("\(target)-\(name)"))
                guard case .dead(_, let reason) = stored.delivery.phase else { Issue.record("\(name) is not dead"); continue }
                #expect(reason.code == "DELIVERY-UNACCEPTABLE" && stored.reason?.contains("other bytes") == true)
            }
            #expect(try server.names("in") == ["longer.csv", "same.csv", "size.csv"])
            #expect(try server.read("in/size.csv") == Array("PAYLOAD".utf8))
        }
    }

    @Test func `an upload that is cut leaves nothing under its name, and is done again`() async throws {
        guard let ssh = try SSHServer.start() else { return }
        let proxy = CutProxy(to: ssh.port)
        defer { proxy.stop() }
        try ssh.folder.make("in")
        let site = try await site(try ssh.configuration(port: proxy.port), "  box: { remote: acme, folder: in, retry: [PT0S, PT0S] }\n")
        let text = String(repeating: "line of text\n", count: 200_000), folder = ssh.folder
        try add("cut", to: "box", text, at: site)
        proxy.after(1_000_000, from: .client) { !folder.exists("in/cut.csv") && false }
        try await site.runOnce()
        #expect(try outcomes("cut", site) == ["interrupted", "delivered"])
        #expect(try ssh.folder.names("in") == ["cut.csv"] && ssh.folder.read("in/cut.csv") == Array(text.utf8))
    }

    @Test func `servers that refuse or are full or not there hold no folder and no other server up`() async throws {
        guard let still = try SSHServer.start(isReadOnly: true), let full = try FTPSServer.start(["full"]), let good = try SSHServer.start() else { return }
        try good.folder.make("in")
        let port = try ServedFolder.freePort()
        let remotes = try still.configuration().replacingOccurrences(of: "acme:", with: "still:") + full.configuration()
            + still.configuration(port: port).replacingOccurrences(of: "acme:", with: "nobody:") + good.configuration()
        let site = try await site(remotes, """
              still: { remote: still, retry: [PT0S] }
              full: { remote: wms-box, retry: [PT0S] }
              nobody: { remote: nobody, retry: [PT0S], breaker: { failures: 2 } }
              good: { remote: acme, folder: in }

            """)
        for target in ["still", "full"] { try add(target, to: target, at: site) }
        for number in 0..<120 { try add("nobody\(number)", to: "nobody", at: site) }
        try add("good", to: "good", at: site)
        try add("folder", to: "wms", at: site)
        try await site.runOnce()
        #expect(try outcomes("good", site) == ["delivered"] && outcomes("folder", site) == ["delivered"])
        #expect(try outcomes("still", site) == ["server", "server"] && outcomes("full", site) == ["server", "server"])
        #expect(try site.site.store.attempts(ofEffect: "full").first?.detail.contains("452") == true)
        #expect(try site.site.store.heldBackTargets().map(\.target) == ["nobody"])
        // Left alone after two failures: most were not tried at all.
        #expect(try (0..<120).count { try !outcomes("nobody\($0)", site).isEmpty } <= 4)
        #expect(try still.folder.names("").isEmpty)
    }

    @Test func `a server with another key or another password gets nothing, and each has its class`() async throws {
        guard let ssh = try SSHServer.start() else { return }
        try ssh.folder.make("in")
        let strange = try ssh.configuration().replacingOccurrences(of: "\(ssh.fingerprint)", with: "\(ssh.otherFingerprint)")
        let unknown = try ssh.configuration().replacingOccurrences(of: "acme:", with: "unknown:").replacingOccurrences(of: "/client }", with: "/other }")
        let site = try await site(strange + unknown, "  strange: { remote: acme, folder: in, retry: [PT0S] }\n  unknown: { remote: unknown, folder: in, retry: [PT0S] }\n")
        for target in ["strange", "unknown"] { try add(target, to: target, at: site) }
        try await site.runOnce()
        #expect(try outcomes("strange", site) == ["host-key", "host-key"] && outcomes("unknown", site) == ["login", "login"])
        #expect(try ssh.folder.names("in").isEmpty)
    }

    @Test func `an effect that was on its way when the daemon ended is put there again, and is there once`() async throws {
        guard let ssh = try SSHServer.start() else { return }
        try ssh.folder.make("in")
        let site = try await site(try ssh.configuration(), "  box: { remote: acme, folder: in }\n")
        try add("one", to: "box", at: site)
        // As a daemon leaves it that is killed right after its rename.
        var state = try #require(try site.site.store.effect("one")).delivery
        state.attemptStarted(at: SystemClock.now())
        try site.site.store.driver.write { [state] in try Store.update([state], in: $0) }
        try ssh.folder.write("in/one.csv", "payload")
        try await site.runOnce()
        #expect(try phase("one", site).code == "delivered" && ssh.folder.names("in") == ["one.csv"])
    }

    @Test func `a deadline that passes behind a server that does not answer ends what waits`() async throws {
        guard let ssh = try SSHServer.start() else { return }
        let site = try await site(try ssh.configuration(port: ServedFolder.freePort()), "  box: { remote: acme, folder: in }\n")
        try add("late", to: "box", seconds: -1, at: site)
        try await site.runOnce()
        #expect(try phase("late", site).code == "dead" && outcomes("late", site).isEmpty)
    }
} }
