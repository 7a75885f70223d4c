import Diagnostics
import FEEL
import Formats
import Records
import Testing
import Values

@testable import Mapping

/// What a mapper keeps from one record to the next never outlives the text that it came from.
@Suite struct RememberedValueTests {
    private static let header = "ISA*00*          *00*          *ZZ*ALPENMARKT     *ZZ*DOCKYARD       *261104*0815*U*00401*000000042*0*P*>~\n"

    /// Maps purchase orders, cut in pieces of so many bytes.
    private func orders(_ body: String, piece: Int = .max) throws -> Collector {
        let plan = try #require(Project.library.plan("x12-orders"))
        var session = FeedSession(plan: plan, file: "f", context: Project.context, receiver: Collector())
        var rest = Array((Self.header + body + "IEA*2*000000042~\n").utf8)[...]
        while !rest.isEmpty {
            session.read(Array(rest.prefix(piece)))
            rest = rest.dropFirst(piece)
        }
        return session.finish().receiver
    }

    private func group(_ number: Int, time: String, _ sets: String...) -> String {
        "GS*PO*ALPENMARKT*DOCKYARD*20261104*\(time)*\(number)*X*004010~\n" + sets.joined() + "GE*\(sets.count)*\(number)~\n"
    }

    private func set(_ number: String, _ body: String, segments: Int) -> String {
        "ST*850*\(number)~\n\(body)SE*\(segments + 2)*\(number)~\n"
    }

