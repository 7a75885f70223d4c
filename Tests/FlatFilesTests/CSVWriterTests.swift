import FlatFiles
import Formats
import Testing

@Suite struct CSVWriterTests {
    @Test func `cells are quoted only where they must be`() {
        var writer = CSVWriter(header: ["order", "note"])
        writer.write(["850-1", "say \"hi\""])
        writer.write(["a,b", "two\nlines"])
        writer.write([" padded", "5;6"])
        #expect(String(decoding: writer.take(), as: UTF8.self)
            == "order,note\r\n850-1,\"say \"\"hi\"\"\"\r\n\"a,b\",\"two\nlines\"\r\n\" padded\",5;6\r\n")
        #expect(writer.take().isEmpty)
    }

    @Test func `separator and line end are as chosen`() {
        var writer = CSVWriter(separator: 0x09, lineEnd: .lf)
        writer.write(["a", "b,c", "d\te"])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "a\tb,c\t\"d\te\"\n")
    }

    @Test func `a lone empty cell is not a blank line`() {
        var writer = CSVWriter(lineEnd: .lf)
        writer.write([""])
        writer.write(["", ""])
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "\"\"\n,\n")
    }

    @Test func `a probe of CSV knows no end`() {
        #expect(CSVProbe().probe(head: Array("a,b\n".utf8), tail: Array("1,2\n".utf8)) == .unknown)
    }
}
