import Diagnostics
import Attributes
import FEEL
import Microsegments
import Records
import Testing
import Values

/// The schemes of the project, from facts to the assignment in effect.
struct AssignmentTests {
    private let promise = Instant(written: "2026-11-23T12:00:00Z")
    private let order = EntityKey(.order, client: "NORDWIND", id: "4500000042")

    private func facts(tier: String? = nil, fragile: Bool = false, promised: Bool = true) -> EntityFacts {
        var own: [String: Value] = ["orderNumber": .string("4500000042"), "customer": .string("C1")]
        if promised { own["promisedAt"] = Desk.time(promise) }
        let party = tier.map { Desk.fact(.party, row: 2, ["tier": .string($0)]) }
        var line = Desk.fact(.orderLine, row: 3, ["item": .string("I1"), "quantity": .number(ExactDecimal(4))]).values
        line += Desk.fact(.item, ["fragile": .boolean(fragile)]).values
        return EntityFacts(
            entity: order, own: Desk.fact(.order, own), related: [party],
            measured: [[Fact(row: 3, values: line)], [Fact(row: 3, values: line)], [Fact(row: 3, values: line)]])
    }

    private func assign(
        _ scheme: Scheme, _ facts: EntityFacts, at now: Instant, after state: StabilityState? = nil, overrides: [Override] = [],
        changed: Bool = false
    ) throws -> Assignment {
        let context = Desk.context(now)
        return try scheme.assign(
            scheme.plan.evaluate(facts, context: context), own: facts.own, state: state, overrides: OverrideSet(overrides),
            schemeChanged: changed, context: context)
    }

    @Test func `the rules of order-priority answer as they read`() throws {
        let scheme = try Desk.sample("order-priority", attributes: "order")
        func rule(_ facts: EntityFacts, hours: Int64) throws -> String {
            let assignment = try assign(scheme, facts, at: promise.later(-hours * 3600))
            return "\(assignment.microsegment) \(assignment.computed.rule)"
        }
        #expect(try rule(facts(tier: "gold"), hours: 47) == "rush 1")
        #expect(try rule(facts(tier: "gold"), hours: 48) == "standard 4")
        #expect(try rule(facts(tier: "silver"), hours: 23) == "rush 2")
        #expect(try rule(facts(), hours: -5) == "rush 2")
        #expect(try rule(facts(fragile: true), hours: 40) == "careful 3")
        #expect(try rule(facts(), hours: 40) == "standard 4")
        #expect(try rule(facts(tier: "gold", promised: false), hours: 1) == "standard 4")
    }

    @Test func `an order becomes rush when time passes and nothing arrives`() throws {
        let scheme = try Desk.sample("order-priority", attributes: "order")
        let facts = facts()
        var now = promise.later(-40 * 3600)
        var assignment = try assign(scheme, facts, at: now)
        #expect(assignment.microsegment == "standard" && assignment.cause == .rules && assignment.verdict == .first)
        var seen: [String] = []
        while let next = assignment.nextChange {
            #expect(next > now)
            // Nothing changes before the instant that was told.
            #expect(try assign(scheme, facts, at: next.later(0, nanoseconds: -1), after: assignment.stability).computed.rule == assignment.computed.rule)
            now = next
            assignment = try assign(scheme, facts, at: now, after: assignment.stability)
            if assignment.cause == .rules { seen.append("\(assignment.verdict) \(assignment.microsegment) \(assignment.computed.rule)") }
        }
        #expect(seen == ["unconfirmed standard 2", "moved rush 2"])
        #expect(assignment.stability.since == promise.later(-24 * 3600 + 2, nanoseconds: 1))
    }

    @Test func `an instant at which no rule answers otherwise wakes nobody`() throws {
        let scheme = try Desk.sample("order-priority", attributes: "order")
        // 48 hours matter to gold alone: an order of no tier sleeps until 24 are left.
        #expect(try assign(scheme, facts(), at: promise.later(-60 * 3600)).nextChange == promise.later(-24 * 3600, nanoseconds: 1))
        #expect(try assign(scheme, facts(tier: "gold"), at: promise.later(-60 * 3600)).nextChange == promise.later(-48 * 3600, nanoseconds: 1))
        #expect(try assign(scheme, facts(), at: promise).nextChange == nil)
        #expect(try assign(scheme, facts(promised: false), at: promise).nextChange == nil)
    }

