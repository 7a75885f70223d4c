import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct CompiledTableTests {
    @Test func `FIRST takes the first rule from the top`() throws {
        let table = try compile(priorityText)
        #expect(try table.evaluate(order("gold", 23, true), noon) == TableOutcome(matchedRules: [1], outputs: [.string("rush")]))
        #expect(try table.evaluate(order("gold", 24, true), noon) == TableOutcome(matchedRules: [2], outputs: [.string("careful")]))
        #expect(try table.evaluate(order("gold", 24, false), noon).outputs == [.string("standard")])
        #expect(try table.evaluate(order(nil, nil), noon).matchedRules == [3])
    }

    @Test func `UNIQUE names both rules that match`() throws {
        let table = try compile("""
            | hours to promise || a   |
            | < 10             || "x" |
            | [5..20]          || "y" |
            """, .unique)
        #expect(try table.evaluate(order(nil, 3), noon) == TableOutcome(matchedRules: [1], outputs: [.string("x")]))
        #expect(try table.evaluate(order(nil, 10), noon).matchedRules == [2])
        let failure = try #require(throws: EvaluationFailure.self) { try table.evaluate(order(nil, 5), noon) }
        #expect(failure.diagnostic.code == .tableUnique)
        #expect(failure.diagnostic.fact == "rules 1 and 2 both match, and the hit policy is UNIQUE")
        #expect(failure.diagnostic.position.line == 9 && failure.diagnostic.position.file == "Schemes/order-priority.yaml")
    }

    @Test(arguments: HitPolicy.all)
    func `no match is an empty outcome`(policy: HitPolicy) throws {
        let table = try compile("| hours to promise || a |\n| < 10 || 1 |", policy, values: ["1"])
        #expect(try table.evaluate(order(nil, 10), noon) == .none)
    }

    @Test(arguments: [("C", "[1,2,2]"), ("C+", "5"), ("C<", "1"), ("C>", "2"), ("C#", "3")])
    func `COLLECT gives all matches, or one number`(policy: String, expected: String) throws {
        let table = try compile("""
            | hours to promise || surcharge |
            | < 10             || 1         |
            | > 100            || 50        |
            | < 20             || 2         |
            | -                || 2         |
            """, #require(HitPolicy(policy)))
        let outcome = try table.evaluate(order(nil, 5), noon)
        #expect(outcome.matchedRules == [1, 3, 4])
        #expect(outcome.outputs.map { JSONText.write($0) } == [expected])
    }

    @Test func `COLLECT of several outputs gives a list a column`() throws {
        let table = try compile("""
            | hours to promise || a   | b |
            | < 10             || "x" | 1 |
            | < 20             || "y" | 2 |
            """, .collect(nil))
        #expect(try table.evaluate(order(nil, 5), noon).outputs
            == [.list([.string("x"), .string("y")]), .list([.integer(1), .integer(2)])])
    }

    @Test func `a sum of what is no number fails at its cell`() throws {
        let table = try compile("| hours to promise || a : number |\n| - || 1 |\n| - || null |", .collect(.sum))
        let failure = try #require(throws: EvaluationFailure.self) { try table.evaluate(order(nil, 5), noon) }
        #expect(failure.diagnostic.code == .tableAggregate && failure.diagnostic.position.line == 9)
        #expect(findings("| hours to promise || a : string |\n| - || \"x\" |", .collect(.sum))
            == ["7:27 TABLE-POLICY COLLECT SUM takes numbers; the output \"a\" is declared string"])
        #expect(findings("| hours to promise || a |\n| - || true |", .collect(.maximum))
            == ["8:12 TABLE-POLICY COLLECT MAX takes values that have an order; the output \"a\" is boolean"])
    }

    @Test func `headers and outputs are expressions over the layout`() throws {
        let table = try compile("""
            | hours to promise * 2 : number | string length(customer tier) || score : number       |
            | > 10                          | [3..4]                       || hours to promise + 0.5 |
            | -                             | -                            || null                   |
            """)
        #expect(try table.evaluate(order("gold", 6), noon).outputs.map(\.text) == ["6.5"])
        #expect(try table.evaluate(order("gold", 5), noon).outputs == [.null])
        #expect(table.slots == [0, 1] && !table.readsClock)
        #expect(table.outputTypes == [.number] && table.outputNames == ["score"])
    }

    @Test func `thresholds are the numbers that an input is compared with`() throws {
        let table = try compile("""
            | customer tier | hours to promise | hours to promise - 1 || a |
            | "gold"        | < 24             | -                     || 1 |
            | -             | [2..24), 7.5     | > 100                 || 2 |
            | -             | not(48)          | -                     || 3 |
            """)
        #expect(table.thresholds(ofInput: 0).isEmpty)
        #expect(table.thresholds(ofInput: 1).map(\.description) == ["2", "7.5", "24", "48"])
        #expect(table.thresholds(ofInput: 2).map(\.description) == ["100"])
        #expect(table.slotThresholds.map(\.slot) == [1, 1, 1, 1] && table.slotThresholds.map(\.threshold.description) == ["2", "7.5", "24", "48"])
        #expect(table.slot(ofInput: 1) == 1 && table.slot(ofInput: 2) == nil)
    }

    @Test func `the clock is seen in headers and cells`() throws {
        #expect(try compile("| due || a |\n| < today() || 1 |").readsClock)
        #expect(try compile("| due - today() || a |\n| - || 1 |").readsClock)
        let table = try compile("| due || a |\n| < today() || 1 |\n| - || 2 |")
        var row = order(nil, nil)
        row[3] = .date(CalendarDate(dayNumber: 20_777))
        #expect(try table.evaluate(row, noon).matchedRules == [1])
        row[3] = .date(CalendarDate(dayNumber: 20_778))
        #expect(try table.evaluate(row, noon).matchedRules == [2])
    }

    @Test func `a thousand rules are evaluated in order`() throws {
        let rules = (0..<1000).map { "| \($0) | - || \($0 * 2) |" }.joined(separator: "\n")
        let table = try compile("| hours to promise | fragile || a |\n" + rules, .unique)
        for hours in stride(from: 0, to: 1000, by: 97) {
            #expect(try table.evaluate(order(nil, hours), noon) == TableOutcome(matchedRules: [hours + 1], outputs: [.integer(hours * 2)]))
        }
    }
}

