import Attributes
import DecisionTables
import FEEL
import Microsegments
import Records
import Testing
import Values

/// Random answers, floors and confirmed orders, against a naive account day by day; and many at once, against one by one.
extension DowngradeAttackTests {
    /// What a day brings: tiers are 0 for the best.
    struct Day: Equatable {
        var wanted: Int
        var floor: Int?
        var isFloorMissing: Bool
        var isConfirmed: Bool

        var row: AttributeRow {
            DowngradeDesk.row(
                [5000, 500, 5][wanted], floor: floor.map { .string(DowngradeDesk.tiers[$0]) } ?? .null, required: isFloorMissing, confirmed: isConfirmed)
        }

        /// The tier that the entity would be in by rules and floor alone.
        var bounded: Int { min(wanted, floor ?? 2) }
    }

    static func days(_ count: Int, _ draw: inout Draw) -> [Day] {
        var day = Day(wanted: 0, floor: nil, isFloorMissing: false, isConfirmed: false), days = [day]
        while days.count < count {
            if Int.random(in: 0..<4, using: &draw) == 0 { day.wanted = Int.random(in: 0...2, using: &draw) }
            if Int.random(in: 0..<12, using: &draw) == 0 {
                day.floor = [nil, nil, 0, 1, 2][Int.random(in: 0..<5, using: &draw)]
                day.isFloorMissing = day.floor == nil && Bool.random(using: &draw)
            }
            if Int.random(in: 0..<10, using: &draw) == 0 { day.isConfirmed.toggle() }
            days.append(day)
        }
        return days
    }

    /// The account: what the page says, with days as numbers.
    static func account(_ days: [Day], wait: Int, daysInCycle: Int) -> [Int] {
        var tier = days[0].bounded, told: (to: Int, day: Int)?, down: Int?, tiers = [tier]
        for (number, day) in days.enumerated().dropFirst() {
            let isNextCycle = down.map { $0 / daysInCycle < number / daysInCycle } ?? true
            if day.bounded <= tier {
                (tier, told) = (day.bounded, nil)
            } else if day.isConfirmed || day.isFloorMissing {
                // It stays.
            } else if wait > 0, told == nil {
                told = (day.bounded, number)
            } else if told.map({ number - $0.day >= wait }) ?? true, isNextCycle {
                (tier, down) = (tier + 1, number)
                if let notice = told, tier >= notice.to || tier >= day.bounded { told = nil }
            }
            tiers.append(tier)
        }
        return tiers
    }

