import Microsegments
import Records
import Store
import Values

/// Histories of a few entities, written as runs write them, with a clock that mostly goes forward.
struct HistoryFixture {
    let fixture: StoreFixture
    let scheme = "order-priority"
    var random: SeededRandom
    var clock: Int64 = 1_000
    /// Position of the last run.
    private(set) var position = 0
    private let entities: [EntityKey]

    /// - Parameter entities: how many there are, of two clients.
    init(_ fixture: StoreFixture, seed: Int, entities: Int = 6) {
        self.fixture = fixture
        random = SeededRandom(seed: UInt64(seed))
        self.entities = (0..<entities).map { EntityKey(.order, client: $0 % 2 == 0 ? "ACME" : "BOLT", id: "\($0)") }
    }

    var store: Store { fixture.store }
    var keys: [EntityKey] { entities }

    /// One run: some entities are written, some of them as they were.
    mutating func run() throws {
        clock += [0, 0, 1, 5, 100, -3, -40].randomElement(using: &random) ?? 1
        position += 1
        let now = Instant(seconds: clock), position = position
        var written: [Standing] = []
        for entity in entities where Bool.random(using: &random) {
            written.append(Standing(
                scheme: scheme, entity: entity, microsegment: ["rush", "careful", "standard"].randomElement(using: &random) ?? "rush",
                cause: ["rules", "rules", "override 7"].randomElement(using: &random) ?? "rules", computed: "rush",
                rule: Int.random(in: 1...9, using: &random), stability: StabilityState(settled: "rush", since: now), nextChange: nil,
                state: ["s1", "s2"].randomElement(using: &random) ?? "s1"))
        }
        try store.driver.write { session in
            for standing in written {
                let former = try Store.standing(scheme: scheme, standing.entity, in: session)
                try Store.write(standing, former: former, at: now, position: position, in: session)
            }
        }
    }

    func history(_ entity: EntityKey, knownAt position: Int) throws -> [AssignmentSpan] {
        try store.history(scheme: scheme, entity, knownAt: position)
    }

    /// Everything that was known at a position, without what was learnt later of how it ended being known.
    func known(at position: Int) throws -> [EntityKey: [KnownSpan]] {
        Dictionary(uniqueKeysWithValues: try entities.map { ($0, try history($0, knownAt: position).map(KnownSpan.init)) })
    }
}

/// A span without the position at which it was superseded, which is learnt later.
struct KnownSpan: Hashable {
    let microsegment: String
    let cause: String
    let rule: Int
    let state: String
    let from: Instant
    let to: Instant?
    let knownFrom: Int

    init(_ span: AssignmentSpan) {
        (microsegment, cause, rule, state) = (span.microsegment, span.cause, span.rule, span.state)
        (from, to, knownFrom) = (span.validFrom, span.validTo, span.knownFrom)
    }
}
