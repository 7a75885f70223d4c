import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct ConformanceSuiteTests {
    private typealias F = ModelFixture

    private func suite(_ cases: String) throws -> ConformanceSuite {
        let text = """
            <testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
             xmlns:xsd="http://www.w3.org/2001/XMLSchema"><modelName>m.dmn</modelName>\(cases)</testCases>
            """
        let (suite, found) = ConformanceReader.read(Array(text.utf8), file: "t.xml")
        #expect(found.isEmpty)
        return try #require(suite)
    }

    @Test(arguments: [
        ("<value xsi:type=\"xsd:string\"> a </value>", "\" a \""), ("<value xsi:type=\"xsd:decimal\">1.50</value>", "1.50"),
        ("<value xsi:type=\"xsd:double\">1E2</value>", "100"), ("<value xsi:nil=\"true\"/>", "null"), ("<value>x</value>", "\"x\""),
        ("<value xsi:type=\"xsd:duration\">P1Y2M</value>", "\"P1Y2M\""), ("<value xsi:type=\"xsd:duration\">PT1H</value>", "\"PT1H\""),
        ("<value xsi:type=\"xsd:boolean\">true</value>", "true"), ("<value xsi:type=\"xsd:date\">2026-11-28</value>", "\"2026-11-28\""),
        ("<list><item><value xsi:type=\"xsd:decimal\">1</value></item><item><list/></item></list>", "[1,[]]"), ("<list xsi:nil=\"true\"/>", "null"),
        ("<component name=\"a b\"><value xsi:nil=\"true\"/></component><component name=\"c\"><component name=\"d\"><value>1</value></component></component>", "{\"a b\":null,\"c\":{\"d\":\"1\"}}"),
        ("", "null"),
    ]) func `values are read by their types`(xml: String, json: String) throws {
        let suite = try suite("<testCase id=\"1\"><inputNode name=\"i\">\(xml)</inputNode></testCase>")
        #expect(JSONText.write(try #require(suite.cases.first?.inputs.first?.value)) == json)
        #expect(suite.modelFile == "m.dmn")
    }

    @Test func `a value that cannot be read is told with its place`() {
        let text = "<testCases>\n<testCase id=\"1\"><inputNode name=\"i\"><value xsi:type=\"xsd:decimal\" xmlns:xsi=\"u\">one</value></inputNode></testCase></testCases>"
        let (suite, found) = ConformanceReader.read(Array(text.utf8), file: "t.xml")
        #expect(suite?.cases.isEmpty == true)
        #expect(found.map { "\($0.code) \($0.position.line ?? 0)" } == ["DMN-CASE 2"])
    }

    private func outcomes(_ cases: String, _ elements: String) throws -> [String] {
        let model = try F.compiled(elements)
        return try suite(cases).cases.flatMap { $0.verdicts(on: model, F.context) }.map(\.outcome.rawValue)
    }

    @Test func `numbers agree within 1e-8, and all else is equal`() throws {
        func one(_ xml: String) -> String { "<testCase><resultNode name=\"d\"><expected>\(xml)</expected></resultNode></testCase>" }
        #expect(try outcomes(one("<value xsi:type=\"xsd:decimal\">0.333333333</value>"), F.decision(F.literal("1 / 3"))) == ["passed"])
        #expect(try outcomes(one("<value xsi:type=\"xsd:decimal\">0.33333331</value>"), F.decision(F.literal("1 / 3"))) == ["failed"])
        #expect(try outcomes(one("<value xsi:type=\"xsd:string\">1</value>"), F.decision(F.literal("1"))) == ["failed"])
        #expect(try outcomes(one("<component name=\"a\"><value>x</value></component>"), F.decision(F.literal("{a: \"x\", b: 1}"))) == ["failed"])
        #expect(try outcomes("<testCase><resultNode name=\"d\" errorResult=\"true\"/></testCase>", F.decision(F.literal("1 / 0"))) == ["passed"])
        #expect(try outcomes("<testCase><resultNode name=\"d\" errorResult=\"true\"/></testCase>", F.decision(F.literal("1"))) == ["failed"])
    }

    @Test func `inputs stand for decisions, and services are called`() throws {
        let elements = """
            <decision id="b" name="b"><variable name="b"/>\(F.literal("1"))</decision><decision id="d" name="d"><variable name="d"/>
            <informationRequirement><requiredDecision href="#b"/></informationRequirement>\(F.literal("b + 1"))</decision>
            <decisionService id="s" name="s"><variable name="s"/><outputDecision href="#d"/><inputDecision href="#b"/></decisionService>
            """
        let given = "<inputNode name=\"b\"><value xsi:type=\"xsd:decimal\">4</value></inputNode>"
        let wanted = "<expected><value xsi:type=\"xsd:decimal\">5</value></expected></resultNode></testCase>"
        #expect(try outcomes("<testCase>\(given)<resultNode name=\"d\">\(wanted)", elements) == ["passed"])
        #expect(try outcomes("<testCase type=\"decisionService\" invocableName=\"s\">\(given)<resultNode name=\"s\">\(wanted)", elements) == ["passed"])
        #expect(try outcomes("<testCase type=\"decisionService\" invocableName=\"t\">\(given)<resultNode name=\"t\">\(wanted)", elements) == ["failed"])
    }

    @Test func `what needs Java is told apart`() throws {
        let elements = F.decision(F.literal("function(x) external {java: {class: \"java.lang.Math\", method signature: \"abs(int)\"}}"))
        let wanted = "<resultNode name=\"d\"><expected><value>1</value></expected></resultNode>"
        #expect(try outcomes("<testCase>\(wanted)</testCase>", elements) == ["needs-java"])
    }
}
