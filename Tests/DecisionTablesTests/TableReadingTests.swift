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
        let node = try rules("rules:\n  hitPolicy: PRIORITY\n  table: |\n    | fragile || a |\n    | true || 1 |\n")
        let finding = try #require(TableReading.read(node, layout: orderLayout).diagnostics.first)
        #expect(finding.code == .tablePolicy && finding.position.line == 2 && finding.position.column == 14)
        #expect(finding.hint == "known policies: UNIQUE, U, FIRST, F, COLLECT, C, COLLECT SUM, C+, COLLECT MIN, C<, COLLECT MAX, C>, COLLECT COUNT, C#")
        #expect(TableReading.shape.check(node).count == 1)
    }
}
