import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct JSONReaderTests {
    private func read(_ text: String, chunk: Int = .max, _ limits: ReadLimits = ReadLimits()) -> (sink: TreeCollector, summary: SourceSummary) {
        readTree(Array(text.utf8), chunk: chunk, JSONReader(limits: limits))
    }

    @Test func `members are elements, items of arrays stand where the array does`() {
        let text = #"{"number":"47\u00e411","lines":[{"item":"A","qty":1.50},{"item":null,"ok":true,"no":false}],"tags":["x","y"],"grid":[[1,2],[3]]}"#
        let (sink, summary) = read(text)
        #expect(sink.values == [
            "json/item/number 2 =47ä11", "json/item/lines/item 4 =A", "json/item/lines/qty 5 =1.50", "json/item/lines 3", "json/item/lines/item 7",
            "json/item/lines/ok 8 =true", "json/item/lines/no 9 =false", "json/item/lines 6", "json/item/tags 10 =x", "json/item/tags 11 =y",
            "json/item/grid/item 13 =1", "json/item/grid/item 14 =2", "json/item/grid 12", "json/item/grid/item 16 =3", "json/item/grid 15",
            "json/item 1", "json 1",
        ])
        #expect(sink.lines[0] == "json/item/number 2 10..<22 =47ä11@11..<21")
        #expect(sink.lines[2].hasSuffix("=1.50@50..<54"))
        #expect(summary.records == 1)
        #expect(summary.format == "json")
        #expect(sink.findings.isEmpty)
    }

    @Test func `an array and lines of values read alike`() {
        let array = read(#"[{"a":1},{"a":2}]"#).sink, lines = read("{\"a\":1}\n{\"a\":2}\n").sink
        #expect(array.values == lines.values)
        #expect(read(#"[{"a":1},{"a":2}]"#).summary.records == 2)
        #expect(read("{\"a\":1}\r\n\r\n{\"a\":2}").summary.records == 2)
    }

    @Test func `numbers keep every digit`() {
        let (sink, _) = read("[12345678901234567890.1234567890, -0.0, 1E+400, 0]")
        #expect(sink.values.dropLast() == ["json/item 1 =12345678901234567890.1234567890", "json/item 2 =-0.0", "json/item 3 =1E+400", "json/item 4 =0"])
    }

    @Test(arguments: [
        ("{\"a\":01}", "a number begins with 0"), ("[1,]", "a value is expected"), ("{\"a\" 1}", "`:` is expected behind the name of a member"),
        ("{a:1}", "a value cannot begin with `a`"), ("[1 2]", "`,` or `]` is expected"), ("[\"a\nb\"]", "a text holds byte 0x0A, which must be escaped"),
        ("[\"\\x\"]", "`\\` is followed by `x`"), ("[\"\\u12g4\"]", "`\\u` is followed by four hexadecimal digits"), ("[nul]", "`null` is not written out"),
        ("[1.]", "a number has no digit behind its point"), ("[-]", "a number has no digit"), ("[1e]", "a number has no digit in its exponent"),
        ("[NaN]", "a value cannot begin with `N`"), ("\u{0}", "a value cannot begin with byte 0x00"), ("}", "a value is expected"),
    ]) func `what is no JSON is said`(_ text: String, _ fact: String) {
        let (sink, _) = read(text)
        #expect(sink.facts == [fact])
        #expect(sink.codes == ["JSON-SYNTAX"])
        for chunk in [1, 2, 3] { #expect(read(text, chunk: chunk).sink.facts == [fact]) }
    }

    @Test func `a broken line costs only itself`() {
        let (sink, summary) = read("{\"a\":1}\n{\"a\":2,}\n{\"a\":[3\n{\"a\":4}\n")
        #expect(sink.values == ["json/item/a 2 =1", "json/item 1", "json/item/a 4 =2", "json/item/a 6 =3", "json/item/a 8 =4", "json/item 7", "json 1"])
        #expect(sink.findings.map(\.position.line) == [2, 4])
        #expect(summary.records == 4)
    }

    @Test func `torn, empty, deep and long documents are named`() {
        #expect(read("{\"a\":[1,2").sink.codes == ["JSON-TRUNCATED"])
        #expect(read("{\"a\":\"xy").sink.codes == ["JSON-TRUNCATED"])
        #expect(read(" \n\t").sink.codes == ["JSON-EMPTY"])
        #expect(read(String(repeating: "[", count: 1_000_000)).sink.codes == ["JSON-DEPTH"])
        #expect(read("[\"" + String(repeating: "x", count: 10_000_000) + "\"]").sink.codes == ["JSON-LONG"])
        #expect(read("[" + String(repeating: "1", count: 10_000_000) + "]").sink.codes == ["JSON-LONG"])
        var few = ReadLimits()
        few.names = 10
        #expect(read("{" + (0..<20).map { "\"k\($0)\":1" }.joined(separator: ",") + "}", few).sink.codes == ["JSON-NAMES"])
    }

    @Test func `a finding stands at the path of the element that is open, and the member in it`() {
        let (sink, _) = read(#"[{"a":1},{"lines":[{"sku":"x","qty":01}]}]"#)
        #expect(sink.findings.map(\.position.place) == [.path("/json/item/lines/qty")])
        #expect(read("{\"a\" 1}").sink.findings.map(\.position.place) == [.path("/json/item/a")])
        #expect(read("?").sink.findings.map(\.position.place) == [.path("/json")])
    }

    @Test func `members that come twice and halves of characters are warned of`() {
        let (sink, _) = read(#"{"a":1,"b":{"a":2},"a":3,"c":"\ud83d\ude00\ud83d"}"#)
        #expect(sink.facts == ["an object has member \"a\" twice", "a text is not sound Unicode"])
        #expect(sink.values.contains("json/item/c 6 =😀\u{FFFD}"))
        let many = "{" + (0..<100).map { "\"k\($0)\":1" }.joined(separator: ",") + ",\"k50\":2}"
        #expect(read(many).sink.codes == ["JSON-DUPLICATE"])
        #expect(readTree(Array("[\"".utf8) + [0xFF] + Array("\"]".utf8), JSONReader()).sink.codes == ["JSON-TEXT"])
    }

    @Test func `UTF-16 reads with the positions of the file`() {
        let bytes = "\u{FEFF}[\"ä\"]".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let (sink, _) = readTree(bytes, JSONReader())
        #expect(sink.lines[0] == "json/item 1 4..<10 =ä@6..<8")
    }

    @Test func `one long array holds no more than an item in memory`() {
        let text = "[" + (0..<20_000).map { "{\"n\":\($0),\"l\":[{\"x\":1},{\"x\":2}]}" }.joined(separator: ",") + "]"
        let (sink, summary) = read(text, chunk: 4096)
        #expect(sink.nodesMax < 8)
        #expect(summary.records == 20_000)
    }

    @Test func `random documents read the same however they are cut`() {
        let pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\\n\"", "1", "-2.5e3", "true", "null", "\n", " ", "\"", "\\u00", "x", "{\"a\":1}\n"]
        for seed in 0..<3000 {
            var random = Seeded(UInt64(seed))
            let text = (0..<Int.random(in: 0..<30, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
            let whole = read(text)
            for chunk in [1, 2, 5] {
                let cut = read(text, chunk: chunk)
                #expect(cut.sink.lines == whole.sink.lines && cut.sink.findings == whole.sink.findings && cut.summary == whole.summary, "seed \(seed): \(text)")
            }
        }
    }
}
