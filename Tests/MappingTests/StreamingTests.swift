import Diagnostics
import FEEL
import Formats
import Records
import Testing
import Values

@testable import Mapping

/// What stays in memory while a file is mapped, and what is found in arenas built by hand.
@Suite struct StreamingTests {
    /// The most nodes that an arena held, as its mapper saw them.
    private struct Watch: SourceSink {
        var mapper: RecordMapper<Collector>
        var nodesMax = 0

        mutating func opened(_ node: Int32, in arena: inout SourceArena) { mapper.opened(node, in: &arena) }
        mutating func closed(_ node: Int32, in arena: inout SourceArena) {
            mapper.closed(node, in: &arena)
            nodesMax = max(nodesMax, arena.nodes.count)
        }
        mutating func found(_ diagnostic: Diagnostic) { mapper.found(diagnostic) }
        mutating func read(_ interchange: InterchangeHeader) { mapper.read(interchange) }
        mutating func ended(_ transactionSet: TransactionSetSummary) { mapper.ended(transactionSet) }
    }

    /// Builds an interchange the way an X12 reader would.
    private struct Builder {
        var arena = SourceArena()
        var sink: Watch
        var at = 0
        var ordinal = 0

        init(feed: String) throws {
            let plan = try #require(Project.library.plan(feed))
            sink = Watch(mapper: RecordMapper(
                plan: plan, file: "f", context: Project.context, receiver: Collector()))
        }

        mutating func open(_ name: String) {
            let node = arena.openNode(arena.intern(name), kind: .group, from: at, ordinal: ordinal)
            sink.opened(node, in: &arena)
        }

        mutating func close() {
            let node = arena.closeNode(at: at)
            sink.closed(node, in: &arena)
        }

        mutating func segment(_ elements: String...) {
            ordinal += 1
            let node = arena.openNode(arena.intern(elements[0]), kind: .record, from: at, ordinal: ordinal)
            at += elements[0].utf8.count + 1
            for (index, text) in elements.dropFirst().enumerated() {
                let bytes = Array(text.utf8)
                bytes.withUnsafeBufferPointer {
                    arena.addField(element: index + 1, bytes: at..<(at + bytes.count), text: $0)
                }
                at += bytes.count + 1
            }
            arena.closeNode(at: at - 1)
            sink.closed(node, in: &arena)
        }

        mutating func envelope(_ set: String, sender: String = "ALPENMARKT") {
            open("interchange")
            segment("ISA", "00", "", "00", "", "ZZ", sender, "ZZ", "DOCKYARD", "261104", "0815", "U", "00401", "000000001")
            open("functionalGroup")
            segment("GS", "PO", sender, "DOCKYARD", "20261104", "0815", "1", "X", "004010")
            open(set)
            segment("ST", set, "0001")
        }

        mutating func end(accepted: Bool = true) {
            segment("SE", "1", "0001")
            close()
            sink.ended(TransactionSetSummary(
                header: TransactionSetHeader(identifier: "850", version: "004010", controlNumber: "0001"), segments: ordinal,
                trailer: nil, accepted: accepted))
            close()
            close()
        }

        mutating func order(lines: Int) {
            segment("BEG", "00", "SA", "77", "", "20261104")
            for number in 1...lines {
                open("PO1")
                segment("PO1", "\(number)", "5", "EA", "1", "", "VP", "I-\(number)")
                segment("PID", "F", "", "", "", "words")
                close()
            }
        }

        var taken: Collector { sink.mapper.receiver }
    }

    @Test func `memory is bounded by the loop, not by the transaction set`() throws {
        var builder = try Builder(feed: "x12-orders")
        builder.envelope("850")
        builder.order(lines: 20_000)
        builder.end()
        #expect(builder.taken.of(.orderLine).count == 20_000)
        #expect(builder.taken.of(.order).count == 1)
        #expect(builder.sink.nodesMax < 20)
        #expect(builder.arena.nodes.isEmpty)
    }

    @Test func `loops that lines need of their enclosing loop are forgotten with it`() throws {
        var builder = try Builder(feed: "warehouse-orders")
        builder.envelope("940", sender: "NORDWIND")
        builder.segment("W05", "N", "DO-1", "PO-1")
        for number in 1...5_000 {
            builder.open("LX")
            builder.segment("LX", "\(number)")
            builder.open("W01")
            builder.segment("W01", "2", "EA", "", "VN", "I-1")
            builder.close()
            builder.close()
        }
        builder.end()
        #expect(builder.taken.of(.warehouseInstructionLine).map { $0["lineNumber"].text } == (1...5_000).map(String.init))
        #expect(builder.sink.nodesMax < 20)
    }

    @Test func `records of a rejected transaction set are withdrawn`() throws {
        var builder = try Builder(feed: "x12-orders")
        builder.envelope("850")
        builder.order(lines: 2)
        builder.end(accepted: false)
        #expect(builder.taken.records.isEmpty)
        #expect(builder.taken.withdrawn == 3)
        let outcome = builder.sink.mapper.finish()
        #expect(outcome.withdrawn == 3 && outcome.records.isEmpty && outcome.transactionSetsRejected == 1)
    }

    @Test func `an empty element of a line is not taken from another line`() throws {
        var builder = try Builder(feed: "x12-orders")
        builder.envelope("850")
        builder.segment("BEG", "00", "SA", "77", "", "20261104")
        for (quantity, item) in [("5", "I-1"), ("", "I-2")] {
            builder.open("PO1")
            builder.segment("PO1", "1", quantity, "EA", "1", "", "VP", item)
            builder.close()
        }
        builder.end()
        #expect(builder.taken.of(.orderLine).map { $0["item"].text } == ["I-1"])
        #expect(builder.taken.rejected.map(\.code) == ["ORDER-QTY"])
    }

    @Test func `segments without loops are mapped like loops of one`() throws {
        var builder = try Builder(feed: "x12-orders")
        builder.envelope("850")
        builder.segment("BEG", "00", "RO", "78", "", "20261104")
        builder.segment("N1", "BY", "NAME", "92", "AM-200")
        builder.segment("PO1", "1", "5", "EA", "1", "", "VP", "I-1")
        builder.segment("PO1", "2", "6", "EA", "1", "", "VP", "I-2")
        builder.end()
        #expect(builder.taken.of(.orderLine).map { $0["quantity"].text } == ["5", "6"])
        #expect(builder.taken.of(.order).first?["customer"] == .string("C-1002"))
        #expect(builder.taken.of(.order).first?["priority"] == .string("rush"))
    }

    @Test func `a transaction set that no mapping reads is reported`() throws {
        var builder = try Builder(feed: "x12-orders")
        builder.envelope("820")
        builder.segment("BPR", "X")
        builder.end()
        #expect(builder.taken.rejected.map(\.code) == [.mapNoMapping])
        let outcome = builder.sink.mapper.finish()
        #expect(outcome.isUnclaimed && outcome.reported == 1)
    }

    @Test func `a partner is found by qualifier and identifier, then by GS02`() {
        let partners = Project.library.partners
        #expect(partners.sender(qualifier: "01", interchange: "081466849", application: nil)?.partner == "bluepeak")
        #expect(partners.sender(qualifier: "14", interchange: "081466849", application: nil) == nil)
        #expect(partners.sender(qualifier: "ZZ", interchange: "X", application: "BLUEPEAK")?.partner == "bluepeak")
        #expect(partners.sender(qualifier: "12", interchange: "3125550142", application: "X")?.client == "LUMEN")
    }
}
