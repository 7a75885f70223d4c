import Diagnostics
import Formats
@testable import Markup
import Testing

@Suite struct XMLReaderTests {
    @Test func `elements, attributes and texts come with their bytes`() {
        let text = "<?xml version=\"1.0\"?>\n<o n='1' date = \"20&amp;26\"><l>A &lt; B</l>\n<e/></o>\n"
        let sink = read(text)
        #expect(sink.lines == [
            "o/l #2 50..<65 text=A < B@53..<61",
            "o/e #3 66..<70",
            "o #1 22..<74 n=1@28..<29 date=20&26@39..<48",
        ])
        #expect(sink.opened == ["o"])
        #expect(sink.findings.isEmpty)
    }

    @Test func `names are local and the namespace is to be had`() {
        let text = "<a:Order xmlns:a='urn:a' xmlns='urn:d' a:id='7' x=\"y\"><Line/></a:Order>"
        let (sink, summary, reader) = read(Array(text.utf8))
        #expect(sink.lines == ["Order/Line #2 54..<61", "Order #1 0..<71 id=7@45..<46 x=y@51..<52"])
        #expect(reader.root?.name == "Order")
        #expect(reader.root?.namespace == "urn:a")
        #expect(summary.records == 2)
    }

    @Test func `the namespace of a node is known while the node is there`() {
        var sink = Collector()
        sink.keepsNodes = true
        let reader = XMLReader()
        let text = Array("<a xmlns='urn:1'><b xmlns='urn:2'/><c xmlns=''/></a>".utf8)
        text.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        #expect((0..<3).map { reader.arena.namespace(of: $0) } == ["urn:1", "urn:2", nil])
    }

    @Test func `CDATA and comments are part of one text`() {
        #expect(read("<a><![CDATA[1 < 2]]></a>").lines == ["a #1 0..<24 text=1 < 2@12..<17"])
        #expect(read("<a>x<!-- c -->y<?p i?><![CDATA[z]]></a>").lines == ["a #1 0..<39 text=xyz@3..<32"])
        #expect(read("<a><!-- c --> x</a>").lines == ["a #1 0..<19 text= x@13..<15"])
        #expect(read("<a><![CDATA[]]>x</a>").lines == ["a #1 0..<20 text=x@15..<16"])
    }

    @Test func `white space is the text of a leaf and not of a parent`() {
        #expect(read("<a> <b> </b> </a>").lines == ["a/b #2 4..<12 text= @7..<8", "a #1 0..<17"])
        #expect(read("<a></a>").lines == ["a #1 0..<7"])
    }

    @Test func `text before the first child is kept and text after it is reported`() {
        let sink = read("<a>one<b/>two<b/>three</a>")
        #expect(sink.lines.last == "a #1 0..<26 text=one@3..<6")
        #expect(sink.codes == ["XML-MIXED"])
        #expect(sink.findings.first?.position.bytes == 10..<10)
        #expect(sink.findings.first?.position.place == .path("/a"))
    }

    @Test func `line ends and character references are undone`() {
        #expect(read("<a>1\r\n2\r3&#10;&#x41;</a>").lines == ["a #1 0..<24 text=1\n2\n3\nA@3..<20"])
    }

    @Test func `a document that is not well-formed is reported where it breaks`() {
        let sink = read("<a>\n <b>1</b>\n <b>2</c>\n <b>3</b>\n</a>", options { $0.file = "in.xml" })
        #expect(sink.codes == ["XML-SYNTAX"])
        #expect(sink.lines == ["a/b #2 5..<13 text=1@8..<9"])
        let position = sink.findings[0].position
        #expect(position.line == 3)
        #expect(position.place == .path("/a/b[2]"))
        #expect(sink.findings[0].text.hasPrefix("in.xml:3:"))
        #expect(sink.findings[0].fact.contains("mismatch"))
    }

    @Test func `bytes that are not UTF-8 are an error with their place`() {
        let (sink, _, _) = read(Array("<a><b>1</b><b>M".utf8) + [0xFC] + Array("ll</b></a>".utf8))
        #expect(sink.codes == ["XML-SYNTAX"])
        #expect(sink.lines == ["a/b #2 3..<11 text=1@6..<7"])
        #expect(sink.findings[0].position.bytes?.lowerBound == 15)
    }

    @Test(arguments: ["<a><b>1</b><b>2</b>", "<a><b>1</b><b>2</b></a", "<a><b>1</b><b>2</b><c x='", "<a><b>1</b><b>2</b><!--", "<a><b>1</b><b>2</b>x"])
    func `a document that ends early is truncated`(_ text: String) {
        let sink = read(text)
        #expect(sink.codes == ["XML-TRUNCATED"])
        #expect(sink.lines.count == 2)
        #expect(sink.findings[0].position.bytes != nil)
    }

    @Test(arguments: ["", "  \n", "<?xml version='1.0'?>", "<!-- nothing -->"])
    func `a document without an element is empty`(_ text: String) {
        #expect(read(text).codes == ["XML-EMPTY"])
    }

    @Test func `what follows the root is an error`() {
        #expect(read("<a/><b/>").codes == ["XML-SYNTAX"])
        #expect(read("<a/>\n<!-- done -->\n").codes == [])
    }

    @Test func `a prefix without a namespace is a warning`() {
        let sink = read("<a><x:b>1</x:b></a>")
        #expect(sink.codes == ["XML-NAMESPACE"])
        #expect(sink.findings[0].severity == .warning)
        #expect(sink.lines.count == 2)
    }

    @Test func `nodes that were closed can be discarded while others are open`() {
        let text = "<a>" + (0..<1000).map { "<b i='\($0)'>\($0)</b>" }.joined() + "</a>"
        let (sink, summary, reader) = read(Array(text.utf8), checks: true)
        #expect(summary.records == 1001)
        #expect(sink.lines.count == 1001)
        #expect(sink.wrong.isEmpty)
        #expect(reader.arena.nodes.isEmpty)
    }

    @Test func `encodings that are declared are read, with bytes of the document`() {
        let head = Array("<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?><a n=\"".utf8)
        let bytes = head + [0xFC] + Array("\">".utf8) + [0xA4] + Array("</a>".utf8)
        let start = head.count
        #expect(read(bytes).sink.lines == ["a #1 44..<\(bytes.count) n=ü@\(start)..<\(start + 1) text=€@\(start + 3)..<\(start + 4)"])
        #expect(read(Array("<?xml version='1.0' encoding='EBCDIC-CP-DE'?><a/>".utf8)).sink.codes == ["XML-ENCODING"])
    }

    @Test(arguments: [true, false]) func `UTF-16 is read, with bytes of the document`(_ isBig: Bool) {
        let text = "<?xml version='1.0' encoding='UTF-16'?><a>€\u{1F69A}x<b/></a>"
        let bytes: [UInt8] = (isBig ? [0xFE, 0xFF] : [0xFF, 0xFE]) + text.utf16.flatMap {
            isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)]
        }
        for block in [1, 3, 1 << 14] {
            let lines = read(bytes, block: block).sink.lines
            #expect(lines == ["a/b #2 94..<102", "a #1 80..<110 text=€\u{1F69A}x@86..<94"], "block \(block)")
        }
    }

    @Test func `a byte order mark counts as bytes of the document`() {
        #expect(read([0xEF, 0xBB, 0xBF] + Array("<a>1</a>".utf8)).sink.lines == ["a #1 3..<11 text=1@6..<7"])
    }
}
