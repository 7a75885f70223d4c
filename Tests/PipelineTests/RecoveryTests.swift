import Foundation
import Intake
import Mapping
import Pipeline
import Store
import Testing
import Values

extension EndToEnd { @Suite struct RecoveryTests {
    /// Puts a file that came to its end back to where it was just before its original moved.
    private func unmove(_ file: LedgerFile, _ status: LedgerFile.Status, at site: DeskSite) throws {
        try FileManager.default.moveItem(
            atPath: "\(site.root)/\(#require(file.archivedAs))", toPath: "\(site.root)/Inbox/\(file.feed)/\(file.name)")
        var before = file
        before.status = status
        before.archivedAs = nil
        try site.site.store.update(before)
    }

    private func resumed(_ site: DeskSite) throws -> LedgerFile {
        let outcomes = try site.flow().resume(now: SystemClock.now()).ended
        #expect(outcomes.count == 1)
        #expect(try site.flow().resume(now: SystemClock.now()).ended.isEmpty)
        #expect(try site.audit().defects.isEmpty)
        return try #require(outcomes.first).file
    }

    @Test(arguments: [true, false]) func `a file that was only claimed is read after a restart, from the spool if need be`(isThere: Bool) async throws {
        let site = try await DeskSite.whole()
        let text = DeskSite.order("R-1")
        try site.drop(Array(text.utf8), as: "r.edi", in: "x12-orders")
        let deposit = try Spool(root: "\(site.root)/Var/spool").deposit("\(site.root)/Inbox/x12-orders/r.edi")
        _ = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: "r.edi", digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
            firstSeenAt: SystemClock.now(), claimedAt: SystemClock.now()))
        if !isThere { try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/x12-orders/r.edi") }
        let file = try resumed(site)
        #expect(file.status == .archived)
        #expect(try #require(file.archivedAs).hasPrefix(isThere ? "Archive/" : "Var/spool/"))
        #expect(try site.kept(file) == Array(text.utf8))
        #expect(try site.standing("R-1").microsegment == "standard")
        #expect(!site.exists("Inbox/x12-orders/r.edi"))
    }

