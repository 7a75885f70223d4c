import Configurations
import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct IDocTests {
    private static let segments: IDocSegments = {
        let yaml = """
            idoc: idoc/test
            segments: |
              E1EDK01: ACTION 3, KZABS 1, CURCY 3
              E1EDP01: POSEX 6, MENGE 15
              E1EDP19: QUALF 3, IDTNR 35,
                KTEXT 70
            """
        guard let root = ConfigurationText.parse(yaml, file: "s.yaml").root, let segments = IDocSegments.decode(root).segments else {
            preconditionFailure("the segments do not compile")
        }
        return segments
    }()

    private func pad(_ text: String, _ length: Int) -> String { text + String(repeating: " ", count: length - text.count) }

    private func control(_ number: String, type: String = "ORDERS05", message: String = "ORDERS") -> String {
        pad("EDI_DC40", 10) + "100" + pad(number, 16) + "750 30" + "2   " + pad(type, 30) + pad("", 30) + pad(message, 30) + pad("", 524 - 129)
    }

    private func data(_ segment: String, _ document: String, _ number: Int, _ parent: Int, _ level: Int, _ text: String) -> String {
        func six(_ value: Int) -> String { String(repeating: "0", count: 6 - "\(value)".count) + "\(value)" }
        return pad(segment, 30) + "100" + pad(document, 16) + six(number) + six(parent) + "0\(level)" + pad(text, 1000)
    }

    private func document(_ number: String) -> [String] {
        [
            control(number), data("E2EDK01005", number, 1, 0, 1, "000 EUR"), data("E2EDP01007", number, 2, 0, 2, "00001012.500"),
            data("E2EDP19001", number, 3, 2, 3, "002NW-1001"), data("Z2ADDON000", number, 4, 2, 3, "whatever it is"),
            data("E2EDP01007", number, 5, 0, 2, "000020 3"),
        ]
    }

    private func read(_ text: String, chunk: Int = .max) -> (sink: TreeCollector, summary: SourceSummary) {
        readTree(Array(text.utf8), chunk: chunk, IDocReader(segments: Self.segments))
    }

    private static let expected = [
        "ORDERS05/IDOC/EDI_DC40/TABNAM 4 =EDI_DC40", "ORDERS05/IDOC/EDI_DC40/MANDT 5 =100", "ORDERS05/IDOC/EDI_DC40/DOCNUM 6 =0000000000004711",
        "ORDERS05/IDOC/EDI_DC40/DOCREL 7 =750", "ORDERS05/IDOC/EDI_DC40/STATUS 8 =30", "ORDERS05/IDOC/EDI_DC40/DIRECT 9 =2",
        "ORDERS05/IDOC/EDI_DC40/IDOCTYP 10 =ORDERS05", "ORDERS05/IDOC/EDI_DC40/MESTYP 11 =ORDERS", "ORDERS05/IDOC/EDI_DC40 3",
        "ORDERS05/IDOC/E1EDK01/ACTION 13 =000", "ORDERS05/IDOC/E1EDK01/CURCY 14 =EUR", "ORDERS05/IDOC/E1EDK01 12",
        "ORDERS05/IDOC/E1EDP01/POSEX 16 =000010", "ORDERS05/IDOC/E1EDP01/MENGE 17 =12.500", "ORDERS05/IDOC/E1EDP01/E1EDP19/QUALF 19 =002",
        "ORDERS05/IDOC/E1EDP01/E1EDP19/IDTNR 20 =NW-1001", "ORDERS05/IDOC/E1EDP01/E1EDP19 18",
        "ORDERS05/IDOC/E1EDP01/Z1ADDON/SDATA 22 =whatever_it_is", "ORDERS05/IDOC/E1EDP01/Z1ADDON 21", "ORDERS05/IDOC/E1EDP01 15",
        "ORDERS05/IDOC/E1EDP01/POSEX 24 =000020", "ORDERS05/IDOC/E1EDP01/MENGE 25 =_3", "ORDERS05/IDOC/E1EDP01 23", "ORDERS05/IDOC 2", "ORDERS05 1",
    ]

    @Test func `a document reads as its XML would, whatever stands between records`() {
        let records = document("0000000000004711")
        for text in [records.joined(), records.joined(separator: "\n") + "\n", records.joined(separator: "\r\n"),
                     records.map { String($0.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")] {
            let (sink, summary) = read(text)
            #expect(sink.values == Self.expected)
            #expect(sink.facts == ["segment Z1ADDON has no definition; its data is kept whole"])
            #expect(summary.segments == 6)
            #expect(summary.interchanges == 1)
            for chunk in [1, 7, 524, 4096] { #expect(read(text, chunk: chunk).sink.lines == sink.lines, "chunk \(chunk)") }
        }
        let (sink, _) = read(records.joined(separator: "\n"))
        #expect(sink.lines[13].hasSuffix("=12.500@\(525 + 1064 + 63 + 6)..<\(525 + 1064 + 63 + 12)"))
    }

    @Test func `several documents of a type share a root, and another type begins one`() {
        let text = (document("1") + document("2") + [control("3", type: "DELVRY03", message: "SHPORD"), data("E2EDL20", "3", 1, 0, 1, "80000001")])
            .joined(separator: "\n")
        let (sink, summary) = read(text)
        #expect(sink.values.filter { $0.hasPrefix("ORDERS05/IDOC ") }.count == 2)
        #expect(sink.values.filter { $0.hasPrefix("ORDERS05 ") }.count == 1)
        #expect(sink.values.last?.hasPrefix("DELVRY03 ") == true)
        #expect(sink.codes == ["IDOC-UNKNOWN", "IDOC-UNKNOWN"])
        #expect(summary.interchanges == 3)
    }

    @Test func `gaps, strange documents and lost parents are warned of`() {
        let text = [control("1"), data("E2EDK01005", "1", 1, 0, 1, ""), data("E2EDP01007", "9", 4, 0, 2, ""), data("E2EDP19001", "1", 5, 3, 3, "")]
            .joined(separator: "\n")
        let (sink, _) = read(text)
        #expect(sink.codes == ["IDOC-SEQUENCE", "IDOC-DOCUMENT", "IDOC-PARENT"])
        #expect(sink.values.contains { $0.hasPrefix("ORDERS05/IDOC/E1EDP01/E1EDP19") })
    }

    @Test func `data without a control record and old control records are refused`() {
        let (sink, summary) = read([data("E2EDK01005", "1", 1, 0, 1, ""), pad("EDI_DC", 524), data("E2EDP01007", "1", 1, 0, 1, "")].joined(separator: "\n"))
        #expect(sink.codes == ["IDOC-CONTROL", "IDOC-CONTROL", "IDOC-CONTROL"])
        #expect(sink.lines.isEmpty)
        #expect(summary.records == 3)
        #expect(read("").sink.codes == ["FLAT-EMPTY"])
    }

    @Test func `random records read the same however they are cut`() {
        for seed in 0..<200 {
            var random = Seeded(UInt64(seed))
            let pieces = document("1") + ["EDI_DC40", "\n", "E2", "garbage\n", pad("EDI_DC40", 524), "\u{0}", "ü"]
            let text = (0..<Int.random(in: 1..<9, using: &random)).map { _ in pieces.randomElement(using: &random)! }.joined(separator: seed % 2 == 0 ? "\n" : "")
            let whole = read(text)
            for chunk in [1, 11, 600] {
                let cut = read(text, chunk: chunk)
                #expect(cut.sink.lines == whole.sink.lines && cut.sink.findings == whole.sink.findings && cut.summary == whole.summary, "seed \(seed)")
            }
        }
    }
}
