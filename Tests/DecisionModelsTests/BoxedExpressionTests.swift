import DecisionModels
import Diagnostics
import FEEL
import Testing
import Values

@Suite struct BoxedExpressionTests {
    private typealias F = ModelFixture

    @Test func `entries of a context see those before, and one without a name is the result`() throws {
        let entries = """
            <contextEntry><variable name="net"/>\(F.literal("10"))</contextEntry>
            <contextEntry><variable name="with tax"/>\(F.literal("net * 1.1"))</contextEntry>
            """
        #expect(try F.boxed("<context>\(entries)</context>") == "{\"net\":10,\"with tax\":11.0}")
        #expect(try F.boxed("<context>\(entries)<contextEntry>\(F.literal("with tax + net"))</contextEntry></context>") == "21.0")
    }

    @Test func `an entry hides a name from outside within its context alone`() throws {
        let inner = "<context><contextEntry><variable name=\"x\"/>\(F.literal("2"))</contextEntry><contextEntry>\(F.literal("x"))</contextEntry></context>"
        #expect(try F.boxed("""
            <context><contextEntry><variable name="x"/>\(F.literal("1"))</contextEntry><contextEntry><variable name="y"/>\(inner)</contextEntry>
            <contextEntry>\(F.literal("[x, y]"))</contextEntry></context>
            """) == "[1,2]")
    }

    @Test func `lists and relations`() throws {
        #expect(try F.boxed("<list>\(F.literal("1"))\(F.literal("\"a\""))<list/></list>") == "[1,\"a\",[]]")
        #expect(try F.boxed("""
            <relation><column name="a"/><column name="b b"/><row>\(F.literal("1"))\(F.literal("2"))</row><row>\(F.literal("3"))\(F.literal("4"))</row></relation>
            """) == "[{\"a\":1,\"b b\":2},{\"a\":3,\"b b\":4}]")
    }

    @Test func `a function keeps what it saw where it was made`() throws {
        #expect(try F.boxed("""
            <context><contextEntry><variable name="k"/>\(F.literal("10"))</contextEntry>
            <contextEntry><variable name="f"/><functionDefinition><formalParameter name="a"/>\(F.literal("a * k"))</functionDefinition></contextEntry>
            <contextEntry>\(F.literal("for i in [1, 2] return f(i)"))</contextEntry></context>
            """) == "[10,20]")
    }

    @Test func `an invocation binds by name; an unknown parameter gives null, a missing one is null`() throws {
        func invoked(_ parameter: String) -> String {
            """
            <context><contextEntry><variable name="f"/><functionDefinition><formalParameter name="a"/><formalParameter name="b"/>\(F.literal("[a, b]"))</functionDefinition></contextEntry>
            <contextEntry><invocation>\(F.literal("f"))<binding><parameter name="\(parameter)"/>\(F.literal("1"))</binding></invocation></contextEntry></context>
            """
        }
        #expect(try F.boxed(invoked("b")) == "[null,1]")
        #expect(try F.boxed(invoked("c")) == "null")
        #expect(try F.boxed("<invocation>\(F.literal("1"))</invocation>") == "null")
    }

    @Test(arguments: [("true", "\"y\""), ("false", "\"n\""), ("null", "\"n\""), ("5", "null")]) func `a conditional takes null for no`(test: String, answer: String) throws {
        #expect(try F.boxed("<conditional><if>\(F.literal(test))</if><then>\(F.literal("\"y\""))</then><else>\(F.literal("\"n\""))</else></conditional>") == answer)
    }

    @Test func `a loop has each item and the results so far`() throws {
        func loop(_ source: String, _ body: String) throws -> String {
            try F.boxed("<for iteratorVariable=\"x\"><in>\(F.literal(source))</in><return>\(F.literal(body))</return></for>")
        }
        #expect(try loop("[1, 2, 3]", "x + count(partial)") == "[1,3,5]")
        #expect(try loop("[]", "x") == "[]")
        #expect(try loop("1", "x") == "null")
    }

    @Test(arguments: [
        ("[1, 5]", "x > 3", "true", "false"), ("[]", "true", "false", "true"), ("[1, 2]", "if x = 1 then null else true", "true", "null"),
        ("[1, 2]", "if x = 1 then null else false", "null", "false"), ("[1]", "\"a\"", "null", "null"), ("7", "true", "null", "null"),
    ]) func `some and every follow three-valued logic`(source: String, test: String, some: String, every: String) throws {
        func answer(_ kind: String) throws -> String {
            try F.boxed("<\(kind) iteratorVariable=\"x\"><in>\(F.literal(source))</in><satisfies>\(F.literal(test))</satisfies></\(kind)>")
        }
        #expect(try answer("some") == some)
        #expect(try answer("every") == every)
    }

    @Test(arguments: [
        ("[1, 2, 3]", "item > 1", "[2,3]"), ("[{a b: 1}, {a b: 2}]", "a b = 2", "[{\"a b\":2}]"), ("[1]", "\"no\"", "null"), ("[1, 2]", "null", "[]"),
        ("\"text\"", "true", "null"),
    ]) func `a filter sees items and their entries`(source: String, match: String, answer: String) throws {
        #expect(try F.boxed("<filter><in>\(F.literal(source))</in><match>\(F.literal(match))</match></filter>") == answer)
    }

    @Test func `nested loops over constants are ended by the budget`() throws {
        var logic = F.literal("1")
        for depth in 0..<6 { logic = "<for iteratorVariable=\"x\(depth)\"><in>\(F.literal("for i in 1..1000 return i"))</in><return>\(logic)</return></for>" }
        let model = try F.compiled(F.decision(logic))
        let failure = #expect(throws: EvaluationFailure.self) { try F.answer("d", of: model) }
        #expect(failure?.diagnostic.code == .feelBudget)
    }

    @Test func `a table with several outputs gives contexts, and its policy holds`() throws {
        func table(_ policy: String) -> String {
            """
            <decisionTable hitPolicy="\(policy)"><input><inputExpression><text>5</text></inputExpression></input>
            <output name="size"><outputValues><text>"big", "small"</text></outputValues></output><output name="rate"/>
            <rule><inputEntry><text>&gt; 1</text></inputEntry><outputEntry><text>"small"</text></outputEntry><outputEntry><text>1</text></outputEntry></rule>
            <rule><inputEntry><text>-</text></inputEntry><outputEntry><text>"big"</text></outputEntry><outputEntry><text>2</text></outputEntry></rule>
            </decisionTable>
            """
        }
        let big = "{\"size\":\"big\",\"rate\":2}", small = "{\"size\":\"small\",\"rate\":1}"
        #expect(try F.boxed(table("FIRST")) == small)
        #expect(try F.boxed(table("PRIORITY")) == big)
        #expect(try F.boxed(table("UNIQUE")) == "null")
        #expect(try F.boxed(table("RULE ORDER")) == "[\(small),\(big)]")
        #expect(try F.boxed(table("OUTPUT ORDER")) == "[\(big),\(small)]")
        #expect(try F.boxed(table("COLLECT")) == "[\(small),\(big)]")
    }
}