    @Test(arguments: [1, 7, 64, 100_000]) func `a line has the number of its own order and the time of its own group`(piece: Int) throws {
        let first = set("0001", "BEG*00*SA*A1**20261104~\nPO1*1*5*EA*1**VP*I-1~\nPO1*2*5*EA*1**VP*I-1~\n", segments: 3)
        let second = set("0002", "BEG*00*SA*A2**20261104~\nPO1*1*5*EA*1**VP*I-1~\n", segments: 2)
        let third = set("0003", "BEG*00*SA*A3**20261104~\nPO1*1*5*EA*1**VP*I-1~\n", segments: 2)
        let taken = try orders(group(1, time: "0815", first, second) + group(2, time: "0916", third), piece: piece)
        #expect(taken.of(.orderLine).map { $0["orderNumber"].text } == ["A1", "A1", "A2", "A3"])
        #expect(taken.of(.orderLine).map { $0["issuedAt"].text } == [
            "2026-11-04T07:15:00Z", "2026-11-04T07:15:00Z", "2026-11-04T07:15:00Z", "2026-11-04T08:16:00Z",
        ])
        // Each origin is where the value of that very line stands.
        let numbers = taken.of(.orderLine).compactMap { $0.origins[$0.definition.slot("orderNumber") ?? 0]?.field }
        #expect(Set(numbers).count == 3 && numbers[0] == numbers[1])
    }

    @Test func `many units that take turns are each translated as their own`() throws {
        let units = ["EA", "CA", "BX", "PL", "CT", "DZ", "KG", "LB", "PC", "X1", "X2", "X3", "X4", "X5", "X6", "X7"]
        func lines(_ units: [String]) throws -> [String] {
            let lines = units.enumerated().map { "PO1*\($0 + 1)*5*\($1)*1**VP*I-1~\n" }
            let body = set("0001", "BEG*00*SA*A1**20261104~\n" + lines.joined(), segments: units.count + 1)
            return try orders(group(1, time: "0815", body)).of(.orderLine).map { $0["unitOfMeasure"].text }
        }
        let alone = try Dictionary(uniqueKeysWithValues: units.map { ($0, try lines([$0])[0]) })
        let turns = (0..<400).map { units[$0 * 7 % units.count] } + (0..<400).map { units[$0 % 2] }
        #expect(try lines(turns) == turns.compactMap { alone[$0] })
    }

    @Test func `each interchange and functional group has the partner and client of its own sender`() throws {
        let mapping = """
            mapping: x12/test
            reads: { format: x12, transactionSet: "850" }
            records:
              - record: order
                each: transactionSet
                fields: { orderNumber: BEG03, customer: BEG03 }
            """
        let feed = "feed: test\nformat: x12\nmappings: [x12/test]\ncomplete: auto\nonError: { structure: keep, record: report }\n"
        func partner(_ name: String, _ client: String, _ identifier: String) -> BundleFile {
            let text = "partner: \(name)\nname: \(name)\nclient: \(client)\nidentifiers:\n  - { \(identifier) }\n"
            return BundleFile(path: "Mappings/partners/\(name).yaml", bytes: Array(text.utf8))
        }
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/x12/test.yaml", bytes: Array(mapping.utf8)), BundleFile(path: "Mappings/feeds/test.yaml", bytes: Array(feed.utf8)),
            partner("one", "ONE", "qualifier: ZZ, id: FIRST"), partner("two", "TWO", "id: SECONDGS"),
        ])
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        func set(_ number: String) -> String { "ST*850*0001~BEG*00*SA*\(number)**20261104~SE*3*0001~" }
        func group(_ sender: String, _ sets: String...) -> String { "GS*PO*\(sender)*HUB*20261104*0815*1*X*004010~" + sets.joined() + "GE*\(sets.count)*1~" }
        func interchange(_ sender: String, _ groups: String...) -> String {
            let padded = sender + String(repeating: " ", count: 15 - sender.count)
            return "ISA*00*          *00*          *ZZ*\(padded)*ZZ*HUB            *261104*0815*U*00401*000000042*0*P*>~" + groups.joined() + "IEA*\(groups.count)*000000042~"
        }
        let text = interchange("FIRST", group("FIRSTGS", set("A"), set("B")), group("SECONDGS", set("C")))
            + interchange("NOBODY", group("SECONDGS", set("D"), set("E")), group("NOBODYGS", set("F"), set("G")), group("SECONDGS", set("H")))
            + interchange("FIRST", group("NOBODYGS", set("I"), set("J")))
        let taken = try readFeed("test", Array(text.utf8), library: library).taken
        #expect(taken.of(.order).map { "\($0["orderNumber"].text) \($0.client)" } == ["A ONE", "B ONE", "C ONE", "D TWO", "E TWO", "H TWO", "I ONE", "J ONE"])
        #expect(taken.rejected.map(\.code) == [.mapUnknownPartner, .mapUnknownPartner])
    }

    @Test func `what an order gets after its first line is seen by the lines behind it`() throws {
        var arena = SourceArena()
        let plan = try #require(Project.library.plan("x12-orders"))
        var mapper = RecordMapper(plan: plan, file: "f", context: Project.context, receiver: Collector())
        func open(_ name: String) {
            let node = arena.openNode(arena.intern(name), kind: .group, from: 0, ordinal: 0)
            mapper.opened(node, in: &arena)
        }
        func segment(_ elements: String...) {
            let node = arena.openNode(arena.intern(elements[0]), kind: .record, from: 0, ordinal: 0)
            for (index, text) in elements.dropFirst().enumerated() {
                Array(text.utf8).withUnsafeBufferPointer { arena.addField(element: index + 1, bytes: 0..<1, text: $0) }
            }
            arena.closeNode(at: 0)
            mapper.closed(node, in: &arena)
        }
        func close() { mapper.closed(arena.closeNode(at: 0), in: &arena) }
        func line(_ number: String) {
            open("PO1")
            segment("PO1", number, "5", "EA", "1", "", "VP", "I-1")
            close()
        }
        open("interchange")
        segment("ISA", "00", "", "00", "", "ZZ", "ALPENMARKT", "ZZ", "DOCKYARD", "261104", "0815", "U", "00401", "000000001")
        open("functionalGroup")
        segment("GS", "PO", "ALPENMARKT", "DOCKYARD", "20261104", "0815", "1", "X", "004010")
        open("850")
        segment("ST", "850", "0001")
        line("1")
        segment("BEG", "00", "SA", "77", "", "20261104")
        line("2")
        segment("BEG", "00", "SA", "78", "", "20261104")
        line("3")
        for _ in 0..<3 { close() }
        // The line before any number has none and is rejected; of two numbers the first counts, as it does for the order itself.
        #expect(mapper.receiver.of(.orderLine).map { $0["lineNumber"].text } == ["2", "3"])
        #expect(mapper.receiver.of(.orderLine).map { $0["orderNumber"].text } == ["77", "77"])
        #expect(mapper.receiver.rejected.count == 1)
    }

    @Test func `a text that no code list knows is told each time that it is sent`() throws {
        let sets = (1...3).map { set("000\($0)", "BEG*77*SA*A\($0)**20261104~\nN1*BY*X*92*AM-200~\nPO1*1*5*EA*1**VP*I-1~\n", segments: 3) }
        let taken = try orders(group(1, time: "0815", sets.joined()).replacing("GE*1*", with: "GE*3*"))
        #expect(taken.of(.order).count == 3)
        #expect(taken.diagnostics.filter { $0.code == .mapMiss }.count == 3)
    }

    @Test func `a text that is no date is told each time, and does not take the value of the one before`() throws {
        let sets = ["20261104", "20261399", "20261399", "20261104"].enumerated().map { index, date in
            set("000\(index)", "BEG*00*SA*A\(index)**\(date)~\nN1*BY*X*92*AM-200~\nPO1*1*5*EA*1**VP*I-1~\n", segments: 3)
        }
        let taken = try orders(group(1, time: "0815", sets.joined()).replacing("GE*1*", with: "GE*4*"))
        #expect(taken.of(.order).map { $0["orderedOn"].text } == ["2026-11-04", "2026-11-04"])
        #expect(taken.rejected.flatMap(\.diagnostics).filter { $0.code == .mapNotDate }.count == 2)
    }

    @Test func `short texts are equal where their bytes are`() {
        func short(_ text: String) -> ShortText? { Array(text.utf8).withUnsafeBufferPointer { ShortText($0) } }
        let texts = ["", "0", "00", "000", "\u{0}", "a", "ab", "ba", "abc", "abcd", "abce", "bbcd", "abcde", "abcdabcd", "abcdefgh", "abcdefghi", "abcdefghabcdefgh"]
        for (row, one) in texts.enumerated() {
            for (column, other) in texts.enumerated() { #expect((short(one) == short(other)) == (row == column), "\(one), \(other)") }
        }
        #expect(short("abcdefghabcdefghi") == nil)
        #expect(short("") != ShortText())
    }

    @Test func `a view of what was cut is not read`() {
        var arena = SourceArena()
        let node = arena.openNode(arena.intern("A"), kind: .record, from: 0, ordinal: 1)
        #expect(arena.nodes[Int(node)].end == SourceNode.open)
        #expect(arena.children(of: node).map { $0 } == [])
        let child = arena.openNode(arena.intern("B"), kind: .record, from: 0, ordinal: 2)
        #expect(arena.children(of: node).map { $0 } == [child])
        arena.closeNode(at: 1)
        #expect(arena.nodes[Int(child)].end == child + 1)
        #expect(arena.nodes.view.count == 2)
    }
}
