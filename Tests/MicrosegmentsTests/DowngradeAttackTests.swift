import Attributes
import Configurations
import Diagnostics
import FEEL
import Microsegments
import Records
import Testing
import Values

/// Nobody goes below the floor, further than one tier a cycle, or down before notice and grace are over, whatever is tried.
struct DowngradeAttackTests {
    private typealias At = DowngradeDesk
    private let low = DowngradeDesk.row(5), middle = DowngradeDesk.row(500), high = DowngradeDesk.row(5000)

    @Test func `a fall of two tiers is told once, and is one tier a cycle after notice and grace`() throws {
        var one = At(try At.scheme())
        let told = try one.at(At.day(1), low)
        #expect(told.microsegment == "gold" && told.verdict == .noticed && told.nextChange == At.day(22))
        let notice = StabilityState.Notice(to: "bronze", since: At.day(1), ends: At.day(15), effective: At.day(22))
        #expect(told.stability.notice == notice)
        #expect(try one.on(15, low) == "gold noticed")
        #expect(try one.at(At.day(21, 86_399), low).verdict == .noticed)
        // 2026-11-24 is a Tuesday; the week ends with the 29th.
        let first = try one.at(At.day(22), low)
        #expect(first.microsegment == "silver" && first.verdict == .moved && first.nextChange == At.day(28) && first.stability.notice == notice)
        let waiting = try one.at(At.day(27, 86_399), low)
        #expect(waiting.microsegment == "silver" && waiting.verdict == .stepped && waiting.nextChange == At.day(28))
        let second = try one.at(At.day(28), low)
        #expect(second.microsegment == "bronze" && second.verdict == .moved && second.nextChange == nil && second.stability.notice == nil)
    }

    @Test func `what goes further down than was told is told anew`() throws {
        var one = At(try At.scheme())
        #expect(try one.on(1, middle) == "gold noticed")
        #expect(try one.on(10, low) == "gold noticed" && one.state?.notice?.to == "silver")
        #expect(try one.on(22, low) == "silver moved" && one.state?.notice == nil)
        #expect(try one.on(23, low) == "silver noticed" && one.state?.notice?.effective == At.day(44))
        #expect(try one.on(43, low) == "silver noticed" && one.on(44, low) == "bronze moved")
    }

    @Test func `a contract that ends in the grace gives no floor any more, and the notice goes on`() throws {
        var one = At(try At.scheme())
        let underContract = At.row(5, floor: .string("silver"), required: true)
        #expect(try one.on(1, underContract) == "gold noticed" && one.state?.notice?.to == "silver")
        #expect(try one.on(17, low) == "gold noticed", "in the grace")
        #expect(try one.on(22, low) == "silver moved")
        #expect(try one.on(23, low) == "silver noticed", "below the former floor only by another notice")
        // While it lasts, it holds.
        var other = At(try At.scheme(), settled: "silver")
        #expect(try other.on(1, underContract) == "silver heldFloor" && other.on(400, underContract) == "silver heldFloor" && other.state?.notice == nil)
        #expect(try other.on(401, low) == "silver noticed" && other.on(421, low) == "silver noticed" && other.on(422, low) == "bronze moved")
    }

    @Test(arguments: [5, 16]) func `an upgrade during notice or grace ends it, and a later fall begins anew`(day: Int) throws {
        var one = At(try At.scheme("{ notice: 14d, grace: 7d }", stability: "{ confirmations: 2, confirmAfter: 1d }"))
        #expect(try one.on(0, low) == "gold unconfirmed" && one.on(1, low) == "gold noticed")
        #expect(try one.on(day, high) == "gold same" && one.state?.notice == nil)
        #expect(try one.on(20, low) == "gold unconfirmed" && one.on(22, low) == "gold noticed" && one.on(42, low) == "gold noticed" && one.on(43, low) == "silver moved")
        // From a middle tier up to the best, too.
        var other = At(try At.scheme("{ notice: 14d, grace: 7d }"), settled: "silver")
        #expect(try other.on(1, low) == "silver noticed" && other.on(day, high) == "gold moved" && other.state?.notice == nil)
    }

    @Test func `a floor that is missing holds, and does not drop`() throws {
        for missing in [At.row(5, required: true), At.row(5, required: nil), At.row(5, floor: .string("platinum")), At.row(5, floor: .number(ExactDecimal(1)))] {
            var one = At(try At.scheme())
            #expect(try one.on(1, missing) == "gold floorUnknown" && one.state?.notice == nil)
            #expect(try one.on(90, missing) == "gold floorUnknown")
            // It comes again: the notice begins then.
            #expect(try one.on(91, At.row(5, floor: .string("silver"))) == "gold noticed" && one.state?.notice?.to == "silver")
            // And goes missing once more when it would take effect.
            #expect(try one.on(112, missing) == "gold floorUnknown" && one.on(113, At.row(5, floor: .string("silver"))) == "silver moved")
            #expect(try one.at(At.day(114), At.row(5000, required: true)).microsegment == "gold", "up is not held")
        }
        // A silent feed lowers nobody, before a notice and after it.
        var silent = At(try At.scheme())
        #expect(try silent.on(1, low, isStale: true) == "gold stale" && silent.state?.notice == nil)
        #expect(try silent.on(2, low) == "gold noticed" && silent.on(40, low, isStale: true) == "gold stale" && silent.on(41, low) == "silver moved")
    }

