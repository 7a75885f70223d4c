import FEEL
import Testing
import Values

@Suite struct UnaryTestTests {
    @Test(arguments: [
        ("-", "5", "true"), ("-", "null", "true"), ("< 24", "20", "true"), ("< 24", "24", "false"), ("< 24", "null", "false"), ("[1..5)", "1", "true"),
        ("[1..5)", "5", "false"), ("24", "24.0", "true"), ("1, 3, > 10", "3", "true"), ("1, 3, > 10", "4", "false"), ("not(1, 3)", "2", "true"),
        ("not(1, 3)", "3", "false"), ("not(null)", "null", "false"), ("null", "null", "true"), ("? > 3 and ? < 5", "4", "true"), ("!= 4", "4", "false"),
        ("!= 4", "5", "true"), ("[1, 2, 3]", "2", "true"), ("-5", "-5", "true"), ("-(2 + 3)", "-5", "true"), ("a", "10", "true"), ("< a", "9", "true"), ("odd(?)", "3", "true"),
        ("(a + b) * 2", "28", "true"), ("hours to promise", "20", "true"), ("not(? > 3)", "4", "false"), ("]1..5[", "1", "false"), ("[missing..5]", "3", "true"), ("? in (? > 3)", "4", "true"),
    ])
    func `a number passes or not`(_ cell: String, _ input: String, _ expected: String) {
        #expect(Fixture.holds(cell, input == "null" ? .null : .number(ExactDecimal(input)!), type: .number) == expected)
    }

    @Test(arguments: [
        ("\"gold\"", "gold", "true"), ("\"gold\", \"silver\"", "silver", "true"), ("not(\"gold\")", "gold", "false"), ("customer tier", "gold", "true"),
        ("tags", "rush", "true"), ("starts with(?, \"go\")", "gold", "true"), ("[\"a\"..\"c\"]", "b", "true"), ("fragile", "x", "true"), ("quantity > 5", "x", "true"),
        ("quantity > 50", "x", "false"), ("< 24", "x", "FEEL-TYPE"), ("24", "x", "FEEL-TYPE"), ("fargile", "x", "FEEL-NAME"),
    ])
    func `a string passes or not`(_ cell: String, _ input: String, _ expected: String) {
        #expect(Fixture.holds(cell, .string(input), type: .string) == expected)
    }

    @Test func `a boolean cell tests a boolean input for equality`() {
        #expect(Fixture.holds("true", .boolean(true), type: .boolean) == "true")
        #expect(Fixture.holds("false", .boolean(true), type: .boolean) == "false")
        #expect(Fixture.holds("fragile", .boolean(false), type: .boolean) == "false")
    }

    @Test func `an input of another kind than the test is refused in the strict profile`() {
        #expect(Fixture.holds("< 24", .string("x")) == "FEEL-TYPE")
        #expect(Fixture.holds("\"gold\"", .integer(1)) == "FEEL-TYPE")
        #expect(Fixture.holds("< 24", .string("x"), profile: .standard) == "false")
        #expect(Fixture.holds("not(< 24)", .null, profile: .standard) == "false")
    }

    @Test(arguments: [
        ("< 24", ["24"]), ("[1..5)", ["1", "5"]), ("24", ["24"]), ("1, > 3, < 1.0", ["1", "3"]), ("not(7, [1..2])", ["1", "2", "7"]), ("\"gold\"", []), ("-", []),
        ("< a", []), ("< 20 + 4", ["24"]),
    ])
    func `thresholds are the numbers that the input is compared with`(_ cell: String, _ expected: [String]) throws {
        let test = try #require(FEEL.unaryTests(cell, input: .any, layout: Fixture.layout).product)
        #expect(test.thresholds.map(\.description) == expected)
        #expect(test.isAny == (cell == "-"))
    }

    @Test func `tests over constants have a normal form`() throws {
        let test = try #require(FEEL.unaryTests("not(1, [3..5))", input: .number, layout: .empty).product)
        #expect(test.constraint?.isNegated == true)
        #expect(test.constraint?.terms.count == 2)
        #expect(FEEL.unaryTests("< a", input: .number, layout: Fixture.layout).product?.constraint == nil)
        let other = try #require(FEEL.unaryTests("!= 3", input: .number, layout: .empty).product)
        #expect(other.constraint?.isNegated == true)
        #expect(other.constraint?.terms == [.value(.integer(3))])
        #expect(FEEL.unaryTests("-", input: .number, layout: .empty).product?.constraint?.terms.isEmpty == true)
    }
}
