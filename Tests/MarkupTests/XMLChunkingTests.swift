import Diagnostics
import Formats
import Glibc
@testable import Markup
import Testing

@Suite struct XMLChunkingTests {
    private func same(_ bytes: [UInt8], _ note: String) {
        let whole = read(bytes)
        for (chunk, block) in [(1, 1 << 14), (7, 1 << 14), (.max, 1), (.max, 2), (.max, 5), (3, 64), (.max, 1000)] {
            let cut = read(bytes, chunk: chunk, block: block)
            #expect(cut.sink.lines == whole.sink.lines, "\(note), chunk \(chunk), block \(block)")
            #expect(cut.sink.opened == whole.sink.opened, "\(note), chunk \(chunk), block \(block)")
            #expect(cut.sink.codes == whole.sink.codes, "\(note), chunk \(chunk), block \(block)")
            #expect(cut.summary == whole.summary, "\(note), chunk \(chunk), block \(block)")
            if block == 1 << 14 {
                #expect(cut.sink.findings == whole.sink.findings, "\(note), chunk \(chunk)")
            }
        }
    }

    @Test func `a document reads the same however it is cut`() {
        var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<ORDERS05>\r\n"
        for number in 0..<300 {
            text += "  <E1EDP01 SEGMENT=\"\(number)\" note='Größe &amp; Maß \(number)'>\r\n    <MENGE>\(number).00</MENGE>"
            text += "<TEXT>Türgriff &lt;\(number)&gt; €\r\nzweite Zeile</TEXT><EMPTY/><!-- \(number) --><C><![CDATA[<x>\(number)</x>]]></C>"
            text += "\r\n  </E1EDP01>\r\n"
        }
        same(Array((text + "</ORDERS05>\r\n").utf8), "whole")
        same(Array((text + "</ORDERS05>\r\n").utf8.dropLast(40)), "truncated")
        same(Array((text + "<bad></ORDERS05>\r\n").utf8), "not well-formed")
        let long = "<a><b>" + String(repeating: "lange Straße \n", count: 3000) + "</b><c><![CDATA["
            + String(repeating: "größer ", count: 3000) + "]]></c></a>"
        same(Array(long.utf8), "long texts")
        let (sink, _, _) = read(Array((text + "</ORDERS05>\r\n").utf8), checks: true)
        #expect(sink.wrong == [])
        #expect(sink.lines.count == 300 * 5 + 1)
    }

    /// `../shared` as seen from the package's root, or nil with a word of it.
    private func shared(_ path: String, _ this: String = #filePath) -> String? {
        var root = getenv("CROSSDOCK_SHARED").map { String(cString: $0) }
        if root == nil, let real = realpath(this, nil) {
            defer { free(real) }
            root = String(cString: real).split(separator: "/").dropLast(4).map { "/" + $0 }.joined() + "/shared"
        }
        guard let root, access(root + "/" + path, R_OK) == 0 else {
            print("skipped: ../shared is absent (\(path))")
            return nil
        }
        return root + "/" + path
    }

    @Test func `every XML file of the corpus reads with exact bytes, the same however it is cut`() {
        guard let corpus = shared("corpus") else { return }
        let paths = DocumentFiles.paths(under: corpus).filter { $0.hasSuffix(".xml") }
        #expect(paths.count > 50)
        for path in paths {
            let source = DocumentFiles.bytes(of: path)
            let tolerant = options { $0.externalDocumentType = .ignore }
            // What is UTF-16 does not spell itself in UTF-8.
            let isWide = source.starts(with: [0xFF, 0xFE]) || source.starts(with: [0xFE, 0xFF])
            let whole = read(source, tolerant, checks: !isWide)
            let cut = read(source, chunk: 1000, block: 37, tolerant)
            #expect(whole.sink.wrong == [], "\(path)")
            #expect(cut.sink.lines == whole.sink.lines, "\(path)")
            #expect(cut.sink.codes == whole.sink.codes, "\(path)")
            // Either elements came, or a finding says why not.
            #expect(!whole.sink.lines.isEmpty || !whole.sink.findings.isEmpty, "\(path)")
            let probe = MarkupProbe().probe(
                head: Array(source.prefix(MarkupProbe.window)), tail: Array(source.suffix(MarkupProbe.window)))
            let isSound = !whole.sink.findings.contains { $0.severity == .error }
            if isSound { #expect(probe == .complete, "\(path)") }
        }
    }
}
