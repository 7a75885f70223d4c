import Diagnostics
import Mapping
import Records
import Testing
import Values

/// What was present and not mapped, never filled, or missed.
@Suite struct CoverageTests {
    private func cover(_ feed: String, _ files: [(name: String, bytes: [UInt8])], _ library: MappingLibrary = Project.library) throws -> MappingCoverage {
        let coverage = MappingCoverage()
        for file in files {
            var session = FeedSession(
                plan: try #require(library.plan(feed)), file: file.name, context: Project.context, coverage: coverage, receiver: RecordCollector())
            session.read(file.bytes)
            _ = session.finish()
        }
        return coverage
    }

    private static let order = [
        "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*CROSSDOCK      *261121*0800*U*00401*000000001*0*P*>",
        "GS*PO*TESTSENDER*CROSSDOCK*20261121*0800*1*X*004010", "ST*850*0001",
        "BEG*00*NE*PO-1**20261121", "REF*DP*17", "REF*IA*99", "REF*IA*98", "DTM*002*20261124", "DTM*010*20261122",
        "PO1*1*5*EA*2.5**BP*4711", "CTT*1", "SE*9*0001", "GE*1*1", "IEA*1*000000001",
    ].map { $0 + "~" }.joined(separator: "\n")

    private static let library: MappingLibrary = {
        let mapping = """
            mapping: x12/test
            reads: { format: x12, transactionSet: "850" }
            records:
              - record: order
                each: transactionSet
                fields:
                  orderNumber: BEG03
                  orderedOn: BEG05
                  promisedAt: { at: "DTM[DTM01=002]/DTM02" }
                  customer: "N1[N101=BY]/N104"
              - record: orderLine
                each: PO1
                fields:
                  orderNumber: order.orderNumber
                  lineNumber: PO101
                  item: "PO1{BP}"
                  quantity: { at: PO102, as: decimal }
                  unitOfMeasure: { at: PO103, codes: { CA: case }, onMiss: keep }

            """
        let feed = "feed: test\nformat: x12\nmappings: [x12/test]\nclient: C\n"
        let files = ((try? Project.bundle()) ?? []).filter { $0.path.hasPrefix("Mappings/structures/x12/850") }
        let compiled = MappingLibrary.compile(files + [
            BundleFile(path: "Mappings/x12/test.yaml", bytes: Array(mapping.utf8)), BundleFile(path: "Mappings/feeds/test.yaml", bytes: Array(feed.utf8)),
        ])
        guard let library = compiled.library else { preconditionFailure("\(compiled.diagnostics.map(\.text))") }
        return library
    }()

    @Test func `an element counts as mapped where a rule came to it, its qualifier included`() throws {
        let bytes = Array(Self.order.utf8)
        let coverage = try cover("test", [("one.edi", bytes), ("two.edi", bytes)], Self.library)
        let found = Dictionary(uniqueKeysWithValues: coverage.unmapped.map { ($0.what, $0.count) })
        #expect(found == [
            "REF[REF01=DP]/REF02": 2, "REF[REF01=IA]/REF02": 4, "DTM[DTM01=010]/DTM02": 2, "PO104": 2, "BEG01": 2, "BEG02": 2,
        ])
        let discount = try #require(coverage.unmapped.first { $0.what == "DTM[DTM01=010]/DTM02" })
        #expect(discount.example == "20261122" && discount.position.file == "one.edi")
        let range = try #require(discount.position.bytes)
        #expect(String(decoding: bytes[range], as: UTF8.self) == "20261122")
        #expect(coverage.unmapped.first?.what == "REF[REF01=IA]/REF02")
    }

    @Test func `a rule that never gave a value, a code that a list lacks and fields without a rule are told`() throws {
        let coverage = try cover("test", [("one.edi", Array(Self.order.utf8))], Self.library)
        #expect(coverage.unfilled.map { "\($0.kind).\($0.field) line \($0.line) of \($0.records)" } == ["order.customer line 10 of 1"])
        #expect(coverage.misses.map { "\($0.what) \($0.example) \($0.count)" } == ["orderLine.unitOfMeasure: code list EA 1"])
        let unruled = Dictionary(uniqueKeysWithValues: coverage.unruled.map { ($0.kind, $0.fields) })
        #expect(unruled[.order]?.contains("priority") == true && unruled[.order]?.contains("promisedAt") == false)
        #expect(unruled[.orderLine]?.contains("unitPrice") == true)
    }

    @Test func `columns and elements of XML are told by name and path`() throws {
        let csv = try cover("item-master", [("items.csv", Array("item,description\n1,a\n".utf8))])
        #expect(csv.values >= csv.valuesRead)
        let idoc = try cover("idoc-orders", [("one.xml", try Project.bytes("Samples/idoc-orders/orders05-0000204711.xml"))])
        #expect(idoc.unmapped.allSatisfy { $0.what.hasPrefix("IDOC/") || $0.what.hasPrefix("IDOC") })
        #expect(idoc.unmapped.contains { $0.what.hasPrefix("IDOC/EDI_DC40/") })
        #expect(idoc.valuesRead > 10 && idoc.values > idoc.valuesRead)
    }

    @Test func `watching changes nothing of what comes out`() throws {
        for (feed, path) in [("x12-orders", "Samples/x12-orders/850-alpenmarkt-0042.edi"), ("idoc-orders", "Samples/idoc-orders/orders05-0000204711.xml")] {
            let bytes = try Project.bytes(path)
            let plain = try readFeed(feed, bytes, file: path).taken
            var session = FeedSession(
                plan: try #require(Project.library.plan(feed)), file: path, context: Project.context, coverage: MappingCoverage(), receiver: Collector())
            session.read(bytes)
            let watched = session.finish().receiver
            #expect(watched.records.map(\.line) == plain.records.map(\.line))
            #expect(watched.findings == plain.findings)
        }
    }

    @Test func `records of two mappings are compared by key and field`() throws {
        let bytes = try Project.bytes("Samples/x12-orders/850-alpenmarkt-0042.edi")
        let before = try readFeed("x12-orders", bytes).taken.records
        #expect(RecordDifference.between(before, before).isEmpty)
        var after = before
        let line = try #require(after.firstIndex { $0.kind == .orderLine })
        let slot = try #require(after[line].definition.slot("quantity"))
        after[line].values[slot] = .integer(999)
        let changed = try #require(RecordDifference.between(before, after).first)
        #expect(RecordDifference.between(before, after).count == 1)
        #expect(changed.kind == .orderLine && changed.bytes == before[line].origins[slot]?.field)
        if case .field(let name, let old, let new) = changed.change {
            #expect(name == "quantity" && old == before[line].values[slot] && new == .integer(999))
        } else {
            Issue.record("a changed field is told as such")
        }
        let fewer = Array(before.dropLast())
        #expect(RecordDifference.between(before, fewer).map(\.isRemoval) == [true])
        #expect(RecordDifference.between(fewer, before).map(\.isAddition) == [true])
    }
}

extension RecordDifference {
    fileprivate var isRemoval: Bool { if case .removed = change { true } else { false } }
    fileprivate var isAddition: Bool { if case .added = change { true } else { false } }
}
