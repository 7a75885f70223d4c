import Foundation
import Intake
import Mapping
import Pipeline
import Store
import Testing
import Values

/// Order, folders below, and when intake pauses: the whole daemon on a whole site.
extension EndToEnd { @Suite struct DropFolderTests {
    private static func feed(_ lines: String) -> (String) throws -> Void {
        { root in
            let path = "\(root)/Mappings/feeds/x12-orders.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try (text + lines).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private static func feed(_ former: String, _ latter: String) -> (String) throws -> Void {
        { root in
            let path = "\(root)/Mappings/feeds/x12-orders.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8)
            try text.replacing(former, with: latter).write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    private func taken(_ events: [PipelineEvent]) -> [String] {
        events.compactMap { if case .file(let file, _, _) = $0 { file.name } else { nil } }
    }

    private func drop(_ order: String, control: Int, as name: String, at site: DeskSite) throws {
        let path = "\(site.root)/Inbox/x12-orders/\(name)"
        try FileManager.default.createDirectory(atPath: Site.parent(of: path), withIntermediateDirectories: true)
        try Data(DeskSite.order(order, control: control).utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test func `folders below are looked into, and originals keep them in the archive`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("subfolders: 2\n"))
        for (number, name) in ["S-1.edi", "north/S-1.edi", "north/deep/S-1.edi", "north/deep/deeper/S-1.edi"].enumerated() {
            try drop("S-\(number)", control: 700 + number, as: name, at: site)
        }
        try site.drop(Array("nonsense".utf8), as: "bad.edi", in: "x12-orders/north")
        let waiting = try WaitingFile.all(named: "S-1.edi", in: site.site)
        #expect(waiting.map(\.name) == ["S-1.edi", "north/S-1.edi", "north/deep/S-1.edi"])
        #expect(try WaitingFile.unwatched(named: "S-1.edi", in: site.site).lines
            == ["x12-orders/north/deep/deeper/S-1.edi lies there, but feed x12-orders looks 2 folders deep (`subfolders`)"])
        _ = try await site.runOnce()
        let files = try site.site.store.files(ofFeed: "x12-orders", last: 10)
        #expect(Set(files.map(\.name)) == ["S-1.edi", "north/S-1.edi", "north/deep/S-1.edi", "north/bad.edi"])
        for file in files {
            let place = try #require(file.archivedAs)
            #expect(place.hasSuffix("/x12-orders/\(file.name)") && site.exists(place))
        }
        #expect(!site.exists("Inbox/x12-orders/north/S-1.edi") && site.exists("Inbox/x12-orders/north/deep/deeper/S-1.edi"))
        #expect(try site.site.store.files(named: "bad.edi").map(\.name) == ["north/bad.edi"])
        #expect(try site.site.store.files(named: "%.edi").isEmpty)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `files are taken in the order that the feed says`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("order: number\n"))
        for number in [10, 9, 100, 1] { try drop("O-\(number)", control: 700 + number, as: "out-\(number).edi", at: site) }
        #expect(taken(try await site.runOnce()) == ["out-1.edi", "out-9.edi", "out-10.edi", "out-100.edi"])
    }

    @Test func `in a sequence a file that is not whole keeps those behind it waiting, and is told of`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("order: number\ninSequence: true\n"))
        for number in [1, 2, 3] { try drop("Q-\(number)", control: 700 + number, as: "q-\(number).edi", at: site) }
        let path = "\(site.root)/Inbox/x12-orders/q-2.edi", whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast(20).write(to: URL(fileURLWithPath: path))
        #expect(taken(try await site.runOnce()) == ["q-1.edi"])
        #expect(try WaitingFile.all(named: "q-3.edi", in: site.site).map(\.reason) == ["waits for q-2.edi, which comes before it; but no daemon works"])
        try whole.write(to: URL(fileURLWithPath: path))
        #expect(taken(try await site.runOnce()) == ["q-2.edi", "q-3.edi"])
    }

    @Test func `where too much waits to go out files are left where they are, and are taken once something has gone out`() async throws {
        let site = try await DeskSite.whole(DeskSite.configuration(further: "backPressure: { effects: 3 }\n", endpoint: "    retry: [PT1H]\n"))
        try site.dropSamples(["customers", "item-master"])
        _ = try await site.runOnce()
        // Nobody listens: their webhooks wait for an hour.
        for number in 1...4 { try drop("P-\(number)", control: 700 + number, as: "p-\(number).edi", at: site) }
        let first = try await site.runOnce()
        #expect(first.contains { if case .file = $0 { true } else { false } })
        let load = try site.site.store.outboxLoad(upTo: 100)
        #expect(load.effects >= 3)
        try drop("P-5", control: 705, as: "p-5.edi", at: site)
        let second = try await site.runOnce()
        #expect(taken(second).isEmpty && site.exists("Inbox/x12-orders/p-5.edi"))
        #expect(try SiteStatus(site.site).text.contains("paused   no files are taken: \(load.effects) effects wait in the outbox, and intake pauses at 3"))
        #expect(try WaitingFile.all(named: "p-5.edi", in: site.site).first?.reason.contains("intake is paused: ") == true)
        // More room is given: intake goes on where it stopped.
        try site.write("crossdock.yaml", DeskSite.configuration(further: "backPressure: { effects: 300 }\n", endpoint: "    retry: [PT1H]\n"))
        let told = EventJournal()
        try await Daemon(site: Site.open(root: site.root), once: true) { told.add($0) }.run()
        #expect(taken(told.events) == ["p-5.edi"])
        #expect(told.events.contains { if case .intakePaused(nil) = $0 { true } else { false } })
        #expect(try SiteStatus(site.site).intakePaused == nil)
    }

