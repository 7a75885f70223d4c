import Diagnostics
import FEEL
import Testing
import Values

@Suite struct FunctionValueTests {
    @Test(arguments: [
        ("(function(x) x + 1)(2)", "3"), ("{f: function(x) function(y) x + y, r: f(1)(2)}.r", "3"), ("{add: function(x) function(y) x + y, inc: add(1), r: inc(41)}.r", "42"),
        ("{fact: function(n) if n <= 1 then 1 else n * fact(n - 1), r: fact(20)}.r", "2432902008176640000"),
        ("{twice: function(f, x) f(f(x)), r: twice(function(x) x * 3, 2)}.r", "18"), ("{up: upper case, r: up(\"a\")}.r", "\"A\""),
        ("{lib: {inc: function(n) n + 1}, r: lib.inc(4)}.r", "5"), ("[function(x) x, function(x) x * 2][2](21)", "42"),
        ("for f in [floor, ceiling] return f(1.5)", "[1,2]"), ("{f: function(a, b) a - b, r: f(b: 1, a: 3)}.r", "2"), ("(if fragile then floor else ceiling)(1.5)", "1"),
        ("{x: 1, f: function() x, r: for x in [5] return f()}.r", "[1]"), ("{by: function(k) function(a, b) a * k < b * k, r: sort([1, 3, 2], by(-1))}.r", "[3,2,1]"),
        ("sort(precedes: function(a, b) a > b, list: [1, 2])", "[2,1]"), ("list replace([2, 4, 7, 8], function(item, newItem) item < newItem, 5)", "[5,5,7,8]"),
        ("string(function(x: number) x)", "\"function(x: number)\""), ("{f: function(x) x, g: f, r: f = g}.r", "true"), ("{f: function(n: list<number>) count(n), r: f([1, 2])}.r", "2"),
    ])
    func `functions are values that keep what they saw`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
        #expect(Fixture.answer(text, profile: .standard) == expected)
    }

    @Test(arguments: [
        ("{f: function(x) x, r: f(1, 2)}.r", "FEEL-ARGS", "null"), ("{f: function(x: number) x, r: f(\"a\")}.r", "FEEL-TYPE", "null"), ("{f: function(x) x, r: f(y: 1)}.r", "FEEL-ARGS", "null"),
        ("{f: function(x, y) x, r: f(1, y: 1)}.r", "FEEL-ARGS", "null"), ("a(1)", "FEEL-TYPE", "null"), ("{f: function(x: number) x, r: f([1])}.r", "FEEL-TYPE", "1"),
        ("text(1)", "FEEL-TYPE", "null"), ("{f: text, r: f(1)}.r", "FEEL-TYPE", "null"), ("nothing.f(1)", "FEEL-TYPE", "null"), ("function() external {java: {class: \"C\"}}", "FEEL-EXTERNAL", "FEEL-EXTERNAL"),
    ])
    func `a call that does not fit is a finding, or null`(_ text: String, _ strict: String, _ standard: String) {
        #expect(Fixture.answer(text) == strict)
        #expect(Fixture.answer(text, profile: .standard) == standard)
    }

    private static let doubled = FEEL.function(parameters: [FunctionParameter(name: "base price", type: .number)], result: .number) {
        values, _ throws(EvaluationFailure) in
        guard case .number(let number) = values[0], let twice = try? number.adding(number) else { return .null }
        return .number(twice)
    }

    private func evaluate(_ text: String, _ fields: [(String, ValueType, Value)], profile: FEELProfile = .standard) throws -> Value {
        let compilation = FEEL.expression(text, layout: Layout(fields.map { ($0.0, $0.1) }), profile: profile)
        let product = try #require(compilation.product, "\(compilation.diagnostics)")
        return try product.evaluate(fields.map(\.2), Fixture.context)
    }

    @Test func `a native function is called by name, by named arguments, as a member and as an argument`() throws {
        let type = Self.doubled.type
        let model: [(String, ValueType, Value)] = [
            ("total of price", type, .function(Self.doubled)),
            ("my import", .context(["bkm a": type]), .context(ContextValue([("bkm a", .function(Self.doubled))]))),
        ]
        for profile in [FEELProfile.standard, .strict] {
            #expect(try evaluate("total of price(4)", model, profile: profile) == .integer(8))
            #expect(try evaluate("total of price(base price: 4)", model, profile: profile) == .integer(8))
            #expect(try evaluate("my import.bkm a(4)", model, profile: profile) == .integer(8))
            #expect(try evaluate("for f in [total of price, my import.bkm a] return f(1)", model, profile: profile) == .list([.integer(2), .integer(2)]))
            #expect(try evaluate("{f: function(g) g(5), r: f(total of price)}.r", model, profile: profile) == .integer(10))
        }
        #expect(try evaluate("total of price([4])", model) == .integer(8))
        #expect(try evaluate("total of price(\"x\")", model) == .null)
    }

    @Test func `functions are called from outside of an expression`() throws {
        let closure = try evaluate("function(x: number, y: number) x - y", [], profile: .standard)
        guard case .function(let function) = closure else { Issue.record("no function"); return }
        #expect(try FEEL.call(function, [.integer(3), .integer(1)], Fixture.context) == .integer(2))
        #expect(try FEEL.call(function, named: [("y", .integer(1)), ("x", .integer(9))], Fixture.context) == .integer(8))
        #expect(try FEEL.call(function, [.string("a"), .integer(1)], Fixture.context) == .null)
        #expect(throws: EvaluationFailure.self) { try FEEL.call(function, [.string("a"), .integer(1)], Fixture.context, profile: .strict) }
        #expect(try FEEL.call(try #require(FEEL.builtInFunction("abs")), [.integer(-3)], Fixture.context) == .integer(3))
    }

    /// A function of a model that evaluates an expression that calls the function again.
    private static func endless(_ text: String) -> FunctionValue {
        final class Knot: @unchecked Sendable { var function: FunctionValue? }
        let knot = Knot()
        let type = ValueType.function(parameters: [.number], result: .number)
        let expression = FEEL.expression(text, layout: Layout([("f", type), ("x", .number)]), profile: .standard).product
        let function = FEEL.function(parameters: [FunctionParameter(name: "x", type: .number)], result: .number) { values, context throws(EvaluationFailure) in
            guard let expression, let own = knot.function else { return .null }
            return try expression.evaluate([.function(own), values[0]], context)
        }
        knot.function = function
        return function
    }

    @Test(arguments: ["f(x + 1)", "f(f(x))", "[f(x)][1]", "some i in 1..1000 satisfies f(i) = 1", "sort([1, 2, 3], function(a, b) f(a) < f(b))[1]"])
    func `one budget holds across native functions and the expressions that they evaluate`(_ text: String) {
        let function = Self.endless(text)
        for _ in 0..<2 {
            let failure = #expect(throws: EvaluationFailure.self) { try FEEL.call(function, [.integer(1)], Fixture.context) }
            #expect(failure?.diagnostic.code == .feelBudget)
        }
    }

    @Test func `steps that one evaluation took are gone for the next of the same account`() throws {
        let product = try #require(FEEL.expression("count(for i in 1..900 return i)", layout: .empty).product)
        var context = Fixture.context
        context.budget.steps = 3_000
        let shared = context.withAccount()
        #expect(try product.evaluate([], shared) == .integer(900))
        #expect(throws: EvaluationFailure.self) { for _ in 0..<4 { _ = try product.evaluate([], shared) } }
        #expect(try product.evaluate([], context) == .integer(900))
    }

    @Test func `a null keeps its reasons in the standard profile`() throws {
        let product = try #require(FEEL.expression("[1 / (a - 10), abs(text), abs(missing)]", layout: Fixture.layout, profile: .standard).product)
        let (value, reasons) = try product.evaluateWithReasons(Fixture.row, Fixture.context)
        #expect(value == .list([.null, .null, .null]))
        #expect(reasons.map(\.code.name) == ["FEEL-ARITH", "FEEL-TYPE", "FEEL-TYPE"])
        #expect(reasons.first?.position.column == 2)
    }

    @Test func `only so many reasons are kept, and all are counted`() throws {
        let product = try #require(FEEL.expression("for i in 1..1000 return 1 / (i - i)", layout: .empty, profile: .standard).product)
        let context = Fixture.context.withAccount(reasonsMax: 5)
        _ = try product.evaluate([], context)
        #expect(context.account?.reasons.count == 5)
        #expect(context.account?.reasonCount == 1000)
    }
}
