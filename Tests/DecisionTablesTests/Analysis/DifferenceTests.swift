import DecisionTables
import Diagnostics
import Testing
import Values

@Suite struct DifferenceTests {
    private func difference(_ old: String, _ new: String, _ policy: HitPolicy = .first, _ newPolicy: HitPolicy? = nil) throws -> TableDifference {
        TableDifference.make(from: try compile(old, policy), to: try compile(new, newPolicy ?? policy))
    }

    private func told(_ difference: TableDifference) -> [String] {
        difference.changes.map { "\($0.region.cells.joined(separator: " | ")): \($0.old.text) by \($0.old.rules), \($0.new.text) by \($0.new.rules)" }
    }

    @Test func `a moved threshold changes the stretch between old and new`() throws {
        let found = try difference(priorityText, priorityText.replacing("< 24", with: "< 48"))
        #expect(told(found) == [
            #""gold" | [24..48) | true: "careful" by [2], "rush" by [1]"#, #""gold" | [24..48) | null, false: "standard" by [3], "rush" by [1]"#,
        ])
        #expect(found.changes[0].region.witness.map(\.text) == [#"customer tier = "gold""#, "hours to promise = 24", "fragile = true"])
        #expect(found.isComplete && !found.isSame && found.isRewritten)
    }

    @Test func `texts that say the same change no answer`() throws {
        let old = """
            | customer tier | hours to promise | fragile || a |
            | "gold"        | < 24             | -       || 1 |
            | "silver"      | [1..2]           | -       || 2 |
            | -             | >= 100, < 0      | true    || 1.0 |
            """
        let new = """
            | hours to promise | customer tier | fragile         || a   |
            | [1..2.0]         | "silver"      | -               || 2.0 |
            | < 24             | "gold"        | -               || 1   |
            | < 0, >= 100      | -             | not(false, null)|| 1   |
            """
        let found = try difference(old, new)
        #expect(found.isSame && found.isRewritten, "\(told(found))")
        #expect(try difference(old, old).isSame && !(try difference(old, old).isRewritten))
    }

    @Test func `an input that is added or taken away is compared`() throws {
        let found = try difference("| fragile || a |\n| - || 1 |", "| fragile | hours to promise || a |\n| - | < 5 || 1 |\n| - | - || 2 |")
        #expect(told(found) == ["- | null, >= 5: 1 by [1], 2 by [2]"])
    }

    @Test func `another policy shows where it answers otherwise`() throws {
        let text = "| hours to promise || a |\n| < 10 || 1 |\n| > 5 || 2 |"
        #expect(try told(difference(text, text, .unique, .first)) == ["(5..10): a failure by [1, 2], 1 by [1]"])
        #expect(try told(difference(text, text, .collect(.sum), .collect(.maximum))) == ["(5..10): 3 by [1, 2], 2 by [2]"])
        #expect(try difference(text, "| hours to promise || a |\n| > 5 || 2 |\n| < 10 || 1 |", .collect(nil)).isSame)
        #expect(try !difference(text, "| hours to promise || a |\n| > 5 || 2 |\n| < 10 || 1 |", .ruleOrder).isSame)
    }

    @Test func `computed outputs and cells are the same where their texts are`() throws {
        let text = "| hours to promise | due || a |\n| < 10 | < today() || hours to promise + 1 |\n| - | - || 0 |"
        #expect(try difference(text, text).isSame)
        let outputs = try difference(text, text.replacing("+ 1", with: "+ 2"))
        #expect(!outputs.isSame && outputs.changes.isEmpty && !outputs.undecided.isEmpty)
        let cells = try difference(text, text.replacing("< today()", with: "> today()"))
        #expect(cells.undecided.map(\.cells) == [["< 10", "-"]] && cells.changes.isEmpty)
    }

    @Test func `limits are told`() throws {
        let old = (0..<40).map { "| \($0) || \($0) |" }.joined(separator: "\n"), new = (0..<40).map { "| \($0) || \($0 + 1) |" }.joined(separator: "\n")
        let header = "| hours to promise || a |\n"
        let scope = AnalysisScope(limits: AnalysisLimits(changes: 5))
        let found = TableDifference.make(from: try compile(header + old), to: try compile(header + new), scope)
        #expect(found.changes.count == 5 && !found.isComplete && !found.isSame)
    }
}
