import Configurations
import Diagnostics
import EDI
import Formats
import Testing

/// What a partner's guide makes of the standard: variants by qualifier, restricted uses, other names.
@Suite struct StructureGuideTests {
    private typealias S = TransactionStructureTests

    private static func guide(_ lines: [String], over: String = "x12/850") throws -> StructureGuide {
        let text = "guide: acme\nover: \(over)\npartners: [acme]\nsegments: |\n" + lines.map { "  \($0)\n" }.joined()
        let root = try #require(ConfigurationText.parse(text, file: "guide.yaml").root)
        let decoded = StructureGuide.decode(root)
        return try #require(decoded.guide, "\(decoded.diagnostics.map(\.text))")
    }

    static func structures(_ lines: [String], over: String = "x12/850", senders: [DefectSender], elements: [SegmentElements] = []) throws -> TransactionStructures {
        let standard = try S.structure(over)
        return TransactionStructures([standard], elements: elements, guides: [(senders, try guide(lines, over: over).laid(over: standard).get())])
    }

    private static func read(
        _ lines: [String], _ segments: [String], identifier: String = "850", group: String = "PO", sender: String = "ACME"
    ) throws -> (tree: String, sink: RecordingSink) {
        let structures = try structures(
            lines, over: "x12/\(identifier)", senders: [DefectSender(qualifier: "ZZ", id: "ACME")])
        let text = Fixture.interchange(Fixture.group([Fixture.set(segments, identifier: identifier)], identifier: group))
            .replacing("*ZZ*ACME ", with: "*ZZ*\(sender) ")
        let sink = EDITests.read(text, structures: structures).sink
        #expect(EDITests.read(text, chunk: 5, structures: structures).sink.lines == sink.lines)
        return (S.tree(sink, identifier), sink)
    }

    private static let parties = ["N1 M 1 loop where 01 = ST as shipTo", "  N3 M 1", "  N4 M 1", "N1 O 1 loop where 01 = BY|BT as buyer", "N1 X"]

    @Test func `a loop is split by a qualifier, in any order, and each part has its name`() throws {
        let line = "PO1*1*10*EA"
        let (tree, sink) = try Self.read(Self.parties, ["BEG*00", "N1*BT*B", "N1*ST*S", "N3*Street", "N4*Town", line])
        #expect(tree == "850(ST BEG buyer(N1) shipTo(N1 N3 N4) PO1(PO1) SE)" && sink.codes == [])
        let other = try Self.read(Self.parties, ["BEG*00", "N1*ST*S", "N3*Street", "N4*Town", "N1*BY*B", line])
        #expect(other.tree == "850(ST BEG shipTo(N1 N3 N4) buyer(N1) PO1(PO1) SE)" && other.sink.codes == [])
    }

    @Test func `a part that is mandatory is missed by its name, and one too many is said`() throws {
        let (_, missing) = try Self.read(Self.parties, ["BEG*00", "N1*BY*B", "PO1*1*10*EA"])
        #expect(missing.codes == ["X12-MISSINGLOOP"])
        #expect(missing.diagnostics.last?.fact == "Mandatory loop shipTo is missing in transaction set 850")
        guard case .edi(let address) = missing.diagnostics.last?.position.place else { throw Missing() }
        #expect(address.missingTag == "N1" && address.segmentTag == "PO1")
        let (_, many) = try Self.read(Self.parties, ["BEG*00", "N1*ST*S", "N3*A", "N4*B", "N1*BY*B", "N1*BT*C", "PO1*1*10*EA"])
        #expect(many.diagnostic(.x12LoopUse)?.fact == "Loop buyer is repeated more than 1 times in transaction set 850")
    }

    private struct Missing: Error {}

    @Test func `a qualifier that no part has is said where the rest is not used, and taken by the standard where it is`() throws {
        let set = ["BEG*00", "N1*ST*S", "N3*A", "N4*B", "N1*VN*V", "PO1*1*10*EA"]
        let (tree, sink) = try Self.read(Self.parties, set)
        #expect(sink.codes == ["X12-NOTUSED"] && tree == "850(ST BEG shipTo(N1 N3 N4) N1(N1) PO1(PO1) SE)")
        #expect(X12Fault.of(.x12UnusedSegment, element: nil, tag: nil) == .segment("I4"))
        #expect(try Self.read(Self.parties.dropLast(), set).sink.codes == [])
    }