    @Test func `limits are reached by number, bytes, age and free room, and left a tenth below`() {
        let limits = BackPressureLimits(effects: 100, bytes: 1_000, age: DayTimeDuration(seconds: 60), free: 500)
        let now = Instant(seconds: 1_000)
        func reached(_ load: OutboxLoad, isPaused: Bool = false) -> Int { limits.reached(by: load, isPaused: isPaused, at: now).count }
        let calm = OutboxLoad(effects: 90, bytes: 900, oldest: now.adding(DayTimeDuration(seconds: -59)), free: 500)
        #expect(reached(calm) == 0)
        // Paused, it takes more room than that to go on.
        #expect(reached(calm, isPaused: true) == 3)
        #expect(reached(OutboxLoad(effects: 89, bytes: 899, oldest: nil, free: 550), isPaused: true) == 0)
        #expect(reached(OutboxLoad(effects: 100, bytes: 0, oldest: nil, free: .max)) == 1)
        #expect(reached(OutboxLoad(effects: 0, bytes: 1_000, oldest: nil, free: .max)) == 1)
        #expect(reached(OutboxLoad(effects: 1, bytes: 0, oldest: now.adding(DayTimeDuration(seconds: -60)), free: .max)) == 1)
        #expect(reached(OutboxLoad(effects: 0, bytes: 0, oldest: nil, free: 499)) == 1)
    }

    @Test func `a writer that pauses at an end and goes on is waited for, and one that nobody can see is told of`() async throws {
        let site = try await DeskSite.whole(), path = "\(site.root)/Inbox/x12-orders/two.edi"
        let first = Array(DeskSite.order("W-1", control: 801).utf8), second = Array(DeskSite.order("W-2", control: 802).utf8)
        let writer = open(path, O_CREAT | O_WRONLY, 0o644)
        defer { close(writer) }
        #expect(write(writer, first, first.count) == first.count)
        guard try Folder.ends(of: path, window: 1).isOpen == true else { return print("skipped: leases are not given here") }
        #expect(try WaitingFile.all(named: "two.edi", in: site.site).map(\.reason) == ["is whole by its format, and somebody has it open for writing; but no daemon works"])
        let daemon = try site.daemon()
        try await daemon.wait(for: "started")
        #expect(write(writer, second, second.count) == second.count)
        close(writer)
        try await daemon.wait(for: "started", "name=two.edi bytes=\(first.count + second.count)")
        daemon.signal(SIGTERM)
        daemon.waitUntilExit()
        var watch = FiledWatch()
        let filed = try #require(try site.site.store.files(named: "two.edi").first), place = try #require(filed.archivedAs)
        watch.note("x12-orders/two.edi", path: "\(site.root)/\(place)", place: place, size: filed.size, at: 0)
        #expect(watch.look(at: 1_000).isEmpty)
        let late = open("\(site.root)/\(place)", O_WRONLY | O_APPEND)
        #expect(write(late, first, 5) == 5)
        close(late)
        #expect(watch.look(at: 60_000).map(\.cause) == ["somebody went on writing to it after it was taken: \(filed.size) bytes were read, and \(place) has \(filed.size + 5)"])
        #expect(watch.look(at: 120_000).isEmpty)
    }

