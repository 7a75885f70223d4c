import Diagnostics
import Formats
import Foundation
import Mapping
import Records
import Testing
import Values

/// Feeds of layouts, IDoc flat files and JSON, and packed files, through to records.
@Suite struct FlatFormatTests {
    private func library(_ files: [String: String]) throws -> MappingLibrary {
        let extra = files.map { BundleFile(path: "Mappings/\($0.key)", bytes: Array($0.value.utf8)) }
        let compiled = MappingLibrary.compile(try Project.bundle() + extra)
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text).joined(separator: "\n"))")
    }

    private func read(_ library: MappingLibrary, _ feed: String, _ bytes: [UInt8], piece: Int = .max) throws -> (outcome: MappingOutcome, taken: Collector) {
        let plan = try #require(library.plan(feed))
        var session = FeedSession(plan: plan, file: "in", context: Project.context, receiver: Collector())
        var at = 0
        while at < bytes.count {
            let end = at + min(piece, bytes.count - at)
            session.read(Array(bytes[at..<end]))
            at = end
        }
        let (_, outcome, taken) = session.finish()
        return (outcome, taken)
    }

    private static let pickFiles = [
        "structures/flat/picks.yaml": """
            layout: flat/picks
            form: fixed
            tag: 1
            records:
              - record: order
                tag: H
                fields: { number: 2-7, customer: 8-13 }
                holds:
                  - { record: line, tag: L, fields: { item: 2-9, quantity: 10-14 } }
                  - { record: end, tag: T, fields: { count: 2-4 }, checks: [{ field: count, counts: line }] }
            """,
        "flat/picks.yaml": """
            mapping: flat/picks
            reads: { format: flat, layout: flat/picks }
            records:
              - record: order
                each: order
                fields: { orderNumber: number, customer: customer }
              - record: orderLine
                each: order/line
                fields:
                  orderNumber: ../number
                  lineNumber: { counter: "true" }
                  item: item
                  quantity: { at: quantity, as: decimal, decimals: 1 }
                  unitOfMeasure: { constant: PCE }
            """,
        "feeds/picks.yaml": "feed: picks\nformat: flat\nlayout: flat/picks\nmappings: [flat/picks]\nclient: NORDWIND\n",
    ]

    @Test func `a fixed layout maps with its header's fields in reach of its lines`() throws {
        let library = try library(Self.pickFiles)
        let text = "H  4711C-1001\nLNW-1001    25\nLNW-1002   100\nT  2\nH  4712C-1002\nLNW-1003     5\nT  9\n"
        for piece in [1, 7, Int.max] {
            let (outcome, taken) = try read(library, "picks", Array(text.utf8), piece: piece)
            #expect(outcome.accepted == 5)
            #expect(taken.records.map(\.kind.rawValue) == ["orderLine", "orderLine", "order", "orderLine", "order"])
            #expect(taken.records[1].values.map(\.text).contains("10.0") || taken.records[1].values.map(\.text).contains("10"))
            #expect(taken.records[1].values.map(\.text).contains("4711"))
            #expect(taken.findings.contains { $0.contains("FLAT-COUNT") && $0.contains("declares 9 line records; 1 was read") })
        }
    }

    private static let jsonFiles = [
        "json/orders.yaml": """
            mapping: json/orders
            reads: { format: json }
            records:
              - record: order
                each: /json/item
                fields: { orderNumber: "\\"order no\\"", customer: buyer/id }
              - record: orderLine
                each: /json/item/lines
                fields:
                  orderNumber: "../\\"order no\\""
                  lineNumber: { at: line, as: integer }
                  item: sku
                  quantity: { at: qty, as: decimal }
                  unitOfMeasure: { constant: PCE }
            """,
        "feeds/json-orders.yaml": "feed: json-orders\nformat: json\nmappings: [json/orders]\nclient: NORDWIND\n",
    ]

    @Test func `JSON and JSON lines map alike`() throws {
        let library = try library(Self.jsonFiles)
        let one = #"{"order no":"A1","buyer":{"id":"C-1"},"lines":[{"line":1,"sku":"NW-1","qty":2.50},{"line":2,"sku":"NW-2","qty":1}]}"#
        let two = one.replacingOccurrences(of: "A1", with: "A2")
        let array = try read(library, "json-orders", Array("[\(one),\(two)]".utf8))
        let lines = try read(library, "json-orders", Array("\(one)\n\(two)\n".utf8), piece: 9)
        #expect(array.outcome.accepted == 6)
        #expect(array.taken.records.map(\.values) == lines.taken.records.map(\.values))
        #expect(array.taken.records[0].values.map(\.text).contains("2.50"))
    }

    @Test func `messages of one IDoc type have mappings of their own`() throws {
        func mapping(_ name: String, _ message: String, _ purpose: String) -> String {
            """
            mapping: xml/\(name)
            reads: { format: xml, root: DELVRY07, messages: [\(message)] }
            records:
              - record: order
                each: /DELVRY07/IDOC
                fields: { orderNumber: E1EDL20/VBELN, customer: { constant: \(purpose) } }
            """
        }
        let library = try library([
            "xml/ship.yaml": mapping("ship", "SHPORD", "SHIP"), "xml/confirm.yaml": mapping("confirm", "SHPCON", "CONFIRM"),
            "feeds/delvry.yaml": "feed: delvry\nformat: xml\nmappings: [xml/ship, xml/confirm]\nclient: NORDWIND\n",
            "feeds/delvry-flat.yaml": "feed: delvry-flat\nformat: idoc\nmappings: [xml/ship, xml/confirm]\nclient: NORDWIND\n",
        ])
        func idoc(_ message: String, _ number: String) -> String {
            "<IDOC><EDI_DC40><DOCNUM>1</DOCNUM><MESTYP>\(message)</MESTYP></EDI_DC40><E1EDL20><VBELN>\(number)</VBELN></E1EDL20></IDOC>"
        }
        let xml = "<DELVRY07>" + idoc("SHPCON", "8001") + idoc("SHPORD", "8002") + idoc("OTHER", "8003") + idoc("SHPCON", "8004") + "</DELVRY07>"
        func pad(_ text: String, _ length: Int) -> String { text.padding(toLength: length, withPad: " ", startingAt: 0) }
        func flat(_ message: String, _ number: String) -> String {
            pad("EDI_DC40", 39) + pad("DELVRY07", 60) + pad(message, 425) + "\n"
                + pad("E2EDL20", 30) + pad("", 19) + "00000100000001" + number + "\n"
        }
        let text = flat("SHPCON", "8001") + flat("SHPORD", "8002") + flat("OTHER", "8003") + flat("SHPCON", "8004")
        for (feed, bytes) in [("delvry", xml), ("delvry-flat", text)] {
            for piece in [1, Int.max] {
                let (outcome, taken) = try read(library, feed, Array(bytes.utf8), piece: piece)
                let shown = taken.records.map { record in record.values.map(\.text).filter { ["SHIP", "CONFIRM"].contains($0) || $0.hasPrefix("800") }.joined(separator: " ") }
                #expect(shown == ["8001 CONFIRM", "8002 SHIP", "8004 CONFIRM"], "\(feed)")
                #expect(outcome.accepted == 3)
                #expect(outcome.isUnclaimed)
                #expect(taken.findings.contains { $0.contains("OTHER") })
            }
        }
    }

    @Test func `a flat file of IDocs maps as its XML twin`() throws {
        let flat = try readFeed("idoc-flat-orders", try Project.bytes("Samples/idoc-flat-orders/orders05-0000204711.dat")).taken
        let xml = try readFeed("idoc-orders", try Project.bytes("Samples/idoc-orders/orders05-0000204711.xml")).taken
        #expect(flat.records.count == 6)
        #expect(flat.records.map(\.values) == xml.records.map(\.values))
    }

    @Test func `a packed file maps as the plain one, and an archive entry by entry`() throws {
        let path = "Samples/history/history-2025-11_2026-10.csv"
        let sample = (try? FileManager.default.subpathsOfDirectory(atPath: Project.root.appendingPathComponent("Samples").path))?
            .first { $0.hasSuffix(".csv") && $0.contains("history") }.map { "Samples/" + $0 } ?? path
        let plain = try Project.bytes(sample)
        let whole = try read(Project.library, "order-history", plain)
        let packed = try read(Project.library, "order-history", gzipStored(plain), piece: 1000)
        #expect(packed.taken.records.map(\.values) == whole.taken.records.map(\.values))
        #expect(packed.taken.records.map(\.origins) == whole.taken.records.map(\.origins))
        let archive = try read(Project.library, "order-history", zipStored([("a.csv", plain), ("b.csv", plain)]))
        #expect(archive.taken.records.count == 2 * whole.taken.records.count)
        let last = try #require(archive.taken.records.last?.origins.compactMap { $0 }.first)
        let same = try #require(whole.taken.records.last?.origins.compactMap { $0 }.first)
        // Places in an archive count through all its documents.
        #expect(last.field.lowerBound == same.field.lowerBound + plain.count)
        let torn = try read(Project.library, "order-history", Array(gzipStored(plain).dropLast(20)))
        #expect(torn.taken.findings.contains { $0.contains("ARC-TORN") })
    }

    @Test func `layouts of the German car industry compile and read records of 128 bytes`() throws {
        let library = try library([
            "flat/vda.yaml": """
                mapping: flat/vda
                reads: { format: flat, layout: flat/vda-4913 }
                records:
                  - record: orderLine
                    each: /file/deliveries/transport/deliveryNote/position
                    fields:
                      orderNumber: ../order
                      lineNumber: { at: number, as: integer }
                      item: supplierItem
                      customerItem: customerItem
                      quantity: { at: quantity1, as: decimal, decimals: 3 }
                      unitOfMeasure: unit1
                """,
            "feeds/vda.yaml": "feed: vda\nformat: flat\nlayout: flat/vda-4913\nmappings: [flat/vda]\nclient: NORDWIND\n",
        ])
        func record(_ parts: (Int, String)...) -> String {
            var line = [Character](repeating: " ", count: 128)
            for (start, text) in parts { for (offset, character) in text.enumerated() { line[start - 1 + offset] = character } }
            return String(line)
        }
        let records = [
            record((1, "71103"), (6, "CUSTOMER1"), (15, "SUPPLIER1"), (34, "261101")), record((1, "71203"), (6, "00001303")),
            record((1, "71303"), (6, "13037130"), (31, "4500007711")),
            record((1, "71403"), (6, "310100288"), (28, "NW-1001"), (53, "0000001976000ST"), (87, "001")),
            record((1, "71503"), (6, "KLT-4711"), (50, "0000000000012")),
            record((1, "71403"), (6, "310500165"), (28, "NW-1002"), (53, "0000001950500ST"), (87, "002")),
            record((1, "71902"), (6, "0000001000000100000010000002000000100000000000000000000010000000")),
        ]
        for separator in ["", "\n", "\r\n"] {
            let (outcome, taken) = try read(library, "vda", Array(records.joined(separator: separator).utf8), piece: 100)
            #expect(outcome.accepted == 2)
            #expect(taken.records.map { $0.values.map(\.text).filter { $0.hasPrefix("19") || $0.hasPrefix("45") } } == [["4500007711", "1976"], ["4500007711", "1950.5"]]
                || taken.records.map { $0.values.map(\.text).filter { $0.hasPrefix("19") || $0.hasPrefix("45") } } == [["4500007711", "1976.000"], ["4500007711", "1950.500"]])
            #expect(!taken.findings.contains { $0.contains("FLAT-") })
        }
        let wrong = records.dropLast(2) + [records[6]]
        #expect(try read(library, "vda", Array(wrong.joined().utf8)).taken.findings.contains { $0.contains("declares 0000002 position records; 1 was read") })
    }

    @Test func `a feed names what its format needs`() throws {
        func facts(_ feed: String) throws -> [String] {
            MappingLibrary.compile(try Project.bundle() + [BundleFile(path: "Mappings/feeds/f.yaml", bytes: Array(feed.utf8))]).diagnostics.map(\.fact)
        }
        #expect(try facts("feed: f\nformat: flat\nmappings: [csv/customers]\nclient: X\n").contains("a feed of format flat says its layout"))
        #expect(try facts("feed: f\nformat: flat\nlayout: flat/none\nmappings: [csv/customers]\nclient: X\n").contains("there is no layout `flat/none`"))
        #expect(try facts("feed: f\nformat: csv\nlayout: flat/vda-4913\nmappings: [csv/customers]\nclient: X\n").contains("`layout` belongs to a feed of format flat"))
    }

    // MARK: - Packing without compression, so that no library is needed here

    private func crc(_ bytes: [UInt8]) -> UInt32 {
        bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
        } ^ UInt32.max
    }

    private func number(_ value: Int, _ length: Int) -> [UInt8] { (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }

    private func gzipStored(_ bytes: [UInt8]) -> [UInt8] {
        var packed: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        for start in stride(from: 0, to: bytes.count, by: 60_000) {
            let block = bytes[start..<min(start + 60_000, bytes.count)]
            packed += [start + 60_000 >= bytes.count ? 1 : 0] + number(block.count, 2) + number(~block.count & 0xFFFF, 2) + block
        }
        return packed + number(Int(crc(bytes)), 4) + number(bytes.count, 4)
    }

    private func zipStored(_ entries: [(name: String, bytes: [UInt8])]) -> [UInt8] {
        var local: [UInt8] = [], directory: [UInt8] = []
        for entry in entries {
            let fields = number(0, 2) + number(0, 2) + number(0, 4) + number(Int(crc(entry.bytes)), 4) + number(entry.bytes.count, 4) + number(entry.bytes.count, 4)
                + number(entry.name.utf8.count, 2)
            local += number(0x0403_4B50, 4) + number(20, 2) + fields + number(0, 2) + Array(entry.name.utf8) + entry.bytes
            directory += number(0x0201_4B50, 4) + number(20, 2) + number(20, 2) + fields + [UInt8](repeating: 0, count: 16) + Array(entry.name.utf8)
        }
        return local + directory + number(0x0605_4B50, 4) + number(0, 4) + number(entries.count, 2) + number(entries.count, 2) + number(directory.count, 4)
            + number(local.count, 4) + number(0, 2)
    }
}