    @Test func `a change of the rules goes neither below the floor nor past the notice`() throws {
        var one = At(try At.scheme())
        #expect(try one.on(1, At.row(5000)) == "gold same")
        one.scheme = try At.scheme(gold: 100_000)
        #expect(try one.on(2, At.row(5000), changed: true) == "gold noticed" && one.on(22, At.row(5000)) == "gold noticed" && one.on(23, At.row(5000)) == "silver moved")
        // What was told holds, though the notice of the scheme is shorter now.
        var told = At(try At.scheme())
        #expect(try told.on(1, low) == "gold noticed")
        told.scheme = try At.scheme("{ notice: 1d, cycle: week }")
        #expect(try told.on(2, low, changed: true) == "gold noticed" && told.on(21, low) == "gold noticed" && told.on(22, low) == "silver moved")
        // The floor.
        var floored = At(try At.scheme())
        let gold = At.row(5, floor: .string("gold"))
        #expect(try floored.on(1, gold, changed: true) == "gold heldFloor" && floored.on(200, gold, changed: true) == "gold heldFloor")
        var budget = At(try At.scheme())
        #expect(try budget.on(1, low) == "gold noticed")
        let refused = try budget.at(At.day(22), low, admission: .refused(until: At.day(28)))
        #expect(refused.verdict == .queued && refused.microsegment == "gold" && refused.stability.notice != nil)
    }

    @Test func `taking a tier out of the scheme is no way around the notice`() throws {
        // The middle one goes: whoever was in it goes up, as a lower tier must be told before.
        var middle = At(try At.scheme(), settled: "silver")
        middle.scheme = try At.scheme(tiers: ["gold", "bronze"])
        let moved = try middle.at(At.day(1), low, changed: true, formerTiers: At.tiers)
        #expect(moved.microsegment == "gold" && moved.verdict == .moved && moved.stability.notice?.effective == At.day(22))
        #expect(try middle.on(21, low) == "gold noticed" && middle.on(22, low) == "bronze moved")
        // The best one goes: whoever was in it goes to what is the best now, and further after a notice.
        var best = At(try At.scheme())
        best.scheme = try At.scheme(tiers: ["silver", "bronze"])
        let down = try best.at(At.day(1), low, changed: true, formerTiers: At.tiers)
        #expect(down.microsegment == "silver" && down.verdict == .moved && down.stability.notice?.to == "bronze")
        #expect(try best.on(21, low) == "silver noticed" && best.on(22, low) == "bronze moved")
        // Who would go up anyway does, and so does everybody where nobody can tell how high the tier was.
        var up = At(try At.scheme(), settled: "silver")
        up.scheme = try At.scheme(tiers: ["gold", "bronze"])
        #expect(try up.at(At.day(1), high, changed: true, formerTiers: At.tiers).microsegment == "gold" && up.state?.notice == nil)
        var unknown = At(try At.scheme(), settled: "forgotten")
        #expect(try unknown.at(At.day(1), low, changed: true).microsegment == "bronze")
    }

    @Test func `an override goes down at once, and is clamped by the floor`() throws {
        func override(_ effect: Override.Effect) -> [Override] {
            [Override(id: "OV", scheme: "service", entity: At.entity, effect: effect, reason: "r", owner: "o", from: nil, expires: At.day(100))]
        }
        func inEffect(_ effect: Override.Effect, floor: Value, required: Bool = false) throws -> String {
            var one = At(try At.scheme())
            return try one.at(At.day(1), At.row(5000, floor: floor, required: required), overrides: override(effect)).microsegment
        }
        #expect(try inEffect(.microsegment("bronze"), floor: .null) == "bronze")
        #expect(try inEffect(.microsegment("bronze"), floor: .string("silver")) == "silver")
        #expect(try inEffect(.bounds(floor: nil, ceiling: "bronze"), floor: .string("silver")) == "silver")
        #expect(try inEffect(.microsegment("bronze"), floor: .string("gold")) == "gold")
        #expect(try inEffect(.microsegment("bronze"), floor: .null, required: true) == "gold", "nobody can tell how far down it may go")
        var pinned = At(try At.scheme(), settled: "bronze")
        #expect(try pinned.at(At.day(1), At.row(5, floor: .string("silver")), overrides: override(.pin)).microsegment == "silver")
    }

    @Test func `who comes under a floor above its tier is put there at once`() throws {
        var one = At(try At.scheme(stability: "{ confirmations: 3, confirmAfter: 1d, minimumDwell: 300d }"), settled: "bronze")
        let lifted = try one.at(At.day(1), At.row(5, floor: .string("silver")), admission: .refused(until: At.day(9)))
        #expect(lifted.microsegment == "silver" && lifted.verdict == .lifted)
        #expect(try one.on(2, At.row(5000, floor: .string("silver"))) == "silver unconfirmed")
        var first = At(try At.scheme())
        first.state = nil
        #expect(try first.on(1, At.row(5, floor: .string("gold"))) == "gold first")
    }