    @Test func `an override applies in its period, and the rules wait behind it`() throws {
        let scheme = try Desk.sample("order-priority", attributes: "order")
        let start = promise.later(-100 * 3600)
        let override = Override(
            id: "OV-7", scheme: "order-priority", entity: order, effect: .microsegment("careful"), reason: "r", owner: "o", from: start.later(60),
            expires: start.later(120))
        let before = try assign(scheme, facts(), at: start, overrides: [override])
        #expect(before.microsegment == "standard" && before.nextChange == start.later(60))
        let within = try assign(scheme, facts(), at: start.later(60), after: before.stability, overrides: [override])
        #expect(within.microsegment == "careful" && within.cause == .override("OV-7") && within.nextChange == start.later(120))
        #expect(within.computed.microsegment == "standard" && within.stability.settled == "standard")
        let after = try assign(scheme, facts(), at: start.later(120), after: within.stability, overrides: [override])
        #expect(after.microsegment == "standard" && after.cause == .rules && after.verdict == .same && after.nextChange == promise.later(-24 * 3600, nanoseconds: 1))
    }

    @Test func `another scheme moves an order at once`() throws {
        let scheme = try Desk.sample("order-priority", attributes: "order")
        let state = StabilityState(settled: "careful", since: promise.later(-40 * 3600))
        #expect(try assign(scheme, facts(), at: promise.later(-40 * 3600 + 1), after: state).microsegment == "careful")
        let changed = try assign(scheme, facts(), at: promise.later(-40 * 3600 + 1), after: state, changed: true)
        #expect(changed.microsegment == "standard" && changed.cause == .rules && changed.verdict == .moved)
    }

    @Test func `item-value divides a population by revenue and variability`() throws {
        let scheme = try Desk.sample("item-value", attributes: "item")
        #expect(scheme.cadence == .every(Desk.seconds(86_400)) && scheme.plan.needsPopulation)
        let now = Instant(written: "2026-11-21T12:00:00Z")
        let context = Desk.context(now)
        var rows: [AttributeRow] = []
        // Revenue 8094, 1500, 500: A, B, C. The first sells every week, or once.
        for (id, amount, weeks): (String, Int, Int) in [("steady", 142, 57), ("middle", 1500, 1), ("tail", 500, 1), ("none", 0, 0)] {
            let sales = (0..<weeks).map { week in
                Desk.fact(.salesLine, row: Int64(week), [
                    "soldAt": Desk.time(now.later(Int64(-week * 604_800))), "amount": .number(ExactDecimal(amount)), "quantity": .number(ExactDecimal(3)),
                ])
            }
            rows.append(try scheme.plan.evaluate(
                EntityFacts(entity: EntityKey(.item, client: "N", id: id), own: nil, related: [], measured: scheme.plan.measures.map { $0.over == .salesLine ? sales : [] }), context: context))
        }
        try scheme.plan.classify(&rows, context: context)
        let assignments = try rows.map { try scheme.assign($0, own: nil, state: nil, overrides: OverrideSet([]), schemeChanged: false, context: context) }
        #expect(assignments.map(\.microsegment) == ["core-steady", "middle", "tail", "tail"])
        #expect(assignments.map(\.nextChange) == [nil, nil, nil, nil], "a scheme with a period waits for its next run")
    }

    @Test func `an entity that no rule matches is a failure with its name`() throws {
        let plan = try Desk.plan("attributes: order\nentity: order\nvalues:\n  lines: { count: orderLine, by: orderNumber }\n")
        let scheme = try #require(try Desk.read(
            "scheme: s\nentity: order\nrules:\n  table: |\n    | lines || microsegment |\n    | > 5 || \"x\" |\nmicrosegments: { x: { p: 1 } }\n", [plan]).scheme)
        let row = AttributeRow(entity: order, values: [.number(ExactDecimal(1))], evidence: [[]], windowChange: nil)
        let failure = #expect(throws: EvaluationFailure.self) {
            try scheme.assign(row, own: nil, state: nil, overrides: OverrideSet([]), schemeChanged: false, context: Desk.context(promise))
        }
        #expect(failure?.diagnostic.code == .schemeNoRule)
        #expect(failure?.diagnostic.fact.contains("order:NORDWIND/4500000042") == true)
    }
}
