import Configurations
import Diagnostics
import Testing

@Suite struct ConfigurationRefusalTests {
    @Test func `a repeated key is reported where it stands the second time`() {
        #expect(findings("a: 1\nb:\n  a: 2\n  c: 3\n  \"c\": 4\na: 5\n") == [
            "CONF-TWICE 5:3 key c stands twice in one mapping", "CONF-TWICE 6:1 key a stands twice in one mapping",
        ])
        let hint = ConfigurationText.parse("k: 1\n# k: 2\nx: k\nk: 3\n", file: "t").diagnostics.first?.hint
        #expect(hint == "the first is at line 1; keep one of them")
        #expect(findings("a: { k: 1, k: 2 }\n") == ["CONF-TWICE 1:12 key k stands twice in one mapping"])
    }

    @Test func `one key in two mappings of a list is no repetition`() {
        #expect(findings("a:\n- k: 1\n- k: 2\n").isEmpty)
    }

    @Test(arguments: [
        ("a: &x 1\n", "1:4 there is an anchor (&)"),
        ("a: 1\nb: *x\n", "2:4 there is an alias (*)"),
        ("a: !!str 1\n", "1:4 there is a tag (!)"),
        ("a: ! b\n", "1:4 there is a tag (!)"),
        ("a: !Ref b\n", "1:4 there is a tag (!)"),
        ("a:\n  <<: { b: 1 }\n", "2:3 there is a merge key (<<)"),
        ("a: 1\n---\nb: 2\n", "2:1 there is a second document"),
        ("%YAML 1.1\n---\na: 1\n", "1:1 there is a directive (%)"),
        ("? [x, y]\n: 1\n", "1:3 a key is a list, not text"),
        ("{ a: 1 }: 1\n", "1:1 a key is a mapping, not text"),
        (": 1\n", "1:1 a colon has no key before it"),
        ("a: { : 1 }\n", "1:6 a value or a key is missing"),
        ("\"\": 1\n", "1:1 a key is empty"),
        ("a: 1\nb: x\0y\n", "2:5 there is a NUL byte"),
        ("a: \"x\\0y\"\n", "1:4 there is a NUL character in the text"),
        ("a: \u{7}\n", "1:4 there is a control character"),
        ("", "1:1 the file is empty"),
        ("# only a comment\n", "1:1 the file is empty"),
        ("---\n", "1:1 the file is empty"),
        ("a:\n\tb: 1\n", "2:1 there is a tab where spaces indent"),
        ("a: b: c\n", "1:5 there is a second colon in the line, or the line is indented too far"),
        ("a: [1, 2\nb: 3\n", "2:2 a list in brackets is not closed"),
        ("a: \"open\nb: 3\n", "1:4 a quoted text is not closed"),
        ("a: @x\n", "1:4 a value cannot begin with @"),
        ("a: 1\nb\nc: 2\n", "2:1 a key has no colon"),
        ("a: \"\\q\"\n", "1:5 there is an unknown escape in double quotes"),
        ("a: - b\n", "1:4 a list begins in the line of its key"),
        ("a:\n  - b\n  c: d\n", "3:3 this is neither an item of the list nor its end"),
        ("a: 'x' y\n", "1:8 this is neither a key of the mapping nor its end"),
    ]) func `what is not strict YAML is refused at its place`(text: String, expected: String) {
        #expect(findings(text) == ["CONF-SYNTAX " + expected])
    }

    @Test func `all refused parts of a file are reported`() {
        #expect(findings("a: &x 1\nb: *x\na: !t 2\n").count == 4)
        #expect(ConfigurationText.parse("a: &x 1\n", file: "t").root == nil)
    }

    @Test func `a quoted merge sign and quoted stars are text`() throws {
        let node = try root("'<<': '*x'\nb: '&y'\n")
        #expect(node["<<"]?.scalar == "*x")
    }

    @Test func `aliases of aliases cost nothing`() {
        var text = "a0: &a0 [x, x]\n"
        for level in 1...60 { text += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let found = findings(text)
        #expect(found.count > 60 && found.count <= ConfigurationText.findingsMax + 3)
    }

    @Test func `nesting over the limit is refused where it passes it`() throws {
        func nested(_ depth: Int) -> String { String(repeating: "[", count: depth) + "x" + String(repeating: "]", count: depth) }
        #expect(findings(nested(64)).isEmpty)
        #expect(findings(nested(65)) == ["CONF-SYNTAX 1:65 nesting is deeper than 64 levels"])
        #expect(findings(String(repeating: "[", count: 1_000_000)) == ["CONF-SYNTAX 1:1 nesting is deeper than 64 levels"])
    }

    @Test func `a file over the size limit is refused`() {
        let line = "# " + String(repeating: "x", count: 1021) + "\n"
        let text = "a: 1\n" + String(repeating: line, count: 4096)
        #expect(findings(text) == ["CONF-SYNTAX 0:0 the file has 4194309 bytes, more than 4194304"])
        #expect(findings(String(text.dropFirst(5))) == ["CONF-SYNTAX 1:1 the file is empty"])
    }

    @Test func `keys and values past the limit are refused`() {
        let text = String(repeating: "- \n", count: ConfigurationText.nodesMax + 10)
        #expect(findings(text) == ["CONF-SYNTAX 250001:2 there are more than 250000 keys and values"])
    }

    @Test func `a long key costs its children no memory`() throws {
        let key = String(repeating: "k", count: 100_000)
        let node = try root("? \"\(key)\"\n:\n" + String(repeating: "  - [x]\n", count: 20_000))
        #expect(node[key]?.items.last?.items.first?.path == String(repeating: "k", count: 60) + "…[20000][1]")
    }

    @Test func `a refusal is rendered with its line, place and hint`() {
        let finding = ConfigurationText.parse("a:\n  b: 1\n  b: 2\n", file: "Schemes/x.yaml").diagnostics.first
        #expect(finding?.text == """
            Schemes/x.yaml:3:3: error[CONF-TWICE]: key b stands twice in one mapping
              at a
              |   b: 2
              |   ^
              hint: the first is at line 2; keep one of them
            """)
    }
}