@Suite struct TableDiagnosticsTests {
    @Test func `unknown names are reported at their place`() {
        let text = """
            | custmer tier | hours to promise || a          |
            | "gold"       | < hourss         || fragle     |
            | -            | -                || nothing(1) |
            """
        let found = findings(text)
        #expect(found.map { String($0.prefix { $0 != " " }) } == ["7:7", "8:24", "8:42", "9:42"], "\(found)")
        #expect(found.allSatisfy { $0.contains("FEEL-NAME") }, "\(found)")
    }

    @Test func `wrong types are reported at their place`() {
        let text = """
            | customer tier | hours to promise | fragile        || a : number |
            | < 24          | -                | -              || 1          |
            | -             | "soon"           | -              || "x"        |
            | -             | -                | 1              || 1 + "x"    |
            """
        let found = findings(text)
        #expect(found.map { String($0.prefix { $0 != " " }) } == ["8:7", "9:23", "9:60", "10:42", "10:60"], "\(found)")
    }

    @Test func `an input keeps its declared type`() {
        #expect(findings("| customer tier : number || a |\n| - || 1 |")
            == ["7:7 TABLE-TYPE the input is declared number and gives string"])
    }

    @Test func `outputs of one column have one type`() {
        let text = "| fragile || a |\n| true || null |\n| true || \"x\" |\n| false || 3 |"
        #expect(findings(text) == ["10:16 TABLE-TYPE the output \"a\" is string in rule 2; found number"])
        #expect(findings(text.replacing("|| a |", with: "|| a : Any |")).isEmpty)
    }

    @Test func `an output of - is reported`() {
        #expect(findings("| fragile || a |\n| true || - |") == ["8:15 TABLE-CELL an output has no -"])
    }

    @Test func `a finding names its cell`() throws {
        let table = try #require(parse("| fragile || a |\n| \"no\" || 1 |").product)
        let diagnostic = try #require(CompiledTable.compile(table, layout: orderLayout).diagnostics.first)
        #expect(diagnostic.position.place == .cell(row: 1, column: 1, name: "fragile"))
        #expect(diagnostic.position.file == "Schemes/order-priority.yaml")
    }

    @Test func `a cell that fails while running names its place`() throws {
        let table = try compile("| fragile || a |\n| - || 1 / hours to promise |")
        let failure = try #require(throws: EvaluationFailure.self) { try table.evaluate(order(nil, 0), noon) }
        #expect(failure.diagnostic.position.line == 8)
        #expect(failure.diagnostic.position.place == .cell(row: 1, column: 2, name: "a"))
    }
}
