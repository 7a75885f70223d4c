import ChangeControl
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// A site with a log and random histories of a few entities of two clients, written as runs write them.
struct ArchiveSite {
    static let scheme = "order-priority"
    /// When it is: after everything.
    static let now = DeskSite.at(1_000_000)

    /// The state that is live.
    static let state = String(repeating: "a", count: 64)

    let desk: DeskSite
    let entities: [EntityKey]
    private var random: SplitMix
    private var clock: Int64 = 1_000
    /// Instants and positions of the runs.
    private(set) var runs: [(at: Instant, position: Int)] = []

    var site: Site { desk.site }
    var last: Int { runs.last?.position ?? 0 }

    /// - Parameter retention: text of `Schemes/retention.yaml`, if there is one.
    init(seed: Int, runs: Int = 30, entities: Int = 6, retention: String? = nil) throws {
        desk = try DeskSite { root in
            if let retention { try retention.write(toFile: "\(root)/Schemes/retention.yaml", atomically: true, encoding: .utf8) }
        }
        // No ceremony: nothing here is evaluated, and no signature is asked for.
        let state = Self.state
        try desk.site.store.driver.write { session in
            try Store.begin(LogEntry.genesis(at: DeskSite.at(0), body: JSONText.write(.context(ContextValue([("origin", .string("demo-site")), ("state", .string(state))])))), in: session)
            try Store.setSiteValue(Site.Fact.liveState, state, in: session)
        }
        random = SplitMix(state: UInt64(seed))
        // Names that lie otherwise in the order of bytes than in that of the alphabet, and one that JSON escapes.
        self.entities = (0..<entities).map { EntityKey(.order, client: $0 % 2 == 0 ? "NORDWIND" : "bolt", id: ["b", "É\"1", "Z|", "a", "10", "9", "zz"][$0 % 7] + "\($0)") }
        for _ in 0..<runs { try run() }
    }

    private mutating func run() throws {
        clock += [0, 0, 1, 5, 100, 100, -3, -40].randomElement(using: &random) ?? 1
        let now = DeskSite.at(clock), scheme = Self.scheme
        var written: [Standing] = []
        for entity in entities where Bool.random(using: &random) {
            written.append(Standing(
                scheme: scheme, entity: entity, microsegment: ["rush", "careful", "standard"].randomElement(using: &random) ?? "rush",
                cause: ["rules", "override 7"].randomElement(using: &random) ?? "rules", computed: "rush", rule: Int.random(in: 1...9, using: &random),
                stability: StabilityState(settled: "rush", since: now), nextChange: nil, state: ["s1", "s2"].randomElement(using: &random) ?? "s1"))
        }
        let position = try site.store.driver.write { session in
            let position = try Store.nextPosition(in: session)
            for standing in written {
                let former = try Store.standing(scheme: scheme, standing.entity, in: session)
                try Store.write(standing, former: former, at: now, position: position, in: session)
            }
            return try Store.append(.tick, .context(ContextValue()), at: now, in: session).position
        }
        runs.append((now, position))
    }

    /// An instant at which, or a moment after which, something ran.
    mutating func instant() -> Instant { (runs.randomElement(using: &random)?.at ?? DeskSite.at(0)).adding(seconds: Int64.random(in: 0...1, using: &random)) }

    /// The policy of the files that lie on disk.
    func policy() throws -> RetentionPolicy { try #require(try StateFiles.onDisk(root: desk.root).compile().bundle).retention }

    /// One that nothing holds back.
    func archiver(rowsMax: Int = HistoryArchiver.rowsMax) -> HistoryArchiver { HistoryArchiver(site: site, policy: .none, state: Self.state, rowsMax: rowsMax) }

    /// One that obeys the files that lie on disk.
    func boundArchiver() throws -> HistoryArchiver { HistoryArchiver(site: site, policy: try policy(), state: Self.state) }

    /// Every answer: by position at which it was known, and by entity, in the order in which one pass gives them.
    func answers(archived: Bool) throws -> [[Answer]] {
        let reader = HistoryReader(site: site, readsArchives: archived)
        return try (0...last + 1).map { position in
            var told: [Answer] = []
            try reader.forEachEntity(scheme: Self.scheme, knownAt: position) { told.append(Answer(entity: $0, spans: $1)) }
            return told
        }
    }

    struct Answer: Hashable {
        let entity: EntityKey
        let spans: [AssignmentSpan]
    }

    /// Asks of single entities, at positions by chance, what `answers` has of them.
    mutating func expect(_ answers: [[Answer]], archived: Bool) throws {
        let reader = HistoryReader(site: site, readsArchives: archived)
        for entity in entities {
            let position = Int.random(in: 0...last, using: &random)
            let spans = try reader.history(scheme: Self.scheme, entity, knownAt: position)
            #expect(spans == answers[position].first { $0.entity == entity }?.spans ?? [], "\(entity) at \(position)")
        }
    }

    func rows() throws -> Int {
        try site.store.driver.read { Int(try $0.firstRow(Statement("SELECT COUNT(*) FROM assignment"), [])?.integer(0) ?? 0) }
    }

    func files() throws -> [String] {
        let folder = site.historyFolder
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix(".") }.sorted()
    }

    /// Changes one byte of a file in the folder of archives.
    func flip(_ name: String, at offset: Int) throws {
        let path = "\(site.historyFolder)/\(name)"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        bytes[offset] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: path))
    }
}

/// Random numbers that are the same in each run (SplitMix64).
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
