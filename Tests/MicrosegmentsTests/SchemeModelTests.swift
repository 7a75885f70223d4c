import Attributes
import DecisionTables
import Diagnostics
import FEEL
import Microsegments
import Testing
import Values

/// Schemes whose rules are a decision of a DMN model.
@Suite struct SchemeModelTests {
    private func item() throws -> AttributePlan { try Desk.plan(Desk.text("Schemes/attributes/item.yaml")) }

    private func read(_ rules: String, _ model: String) throws -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        let yaml = """
            scheme: s
            entity: item
            cadence: 1d
            rules: \(rules)
            microsegments:
              a: { p: 1 }
              b: { p: 2 }
            """
        return try Desk.read(yaml, [item()], file: "Schemes/s.yaml", models: ["Schemes/m.dmn": model])
    }

    private func model(_ input: String = "revenue class", type: String = "string", test: String = "\"A\"", answer: String = "\"a\"", more: String = "") -> String {
        """
        <definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">
        <inputData id="i" name="\(input)"><variable name="\(input)" typeRef="\(type)"/></inputData>
        <decision id="d" name="divide"><variable name="divide"/><informationRequirement><requiredInput href="#i"/></informationRequirement>\(more)
        <decisionTable hitPolicy="FIRST"><input><inputExpression typeRef="\(type)"><text>\(input)</text></inputExpression></input><output/>
        <rule><inputEntry><text>\(test)</text></inputEntry><outputEntry><text>\(answer)</text></outputEntry></rule>
        <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"b"</text></outputEntry></rule>
        </decisionTable></decision></definitions>
        """
    }

    private let rules = "{ model: m.dmn, decision: divide }"

    @Test func `the table of a decision is the table of the scheme, with the places of the model`() throws {
        let (scheme, found) = try read(rules, model())
        #expect(found.isEmpty)
        let table = try #require(scheme?.table)
        #expect(table.outputNames == ["microsegment"])
        #expect(table.table.rules.count == 2)
        #expect(scheme?.ruleFile == "Schemes/m.dmn")
        #expect(scheme?.file == "Schemes/s.yaml")
        #expect(table.table.rules[0].inputs[0].origin.line == 5)
    }

    @Test func `a decision need not be named where the model has one`() throws {
        #expect(try read("{ model: m.dmn }", model()).scheme != nil)
    }

    @Test(arguments: [
        ("{ model: n.dmn }", "SCHEME-MODEL"), ("{ model: m.dmn, hitPolicy: FIRST }", "SCHEME-MODEL"), ("{ decision: divide }", "SCHEME-MODEL"),
        ("{ model: m.dmn, decision: other }", "DMN-REFERENCE"), ("{ hitPolicy: FIRST }", "TABLE-EMPTY"),
    ]) func `rules that name no one table are refused at their line`(rules: String, code: String) throws {
        let (scheme, found) = try read(rules, model())
        #expect(scheme == nil)
        #expect(found.map(\.code.name) == [code])
        #expect(found.first?.position.line != nil)
    }

    @Test func `an error in the model has its file, line and column`() throws {
        func told(_ model: String) throws -> [String] {
            let (scheme, found) = try read(rules, model)
            #expect(scheme == nil)
            return found.map { "\($0.position.file ?? "-"):\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code)" }
        }
        #expect(try told(model(test: "&lt; 3")) == ["Schemes/m.dmn:5:29 FEEL-TYPE"] || told(model(test: "&lt; 3")).first?.hasPrefix("Schemes/m.dmn:5:") == true)
        #expect(try told(model("revenue klass")).allSatisfy { $0.hasPrefix("Schemes/m.dmn:4:") })
        #expect(try told(model(type: "number", test: "1")).contains { $0.hasPrefix("Schemes/m.dmn:4:") && $0.hasSuffix("TABLE-TYPE") })
        #expect(try told(model(answer: "\"c\"")) == ["Schemes/m.dmn:5:72 SCHEME-MICROSEGMENT"] || told(model(answer: "\"c\"")).first?.hasPrefix("Schemes/m.dmn:5:") == true)
        #expect(try told("<definitions/>") == ["Schemes/m.dmn:1:1 DMN-VERSION"])
    }

    @Test func `a decision that needs another one is no table by itself`() throws {
        let needy = model(more: "<informationRequirement><requiredDecision href=\"#e\"/></informationRequirement>")
            .replacing("</definitions>", with: "<decision id=\"e\" name=\"e\"><variable name=\"e\"/><literalExpression><text>1</text></literalExpression></decision></definitions>")
        let (scheme, found) = try read(rules, needy)
        #expect(scheme == nil)
        #expect(found.map(\.code.name) == ["DMN-REFERENCE"])
    }
}
