import FEEL
import Testing
import Values

/// What DMN 1.5 says of the language, in the profile that follows it to the letter. Null stands for whatever has no answer.
@Suite struct StandardProfileTests {
    private func answer(_ text: String) -> String { Fixture.answer(text, profile: .standard) }

    @Test(arguments: [
        ("1 instance of number", "true"), ("1 instance of string", "false"), ("null instance of Null", "true"), ("null instance of number", "false"), ("1 instance of Any", "true"),
        ("\"a\" instance of string", "true"), ("true instance of boolean", "true"), ("@\"2026-11-21\" instance of date", "true"), ("@\"10:00:00\" instance of time", "true"),
        ("@\"2026-11-21T10:00:00\" instance of date and time", "true"), ("@\"P1D\" instance of days and time duration", "true"), ("@\"P1Y\" instance of years and months duration", "true"),
        ("@\"P1Y\" instance of days and time duration", "false"), ("[1, 2] instance of list<number>", "true"), ("[1, \"a\"] instance of list<number>", "false"), ("[1, \"a\"] instance of list<Any>", "true"),
        ("[] instance of list<number>", "true"), ("[1] instance of list", "true"), ("[1, null] instance of list<number>", "true"), ("{a: 1} instance of context", "true"),
        ("{a: 1, b: \"x\"} instance of context<a: number, b: string>", "true"), ("{a: 1} instance of context<a: number, b: string>", "false"), ("{a: \"x\"} instance of context<a: number>", "false"),
        ("{a: [1]} instance of context<a: list<number>>", "true"), ("[1..3] instance of range<number>", "true"), ("[1..3] instance of range<string>", "false"), ("(< 3) instance of range<number>", "true"),
        ("(function(a: string, b: number) b) instance of function<string, number> -> number", "true"), ("(function(a: string) a) instance of function<string, number> -> Any", "false"),
        ("(function() 1) instance of function<> -> number", "true"), ("(function() \"a\") instance of function<> -> number", "false"), ("abs instance of function<number> -> Any", "true"),
        ("1 instance of foo", "FEEL-SYNTAX"), ("(1 + 1) instance of number and true", "true"), ("[[1]] instance of list<list<number>>", "true"),
    ])
    func `instance of knows every form of type`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        ("1 in 1", "true"), ("1 in [2, 3, 1]", "true"), ("1 in [2, 3]", "false"), ("1 in (2, 1)", "true"), ("1 in ([2, 3, 1])", "true"), ("1 in ([1..3])", "true"), ("3 in [1..3)", "false"),
        ("1 in (< 2)", "true"), ("1 in < 2", "true"), ("1 in <= 1", "true"), ("2 in > 2", "false"), ("2 in (> 2, < 0, 2)", "true"), ("2 in [[1..3], [7..9]]", "true"), ("2 in ([1..1], [3..3])", "false"),
        ("[1, 2] in [[1, 2], [3]]", "true"), ("[1, 2] in ([[3]], [[1, 2]])", "true"), ("{a: 1} in [{b: 1}, {a: 1}]", "true"), ("\"b\" in [\"a\"..\"c\"]", "true"), ("null in [1, null]", "true"), ("null in (1, null)", "true"),
        ("1 in (=1)", "true"), ("1 in (!=1)", "false"), ("2 in (!=1)", "true"), ("@\"2026-11-21\" in [@\"2026-11-01\"..@\"2026-11-30\"]", "true"), ("@\"PT1H\" in (> @\"PT30M\")", "true"),
        ("1 in \"a\"", "null"), ("1 in < \"a\"", "null"), ("null in < 2", "null"), ("1 in [\"a\", 1]", "true"), ("5 between null and 9", "null"), ("5 between 6 and null", "false"), ("\"b\" between \"a\" and \"c\"", "true"),
    ])
    func `in takes values, lists, ranges and tests`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        ("true and true", "true"), ("true and false", "false"), ("true and null", "null"), ("false and null", "false"), ("null and false", "false"), ("null and null", "null"), ("true and 1", "null"), ("false and 1", "false"),
        ("1 and false", "false"), ("true or null", "true"), ("null or true", "true"), ("false or null", "null"), ("\"a\" or true", "true"), ("\"a\" or false", "null"), ("not(null)", "null"), ("not(1)", "null"),
        ("null = null", "true"), ("null != null", "false"), ("1 = null", "false"), ("1 != null", "true"), ("1 < null", "null"), ("null >= null", "null"), ("1 = \"1\"", "null"), ("1 != \"1\"", "null"), ("true < false", "null"),
        ("[1, 2] = [1, 2]", "true"), ("[1, 2] = [2, 1]", "false"), ("[] = []", "true"), ("[null] = [null]", "true"), ("{} = {}", "true"), ("{a: 1, b: 2} = {b: 2, a: 1}", "true"), ("{a: 1} = {a: 1, b: null}", "false"),
        ("[1..3] = [1..3]", "true"), ("[1..3] = [1..3)", "false"), ("(< 3) = (< 3)", "true"), ("(!=3) = (!=3)", "true"), ("(=3) = [3..3]", "false"), ("if null then 1 else 2", "2"), ("if 1 then 1 else 2", "2"), ("1 + null", "null"), ("\"a\" + 1", "null"),
        ("is(1, 1.0)", "true"), ("is(null, null)", "true"), ("is([1], [1])", "true"), ("is({a: 1}, {a: 2})", "false"), ("is(1, \"1\")", "false"), ("abs = abs", "true"),
    ])
    func `logic and equality have three values`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        ("@\"2026-11-21\".weekday", "6"), ("@\"2026-11-21T10:20:30+01:00\".time offset", "\"PT1H\""), ("@\"2026-11-21T10:20:30@Europe/Berlin\".timezone", "\"Europe/Berlin\""), ("@\"10:20:30\".second", "30"), ("@\"10:20:30\".time offset", "null"),
        ("@\"P1Y6M\".years", "1"), ("@\"P1Y6M\".months", "6"), ("@\"P1Y6M\".days", "null"), ("@\"P2DT3H4M5S\".days", "2"), ("@\"P2DT3H4M5S\".minutes", "4"), ("@\"P1D\".years", "null"), ("[1..3].start", "1"), ("(1..3].start included", "false"), ("[1..3].end included", "true"),
        ("(< 3).start", "null"), ("(< 3).end", "3"), ("(< 3).start included", "false"), ("(>= 3).start included", "true"), ("(=3).start", "3"), ("{a: {b c: 1}}.a.b c", "1"), ("{a: 1}.b", "null"), ("[{a: 1}, {b: 2}].a", "[1,null]"), ("null.a", "null"), ("\"a\".b", "null"),
        ("text.length", "null"), ("{\"a b\": 1, r: a b + 1}.r", "2"), ("{a-b: 1, r: a-b + 1}.r", "2"), ("{a+b: 3}.a+b", "3"),
    ])
    func `properties and paths`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    /// Rows whose type says nothing, as of data that a caller hands in: their names are known when they are looked at.
    @Test(arguments: [
        ("rows[unit price > 5].order no", "[\"B\",\"C\"]"), ("rows[unit price > 5][1].order no", "\"B\""), ("rows[order no = \"C\"].unit price", "[9]"), ("sum(rows.unit price)", "18"), ("rows[item.unit price < 5].order no", "[\"A\"]"),
        ("for r in rows return r.unit price * 2", "[4,14,18]"), ("some r in rows satisfies r.unit price > 8", "true"), ("rows[-1].order no", "\"C\""), ("rows[unit price > limit].order no", "[\"C\"]"), ("count(rows[unit price > 100])", "0"),
        ("sort(rows, function(x, y) x.unit price > y.unit price)[1].order no", "\"C\""), ("rows[1].lines[sub total > 1].sub total", "[2]"), ("rows[unit price = 2 and order no = \"A\"].lines[1][1].sub total", "1"), ("{f: function(r) r.unit price, r: f(rows[1])}.r", "2"),
        ("rows[count(lines) = 2].order no", "[\"A\"]"), ("rows[not existing > 1]", "[]"), ("rows[not existing]", "[]"),
    ])
    func `names that only the values know are found while it runs`(_ text: String, _ expected: String) throws {
        func row(_ name: String, _ price: Int, _ lines: [Int]) -> Value {
            .context(ContextValue([
                ("order no", .string(name)), ("unit price", .integer(price)),
                ("lines", .list(lines.map { .context(ContextValue([("sub total", .integer($0))])) })),
            ]))
        }
        let rows = Value.list([row("A", 2, [1, 2]), row("B", 7, []), row("C", 9, [3])])
        let product = try #require(FEEL.expression(text, layout: Layout([("rows", .any), ("limit", .any)]), profile: .standard).product)
        #expect(JSONText.write(try product.evaluate([rows, .integer(8)], Fixture.context)) == expected)
    }

    @Test(arguments: [
        ("for i in [1..3] return i", "[1,2,3]"), ("for i in 1..3, j in i..3 return i * j", "[1,2,3,4,6,9]"), ("for i in [] return i", "[]"), ("for i in null return i", "null"), ("for i in 5 return i", "[5]"), ("for i in [1, 2], j in [] return i", "[]"),
        ("for i in 1..4 return count(partial)", "[0,1,2,3]"), ("for i in 1..3 return partial", "[[],[[]],[[],[[]]]]"), ("every i in [] satisfies false", "true"), ("some i in [] satisfies true", "false"), ("some i in [1, null] satisfies i > 5", "null"),
        ("every i in [1, null] satisfies i > 0", "null"), ("every i in [1, 2], j in [3, 4] satisfies i < j", "true"), ("some i in [1, 2] satisfies \"a\"", "null"), ("[1, 2, 3][0]", "null"), ("[1, 2, 3][-4]", "null"), ("[1, 2, 3][true]", "[1,2,3]"), ("[1, 2, 3][item >= 2]", "[2,3]"),
        ("100[1]", "100"), ("100[item > 5]", "[100]"), ("null[1]", "null"), ("[{item: 5}][item = 5]", "[{\"item\":5}]"), ("[[1, 2], [3]][count(item) = 2]", "[[1,2]]"), ("[1, 2][item = null]", "[]"), ("if 1 = 1 then if false then 1 else 2 else 3", "2"),
        ("{a: 1, a: 2}", "FEEL-SYNTAX"), ("{f: function(a b, c) a b - c, r: f(a b: 5, c: 3)}.r", "2"), ("{f: function(a) a + x, x: 1, r: f(1)}.r", "null"), ("{f: function(x: list<number>) x, r: f(1)}.r", "[1]"), ("{f: function(x: number) x, r: f([1])}.r", "1"),
        ("{f: function(x: number) x, r: f([1, 2])}.r", "null"), ("{f: function(x: date and time) x, r: f(@\"2026-11-21\")}.r", "\"2026-11-21T00:00:00Z\""), ("{f: function(x: string) x, r: f(1)}.r", "null"), ("abs([-1])", "1"), ("abs([-1, 2])", "null"),
        ("\"\\U01F600\\u0041\"", "\"😀A\""), ("\"a\\d\" = \"a\\\\d\"", "true"), ("1 /* two \n lines */ + 2 // three", "3"),
    ])
    func `loops, filters, functions and conversions`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        ("append(item: 3, list: [1])", "[1,3]"), ("insert before(list: [1, 3], position: 2, newItem: 2)", "[1,2,3]"), ("list contains(element: 2, list: [1, 2])", "true"), ("min(list: [3, 1])", "1"), ("sublist(list: [1, 2, 3], start position: 2)", "[2,3]"),
        ("sublist([1, 2, 3], 3, 5)", "null"), ("remove(position: 1, list: [1, 2])", "[2]"), ("remove([1, 2], 5)", "null"), ("list replace([1, 2, 3], 2.5, 4)", "[1,4,3]"), ("list replace(list: [1, 2], match: function(item, newItem) item = 1, newItem: 9)", "[9,2]"), ("list replace([1], function(x) true, 2)", "null"),
        ("sort([2, 1], function(x) true)", "null"), ("sort([\"b\", \"a\"])", "[\"a\",\"b\"]"), ("sort([2, \"a\"])", "null"), ("sum([1, null])", "null"), ("sum(1, 2, 3)", "6"), ("count([])", "0"), ("mean(1, 2, 3)", "2"), ("mode([])", "[]"), ("median([])", "null"), ("stddev([1])", "null"),
        ("all([true, null])", "null"), ("all([])", "true"), ("any([])", "false"), ("all(null)", "null"), ("distinct values([1, null, null, 1])", "[1,null]"), ("flatten([[1, [2]], null])", "[1,2,null]"), ("concatenate([1], null)", "null"), ("union([1, null], [null])", "[1,null]"), ("index of([1, null], null)", "[2]"),
        ("get value({a: 1}, \"b\")", "null"), ("get value({a: {b: 1}}, [\"a\", \"b\"])", "1"), ("context put({a: 1}, \"a\", null)", "{\"a\":null}"), ("context put(context: {x: 1, y: {a: 0}}, keys: [\"y\", \"a\"], value: 2)", "{\"x\":1,\"y\":{\"a\":2}}"), ("context put(context: {}, key: \"a\", value: 1)", "{\"a\":1}"), ("context merge([{a: 1}, {a: 2}])", "{\"a\":2}"), ("context([{key: \"a\", value: 1}, {key: \"a\", value: 1}])", "null"),
    ])
    func `functions of lists and contexts`(_ text: String, _ expected: String) {
        #expect(answer(text) == expected)
    }

    @Test func `types of a model are read by their names`() throws {
        let types: [String: ValueType] = ["tPrice": .number, "my import.tLine": .context(["item no": .string])]
        func answer(_ text: String) throws -> Value {
            try #require(FEEL.expression(text, layout: .empty, profile: .standard, types: types).product).evaluate([], Fixture.context)
        }
        #expect(try answer("1 instance of tPrice") == .boolean(true))
        #expect(try answer("[1] instance of list<tPrice>") == .boolean(true))
        #expect(try answer("{item no: \"A\"} instance of my import.tLine") == .boolean(true))
        #expect(try answer("{f: function(p: tPrice) p, r: f(\"x\")}.r") == .null)
    }

    @Test(arguments: [
        ("not(1, [3..5])", "4", false), ("not(1, [3..5])", "2", true), ("(< 3)", "2", true), ("(=3)", "3", true), ("(!=3)", "3", false), ("!= 3", "4", true), ("? in [1..3]", "2", true), ("[1, [7..9]]", "8", true), ("function(x) x", "1", false), ("null", "1", false), ("? > 1 and ? < 3", "2", true),
        ("some i in [1, 2] satisfies i = ?", "2", true), ("{r: ? + 1}.r = 3", "2", true), ("(function(x) x = ?)(2)", "2", true), ("> \"a\"", "2", false), ("text", "2", false),
    ])
    func `cells of tables`(_ cell: String, _ input: String, _ expected: Bool) {
        #expect(Fixture.holds(cell, .number(ExactDecimal(input)!), type: .number, profile: .standard) == (expected ? "true" : "false"))
    }
}
