import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct ItemDefinitionTests {
    private typealias F = ModelFixture

    private let types = """
        <itemDefinition name="tGrade"><typeRef>string</typeRef><allowedValues><text>"a", "b"</text></allowedValues></itemDefinition>
        <itemDefinition name="tGrades" isCollection="true"><typeRef>tGrade</typeRef></itemDefinition>
        <itemDefinition name="tFew" isCollection="true"><typeRef>number</typeRef><typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>
        <itemDefinition name="tPerson"><itemComponent name="name"><typeRef>string</typeRef></itemComponent>
        <itemComponent name="grades"><typeRef>tGrades</typeRef></itemComponent></itemDefinition>
        <itemDefinition name="tDouble"><functionItem outputTypeRef="number"><parameters name="x" typeRef="number"/></functionItem></itemDefinition>
        <itemDefinition name="tName"><typeRef>tPerson.name</typeRef></itemDefinition>
        <itemDefinition name="tSmall"><typeRef>number</typeRef><allowedValues><text>&lt; 10</text></allowedValues></itemDefinition>
        <itemDefinition name="tTiny"><typeRef>tSmall</typeRef><allowedValues><text>&gt; 5</text></allowedValues></itemDefinition>
        """

    @Test(arguments: [
        ("tGrade", "\"a\"", "\"a\""), ("tGrade", "\"c\"", "null"), ("tGrade", "[\"b\"]", "\"b\""), ("tGrade", "null", "null"),
        ("tGrades", "[\"a\", \"b\"]", "[\"a\",\"b\"]"), ("tGrades", "\"a\"", "[\"a\"]"), ("tGrades", "[\"a\", \"c\"]", "null"), ("tGrades", "[null]", "[null]"),
        ("tFew", "[1, 2]", "[1,2]"), ("tFew", "[1, 2, 3]", "null"), ("tFew", "7", "[7]"), ("tName", "\"x\"", "\"x\""), ("tName", "1", "null"),
        ("tPerson", "{name: \"x\", grades: [\"a\"]}", "{\"name\":\"x\",\"grades\":[\"a\"]}"), ("tPerson", "{name: \"x\"}", "null"),
        ("tPerson", "{name: \"x\", grades: [\"c\"]}", "null"), ("tPerson", "{name: \"x\", grades: null, more: 1}", "{\"name\":\"x\",\"grades\":null,\"more\":1}"),
        ("number", "\"1\"", "null"), ("number", "[1]", "1"), ("number", "[1, 2]", "null"), ("Any", "[1]", "[1]"),
        ("dateTime", "date(\"2026-11-28\")", "\"2026-11-28T00:00:00Z\""), ("date", "date and time(\"2026-11-28T01:00:00\")", "null"),
        ("tTiny", "7", "7"), ("tTiny", "3", "null"), ("tTiny", "12", "null"), ("dayTimeDuration", "duration(\"PT1H\")", "\"PT1H\""), ("yearMonthDuration", "duration(\"PT1H\")", "null"),
    ]) func `values are brought to a type, or are null`(type: String, text: String, answer: String) throws {
        #expect(try F.boxed(F.literal(text), type: type, beside: types) == answer)
    }

    @Test func `what does not conform has its reason`() throws {
        let model = try F.compiled(types + F.decision(F.literal("\"c\""), type: "tGrade"))
        #expect(try F.answer("d", of: model).reasons.map(\.code.name) == ["DMN-CONFORM"])
    }

    @Test func `an input that does not conform is null with its reason`() throws {
        let model = try F.compiled(types + """
            <inputData id="g" name="g"><variable name="g" typeRef="tGrade"/></inputData><decision id="d" name="d"><variable name="d"/>
            <informationRequirement><requiredInput href="#g"/></informationRequirement>\(F.literal("g = null"))</decision>
            """)
        #expect(try F.value("d", of: model, ["g": .string("a")]) == "false")
        let answer = try F.answer("d", of: model, ["g": .string("z")])
        #expect(answer.value == .boolean(true))
        #expect(answer.reasons.map(\.fact) == ["the value of \"g\" is a string that does not conform to tGrade"])
    }

    @Test func `a function conforms by its signature`() throws {
        #expect(try F.boxed(F.literal("function(x: number) x * 2"), type: "tDouble", beside: types) != "null")
        #expect(try F.boxed(F.literal("function(x: string) x"), type: "tDouble", beside: types) == "null")
    }

    @Test func `unknown types and circles are told with their place`() throws {
        let found = try F.compilation("""
            <itemDefinition name="tA"><typeRef>tB</typeRef></itemDefinition><itemDefinition name="tB"><typeRef>tA</typeRef></itemDefinition>
            <itemDefinition name="tC"><typeRef>tNone</typeRef></itemDefinition>
            <itemDefinition name="tC"><typeRef>string</typeRef></itemDefinition>
            """).diagnostics
        #expect(found.map(\.code.name).sorted() == ["DMN-CYCLE", "DMN-DUPLICATE", "DMN-TYPE"])
        #expect(found.first { $0.code == .modelType }?.position.line == 4)
    }

    @Test func `the strict profile refuses a model whose types do not fit`() throws {
        let found = try F.compilation(F.decision(F.literal("1 + 1"), type: "string"), profile: .strict)
        #expect(found.product == nil)
        #expect(found.diagnostics.map(\.code.name) == ["DMN-TYPE"])
        #expect(try F.compilation(F.decision(F.literal("1 + 1"), type: "number"), profile: .strict).product != nil)
    }
}
