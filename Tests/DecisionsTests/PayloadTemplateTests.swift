import Decisions
import Testing
import Values

@Suite struct `Templates of payloads` {
    let values = ContextValue([
        ("order", .string("A\"4711\n<ä>")), ("hours", .number(ExactDecimal(coefficient: 110, scale: 2))), ("none", .null), ("yes", .boolean(true)), ("no", .boolean(false)),
        ("lines", .list([.context(ContextValue([("sku", .string("X1"))])), .context(ContextValue([("sku", .string("X2")), ("order", .string("own"))]))])),
        ("tags", .list([.string("a"), .string("b")])), ("empty", .list([])), ("ship", .context(ContextValue([("to", .string("Oslo"))]))),
    ])

    func rendered(_ text: String, _ syntax: PayloadTemplate.Syntax = .json) throws -> String { try PayloadTemplate(text, syntax).render(values) }

    @Test func `in JSON two braces are within quotes and three are the value`() throws {
        #expect(try rendered(#"{"a":"{{order}}","h":{{{hours}}},"n":{{&none}},"t":{{{tags}}},"s":{{{order}}}}"#)
            == #"{"a":"A\"4711\n<ä>","h":1.10,"n":null,"t":["a","b"],"s":"A\"4711\n<ä>"}"#)
        #expect(try rendered(#""{{ hours }} {{none}}""#) == #""1.10 ""#)
    }

    @Test func `in XML two braces are escaped, and in plain text nothing is`() throws {
        #expect(try rendered("<o>{{order}}</o>{{{order}}}", .markup) == "<o>A&quot;4711\n&lt;ä&gt;</o>A\"4711\n<ä>")
        #expect(try rendered("{{order}}", .plain) == "A\"4711\n<ä>")
    }

    @Test func `sections repeat, look inside and outside, and leave out`() throws {
        #expect(try rendered("{{#lines}}[{{sku}} {{order}}]{{/lines}}", .plain) == "[X1 A\"4711\n<ä>][X2 own]")
        #expect(try rendered("{{#tags}}<{{.}}>{{/tags}}{{^tags}}none{{/tags}}", .plain) == "<a><b>")
        #expect(try rendered("{{#no}}1{{/no}}{{^no}}2{{/no}}{{#none}}3{{/none}}{{^empty}}4{{/empty}}{{#yes}}5{{/yes}}", .plain) == "245")
        #expect(try rendered("{{ship.to}}{{ship.from}}{{#ship}} {{to}}{{/ship}}", .plain) == "Oslo Oslo")
    }

    @Test func `a tag of a section alone on its line takes the line with it, and a comment is nothing`() throws {
        #expect(try rendered("a\n  {{#tags}}\n  - {{.}}\n  {{/tags}}\nb{{! c }}\n{{! alone }}\nend", .plain) == "a\n  - a\n  - b\nb\nend")
        #expect(try rendered("{{#yes}}\nx\n{{/yes}}", .plain) == "x\n")
    }

    @Test(arguments: [
        ("{{order", "a tag is not closed", 0), ("ab{{#a}}x", "section a is not closed", 2), ("x{{/a}}", "a is closed, and no section is open", 1),
        ("{{#a}}{{/b}}", "b is closed, and section a is open", 6), ("{{>p}}", "partials are not taken; write the text out", 0),
        ("{{=<% %>=}}", "the braces cannot be changed", 0), ("{{a..b}}", "a tag has no name", 0), ("{{}}", "a tag has no name", 0),
    ])
    func `a template that is wrong says where`(text: String, fact: String, offset: Int) {
        do {
            _ = try PayloadTemplate(text, .json)
            Issue.record("it was taken")
        } catch {
            #expect(error.fact == fact && error.offset == offset)
        }
    }

    @Test func `names are those that whoever renders has to know`() throws {
        #expect(try PayloadTemplate("{{a.b}}{{#list}}{{x}}{{/list}}{{^c}}{{d}}{{/c}}{{.}}", .plain).names == ["a", "list", "c", "d"])
    }
}
