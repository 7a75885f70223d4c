import Diagnostics
import FEEL
import Formats
import Mapping
import Records
import Testing
import Values

/// Orders as EDIFACT, through a feed of `format: edifact`.
@Suite struct EDIFACTTests {
    static let files = [
        BundleFile(path: "Mappings/feeds/edifact-orders.yaml", bytes: Array("""
            feed: edifact-orders
            format: edifact
            mappings: [edifact/orders]
            """.utf8)),
        BundleFile(path: "Mappings/partners/edifact-buyer.yaml", bytes: Array("""
            partner: edifact-buyer
            client: NORDWIND
            identifiers:
              - { qualifier: "14", id: "4012345000001" }
            """.utf8)),
        BundleFile(path: "Mappings/edifact/orders.yaml", bytes: Array("""
            mapping: edifact/orders
            reads: { format: edifact, transactionSet: ORDERS, versions: [D96A] }
            records:
              - record: order
                each: transactionSet
                fields:
                  orderNumber: BGM02
                  customer:    "NAD[NAD01=BY]/NAD02-1"
                  shipTo:      "NAD[NAD01=DP]/NAD02-1"
                  orderedOn:   "DTM[DTM01-1=137]/DTM01-2"
                  promisedAt:  { at: "DTM[DTM01-1=2]/DTM01-2", zone: business }
                  currency:    { at: CUX01-2, default: EUR }
              - record: orderLine
                each: LIN
                fields:
                  orderNumber:   order.orderNumber
                  lineNumber:    LIN01
                  item:          "PIA[PIA01=5]/PIA02-1"
                  customerItem:  LIN03-1
                  quantity:      { at: "QTY[QTY01-1=21]/QTY01-2", as: decimal }
                  unitOfMeasure: "QTY[QTY01-1=21]/QTY01-3"
                  unitPrice:     { at: "PRI[PRI01-1=AAA]/PRI01-2", as: decimal }
            """.utf8)),
    ]

    static let library = Result { () throws -> MappingLibrary in
        let compiled = MappingLibrary.compile(try Project.bundle() + files)
        guard let library = compiled.library else { throw MissingFeed(name: compiled.diagnostics.map(\.text).joined(separator: "\n")) }
        return library
    }

    static let order = """
        UNA:+.? '
        UNB+UNOC:3+4012345000001:14+4098765000001:14+261121:0938+REF1'
        UNH+1+ORDERS:D:96A:UN:EAN008'
        BGM+220+PO?+4711+9'
        DTM+137:20261121:102'
        DTM+2:202611251400:203'
        NAD+BY+4012345000018::9'
        NAD+DP+4012345000025::9'
        CUX+2:CHF:9'
        LIN+1++4000000034160:EN'
        PIA+5+NW-1001:SA'
        QTY+21:93:PCE'
        PRI+AAA:62.74'
        LIN+2++4000000034177:EN'
        PIA+5+NW-1002:SA'
        QTY+21:7:PCE'
        UNS+S'
        CNT+2:2'
        UNT+17+1'
        UNZ+1+REF1'

        """

    @Test func `a message becomes an order and its lines, with each field's bytes`() throws {
        let bytes = Array(Self.order.utf8)
        let (summary, outcome, taken) = try readFeed("edifact-orders", bytes, library: try Self.library.get())
        #expect(taken.findings == [])
        #expect(summary.format == "edifact" && outcome.transactionSetsAccepted == 1 && outcome.accepted == 3)
        let order = try #require(taken.of(.order).first)
        #expect(order["client"].text == "NORDWIND" && order["orderNumber"].text == "PO+4711" && order["currency"].text == "CHF")
        #expect(order["customer"].text == "4012345000018" && order["shipTo"].text == "4012345000025")
        #expect(order["orderedOn"].text == "2026-11-21" && order["promisedAt"].text.hasPrefix("2026-11-25T13:00:00"))
        let lines = taken.of(.orderLine)
        #expect(lines.map { $0["lineNumber"].text } == ["1", "2"] && lines.map { $0["quantity"].text } == ["93", "7"])
        #expect(lines.map { $0["item"].text } == ["NW-1001", "NW-1002"] && lines[1]["unitPrice"] == .null)
        // A released text is given by its bytes in the file, release character included.
        for (record, field, text) in [(order, "orderNumber", "PO?+4711"), (lines[0], "unitPrice", "62.74"), (lines[1], "item", "NW-1002")] {
            let origin = try #require(record.origin(field))
            #expect(String(decoding: bytes[origin.field], as: UTF8.self) == text)
        }
    }

