import Foundation
import Mapping
import Pipeline
import Store
import Synchronization
import Testing
import Transfers
import Values

/// Drop folders that are filled from a real `sshd`, where there is one.
extension EndToEnd { @Suite struct PullTests {
    /// A site that pulls `out` of a server for its X12 orders.
    private func site(_ server: SSHServer, port: Int? = nil, _ pull: String = "", further: String = "") async throws -> DeskSite {
        try server.folder.make("out")
        return try await DeskSite.whole(DeskSite.configuration(further: """
            remotes:
            \(try server.configuration(port: port))pulls:
              - { remote: acme, folder: out, feed: x12-orders, every: PT0.2S\(pull.contains("done:") ? "" : ", quiet: PT0.1S")\(pull.isEmpty ? "" : ", \(pull)") }
            \(further)
            """))
    }

    /// A site that pulls `out` of a server of FTPS.
    private func site(_ server: FTPSServer, _ pull: String = "") async throws -> DeskSite {
        try server.folder.make("out")
        return try await DeskSite.whole(DeskSite.configuration(further: """
            remotes:
            \(try server.configuration())pulls:
              - { remote: wms-box, folder: out, feed: x12-orders, every: PT0.2S, quiet: PT0.1S\(pull.isEmpty ? "" : ", \(pull)") }

            """))
    }

    /// Writes to a file of the server and has it say that this was at a second of a minute that is long gone.
    private func write(_ text: String, to path: String, atSecond second: Int, _ server: SSHServer) throws {
        try server.folder.write(path, text)
        let date = Date(timeIntervalSince1970: 1_700_000_040 + Double(second))
        try FileManager.default.setAttributes([.modificationDate: date], ofItemAtPath: "\(server.folder.files)/\(path)")
    }

    private func state(_ site: DeskSite, mayEmit: @escaping @Sendable () -> Bool = { true }, events: EventJournal = EventJournal()) throws -> PullState {
        let pull = try #require(try PullSettings.all(site.site.configuration, root: site.root).first)
        return try PullState(pull, site: site.site, stop: RemoteStop(), mayEmit: mayEmit, events: { events.add($0) })
    }

    /// Rounds until nothing settles any more; gives the last one.
    @discardableResult
    private func rounds(_ state: inout PullState) async throws -> PullState.Round {
        while true {
            let round = try state.round()
            guard round.failure == nil, let next = round.nextSettled else { return round }
            try await Task.sleep(for: .milliseconds(max(1, next - SystemClock.monotonicMilliseconds())))
        }
    }

    private func dropped(_ site: DeskSite) throws -> [String] {
        guard site.exists("Inbox/x12-orders") else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Inbox/x12-orders").filter { !$0.hasPrefix(".") }.sorted()
    }

    private func staged(_ site: DeskSite) throws -> [String] {
        guard site.exists("Inbox/x12-orders/.pulling") else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/Inbox/x12-orders/.pulling")
    }

    private func bytes(_ path: String, _ site: DeskSite) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(site.root)/\(path)"))) }

    @Test func `files of a server are taken whole, worked through and deleted there, whatever their names`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server, "names: '*.edi'")
        let names = ["a b.edi", "ü é.edi", String(repeating: "n", count: 200) + ".edi"]
        for (at, name) in names.enumerated() { try server.folder.write("out/\(name)", DeskSite.order("P-\(at)", control: at + 1)) }
        for name in ["note.txt", ".hidden.edi", "begun.edi.tmp"] { try server.folder.write("out/\(name)", "x") }
        try server.folder.make("out/sub.edi")
        let told = try await site.runOnce()
        #expect(told.compactMap(\.pulled).sorted() == names.sorted())
        #expect(try site.site.store.files(.archived).map(\.name).sorted() == names.sorted())
        for at in names.indices { #expect(try site.standing("P-\(at)").microsegment == "standard") }
        #expect(try server.folder.names("out") == [".hidden.edi", "begun.edi.tmp", "note.txt", "sub.edi"])
        #expect(try staged(site).isEmpty && site.audit().defects.isEmpty)
        #expect(try SiteStatus(site.site).text.contains("pull     acme/out: looked at"))
    }

