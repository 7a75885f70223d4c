import Diagnostics
import FlatFiles
import Formats
import Testing

/// Files that mean harm, or were torn: each ends in a finding within its limits.
@Suite struct TrapTests {
    private let zeros = [UInt8](repeating: 0, count: 10_000_000)
    /// `ORDER 4711` and so on in code page 037, with its line ends.
    private let ebcdic = [UInt8]((0..<200).flatMap { _ in [0xD6, 0xD9, 0xC4, 0xC5, 0xD9, 0x40, 0xF4, 0xF7, 0xF1, 0xF1, 0x15] as [UInt8] })
    private var idoc: IDocReader { IDocReader(segments: IDocSegments()) }

    @Test func `ten megabytes of zeros behind a sound start are told, and not held`() {
        let (sink, summary, reader) = read(Array("a,b\n1,2\n3,".utf8) + zeros)
        #expect(sink.rows == [["1", "2"]])
        #expect(sink.codes == ["CSV-LONG-ROW"])
        #expect(summary.records == 2)
        #expect(reader.arena.nodes.isEmpty)
        #expect(readTree(Array("{\"a\":1}\n{\"a\":".utf8) + zeros, JSONReader()).sink.codes == ["JSON-SYNTAX"])
        let control = "EDI_DC40  100" + String(repeating: "0", count: 16) + String(repeating: " ", count: 10) + "ORDERS05"
        #expect(readTree(Array((control + "\n").utf8) + zeros, idoc).sink.codes.allSatisfy { ["FLAT-NUL", "FLAT-LONG"].contains($0) })
    }

    @Test func `a file of zeros alone is told in every format`() {
        #expect(!read(zeros).0.codes.isEmpty)
        #expect(readTree(zeros, JSONReader()).sink.codes == ["JSON-SYNTAX"])
        #expect(!readTree(zeros, idoc).sink.codes.isEmpty)
    }

    @Test func `EBCDIC is refused in every format, and nothing is read of it`() {
        #expect(read(ebcdic).0.findings.map(\.fact) == ["the document is EBCDIC"])
        #expect(read(ebcdic).0.rows.isEmpty)
        #expect(readTree(ebcdic, JSONReader()).sink.facts == ["the document is EBCDIC"])
        #expect(readTree(ebcdic, idoc).sink.facts == ["the document is EBCDIC"])
    }

    @Test func `an IDoc record without an end is said to be too long, and the next document is read`() {
        let control = "EDI_DC40  100" + String(repeating: "0", count: 15) + "1" + String(repeating: " ", count: 10) + "ORDERS05"
        // No line end within: what follows is cut into records of their fixed length, none of which has a name.
        let text = control + "\n" + String(repeating: "~", count: 10_000_000) + "\n" + control + "\n"
        let (sink, summary) = readTree(Array(text.utf8), idoc)
        #expect(summary.transactionSets == 2)
        #expect(Set(sink.codes) == ["IDOC-SEGMENT"])
        #expect(sink.nodesMax < 100)
    }

    @Test func `a hundred thousand columns are refused with their header`() {
        let (sink, _, _) = read((0..<100_000).map { "c\($0)" }.joined(separator: ",") + "\n1,2\n")
        #expect(sink.codes == ["CSV-HEADER"])
        let (ragged, summary, _) = read("a,b\n" + String(repeating: ",", count: 500_000) + "\n1,2\n")
        #expect(ragged.findings.map(\.fact) == ["row 1 has 500001 cells; 2 expected"])
        #expect(ragged.rows == [["1", "2"]])
        #expect(summary.records == 2)
    }

    @Test func `a million quotes that open and never close cost a line each`() {
        // Each line is broken alone: reading goes on at the next one, and does not look at the rest again and again.
        let text = "a,b\n" + String(repeating: "\"x\"y,1\n", count: 100_000)
        let (sink, summary, _) = read(text)
        #expect(sink.rows.isEmpty)
        #expect(summary.records == 100_000)
        #expect(sink.findings.count == 100_000)
    }
}