    @Test func `records do not depend on how the bytes are cut`() throws {
        let library = try Self.library.get()
        let whole = try readFeed("edifact-orders", Array(Self.order.utf8), library: library).taken
        for piece in [1, 7, 113] {
            let taken = try readFeed("edifact-orders", Array(Self.order.utf8), piece: piece, library: library).taken
            #expect(taken.records.map(\.line) == whole.records.map(\.line))
        }
    }

    @Test func `a message of another directory has no mapping, and an unknown sender no client`() throws {
        let library = try Self.library.get()
        let other = try readFeed("edifact-orders", Array(Self.order.replacing("D:96A", with: "D:01B").utf8), library: library).taken
        #expect(other.records.isEmpty && other.findings.contains { $0.contains("transaction set ORDERS of version D01B/EAN008") })
        let unknown = try readFeed("edifact-orders", Array(Self.order.replacing("+4012345000001:14+", with: "+1:14+").utf8), library: library).taken
        #expect(unknown.records.isEmpty && unknown.findings.contains { $0.contains("sender 14/1 ") })
    }

    @Test func `what a defect does is said by the feed, and by the partner before it`() throws {
        let text = Array(Self.order.replacing("UNT+17+", with: "UNT+18+").utf8)
        func records(_ feed: String, _ partner: String) throws -> Int {
            let files = Self.files.map { file in
                let more = file.path.contains("feeds/") ? feed : file.path.contains("partners/") ? partner : ""
                return BundleFile(path: file.path, bytes: file.bytes + Array("\n\(more)\n".utf8))
            }
            let library = try #require(MappingLibrary.compile(try Project.bundle() + files).library)
            return try readFeed("edifact-orders", text, library: library).taken.records.count
        }
        #expect(try records("", "") == 0)
        #expect(try records("defects: { EDF-UNT01: note }", "") == 3)
        #expect(try records("defects: { EDF-UNT01: note }", "defects: { EDF-UNT01: reject }") == 0)
        #expect(try records("", "defects: { EDF-UNT01: accept }") == 3)
        let wrong = BundleFile(path: Self.files[0].path, bytes: Self.files[0].bytes + Array("\ndefects: { EDF-UNT09: note }\n".utf8))
        let findings = MappingLibrary.compile([wrong] + Self.files[1...]).diagnostics
        #expect(findings.contains { $0.fact.contains("`EDF-UNT09` is no defect") && $0.hint?.contains("EDF-UNT0") == true })
    }

    @Test func `a message with a wrong count is withdrawn, and the next one is kept`() throws {
        let second = Self.order.replacing("UNH+1+", with: "UNH+2+").replacing("UNT+17+1", with: "UNT+17+2").split(separator: "\n")[2..<19]
            .joined(separator: "\n") + "\n"
        let text = Self.order.replacing("UNT+17+", with: "UNT+18+").replacing("UNZ+1", with: second + "UNZ+2")
        let (_, outcome, taken) = try readFeed("edifact-orders", Array(text.utf8), library: try Self.library.get())
        #expect(outcome.transactionSetsRejected == 1 && outcome.transactionSetsAccepted == 1)
        #expect(taken.of(.order).count == 1 && taken.of(.orderLine).count == 2)
    }
}
