import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

/// What each hit policy of DMN 1.5 section 8.2.8 answers, in both profiles.
@Suite struct HitPolicyTests {
    private static let text = """
        | hours to promise || grade  | score |
        | < 10             || "low"  | 1     |
        | < 20             || "high" | 2     |
        | < 30             || "low"  | 3     |
        """
    private static let grades = #""high", "middle", "low""#

    private func value(
        _ policy: HitPolicy, _ hours: Int, text: String = text, values: [String] = [grades], defaults: [String] = [],
        profile: FEELProfile = .strict
    ) throws -> String {
        let table = try compile(text, policy, profile: profile, values: values, defaults: defaults)
        return JSONText.write(table.value(of: try table.evaluate(order(nil, hours), noon)))
    }

    @Test(arguments: [
        ("F", 5, [1], #"{"grade":"low","score":1}"#), ("F", 25, [3], #"{"grade":"low","score":3}"#),
        ("U", 25, [3], #"{"grade":"low","score":3}"#), ("P", 5, [2], #"{"grade":"high","score":2}"#),
        ("R", 5, [1, 2, 3], #"[{"grade":"low","score":1},{"grade":"high","score":2},{"grade":"low","score":3}]"#),
        ("O", 5, [2, 1, 3], #"[{"grade":"high","score":2},{"grade":"low","score":1},{"grade":"low","score":3}]"#),
        ("C", 15, [2, 3], #"[{"grade":"high","score":2},{"grade":"low","score":3}]"#),
        ("O", 40, [], "null"), ("C", 40, [], "null"), ("P", 40, [], "null"),
    ])
    func `several outputs are a context, and a list of contexts`(policy: String, hours: Int, rules: [Int], expected: String) throws {
        let table = try compile(Self.text, #require(HitPolicy(policy)), values: [Self.grades])
        let outcome = try table.evaluate(order(nil, hours), noon)
        #expect(outcome.matchedRules == rules)
        #expect(JSONText.write(table.value(of: outcome)) == expected)
    }

    @Test func `one output is its value, or a list of values`() throws {
        let text = "| hours to promise || grade |\n| < 10 || \"low\" |\n| < 20 || \"high\" |"
        #expect(try value(.first, 5, text: text) == #""low""#)
        #expect(try value(.priority, 5, text: text) == #""high""#)
        #expect(try value(.outputOrder, 5, text: text) == #"["high","low"]"#)
        #expect(try value(.ruleOrder, 5, text: text) == #"["low","high"]"#)
        #expect(try value(.collect(.count), 5, text: text) == "2")
        #expect(try value(.collect(.minimum), 5, text: text) == #""high""#)
    }

    @Test func `priority goes by the first output that lists values, then by the next`() throws {
        let text = """
            | hours to promise || grade  | lane | note |
            | -                || "low"  | "x"  | 1    |
            | -                || "high" | "y"  | 2    |
            | -                || "high" | "x"  | 3    |
            | -                || "high" | "x"  | 4    |
            """
        let table = try compile(text, .outputOrder, values: [Self.grades, #""x", "y""#])
        #expect(try table.evaluate(order(nil, 1), noon).matchedRules == [3, 4, 2, 1])
        let second = try compile(text, .priority, values: ["", #""y", "x""#])
        #expect(try second.evaluate(order(nil, 1), noon).matchedRules == [2])
    }

    @Test func `computed outputs have their priority by their value`() throws {
        let text = "| fragile || score |\n| - || hours to promise * 2 |\n| - || hours to promise |"
        let table = try compile(text, .priority, values: ["[10..20], [0..10), > 20"])
        #expect(try table.evaluate(order(nil, 3), noon).matchedRules == [1])
        #expect(try table.evaluate(order(nil, 10), noon).matchedRules == [1])
        #expect(try table.evaluate(order(nil, 12), noon).matchedRules == [2])
    }

    @Test func `a policy by priority needs output values in order`() {
        let text = "| hours to promise || grade |\n| - || \"low\" |"
        for policy in [HitPolicy.priority, .outputOrder] {
            #expect(findings(text, policy) == [
                "7:27 TABLE-POLICY \(policy) goes by the order of the output values, and no output lists any"
            ])
        }
        let fact = "TABLE-POLICY PRIORITY goes by the order of the output values, and these are not constants"
        #expect(findings(text, .priority, values: [#"not("high")"#]) == ["7:5 \(fact)"])
        #expect(findings(text, .priority, values: ["customer tier"]) == ["7:5 \(fact)"])
    }

    @Test func `ANY wants the same outputs`() throws {
        let text = "| hours to promise || a | b |\n| < 10 || 1.0 | 1 |\n| < 20 || 1 | 1 |\n| < 5 || 1 | 2 |"
        let table = try compile(text, .any)
        #expect(try table.evaluate(order(nil, 7), noon).matchedRules == [1])
        let failure = try #require(throws: EvaluationFailure.self) { try table.evaluate(order(nil, 3), noon) }
        #expect(failure.diagnostic.code == .tableAny)
        #expect(failure.diagnostic.fact == #"rules 1 and 3 both match and differ in "b""#)
        #expect(failure.diagnostic.position.line == 10 && failure.diagnostic.position.column == 18)
        let standard = try compile(text, .any, profile: .standard).evaluate(order(nil, 3), noon)
        #expect(standard.outputs.isEmpty && standard.matchedRules.isEmpty && standard.refusal?.code == .tableAny)
    }

    @Test func `in the standard profile two rules of UNIQUE are null with the reason`() throws {
        let table = try compile(Self.text, .unique, profile: .standard)
        let outcome = try table.evaluate(order(nil, 5), noon)
        #expect(table.value(of: outcome) == .null)
        #expect(outcome.refusal?.fact == "rules 1 and 2 both match, and the hit policy is UNIQUE")
    }

    @Test(arguments: HitPolicy.all)
    func `a default answers where no rule matches`(policy: HitPolicy) throws {
        let text = "| hours to promise || grade : Any | score : number |\n| < 10 || 3 | 1 |"
        let table = try compile(text, policy, values: ["3, 4"], defaults: ["4", "hours to promise * 2"])
        let outcome = try table.evaluate(order(nil, 15), noon)
        #expect(outcome.matchedRules.isEmpty && outcome.outputs == [.integer(4), .integer(30)])
        #expect(JSONText.write(table.value(of: outcome)) == #"{"grade":4,"score":30}"#)
        #expect(try compile(text, policy, values: ["3"], defaults: ["", "7"]).evaluate(order(nil, 15), noon).outputs == [.null, .integer(7)])
        #expect(try table.evaluate(order(nil, 5), noon).matchedRules == [1])
    }

    @Test func `an output gives a value that its column lists`() throws {
        let text = "| fragile || a |\n| true || \"x\" |\n| - || customer tier |"
        #expect(findings(text, values: [#""y""#]) == [#"8:15 TABLE-VALUES x is not among the values of "a""#])
        let table = try compile(text, values: [#""x", "y""#])
        #expect(try table.evaluate(order("y", 1, false), noon).outputs == [.string("y")])
        let failure = try #require(throws: EvaluationFailure.self) { try table.evaluate(order("z", 1, false), noon) }
        #expect(failure.diagnostic.code == .tableValues && failure.diagnostic.position.line == 9)
        let standard = try compile(text, profile: .standard, values: [#""y""#])
        #expect(try standard.evaluate(order("y", 1, false), noon).outputs == [.string("y")])
        #expect(try standard.evaluate(order("y", 1, true), noon).refusal?.code == .tableValues)
    }

    @Test func `an input is among the values that it lists`() throws {
        var table = try #require(parse("| customer tier || a |\n| \"gold\" || 1 |\n| - || 2 |").product)
        table.inputs[0].values = TableCell(#""gold", "silver""#)
        let compiled = try #require(CompiledTable.compile(table, layout: orderLayout).product)
        #expect(try compiled.evaluate(order("silver", 1), noon).matchedRules == [2])
        #expect(try compiled.evaluate(order(nil, 1), noon).matchedRules == [2])
        let failure = try #require(throws: EvaluationFailure.self) { try compiled.evaluate(order("glod", 1), noon) }
        #expect(failure.diagnostic.code == .tableValues)
        let standard = try #require(CompiledTable.compile(table, layout: orderLayout, profile: .standard).product)
        #expect(try standard.evaluate(order("glod", 1), noon).refusal?.code == .tableValues)
        table.inputs[0].values = TableCell(#""silver""#)
        #expect(CompiledTable.compile(table, layout: orderLayout).diagnostics.map(\.fact) == [#"gold is not among the values of "customer tier""#])
    }

    @Test func `the standard profile takes a list of one item for the item, and warns of types`() throws {
        let text = "| fragile || a : string |\n| true || [\"x\"] |\n| false || 3 |"
        let table = try compile(text, profile: .standard)
        #expect(try table.evaluate(order(nil, 1, true), noon).outputs == [.string("x")])
        #expect(try table.evaluate(order(nil, 1, false), noon).refusal?.code == .tableType)
        #expect(findings(text).count == 2)
    }

    @Test func `dates and durations have a least and a greatest`() throws {
        let text = "| fragile || a |\n| - || date(\"2026-11-21\") |\n| - || date(\"2026-01-01\") |"
        #expect(try compile(text, .collect(.minimum)).evaluate(order(nil, 1), noon).outputs.map(\.text) == ["2026-01-01"])
        #expect(try compile(text, .collect(.maximum)).evaluate(order(nil, 1), noon).outputs.map(\.text) == ["2026-11-21"])
    }

    @Test func `a table made in code is held to its form`() throws {
        var table = try #require(parse("| fragile || a |\n| true || 1 |").product)
        table.rules[0].outputs = []
        #expect(CompiledTable.compile(table, layout: orderLayout).diagnostics.map(\.code) == [.tableRow])
        table.outputs = []
        #expect(CompiledTable.compile(table, layout: orderLayout).diagnostics.map(\.code) == [.tableHeader])
    }
}