    @Test func `an absent optional REF does not capture the next one`() throws {
        let lines = ["REF O 1 where 01 = DP", "REF M 1 where 01 = IA", "REF X"]
        let (_, sink) = try Self.read(lines, ["BEG*00", "REF*IA*1", "PO1*1*10*EA"])
        #expect(sink.codes == [])
        let (_, absent) = try Self.read(lines, ["BEG*00", "REF*DP*1", "PO1*1*10*EA"])
        #expect(absent.diagnostic(.x12MissingSegment)?.fact == "Mandatory EDI segment REF where 01 = IA is missing in transaction set 850")
        let (_, twice) = try Self.read(lines, ["BEG*00", "REF*IA*1", "REF*IA*2", "PO1*1*10*EA"])
        #expect(twice.diagnostic(.x12SegmentUse)?.fact == "REF where 01 = IA is used more than 1 times in transaction set 850")
        #expect(try Self.read(lines, ["BEG*00", "REF*IA*1", "REF*ZZ*2", "PO1*1*10*EA"]).sink.codes == ["X12-NOTUSED"])
    }

    @Test func `what the guide does not speak of stays as the standard has it, and what it restricts is restricted`() throws {
        let lines = ["CUR X", "DTM M 1", "PO1 M 2 loop", "  PID M 1 loop"]
        #expect(try Self.read(lines, ["BEG*00", "DTM*002", "PO1*1", "PID*F"]).sink.codes == [])
        let (_, sink) = try Self.read(lines, ["BEG*00", "CUR*BY", "DTM*002", "DTM*010", "PO1*1", "PID*F", "PO1*2", "PO1*3", "PID*F"])
        #expect(sink.codes == ["X12-NOTUSED", "X12-MAXUSE", "X12-MAXLOOP", "X12-MISSINGLOOP"])
    }

    @Test func `levels of a hierarchy are told apart by HL03, and nest by their numbers`() throws {
        let lines = ["HL M 1 loop where 03 = S as shipment", "HL M >1 loop where 03 = O as order", "  PRF M 1", "HL O >1 loop where 03 = I as item", "HL X"]
        let (tree, sink) = try Self.read(
            lines, ["BSN*00", "HL*1**S", "TD1*CTN", "HL*2*1*O", "PRF*A", "HL*3*2*I", "LIN*1", "HL*4*1*O", "HL*5*4*I", "LIN*2"],
            identifier: "856", group: "SH")
        #expect(tree == "856(ST BSN shipment(HL TD1 order(HL PRF item(HL LIN)) order(HL item(HL LIN))) SE)")
        #expect(sink.codes == ["X12-MISSING"] && sink.diagnostics.last?.fact == "Mandatory EDI segment PRF is missing in loop order")
    }

