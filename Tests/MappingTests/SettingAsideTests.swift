import Diagnostics
import Formats
import Mapping
import Records
import Testing
import Values

/// What the levels of rejection do to records, from the feed's `defects` on.
@Suite struct SettingAsideTests {
    private static func library(_ feed: String, _ partner: String = "") throws -> MappingLibrary {
        let files = EDIFACTTests.files.map { file in
            let more = file.path.contains("feeds/") ? feed : file.path.contains("partners/") ? partner : ""
            return BundleFile(path: file.path, bytes: file.bytes + Array("\n\(more)\n".utf8))
        }
        let compiled = MappingLibrary.compile(try Project.bundle() + files)
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
    }

    /// The second line has a segment that D96A knows nowhere in ORDERS.
    private static let order = EDIFACTTests.order.replacing("QTY+21:7:PCE'\n", with: "QTY+21:7:PCE'\nXYZ+1'\n").replacing("UNT+17", with: "UNT+18")

    @Test func `a bad line is set aside and reported, and its siblings are delivered`() throws {
        let library = try Self.library("defects: { EDF-UNDEFINED: rejectLoop }")
        let bytes = Array(Self.order.utf8)
        let (summary, outcome, taken) = try readFeed("edifact-orders", bytes, library: library)
        #expect(taken.of(.order).count == 1 && taken.of(.orderLine).map { $0["lineNumber"].text } == ["1"])
        #expect(summary.setAside == 1 && outcome.setAside == 1 && outcome.reported == 1 && outcome.read == outcome.accepted + outcome.reported)
        #expect(outcome.transactionSetsAccepted == 1 && outcome.records[.orderLine] == 1)
        let rejected = try #require(taken.rejected.first)
        #expect(rejected.code.name == "MAP-R02" && rejected.diagnostics.first?.fact == "loop LIN is set aside because of EDF-UNDEFINED")
        #expect(String(decoding: bytes[rejected.bytes], as: UTF8.self).hasPrefix("LIN+2++"))
        #expect(taken.findings.contains { $0.contains("EDF-UNDEFINED") })
        for piece in [1, 113] {
            let again = try readFeed("edifact-orders", bytes, piece: piece, library: library).taken
            #expect(again.records.map(\.line) == taken.records.map(\.line) && again.findings == taken.findings)
        }
    }

    @Test func `a partner says what a defect rejects before the feed does`() throws {
        let bytes = Array(Self.order.utf8)
        func lines(_ feed: String, _ partner: String) throws -> Int {
            try readFeed("edifact-orders", bytes, library: try Self.library(feed, partner)).taken.of(.orderLine).count
        }
        #expect(try lines("", "") == 2)
        #expect(try lines("defects: { EDF-UNDEFINED: reject }", "") == 0)
        #expect(try lines("defects: { EDF-UNDEFINED: reject }", "defects: { EDF-UNDEFINED: rejectLoop }") == 1)
        #expect(try lines("defects: { EDF-UNDEFINED: reject }", "defects: { EDF-UNDEFINED: rejectSegment }") == 2)
    }

    @Test func `records that were made inside a loop before it was set aside are withdrawn`() throws {
        // A record of each PIA is made before the QTY of its line turns out to be one too many.
        let mapping = BundleFile(path: "Mappings/edifact/parts.yaml", bytes: Array("""
            mapping: edifact/parts
            reads: { format: edifact, transactionSet: ORDERS, versions: [D96A] }
            records:
              - record: order
                each: transactionSet
                fields: { orderNumber: BGM02, orderedOn: "DTM[DTM01-1=137]/DTM01-2" }
              - record: orderLine
                each: LIN/PIA
                fields: { orderNumber: order.orderNumber, lineNumber: PIA01, item: PIA02-1, quantity: { constant: "1", as: decimal } }
            """.utf8))
        let feed = BundleFile(path: "Mappings/feeds/edifact-parts.yaml", bytes: Array("""
            feed: edifact-parts
            format: edifact
            mappings: [edifact/parts]
            defects: { EDF-UNDEFINED: rejectLoop }
            """.utf8))
        let compiled = MappingLibrary.compile(try Project.bundle() + [mapping, feed, EDIFACTTests.files[1]])
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        let (_, outcome, taken) = try readFeed("edifact-parts", Array(Self.order.utf8), library: library)
        #expect(taken.of(.orderLine).map { $0["item"].text } == ["NW-1001"])
        #expect(outcome.withdrawn == 1 && taken.withdrawn == 1 && outcome.records[.orderLine] == 1)
    }

    @Test func `a group or an interchange that is rejected takes back the messages that had been accepted`() throws {
        let text = EDIFACTTests.order.replacing("UNZ+1+REF1", with: "UNZ+1+REF2")
        let kept = try readFeed("edifact-orders", Array(text.utf8), library: try Self.library(""))
        #expect(kept.taken.records.count == 3 && kept.outcome.transactionSetsAccepted == 1)
        let (_, outcome, taken) = try readFeed(
            "edifact-orders", Array(text.utf8), library: try Self.library("defects: { EDF-UNZ02: rejectInterchange }"))
        #expect(taken.records.isEmpty && taken.withdrawn == 3 && outcome.withdrawn == 3)
        #expect(outcome.transactionSetsAccepted == 0 && outcome.transactionSetsRejected == 1 && outcome.records.isEmpty)
    }
}
