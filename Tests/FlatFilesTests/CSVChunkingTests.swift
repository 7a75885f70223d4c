import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct CSVChunkingTests {
    private func same(_ bytes: [UInt8], _ options: CSVOptions = CSVOptions(), _ note: String) {
        let (whole, summary, _) = read(bytes, options)
        for chunk in [1, 2, 3, 5, 7, 16, 61] {
            let (cut, cutSummary, _) = read(bytes, chunk: chunk, options)
            let equal = cut.details == whole.details && cut.rows == whole.rows && cut.findings == whole.findings
                && cut.closed == whole.closed && cutSummary == summary
            #expect(equal, "\(note), chunk \(chunk)")
        }
    }

    @Test func `random documents read the same however they are cut`() {
        let alphabet: [UInt8] = Array("ab1 ,;\"\n\r".utf8) + [0x22, 0x2C, 0x0A, 0x0D, 0xC3, 0xA4, 0x00, 0x1A]
        for seed in 0..<3000 {
            var random = Seeded(UInt64(seed))
            let count = Int.random(in: 0..<120, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random)! }
            let prefix: [UInt8] = seed % 3 == 0 ? [0xEF, 0xBB, 0xBF] : seed % 3 == 1 ? Array("a,b\n".utf8) : []
            let small = options { $0.limits.recordBytes = seed % 2 == 0 ? 1 << 20 : 24 }
            same(prefix + bytes, small, "seed \(seed)")
        }
    }

    @Test func `every byte of a random document belongs to a row, a finding or a line end`() {
        // Rows given + rows refused = rows read, and rows never overlap.
        for seed in 0..<2000 {
            var random = Seeded(UInt64(seed))
            let alphabet: [UInt8] = Array("ab,\"\n".utf8)
            let bytes = Array("a,b\n".utf8) + (0..<80).map { _ in alphabet.randomElement(using: &random)! }
            let (sink, summary, reader) = read(bytes)
            #expect(sink.rows.count + reader.rowsRefused == summary.records, "seed \(seed)")
            #expect(sink.findings.filter { $0.severity == .error }.count == reader.rowsRefused, "seed \(seed)")
        }
    }

    @Test func `what the writer writes the reader reads`() {
        let pieces = ["", "a", " b ", ",", ";", "\"", "\n", "\r\n", "ä€", "\t", "12.50"]
        for seed in 0..<1000 {
            var random = Seeded(UInt64(seed))
            let width = Int.random(in: 1...4, using: &random)
            let rows = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                (0..<width).map { _ in
                    (0..<Int.random(in: 0...3, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined()
                }
            }
            let separator: UInt8 = seed % 2 == 0 ? UInt8(ascii: ",") : UInt8(ascii: ";")
            var writer = CSVWriter(
                header: (0..<width).map { "c\($0)" }, separator: separator, lineEnd: seed % 3 == 0 ? .lf : .crlf)
            for row in rows { writer.write(row) }
            let (sink, _, _) = read(writer.take(), options { $0.separator = [separator] })
            #expect(sink.rows == rows, "seed \(seed)")
            #expect(sink.findings.isEmpty, "seed \(seed)")
        }
    }
}
