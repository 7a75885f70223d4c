import Attributes
import FEEL
import Records
import Testing
import Values

/// Hours until a time run with the clock, in steps whose instants are known.
struct ClockTests {
    private let due = Instant(written: "2026-11-22T12:00:00Z")

    private func plan(scale: Int) throws -> AttributePlan { try Desk.plan(.order, "left: { hoursUntil: promisedAt, scale: \(scale) }") }

    private func left(_ plan: AttributePlan, _ own: Fact, at now: Instant) throws -> ExactDecimal {
        let row = try plan.evaluate(entity: EntityKey(.order, client: "ACME", id: "1"), own: own, related: [], [], context: Desk.context(now))
        guard case .number(let number) = row.values[0] else { throw Missing() }
        return number
    }

    private struct Missing: Error {}

    private var own: Fact { Desk.fact(.order, ["promisedAt": Desk.time(due)]) }

    @Test func `hours are rounded down, before and after the time`() throws {
        let plan = try plan(scale: 2)
        func text(_ seconds: Int64, _ nanoseconds: Int32 = 0) throws -> String {
            try left(plan, own, at: due.adding(DayTimeDuration(seconds: -seconds, nanoseconds: nanoseconds))).description
        }
        #expect(try text(86_400) == "24.00")
        #expect(try text(86_400, 1) == "23.99")
        #expect(try text(0) == "0.00")
        #expect(try text(0, 1) == "-0.01")
        #expect(try text(-36) == "-0.01")
        #expect(try text(-36, 1) == "-0.02")
    }

    @Test func `no time gives nothing, and no instant`() throws {
        let plan = try plan(scale: 0)
        let none = Desk.fact(.order, [:])
        #expect(throws: Missing.self) { try left(plan, none, at: due) }
        #expect(plan.changes(of: 0, own: none, threshold: "24", context: Desk.context(due)).isEmpty)
        #expect(plan.changes(of: 0, own: nil, threshold: "24", context: Desk.context(due)).isEmpty)
    }

    @Test func `a local time is read in the business zone`() throws {
        let berlin = try Desk.zone("Europe/Berlin")
        let local = try #require(DateTime("2026-11-22T13:00:00"))
        let plan = try plan(scale: 1)
        let row = try plan.evaluate(
            entity: EntityKey(.order, client: "ACME", id: "1"), own: Desk.fact(.order, ["promisedAt": .dateTime(local)]), related: [], [],
            context: Desk.context(due.adding(DayTimeDuration(seconds: -3600)), berlin))
        #expect(row.values[0] == .number("1.0"))
    }

    @Test func `comparisons flip at one of the instants that are told, and not one nanosecond before`() throws {
        let comparisons: [(String, (ExactDecimal, ExactDecimal) -> Bool)] = [
            ("<", { $0 < $1 }), ("<=", { $0 <= $1 }), (">", { $0 > $1 }), (">=", { $0 >= $1 }),
        ]
        for scale in [0, 1, 2, 9] {
            let plan = try plan(scale: scale)
            for threshold: ExactDecimal in ["24", "24.5", "0", "-3.25", "0.005", "12.345678901234"] {
                let now = due.adding(DayTimeDuration(seconds: -200_000))
                let instants = plan.changes(of: 0, own: own, threshold: threshold, context: Desk.context(now))
                // Below T and at most T part at a step; between two steps they are one.
                let isStep = threshold.rounded(scale: scale, .floor) == threshold
                #expect(instants == instants.sorted() && instants.count == (isStep ? 2 : 1))
                for (name, holds) in comparisons {
                    let before = holds(try left(plan, own, at: now), threshold)
                    let flip = try instants.first { holds(try left(plan, own, at: $0), threshold) != before }
                    let instant = try #require(flip, "\(name) \(threshold) at scale \(scale) never flips")
                    #expect(holds(try left(plan, own, at: instant.later(by: -1)), threshold) == before, "\(name) \(threshold) at scale \(scale) flips earlier")
                }
                // From the last of them on there is nothing to wait for.
                #expect(plan.changes(of: 0, own: own, threshold: threshold, context: Desk.context(instants[instants.count - 1])).isEmpty)
            }
        }
    }

    @Test func `no comparison flips between the instants that are told`() throws {
        let plan = try plan(scale: 1)
        var draw = Draw(seed: 3)
        for _ in 0..<200 {
            let threshold = ExactDecimal(coefficient: Int64.random(in: -500...5000, using: &draw), scale: 2)
            let now = due.adding(DayTimeDuration(seconds: -Int64.random(in: -20_000...200_000, using: &draw)))
            let first = plan.changes(of: 0, own: own, threshold: threshold, context: Desk.context(now)).first
            let end = first?.later(by: -1) ?? now.adding(DayTimeDuration(seconds: 400_000))
            let early = try left(plan, own, at: now), late = try left(plan, own, at: end)
            #expect((early < threshold) == (late < threshold) && (early > threshold) == (late > threshold))
        }
    }

    @Test func `what is derived from the clock says so`() throws {
        let plan = try Desk.plan(.order, """
            left: { hoursUntil: promisedAt }
            lines: { count: orderLine, by: orderNumber }
            recent: { count: orderLine, by: orderNumber, where: 'issuedAt > now()' }
            plain: { feel: 'lines * 2' }
            near: { feel: 'left < 24' }
            nearer: { feel: 'near and lines > 1' }
            """)
        #expect((0..<6).map { plan.clockDependence(of: $0) } == [.steps, .none, .unforeseen, .none, .unforeseen, .unforeseen])
    }
}
