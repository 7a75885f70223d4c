import Diagnostics
import Formats
@testable import Markup
import Testing

/// Documents that mean harm: each ends in a finding, and what the reader holds meanwhile is counted.
@Suite struct XMLTrapTests {
    /// Forgets every node, and remembers how much there was at once.
    private struct Gauge: SourceSink {
        var codes: [String] = []
        var facts: [String] = []
        var nodes = 0, nodesMax = 0, textMax = 0

        mutating func opened(_ node: Int32, in arena: inout SourceArena) { measure(arena) }
        mutating func closed(_ node: Int32, in arena: inout SourceArena) {
            nodes += 1
            measure(arena)
            arena.discard(from: node)
        }
        mutating func found(_ diagnostic: Diagnostic) {
            codes.append(diagnostic.code.name)
            facts.append(diagnostic.fact)
        }
        private mutating func measure(_ arena: SourceArena) {
            nodesMax = max(nodesMax, arena.nodes.count)
            textMax = max(textMax, arena.text.count)
        }
    }

    private func gauge(_ bytes: [UInt8], piece: Int = 1 << 18) -> (gauge: Gauge, summary: SourceSummary) {
        var gauge = Gauge()
        let reader = XMLReader()
        bytes.withUnsafeBufferPointer { all in
            var at = 0
            while at < all.count {
                let end = min(all.count, at + piece)
                reader.read(UnsafeBufferPointer(rebasing: all[at..<end]), into: &gauge)
                at = end
            }
        }
        let summary = reader.finish(into: &gauge)
        return (gauge, summary)
    }

    @Test func `a million levels stop at the limit`() {
        let bytes = Array(String(repeating: "<a>", count: 1_000_000).utf8)
        let (gauge, summary) = gauge(bytes)
        #expect(gauge.codes == ["XML-DEPTH"])
        #expect(gauge.nodesMax <= 256)
        #expect(summary.records == 256)
        #expect(summary.bytes == 3_000_000)
    }

    @Test func `a text of ten megabytes stops at the limit, spelt plainly, in a section or by references`() {
        let plain = [UInt8](repeating: 0x78, count: 10_000_000)
        for (head, tail) in [("<a><b>", "</b></a>"), ("<a><b><![CDATA[", "]]></b></a>")] {
            let (gauge, _) = gauge(Array(head.utf8) + plain + Array(tail.utf8))
            #expect(gauge.codes == ["XML-TEXT"])
            #expect(gauge.facts == ["the text of an element is longer than 1048576 bytes"])
            #expect(gauge.textMax == 0)
        }
        let references = "<a>" + String(repeating: "&#65;", count: 2_000_000) + "</a>"
        #expect(gauge(Array(references.utf8)).gauge.codes == ["XML-TEXT"])
    }

    @Test func `an attribute, a name or a comment of ten megabytes and more ends the reading`() {
        let filling = String(repeating: "x", count: 12_000_000)
        #expect(gauge(Array("<a b='\(filling)'/>".utf8)).gauge.codes.last == "XML-SYNTAX")
        #expect(gauge(Array("<a b='\(filling.prefix(2_000_000))'/>".utf8)).gauge.codes == ["XML-TEXT"])
        #expect(gauge(Array("<a b='\(filling)".utf8)).gauge.codes.count == 1)
        #expect(gauge(Array("<\(filling)/>".utf8)).gauge.codes.last == "XML-SYNTAX")
        #expect(gauge(Array("<a><!-- \(filling)".utf8)).gauge.codes.count == 1)
        #expect(gauge(Array("<a><?p \(filling)".utf8)).gauge.codes.count == 1)
    }

    @Test func `a million attributes are refused`() {
        let many = "<a " + (0..<1_000_000).map { "a\($0)=''" }.joined(separator: " ") + "/>"
        #expect(["XML-ATTRIBUTES", "XML-SYNTAX"].contains(gauge(Array(many.utf8)).gauge.codes.last))
        let few = "<a " + (0..<5000).map { "a\($0)=''" }.joined(separator: " ") + "/>"
        #expect(gauge(Array(few.utf8)).gauge.codes == ["XML-ATTRIBUTES"])
    }

    @Test func `names without end are refused`() {
        let text = "<a>" + (0..<70_000).map { "<n\($0)/>" }.joined() + "</a>"
        let (gauge, summary) = gauge(Array(text.utf8))
        #expect(gauge.codes == ["XML-NAMES"])
        #expect(summary.records == 65_536)
        #expect(gauge.nodesMax == 2)
    }

    @Test func `NUL bytes are an error where they stand`() {
        for text in ["<a>1\u{0}2</a>", "<a b='\u{0}'/>", "<a\u{0}/>", "<a/>\u{0}\u{0}"] {
            let (gauge, _) = gauge(Array(text.utf8))
            #expect(gauge.codes.count == 1 && ["XML-SYNTAX", "XML-TRUNCATED"].contains(gauge.codes[0]), "\(text.debugDescription): \(gauge.codes)")
        }
        let zeros = gauge([UInt8](repeating: 0, count: 1_000_000)).gauge
        #expect(zeros.codes == ["XML-ENCODING"])
    }

    @Test func `EBCDIC is refused, and UTF-16 without a mark is read`() {
        // `<?xml` in code page 037.
        #expect(gauge([0x4C, 0x6F, 0xA7, 0x94, 0x93, 0x40] + [UInt8](repeating: 0x81, count: 4000)).gauge.codes == ["XML-ENCODING"])
        for isBig in [true, false] {
            let bytes = "<a><b>é</b></a>".utf16.flatMap { isBig ? [UInt8($0 >> 8), UInt8($0 & 0xFF)] : [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            let (gauge, summary) = gauge(bytes)
            #expect(gauge.codes == [] && summary.records == 2)
        }
    }

    @Test func `entities that grow by squares or fetch are refused where they are declared`() {
        let square = "<!DOCTYPE a [<!ENTITY x \"" + String(repeating: "x", count: 100_000) + "\">]><a>" + String(repeating: "&x;", count: 100_000) + "</a>"
        #expect(gauge(Array(square.utf8)).gauge.codes == ["XML-DTD"])
        for text in ["<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]><a/>", "<!DOCTYPE a PUBLIC 'x' 'file:///etc/passwd'><a/>"] {
            #expect(gauge(Array(text.utf8)).gauge.codes == ["XML-DTD"])
        }
    }
}
