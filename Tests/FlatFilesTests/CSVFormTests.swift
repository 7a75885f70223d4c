import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct CSVFormTests {
    @Test func `a separator may be several characters`() {
        let (sink, _, _) = read("a||b||c\n1||\"x||y\"||2|3\n|||||\n", options { $0.separator = Array("||".utf8) })
        #expect(sink.rows == [["1", "x||y", "2|3"], ["", "", "|"]])
        #expect(sink.details[0] == "1 8..<25 a:1@8..<9 b:2@12..<16 c:3@19..<22" || sink.details[0].hasPrefix("1 8..<"))
        #expect(sink.findings.isEmpty)
    }

    @Test func `without a quote character quotes are text`() {
        let (sink, _, _) = read("a,b\n\"1,2\"\n5\" x,\"\"\n", options { $0.quote = nil })
        #expect(sink.rows == [["\"1", "2\""], ["5\" x", "\"\""]])
    }

    @Test func `another quote character quotes`() {
        let (sink, _, _) = read("a,b\n'1,''2',\"\n", options { $0.quote = UInt8(ascii: "'"); $0.separator = [UInt8(ascii: ",")] })
        #expect(sink.rows == [["1,'2", "\""]])
    }

    @Test func `lines before the table and comments are passed over and counted as lines`() {
        let text = "Report of the day\r\n\r\n# columns\r\na,b\r\n# nothing\r\n1,2\r\n#x,y\n3\n"
        let chosen = options { $0.linesSkipped = 2; $0.comment = Array("#".utf8) }
        let (sink, summary, _) = read(text, chosen)
        #expect(sink.rows == [["1", "2"]])
        #expect(sink.codes == ["CSV-RAGGED"])
        #expect(sink.findings[0].position.line == 8)
        #expect(summary.records == 2)
        for chunk in 1...9 { #expect(read(Array(text.utf8), chunk: chunk, chosen).0.details == sink.details) }
    }

    @Test func `mixed line ends end rows alike`() {
        let (sink, _, _) = read("a,b\r1,2\n3,4\r\n5,6\r\r\n7,\"8\r9\n\"\n\r")
        #expect(sink.rows == [["1", "2"], ["3", "4"], ["5", "6"], ["7", "8\r9\n"]])
        #expect(sink.findings.isEmpty)
    }

    @Test func `a quoted cell of ten megabytes is said to be too long where its quote opened`() {
        let cell = String(repeating: "x", count: 10_000_000)
        let (sink, summary, _) = read("a,b\n1,2\n3,\"\(cell)\"\n5,6\n")
        #expect(sink.rows == [["1", "2"], ["5", "6"]])
        #expect(sink.findings.map(\.fact) == ["the quote is not closed within 1048576 bytes"])
        #expect(sink.findings[0].position.bytes == 10..<11)
        #expect(summary.records == 3)
    }

    @Test func `rows longer than a block of the scan read as short ones do`() {
        // Each cell crosses bounds of 64 bytes at another place.
        var text = "a,b,c\n"
        var expected: [[String]] = []
        for length in 0..<200 {
            let long = String(repeating: "z", count: length)
            text += "\(long),\"\(long)\"\"\n\",\"q\(long),\"\r\n"
            expected.append([long, long + "\"\n", "q" + long + ","])
        }
        let (sink, _, _) = read(text)
        #expect(sink.rows == expected)
        #expect(sink.findings.isEmpty)
        for chunk in [1, 63, 64, 65, 4096] { #expect(read(Array(text.utf8), chunk: chunk).0.details == sink.details) }
    }
}
