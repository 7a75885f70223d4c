import Attributes
import Diagnostics
import FEEL
import Records
import Testing
import Values

/// Measures are exact, and do not depend on the order of the records.
struct MeasureTests {
    private let now = Instant(written: "2026-11-21T12:00:00Z")

    private func plan(_ measure: String) throws -> AttributePlan { try Desk.plan(.item, "x: { \(measure) }") }

    private func sales(_ amounts: [ExactDecimal]) -> [Fact] {
        amounts.enumerated().map { Desk.sale(Int64($0 + 1), now.adding(DayTimeDuration(seconds: -Int64($0) * 86_400)), $1) }
    }

    @Test func `each aggregate gives its exact value`() throws {
        let facts = sales(["1.10", "2.25", "-0.05", "7"])
        #expect(try Desk.value(plan("count: salesLine, by: item"), facts, at: now) == .number("4"))
        #expect(try Desk.value(plan("sum: salesLine, by: item, of: amount, scale: 2"), facts, at: now) == .number("10.30"))
        #expect(try Desk.value(plan("min: salesLine, by: item, of: amount, scale: 2"), facts, at: now) == .number("-0.05"))
        #expect(try Desk.value(plan("max: salesLine, by: item, of: amount, scale: 2"), facts, at: now) == .number("7"))
        #expect(try Desk.value(plan("mean: salesLine, by: item, of: amount, scale: 3"), facts, at: now) == .number("2.575"))
        #expect(try Desk.value(plan("any: salesLine, by: item, of: amount > 6"), facts, at: now) == .boolean(true))
        #expect(try Desk.value(plan("any: salesLine, by: item, of: amount > 7"), facts, at: now) == .boolean(false))
    }

    @Test func `a published number has exactly the digits of its scale`() throws {
        #expect(try Desk.value(plan("sum: salesLine, by: item, of: amount, scale: 2"), sales(["1", "2"]), at: now).text == "3.00")
        #expect(try Desk.value(plan("mean: salesLine, by: item, of: amount, scale: 1"), sales(["0.10", "0.20"]), at: now).text == "0.2")
        #expect(try Desk.value(plan("mean: salesLine, by: item, of: amount, scale: 1"), sales(["0.2", "0.3"]), at: now).text == "0.2")
    }

    @Test func `no record gives zero, false or nothing`() throws {
        #expect(try Desk.value(plan("count: salesLine, by: item"), [], at: now) == .number("0"))
        #expect(try Desk.value(plan("sum: salesLine, by: item, of: amount"), [], at: now) == .number("0"))
        #expect(try Desk.value(plan("any: salesLine, by: item, of: amount > 0"), [], at: now) == .boolean(false))
        for aggregate in ["min", "max", "mean"] {
            #expect(try Desk.value(plan("\(aggregate): salesLine, by: item, of: amount"), [], at: now) == .null)
        }
        #expect(try Desk.value(plan("variation: salesLine, by: item, of: amount, at: soldAt, window: P7D, bucket: day"), [], at: now) == .null)
    }

    @Test func `a record whose value is missing does not count, and where chooses records`() throws {
        let facts = sales(["1", "2", "3"]) + [Desk.fact(.salesLine, row: 9, ["soldAt": Desk.time(now)])]
        #expect(try Desk.value(plan("mean: salesLine, by: item, of: amount"), facts, at: now) == .number("2"))
        #expect(try Desk.value(plan("sum: salesLine, by: item, of: amount, where: amount > 1"), facts, at: now) == .number("5"))
        #expect(try Desk.value(plan("count: salesLine, by: item, where: amount > 1"), facts, at: now) == .number("2"))
    }

    @Test func `the variation counts empty buckets`() throws {
        // Seven days of which three sold 3, 6 and 3: mean 12/7, and sqrt(7 × 54 - 144) / 12 = 1.2747...
        let facts = sales(["3", "6", "3"])
        let plan = try plan("variation: salesLine, by: item, of: quantity, at: soldAt, window: P6DT12H, bucket: day, scale: 4")
        #expect(try Desk.value(plan, facts, at: now) == .number("1.2748"))
        let even = sales(["2", "2", "2", "2", "2", "2", "2"])
        #expect(try Desk.value(plan, even, at: now) == .number("0"))
    }

    @Test func `a variation has up to nine digits`() throws {
        let plan = try plan("variation: salesLine, by: item, of: quantity, at: soldAt, window: P6DT12H, bucket: day, scale: 9")
        // sqrt(234) / 12 and, where one day of many sold all, sqrt(n - 1).
        #expect(try Desk.value(plan, sales(["3", "6", "3"]), at: now) == .number("1.274754878"))
        let long = try self.plan("variation: salesLine, by: item, of: quantity, at: soldAt, window: P4000D, bucket: day, scale: 9")
        #expect(try Desk.value(long, sales(["5"]), at: now) == .number("63.245553203"))
    }

