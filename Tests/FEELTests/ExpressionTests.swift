import FEEL
import Testing
import Values

@Suite struct ExpressionTests {
    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("(1 + 2) * 3", "9"), ("2 ** 3 ** 2", "64"), ("-2 ** 2", "4"), ("10 - 3 - 2", "5"), ("1 / 4", "0.25"),
        ("0.1 + 0.2", "0.3"), (".5 + .5", "1.0"), ("1e3", "1000"), ("1.10", "1.10"), ("1 / 3 * 3 < 1", "true"), ("2 ** -1", "0.5"),
        ("\"a\" + \"b\"", "\"ab\""), ("\"a\\n\\\"\\u00e9\\uD83D\\uDE00\"", "\"a\\n\\\"é😀\""), ("null + 1", "null"), ("missing * 2", "null"),
        ("// a comment\n1 /* two */ + 1", "2"), ("quantity", "12.50"), ("-quantity", "-12.50"),
    ])
    func `numbers and strings are computed exactly`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("hours to promise", "20"), ("hours   to\npromise + hours", "23"), ("a-b", "7"), ("a - b", "6"), ("a -b", "6"), ("in stock", "99"),
        ("in stock in [1..100]", "true"), ("profit and loss", "5"), ("fragile and profit and loss > 4", "true"),
        ("for hours to in [1, 2] return hours to + hours", "[4,5]"), ("{total price: 3, twice it: total price * 2}.twice it", "6"),
        ("lines[item no = \"B\"].price", "[15]"), ("lines[2].item no", "\"B\""), ("lines.item no", "[\"A\",\"B\",\"C\"]"),
        ("string length(customer tier)", "4"), ("for x in tags return upper case(x)", "[\"COLD\",\"RUSH\"]"),
    ])
    func `names hold spaces and operators and the longest one in scope wins`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("null = null", "true"), ("null = 1", "false"), ("missing != 1", "true"), ("missing < 24", "false"), ("24 > missing", "false"),
        ("not(missing < 24)", "true"), ("nothing = null", "true"), ("1 = 1.0", "true"), ("\"a\" < \"b\"", "true"),
        ("true and null", "null"), ("false and null", "false"), ("true or null", "true"), ("false or null", "null"), ("not(null)", "null"),
        ("5 between 1 and 5", "true"), ("missing between 1 and 5", "false"), ("5 in [1..5)", "false"), ("5 in ]1..5]", "true"),
        ("1 in ]1..5[", "false"), ("5 in (1, 5, 7)", "true"), ("5 in (< 3, > 4)", "true"), ("5 in [1, 2, 5]", "true"), ("5 in <= 5", "true"),
        ("\"gold\" in (\"gold\", \"silver\")", "true"), ("null in (null)", "true"), ("3 in (1..5)", "true"), ("4 in (> 3)", "true"),
        ("1 instance of number", "true"), ("[1] instance of list<string>", "false"), ("null instance of Any", "false"),
        ("@\"2026-11-21\" instance of date and time", "false"), ("{a: 1} instance of context<a: number>", "true"),
        ("[1, 2] = [1, 2]", "true"), ("{a: 1} = {a: 1.0}", "true"), ("[1..3] = [1..3]", "true"), ("text = \"word\"", "true"),
        ("5 in (? > 3)", "true"), ("[{item: 1}, {item: 2}][item > 1]", "[{\"item\":2}]"),
    ])
    func `comparisons and three-valued logic`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("if fragile then 1 else 2", "1"), ("if null then 1 else 2", "2"), ("for x in 1..3 return x * x", "[1,4,9]"),
        ("for x in 3..1 return x", "[3,2,1]"), ("for x in [1, 2], y in [10, 20] return x + y", "[11,21,12,22]"),
        ("for i in 0..4 return if i = 0 then 1 else i * partial[-1]", "[1,1,2,6,24]"), ("some x in [1, 2] satisfies x > 1", "true"),
        ("every x in [1, 2] satisfies x > 1", "false"), ("every x in [] satisfies false", "true"), ("[1, 2, 3][item > 1]", "[2,3]"),
        ("[1, 2, 3][1]", "1"), ("[1, 2, 3][-1]", "3"), ("[1, 2, 3][4]", "null"), ("open[price > 3]", "[{\"price\":9}]"),
        ("open[price > 3].price", "[9]"), ("open[1].price", "1"), ("{a: 1, b: a + 1}", "{\"a\":1,\"b\":2}"),
        ("{f: function(x) x * 2, g: f(f(3))}.g", "12"), ("{f: function(x: number, y) x - y, g: f(y: 1, x: 5)}.g", "4"),
        ("[1..5].start", "1"), ("(1..5].start included", "false"), ("for d in @\"2026-02-27\"..@\"2026-03-01\" return d.day", "[27,28,1]"),
        ("some line in lines satisfies line.price > 20", "true"), ("sum(lines.price)", "45"), ("{\"a b\": 1}.a b", "1"),
        ("for x in [1, 2] return for y in [x] return y + x", "[[2],[4]]"), ("[]", "[]"), ("{}", "{}"),
    ])
    func `conditions, loops, filters, contexts and functions`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("@\"2026-11-21\" + @\"P1D\"", "\"2026-11-22\""), ("date(\"2026-01-31\") + @\"P1M\"", "\"2026-02-28\""),
        ("@\"2026-11-21\" - @\"2026-11-01\"", "\"P20D\""), ("ordered on - @\"P1M\"", "\"2026-10-21\""), ("ordered on.year", "2026"),
        ("ordered on.weekday", "6"), ("promised at - now()", "\"PT21M18S\""), ("now()", "\"2026-11-21T10:38:42+01:00\""), ("today()", "\"2026-11-21\""),
        ("promised at + duration(\"PT4H\")", "\"2026-11-21T14:00:00Z\""), ("time(\"08:30:00\") < time(\"09:00:00\")", "true"),
        ("duration(\"PT4H\") * 2", "\"PT8H\""), ("duration(\"P1D\") / duration(\"PT6H\")", "4"), ("@\"PT26H\".days", "1"), ("@\"PT26H\".hours", "2"),
        ("years and months duration(@\"2025-01-31\", @\"2026-03-01\")", "\"P1Y1M\""), ("date(2026, 11, 21) = ordered on", "true"),
        ("date and time(@\"2026-11-21\", @\"08:30:00\")", "\"2026-11-21T08:30:00\""), ("day of week(ordered on)", "\"Saturday\""),
        ("month of year(ordered on)", "\"November\""), ("week of year(ordered on)", "47"), ("day of year(ordered on)", "325"),
        ("@\"2026-11-21T10:00:00+01:00\" = @\"2026-11-21T09:00:00Z\"", "true"), ("time(8, 30, 0)", "\"08:30:00\""),
        ("@\"2026-11-21T10:00:00@Europe/Berlin\" = @\"2026-11-21T09:00:00Z\"", "true"), ("promised at.time offset", "\"PT0S\""),
        ("@\"23:00:00\" + @\"PT2H\"", "\"01:00:00\""), ("time(promised at).hour", "10"),
        ("date and time(\"2026-11-21T10:38:42\") = now()", "true"), ("@\"10:00:00@Asia/Dhaka\" + @\"PT1H\" - @\"10:30:00@Asia/Dhaka\"", "\"PT30M\""),
    ])
    func `dates, times and durations`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("substring(\"foobar\", 3)", "\"obar\""), ("substring(\"foobar\", -2, 1)", "\"a\""), ("substring(string: \"foobar\", start position: 3, length: 2)", "\"ob\""),
        ("upper case(\"aBc\")", "\"ABC\""), ("contains(\"foobar\", \"of\")", "false"), ("ends with(\"foobar\", \"bar\")", "true"),
        ("substring before(\"foobar\", \"bar\")", "\"foo\""), ("substring after(\"foobar\", \"ob\")", "\"ar\""), ("split(\"a;b;;c\", \";\")", "[\"a\",\"b\",\"\",\"c\"]"),
        ("string join([\"a\", null, \"b\"], \", \")", "\"a, b\""), ("trim(\"  a b \")", "\"a b\""), ("string length(\"é😀\")", "2"), ("string(1.10)", "\"1.10\""),
        ("string([1, \"a\", {b: null}])", "\"[1, \\\"a\\\", {b: null}]\""), ("number(\"1.000,5\", \".\", \",\")", "1000.5"), ("number(\"12\")", "12"),
        ("min(3, 1, 2)", "1"), ("max([\"a\", \"c\"])", "\"c\""), ("sum([])", "null"), ("mean([1, 2])", "1.5"), ("median([4, 1, 3])", "3"), ("count([1, null])", "2"),
        ("append([1], 2, 3)", "[1,2,3]"), ("concatenate([1], [2])", "[1,2]"), ("insert before([1, 3], 2, 2)", "[1,2,3]"), ("remove([1, 2], 1)", "[2]"),
        ("reverse([1, 2])", "[2,1]"), ("index of([1, 2, 1], 1)", "[1,3]"), ("union([1], [1, 2])", "[1,2]"), ("distinct values([1, 1.0, 2])", "[1,2]"),
        ("flatten([1, [2, [3]]])", "[1,2,3]"), ("sort([3, 1, 2])", "[1,2,3]"), ("sort([3, 1, 2], function(x, y) x > y)", "[3,2,1]"),
        ("sort(lines, function(x, y) x.price > y.price)[1].item no", "\"C\""), ("list contains([1, null], null)", "true"),
        ("all([true, null])", "null"), ("any(false, true)", "true"), ("floor(-1.5)", "-2"), ("ceiling(1.234, 2)", "1.24"), ("round half up(2.5, 0)", "3"),
        ("round half even(2.5, 0)", "2"), ("round up(1.1, 0)", "2"), ("round down(-1.9, 0)", "-1"), ("decimal(1.005, 2)", "1.00"), ("abs(-3)", "3"),
        ("modulo(-12, 5)", "3"), ("modulo(10, 4.5)", "1.0"), ("sqrt(16)", "4"), ("sqrt(2)", "1.414213562373095048801688724209698"), ("odd(3)", "true"), ("even(2.5)", "false"),
        ("get value({a: 1}, \"a\")", "1"), ("get entries({a: 1})", "[{\"key\":\"a\",\"value\":1}]"), ("context([{key: \"a\", value: 1}])", "{\"a\":1}"),
        ("is defined(missing)", "false"), ("coalesce(missing, null, 3)", "3"), ("is(1, 1)", "true"), ("abs(missing)", "null"),
        ("sublist([1, 2, 3], 2, 1)", "[2]"), ("list replace([1, 2], 2, 5)", "[1,5]"), ("count(5)", "1"), ("mode([1, 2, 2])", "[2]"),
        ("context put({x: 1, y: {a: 0}}, [\"y\", \"a\"], 2)", "{\"x\":1,\"y\":{\"a\":2}}"), ("before([1..5), [5..9])", "true"), ("meets([1..5], [5..9])", "true"),
        ("overlaps([1..5], [5..9])", "true"), ("overlaps([1..5), [5..9])", "false"), ("includes([1..9], 5)", "true"), ("during(10, [1..9])", "false"),
        ("decimal(stddev([2, 4, 7, 5]), 30)", "2.081665999466132735282297706980"), ("range(\"[1..5)\") = [1..5)", "true"), ("starts(1, [1..9])", "true"), ("finished by([1..9], 9)", "true"), ("coincides([1..2], [1..2])", "true"), ("overlaps before([1..5], [3..9])", "true"),
    ])
    func `built-in functions`(_ text: String, _ expected: String) {
        #expect(Fixture.answer(text) == expected)
    }

    @Test(arguments: [
        ("text + 1", "FEEL-TYPE", "null"), ("text < 5", "FEEL-TYPE", "null"), ("1 / (a - 10)", "FEEL-ARITH", "null"), ("a ** 999999", "FEEL-ARITH", "null"),
        ("[1][text]", "FEEL-TYPE", "[]"), ("if text then 1 else 2", "FEEL-TYPE", "2"), ("string length(open)", "FEEL-TYPE", "null"),
        ("date(string(text))", "FEEL-VALUE", "null"), ("missing < 24", "false", "null"), ("number(string(text))", "FEEL-VALUE", "null"),
    ])
    func `what cannot be evaluated throws in the strict profile and is null in the standard one`(_ text: String, _ strict: String, _ standard: String) {
        #expect(Fixture.answer(text) == strict)
        #expect(Fixture.answer(text, profile: .standard) == standard)
    }

    @Test func `slots, clock, constants and plain fields are known after compiling`() throws {
        let layout = Fixture.layout
        let expression = try #require(FEEL.expression("a + if fragile then quantity else b", layout: layout).product)
        #expect(expression.slots == ["a", "b", "fragile", "quantity"].compactMap(layout.slot(of:)).sorted())
        #expect(!expression.readsClock)
        #expect(expression.type == .number)
        #expect(FEEL.expression("promised at - now()", layout: layout).product?.readsClock == true)
        #expect(FEEL.expression("2 * (3 + 4)", layout: layout).product?.constant == .integer(14))
        #expect(FEEL.expression("quantity", layout: layout).product?.plainSlot == layout.slot(of: "quantity"))
    }
}
