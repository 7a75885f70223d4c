import Attributes
import DecisionTables
import Diagnostics
import FEEL
import Microsegments
import Records
import Testing
import Values

/// A batch of entities is assigned as each of them is.
struct BatchTests {
    private static func scheme(_ kind: Int, _ stability: String) throws -> Scheme {
        let rules = [
            #"""
                | >= 1000 | > 2    || "key"        |
                | >= 1000 | -      || "large"      |
                | -       | -      || "small"      |
            """#,
            #"""
                | >= 1000 | > 2    || if revenue > 2000 then "key" else "large" |
                | < 500   | -      || "small"      |
                | -       | < 4    || "large"      |
            """#,
            #"""
                | >= 1000 | > 2    || "key"        |
                | < 0     | -      || if visits > 3 then "nowhere" else "small" |
                | -       | -      || "small"      |
            """#,
        ][kind]
        let text = """
            scheme: value
            entity: customer
            cadence: daily
            rules:
              hitPolicy: FIRST
              table: |
                | revenue | visits || microsegment |
            \(rules)
            stability: \(stability)
            value: revenue
            microsegments: { key: { tier: 1 }, large: { tier: 2 }, small: { tier: 3 } }
            """
        let (scheme, diagnostics) = try Desk.read(text, [try Desk.plan(HoldingTests.attributes)])
        try #require(!diagnostics.contains { $0.severity == .error }, "\(diagnostics.map(\.text))")
        return try #require(scheme)
    }

    private static let policies = [
        "{}", "{ confirmations: 2, confirmAfter: 1d, minimumDwell: 7d }", "{ confirmations: 3, confirmAfter: 1h, deadBand: { revenue: 5% } }",
        "{ minimumDwell: 30d, deadBand: { revenue: 50, visits: 1 } }",
    ]

    private static func state(_ now: Instant, _ draw: inout Draw) -> StabilityState? {
        func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &draw)] }
        func earlier() -> Instant { now.adding(DayTimeDuration(seconds: -Int64(pick([0, 60, 86_400, 5 * 86_400, 40 * 86_400])))) }
        guard Int.random(in: 0..<6, using: &draw) > 0 else { return nil }
        var state = StabilityState(settled: pick(["key", "large", "small", "small", "gone"]), since: earlier())
        if Bool.random(using: &draw) {
            state.candidate = StabilityState.Candidate(
                microsegment: pick(["key", "large", "small"]), confirmations: Int.random(in: 1...3, using: &draw), since: earlier(), lastAt: earlier())
        }
        return state
    }

    private static func overrides(_ rows: [AttributeRow], _ now: Instant, _ draw: inout Draw) -> OverrideSet {
        OverrideSet(rows.enumerated().compactMap { number, row in
            guard Int.random(in: 0..<9, using: &draw) == 0 else { return nil }
            let effect: Override.Effect = [
                .microsegment("key"), .pin, .bounds(floor: "large", ceiling: nil), .bounds(floor: nil, ceiling: "large"),
            ][Int.random(in: 0..<4, using: &draw)]
            let days = Int64.random(in: -2...3, using: &draw)
            return Override(
                id: "O\(number)", scheme: number % 5 == 0 ? "other" : "value", entity: row.entity, effect: effect, reason: "", owner: "",
                from: days > 1 ? now.adding(DayTimeDuration(seconds: 3600)) : nil, expires: now.adding(DayTimeDuration(seconds: days * 86_400)))
        })
    }

    @Test(arguments: 0..<24) func `a batch says what each row says`(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) &* 1009 &+ 3)
        let scheme = try Self.scheme(seed % 3, Self.policies[seed / 3 % 4]), now = HoldingTests.start, context = Desk.context(now)
        var verdicts: Set<StabilityOutcome.Verdict> = []
        for _ in 0..<6 {
            let rows = try (0..<80).map { number in
                try HoldingTests.row("C\(number)", ["-5", "499.99", "960", "1000", "1000.00", "1040", "2500"][Int.random(in: 0..<7, using: &draw)], visits: Int.random(in: 0...6, using: &draw))
            }
            let overrides = Self.overrides(rows, now, &draw), isStale = Int.random(in: 0..<4, using: &draw) == 0
            let merges = Int.random(in: 0..<4, using: &draw) == 0 ? ["key": "large"] : [:]
            let admission = ChurnBudget.Admission.refused(until: now.adding(DayTimeDuration(seconds: 86_400)))
            var standings = StandingColumns(), states: [(state: StabilityState?, inEffect: String?)] = []
            for _ in rows {
                let state = Self.state(now, &draw), inEffect = state.map { Bool.random(using: &draw) ? $0.settled : "key" }
                states.append((state, inEffect))
                standings.append(state, inEffect: inEffect)
            }
            #expect(standings.count == rows.count && rows.indices.allSatisfy { standings.state($0) == states[$0].state })
            let batch = ColumnBatch((0..<3).map { slot in Column(rows.map { $0.values[slot] }) }, count: rows.count)
            let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($0.element.entity, $0.offset) })
            let found = scheme.assign(
                batch, row: { places[$0] }, entity: { rows[$0].entity }, standings: standings, overrides: overrides, schemeChanged: { $0 % 7 == 0 },
                isStale: isStale, merges: merges, admission: { $0 % 3 == 0 ? admission : .free }, context: context)
            for (number, row) in rows.enumerated() {
                let wanted = Result { () throws(EvaluationFailure) in
                    try scheme.assign(
                        row, own: nil, state: states[number].state, inEffect: states[number].inEffect, overrides: overrides, schemeChanged: number % 7 == 0,
                        isStale: isStale, merges: merges, admission: number % 3 == 0 ? admission : .free, context: context)
                }
                switch wanted {
                case .failure(let failure):
                    #expect(found.failures[number]?.diagnostic.text == failure.diagnostic.text)
                    #expect(found.standings.state(number) == states[number].state && found.standings.microsegment(number) == states[number].inEffect)
                case .success(let assignment):
                    #expect(found.failures[number] == nil && found.answer(number) == assignment.computed.microsegment)
                    #expect(Int(found.rules[number]) == assignment.computed.rule && found.verdicts[number] == assignment.verdict)
                    #expect(found.standings.state(number) == assignment.stability && found.standings.microsegment(number) == assignment.microsegment)
                    #expect(found.nextChanges[number] == assignment.nextChange)
                    if case .override(let id) = assignment.cause { #expect(found.overrides[number]?.id == id) } else { #expect(found.overrides[number] == nil) }
                    verdicts.insert(assignment.verdict)
                }
            }
        }
        #expect(verdicts.isSuperset(of: [.first, .same, .moved]), "\(verdicts)")
    }
}
