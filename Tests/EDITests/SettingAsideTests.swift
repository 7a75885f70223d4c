import Configurations
import Diagnostics
import EDI
import Formats
import Testing

/// What a defect rejects: an element, an EDI segment, a loop, a transaction set, a functional group, an interchange.
@Suite struct SettingAsideTests {
    private static let structures = Result {
        TransactionStructures([try TransactionStructureTests.structure("x12/850")], elements: [try SegmentElementsTests.elements()])
    }

    private static let order = [
        "BEG*00*SA*4711**20261121", "DTM*002*20261131", "N1*BY*Beta*92*B1", "N3*Street", "PO1*1*10*EA*9.95**VN*A-1", "PID*F****Steel",
        "PO1*2*x*EA*9.95**VN*A-2", "PID*F****Brass", "PO1*3*7*EA*9.95**VN*A-3", "DTM*002*20261132", "PID*F****Wood", "CTT*3",
    ]

    private static func read(_ settings: [DiagnosticCode: DefectSetting], _ text: String? = nil) throws -> (sink: RecordingSink, summary: SourceSummary) {
        let text = text ?? Fixture.interchange(Fixture.group([Fixture.set(order)]))
        let policy = DefectPolicy.standard.overriding(settings)
        let whole = EDITests.read(text, policy: policy, structures: try structures.get())
        #expect(EDITests.read(text, chunk: 7, policy: policy, structures: try structures.get()).sink.lines == whole.sink.lines)
        return whole
    }

    @Test func `an element that is rejected is left out, and its EDI segment is kept`() throws {
        let (sink, summary) = try Self.read([.x12ElementDate: .rejectElement, .x12ElementCharacter: .warning])
        #expect(sink.lines.contains { $0.contains("3 DTM 1=002@") && !$0.contains(" 2=") })
        #expect(sink.aside == [] && summary.setAside == 0 && summary.elementsLeftOut == 2)
        #expect(sink.transactionSets.map(\.accepted) == [true])
        #expect(sink.diagnostics.filter { $0.code == .x12ElementDate }.map(\.severity) == [.warning, .warning])
    }

    @Test func `an EDI segment that is rejected is set aside alone, and with its loop where it heads one`() throws {
        let (sink, summary) = try Self.read([.x12ElementDate: .rejectSegment, .x12ElementCharacter: .rejectSegment])
        #expect(sink.aside == ["DTM X12-ELEM-DATE", "PO1 X12-ELEM-CHARACTER", "DTM X12-ELEM-DATE"])
        #expect(summary.setAside == 3 && sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `a loop that is rejected is set aside with all in it, and its siblings are kept`() throws {
        let (sink, summary) = try Self.read([.x12ElementDate: .rejectLoop, .x12ElementCharacter: .rejectLoop])
        // The first DTM is in no loop, so that it alone goes.
        #expect(sink.aside == ["DTM X12-ELEM-DATE", "PO1 X12-ELEM-CHARACTER", "PO1 X12-ELEM-DATE"])
        #expect(summary.setAside == 3 && sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `what is missing in a loop sets aside the loop that lacks it`() throws {
        let (root, _) = ConfigurationText.parse(
            "structure: x12/850\ntransactionSet: \"850\"\nversions: [\"004010\"]\nsegments: |\n  BEG M 1\n  PO1 M 9 loop\n    QTY M 1\n    SCH O 9 loop\n      REF M 1\n  CTT O 1\n", file: "x")
        let node = try #require(root)
        let structure = try #require(TransactionStructure.decode(node).structure)
        let set = Fixture.set(["BEG*00", "PO1*1", "QTY*1", "SCH*1", "PO1*2", "PO1*3", "QTY*3", "SCH*3", "REF*3", "CTT*3"])
        func aside(_ setting: DefectSetting) -> (aside: [String], accepted: [Bool]) {
            let sink = EDITests.read(
                Fixture.interchange(Fixture.group([set])), policy: .standard.overriding([.x12MissingSegment: setting]),
                structures: TransactionStructures([structure])).sink
            return (sink.aside, sink.transactionSets.map(\.accepted))
        }
        #expect(aside(.rejectLoop).aside == ["SCH X12-MISSING", "PO1 X12-MISSING"] && aside(.rejectLoop).accepted == [true])
        #expect(aside(.reject).aside == [] && aside(.reject).accepted == [false])
    }

    @Test func `what is missing in the transaction set itself rejects it, whatever is said of parts`() throws {
        let text = Fixture.interchange(Fixture.group([Fixture.set(["N1*BY*Beta*92*B1", "PO1*1*10*EA*9.95**VN*A-1", "CTT*1"])]))
        let (sink, _) = try Self.read([.x12MissingSegment: .rejectLoop], text)
        #expect(sink.codes == ["X12-MISSING"] && sink.aside == [] && sink.transactionSets.map(\.accepted) == [false])
    }

    @Test func `what is no EDI segment is left out, and the loop around it goes where that is said`() throws {
        let text = Fixture.interchange(Fixture.group([Fixture.set(["BEG*00*SA*4711**20261121", "PO1*1*10*EA*9.95**VN*A-1", "WRONG*1", "PO1*2*7*EA", "CTT*2"])]))
        let segment = try Self.read([.x12SegmentTag: .rejectSegment], text), loop = try Self.read([.x12SegmentTag: .rejectLoop], text)
        #expect(segment.sink.aside == [] && segment.summary.setAside == 1 && segment.sink.transactionSets.map(\.accepted) == [true])
        #expect(loop.sink.aside == ["PO1 X12-TAG"] && loop.summary.setAside == 1)
    }

    @Test func `envelope segments are no parts: a defect of theirs rejects the transaction set`() throws {
        let text = Fixture.interchange(Fixture.group([Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*5*")]))
        let (sink, _) = try Self.read([.x12SegmentCount: .rejectElement], text)
        #expect(sink.transactionSets.map(\.accepted) == [false] && sink.aside == [])
    }

    @Test func `a functional group that is rejected takes its transaction sets with it, and leaves the other group`() throws {
        let set = Fixture.set(Fixture.order)
        let text = Fixture.interchange(
            Fixture.group([set, set]).replacing("GE*2*1", with: "GE*2*9") + Fixture.group([set], number: "2"), groups: 2)
        let (sink, _) = try Self.read([.x12GroupControl: .rejectGroup], text)
        #expect(sink.groups.map(\.accepted) == [false, true] && sink.groups.map(\.acceptedTransactionSets) == [0, 1])
        #expect(sink.endedInterchanges[0].accepted && sink.endedInterchanges[0].acceptedTransactionSets == 1)
        #expect(sink.diagnostic(.x12GroupControl)?.severity == .error)
    }

    @Test func `after a defect that rejects its group or interchange no later transaction set is accepted`() throws {
        let bad = Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*5*"), good = Fixture.set(Fixture.order, control: "0002")
        let text = Fixture.interchange(Fixture.group([good, bad, good]) + Fixture.group([good], number: "2"), groups: 2)
        let group = try Self.read([.x12SegmentCount: .rejectGroup], text).sink
        #expect(group.transactionSets.map(\.accepted) == [true, false, false, true] && group.groups.map(\.acceptedTransactionSets) == [0, 1])
        let interchange = try Self.read([.x12SegmentCount: .rejectInterchange], text).sink
        #expect(interchange.transactionSets.map(\.accepted) == [true, false, false, false])
        #expect(interchange.endedInterchanges.map(\.acceptedTransactionSets) == [0] && interchange.endedInterchanges.map(\.accepted) == [false])
    }
}