    @Test func `a file that was interrupted is a duplicate where its like was taken meanwhile`() async throws {
        let site = try await DeskSite.whole()
        let text = DeskSite.order("R-9")
        try site.drop(Array(text.utf8), as: "r.edi", in: "x12-orders")
        let deposit = try Spool(root: "\(site.root)/Var/spool").deposit("\(site.root)/Inbox/x12-orders/r.edi")
        _ = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: "r.edi", digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
            firstSeenAt: SystemClock.now(), claimedAt: SystemClock.now()))
        let overtaking = try site.take(text, as: "again.edi", in: "x12-orders")
        #expect(overtaking.status == .archived)
        let file = try resumed(site)
        #expect(file.status == .duplicate)
        #expect(file.duplicateOf == overtaking.id)
        #expect(try site.report(file).contains("note[DUPLICATE-BYTES]: the same bytes came as x12-orders/again.edi (file \(overtaking.id))"))
        #expect(try site.kept(file) == Array(text.utf8))
        #expect(try site.site.store.loadTotals().loads == 1)
        #expect(!site.exists("Inbox/x12-orders/r.edi"))
    }

    @Test func `a load that was not published leaves nothing behind`() async throws {
        let site = try await DeskSite.whole()
        let text = DeskSite.order("R-2")
        try site.drop(Array(text.utf8), as: "r.edi", in: "x12-orders")
        let deposit = try Spool(root: "\(site.root)/Var/spool").deposit("\(site.root)/Inbox/x12-orders/r.edi")
        let claimed = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: "r.edi", digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
            firstSeenAt: SystemClock.now(), claimedAt: SystemClock.now()))
        _ = try site.site.store.beginLoad(of: claimed, state: site.site.liveState().id)
        #expect(try resumed(site).status == .archived)
        #expect(try site.site.store.loadTotals().loads == 1)
        #expect(try site.site.store.recordCounts().filter { $0.count > 0 }.map(\.count) == [1, 1])
    }

    @Test func `a file that was published is evaluated after a restart`() async throws {
        let site = try await DeskSite.whole()
        let stale = try site.flow()
        try site.edit("Overrides/README.md", "# Overrides", "# The overrides")
        try await site.activate("Another state")
        #expect(throws: (any Error).self) { try site.take(DeskSite.order("R-3"), as: "r.edi", in: "x12-orders", flow: stale) }
        #expect(try site.site.store.files(.published).count == 1)
        #expect(try resumed(site).status == .archived)
        #expect(try site.standing("R-3").microsegment == "standard")
        #expect(try site.site.store.loadTotals().loads == 1)
        #expect(!site.exists("Inbox/x12-orders/r.edi"))
    }

    @Test(arguments: [true, false]) func `a file that was done is moved after a restart, and nothing is done twice`(isThere: Bool) async throws {
        let site = try await DeskSite.whole()
        let taken = try site.take(DeskSite.order("R-4"), as: "r.edi", in: "x12-orders")
        let decisions = try site.site.store.decisionCount()
        try unmove(taken, .done, at: site)
        if !isThere { try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/x12-orders/r.edi") }
        let file = try resumed(site)
        #expect(file.status == .archived)
        #expect(file.archivedAs == (isThere ? taken.archivedAs : "Var/spool/\(file.digest.prefix(2))/\(file.digest)"))
        #expect(try site.kept(file) == Array(DeskSite.order("R-4").utf8))
        #expect(try site.site.store.decisionCount() == decisions)
        #expect(!site.exists("Inbox/x12-orders/r.edi"))
    }

    @Test func `a file that was moved before the ledger said so is found on its shelf`() async throws {
        let site = try await DeskSite.whole()
        let taken = try site.take(DeskSite.order("R-5"), as: "r.edi", in: "x12-orders")
        var before = taken
        before.status = .done
        before.archivedAs = nil
        try site.site.store.update(before)
        #expect(try resumed(site).archivedAs == taken.archivedAs)
    }

    @Test func `a file whose feed is live no more is told of, and stays half-way`() async throws {
        let site = try await DeskSite.whole()
        let claimed = try site.site.store.add(LedgerFile(
            feed: "former", name: "r.edi", digest: String(repeating: "ab", count: 32), size: 1, status: .claimed, firstSeenAt: SystemClock.now(), claimedAt: SystemClock.now()))
        let resumption = try site.flow().resume(now: SystemClock.now())
        #expect(resumption.ended.isEmpty && resumption.failed.map(\.file.id) == [claimed.id])
        #expect(resumption.failed.first.map { "\($0.error)" }?.contains("feed former is not live any more") == true)
        #expect(try site.site.store.file(claimed.id)?.status == .claimed)
    }

    @Test func `another file that took the name meanwhile is left for itself`() async throws {
        let site = try await DeskSite.whole()
        let taken = try site.take(DeskSite.order("R-6"), as: "r.edi", in: "x12-orders")
        try unmove(taken, .done, at: site)
        let other = DeskSite.order("R-7", control: 2)
        try other.write(toFile: "\(site.root)/Inbox/x12-orders/r.edi", atomically: true, encoding: .utf8)
        let file = try resumed(site)
        #expect(try site.kept(file) == Array(DeskSite.order("R-6").utf8))
        #expect(try site.read("Inbox/x12-orders/r.edi") == other)
    }

    @Test func `a quarantined file and a duplicate are moved with their reports after a restart`() async throws {
        let site = try await DeskSite.whole()
        let bad = try site.take(DeskSite.sample("bad/x12-orders/wrong-se-count.edi"), as: "bad.edi", in: "x12-orders")
        let report = try site.report(bad)
        try unmove(bad, .quarantined, at: site)
        try FileManager.default.removeItem(atPath: "\(site.root)/\(#require(bad.archivedAs)).report.txt")
        let quarantined = try resumed(site)
        #expect(quarantined.status == .quarantined && quarantined.archivedAs == bad.archivedAs)
        #expect(try site.report(quarantined) == report)

        let text = DeskSite.order("R-8")
        try site.take(text, as: "a.edi", in: "x12-orders")
        let twice = try site.take(text, as: "b.edi", in: "x12-orders")
        try unmove(twice, .duplicate, at: site)
        let duplicate = try resumed(site)
        #expect(duplicate.status == .duplicate && duplicate.archivedAs == twice.archivedAs)
        #expect(!site.exists("Inbox/x12-orders/b.edi"))
    }

    @Test(arguments: [4, 5]) func `a file over which the daemon has ended five times is set aside, and no sooner`(ends: Int64) async throws {
        let site = try await DeskSite.whole()
        let text = DeskSite.order("R-9")
        try site.drop(Array(text.utf8), as: "r.edi", in: "x12-orders")
        let deposit = try Spool(root: "\(site.root)/Var/spool").deposit("\(site.root)/Inbox/x12-orders/r.edi")
        _ = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: "r.edi", digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
            firstSeenAt: SystemClock.now(), claimedAt: SystemClock.now(), attempts: ends))
        let file = try resumed(site)
        #expect(file.status == (ends == 5 ? .quarantined : .archived))
        if ends == 5 {
            #expect(try site.report(file).contains("ended 5 times while it read it"))
            #expect(try site.kept(file) == Array(text.utf8))
            #expect(try site.site.store.recordCounts().allSatisfy { $0.count == 0 })
        }
    }

    @Test func `files that are taken together are told of one by one: good, changed, gone, the same bytes twice`() async throws {
        let site = try await DeskSite.whole()
        let feed = try #require(try site.site.liveState().bundle.library.feed("x12-orders"))
        var ready: [FileFlow.ReadyFile] = []
        for (name, order) in [("a.edi", "G-1"), ("b.edi", "G-2"), ("c.edi", "G-3"), ("d.edi", "G-1")] {
            try site.drop(Array(DeskSite.order(order, control: Int(order.suffix(1)) ?? 0).utf8), as: name, in: "x12-orders")
            let identity = try #require(try FileIdentity.of("\(site.root)/Inbox/x12-orders/\(name)"))
            ready.append(FileFlow.ReadyFile(name: name, identity: identity, firstSeenAt: SystemClock.now()))
        }
        try "ISA*more".write(toFile: "\(site.root)/Inbox/x12-orders/b.edi", atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/x12-orders/c.edi")
        let flow = try site.flow()
        let first = try flow.take(ready, of: feed, now: SystemClock.now())
        func told(_ outcomes: FileFlow.Outcomes) -> [String] {
            outcomes.files.map { name, result in
                switch result {
                case .success(let file): "\(name) \(file.status.rawValue)"
                case .failure(let failure as IntakeFailure): "\(name) \(failure.cause)"
                case .failure(let error): "\(name) \(error)"
                }
            }.sorted()
        }
        #expect(told(first) == ["a.edi archived", "b.edi changed", "c.edi system(2)"])
        // Whether the same bytes are a duplicate is known once the first are done with.
        #expect(told(try flow.take([ready[3]], of: feed, now: SystemClock.now())) == ["d.edi duplicate"])
        #expect(try site.site.store.recordCounts().filter { $0.count > 0 }.map(\.count) == [1, 1])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `two files whose names differ only in how a letter is written are both taken`() async throws {
        let site = try await DeskSite.whole()
        try site.drop(Array(DeskSite.order("U-1", control: 1).utf8), as: "e\u{301}.edi", in: "x12-orders")
        try site.drop(Array(DeskSite.order("U-2", control: 2).utf8), as: "\u{e9}.edi", in: "x12-orders")
        try await site.runOnce()
        #expect(try site.standing("U-1").microsegment == "standard")
        #expect(try site.standing("U-2").microsegment == "standard")
        #expect(try site.site.store.files(.archived).count == 2)
    }

    @Test func `an original that was moved, and of which that was not written down, is found on its shelf without a restart`() async throws {
        let site = try await DeskSite.whole()
        let taken = try site.take(DeskSite.order("M-1"), as: "m.edi", in: "x12-orders")
        var before = taken
        (before.status, before.archivedAs) = (.done, nil)
        try site.site.store.update(before)
        let resumption = try site.flow().resume([taken.id], isAfterCrash: false, now: SystemClock.now())
        let file = try #require(resumption.ended.first).file
        #expect(resumption.failed.isEmpty)
        #expect(file.archivedAs == taken.archivedAs && file.status == .archived && file.attempts == taken.attempts)
        // One that is at its end is left alone.
        #expect(try site.flow().resume([taken.id], isAfterCrash: false, now: SystemClock.now()).ended.isEmpty)
    }
}}