    @Test func `files are moved there where that is wished, and never over another one`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server, "after: { move: old }")
        try server.folder.make("old")
        try server.folder.write("old/a.edi", "of last year")
        try server.folder.write("out/a.edi", DeskSite.order("M-1"))
        var state = try state(site)
        #expect(try await rounds(&state).failure == nil)
        #expect(try dropped(site) == ["a.edi"] && server.folder.names("out").isEmpty)
        let moved = try #require(try server.folder.names("old").first { $0.hasPrefix("a~") })
        #expect(try server.folder.read("old/\(moved)") == Array(DeskSite.order("M-1").utf8) && server.folder.read("old/a.edi") == Array("of last year".utf8))
    }

    @Test func `a file that grows waits from its last change, and one without its marker for that`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server)
        try server.folder.write("out/a.edi", "ISA")
        var state = try state(site)
        let first = try state.round()
        #expect(first.taken == 0 && first.nextSettled != nil && first.waiting.map(\.name) == ["a.edi"])
        try await Task.sleep(for: .milliseconds(max(1, (first.nextSettled ?? 0) - SystemClock.monotonicMilliseconds())))
        // Longer by now: what was waited for counts no more, however long ago the file says that it was written.
        try server.folder.write("out/a.edi", "ISA and more")
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)], ofItemAtPath: "\(server.folder.files)/out/a.edi")
        #expect(try state.round().taken == 0)
        try await rounds(&state)
        #expect(try bytes("Inbox/x12-orders/a.edi", site) == Array("ISA and more".utf8))

        let marked = try await self.site(server, "done: '{name}.ok'")
        try server.folder.write("out/b.edi", "B")
        var other = try self.state(marked)
        let waiting = try other.round()
        #expect(waiting.taken == 0 && waiting.waiting.map(\.reason) == ["waits for its done marker b.edi.ok"])
        try server.folder.write("out/b.edi.ok", "")
        #expect(try other.round().taken == 1)
        #expect(try dropped(marked) == ["b.edi"] && server.folder.names("out").isEmpty)
    }

    @Test func `a file that is written to within a minute and keeps its size is not whole`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server)
        try write("half", to: "out/a.edi", atSecond: 1, server)
        var state = try state(site)
        let first = try state.round()
        try await Task.sleep(for: .milliseconds(max(1, (first.nextSettled ?? 0) - SystemClock.monotonicMilliseconds())))
        try write("full", to: "out/a.edi", atSecond: 2, server)
        #expect(try state.round().taken == 0)
        try await rounds(&state)
        #expect(try bytes("Inbox/x12-orders/a.edi", site) == Array("full".utf8))
    }

    @Test(arguments: ["", "claim: mine"]) func `a file that is written to between the look and the download is let go, and settles anew where it is then`(pull: String) async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server, pull)
        try server.folder.make("mine")
        try write("half", to: "out/a.edi", atSecond: 1, server)
        let isFirst = Mutex(true)
        var state = try state(site, mayEmit: {
            // Asked right before a file is fetched.
            if isFirst.withLock({ isFirst in defer { isFirst = false }; return isFirst }) { try? write("full", to: "out/a.edi", atSecond: 2, server) }
            return true
        })
        let round = try await rounds(&state)
        #expect(round.taken == 0 && round.waiting.map(\.reason) == ["it changed since it was listed"])
        let next = try state.round()
        #expect(next.taken == 0 && next.nextSettled != nil)
        try await rounds(&state)
        #expect(try bytes("Inbox/x12-orders/a.edi", site) == Array("full".utf8))
        #expect(try server.folder.names("out").isEmpty && server.folder.names("mine").isEmpty)
    }

    @Test func `a server is asked about so many files in one look, and about the others once those are gone`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server)
        for number in 0..<5 { try server.folder.write("out/a\(number)", "x") }
        var state = try state(site)
        state.askedMax = 2
        let first = try state.round()
        #expect(first.waiting.filter { $0.reason.contains("asked about 2 files") }.map(\.name) == ["a2", "a3", "a4"])
        let round = try await rounds(&state)
        #expect(round.taken == 2 && round.isCut)
        while try !server.folder.names("out").isEmpty { try #require(try await rounds(&state).failure == nil) }
        #expect(try dropped(site) == ["a0", "a1", "a2", "a3", "a4"])
    }

    @Test func `where a server tells minutes at best, a file is to be unchanged for longer than one`() async throws {
        guard let server = try FTPSServer.start(["nofacts", "notimes"]) else { return }
        let site = try await site(server)
        try server.folder.write("out/a.edi", "x")
        var state = try state(site)
        let round = try state.round()
        #expect(round.waiting.map(\.reason) == ["is to be unchanged for 61 s"])
        #expect((round.nextSettled ?? 0) - SystemClock.monotonicMilliseconds() > 30_000)
    }

    @Test func `a file that is replaced while it is fetched is let go, and taken as what it is then`() async throws {
        guard let server = try SSHServer.start() else { return }
        let proxy = CutProxy(to: server.port)
        defer { proxy.stop() }
        let site = try await site(server, port: proxy.port), folder = server.folder
        try folder.write("out/a.edi", [UInt8](repeating: 1, count: 3_000_000))
        var state = try state(site)
        _ = try state.round()
        proxy.after(1_000_000, from: .server) {
            try? folder.write("out/new", [UInt8](repeating: 2, count: 3_000_000))
            rename("\(folder.files)/out/new", "\(folder.files)/out/a.edi")
            utimes("\(folder.files)/out/a.edi", [timeval(tv_sec: 1_800_000_000, tv_usec: 0), timeval(tv_sec: 1_800_000_000, tv_usec: 0)])
            return true
        }
        var seen: [String] = []
        while try dropped(site).isEmpty {
            let round = try await rounds(&state)
            seen += round.waiting.map(\.reason)
            try #require(round.failure == nil)
        }
        #expect(seen.contains("it changed while it was fetched"))
        #expect(try bytes("Inbox/x12-orders/a.edi", site) == [UInt8](repeating: 2, count: 3_000_000))
        #expect(try staged(site).isEmpty)
    }

    @Test func `a connection that is cut leaves nothing in the drop folder, is told once, and the file comes with the next round`() async throws {
        guard let server = try SSHServer.start() else { return }
        let proxy = CutProxy(to: server.port)
        defer { proxy.stop() }
        let site = try await site(server, port: proxy.port)
        try server.folder.write("out/a.edi", [UInt8](repeating: 1, count: 3_000_000))
        var state = try state(site)
        proxy.after(1_000_000, from: .server) { false }
        let round = try await rounds(&state)
        #expect(round.failure?.cause.contains("libcurl") == true && round.taken == 0)
        #expect(try dropped(site).isEmpty && staged(site).isEmpty && server.folder.exists("out/a.edi"))
        #expect(try await rounds(&state).failure == nil)
        #expect(try dropped(site) == ["a.edi"] && server.folder.names("out").isEmpty)
    }

    @Test func `what cannot be deleted there is never fetched again, and another file of its name is`() async throws {
        guard let server = try SSHServer.start(denied: "remove") else { return }
        let site = try await site(server)
        try server.folder.write("out/a.edi", "first")
        let told = EventJournal()
        var state = try state(site, events: told)
        try await rounds(&state)
        try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/x12-orders/a.edi")
        for _ in 0..<3 {
            let waiting = try state.round().waiting
            #expect(waiting.count == 1 && waiting.first?.reason.contains("is to be taken away: ") == true)
        }
        // Nor after a restart.
        var restarted = try self.state(site, events: told)
        for _ in 0..<3 { try await rounds(&restarted) }
        #expect(try dropped(site).isEmpty)
        #expect(told.events.count(where: \.isTrouble) == 2)
        #expect(told.events.contains { if case .trouble(_, let cause, let hint) = $0 { cause.contains("cannot be removed there") && hint?.contains("out; it is not fetched again") == true } else { false } })
        #expect(try PullStanding.lines(named: "a.edi", in: site.site).joined().contains("still there"))
        try server.folder.write("out/a.edi", "second")
        try await rounds(&restarted)
        #expect(try dropped(site) == ["a.edi"] && bytes("Inbox/x12-orders/a.edi", site) == Array("second".utf8))
    }

    @Test func `a file of its name that is still in the drop folder is left as it is`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server)
        try site.drop(Array("older".utf8), as: "a.edi", in: "x12-orders")
        try server.folder.write("out/a.edi", "newer")
        var state = try state(site)
        try await rounds(&state)
        let names = try dropped(site)
        #expect(names.count == 2 && names.contains("a.edi"))
        #expect(try bytes("Inbox/x12-orders/a.edi", site) == Array("older".utf8))
        #expect(try bytes("Inbox/x12-orders/\(#require(names.first { $0 != "a.edi" }))", site) == Array("newer".utf8))
    }

    @Test func `ended at any step, a file is neither lost nor taken twice`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server), store = site.site.store
        try server.folder.write("out/a.edi", "text")
        // Ended between the name here and the deletion there.
        let asked = Mutex(0)
        var state = try state(site, mayEmit: { asked.withLock { $0 += 1; return $0 <= 1 } })
        try await rounds(&state)
        #expect(try dropped(site) == ["a.edi"] && server.folder.exists("out/a.edi"))
        var row = try #require(try store.openRemoteFiles(remote: "acme", folder: "\(server.folder.files)/out").first)
        #expect(row.status == .placed)
        // Ended before the name here: the row is written, the file is staged.
        try FileManager.default.moveItem(atPath: "\(site.root)/Inbox/x12-orders/a.edi", toPath: "\(site.root)/Inbox/x12-orders/.pulling/\(row.staged)")
        row.status = .staged
        try store.driver.write { try Store.update(row, in: $0) }
        var second = try self.state(site)
        try await rounds(&second)
        #expect(try dropped(site) == ["a.edi"] && server.folder.names("out").isEmpty && staged(site).isEmpty)
        // Ended between the deletion there and what is written of it: as if nothing after the row had been kept.
        try store.driver.write { try Store.update(row, in: $0) }
        var third = try self.state(site)
        try await rounds(&third)
        #expect(try dropped(site) == ["a.edi"])
        #expect(try store.remoteFiles(named: "a.edi").map(\.status) == [.done])
        #expect(try store.openRemoteFiles(remote: "acme", folder: "\(server.folder.files)/out").isEmpty)
    }

    @Test func `what another pull into the same drop folder has staged is not swept`() async throws {
        guard let server = try SSHServer.start() else { return }
        try server.folder.make("other")
        let site = try await site(server, further: "  - { remote: acme, folder: other, feed: x12-orders, quiet: PT0.1S }\n"), store = site.site.store
        try server.folder.write("other/b.edi", "text")
        let pulls = try PullSettings.all(site.site.configuration, root: site.root)
        #expect(pulls.count == 2)
        let asked = Mutex(0)
        var other = try PullState(pulls[1], site: site.site, stop: RemoteStop(), mayEmit: { asked.withLock { $0 += 1; return $0 <= 1 } }, events: { _ in })
        try await rounds(&other)
        var row = try #require(try store.openRemoteFiles(remote: "acme", folder: "\(server.folder.files)/other").first)
        // Ended before the name here.
        try FileManager.default.moveItem(atPath: "\(site.root)/Inbox/x12-orders/b.edi", toPath: "\(site.root)/Inbox/x12-orders/.pulling/\(row.staged)")
        row.status = .staged
        try store.driver.write { try Store.update(row, in: $0) }
        // Of a process that is gone, and of a download that was cut.
        try Data("te".utf8).write(to: URL(fileURLWithPath: "\(site.root)/Inbox/x12-orders/.pulling/4194304-1-1"))
        try state(site).removeLeftovers()
        #expect(try staged(site) == [row.staged])
        let told = EventJournal()
        var again = try PullState(pulls[1], site: site.site, stop: RemoteStop(), mayEmit: { true }, events: { told.add($0) })
        try await rounds(&again)
        #expect(try dropped(site) == ["b.edi"] && staged(site).isEmpty && server.folder.names("other").isEmpty)
        #expect(!told.events.contains { if case .trouble = $0 { true } else { false } })
    }

    @Test(arguments: [false, true]) func `what is written down as pulled and lies nowhere here is fetched again, and taken away there only if the ledger has its bytes`(isKnown: Bool) async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server), store = site.site.store
        try server.folder.write("out/a.edi", "text")
        // Ended between the name here and the deletion there; then the drop folder is lost.
        let asked = Mutex(0)
        var state = try state(site, mayEmit: { asked.withLock { $0 += 1; return $0 <= 1 } })
        try await rounds(&state)
        try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/x12-orders/a.edi")
        var row = try #require(try store.openRemoteFiles(remote: "acme", folder: "\(server.folder.files)/out").first)
        row.status = .staged
        try store.driver.write { try Store.update(row, in: $0) }
        if isKnown {
            _ = try store.add(LedgerFile(
                feed: row.feed, name: row.name, digest: row.digest, size: row.size, status: .archived, firstSeenAt: row.pulledAt, claimedAt: row.pulledAt))
        }
        let told = EventJournal()
        var restarted = try self.state(site, events: told)
        try await rounds(&restarted)
        #expect(try dropped(site) == (isKnown ? [] : ["a.edi"]) && server.folder.names("out").isEmpty)
        #expect(told.events.compactMap(\.trouble).count(where: { $0.contains("is not here any more") }) == (isKnown ? 0 : 1))
        #expect(try store.remoteFiles(named: "a.edi").map(\.status) == [.done])
    }

    @Test func `killed again and again while it pulls, the daemon takes each file once`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server, "filesMax: 20")
        let count = 120
        for number in 0..<count { try server.folder.write("out/k\(number).edi", DeskSite.order("K-\(number)", control: number + 1)) }
        var kills = 0
        // Of one group it may be that each file is here already: with more there is one to pull.
        while try server.folder.names("out").count > 40 {
            let daemon = try site.daemon()
            try await daemon.wait(for: "pulled")
            daemon.signal(SIGKILL)
            daemon.waitUntilExit()
            kills += 1
        }
        for _ in 0..<2 { try await site.runOnce() }
        #expect(kills >= 3)
        #expect(try server.folder.names("out").isEmpty && dropped(site).isEmpty)
        #expect(try site.site.store.files(.archived).count == count && site.site.store.files(.duplicate).isEmpty)
        #expect(try site.audit().defects.isEmpty)
        print("killed \(kills) times over \(count) pulled files")
    }

    @Test func `two sites that claim pull each file of one folder once`() async throws {
        guard let server = try SSHServer.start() else { return }
        try server.folder.make("mine")
        let one = try await site(server, "claim: mine"), two = try await site(server, "claim: mine")
        // Another house: its log begins otherwise.
        for number in 0..<40 { try server.folder.write("out/c\(number).edi", "text \(number)") }
        var first = try state(one), second = try state(two)
        // Both have seen all of it, and go for it at the same time.
        _ = try first.round()
        _ = try second.round()
        async let left = taken(one), right = taken(two)
        let names = try await left + right
        #expect(names.count == 40 && Set(names).count == 40)
        #expect(try server.folder.names("out").isEmpty && server.folder.names("mine").isEmpty)
    }

    private func taken(_ site: DeskSite) async throws -> [String] {
        var state = try state(site)
        while true {
            let round = try await rounds(&state)
            try #require(round.failure == nil, "\(round)")
            if round.taken == 0, round.waiting.isEmpty { return try dropped(site) }
        }
    }

    @Test func `limits of a round, of a file and of a listing are kept and told`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server, "filesMax: 3, fileBytesMax: 10B, namesMax: 6")
        for number in 0..<5 { try server.folder.write("out/a\(number)", "x") }
        try server.folder.write("out/large", "more than ten bytes")
        let told = EventJournal()
        var state = try state(site, events: told)
        _ = try state.round()
        let round = try await rounds(&state)
        #expect(round.taken == 3 && round.isCut)
        #expect(round.waiting.contains { $0.name == "large" && $0.reason == "it has 19 bytes, more than 10" })
        #expect(try state.round().taken == 2)
        #expect(told.events.compactMap(\.trouble).count == 1)
        for number in 0..<7 { try server.folder.write("out/b\(number)", "x") }
        _ = try state.round()
        #expect(told.events.compactMap(\.trouble).contains { $0.contains("more than 6 files") })
    }

    @Test func `while intake is paused files stay on the server and say so, and come once it goes on`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server), store = site.site.store
        func pause(_ reason: String) throws { try store.driver.write { try Store.setSiteValue("intake paused", reason, in: $0) } }
        try server.folder.write("out/a.edi", DeskSite.order("I-1"))
        try pause("3 effects wait in the outbox, and intake pauses at 3")
        var state = try state(site)
        let round = try await rounds(&state)
        #expect(round.taken == 0 && round.waiting.map(\.reason) == ["intake is paused: 3 effects wait in the outbox, and intake pauses at 3"])
        #expect(try dropped(site).isEmpty && staged(site).isEmpty && server.folder.names("out") == ["a.edi"])
        try pause("")
        #expect(try state.round().taken == 1)
        #expect(try dropped(site) == ["a.edi"] && server.folder.names("out").isEmpty)
        // What another daemon left is looked at anew before anything is fetched.
        try server.folder.write("out/b.edi", DeskSite.order("I-2", control: 2))
        try pause("1 bytes are free for the store and the spool, and intake pauses below 2")
        #expect(try await site.runOnce().compactMap(\.pulled) == ["b.edi"])
        #expect(try SiteStatus(site.site).intakePaused == nil)
    }

    @Test func `a daemon that has lost its lease writes nothing and deletes nothing`() async throws {
        guard let server = try SSHServer.start() else { return }
        let site = try await site(server)
        try server.folder.write("out/a.edi", "text")
        var state = try state(site, mayEmit: { false })
        try await rounds(&state)
        #expect(try dropped(site).isEmpty && staged(site).isEmpty && server.folder.names("out") == ["a.edi"])
    }

    @Test func `a pull that cannot be made says why, and its end too, once each`() async throws {
        guard let server = try SSHServer.start() else { return }
        let proxy = CutProxy(to: server.port), port = proxy.port
        proxy.stop()
        let site = try await site(server, port: port)
        try server.folder.write("out/a.edi", DeskSite.order("T-1"))
        try await site.withDaemon { told in
            try await told.wait { $0.contains { $0.pullFailure != nil } }
            let failure = try #require(told.events.lazy.compactMap(\.pullFailure).first)
            #expect(failure.contains("connect"))
            // It is written down behind what is told, and nobody tells of that.
            while try site.site.store.pulls().first?.failure == nil { try await Task.sleep(for: .milliseconds(20)) }
            #expect(told.events.compactMap(\.pullFailure).count == 1)
        }
        #expect(try SiteStatus(site.site).text.contains("FAILS"))
    }

    @Test(arguments: [[], ["nofacts"]]) func `files come over FTPS too, whatever the form of the listing`(flags: [String]) async throws {
        guard let server = try FTPSServer.start(flags) else { return }
        let site = try await site(server, "after: { move: old }")
        try server.folder.write("out/ä b.edi", DeskSite.order("F-1"))
        try server.folder.make("old")
        #expect(try await site.runOnce().compactMap(\.pulled) == ["ä b.edi"])
        #expect(try site.standing("F-1").microsegment == "standard")
        #expect(try server.folder.names("out").isEmpty && server.folder.names("old") == ["ä b.edi"])
    }
} }

extension PipelineEvent {
    /// Name of a file that was pulled.
    var pulled: String? { if case .pulled(_, let name, _, _, _) = self { name } else { nil } }
    /// Why a pull cannot be made.
    var pullFailure: String? { if case .pullStands(_, let failure?, _) = self { failure } else { nil } }
}
