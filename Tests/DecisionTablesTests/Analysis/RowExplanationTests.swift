import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct RowExplanationTests {
    @Test func `each rule shows all the cells that failed`() throws {
        let found = try compile(priorityText).explain(order("silver", 30, false), noon)
        #expect(found.outcome?.matchedRules == [3] && found.failure == nil)
        #expect(found.rules.map(\.isMatch) == [false, false, true])
        #expect(found.rules[0].failed.map(\.input) == ["customer tier", "hours to promise"])
        #expect(found.rules[0].failed.map(\.text) == [
            #"customer tier would have to be "gold"; it is "silver""#, "hours to promise would have to be below 24 (< 24); it is 30",
        ])
        #expect(found.rules[1].failed.map { "\($0.column) \($0.test) \($0.value.text)" } == ["3 true false"])
    }

    @Test func `the nearest rule has the fewest failed cells, then the least distance`() throws {
        let table = try compile("""
            | customer tier | hours to promise || a |
            | "gold"        | < 10             || 1 |
            | "silver"      | [100..200]       || 2 |
            | "silver"      | < 50, 60         || 3 |
            """)
        let found = try table.explain(order("silver", 70), noon)
        #expect(found.nearest?.rule == 3 && found.outcome?.matchedRules.isEmpty == true)
        #expect(found.nearest?.failed.map(\.text) == ["hours to promise would have to be 60 (< 50, 60); it is 70"])
        #expect(try table.explain(order("silver", 90), noon).nearest?.rule == 2)
        #expect(try table.explain(order("gold", nil), noon).nearest?.rule == 1)
        let both = try table.explain(order("tin", 95), noon).nearest
        #expect(both?.rule == 2 && both?.failed.count == 2)
    }

    @Test func `dates and open ends have a nearest value`() throws {
        let table = try compile("| due || a |\n| > date(\"2026-11-20\") || 1 |\n| < date(\"2026-01-01\") || 2 |")
        var row = order(nil, nil)
        row[3] = .date(try #require(CalendarDate("2026-11-01")))
        let found = try table.explain(row, noon)
        #expect(found.nearest?.rule == 1)
        #expect(found.rules[0].failed[0].nearest?.text == "above date(\"2026-11-20\")")
        #expect(found.rules[1].failed[0].nearest?.text == "below date(\"2026-01-01\")")
    }

    @Test func `a broken policy is told beside the rules`() throws {
        let table = try compile("| hours to promise || a |\n| < 10 || 1 |\n| > 5 || 2 |", .unique)
        let found = try table.explain(order(nil, 7), noon)
        #expect(found.failure?.code == .tableUnique && found.outcome == nil && found.rules.count == 2 && found.nearest == nil)
    }
}
