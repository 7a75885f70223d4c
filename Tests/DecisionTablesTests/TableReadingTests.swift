import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

private func rules(_ yaml: String) throws -> ConfigurationNode {
    let parsed = ConfigurationText.parse(yaml, file: "Schemes/order-priority.yaml")
    #expect(parsed.diagnostics.isEmpty)
    return try #require(parsed.root?["rules"])
}

private func table(_ cells: String) -> String {
    """
    scheme: order-priority
    rules:
      hitPolicy: FIRST
      table: |
        | customer tier | hours to promise || microsegment |
        | "gold"        | < 24             || "rush"       |
    \(cells)

    """
}

@Suite struct TableReadingTests {
    @Test func `a table is read from a scheme and evaluated`() throws {
        let node = try rules(table(#"    | -             | -                || "standard"   |"#))
        #expect(TableReading.shape.check(node).isEmpty)
        let compilation = TableReading.read(node, layout: orderLayout)
        let compiled = try #require(compilation.product, "\(compilation.diagnostics.map(\.text))")
        #expect(try compiled.evaluate(order("gold", 3), noon).outputs == [.string("rush")])
        #expect(compiled.table.rules[1].outputs[0].position.line == 7)
    }

    @Test func `a wrong cell is found at its line and column of the file`() throws {
        let node = try rules(table(#"    | 5             | -                || "standard"   |"#))
        let found = TableReading.read(node, layout: orderLayout)
        #expect(found.product == nil)
        let position = try #require(found.diagnostics.first).position
        #expect(position.file == "Schemes/order-priority.yaml" && position.line == 7 && position.column == 7)
        #expect(position.place == .cell(row: 1 + 1, column: 1, name: "customer tier"))
    }

    @Test func `UNIQUE holds where no policy is written`() throws {
        let compiled = try #require(TableReading.read(
            rules("rules:\n  table: |\n    | fragile || a |\n    | true || 1 |\n"), layout: orderLayout).product)
        #expect(compiled.table.hitPolicy == .unique)
    }

    @Test func `an unknown policy lists the known ones`() throws {
        let node = try rules("rules:\n  hitPolicy: PRIORITIES\n  table: |\n    | fragile || a |\n    | true || 1 |\n")
        let finding = try #require(TableReading.read(node, layout: orderLayout).diagnostics.first)
        #expect(finding.code == .tablePolicy && finding.position.line == 2 && finding.position.column == 14)
        #expect(finding.hint == "known policies: UNIQUE, U, ANY, A, PRIORITY, P, FIRST, F, RULE ORDER, R, OUTPUT ORDER, O, "
            + "COLLECT, C, COLLECT SUM, C+, COLLECT MIN, C<, COLLECT MAX, C>, COLLECT COUNT, C#")
        #expect(TableReading.shape.check(node).count == 1)
    }

    private static let full = #"""
        rules:
          hitPolicy: PRIORITY
          id: t1
          label: Priority
          description: Who goes first
          outputLabel: the answer
          inputs:
            - { input: customer tier, id: i1, values: '"gold", "silver"', valuesId: v1, expressionId: e1 }
          outputs:
            - output: microsegment
              values: '"rush", "standard"'
              default: '"standard"'
              type: tSegment
          rows:
            - { id: r1, description: contract }
            - { id: r2, cells: [c1, "", c3] }
          table: |
            | customer tier | hours to promise || microsegment |
            | "gold"        | < 24             || "rush"       |
            | -             | < 4              || "rush"       |
        """#

    @Test func `keys beside the table tell what it has no room for`() throws {
        let node = try rules(Self.full)
        #expect(TableReading.shape.check(node).isEmpty)
        let table = try #require(TableReading.definition(node).product)
        #expect(table.identity == TableIdentity(id: "t1", label: "Priority", description: "Who goes first"))
        #expect(table.outputLabel == "the answer")
        #expect(table.inputs[0].identity.id == "i1" && table.inputs[0].values?.id == "v1" && table.inputs[0].header.id == "e1")
        #expect(table.inputs[1].identity == TableIdentity() && table.inputs[1].values == nil)
        #expect(table.outputs[0].typeName == "tSegment" && table.outputs[0].defaultEntry?.text == #""standard""#)
        #expect(table.outputs[0].values?.position.line == 11)
        #expect(table.rules.map(\.identity.id) == ["r1", "r2"] && table.rules[0].identity.description == "contract")
        #expect(table.rules[1].inputs.map(\.id) == ["c1", nil] && table.rules[1].outputs[0].id == "c3")
        let compiled = try #require(TableReading.read(node, layout: orderLayout).product)
        #expect(try compiled.evaluate(order("silver", 30), noon).outputs == [.string("standard")])
    }

    @Test(arguments: [
        ("input: customer tier", "input: custmer tier", #"TABLE-HEADER the table has no input "custmer tier""#),
        ("- output: microsegment", "- output: a", #"TABLE-HEADER the table has no output "a""#),
        ("- { id: r1, description: contract }", "", "TABLE-ROW there are 1 rows; the table has 2 rules"),
        (#"[c1, "", c3]"#, "[c1]", "TABLE-ROW there are 1 ids; the rule has 3 input and output cells"),
        (#"'"rush", "standard"'"#, #"'"rush", standard'"#, "FEEL-NAME unknown name standard"),
        (#"'"standard"'"#, #"'"slow"'"#, #"TABLE-VALUES slow is not among the values of "microsegment""#),
    ])
    func `a wrong key beside the table is found`(old: String, new: String, expected: String) throws {
        let found = TableReading.read(try rules(Self.full.replacing(old, with: new)), layout: orderLayout)
        #expect(found.product == nil)
        #expect(found.diagnostics.map { "\($0.code) \($0.fact)" } == [expected])
        #expect(found.diagnostics.allSatisfy { ($0.position.line ?? 0) > 1 })
    }
}
