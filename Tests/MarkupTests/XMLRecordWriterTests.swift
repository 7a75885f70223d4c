import Markup
import Testing

@Suite struct XMLRecordWriterTests {
    @Test func `records hold elements and attributes, and what is nil is not there`() {
        var writer = XMLRecordWriter(
            root: "Orders", record: "Order", namespace: "urn:a&b",
            cells: [.element("Number"), .attribute("line"), .element("Note")])
        writer.write(["4711", "1", nil])
        writer.write(["<&>\"", "a\tb\n\"", ""])
        let bytes = writer.finish()
        #expect(String(decoding: bytes, as: UTF8.self) == """
            <?xml version="1.0" encoding="UTF-8"?>
            <Orders xmlns="urn:a&amp;b">
            <Order line="1"><Number>4711</Number></Order>
            <Order line="a&#9;b&#10;&quot;"><Number>&lt;&amp;&gt;&quot;</Number><Note></Note></Order>
            </Orders>

            """)
        let document = MarkupDocument.read(bytes)
        #expect(document.diagnostics.isEmpty)
        let orders = document.root?.children ?? []
        #expect(orders.map { $0.children.first?.text?.string } == ["4711", "<&>\""])
        #expect(orders.last?.attributes.first?.value == "a\tb\n\"")
        #expect(document.root?.namespace == "urn:a&b")
    }

    @Test func `names and characters that XML cannot have are told`() {
        #expect(["Order", "_a", "a-b.c2"].allSatisfy(XMLRecordWriter.isName))
        #expect(!["", "2a", "a b", "a:b", "é", "xmlThing", "-a"].contains(where: XMLRecordWriter.isName))
        #expect(XMLRecordWriter.unfit("a\u{1}b") == "\u{1}")
        #expect(XMLRecordWriter.unfit("a\u{FFFE}b") == "\u{FFFE}")
        #expect(XMLRecordWriter.unfit("tab\t line\n é 日 😀") == nil)
    }
}
