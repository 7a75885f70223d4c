import Diagnostics
import FEEL
import Mapping
import Records
import Testing
import Values

@Suite struct OutboundTests {
    @Test func `a warehouse order goes straight on as the warehouse system's CSV`() throws {
        let bytes = try Project.bytes("Samples/warehouse-orders/940-nordwind-0911.edi")
        let taken = try readFeed("warehouse-orders", bytes).taken
        let route = try #require(Project.library.routes(from: .warehouseInstructionLine).first)
        #expect(route.target == "wms")
        let lines = try taken.records.filter { try route.takes($0, Project.context) }
        #expect(lines.count == 4)
        let outbound = try #require(Project.library.outbound(route.outbound))
        let file = outbound.render(lines.map(\.values), Project.context)
        #expect(file.diagnostics.isEmpty)
        #expect(String(decoding: file.bytes, as: UTF8.self) == """
            DEPOSITOR;ORDER;LINE;SKU;QTY;UOM;SHIP_TO;CARRIER;SHIP_DATE;RUSH\r
            NORDWIND;DO-30011;1;NW-1002;3;EA;BPO-02;PLFL;09.11.2026;Y\r
            NORDWIND;DO-30011;2;NW-1006;6;CT;BPO-02;PLFL;09.11.2026;Y\r
            NORDWIND;DO-30012;1;NW-1005;40;EA;AM-DC1;ALPX;04.11.2026;N\r
            NORDWIND;DO-30012;2;NW-1011;24;EA;AM-DC1;ALPX;04.11.2026;N\r

            """)
        #expect(outbound.fileName(["digest": "abc"]) == "wms-shipping-abc.csv")
    }

    private func compile(_ columns: String) throws -> OutboundMapping {
        let text = """
            outbound: picks
            values: { order: text, rank: number, due: dateTime, rush: boolean }
            writes: { format: csv, separator: tab, header: false }
            file: "picks-{digest}.csv"
            columns:
            \(columns)
            """
        let compiled = MappingLibrary.compile([BundleFile(path: "Mappings/outbound/picks.yaml", bytes: Array(text.utf8))])
        return try #require(compiled.library?.outbound("picks"), "\(compiled.diagnostics.map(\.text))")
    }

    @Test func `named values are written as well as records`() throws {
        let outbound = try compile("""
              - { name: A, from: order }
              - { name: B, from: rank, decimals: 2 }
              - { name: C, from: due, picture: dd.MM.yyyy HH:mm }
              - { name: D, from: due, picture: HHmm, zone: utc }
              - { name: E, feel: "if rush then 1 else 0" }
              - { name: F, constant: x }
            """)
        let due = try #require(DateTime("2035-03-12T13:00:00Z"))
        let row = outbound.row([
            "order": .string("a\tb"), "rank": .number(ExactDecimal(7)), "due": .dateTime(due), "rush": .boolean(true),
        ])
        let file = outbound.render([row], Project.context)
        #expect(String(decoding: file.bytes, as: UTF8.self) == "\"a\tb\"\t7.00\t12.03.2035 14:00\t1300\t1\tx\r\n")
        #expect(outbound.kinds.isEmpty)
    }

    @Test func `a cell that cannot be written is reported and the row stays`() throws {
        let outbound = try compile("  - { name: A, from: order }\n  - { name: B, feel: \"number(order)\" }")
        let file = outbound.render([outbound.row(["order": .string("x")])], Project.context)
        #expect(String(decoding: file.bytes, as: UTF8.self) == "x\t\r\n")
        #expect(file.diagnostics.map(\.code) == [.mapOutboundCell])
    }
}
