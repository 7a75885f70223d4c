import ChangeControl
import Microsegments
import Outbox
import Records
import Store
import Testing
import Values

@Suite struct LogRowsTests {
    private func decision(_ id: String, at position: Int) -> StoredDecision {
        StoredDecision(
            id: id, position: position, scheme: "s", entityKind: "order", client: "ACME", entity: id, at: Instant(seconds: 1), microsegment: "rush",
            state: "state", body: "{\"id\":\"\(id)\"}")
    }

    private func effect(_ id: String, payload: [UInt8] = [0, 255]) -> Effect {
        Effect(
            id: id, kind: .actionFile, target: "wms", lane: nil, contentType: "text/csv", fileName: "\(id).csv", payload: payload,
            createdAt: Instant(seconds: 5), deadline: Instant(seconds: 500))
    }

    private func standing(_ id: String, _ microsegment: String) -> Standing {
        Standing(
            scheme: "s", entity: EntityKey(.order, client: "ACME", id: id), microsegment: microsegment, cause: "rules", computed: microsegment, rule: 2,
            stability: StabilityState(settled: microsegment, since: Instant(seconds: 1)), nextChange: nil, state: "state")
    }

    /// A log with one entry at position 1 that answers for what `work` writes; gives the entry, and the digest as it is found afterwards.
    private func sealed(_ work: (any StoreSession, Int) throws -> Void) throws -> (entry: LogEntry, found: LogRows) {
        let fixture = try StoreFixture()
        return try fixture.store.driver.write { session in
            try Store.begin(LogEntry.genesis(at: Instant(seconds: 5), body: "{}"), in: session)
            let position = try Store.nextPosition(in: session)
            try work(session, position)
            let entry = try Store.append(.runCommitted, .context(ContextValue([("a", .integer(1))])), at: Instant(seconds: 6), in: session)
            return (entry, try LogRows(at: position, in: session))
        }
    }

    @Test func `an entry ends with the digests of the rows of its position, and one without rows has none`() throws {
        let none = try sealed { _, _ in }
        #expect(none.entry.body == "{\"a\":1}")
        #expect(none.found.rows == nil && none.found.moves == nil)
        #expect(LogRows(body: none.entry.body) == nil)
        let some = try sealed { session, position in
            try Store.add(self.decision("d", at: position), in: session)
            try Store.write(self.standing("d", "rush"), former: nil, at: Instant(seconds: 3), position: position, in: session)
        }
        let rows = try #require(some.found.rows), moves = try #require(some.found.moves)
        #expect(some.entry.body == "{\"a\":1,\"moves\":\"\(moves.hex)\",\"rows\":\"\(rows.hex)\"}")
        #expect(LogRows(body: some.entry.body) == some.found)
        #expect(LogRows(body: "{\"moves\":\"\(moves.hex)\"}")?.moves == moves)
        #expect(LogRows(body: "{\"x\":{\"rows\":\"\(rows.hex)\"}}") == nil)
    }

    @Test func `the digests tell decisions, effects, sources and moves, and the order in which they were committed`() throws {
        var digests: Set<LogRows> = []
        func add(_ work: (any StoreSession, Int) throws -> Void) throws {
            #expect(digests.insert(try sealed(work).found).inserted)
        }
        for ids in [["a"], ["b"], ["a", "b"], ["b", "a"]] { try add { for id in ids { try Store.add(self.decision(id, at: $1), in: $0) } } }
        for sources in [[], [EffectSource.decision("d")], [.record(1)], [.file(1)], [.record(1), .record(2)], [.record(2), .record(1)]] {
            try add { try Store.add(self.effect("e"), action: "x", position: $1, sources: sources, in: $0) }
        }
        try add { try Store.add(self.effect("e", payload: [0]), action: "x", position: $1, sources: [], in: $0) }
        for microsegment in ["rush", "standard"] {
            try add { try Store.write(self.standing("a", microsegment), former: nil, at: Instant(seconds: 3), position: $1, in: $0) }
        }
    }

    @Test func `moves are digested alike in whatever order they were written, and as the history gives them`() throws {
        func digest(_ ids: [String]) throws -> LogRows {
            try sealed { for id in ids { try Store.write(self.standing(id, "rush"), former: nil, at: Instant(seconds: 3), position: $1, in: $0) } }.found
        }
        #expect(try digest(["a", "b", "c"]) == digest(["c", "a", "b"]))
        let fixture = try StoreFixture()
        try fixture.store.driver.write { session in
            try Store.write(standing("a", "rush"), former: nil, at: Instant(seconds: 3), position: 1, in: session)
            let read = try LogRows(at: 1, in: session)
            var moves: [ContentDigest] = []
            try Store.forEachEntity(of: "s", in: session) { entity, spans in moves += spans.map { LogRows.digest(ofMove: "s", entity, $0) } }
            #expect(try LogRows(at: 1, moves: moves, in: session) == read)
        }
    }

    @Test func `a thousand checkpoints are kept, the latest of all`() throws {
        let fixture = try StoreFixture()
        try fixture.store.driver.write { session in
            for size in 1...(Store.checkpointsMax + 5) { try Store.add(StoredCheckpoint(size: size, at: Instant(seconds: 1), note: "\(size)"), in: session) }
            let kept = try Store.checkpoints(in: session)
            #expect(kept.count == Store.checkpointsMax)
            #expect(kept.first?.size == 6)
            #expect(try Store.latestCheckpoint(in: session)?.note == "1005")
        }
    }
}
