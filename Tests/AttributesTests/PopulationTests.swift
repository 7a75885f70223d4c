import Attributes
import FEEL
import Records
import Testing
import Values

/// A population that changes by and by says what a whole one says that is computed anew.
struct PopulationTests {
    private static let start = Instant(written: "2026-11-21T12:00:00Z")
    private static let stepwise = """
        revenue: { sum: salesLine, by: item, of: amount, at: soldAt, window: P20D, scale: 2 }
        lines: { count: salesLine, by: item, at: soldAt, window: P20D }
        class: { class: revenue, cuts: [50, 80, 95], names: [A, B, C, D] }
        down: { class: revenue, cuts: [80, 95], names: [A, B, C], crossing: down, within: [class] }
        fifth: { tile: lines, tiles: 5, order: ascending, within: [client] }
        code: { feel: 'class + string(fifth)' }
        inner: { tile: revenue, tiles: 3, within: [code] }
        """
    private static let ranked = """
        rank: { rank: revenue }
        percentile: { percentile: revenue, scale: 4 }
        share: { shareOf: revenue, scale: 6, within: [class] }
        cumulative: { cumulativeShare: revenue, scale: 6 }
        """

    /// A small world of items and their sales, with what evaluates them.
    private struct World {
        let plan: AttributePlan
        var facts: [EntityKey: [Fact]] = [:]
        var now = PopulationTests.start
        var nextRow: Int64 = 1
        var context: EvaluationContext { Desk.context(now) }

        func row(_ entity: EntityKey) throws -> AttributeRow {
            try plan.evaluate(
                EntityFacts(entity: entity, own: nil, related: [], measured: plan.measures.map { _ in facts[entity] ?? [] }), context: context)
        }

        /// Every row from scratch, in the order of the entities.
        func all() throws -> [AttributeRow] {
            var rows = try facts.keys.sorted().map(row)
            try plan.classify(&rows, context: context)
            return rows
        }
    }

    /// One step: an arrival, a correction, a deletion, or time that passes.
    ///
    /// - Returns: entities whose own rows changed, and those that are gone.
    private func step(_ world: inout World, _ due: inout [EntityKey: Instant], _ draw: inout Draw) -> (changed: Set<EntityKey>, gone: [EntityKey]) {
        let entity = EntityKey(.item, client: Bool.random(using: &draw) ? "ACME" : "BETA", id: "\(Int.random(in: 0..<8, using: &draw))")
        let sale = Desk.sale(
            world.nextRow, world.now.adding(DayTimeDuration(seconds: Int64.random(in: -20 * 86_400...86_400, using: &draw))),
            ExactDecimal(coefficient: Int64.random(in: -100...1000, using: &draw), scale: 2))
        world.nextRow += 1
        switch Int.random(in: 0..<10, using: &draw) {
        case 0..<6: world.facts[entity, default: []].append(sale)
        case 6 where world.facts[entity]?.isEmpty == false: world.facts[entity]?[0] = sale
        case 7 where world.facts[entity] != nil:
            world.facts[entity]?.removeFirst()
            if world.facts[entity]?.isEmpty == true {
                world.facts[entity] = nil
                return ([], [entity])
            }
        default:
            world.now = world.now.adding(DayTimeDuration(seconds: Int64.random(in: 1...3 * 86_400, using: &draw)))
            let now = world.now
            return (Set(due.filter { $0.value <= now }.map(\.key)), [])
        }
        return world.facts[entity] == nil ? ([], []) : ([entity], [])
    }

    /// The rows that somebody keeps who has one population, and who places again whom it names.
    private struct Keeper {
        var population: Population
        var rows: [EntityKey: AttributeRow] = [:]
        /// Ends of classes as a store would have them.
        var ends: [String: PopulationEnds] = [:]

        mutating func follow(_ changed: Set<EntityKey>, _ gone: [EntityKey], _ world: World) throws {
            var waiting = try population.remove(gone)
            for entity in gone { rows[entity] = nil }
            waiting.formUnion(changed)
            while !waiting.isEmpty {
                var batch = try waiting.sorted().map(world.row)
                let crossed = try population.place(&batch, context: world.context)
                for row in batch { rows[row.entity] = row }
                waiting = crossed.subtracting(waiting)
            }
            for end in population.takeMovedEnds() { ends[end.attribute + end.group] = end.ends.isEmpty ? nil : end }
        }