    @Test func `elements are asked for in their place, by the part that a qualifier makes`() throws {
        let lines = ["N1 M 1 loop where 01 = ST ; 02 X, 03 M = 92, 04 M", "N1 O 1 loop where 01 = BY ; 02 M"]
        #expect(try Self.read(lines, Self.valid + ["N1*ST**92*A1", "N1*BY*Buyer", "PO1"]).sink.codes == [])
        let (_, sink) = try Self.read(lines, Self.valid + ["N1*ST*Name*9*A1", "N1*BY**92*B1", "PO1"])
        #expect(sink.codes == ["X12-ELEM-NOTUSED", "X12-ELEM-VALUE", "X12-ELEM-MISSING"], "\(sink.codes)")
        #expect(sink.diagnostics.map(\.fact).suffix(3) == [
            "N102 is not used here", "N103 may be 92 here", "N102 is mandatory here and empty",
        ])
        guard case .edi(let address) = sink.diagnostics.last?.position.place else { throw Missing() }
        #expect(address.element == 2 && address.segmentTag == "N1" && address.segment == 4)
    }

    private static let valid = ["BEG*00*SA*1**20261121"]

    @Test func `an element that the standard asks for too is missed once`() throws {
        let structures = try Self.structures(
            ["BEG M 1 ; 03 M, 07 M"], senders: [DefectSender(qualifier: "ZZ", id: "ACME")], elements: [try SegmentElementsTests.elements()])
        let text = Fixture.interchange(Fixture.group([Fixture.set(["BEG*00*SA***20261121", "PO1"])]))
        let facts = EDITests.read(text, structures: structures).sink.diagnostics.map(\.fact)
        #expect(facts == ["BEG07 is mandatory here and empty", "BEG03 is mandatory and empty"], "\(facts)")
    }

    @Test func `what a guide asks of elements can set aside the loop or the element`() throws {
        let structures = try Self.structures(["PO1 M 9 loop ; 03 = EA"], senders: [DefectSender(qualifier: "ZZ", id: "ACME")])
        let policy = DefectPolicy.standard.overriding([.x12ElementValue: .rejectLoop])
        let text = Fixture.interchange(Fixture.group([Fixture.set(Self.valid + ["PO1*1*1*EA", "PO1*2*1*CA"])]))
        let read = EDITests.read(text, policy: policy, structures: structures)
        #expect(read.sink.transactionSets.map(\.accepted) == [true] && read.summary.setAside == 1)
    }

    @Test func `a guide holds for its senders alone`() throws {
        let set = ["BEG*00", "N1*VN*V", "PO1*1*10*EA"]
        #expect(try Self.read(Self.parties, set).sink.codes == ["X12-NOTUSED", "X12-MISSINGLOOP"])
        #expect(try Self.read(Self.parties, set, sender: "ACMF").sink.codes == [])
    }

    @Test func `components tell parts apart too`() throws {
        let structures = try Self.structures(
            ["DTM M 1 where 01-1 = 137", "DTM O 1 where 01-1 = 2|63", "DTM X"], over: "edifact/d96a/orders",
            senders: [DefectSender(qualifier: nil, id: "4012345000001")])
        func codes(_ dates: [String]) -> [String] {
            let text = EDIFACTFixture.interchange([EDIFACTFixture.message(["BGM+220+1"] + dates + ["UNS+S"])])
            return EDITests.read(text, as: .edifact, structures: structures).sink.codes
        }
        #expect(codes(["DTM+63:20261121:102", "DTM+137:20261121:102"]) == [])
        #expect(codes(["DTM+2:20261121:102"]) == ["EDF-MISSING"] && codes(["DTM+137:20261121:102", "DTM+9:20261121:102"]) == ["EDF-NOTUSED"])
    }

    @Test(arguments: [
        ("N1 M 500 loop", "N1 may be used 500 times in 850; the standard has 200"), ("XYZ M 1", "850 has no XYZ"),
        ("BEG O 1", "BEG is optional in 850; the standard makes it mandatory"), ("N1 M 1", "N1 is a loop in 850"), ("CUR/2 M 1", "850 has no CUR/2"),
    ])
    func `a guide that contradicts its structure is refused`(_ line: (text: String, fact: String)) throws {
        let result = try Self.guide([line.text]).laid(over: try S.structure("x12/850"))
        guard case .failure(let contradiction) = result else { throw Missing() }
        #expect(contradiction.facts == [line.fact])
    }

    @Test func `what is asked of elements is held against the elements of the version`() throws {
        let lines = ["BEG M 1 ; 01 = 00|005, 03 X, 13 M", "N1 O 2 loop where 01 = ST ; 02 M, 07 X"]
        let guide = try Self.guide(lines).laid(over: try S.structure("x12/850")).get()
        #expect(guide.contradictions(with: [try SegmentElementsTests.elements()]) == [
            "BEG01 cannot be 005: it has 2 to 2 characters", "BEG03 is not used; the standard makes it mandatory", "BEG13: BEG has 12 elements",
            "N107: N1 has 6 elements",
        ])
        let message = try Self.guide(["DTM M 35 ; 01-1 = 137, 01-4 X, 02 M", "NAD O 9 loop ; 01-2 X"], over: "edifact/d96a/orders")
            .laid(over: try S.structure("edifact/d96a/orders")).get()
        #expect(message.contradictions(with: [try SegmentElementsTests.elements("edifact/d96a/elements")]) == [
            "DTM01-4: element 1 has 3 components", "DTM02: DTM has 1 elements", "NAD01-2: element 1 is no composite",
        ])
    }

    @Test func `a guide's list does not go beyond the structure's`() throws {
        let text = "structure: x12/850\ntransactionSet: \"850\"\nversions: [\"004010\"]\nsegments: |\n  BEG M 1 ; 01 = 00|05, 03 M\n"
        let root = try #require(ConfigurationText.parse(text, file: "x.yaml").root)
        let standard = try #require(TransactionStructure.decode(root).structure)
        guard case .failure(let contradiction) = try Self.guide(["BEG M 1 ; 01 = 00|22"]).laid(over: standard) else { throw Missing() }
        #expect(contradiction.facts == ["BEG01 in 850 is not as the structure has it"])
        guard case .failure = try Self.guide(["BEG M 1 ; 03 X"]).laid(over: standard) else { throw Missing() }
        #expect(throws: Never.self) { try Self.guide(["BEG M 1 ; 01 = 05"]).laid(over: standard).get() }
    }

    @Test(arguments: ["N1 M 1 loop where 01", "N1 M 1 loop where 01 = ", "N1 M 1 loop as N1", "REF M 1 where 01 = DP as reference", "REF X 1", "REF/0 M 1", "REF X where 01 = DP", "REF O 1 ; 01", "REF O 1 ; 01 Y", "REF O 1 ; 01 X = A", "REF O 1 ; 01 = A|", "REF O 1 ; 01 M, 01 X", "REF X ; 01 M", "REF O 1 ;", "REF O 1 ; 63 M"])
    func `a line that is none is an error with its place`(_ line: String) throws {
        let text = "guide: acme\nover: x12/850\npartners: [acme]\nsegments: |\n  BEG M 1\n  \(line)\n"
        let root = try #require(ConfigurationText.parse(text, file: "guide.yaml").root)
        let decoded = StructureGuide.decode(root)
        #expect(decoded.guide == nil && decoded.diagnostics.map(\.code.name) == ["STRUCTURE-LINE"] && decoded.diagnostics.first?.position.line == 6)
    }
}
