import Records
import Store
import Testing
import Values

@Suite struct HistoryPropertyTests {
    @Test(arguments: 0..<12) func `history has no gap and no overlap as it was known at any position`(seed: Int) throws {
        var fixture = HistoryFixture(try StoreFixture(), seed: seed)
        for _ in 1...40 { try fixture.run() }
        var spans = 0
        for position in 0...41 {
            for entity in fixture.keys {
                let history = try fixture.history(entity, knownAt: position)
                spans += history.count
                for (span, next) in zip(history, history.dropFirst()) {
                    #expect(span.validTo == next.validFrom, "\(entity) at position \(position)")
                }
                for span in history.dropLast() { #expect(span.validTo.map { span.validFrom < $0 } ?? false) }
                // An entity that was assigned once is somewhere ever after.
                #expect(history.isEmpty || history.last?.validTo == nil)
            }
        }
        #expect(spans > 500)
    }

    @Test(arguments: 0..<12) func `what was known at a position never changes`(seed: Int) throws {
        var fixture = HistoryFixture(try StoreFixture(), seed: seed)
        var told: [[EntityKey: [KnownSpan]]] = [try fixture.known(at: 0)]
        for _ in 1...30 {
            try fixture.run()
            told.append(try fixture.known(at: fixture.position))
            let position = Int.random(in: 0...fixture.position, using: &fixture.random)
            #expect(try fixture.known(at: position) == told[position], "position \(position) after \(fixture.position)")
        }
        for (position, expected) in told.enumerated() { #expect(try fixture.known(at: position) == expected, "position \(position)") }
        #expect(told[0].values.allSatisfy(\.isEmpty) && told[30].values.contains { $0.count > 1 })
    }

    @Test(arguments: 0..<4) func `one scan gives the history of each entity, in order, as one question for each does`(seed: Int) throws {
        var fixture = HistoryFixture(try StoreFixture(), seed: seed, entities: 13)
        for _ in 1...25 { try fixture.run() }
        for position in [0, 1, 7, 25, Int.max] {
            var found: [(entity: EntityKey, spans: [AssignmentSpan])] = []
            try fixture.store.driver.read { session in
                try Store.forEachHistory(scheme: fixture.scheme, knownAt: position, in: session) { found.append(($0, $1)) }
            }
            for item in found { #expect(try item.spans == fixture.history(item.entity, knownAt: position)) }
            let expected = try fixture.keys.filter { try !fixture.history($0, knownAt: position).isEmpty }
            #expect(found.map(\.entity) == expected.sorted { ($0.client, $0.id) < ($1.client, $1.id) })
        }
    }

    @Test func `entities that changed often lately are found by an index, and a change of the cause alone is none`() throws {
        var fixture = HistoryFixture(try StoreFixture(), seed: 3, entities: 20)
        for _ in 1...60 { try fixture.run() }
        for (start, limit) in [(Instant(seconds: 0), 0), (Instant(seconds: 1_200), 3), (Instant(seconds: 1_500), 1), (Instant(seconds: 9_000), 0)] {
            let expected = try fixture.keys.map { key in (key, try fixture.history(key, knownAt: .max).changes { $0 > start }) }.filter { $0.1 > limit }
            let found = try fixture.store.restless(since: start, changesMax: limit)
            #expect(Dictionary(uniqueKeysWithValues: found.map { ($0.entity, $0.changes) }) == Dictionary(uniqueKeysWithValues: expected))
            #expect(found.map(\.changes) == found.map(\.changes).sorted(by: >))
        }
        #expect(try fixture.store.restless(since: Instant(seconds: 0), changesMax: 3, limit: 5).count == 5)
        let statement = try #require(Store.statements.first { $0.sql.contains("HAVING COUNT(*) > ?") })
        let plan = try fixture.store.driver.read { session in
            try session.rows(Statement("EXPLAIN QUERY PLAN " + statement.sql), [.integer(0), .integer(3), .integer(100)]).map { $0.text(3) }
        }
        #expect(plan.contains { $0.contains("assignment_began") }, "\(plan)")
    }
}
