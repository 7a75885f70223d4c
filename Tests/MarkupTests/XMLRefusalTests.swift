import Diagnostics
import Formats
@testable import Markup
import Testing

@Suite struct XMLRefusalTests {
    private let laughs = """
        <?xml version="1.0"?>
        <!DOCTYPE lolz [
         <!ENTITY lol "lol">
         <!ENTITY lol1 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
         <!ENTITY lol2 "&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;&lol1;">
        ]>
        <lolz>&lol2;</lolz>
        """

    @Test func `a bomb of entities is refused at its declaration and nothing is expanded`() {
        let sink = read(laughs)
        #expect(sink.codes == ["XML-DTD"])
        #expect(sink.lines.isEmpty)
        #expect(sink.findings[0].position.line == 2)
        #expect(sink.findings[0].position.column == 1)
        #expect(sink.findings[0].position.bytes == 22..<37)
    }

    @Test func `an external entity is refused`() {
        let sink = read("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><a>&x;</a>")
        #expect(sink.codes == ["XML-DTD"])
        #expect(sink.lines.isEmpty)
    }

    @Test func `an external document type is refused, or ignored where the feed says so, and declarations never`() {
        let text = "<!DOCTYPE cXML SYSTEM \"http://127.0.0.1:9/cXML.dtd\"><cXML>1</cXML>"
        #expect(read(text).codes == ["XML-DTD"])
        let tolerant = options { $0.externalDocumentType = .ignore }
        #expect(read(text, tolerant).codes == [])
        #expect(read(text, tolerant).lines == ["cXML #1 52..<66 text=1@58..<59"])
        #expect(read(laughs, tolerant).codes == ["XML-DTD"])
        #expect(read("<!DOCTYPE a SYSTEM 'x' [<!ENTITY y 'z'>]><a>&y;</a>", tolerant).codes == ["XML-DTD"])
        #expect(read("<!DOCTYPE a SYSTEM 'x'><a>&y;</a>", tolerant).codes.first == "XML-SYNTAX")
    }

    @Test func `a bare document type does no harm`() {
        #expect(read("<!DOCTYPE a><a>1</a>").codes == [])
    }

    @Test func `an entity that was not declared is an error`() {
        #expect(read("<a>&nbsp;</a>").codes == ["XML-SYNTAX"])
    }

    @Test func `depth, attributes, text and size have limits`() {
        let deep = String(repeating: "<a>", count: 300)
        let sink = read(deep + String(repeating: "</a>", count: 300))
        #expect(sink.codes == ["XML-DEPTH"])
        #expect(sink.findings[0].position.bytes == 768..<771)
        let many = "<a " + (0..<30).map { "a\($0)='x'" }.joined(separator: " ") + "/>"
        #expect(read(many, options { $0.limits.fields = 29 }).codes == ["XML-ATTRIBUTES"])
        #expect(read(many, options { $0.limits.fields = 30 }).codes == [])
        let long = "<a><b>" + String(repeating: "x", count: 1000) + "</b></a>"
        #expect(read(long, options { $0.limits.recordBytes = 999 }).codes == ["XML-TEXT"])
        #expect(read(long, options { $0.limits.recordBytes = 1000 }).codes == [])
        #expect(read("<a b='0123456789'/>", options { $0.limits.recordBytes = 9 }).codes == ["XML-TEXT"])
        let (sized, summary, _) = read(Array(long.utf8), options { $0.limits.documentBytes = 500 })
        #expect(sized.codes == ["XML-SIZE"])
        #expect(summary.bytes == long.utf8.count)
    }

    @Test func `many entities in one attribute cost no more than their bytes`() {
        let text = "<a b='" + String(repeating: "&amp;", count: 50_000) + "'/>"
        let sink = read(text)
        #expect(sink.codes == [])
        #expect(sink.lines[0].hasPrefix("a #1 0..<250009 b=&&&"))
        #expect(sink.lines[0].hasSuffix("@6..<250006"))
    }
}