    @Test(arguments: 0..<60) func `asked every day and asked only when something changes are one, and what the page says`(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) &* 7919 &+ 11)
        let notice = Int.random(in: 0...9, using: &draw), grace = Int.random(in: 0...5, using: &draw), isWeekly = Bool.random(using: &draw)
        let scheme = try DowngradeDesk.scheme(
            "{ notice: \(notice)d, grace: \(grace)d, cycle: \(isWeekly ? "week" : "day"), floor: contract floor, floorRequired: under contract, keepWhile: order confirmed }")
        let days = Self.days(150, &draw), wait = notice + grace, daysInCycle = isWeekly ? 7 : 1
        let account = Self.account(days, wait: wait, daysInCycle: daysInCycle)

        var daily = DowngradeDesk(scheme), rarely = DowngradeDesk(scheme), next: Instant?, asked = 0
        (daily.state, rarely.state) = (nil, nil)
        var tiers: [Int] = []
        for (number, day) in days.enumerated() {
            let now = DowngradeDesk.day(number)
            let found = try daily.at(now, day.row)
            tiers.append(try #require(DowngradeDesk.tiers.firstIndex(of: found.microsegment)))
            if number == 0 || day != days[number - 1] || next.map({ $0 <= now }) ?? false {
                next = try rarely.at(now, day.row).nextChange
                asked += 1
            }
            #expect(rarely.inEffect == found.microsegment, "day \(number)")
        }
        #expect(tiers == account)
        #expect(asked < days.count)

        for number in days.indices.dropFirst() where tiers[number] > tiers[number - 1] {
            #expect(tiers[number] == tiers[number - 1] + 1)
            #expect(!days[number].isConfirmed && !days[number].isFloorMissing)
            for past in max(0, number - wait)..<number { #expect(days[past].bounded > tiers[past], "day \(past) ends the wait for day \(number)") }
            #expect(number >= wait)
        }
        for (number, day) in days.enumerated() { #expect(tiers[number] <= day.floor ?? 2) }
        let downs = days.indices.dropFirst().filter { tiers[$0] > tiers[$0 - 1] }.map { $0 / daysInCycle }
        #expect(Set(downs).count == downs.count)
    }

    private static func state(_ now: Instant, _ draw: inout Draw) -> StabilityState? {
        func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &draw)] }
        func day(_ range: ClosedRange<Int>) -> Instant { now.later(Int64(Int.random(in: range, using: &draw)) * 86_400) }
        guard Int.random(in: 0..<8, using: &draw) > 0 else { return nil }
        var state = StabilityState(settled: pick(["gold", "gold", "silver", "bronze", "gone"]), since: day(-40...0))
        if Bool.random(using: &draw) { state.candidate = .init(microsegment: pick(DowngradeDesk.tiers), confirmations: pick([1, 2]), since: day(-9...0), lastAt: day(-9...0)) }
        if Bool.random(using: &draw) {
            state.notice = .init(to: pick(["silver", "bronze", "gone"]), since: day(-30...0), ends: day(-3...1), effective: day(-3...3))
        }
        if Bool.random(using: &draw) { state.lowered = day(-9...0) }
        return state
    }

    @Test(arguments: 0..<24) func `a batch says what each row says, with notices and floors`(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) &* 104_729 &+ 5)
        let stability = ["{}", "{ confirmations: 2, confirmAfter: 1d, minimumDwell: 7d, deadBand: { revenue: 50 } }"][seed % 2]
        let scheme = try DowngradeDesk.scheme(seed % 3 == 0 ? "" : DowngradeDesk.usual, cadence: "daily", stability: stability)
        let now = DowngradeDesk.day(50), context = Desk.context(now), former = ["gold", "gone", "silver", "bronze"]
        var verdicts: Set<StabilityOutcome.Verdict> = []
        for _ in 0..<6 {
            let rows = (0..<90).map { number in
                DowngradeDesk.row(
                    [5, 70, 500, 980, 5000][Int.random(in: 0..<5, using: &draw)],
                    floor: [.null, .null, .string("silver"), .string("gold"), .string("nowhere")][Int.random(in: 0..<5, using: &draw)],
                    required: [false, false, true, nil][Int.random(in: 0..<4, using: &draw)], confirmed: Int.random(in: 0..<4, using: &draw) == 0,
                    entity: EntityKey(.customer, client: "N", id: "C\(number)"))
            }
            let effects: [Override.Effect] = [.microsegment("bronze"), .pin, .bounds(floor: nil, ceiling: "silver")]
            let overrides = OverrideSet(rows.prefix(12).map { row in
                Override(id: "O\(row.entity.id)", scheme: "service", entity: row.entity, effect: effects[Int.random(in: 0..<3, using: &draw)], reason: "", owner: "", from: nil, expires: now.later(60))
            })
            let isStale = Int.random(in: 0..<5, using: &draw) == 0, refused = ChurnBudget.Admission.refused(until: now.later(86_400))
            var standings = StandingColumns()
            let states = rows.map { _ in Self.state(now, &draw) }
            for state in states { standings.append(state) }
            #expect(rows.indices.allSatisfy { standings.state($0) == states[$0] })
            let batch = ColumnBatch((0..<4).map { slot in Column(rows.map { $0.values[slot] }) }, count: rows.count)
            let places = Dictionary(uniqueKeysWithValues: rows.enumerated().map { ($0.element.entity, $0.offset) })
            let found = scheme.assign(
                batch, row: { places[$0] }, entity: { rows[$0].entity }, standings: standings, overrides: overrides, schemeChanged: { $0 % 7 == 0 },
                formerTiers: { $0 % 2 == 0 ? former : [] }, isStale: isStale, admission: { $0 % 5 == 0 ? refused : .free }, context: context)
            for (number, row) in rows.enumerated() {
                let wanted = try scheme.assign(
                    row, own: nil, state: states[number], inEffect: states[number]?.settled, overrides: overrides, schemeChanged: number % 7 == 0,
                    formerTiers: number % 2 == 0 ? former : [], isStale: isStale, admission: number % 5 == 0 ? refused : .free, context: context)
                #expect(found.verdicts[number] == wanted.verdict && found.standings.state(number) == wanted.stability, "\(number)")
                #expect(found.standings.microsegment(number) == wanted.microsegment)
                if case .tier(let lowest) = scheme.floor(of: row.values) {
                    #expect(try #require(scheme.tiers.firstIndex(of: wanted.microsegment)) <= lowest)
                }
                verdicts.insert(wanted.verdict)
            }
        }
        if scheme.downgrade != nil { #expect(verdicts.isSuperset(of: [.noticed, .kept, .floorUnknown, .lifted, .moved]), "\(verdicts)") }
    }
}