    @Test func `the order of the records changes neither value nor evidence`() throws {
        var draw = Draw(seed: 7)
        let plan = try Desk.plan(.item, """
            n: { count: salesLine, by: item, at: soldAt, window: P40D }
            s: { sum: salesLine, by: item, of: amount, scale: 9 }
            m: { mean: salesLine, by: item, of: amount / 7, scale: 9 }
            t: { sum: salesLine, by: item, of: amount / 3 * 1000000000, scale: 9 }
            a: { min: salesLine, by: item, of: amount, scale: 4 }
            v: { variation: salesLine, by: item, of: amount / 3, at: soldAt, window: P90D, bucket: week, scale: 9 }
            """)
        for _ in 0..<20 {
            var facts = (0..<150).map { index in
                Desk.sale(
                    Int64(index), now.adding(DayTimeDuration(seconds: -Int64.random(in: 0..<8_000_000, using: &draw))),
                    ExactDecimal(coefficient: Int64.random(in: -50_000..<9_000_000, using: &draw), scale: Int.random(in: 0...6, using: &draw)))
            }
            let first = try Desk.row(plan, facts, at: now)
            #expect(first.evidence[1] == Array(0..<64))
            for _ in 0..<5 {
                facts.shuffle(using: &draw)
                let other = try Desk.row(plan, facts, at: now)
                #expect(other.values == first.values)
                #expect(other.values.map(\.text) == first.values.map(\.text))
                #expect(other.evidence == first.evidence)
                #expect(other.windowChange == first.windowChange)
            }
        }
    }

    @Test func `what cancels is summed exactly in every order`() throws {
        let plan = try plan("sum: salesLine, by: item, of: amount, scale: 9")
        var facts = sales(["9000000000000000000", "0.000000001", "-9000000000000000000", "0.000000002"])
        for _ in 0..<4 {
            facts = Array(facts[1...]) + [facts[0]]
            #expect(try Desk.value(plan, facts, at: now) == .number("0.000000003"))
        }
        // Digits past 34 in one number are the number's own; the sum of two such is no less exact.
        #expect(try Desk.value(plan, sales(["1234567890123456.123456789012345678", "-1234567890123456.12"]), at: now) == .number("0.003456789"))
    }

    @Test func `a sum past its digits is a failure, not a rounded number`() throws {
        let plan = try plan("sum: salesLine, by: item, of: amount")
        for amounts: [ExactDecimal] in [["9000000000000000000", "9000000000000000000"], ["10000000000000000000"]] {
            let failure = #expect(throws: EvaluationFailure.self) { try Desk.value(plan, sales(amounts), at: now) }
            #expect(failure?.diagnostic.code == .attributeOverflow)
        }
        // The greatest of such numbers needs no sum.
        #expect(try Desk.value(self.plan("max: salesLine, by: item, of: amount"), sales(["10000000000000000000"]), at: now) == .number("1e19"))
    }

    @Test func `one pass over many entities gives what each entity alone gives`() throws {
        var draw = Draw(seed: 11)
        let plan = try Desk.plan(.item, """
            n: { count: salesLine, by: item, at: soldAt, window: P30D }
            s: { sum: salesLine, by: item, of: amount, at: soldAt, window: P60D, scale: 2 }
            v: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P60D, bucket: week, scale: 4 }
            r: { feel: 'if n = 0 then 0 else s / n', scale: 3 }
            k: { class: s, cuts: [80, 95], names: [A, B, C] }
            d: { feel: 'if k = "A" then s / 3 else 0', scale: 2 }
            """)
        let context = Desk.context(now)
        let keys = (0..<40).map { EntityKey(.item, client: "ACME", id: "I\($0)") }
        var facts: [EntityKey: [Fact]] = [:]
        for row in 0..<900 {
            let key = keys[Int.random(in: 0..<35, using: &draw)]
            facts[key, default: []].append(Desk.sale(
                Int64(row), now.adding(DayTimeDuration(seconds: Int64.random(in: -7_000_000..<200_000, using: &draw))),
                ExactDecimal(coefficient: Int64.random(in: 1..<100_000, using: &draw), scale: 2)))
        }
        var accumulators: [EntityKey: [MeasureAccumulator]] = [:]
        for key in keys {
            accumulators[key] = plan.measures.map { MeasureAccumulator($0, now: now, zone: context.zone) }
        }
        for (key, fact) in facts.flatMap({ key, facts in facts.map { (key, $0) } }).shuffled(using: &draw) {
            for measure in plan.measures.indices { try accumulators[key]?[measure].add(fact, context) }
        }
        var full: [AttributeRow] = [], alone: [AttributeRow] = []
        for key in keys {
            full.append(try plan.evaluate(entity: key, own: nil, related: [], accumulators[key] ?? [], context: context))
            let own = EntityFacts(entity: key, own: nil, related: [], measured: plan.measures.map { _ in facts[key] ?? [] })
            alone.append(try plan.evaluate(own, context: context))
        }
        try plan.classify(&full, context: context)
        alone.shuffle(using: &draw)
        try plan.classify(&alone, context: context)
        alone.sort { $0.entity < $1.entity }
        full.sort { $0.entity < $1.entity }
        #expect(full.map(\.values) == alone.map(\.values))
        #expect(full.map(\.evidence) == alone.map(\.evidence))
        #expect(full.map(\.windowChange) == alone.map(\.windowChange))
        #expect(full.contains { $0.values[4] == .string("A") && $0.values[5].text.contains(".") }, "what is derived from a class keeps its scale")
        #expect(full.allSatisfy { $0.evidence[4] == $0.evidence[1] }, "a class leads back to the records of its measure")
    }
}
