import FlatFiles
import Formats
import Testing

@Suite struct FixedWriterTests {
    private func text(_ writer: inout FixedWriter) -> String { String(decoding: writer.take(), as: UTF8.self) }

    @Test func `cells stand at their positions, filled on the side that is said`() {
        var writer = FixedWriter(places: [
            FixedWriter.Place(range: 0..<1), FixedWriter.Place(range: 1..<8),
            FixedWriter.Place(range: 10..<16, alignment: .right, fill: UInt8(ascii: "0")), FixedWriter.Place(range: 16..<20, alignment: .right),
        ], length: 24)
        #expect(writer.write(["L", "NW-1001", "42", "EA"]).isEmpty)
        #expect(text(&writer) == "LNW-1001  000042  EA    \r\n")
        #expect(writer.write(["L", "é", "-42", ""]).isEmpty)
        #expect(text(&writer) == "Lé        -00042        \r\n")
        #expect(writer.write(["", "", "", ""]).isEmpty)
        #expect(text(&writer) == String(repeating: " ", count: 24) + "\r\n")
    }

    @Test func `a cell that does not fit is refused and its place is blank, or cut where that is said`() {
        var writer = FixedWriter(places: [FixedWriter.Place(range: 0..<4), FixedWriter.Place(range: 4..<7, isCut: true)], lineEnd: [0x0A])
        #expect(writer.write(["12345", "ABCDE"]) == [
            FixedWriter.Refusal(cell: 0, fact: "`12345` has 5 characters; positions 1-4 hold 4"),
        ])
        #expect(text(&writer) == "    ABC\n")
        #expect(writer.write(["1\n2", "x"]).map(\.fact) == ["U+A has no place in a record"])
        #expect(text(&writer) == "    x  \n")
    }

    @Test func `without line ends records stand one after the other`() {
        var writer = FixedWriter(places: [FixedWriter.Place(range: 0..<2)], length: 3, lineEnd: [])
        #expect(writer.write(["a"]).isEmpty)
        #expect(writer.write(["b"]).isEmpty)
        #expect(text(&writer) == "a  b  ")
    }

    @Test func `what the writer writes a layout reads`() {
        var writer = FixedWriter(places: [
            FixedWriter.Place(range: 0..<1), FixedWriter.Place(range: 1..<9), FixedWriter.Place(range: 9..<14, alignment: .right, fill: UInt8(ascii: "0")),
        ])
        for row in [["L", "NW-1", "7"], ["L", "Ärger 2", "-120"], ["L", "", "00000"]] { #expect(writer.write(row).isEmpty) }
        let yaml = """
            layout: flat/test
            form: fixed
            tag: 1
            records:
              - { record: line, tag: L, fields: { item: 2-9, quantity: 10-14 } }
            """
        let sink = readTree(writer.take(), LayoutReader(layout: layout(yaml))).sink
        #expect(sink.codes == [])
        #expect(sink.values == [
            "file/line 1 item=NW-1 quantity=00007", "file/line 2 item=Ärger_2 quantity=-0120", "file/line 3 quantity=00000", "file 1",
        ])
    }

    @Test func `encodings of one byte spell what they have`() {
        let text = "Zoë €5 Š"
        for encoding in [TextEncoding.windows1252, .latin9] {
            #expect(encoding.unfit(text) == nil)
            let bytes = encoding.spell(Array(text.utf8))
            #expect(bytes.count == 8)
            #expect(String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0 < 0x80 ? UInt32($0) : encoding.scalar($0)) ?? "?" })) == text)
        }
        #expect(TextEncoding.latin1.unfit(text) == "€")
        #expect(TextEncoding.latin1.spell(Array("a€b".utf8)) == Array("a?b".utf8))
        #expect(TextEncoding.windows1252.unfit("\u{FFFD}") == "\u{FFFD}")
        #expect(TextEncoding.utf8.unfit("日本") == nil)
    }
}
