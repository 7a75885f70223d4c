import Formats
import Markup
import Testing

@Suite struct MarkupProbeTests {
    private func probe(_ text: String) -> Completeness {
        let bytes = Array(text.utf8)
        return MarkupProbe().probe(
            head: Array(bytes.prefix(MarkupProbe.window)), tail: Array(bytes.suffix(MarkupProbe.window)))
    }

    @Test(arguments: [
        "<a>1</a>", "\u{FEFF}<?xml version='1.0'?>\n<!-- <b> -->\n<a x='>'>\n</a >\n\n", "<a/>", "<n:a x='1' />",
        "<a>1</a><!-- done --><?end?>\n", "<!DOCTYPE a SYSTEM 'x'><a></a>",
    ]) func `a closed root is complete`(_ text: String) {
        #expect(probe(text) == .complete)
    }

    @Test(arguments: ["<a>1", "<a>1</b>", "<a><b>1</b>", "<a>1</a", "<a><b/>", "<a>1</aa>", "<a x='", "<n:a>1</a>"])
    func `a root that is not closed is waited for by name`(_ text: String) {
        guard case .incomplete(let reason) = probe(text) else {
            Issue.record("\(text) is not incomplete")
            return
        }
        #expect(reason.contains("<a>") || reason.contains("<n:a>") || reason == "the root element is not there yet")
    }

    @Test(arguments: ["", "<?xml version='1.0'?>", "<!-- "]) func `a document without its root is incomplete`(_ text: String) {
        #expect(probe(text) == .incomplete("the root element is not there yet"))
    }

    @Test func `room that was set aside and not written yet is not an end`() {
        #expect(MarkupProbe().probe(head: Array("<a>1".utf8) + [0, 0, 0], tail: Array("<a>1".utf8) + [0, 0, 0])
            == .incomplete("the root element is not there yet"))
    }

    @Test func `a large document is judged by its two ends`() {
        let text = "<root>" + String(repeating: "<row>1</row>\n", count: 2000)
        #expect(probe(text + "</root>\n") == .complete)
        #expect(probe(text) != .complete)
    }

    @Test func `UTF-16 is judged like the rest`() {
        let bytes: [UInt8] = [0xFF, 0xFE] + "<a>1</a>\n".utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(MarkupProbe().probe(head: bytes, tail: bytes) == .complete)
    }
}
