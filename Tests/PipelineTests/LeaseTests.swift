import Foundation
import Outbox
import Pipeline
import Store
import Testing

extension EndToEnd { @Suite struct LeaseTests {
    private static func configuration() -> String { DeskSite.configuration(further: "lease: 1s\n") }

    /// Every effect went out once: each action file is there with the bytes that were committed, and no other.
    private func expectEachEffectOnce(_ site: DeskSite) throws {
        let effects = try site.site.store.effects(status: nil, limit: 10_000).filter { $0.effect.kind == .actionFile }
        #expect(!effects.isEmpty && effects.allSatisfy(\.delivery.isSettled))
        var written = 0
        for target in ["wms", "erp"] {
            written += try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Outbox/\(target)").filter { !$0.hasPrefix(".") }.count
        }
        #expect(written == effects.count)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `of two daemons one works, and the other takes over at once when it is killed`() async throws {
        let site = try await DeskSite.whole(Self.configuration())
        let first = try site.daemon()
        try await first.wait(for: "lease taken", "started")
        let second = try site.daemon()
        try await second.wait(for: "standing by")
        try site.drop(Array(DeskSite.order("L-1", control: 1).utf8), as: "l1.edi", in: "x12-orders")
        try await first.wait(for: "name=l1.edi")
        first.signal(SIGKILL)
        first.waitUntilExit()
        try await second.wait(for: "standing by", "lease taken fence=2")
        try site.drop(Array(DeskSite.order("L-2", control: 2).utf8), as: "l2.edi", in: "x12-orders")
        try await second.wait(for: "name=l2.edi")
        second.signal(SIGTERM)
        second.waitUntilExit()
        // What stopped by itself has given its lease back.
        #expect(try site.site.store.lease()?.until == 0)
        try await site.runOnce()
        try expectEachEffectOnce(site)
        #expect(try site.site.store.files(named: "l1.edi").map(\.status) == [.archived])
    }

    @Test func `who was stopped for longer than its lease writes nothing any more, and stands by`() async throws {
        let site = try await DeskSite.whole(Self.configuration())
        let stopped = try site.daemon()
        try await stopped.wait(for: "lease taken", "started")
        let next = try site.daemon()
        try await next.wait(for: "standing by")
        try await stop(stopped, of: site)
        try site.drop(Array(DeskSite.order("Z-1", control: 1).utf8), as: "z1.edi", in: "x12-orders")
        try await next.wait(for: "lease taken fence=2", "name=z1.edi")
        stopped.signal(SIGCONT)
        try await stopped.wait(for: "lease lost fence=1", "standing by")
        // The lock of the file system, which the stopped one had all the time, is the other's now: its end is known at once.
        try await waitForLock(site)
        next.signal(SIGKILL)
        next.waitUntilExit()
        try await stopped.wait(for: "standing by", "lease taken fence=3")
        try site.drop(Array(DeskSite.order("Z-2", control: 2).utf8), as: "z2.edi", in: "x12-orders")
        try await stopped.wait(for: "name=z2.edi")
        stopped.signal(SIGTERM)
        stopped.waitUntilExit()
        try await site.runOnce()
        try expectEachEffectOnce(site)
    }

    /// Stops a daemon outside of a transaction: within one it holds the database, and nobody can take over until it goes on.
    private func stop(_ daemon: RunningDaemon, of site: DeskSite) async throws {
        // The lock of whoever writes (sqlite.org/walformat.html, 2.3). Not closed: that would take away the locks of this process.
        let index = open("\(site.root)/Var/crossdock.sqlite-shm", O_RDWR | O_CLOEXEC)
        try #require(index >= 0)
        while true {
            daemon.stop()
            var lock = flock(l_type: Int16(F_WRLCK), l_whence: Int16(SEEK_SET), l_start: 120, l_len: 1, l_pid: 0)
            if fcntl(index, F_GETLK, &lock) == 0, lock.l_type == Int16(F_UNLCK) { return }
            daemon.signal(SIGCONT)
        }
    }

    /// The daemon tells nobody that it has the lock, but those who ask.
    private func waitForLock(_ site: DeskSite) async throws {
        while try site.site.store.lease()?.isLocked != true { try await Task.sleep(for: .milliseconds(20)) }
    }

    @Test(arguments: [
        "lease: 0s", "lease: 2h", "rescan: 0s", "rescan: 9223372036854775807s", "audit: { every: 0s }", "fallback: { folder: f, every: 100000h }",
    ]) func `a time of the site that is too short or too long is refused with its line`(_ line: String) throws {
        let (site, findings) = SiteConfiguration.read("site: s\n\(line)\ntargets: { a: { folder: a } }\n", file: "crossdock.yaml")
        #expect(site == nil)
        #expect(findings.map(\.text).joined().contains("crossdock.yaml:2"))
    }

    @Test(arguments: [
        "timeout: 0s", "timeout: 9223372036854776s", "retry: []", "retry: [9999999999999s]", "breaker: { failures: 1, pause: 1s, pauseMax: 9223372036854775807s }",
    ]) func `a time of a target that is too short or too long is refused with its line`(_ line: String) throws {
        let (site, findings) = SiteConfiguration.read("site: s\ntargets:\n  a:\n    url: https://example.org/\n    \(line)\n", file: "crossdock.yaml")
        #expect(site == nil)
        #expect(findings.map(\.text).joined().contains("crossdock.yaml:5"))
    }
}}
