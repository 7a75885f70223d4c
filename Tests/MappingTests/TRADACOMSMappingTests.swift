import Diagnostics
import Formats
import Mapping
import Records
import Testing
import Values

/// Orders as TRADACOMS, through a feed of `format: tradacoms`.
@Suite struct TRADACOMSMappingTests {
    static let files = [
        BundleFile(path: "Mappings/feeds/tradacoms-orders.yaml", bytes: Array("""
            feed: tradacoms-orders
            format: tradacoms
            mappings: [tradacoms/orders]
            """.utf8)),
        BundleFile(path: "Mappings/partners/tradacoms-buyer.yaml", bytes: Array("""
            partner: tradacoms-buyer
            client: NORDWIND
            identifiers:
              - { id: "5012345000001" }
              - { id: "ALPHA SHOPS" }
            """.utf8)),
        BundleFile(path: "Mappings/tradacoms/orders.yaml", bytes: Array("""
            mapping: tradacoms/orders
            reads: { format: tradacoms, transactionSet: ORDERS, versions: ["9"] }
            records:
              - record: order
                each: transactionSet
                fields:
                  orderNumber: ORD01-1
                  orderedOn:   ORD01-3
                  shipTo:      CLO01-1
              - record: orderLine
                each: OLD
                fields:
                  orderNumber: order.orderNumber
                  lineNumber:  OLD01
                  item:        OLD02-1
                  quantity:    { at: OLD06-1, as: decimal }
            """.utf8)),
    ]

    private static func library(_ files: [BundleFile]) throws -> MappingLibrary {
        let compiled = MappingLibrary.compile(try Project.bundle() + files)
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
    }

    static let order = """
        STX=ANA:1+5012345000001:ALPHA SHOPS+5098765000001:DEPOT LTD+261121:093800+000042+PASSW+ORDHDR'
        MHD=1+ORDHDR:9'
        TYP=0430+NEW-ORDERS'
        MTR=3'
        MHD=2+ORDERS:9'
        CLO=5012345000002:89828+EAST DEPOT'
        ORD=A?+1::261121'
        OLD=1+NW-1001+++12+60'
        OLD=2+NW-1002+++1+7'
        OTR=2'
        MTR=7'
        MHD=3+ORDTLR:9'
        OFT=1'
        MTR=3'
        END=3'

        """

    @Test func `a message becomes an order and its lines, with each field's bytes`() throws {
        let library = try Self.library(Self.files)
        for text in [Self.order, Self.order.replacing("5012345000001:ALPHA", with: ":ALPHA")] {
            let bytes = Array(text.utf8)
            let (summary, outcome, taken) = try readFeed("tradacoms-orders", bytes, library: library)
            #expect(summary.format == "tradacoms" && outcome.transactionSetsAccepted == 3 && outcome.accepted == 3)
            let order = try #require(taken.of(.order).first)
            #expect(order["client"].text == "NORDWIND" && order["orderNumber"].text == "A+1" && order["shipTo"].text == "5012345000002")
            #expect(order["orderedOn"].text == "2026-11-21")
            let lines = taken.of(.orderLine)
            #expect(lines.map { $0["item"].text } == ["NW-1001", "NW-1002"] && lines.map { $0["quantity"].text } == ["60", "7"])
            let origin = try #require(order.origin("orderNumber"))
            #expect(String(decoding: bytes[origin.field], as: UTF8.self) == "A?+1")
        }
    }

    @Test func `a message with a wrong count is withdrawn by the feed's word`() throws {
        let text = Array(Self.order.replacing("MTR=7", with: "MTR=8").utf8)
        for (setting, count) in [("", 0), ("defects: { TRD-MTR01: warning }", 3)] {
            let feed = BundleFile(path: Self.files[0].path, bytes: Self.files[0].bytes + Array("\n\(setting)\n".utf8))
            let library = try Self.library([feed] + Self.files[1...])
            #expect(try readFeed("tradacoms-orders", text, library: library).taken.records.count == count)
        }
    }
}
