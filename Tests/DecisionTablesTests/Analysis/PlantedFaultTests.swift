import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

/// What analysis finds in tables whose faults are known.
@Suite struct PlantedFaultTests {
    private static let layout = Layout([
        ("tier", .string), ("hours", .number), ("fragile", .boolean), ("due", .date), ("wait", .dayTimeDuration), ("lines", .list(.number)),
    ])

    private func analysis(
        _ text: String, _ policy: HitPolicy, values: [String] = [], inputValues: [Int: String] = [:], scope: AnalysisScope = AnalysisScope()
    ) throws -> TableAnalysis {
        var table = try #require(parse(text, policy).product)
        for (column, text) in values.enumerated() { table.outputs[column].values = TableCell(text) }
        for (column, text) in inputValues { table.inputs[column].values = TableCell(text) }
        let compiled = CompiledTable.compile(table, layout: Self.layout)
        return TableAnalysis.make(try #require(compiled.product, "\(compiled.diagnostics.map(\.text))"), scope)
    }

    private func told(_ analysis: TableAnalysis) -> [String] { analysis.findings.map { "\($0.code) \($0.fact)" } }

    /// A table without faults, around which the others are made: one rule for each tier and each stretch of hours.
    private static let sound = """
        | tier               | hours     | fragile || give          |
        | "gold"             | < 10      | -       || "gold now"    |
        | "gold"             | [10..20)  | true    || "gold care"   |
        | "gold"             | [10..20)  | false   || "gold soon"   |
        | "gold"             | >= 20     | -       || "gold later"  |
        | "silver"           | < 10      | -       || "silver now"  |
        | "silver"           | [10..20)  | -       || "silver soon" |
        | "silver"           | >= 20     | -       || "silver late" |
        | not("gold", "silver") | -      | -       || "rest"        |
        """

    @Test func `a sound table has no findings`() throws {
        #expect(try told(analysis(Self.sound, .unique)).isEmpty)
        #expect(try analysis(Self.sound, .unique).hasAllGaps)
    }

    @Test func `twenty planted faults are found, and nothing else`() throws {
        // Faults that the policy does not excuse: gaps, overlaps, duplicates, cells without values.
        let unique = try analysis("""
            | tier       | hours            | fragile     | due                       | wait                         || give |
            | "gold"     | < 10             | -           | -                         | -                            || 1    |
            | "gold"     | > 10             | -           | -                         | -                            || 2    |
            | "silver"   | <= 20            | -           | -                         | -                            || 3    |
            | "silver"   | >= 20            | -           | -                         | -                            || 4    |
            | "bronze"   | -                | true        | -                         | -                            || 5    |
            | "bronze"   | -                | true        | -                         | -                            || 6    |
            | "bronze"   | -                | false       | < date("2026-01-01")      | -                            || 7    |
            | "bronze"   | -                | false       | >= date("2026-01-02")     | -                            || 8    |
            | "iron"     | [5..3]           | -           | -                         | -                            || 9    |
            | "iron"     | not(< 5, >= 5)   | -           | -                         | -                            || 10   |
            | "iron"     | < 3, < 2, >= 3   | -           | -                         | < duration("PT1H")           || 11   |
            | "iron"     | -                | -           | -                         | >= duration("PT1H"), duration("PT2H") || 12 |
            | not("gold", "silver", "bronze", "iron") | - | true, false | -            | [duration("PT0S")..duration("PT5M")]  || 13 |
            | not("gold", "silver", "bronze", "iron") | - | -  | -                     | > duration("PT5M")           || 14   |
            """, .unique)
        #expect(told(unique) == [
            "TABLE-OVERLAP rule 3 and rule 4 both hold for tier \"silver\" and hours 20",
            "TABLE-DUPLICATE rule 5 and rule 6 have the same conditions",
            "TABLE-NEVER rule 9 can never hold: no value of hours passes [5..3]",
            "TABLE-NEVER in rule 10 hours not(< 5, >= 5) holds for no value but null",
            "TABLE-GAP no rule holds for tier \"gold\" and hours 10",
            "TABLE-GAP no rule holds for tier not(\"bronze\", \"gold\", \"iron\", \"silver\") and wait < duration(\"PT0S\")",
            "TABLE-GAP no rule holds for tier \"bronze\" and fragile false and due date(\"2026-01-01\")",
            "TABLE-PART in rule 11 the part < 2 of hours < 3, < 2, >= 3 adds nothing to the others",
            "TABLE-PART in rule 12 the part duration(\"PT2H\") of wait >= duration(\"PT1H\"), duration(\"PT2H\") adds nothing to the others",
        ])
        // Faults of order.
        let first = try analysis("""
            | tier     | hours    | fragile || give     |
            | "gold"   | < 24     | -       || "rush"   |
            | "gold"   | [5..12]  | true    || "care"   |
            | "silver" | < 10     | -       || "rush"   |
            | "silver" | [10..30] | -       || "soon"   |
            | "silver" | [5..20]  | false   || "care"   |
            | "gold"   | < 24     | -       || "never"  |
            | "bronze" | < 10     | -       || "rest"   |
            | "tin"    | -        | -       || "soon"   |
            | "zinc"   | -        | -       || "soon"   |
            | -        | -        | -       || "rest"   |
            | -        | > 3      | -       || "late"   |
            """, .first)
        #expect(told(first) == [
            "TABLE-MASKED rule 2 never decides: wherever it holds, rule 1 does and comes first",
            "TABLE-MASKED rule 5 never decides: wherever it holds, one of rules 3 and 4 does and comes first",
            "TABLE-DUPLICATE rule 6 has the conditions of rule 1, which decides",
            "TABLE-REDUNDANT without rule 7 every answer would be the same",
            "TABLE-MASKED rule 11 never decides: wherever it holds, rule 10 does and comes first",
            "TABLE-MERGE rules 8 and 9 give the same and could be one, with tier \"tin\", \"zinc\"",
        ])
        // Faults of outputs.
        let any = try analysis("""
            | tier     | hours | fragile || give |
            | "gold"   | -     | -       || 1    |
            | "gold"   | < 5   | -       || 1    |
            | "silver" | < 5   | -       || 1    |
            | "silver" | < 7   | true    || 2    |
            | "silver" | >= 5  | false   || 3    |
            | "silver" | >= 7  | true    || 4    |
            """, .any, inputValues: [0: #""gold", "silver""#])
        #expect(told(any) == [
            "TABLE-CONFLICT rule 3 and rule 4 both hold for tier \"silver\" and hours < 5 and fragile true, and differ in their outputs",
            "TABLE-REDUNDANT without rule 2 every answer would be the same",
        ])
        let collect = try analysis("""
            | tier     | hours | fragile || give |
            | "gold"   | -     | -       || 1    |
            | "gold"   | -     | -       || 1    |
            | -        | -     | true    || 2    |
            | -        | -     | false   || 3    |
            """, .collect(nil))
        #expect(told(collect) == ["TABLE-DUPLICATE rule 1 and rule 2 are the same"])
        let priority = try analysis("""
            | tier     | hours || give  |
            | "gold"   | -     || "low" |
            | -        | < 5   || "top" |
            | "gold"   | < 3   || "mid" |
            | -        | >= 5  || "mid" |
            """, .priority, values: [#""top", "mid", "low""#])
        #expect(told(priority) == [
            "TABLE-NULL-ONLY rule 1 decides only where hours is null",
            "TABLE-MASKED rule 3 never decides: wherever it holds, rule 2 does and comes first",
        ].reversed())
        let found = [unique, first, any, collect, priority].reduce(0) { $0 + $1.findings.count }
        #expect(found == 20)
    }

    @Test func `contradicting columns of one input are found`() throws {
        let found = try analysis("""
            | hours | hours || give |
            | < 5   | > 7   || 1    |
            | < 5   | > 3   || 2    |
            | <= 3  | -     || 3    |
            | -     | >= 5  || 4    |
            """, .unique)
        #expect(told(found) == ["TABLE-NEVER rule 1 can never hold: its cells < 5 and > 7 about hours exclude each other"])
    }

    @Test func `numbers of a declared scale and days have neighbours`() throws {
        let text = "| hours || give |\n| <= 5 || 1 |\n| >= 6 || 2 |"
        let dense = try analysis(text, .unique)
        #expect(dense.gaps.map(\.cells) == [["(5..6)"]])
        #expect(dense.gaps[0].witness.map(\.text) == ["hours = 5.1"])
        let whole = try analysis(text, .unique, scope: AnalysisScope(domains: ["hours": InputDomain(scale: 0)]))
        #expect(whole.gaps.isEmpty && whole.hasAllGaps)
        let tenths = try analysis(text, .unique, scope: AnalysisScope(domains: ["hours": InputDomain(scale: 1)]))
        #expect(tenths.gaps.map(\.cells) == [["(5..6)"]])
        let days = try analysis("| due || give |\n| <= date(\"2026-02-28\") || 1 |\n| >= date(\"2026-03-01\") || 2 |", .unique)
        #expect(days.gaps.isEmpty)
    }

    @Test func `listed values bound an input, and the unlisted are no gap`() throws {
        let text = "| tier | hours || give |\n| \"gold\" | >= 0 || 1 |\n| \"silver\" | <= 9 || 2 |"
        let found = try analysis(text, .unique, inputValues: [0: #""gold", "silver""#, 1: "[0..10]"])
        #expect(found.gaps.map(\.cells) == [[#""silver""#, "> 9"]])
        #expect(found.gaps[0].witness.map(\.text) == [#"tier = "silver""#, "hours = 9.1"])
        #expect(try analysis(text, .unique).gaps.count == 3)
    }

    @Test func `null is a gap where a cell names it or where it is asked for`() throws {
        let text = "| hours || give |\n| < 5 || 1 |\n| >= 5 || 2 |"
        #expect(try analysis(text, .unique).gaps.isEmpty)
        #expect(try analysis(text, .unique).inputsWithoutNull == ["hours"])
        #expect(try analysis(text, .unique, scope: AnalysisScope(nulls: .always)).gaps.map(\.cells) == [["null"]])
        #expect(try analysis("| hours | fragile || give |\n| null | true || 1 |\n| not(null) | - || 2 |", .unique).gaps.map(\.cells) == [["null", "false"]])
    }

    @Test func `cells over other fields leave what is certain, and are named`() throws {
        let found = try analysis("""
            | hours       | fragile || give |
            | < 5         | -       || 1    |
            | > string length(tier) | true || 2 |
            | >= 5        | false   || 3    |
            """, .first)
        #expect(found.gaps.isEmpty && !found.hasAllGaps)
        #expect(told(found) == [
            "TABLE-OPAQUE the cells of hours in rule 2 are not over constants: they are taken to hold where gaps are looked for, and not where rules are said to be covered",
        ])
        let lists = try analysis("| lines | hours || give |\n| count(?) > 2 | < 5 || 1 |\n| - | < 3 || 2 |", .first)
        #expect(lists.gaps.map(\.cells) == [["-", ">= 5"]] && !lists.hasAllGaps)
    }

    @Test func `findings stand at their cell and carry a witness`() throws {
        let found = try analysis("| hours || give |\n| [5..3] || 1 |\n| < 4 || 2 |", .unique)
        let never = try #require(found.findings.first)
        #expect(never.position.line == 8 && never.position.column == 7 && never.hint == "5 is above 3; were they meant the other way round?")
        let gap = try #require(found.findings.last?.diagnostic)
        #expect(gap.fact == "no rule holds for hours >= 4; for instance hours = 4" && gap.hint == "a rule for it would begin | >= 4 ||")
    }

    @Test func `a policy that says less than it could is named`() throws {
        let disjoint = "| hours || give |\n| < 5 || 1 |\n| >= 5 || 2 |"
        #expect(try told(analysis(disjoint, .first)) == ["TABLE-ADVICE no two rules hold for the same row, so UNIQUE answers the same as FIRST, and keeps a later rule from overlapping"])
        #expect(try told(analysis(disjoint, .collect(nil))) == ["TABLE-ADVICE no two rules hold for the same row, so COLLECT never gives more than one entry"])
        #expect(try told(analysis(disjoint, .unique)).isEmpty)
    }

    @Test func `limits are told`() throws {
        let few = try analysis(Self.sound, .unique, scope: AnalysisScope(limits: AnalysisLimits(looks: 20)))
        #expect(few.findings.contains { $0.code == .tableLimit } && !few.hasAllGaps)
        let rules = (0..<30).map { "| \($0) | - || 1 |" }.joined(separator: "\n")
        let one = try analysis("| hours | fragile || give |\n\(rules)", .any, scope: AnalysisScope(limits: AnalysisLimits(gaps: 0)))
        #expect(one.gaps.isEmpty && !one.hasAllGaps)
    }
}
