import Diagnostics
import FlatFiles
import Formats
import Testing

@Suite struct LayoutTests {
    private static let orders = layout("""
        layout: flat/orders
        form: separated
        separator: ";"
        tag: 1
        mark: ","
        records:
          - record: order
            tag: H
            required: true
            fields: { number: 2, date: 3 }
            holds:
              - record: line
                tag: [L, LX]
                fields: { item: 2, quantity: 3 }
              - record: total
                tag: T
                required: true
                max: 1
                fields: { lines: 2, sum: 3 }
                checks:
                  - { field: lines, counts: line }
                  - { field: sum, sums: line.quantity }
          - record: end
            tag: Z
            fields: { records: 2 }
            checks:
              - { field: records, counts: [order, line, total] }
        """)

    @Test func `records nest, and trailers that are right are silent`() {
        let text = "H;4711;20261101\nL;NW-1;2,5\nLX;\"NW;2\";3\nT;2;5,5\r\nH;4712;20261102\nT;0;0\nZ;6\n"
        let (sink, summary) = readTree(Array(text.utf8), LayoutReader(layout: Self.orders))
        #expect(sink.values == [
            "file/order/line 2 item=NW-1 quantity=2,5", "file/order/line 3 item=NW;2 quantity=3", "file/order/total 4 lines=2 sum=5,5",
            "file/order 1 number=4711 date=20261101", "file/order/total 6 lines=0 sum=0", "file/order 5 number=4712 date=20261102",
            "file/end 7 records=6", "file 1",
        ])
        #expect(sink.lines[1].hasPrefix("file/order/line 3 27..<38 item=NW;2@31..<35"))
        #expect(sink.findings.isEmpty)
        #expect(summary.records == 7)
        #expect(summary.format == "flat")
    }

    @Test func `wrong counts and sums say what was declared and what was read`() {
        let text = "H;1;x\nL;a;1,5\nL;b;2\nT;3;3,50\nH;2;y\nL;c;viel\nT;1;9\nZ;9\n"
        let (sink, _) = readTree(Array(text.utf8), LayoutReader(layout: Self.orders, file: "o.txt"))
        #expect(sink.facts == [
            "total lines declares 3 line records; 2 were read", "total sum declares 9 as the sum of line.quantity, of which some are no numbers",
            "end records declares 9 order, line, total records; 7 were read",
        ])
        #expect(sink.codes == ["FLAT-COUNT", "FLAT-SUM", "FLAT-COUNT"])
        #expect(sink.findings[0].position.bytes == 22..<23)
        #expect(sink.findings[0].position.line == 4)
        let other = readTree(Array("H;1;x\nL;a;1,5\nT;1;1,4\nZ;3\n".utf8), LayoutReader(layout: Self.orders)).sink
        #expect(other.facts == ["total sum declares 1,4 as the sum of line.quantity; 1.5 was read"])
    }

    @Test func `what is unknown, out of place, too much or missing is named`() {
        let text = "L;a;1\nH;1;x\nQ;?\nT;0;0\nT;0;0\nH;2;y\n"
        let (sink, summary) = readTree(Array(text.utf8), LayoutReader(layout: Self.orders))
        #expect(sink.codes == ["FLAT-ORDER", "FLAT-TAG", "FLAT-REPEAT", "FLAT-MISSING"])
        #expect(sink.facts[0] == "record 1, line, stands outside of a order record")
        #expect(sink.facts[1] == "record 3 is of no kind that the layout knows `Q`")
        #expect(sink.facts[3] == "record order has no record total")
        #expect(summary.records == 6)
    }

    private static let fixed = layout("""
        layout: flat/fixed
        form: fixed
        tag: 1-2
        records:
          - record: head
            tag: HD
            fields: { number: 3-8, name: 9-14 }
            holds:
              - record: line
                matches: "^L[0-9]"
                fields: { item: 3-8, quantity: 9-12 }
        """)

    @Test func `fixed fields are cut by characters, blanks around them dropped`() {
        let text = "HD  4711Müller\nL1NW-1    12\nL2ä€😀\n"
        let (sink, _) = readTree(Array(text.utf8), LayoutReader(layout: Self.fixed))
        #expect(sink.lines == [
            "file/head/line 2 16..<28 item=NW-1@18..<22 quantity=12@26..<28", "file/head/line 3 29..<40 item=ä€😀@31..<40",
            "file/head 1 0..<40 number=4711@4..<8 name=Müller@8..<15", "file 1 0..<40",
        ])
        #expect(sink.findings.isEmpty)
    }

    @Test func `bytes are counted where the layout says so`() {
        let yaml = "layout: flat/b\nform: fixed\nunit: bytes\nencoding: windows-1252\nrecords:\n  - record: row\n    fields: { a: 1-2, b: 3-4 }\n"
        let bytes: [UInt8] = [0xFC, 0x20, 0x80, 0x31, 0x0A]
        let (sink, _) = readTree(bytes, LayoutReader(layout: layout(yaml.replacing("unit: bytes\n", with: ""))))
        #expect(readTree(bytes, LayoutReader(layout: layout(yaml))).sink.lines == sink.lines, "a byte of Windows-1252 is a character")
        #expect(sink.lines[0] == "file/row 1 0..<4 a=ü@0..<1 b=€1@2..<4")
        let plain = readTree(Array("ü1x\n".utf8), LayoutReader(layout: layout(yaml.replacing("windows-1252", with: "utf-8")))).sink
        #expect(plain.values[0] == "file/row 1 a=ü b=1x")
    }

    @Test func `records of a fixed length come with line ends and without`() {
        let yaml = "layout: flat/l\nform: fixed\nrecordLength: 6\ntag: 1\nrecords:\n  - { record: a, tag: A, fields: { x: 2-6 } }\n  - { record: b, tag: B, fields: { y: 2-4 } }\n"
        let chosen = layout(yaml)
        let expected = ["file/a 1 x=12345", "file/b 2 y=99", "file/a 3 x=7", "file 1"]
        for text in ["A12345B99   A7    ", "A12345\nB99   \nA7    \n", "A12345\r\nB99   \r\nA7    \r\n", "A12345B99   \rA7    "] {
            for chunk in [1, 2, 5, 64] {
                let (sink, summary) = readTree(Array(text.utf8), chunk: chunk, LayoutReader(layout: chosen))
                #expect(sink.values == expected, "\(text.debugDescription), chunk \(chunk)")
                #expect(sink.findings.isEmpty)
                #expect(summary.records == 3)
            }
        }
        let short = readTree(Array("A12345\nB9\nA1\n".utf8), LayoutReader(layout: chosen)).sink
        #expect(short.codes == ["FLAT-SHORT", "FLAT-SHORT"])
        #expect(short.values.count == 4)
    }

    @Test func `NUL, EBCDIC, long and empty documents are said`() {
        let reader = LayoutReader(layout: Self.fixed)
        #expect(readTree(Array("HD 1\u{0}2\nHD3\n".utf8), reader).sink.codes == ["FLAT-NUL"])
        #expect(readTree([], reader).sink.codes == ["FLAT-EMPTY"])
        #expect(readTree([0xC8, 0xC4, 0xF4, 0xF7, 0xF1, 0xF1, 0x40, 0x40, 0x15], reader).sink.facts == ["the document is EBCDIC"])
        let long = readTree(Array("HD1\nHD".utf8) + [UInt8](repeating: 0x41, count: 10_000_000) + Array("\nHD2\n".utf8), reader)
        #expect(long.sink.codes == ["FLAT-LONG"])
        #expect(long.summary.records == 3)
        #expect(readTree(Array("HD  4711Müllerxyz\n".utf8), reader).sink.codes == ["FLAT-LONG"])
    }

    @Test func `random bytes read the same however they are cut, and every record is given, refused or reported`() {
        for seed in 0..<1500 {
            var random = Seeded(UInt64(seed))
            let alphabet = Array("HDLTZ12;\"\n\r  ".utf8) + [0xC3, 0xBC, 0x00]
            let bytes = (0..<Int.random(in: 0..<160, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
            let chosen = seed % 2 == 0 ? Self.orders : Self.fixed
            var limits = ReadLimits()
            if seed % 3 == 0 { limits.recordBytes = 20 }
            let whole = readTree(bytes, LayoutReader(layout: chosen, limits: limits))
            for chunk in [1, 3, 7, 64] {
                let cut = readTree(bytes, chunk: chunk, LayoutReader(layout: chosen, limits: limits))
                #expect(cut.sink.lines == whole.sink.lines && cut.sink.findings == whole.sink.findings && cut.summary == whole.summary, "seed \(seed), chunk \(chunk)")
            }
        }
    }

    @Test func `defects of a layout file are told with their lines`() {
        #expect(layoutFindings("layout: x\nform: fixed\nrecords:\n  - record: a\n    fields: { x: 3-1 }\n")[0].hasPrefix("5 "))
        #expect(layoutFindings("layout: x\nform: fixed\nrecords:\n  - { record: a, tag: A, fields: { x: 1 } }\n")
            == ["1 records have tags, and `tag` does not say where they stand"])
        #expect(layoutFindings("layout: x\nform: separated\nrecords:\n  - record: a\n    fields: { x: 1 }\n    checks:\n      - { field: y, counts: b }\n")
            == ["7 record `a` has no field `y`"])
        #expect(layoutFindings("layout: x\nform: fixed\nrecordLength: 4\nrecords:\n  - record: a\n    fields: { x: 2-5 }\n")
            == ["6 `x` ends behind the record, which has 4"])
        #expect(layoutFindings("layout: x\nform: fixed\nrecords:\n  - record: a\n    matches: \"(\"\n    fields: { x: 1 }\n").count == 1)
    }
}
