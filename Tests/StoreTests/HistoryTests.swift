import Microsegments
import Records
import Store
import Testing
import Values

/// What a person would write down: every answer as it was given, folded anew for each question.
private struct NaiveHistory {
    struct Span: Equatable {
        var microsegment: String
        var cause: String
        var from: Instant
        var to: Instant?
    }
    var answers: [(position: Int, now: Instant, microsegment: String, cause: String)] = []

    func known(at position: Int) -> [Span] {
        var spans: [Span] = []
        var last: (microsegment: String, cause: String)?
        for answer in answers where answer.position <= position {
            if let last, last == (answer.microsegment, answer.cause) { continue }
            last = (answer.microsegment, answer.cause)
            var start = answer.now
            if let open = spans.last {
                start = max(start, open.from)
                if start == open.from { spans.removeLast() } else { spans[spans.count - 1].to = start }
            }
            spans.append(Span(microsegment: answer.microsegment, cause: answer.cause, from: start, to: nil))
        }
        return spans
    }
}

@Suite struct HistoryTests {
    private func standing(_ id: String, _ microsegment: String, _ cause: String, at now: Instant) -> Standing {
        Standing(
            scheme: "order-priority", entity: EntityKey(.order, client: "ACME", id: id), microsegment: microsegment, cause: cause,
            computed: microsegment, rule: 1, stability: StabilityState(settled: microsegment, since: now), nextChange: nil, state: "s")
    }

    @Test(arguments: 0..<8) func `history as it was known at each position is what a naive fold gives`(seed: Int) throws {
        let fixture = try StoreFixture()
        var random = SeededRandom(seed: UInt64(seed))
        var naive: [String: NaiveHistory] = [:]
        var clock: Int64 = 1000
        for position in 1...60 {
            // Mostly forward, sometimes not at all, sometimes back.
            clock += [0, 0, 1, 5, 100, -3].randomElement(using: &random) ?? 1
            let now = Instant(seconds: clock)
            try fixture.store.driver.write { session in
                for id in ["1", "2", "3"] where Bool.random(using: &random) {
                    let next = standing(
                        id, ["rush", "careful", "standard"].randomElement(using: &random) ?? "rush",
                        ["rules", "override 7"].randomElement(using: &random) ?? "rules", at: now)
                    let former = try Store.standing(scheme: next.scheme, next.entity, in: session)
                    try Store.write(next, former: former, at: now, position: position, in: session)
                    naive[id, default: NaiveHistory()].answers.append((position, now, next.microsegment, next.cause))
                }
            }
        }
        for (id, expected) in naive {
            for position in 0...61 {
                let found = try fixture.store.history(
                    scheme: "order-priority", EntityKey(.order, client: "ACME", id: id), knownAt: position)
                #expect(
                    found.map { NaiveHistory.Span(microsegment: $0.microsegment, cause: $0.cause, from: $0.validFrom, to: $0.validTo) }
                        == expected.known(at: position), "entity \(id) at position \(position)")
            }
        }
    }

    @Test func `what was known at a position stays known after a later change`() throws {
        let fixture = try StoreFixture()
        let key = EntityKey(.order, client: "ACME", id: "1")
        func write(_ microsegment: String, at second: Int64, position: Int) throws {
            try fixture.store.driver.write { session in
                let former = try Store.standing(scheme: "order-priority", key, in: session)
                try Store.write(
                    standing("1", microsegment, "rules", at: Instant(seconds: second)), former: former, at: Instant(seconds: second),
                    position: position, in: session)
            }
        }
        try write("standard", at: 10, position: 1)
        let before = try fixture.store.history(scheme: "order-priority", key, knownAt: 1)
        try write("rush", at: 20, position: 2)
        #expect(try fixture.store.history(scheme: "order-priority", key, knownAt: 1).map(\.microsegment) == before.map(\.microsegment))
        #expect(try fixture.store.history(scheme: "order-priority", key, knownAt: 1).first?.validTo == nil)
        let after = try fixture.store.history(scheme: "order-priority", key, knownAt: 2)
        #expect(after.map(\.microsegment) == ["standard", "rush"])
        #expect(after.first?.validTo == Instant(seconds: 20))
    }

    @Test func `a standing comes back whole, a candidate included`() throws {
        let fixture = try StoreFixture()
        var written = standing("1", "rush", "rules", at: Instant(seconds: 3))
        written.stability.candidate = .init(microsegment: "standard", confirmations: 1, since: Instant(seconds: 2), lastAt: Instant(seconds: 4, nanoseconds: 5))
        (written.verdict, written.value) = (.unconfirmed, ExactDecimal(coefficient: 1250, scale: 2))
        written.nextChange = Instant(seconds: 99)
        try fixture.store.driver.write { try Store.write(written, former: nil, at: Instant(seconds: 3), position: 1, in: $0) }
        #expect(try fixture.store.standing(scheme: "order-priority", written.entity) == written)
        #expect(try fixture.store.nextChange() == Instant(seconds: 99))
    }
}