        /// A program that starts again: the population is placed anew from the records, and who crossed while some had changed is told.
        mutating func restart(_ changed: Set<EntityKey>, _ gone: [EntityKey], _ world: World) throws {
            population = Population(world.plan, ends: Array(ends.values))
            for entity in gone { rows[entity] = nil }
            var all = try world.facts.keys.sorted().map(world.row)
            let crossed = try population.place(&all, context: world.context)
            for end in population.takeMovedEnds() { ends[end.attribute + end.group] = end.ends.isEmpty ? nil : end }
            for row in all where crossed.contains(row.entity) || changed.contains(row.entity) { rows[row.entity] = row }
        }
    }

    @Test(arguments: 0..<20) func `ten thousand sequences of arrivals, corrections, deletions and steps of the clock end as computed from scratch`(part: Int) throws {
        let plan = try Desk.plan(.item, Self.stepwise + "\n" + Self.ranked)
        let asked = ["rank", "percentile", "share", "cumulative"]
        let classes = plan.definitions.indices.filter { !asked.contains(plan.definitions[$0].name) }
        var draw = Draw(seed: UInt64(part))
        for sequence in 0..<500 {
            var world = World(plan: plan), keeper = Keeper(population: Population(plan))
            var due: [EntityKey: Instant] = [:]
            for _ in 0..<Int.random(in: 1...12, using: &draw) {
                let (changed, gone) = step(&world, &due, &draw)
                if Int.random(in: 0..<6, using: &draw) == 0 { try keeper.restart(changed, gone, world) } else { try keeper.follow(changed, gone, world) }
                for entity in gone { due[entity] = nil }
                for entity in changed { due[entity] = keeper.rows[entity]?.windowChange }
            }
            let expected = try world.all()
            try #require(expected.map(\.entity) == keeper.rows.keys.sorted(), "sequence \(sequence)")
            for row in expected {
                // Classes and tiles are true without asking; ranks and shares when asked.
                let kept = try #require(keeper.rows[row.entity])
                try #require(classes.allSatisfy { kept.values[$0].text == row.values[$0].text }, "sequence \(sequence): \(kept.values) is not \(row.values)")
                var read = kept
                try keeper.population.read(&read, context: world.context)
                try #require(read.values.map(\.text) == row.values.map(\.text), "sequence \(sequence): \(read.values) is not \(row.values)")
            }
        }
    }

    @Test func `only entities whose class changes are told`() throws {
        let plan = try Desk.plan(.item, "m: { sum: salesLine, by: item, of: amount, scale: 2 }\nc: { class: m, cuts: [80, 95], names: [A, B, C] }")
        var population = Population(plan)
        let context = Desk.context(Self.start)
        var rows = (1...1000).map { Desk.row(.item, "\($0)", [.number(ExactDecimal($0)), .null]) }
        #expect(try population.place(&rows, context: context).isEmpty)
        let before = rows.map { $0.values[1].text }
        var changed = [Desk.row(.item, "500", [.number("20000"), .null])]
        let told = try population.place(&changed, context: context)
        let after = try rows.map { row in
            var row = row
            try population.read(&row, context: context)
            return row.values[1].text
        }
        let moved = Set(rows.indices.filter { before[$0] != after[$0] }.map { rows[$0].entity.id })
        #expect(Set(told.map(\.id)).subtracting(["500"]) == moved.subtracting(["500"]))
        #expect(moved.count > 1 && moved.count < 100)
    }

    @Test func `ranks, tiles and shares are what their definitions say`() throws {
        let plan = try Desk.plan(.customer, """
            m: { sum: salesLine, by: customer, of: amount, scale: 2 }
            r: { rank: m }
            p: { percentile: m, scale: 1 }
            c: { cumulativeShare: m, scale: 1 }
            s: { shareOf: m, scale: 1 }
            t: { tile: m, tiles: 5, order: ascending }
            """)
        let monetary: [ExactDecimal] = ["900", "150", "400", "60", "2500", "200", "350", "700", "90", "500"]
        var rows = monetary.enumerated().map { Desk.row(.customer, "\($0)", [.number($1)] + Array(repeating: .null, count: 5)) }
        rows.append(Desk.row(.customer, "none", Array(repeating: .null, count: 6)))
        try plan.classify(&rows, context: Desk.context(Self.start))
        // The quintiles of money of rfm_quintiles, 5 the best.
        #expect(rows.map { $0.values[5].text } == ["5", "2", "3", "1", "5", "2", "3", "4", "1", "4", ""])
        #expect(rows.map { $0.values[1].text } == ["2", "8", "5", "10", "1", "7", "6", "3", "9", "4", ""])
        #expect(rows[4].values.map(\.text) == ["2500", "1", "5.0", "42.7", "42.7", "5"])
        #expect(rows[0].values.map(\.text) == ["900", "2", "15.0", "58.1", "15.4", "5"])
    }
}
