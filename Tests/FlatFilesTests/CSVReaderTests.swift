import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct CSVReaderTests {
    @Test func `rows carry names, positions and byte ranges`() {
        let (sink, summary, reader) = read("sku,qty\nA1,5\nB2,\"6\"\n")
        #expect(sink.rows == [["A1", "5"], ["B2", "6"]])
        #expect(sink.details == [
            "1 8..<12 sku:1@8..<10 qty:2@11..<12",
            "2 13..<19 sku:1@13..<15 qty:2@17..<18",
        ])
        #expect(sink.opened == ["file"])
        #expect(sink.closed == ["file 0..<20"])
        #expect(sink.findings.isEmpty)
        #expect(summary.records == 2)
        #expect(summary.bytes == 20)
        #expect(reader.columns == ["sku", "qty"])
    }

    @Test func `quoted cells hold separators, line ends and doubled quotes`() {
        let (sink, _, _) = read("a,b\n\"x,\"\"y\"\"\",\"line 1\r\nline 2\nline 3\"\n\"\",\"\"\"\"\n")
        #expect(sink.rows == [["x,\"y\"", "line 1\r\nline 2\nline 3"], ["", "\""]])
        #expect(sink.findings.isEmpty)
    }

    @Test(arguments: ["\n", "\r\n", "\r"]) func `every line end ends a row`(_ end: String) {
        let (sink, _, _) = read(["a,b", "1,2", "", "3,4"].joined(separator: end))
        #expect(sink.rows == [["1", "2"], ["3", "4"]])
        #expect(sink.details.map { $0.prefix(1) } == ["1", "2"])
    }

    @Test func `a byte order mark is not part of the first name`() {
        let (sink, _, reader) = read([0xEF, 0xBB, 0xBF] + Array("a,b\n1,2\n".utf8))
        #expect(reader.columns == ["a", "b"])
        #expect(sink.details == ["1 7..<10 a:1@7..<8 b:2@9..<10"])
    }

    @Test(arguments: [",", ";", "\t", "|"]) func `the separator is found from the header`(_ separator: String) {
        let (sink, _, _) = read("a\(separator)b c\(separator)\"x,;|\t,;|\t,,;;||\"\n1\(separator)2\(separator)3\n")
        #expect(sink.rows == [["1", "2", "3"]])
    }

    @Test func `a line that says sep is obeyed and is no row`() {
        let (sink, _, _) = read("sep=;\r\na;b,c,d\r\n1;2\r\n")
        #expect(sink.rows == [["1", "2"]])
        #expect(sink.findings.isEmpty)
    }

    @Test func `a given separator beats what the header looks like`() {
        let (sink, _, _) = read("a,b;c\n1,2;3\n", options { $0.separator = [UInt8(ascii: ";")] })
        #expect(sink.rows == [["1,2", "3"]])
    }

    @Test func `without a header columns have positions and no names`() {
        let (sink, summary, _) = read("1,2\n3,4\n", options { $0.header = .none })
        #expect(sink.details == ["1 0..<3 -:1@0..<1 -:2@2..<3", "2 4..<7 -:1@4..<5 -:2@6..<7"])
        #expect(summary.records == 2)
    }

    @Test func `without a header columns can be given names`() {
        let (sink, _, _) = read("1,2\n3\n", options { $0.header = .names(["a", "b"]) })
        #expect(sink.details == ["1 0..<3 a:1@0..<1 b:2@2..<3"])
        #expect(sink.codes == ["CSV-RAGGED"])
    }

    @Test func `a ragged row is reported and its siblings go on`() {
        let (sink, summary, reader) = read("a,b,c\n1,2,3\n4,5\n6,7,8,9\n10,11,12\n", options { $0.file = "in.csv" })
        #expect(sink.rows == [["1", "2", "3"], ["10", "11", "12"]])
        #expect(sink.details.last?.hasPrefix("4 ") == true)
        #expect(sink.codes == ["CSV-RAGGED", "CSV-RAGGED"])
        #expect(sink.findings[0].fact == "row 2 has 2 cells; 3 expected")
        #expect(sink.findings[0].position.bytes == 12..<15)
        #expect(sink.findings[0].position.line == 3)
        #expect(sink.findings[0].position.place == .cell(row: 2, column: nil, name: nil))
        #expect(sink.findings[0].text.hasPrefix("in.csv:3: error[CSV-RAGGED]: row 2 has 2 cells; 3 expected\n  at row 2"))
        #expect(summary.records == 4)
        #expect(reader.rowsRefused == 2)
    }

    @Test func `lines are counted through quoted line ends`() {
        let (sink, _, _) = read("a,b\n\"1\r\n2\n3\r4\",x\n\n5\n")
        #expect(sink.findings.map(\.position.line) == [7])
    }

    @Test func `an unclosed quote is reported where it opened and reading goes on at the next line`() {
        let (sink, summary, _) = read("a,b\n1,2\n3,\"4\n5,6\n7,8")
        #expect(sink.rows == [["1", "2"], ["5", "6"], ["7", "8"]])
        #expect(sink.codes == ["CSV-QUOTE"])
        let position = sink.findings[0].position
        #expect(position.bytes == 10..<11)
        #expect(position.line == 3)
        #expect(position.column == 3)
        #expect(position.place == .cell(row: 2, column: 2, name: "b"))
        #expect(summary.records == 4)
    }

    @Test func `a quote that closes too far down is found by the text after it`() {
        let (sink, _, _) = read("a,b\n1,\"two\r\n3,four\r\n5,\"six\"\r\n7,8\r\n")
        #expect(sink.rows == [["3", "four"], ["5", "six"], ["7", "8"]])
        #expect(sink.findings.map(\.fact) == ["text follows the quote that closes the cell, at byte 23"])
        #expect(sink.findings[0].position.line == 2)
    }

    @Test func `text after a closing quote costs only its own line`() {
        let (sink, _, _) = read("a,b\n\"1\"x,2\n3,4\n")
        #expect(sink.rows == [["3", "4"]])
        #expect(sink.codes == ["CSV-QUOTE"])
    }

    @Test func `a quote within a plain cell is text`() {
        let (sink, _, _) = read("a,b\n5\" pipe,x\"\"y\n")
        #expect(sink.rows == [["5\" pipe", "x\"\"y"]])
        #expect(sink.findings.isEmpty)
    }

    @Test func `a row over the limit is skipped, quoted or not`() {
        let small = options { $0.limits.recordBytes = 16 }
        let (sink, _, _) = read("a,b\n0123456789abcdef,x\n1,2\n3,\"45678901234567890\n5,6\nabcdefgh,1234567\n", small)
        #expect(sink.codes == ["CSV-LONG-ROW", "CSV-QUOTE"])
        #expect(sink.rows == [["1", "2"], ["5", "6"], ["abcdefgh", "1234567"]])
        #expect(sink.details.map { $0.prefix(1) } == ["2", "4", "5"])
    }

    @Test func `a row with NUL bytes is reported and not given on`() {
        let (sink, _, _) = read(Array("a,b\n1,2\n".utf8) + [UInt8](repeating: 0, count: 500) + Array("\n3,4\n".utf8))
        #expect(sink.rows == [["1", "2"], ["3", "4"]])
        #expect(sink.codes == ["CSV-NUL"])
        #expect(sink.findings[0].position.bytes == 8..<508)
    }

    @Test func `bytes that are not UTF-8 are flagged with their cell`() {
        let (sink, _, _) = read(Array("a,näme\n1,".utf8) + [0x4D, 0xFC, 0x6C, 0x6C] + Array("\n2,Müll\n".utf8))
        #expect(sink.codes == ["CSV-UTF8"])
        #expect(sink.findings[0].severity == .warning)
        #expect(sink.findings[0].position.place == .cell(row: 1, column: 2, name: "näme"))
        #expect(sink.findings[0].position.bytes == 11..<12)
        #expect(sink.rows == [["1", "M\u{FFFD}ll"], ["2", "Müll"]])
    }

    @Test func `other encodings are read when they are named`() {
        let bytes = Array("a\n".utf8) + [0x4D, 0xFC, 0x80, 0x93, 0x0A]
        #expect(read(bytes, options { $0.encoding = .windows1252 }).0.rows == [["Mü€\u{201C}"]])
        #expect(read(bytes, options { $0.encoding = .latin1 }).0.rows == [["Mü\u{80}\u{93}"]])
    }

    @Test(arguments: ["", "\n\r\n\n", "\u{FEFF}", "\u{FEFF}\n", "\u{1A}"]) func `an empty document is said to be empty`(_ text: String) {
        let (sink, summary, _) = read(text)
        #expect(sink.codes == ["CSV-EMPTY"])
        #expect(sink.opened == sink.closed)
        #expect(summary.bytes == text.utf8.count)
    }

    @Test func `a header alone is a document of no rows`() {
        let (sink, summary, _) = read("a,b\n")
        #expect(sink.findings.isEmpty)
        #expect(summary.records == 0)
        #expect(sink.closed == ["file 0..<4"])
    }

    @Test func `columns with one name are told apart and reported`() {
        let (sink, _, reader) = read(" qty ,qty,\n1,2,3\n")
        #expect(reader.columns == ["qty", "qty (2)", ""])
        #expect(sink.codes == ["CSV-HEADER-DUPLICATE", "CSV-HEADER-BLANK"])
        #expect(sink.details == ["1 11..<16 qty:1@11..<12 qty (2):2@13..<14 -:3@15..<16"])
    }

    @Test func `a header that cannot be read refuses the document`() {
        let (sink, summary, _) = read("a,\"b\n1,2\n")
        #expect(sink.codes == ["CSV-QUOTE", "CSV-HEADER"])
        #expect(sink.rows.isEmpty)
        #expect(summary.records == 0)
    }

    @Test func `a document over the limit is read up to it`() {
        let (sink, summary, _) = read("a,b\n1,2\n3,4\n5,6\n", options { $0.limits.documentBytes = 10 })
        #expect(sink.codes == ["CSV-SIZE"])
        #expect(sink.rows == [["1", "2"]])
        #expect(summary.bytes == 16)
    }

    @Test func `a control-Z at the end is not a row`() {
        let (sink, _, _) = read("a,b\r\n1,2\r\n\u{1A}")
        #expect(sink.rows == [["1", "2"]])
        #expect(sink.findings.isEmpty)
    }
}
