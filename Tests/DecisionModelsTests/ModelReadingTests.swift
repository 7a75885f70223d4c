import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct ModelReadingTests {
    private typealias F = ModelFixture

    @Test(arguments: ModelVersion.allCases) func `models of each version are read`(version: ModelVersion) throws {
        let (model, found) = F.read(F.text(F.decision(F.literal("1 + 1")), version: version))
        #expect(found.isEmpty)
        #expect(model?.version == version)
        #expect(model?.decisions.map(\.variable.name) == ["d"])
    }

    @Test(arguments: [
        ("<definitions xmlns=\"http://www.omg.org/spec/DMN/20151101/dmn.xsd\" name=\"a\"/>", "DMN-VERSION"),
        ("<definitions name=\"a\"/>", "DMN-VERSION"), ("<process/>", "DMN-VERSION"), ("<definitions>", "XML-TRUNCATED"), ("", "XML-EMPTY"),
        ("<!DOCTYPE definitions [<!ENTITY a \"b\">]><definitions/>", "XML-DTD"),
    ]) func `what is no model of a known version is refused`(text: String, code: String) {
        let (model, found) = F.read(text)
        #expect(model == nil)
        #expect(found.map(\.code.name) == [code])
    }

    @Test func `a finding in an expression has the column of the file, entities and lines counted`() throws {
        let model = try #require(F.read(F.text("""
            <decision name="d"><variable name="d"/><literalExpression><text>
              1 &lt; 2 and
              "&amp;&amp;" = nme</text></literalExpression></decision>
            """)).model)
        let found = CompiledModel.compile(model).diagnostics
        #expect(found.map { "\($0.code) \($0.position.line ?? 0):\($0.position.column ?? 0)" } == ["FEEL-NAME 5:18"])
        #expect(found.first?.position.file == "m.dmn")
    }

    @Test func `a finding in a cell has the column of the file`() throws {
        let model = try #require(F.read(F.text(F.decision("""
            <decisionTable><input><inputExpression><text>1</text></inputExpression></input><output/>
            <rule><inputEntry><text>&lt; 3, nme</text></inputEntry><outputEntry><text>1</text></outputEntry></rule></decisionTable>
            """))).model)
        let found = CompiledModel.compile(model).diagnostics
        #expect(found.map { "\($0.code) \($0.position.line ?? 0):\($0.position.column ?? 0)" } == ["FEEL-NAME 4:33"])
    }

    @Test func `what an editor adds is told once each, with its place`() {
        let text = F.text("""
            <decision name="d" camunda:historyTimeToLive="5" id="d"><extensionElements><drools:a><drools:b/></drools:a></extensionElements>
            <variable name="d"/></decision>
            <decision name="e" camunda:historyTimeToLive="6"><variable name="e"/></decision>
            <dmndi:DMNDI xmlns:dmndi="https://www.omg.org/spec/DMN/20230324/DMNDI/"><dmndi:DMNDiagram/></dmndi:DMNDI>
            """, attributes: " xmlns:camunda=\"http://camunda.org/schema/1.0/dmn\" xmlns:drools=\"http://www.drools.org/kie/dmn/1.1\"")
        let found = F.read(text).diagnostics
        #expect(found.map(\.code.name) == ["DMN-IGNORED", "DMN-IGNORED"])
        #expect(found.map(\.severity) == [.note, .note])
        #expect(found.map { "\($0.position.line ?? 0):\($0.position.column ?? 0)" } == ["3:47", "3:76"])
        #expect(found.first?.fact == "the attribute camunda:historyTimeToLive is not of the standard and is not used; it comes 2 times")
    }

    @Test(arguments: [
        ("<decision><variable name=\"d\"/></decision>", "DMN-MISSING"), ("<decison name=\"d\"/>", "DMN-ELEMENT"),
        ("<decision name=\"d\"><literalExpression><text>1</text></literalExpression><list/></decision>", "DMN-ELEMENT"),
        ("<decision name=\"d\"><informationRequirement><requiredInput/></informationRequirement></decision>", "DMN-MISSING"),
        ("<decision name=\"d\"><literalExpression expressionLanguage=\"http://www.w3.org/1999/XPath\"><text>1</text></literalExpression></decision>", "DMN-LANGUAGE"),
        ("<decision name=\"d\"><decisionTable hitPolicy=\"BEST\"><output/></decisionTable></decision>", "TABLE-POLICY"),
        ("<decision name=\"d\"><decisionTable><output/><rule/></decisionTable></decision>", "TABLE-ROW"),
        ("<decision name=\"d\"><for iteratorVariable=\"x\"><in><list/></in></for></decision>", "DMN-MISSING"),
        ("<decision name=\"d\"><invocation/></decision>", "DMN-MISSING"),
        ("<decision name=\"d\"><relation><column name=\"a\"/><row/></relation></decision>", "DMN-MISSING"),
        ("<import name=\"a\" namespace=\"urn:a\" importType=\"http://www.dmg.org/PMML-4_2\"/>", "DMN-IMPORT"),
        ("<businessKnowledgeModel name=\"b\"><encapsulatedLogic kind=\"Java\"><context/></encapsulatedLogic></businessKnowledgeModel>", "DMN-EXTERNAL"),
    ]) func `an element in error is told and the rest is read`(element: String, code: String) throws {
        let (model, found) = F.read(F.text(element + "<decision name=\"other\"><variable name=\"other\"/></decision>"))
        #expect(found.map(\.code.name) == [code])
        #expect(found.allSatisfy { $0.position.line == 3 && $0.position.bytes != nil })
        #expect(model?.decisions.last?.variable.name == "other")
    }

    @Test func `runs of white space in names are one blank`() throws {
        let model = try #require(F.read(F.text("<inputData name=\" a \n  b\"><variable name=\"a b\"/></inputData>")).model)
        #expect(model.inputs.map(\.variable.name) == ["a b"])
    }

    @Test func `deep nesting is a finding`() {
        let deep = String(repeating: "<list>", count: 300) + String(repeating: "</list>", count: 300)
        #expect(F.read(F.text(F.decision(deep))).diagnostics.map(\.code.name) == ["XML-DEPTH"])
    }
}
