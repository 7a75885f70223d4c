import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct RequirementTests {
    private typealias F = ModelFixture

    private func input(_ name: String, _ type: String = "number") -> String {
        "<inputData id=\"\(name)\" name=\"\(name)\"><variable name=\"\(name)\" typeRef=\"\(type)\"/></inputData>"
    }

    private func decision(_ name: String, inputs: [String] = [], decisions: [String] = [], knowledge: [String] = [], _ text: String) -> String {
        "<decision id=\"\(name)\" name=\"\(name)\"><variable name=\"\(name)\"/>"
            + inputs.map { "<informationRequirement><requiredInput href=\"#\($0)\"/></informationRequirement>" }.joined()
            + decisions.map { "<informationRequirement><requiredDecision href=\"#\($0)\"/></informationRequirement>" }.joined()
            + knowledge.map { "<knowledgeRequirement><requiredKnowledge href=\"#\($0)\"/></knowledgeRequirement>" }.joined()
            + F.literal(text) + "</decision>"
    }

    @Test func `decisions see what they require and nothing else`() throws {
        let model = try F.compiled(
            input("x") + input("y") + decision("b", inputs: ["x"], "x * 2") + decision("a", inputs: ["y"], decisions: ["b"], "b + y")
                + decision("blind", "x"))
        #expect(try F.value("a", of: model, ["x": .integer(3), "y": .integer(4)]) == "10")
        let blind = try F.answer("blind", of: model, ["x": .integer(3)])
        #expect(blind.value == .null)
        #expect(blind.reasons.map(\.code.name) == ["FEEL-NAME"] || blind.reasons.isEmpty)
    }

    @Test func `a decision that is given is not evaluated`() throws {
        let model = try F.compiled(input("x") + decision("b", inputs: ["x"], "x * 2") + decision("a", decisions: ["b"], "b + 1"))
        #expect(try F.value("a", of: model, ["b": .integer(10)]) == "11")
    }

    @Test func `each reference that leads nowhere is told with its place`() throws {
        let found = try F.compilation(
            input("x") + "\n" + decision("a", inputs: ["none", "a"], decisions: ["x"], knowledge: ["x"], "1")).diagnostics
        #expect(found.map(\.code.name) == ["DMN-REFERENCE", "DMN-REFERENCE", "DMN-REFERENCE", "DMN-REFERENCE"])
        #expect(found.allSatisfy { $0.position.line == 4 && ($0.position.column ?? 0) > 1 })
    }

    @Test func `a circle of decisions is told, and ends`() throws {
        let elements = decision("a", decisions: ["b"], "1") + decision("b", decisions: ["c"], "2") + decision("c", decisions: ["a"], "a")
        let compilation = try F.compilation(elements)
        let cycle = compilation.diagnostics.filter { $0.code == .modelCycle }
        #expect(cycle.map(\.fact) == ["the decision \"a\" needs itself: a needs b needs c needs a"])
        #expect(try F.value("a", of: #require(compilation.product)) == "1")
        #expect(try F.compilation(elements, profile: .strict).product == nil)
    }

    @Test func `two elements of one name or id are told`() throws {
        let found = try F.compilation(decision("a", "1") + decision("a", "2")).diagnostics
        #expect(found.map(\.code.name) == ["DMN-DUPLICATE", "DMN-DUPLICATE"])
    }

    @Test func `a chain of three thousand decisions is evaluated without recursion`() throws {
        let chain = decision("d0", "0") + (1...3000).map { decision("d\($0)", decisions: ["d\($0 - 1)"], "d\($0 - 1) + 1") }.joined()
        #expect(try F.value("d3000", of: F.compiled(chain)) == "3000")
    }

    private let factorial = """
        <businessKnowledgeModel id="fac" name="fac"><variable name="fac"/><encapsulatedLogic>
        <formalParameter name="n" typeRef="number"/><literalExpression><text>if n &lt; 2 then 1 else n * fac(n - 1)</text></literalExpression>
        </encapsulatedLogic></businessKnowledgeModel>
        """

    @Test func `a business knowledge model calls itself, until the budget ends it`() throws {
        let model = try F.compiled(factorial + decision("a", knowledge: ["fac"], "fac(10)") + decision("b", knowledge: ["fac"], "fac(1e9)"))
        #expect(try F.value("a", of: model) == "3628800")
        let failure = #expect(throws: EvaluationFailure.self) { try F.answer("b", of: model) }
        #expect(failure?.diagnostic.code == .feelBudget)
    }

    @Test func `arguments are converted, and what does not conform is null with its reason`() throws {
        let model = try F.compiled(factorial + decision("a", knowledge: ["fac"], "fac([5])") + decision("b", knowledge: ["fac"], "fac(\"x\")"))
        #expect(try F.value("a", of: model) == "120")
        let answer = try F.answer("b", of: model)
        #expect(answer.value == .null)
        #expect(!answer.reasons.isEmpty)
    }

    private let service = """
        <decisionService id="s" name="s"><variable name="s"/><outputDecision href="#total"/><encapsulatedDecision href="#tax"/>
        <inputDecision href="#rate"/><inputData href="#net"/></decisionService>
        """

    @Test func `a service is called with inputs first and evaluates what it holds anew`() throws {
        let model = try F.compiled(
            input("net") + decision("rate", "0.5") + decision("tax", inputs: ["net"], decisions: ["rate"], "net * rate")
                + decision("total", inputs: ["net"], decisions: ["tax"], "net + tax") + service
                + decision("a", inputs: ["net"], decisions: ["total"], knowledge: ["s"], "[total, s(100, 0.25), s(rate: 0.1, net: 10)]"))
        #expect(try F.value("a", of: model, ["net": .integer(8)]) == "[12.0,125.00,11.0]")
        let called = try model.invoke(#require(model.element("s")), given: [("net", .integer(2)), ("rate", .integer(3))], F.context)
        #expect(called.value == .integer(8))
    }

    @Test func `a service of several outputs gives a context`() throws {
        let model = try F.compiled(
            decision("p", "1") + decision("q", "2")
                + "<decisionService id=\"s\" name=\"s\"><variable name=\"s\"/><outputDecision href=\"#p\"/><outputDecision href=\"#q\"/></decisionService>"
                + decision("a", knowledge: ["s"], "s().q"))
        #expect(try F.value("a", of: model) == "2")
    }

    @Test func `imports are contexts under their names, and keep names apart`() throws {
        let other = F.text(
            input("x") + decision("price", inputs: ["x"], "x + 1") + "<itemDefinition name=\"tShort\"><typeRef>string</typeRef></itemDefinition>"
                + factorial, namespace: "urn:other", name: "other")
        let model = try F.compiled("""
            <import name="the other" namespace="urn:other" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>
            <inputData id="x" name="x"><variable name="x" typeRef="the other.tShort"/></inputData>
            <decision id="a" name="a"><variable name="a"/>
            <informationRequirement><requiredDecision href="urn:other#price"/></informationRequirement>
            <informationRequirement><requiredInput href="#x"/></informationRequirement>
            <knowledgeRequirement><requiredKnowledge href="urn:other#fac"/></knowledgeRequirement>
            <literalExpression><text>{t: x, p: the other.price, f: the other.fac(4)}</text></literalExpression></decision>
            """, imports: [other])
        let a = try #require(model.element("a")), own = try #require(model.element("x"))
        let theirs = try #require(model.element("x", namespace: "urn:other"))
        let answer = try model.evaluate(a, given: [(own, .string("s")), (theirs, .integer(1))], F.context)
        #expect(JSONText.write(answer.value) == "{\"t\":\"s\",\"p\":2,\"f\":24}")
        #expect(Set(model.inputs(of: a).map(\.name)) == ["x"])
    }

    @Test func `a missing import is told`() throws {
        let found = try F.compilation("<import name=\"o\" namespace=\"urn:o\" importType=\"https://www.omg.org/spec/DMN/20230324/MODEL/\" locationURI=\"o.dmn\"/>").diagnostics
        #expect(found.map(\.code.name) == ["DMN-IMPORT"])
        #expect(found.first?.hint == "the file says that it lies at o.dmn")
    }

    @Test func `calls of Java code are null with that reason`() throws {
        let model = try F.compiled("""
            <businessKnowledgeModel id="j" name="j"><variable name="j"/><encapsulatedLogic kind="Java"><formalParameter name="n"/><context/>
            </encapsulatedLogic></businessKnowledgeModel>
            """ + decision("a", knowledge: ["j"], "j(1)"))
        let answer = try F.answer("a", of: model)
        #expect(answer.value == .null)
        #expect(answer.reasons.map(\.code.name) == ["DMN-EXTERNAL"])
    }
}
