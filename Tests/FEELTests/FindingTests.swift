import Diagnostics
import FEEL
import Testing
import Values

@Suite struct FindingTests {
    @Test(arguments: [
        ("1 +", "1:4", "FEEL-SYNTAX"), ("hours to promis < 24", "1:1", "FEEL-NAME"), ("1 + quantty", "1:5", "FEEL-NAME"), ("1 +\n  foo", "2:3", "FEEL-NAME"),
        ("\"abc", "1:1", "FEEL-LITERAL"), ("\"a\\q\"", "1:3", "FEEL-LITERAL"), ("@\"2026-02-30\"", "1:2", "FEEL-LITERAL"), ("1 2", "1:3", "FEEL-SYNTAX"), ("a #", "1:3", "FEEL-SYNTAX"),
        ("fragile + 1", "1:1", "FEEL-TYPE"), ("a = \"x\"", "1:1", "FEEL-TYPE"), ("if a then 1 else 2", "1:4", "FEEL-TYPE"), ("a and fragile", "1:1", "FEEL-TYPE"),
        ("substring(\"a\")", "1:1", "FEEL-ARGS"), ("substring(string: \"a\", start: 1)", "1:24", "FEEL-ARGS"), ("upper case(1)", "1:12", "FEEL-TYPE"), ("lines[1].prise", "1:10", "FEEL-MEMBER"),
        ("ordered on.years", "1:12", "FEEL-MEMBER"), ("uper case(\"a\")", "1:1", "FEEL-NAME"), ("1 / 0", "1:1", "FEEL-ARITH"), ("date(2026, 2, 30)", "1:1", "FEEL-VALUE"), ("?", "1:1", "FEEL-NAME"),
        ("if a > 1 then 2", "1:16", "FEEL-SYNTAX"), ("[1, 2", "1:6", "FEEL-SYNTAX"), ("{a: 1, a: 2}", "1:8", "FEEL-SYNTAX"), ("function(x) x", "1:1", "FEEL-UNSUPPORTED"), ("upper case", "1:1", "FEEL-UNSUPPORTED"),
        ("a(1)", "1:1", "FEEL-TYPE"), ("sum([\"a\"])", "1:5", "FEEL-TYPE"), ("1 instance of numbr", "1:15", "FEEL-SYNTAX"), ("", "1:1", "FEEL-SYNTAX"), ("123456789012345678901234567890123456", "1:1", "FEEL-LITERAL"),
        ("[true > false][1]", "1:2", "FEEL-TYPE"), ("a < 1 and b > ", "1:15", "FEEL-SYNTAX"), ("lines[pric > 3]", "1:7", "FEEL-NAME"),
    ])
    func `a finding names the line and column`(_ text: String, _ place: String, _ code: String) throws {
        let found = try #require(Fixture.findings(text).first)
        #expect("\(found.position.line ?? 0):\(found.position.column ?? 0)" == place)
        #expect(found.code.name == code)
        #expect(found.severity == .error)
        #expect(FEEL.expression(text, layout: Fixture.layout).product == nil)
    }

    @Test func `an unknown name is reported with the nearest one and a caret line`() throws {
        let origin = TextOrigin(file: "Schemes/order-priority.yaml", line: 12, column: 21, place: .key("rules.table"))
        let found = try #require(FEEL.expression("hours to promis < 24", layout: Fixture.layout, at: origin).diagnostics.first)
        #expect(
            found.text == """
                Schemes/order-priority.yaml:12:21: error[FEEL-NAME]: unknown name hours to promis
                  at rules.table
                  | hours to promis < 24
                  | ^^^^^^^^^^^^^^^
                  hint: did you mean hours to promise?
                """)
    }

    @Test func `later lines of a block count the indentation that it lost`() throws {
        let origin = TextOrigin(file: "m.yaml", line: 10, column: 7, indentation: 6)
        let found = try #require(FEEL.expression("1 +\nfoo", layout: .empty, at: origin).diagnostics.first)
        #expect(found.position.line == 11)
        #expect(found.position.column == 7)
    }

    @Test func `every mistake of a text is told, and each once`() {
        let found = Fixture.findings("foo + bar(1) + upper case(2)")
        #expect(found.map(\.code.name) == ["FEEL-NAME", "FEEL-NAME", "FEEL-TYPE"])
    }

    @Test func `the standard profile warns of what is certainly null and compiles`() {
        let compilation = FEEL.expression("foo + 1", layout: .empty, profile: .standard)
        #expect(compilation.product != nil)
        #expect(compilation.diagnostics.map(\.severity) == [.warning])
        #expect(FEEL.expression("1 +", layout: .empty, profile: .standard).product == nil)
    }

    @Test func `a failure while running names its place`() throws {
        let expression = try #require(FEEL.expression("a +\n  (text - 1)", layout: Fixture.layout).product)
        let failure = #expect(throws: EvaluationFailure.self) { try expression.evaluate(Fixture.row, Fixture.context) }
        #expect(failure?.diagnostic.position.line == 2)
        #expect(failure?.diagnostic.position.column == 4)
        #expect(failure?.diagnostic.code == .feelType)
    }
}