    @Test func `a file that nobody may read, or that is too large, is told once and keeps nothing waiting`() async throws {
        let site = try await DeskSite.whole(), folder = "\(site.root)/Inbox/x12-orders"
        try site.drop(Array(DeskSite.order("U-1", control: 811).utf8), as: "a.edi", in: "x12-orders")
        let large = open("\(folder)/large.edi", O_CREAT | O_WRONLY, 0o644)
        #expect(ftruncate(large, Spool.fileBytesMax + 1) == 0)
        close(large)
        try site.drop(Array(DeskSite.order("U-2", control: 812).utf8), as: "closed.edi", in: "x12-orders")
        chmod("\(folder)/closed.edi", 0)
        let isRoot = getuid() == 0
        let told = try await site.runOnce().compactMap { if case .trouble(let subject, let cause, _) = $0 { "\(subject): \(cause)" } else { nil } }
        #expect(told.count == (isRoot ? 1 : 2) && told.contains { $0.hasPrefix("x12-orders/large.edi: has more than ") }, "\(told)")
        #expect(try site.site.store.files(named: "a.edi").first?.status == .archived)
        #expect(try WaitingFile.all(named: "large.edi", in: site.site).first?.reason.hasPrefix("has more than ") == true)
        if !isRoot { #expect(try WaitingFile.all(named: "closed.edi", in: site.site).first?.reason.contains("Permission denied") == true) }
    }

    @Test func `in a sequence one that cannot be taken stops those behind it within its group too`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("order: number\ninSequence: true\n"))
        for number in [1, 2, 3] { try drop("G-\(number)", control: 820 + number, as: "g-\(number).edi", at: site) }
        let flow = try site.flow(), folder = "\(site.root)/Inbox/x12-orders"
        let feed = try #require(try site.site.liveState().bundle.library.feed("x12-orders"))
        let ready = try Folder.scan(folder).map { FileFlow.ReadyFile(name: $0.name, identity: $0.identity, firstSeenAt: SystemClock.now()) }
        // It is another one by the time it is copied.
        try Data(DeskSite.order("G-2", control: 829).utf8 + [10]).write(to: URL(fileURLWithPath: "\(folder)/g-2.edi"))
        let outcomes = try flow.take(ready, of: feed, now: SystemClock.now())
        #expect(outcomes.files.map(\.name).sorted() == ["g-1.edi", "g-2.edi"])
        #expect(try site.site.store.files(named: "g-3.edi").isEmpty)
    }

    @Test func `where the same bytes come twice in a group those behind them wait, so that the order is kept`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("duplicates: replace", "duplicates: accept"))
        for (name, control) in [("1.edi", 831), ("2.edi", 832), ("3.edi", 831), ("4.edi", 834)] { try drop("K-\(control)", control: control, as: name, at: site) }
        #expect(taken(try await site.runOnce()) == ["1.edi", "2.edi", "3.edi", "4.edi"])
    }

    @Test func `a folder that cannot be made is trouble of its feed, and why goes on without it`() async throws {
        let site = try await DeskSite.whole()
        try FileManager.default.removeItem(atPath: "\(site.root)/Inbox/weather")
        try Data().write(to: URL(fileURLWithPath: "\(site.root)/Inbox/weather"))
        try site.drop(Array(DeskSite.order("F-1", control: 841).utf8), as: "f.edi", in: "x12-orders")
        #expect(try WaitingFile.all(named: "f.edi", in: site.site).count == 1)
        let events = try await site.runOnce()
        #expect(taken(events) == ["f.edi"])
        #expect(events.contains { if case .trouble(let subject, _, _) = $0 { subject.hasSuffix("Inbox/weather") } else { false } })
    }

    @Test func `what is dropped again for a file in quarantine replaces nothing, has its marker, and is known by both`() async throws {
        let site = try await DeskSite.whole(prepare: Self.feed("complete: auto", "complete: { doneFile: \"{name}.done\" }"))
        try site.drop(DeskSite.sample("bad/x12-orders/wrong-se-count.edi"), as: "bad.edi", in: "x12-orders")
        try site.drop([], as: "bad.edi.done", in: "x12-orders")
        _ = try await site.runOnce()
        let bad = try #require(try site.site.store.files(named: "bad.edi").first), feed = try #require(try site.site.liveState().bundle.library.feed("x12-orders"))
        #expect(bad.status == .quarantined)
        let corrected = "\(site.root)/corrected.edi"
        var names: [String] = []
        for number in [1, 2] {
            try Data(DeskSite.order("C-\(number)", control: 850 + number).utf8).write(to: URL(fileURLWithPath: corrected))
            names.append(try Correction.drop(corrected, for: bad, of: feed, site.site))
        }
        #expect(names == ["bad~\(bad.id).edi", "bad~\(bad.id)-2.edi"])
        _ = try await site.runOnce()
        let again = try Correction.of(bad, in: site.site.store)
        #expect(again.map(\.name) == names && again.allSatisfy { $0.status == .archived })
        #expect(try again.map { try Correction.original(of: $0, in: site.site.store)?.id } == [bad.id, bad.id])
        #expect(try Correction.original(of: bad, in: site.site.store) == nil)
        #expect(try Folder.list("\(site.root)/Inbox/x12-orders").files.isEmpty)
        // Both names were used.
        #expect(try Correction.drop(corrected, for: bad, of: feed, site.site) == "bad~\(bad.id)-3.edi")
        try Data().write(to: URL(fileURLWithPath: corrected))
        #expect(throws: PipelineFailure.self) { try Correction.drop(corrected, for: bad, of: feed, site.site) }
        // A name of 255 bytes makes room for the mark.
        let long = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: String(repeating: "ü", count: 125) + "a.edi", digest: bad.digest, size: bad.size, status: .quarantined, firstSeenAt: SystemClock.now(),
            claimedAt: SystemClock.now(), archivedAs: bad.archivedAs))
        let name = try Correction.drop("\(site.root)/\(try #require(bad.archivedAs))", for: long, of: feed, site.site)
        #expect(name.utf8.count <= 240 && name.hasSuffix("~\(long.id).edi") && site.exists("Inbox/x12-orders/\(name)"))
    }
}}
