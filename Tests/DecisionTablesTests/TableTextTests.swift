import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct TableTextTests {
    @Test func `a table is read with the place of each cell`() throws {
        let table = try #require(parse(priorityText).product)
        #expect(table.inputs.map(\.header.text) == ["customer tier", "hours to promise", "fragile"])
        #expect(table.outputs.map(\.header.text) == ["microsegment"])
        #expect(table.annotations.isEmpty && table.rules.count == 3)
        #expect(table.rules[0].inputs.map(\.text) == [#""gold""#, "< 24", "-"])
        #expect(table.rules[1].outputs[0].text == #""careful""#)
        let cell = table.rules[0].inputs[1].position
        #expect(cell.file == "Schemes/order-priority.yaml" && cell.line == 8 && cell.column == 23)
        #expect(cell.place == .cell(row: 1, column: 2, name: "hours to promise"))
        #expect(table.inputs[0].header.position.line == 7 && table.inputs[0].header.position.column == 7)
    }

    @Test func `types, remarks, blank lines, rulers and line ends are read`() throws {
        let text = "| customer tier : string | hours to promise || segment : string | rank : number || why |\r\n|---|:--|---|\r\n\r\n"
            + #"| "gold" | - || "a" | 1 || said | "#.dropLast(8) + "as agreed |\r\n| - | - || \"b\" | 2 |\n"
        let parsed = parse(text)
        let table = try #require(parsed.product, "\(parsed.diagnostics.map(\.text))")
        #expect(table.inputs.map(\.type) == [.string, nil] && table.outputs.map(\.type) == [.string, .number])
        #expect(table.annotations.map(\.header.text) == ["why"])
        #expect(table.rules.map { $0.annotations.map(\.text) } == [["as agreed"], []])
        #expect(table.rules[0].inputs[0].origin.line == 10)
    }

    @Test func `bars within strings and escaped bars are text`() throws {
        let text = #"""
            | customer tier || microsegment || why        |
            | "a|b", "c\"|" || "x||y"       || this\|that |
            """#
        let table = try #require(parse(text).product)
        #expect(table.rules[0].inputs.map(\.text) == [#""a|b", "c\"|""#])
        #expect(table.rules[0].outputs.map(\.text) == [#""x||y""#])
        #expect(table.rules[0].annotations.map(\.text) == ["this|that"])
        let compiled = try compile(text)
        #expect(try compiled.evaluate(order("a|b", nil), noon).outputs == [.string("x||y")])
        #expect(try compiled.evaluate(order("c\"|", nil), noon).matchedRules == [1])
    }

    @Test func `a column after an escaped bar is that of the file`() {
        let text = "| customer tier || a |\n| \"x\\|y\", nobody || 1 |\n"
        let found = findings(text)
        #expect(found.count == 1 && found[0].hasPrefix("8:15 FEEL-NAME"), "\(found)")
    }

    @Test func `columns count bytes`() {
        let text = "| customer tier || a |\n| \"größe\", nobody || 1 |\n"
        #expect(findings(text).first?.hasPrefix("8:18 FEEL-NAME") == true, "\(findings(text))")
    }

    @Test func `ragged rows are reported, each at its place, and do not hide those after them`() {
        let text = """
            | customer tier | fragile || microsegment || why |
            | "gold"        || "rush"   |
            | "gold" | true | - || "rush" |
            | "gold" | true |
            | "gold" | true || "a" | "b" |
            | "gold" | true || "a" || b | c |
            | "gold" | true || "a" || b || c |
            | "gold" | true || "a"
              "gold" | true || "a" |
            | "gold" | true || "a" |
            """
        #expect(findings(text) == [
            "8:7 TABLE-ROW rule 1 has 1 input cell; the header has 2",
            "9:23 TABLE-ROW rule 2 has 3 input cells; the header has 2",
            "10:22 TABLE-ROW rule 3 has 0 output cells; the header has 1",
            "11:30 TABLE-ROW rule 4 has 2 output cells; the header has 1",
            "12:35 TABLE-ROW rule 5 has 2 remark cells; the header has 1",
            "13:5 TABLE-ROW rule 6 has 4 sections; a table has at most 3",
            "14:27 TABLE-ROW the last cell has no closing |",
            "15:7 TABLE-ROW a row of a table begins with |",
        ])
    }

    @Test(arguments: [
        ("", "7:5 TABLE-EMPTY the table has no header"), ("| a || b |", "7:5 TABLE-EMPTY the table has no rules"),
        ("| a | b |\n| 1 | 2 |", "7:5 TABLE-HEADER a header has two or three sections parted by ||; 1 found"),
        ("| a ||\n| 2 ||", "7:5 TABLE-HEADER a header has two or three sections parted by ||; 1 found"),
        ("| a || b | b |\n| 1 || 2 | 3 |", "7:16 TABLE-HEADER the output \"b\" comes twice"),
        ("| a | || b |\n| 1 | 2 || 3 |", "7:11 TABLE-HEADER a column has no header"),
        ("| a || b | |\n| 1 || 2 | 3 |", "7:16 TABLE-HEADER a column has no header"),
        ("| a : numbr || b |\n| 1 || 3 |", "7:9 TABLE-HEADER \"numbr\" is no type"),
        ("| a || b |\n| \"x || 3 |", "8:7 TABLE-CELL a string has no closing quote"),
        ("| a || b |\n| || 3 |", "8:7 TABLE-CELL the cell is empty"),
    ])
    func `what is no table is reported`(text: String, expected: String) {
        let found = parse(text)
        #expect(found.product == nil)
        #expect(found.diagnostics.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code) \($0.fact)" } == [expected])
    }

    @Test func `a finding shows its line and a caret`() throws {
        let diagnostic = try #require(parse("| a || b |\n| ö  | || 3 |").diagnostics.first)
        #expect(diagnostic.text == """
            Schemes/order-priority.yaml:8:13: error[TABLE-ROW]: rule 1 has 2 input cells; the header has 1
              | | ö  | || 3 |
              |        ^
            """)
    }

    @Test func `the size of a table has a limit`() {
        let wide = "| a || " + (0..<200).map { "c\($0) |" }.joined() + "\n| 1 || 2 |"
        #expect(parse(wide).diagnostics.map(\.code) == [.tableSize])
        let long = "| a || b |\n" + String(repeating: "| 1 || 2 |\n", count: DecisionTable.rulesMax + 5)
        #expect(parse(long).diagnostics.map(\.code) == [.tableSize])
    }

    @Test func `a table may have no input, one unnamed output and unnamed remarks`() throws {
        let table = try #require(parse("|| : number || |\n|| 2 || why |").product)
        #expect(table.inputs.isEmpty && table.outputs[0].header.text.isEmpty && table.outputs[0].type == .number)
        #expect(table.rules[0].annotations[0].text == "why")
        #expect(try compile("|| |\n|| 2 |", .unique).evaluate(order(nil, nil), noon).outputs == [.integer(2)])
    }

    @Test func `policies have a long and a short name`() {
        for policy in HitPolicy.all { #expect(HitPolicy(policy.description) == policy && HitPolicy(policy.symbol) == policy) }
        #expect(HitPolicy("C+") == .collect(.sum) && HitPolicy("COLLECT MIN") == .collect(.minimum))
        #expect(HitPolicy("first") == nil && HitPolicy("RULE  ORDER") == nil)
    }
}