    @Test func `a confirmed order keeps its micro-segment until it is closed`() throws {
        var one = At(try At.scheme())
        let confirmed = At.row(5, confirmed: true)
        #expect(try one.on(1, confirmed) == "gold kept" && one.on(50, confirmed) == "gold kept" && one.state?.notice == nil)
        #expect(try one.on(51, confirmed, changed: true) == "gold kept")
        #expect(try one.on(52, low) == "gold noticed" && one.on(80, confirmed) == "gold kept", "confirmed anew after the grace")
        #expect(try one.on(81, low) == "silver moved")
        #expect(try one.on(82, At.row(5000, confirmed: true)) == "gold moved", "up is not held")
    }

    @Test func `down, up and down again within a cycle is one tier, and a dwell holds between tiers`() throws {
        var one = At(try At.scheme("{ cycle: month }"))
        #expect(try one.on(1, low) == "silver moved" && one.on(2, high) == "gold moved" && one.on(3, low) == "gold stepped")
        // The first of December is day 29.
        #expect(try one.on(28, low) == "gold stepped" && one.on(29, low) == "silver moved")
        var slow = At(try At.scheme("{ notice: 1d, cycle: day }", stability: "{ confirmAfter: 1d, minimumDwell: 5d }"))
        #expect(try slow.on(4, low) == "gold dwelling" && slow.on(5, low) == "gold noticed" && slow.on(6, low) == "silver moved")
        #expect(try slow.on(10, low) == "silver dwelling" && slow.on(11, low) == "bronze moved")
    }

    @Test func `a scheme without the section forgets what was told`() throws {
        var one = At(try At.scheme())
        #expect(try one.on(1, low) == "gold noticed")
        one.scheme = try At.scheme("")
        #expect(try one.on(2, low, changed: true) == "bronze moved" && one.state?.notice == nil && one.state?.lowered == nil)
    }

    // MARK: - Reading

    private func finding(_ downgrade: String, cadence: String = "live", attributes: String = DowngradeDesk.attributes) throws -> String {
        let (scheme, diagnostics) = try Desk.read(At.text(downgrade, cadence: cadence), [try Desk.plan(attributes)])
        #expect(scheme == nil)
        let found = try #require(diagnostics.first { $0.severity == .error })
        return "\(found.position.line ?? 0):\(found.position.column ?? 0) \(found.code) \(found.fact)"
    }

    @Test func `a wrong section is told at its place`() throws {
        #expect(try finding("{ floor: contract flor }") == "13:21 SCHEME-DOWNGRADE there is no attribute contract flor")
        #expect(try finding("{ floor: revenue }") == "13:21 SCHEME-DOWNGRADE revenue is a number, and floor wants the name of a tier")
        #expect(try finding("{ keepWhile: contract floor }") == "13:25 SCHEME-DOWNGRADE contract floor is a string, and keepWhile wants true or false")
        #expect(try finding("{ floorRequired: under contract }") == "13:29 SCHEME-DOWNGRADE a floor is required, and nothing says which")
        let clock = At.attributes + "\n  overdue: { feel: 'now() > date and time(\"2027-01-01T00:00:00Z\")' }"
        #expect(try finding("{ keepWhile: overdue }", attributes: clock).hasPrefix("13:25 SCHEME-CLOCK"))
        let ranked = At.attributes + "\n  place: { class: revenue, cuts: [80], names: [gold, silver] }"
        #expect(try finding("{ floor: place }", attributes: ranked).hasPrefix("13:19 SCHEME-CADENCE") || finding("{ floor: place }", attributes: ranked).hasPrefix("13:21 SCHEME-CADENCE"))
        let untiered = At.text(At.usual).replacing("tiers: [gold, silver, bronze]", with: "tiers: [gold, silver]")
        let found = try Desk.read(untiered, [try Desk.plan(At.attributes)]).diagnostics
        #expect(found.map(\.code) == [.schemeDowngrade] && found[0].fact.hasPrefix("bronze is in no tier"))
        let none = At.text(At.usual).replacing("tiers: [gold, silver, bronze]", with: "")
        #expect(try Desk.read(none, [try Desk.plan(At.attributes)]).diagnostics.map(\.fact) == ["the scheme has no tiers, so nothing is lower than anything"])
        let (root, _) = ConfigurationText.parse(At.text("{ notice: soon }"), file: "Schemes/test.yaml")
        let defects = SchemeFile.scheme.check(try #require(root))
        #expect(defects.count == 1 && defects[0].position.line == 13 && defects[0].position.column == 22)
        #expect(try At.scheme("{}", stability: "{ confirmAfter: 1d, budget: { per: month, members: 5% } }").downgrade?.cycle == .month)
        let policy = try #require(try At.scheme().downgrade)
        #expect(policy.notice == Desk.seconds(14 * 86_400) && policy.grace == Desk.seconds(7 * 86_400) && policy.slots == [1, 2, 3])
        #expect(try At.scheme().attributeSlots.isSuperset(of: [0, 1, 2, 3]))
    }
}
