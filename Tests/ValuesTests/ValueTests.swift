import Testing
import Values

@Suite struct JSONTextTests {
    @Test(arguments: ["null", "true", "[]", "{}", #"{"b":1.10,"a":[1,-2.50,"x\"y\\z\n"],"c":{"d":null}}"#, "12345678901234567890.1234567890",
        #""é😀\u0001""#, "[[[[1]]]]"])
    func `canonical text goes there and back`(text: String) throws {
        #expect(JSONText.write(try JSONText.parse(text)) == text)
    }

    @Test func `other notations are read`() throws {
        #expect(try JSONText.parse(#" { "a" : [ 1e2 , "\u00e9\ud83d\ude00\/\b\f\r\t" ] } "#)
            == .context(ContextValue([("a", .list([.integer(100), .string("é😀/\u{8}\u{c}\r\t")]))])))
    }

    @Test(arguments: [
        ("", 0, "expected a value, found the end of the text"), ("[1,]", 3, "expected a value, found ']'"),
        (#"{"a":1,"a":2}"#, 7, #"the key "a" comes twice"#), ("{a:1}", 1, "expected a key in quotes, found 'a'"),
        ("[1 2]", 3, "expected ',' or ']', found '2'"), ("01", 0, "a number does not begin with a needless 0"),
        ("1 1", 2, "expected the end of the text, found '1'"), (#""abc"#, 0, "the string has no end"), ("nul", 0, "expected a value, found 'n'"),
        (#""\ud800x""#, 1, "half a surrogate pair stands alone"), ("-", 1, "expected a digit, found the end of the text"),
        ("\"a\nb\"", 2, "a control character in a string is escaped; found byte 10"), ("NaN", 0, "expected a value, found 'N'"),
        ("12345678901234567890123456789012345", 0, "a number has at most 34 digits and an exponent within 6111"),
    ])
    func `a failure says where and what`(text: String, offset: Int, fact: String) {
        #expect(throws: JSONFailure(offset: offset, fact: fact)) { try JSONText.parse(text) }
    }

    @Test func `depth has a limit`() throws {
        let deep = String(repeating: "[", count: 257) + String(repeating: "]", count: 257)
        #expect(throws: JSONFailure(offset: 256, fact: "more than 256 levels of nesting")) { try JSONText.parse(deep) }
        _ = try JSONText.parse(String(deep.dropFirst().dropLast()))
    }

    @Test func `pretty text is the same value`() throws {
        let value = try JSONText.parse(#"{"a":[1,{"b":[]}],"c":{}}"#)
        let pretty = JSONText.write(pretty: value)
        #expect(pretty == "{\n  \"a\": [\n    1,\n    {\n      \"b\": []\n    }\n  ],\n  \"c\": {}\n}")
        #expect(try JSONText.parse(pretty) == value)
    }

    @Test func `temporals and ranges are strings`() throws {
        let date = try #require(CalendarDate("2026-11-21"))
        let range = RangeValue(lower: .integer(1), includesLower: true, upper: nil, includesUpper: true)
        #expect(JSONText.write(.list([.date(date), .range(range)])) == #"["2026-11-21","[1..)"]"#)
    }
}

@Suite struct ValueTests {
    @Test func `text is plain`() throws {
        #expect(Value.string("a\"b").text == "a\"b")
        #expect(Value.null.text == "")
        #expect(try Value.number(#require(ExactDecimal("1.10"))).text == "1.10")
        #expect(Value.list([.string("a"), .null]).text == #"["a",null]"#)
    }

    @Test func `types are shown by values and named as in FEEL`() {
        #expect(Value.list([.integer(1), .integer(2)]).type == .list(.number))
        #expect(Value.list([.integer(1), .string("a")]).type == .list(.any))
        for type: ValueType in [.any, .null, .dateTime, .dayTimeDuration, .list(.list(.number)), .range(.date)] {
            #expect(ValueType(name: type.description) == type)
        }
        #expect(ValueType(name: "numbr") == nil)
        #expect(ValueType.context(["b": .string, "a": .number]).description == "context<a: number, b: string>")
    }

    @Test func `contexts are equal whatever their order`() {
        let one = ContextValue([("a", .integer(1)), ("b", .null)]), other = ContextValue([("b", .null), ("a", .integer(1))])
        #expect(one == other && one.hashValue == other.hashValue)
        #expect(one != ContextValue([("a", .integer(1)), ("c", .null)]))
        var changed = one
        changed["a"] = .integer(2)
        changed["c"] = .boolean(true)
        changed["b"] = nil
        #expect(changed.names == ["a", "c"] && changed["a"] == .integer(2) && changed != one)
        let many = ContextValue((0..<20).map { ("k\($0 % 10)", .integer($0)) })
        #expect(many.count == 10 && many["k3"] == .integer(13))
    }

    @Test func `a layout finds slots by name`() {
        let layout = Layout([("customer tier", .string), ("hours to promise", .number)])
        #expect(layout.slot(of: "hours to promise") == 1 && layout.slot(of: "hours") == nil && layout.count == 2)
        #expect(layout.type(of: "customer tier") == .string)
        #expect(layout != Layout([("customer tier", .string), ("hours to promise", .string)]))
    }
}
