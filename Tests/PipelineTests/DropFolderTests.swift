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
        #expect(try WaitingFile.unwatched(named: "S-1.edi", in: site.site)
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
        #expect(try WaitingFile.all(named: "q-3.edi", in: site.site).map(\.reason) == ["waits for q-2.edi, which comes before it"])
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
}}
