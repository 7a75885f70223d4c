import Diagnostics
import EDI
import Formats
import Testing

/// The twins in EDIFACT: each planted fault with the lines of CONTRL that say it. Codes are those of UNECE code list 0085, actions
/// those of 0083. Positions by hand: UNH is segment 1 (0096); in S011 the tag is position 1, so that the first element is 2 (0098),
/// and components count from 1 (0104).
@Suite struct ControlFaultTests {
    typealias Planted = FunctionalFaultTests.Planted

    private static let order = [
        "BGM+220+4711+9", "DTM+137:20261121:102", "NAD+BY+4012345000001::9++Beta GmbH", "LIN+1++4000000034160:EN", "QTY+21:93:PCE",
        "UNS+S", "CNT+2:1",
    ]

    /// A fault within the message leaves the count of UNT right.
    private static func bytes(_ fault: Planted) -> [UInt8] {
        let body = order.map { $0 + "'\n" }.joined()
        if body.contains(fault.from) {
            let segments = body.replacing(fault.from, with: fault.to).split(separator: "'\n").map(String.init)
            return Array(EDIFACTFixture.interchange([EDIFACTFixture.message(segments)]).utf8)
        }
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(order)])
        precondition(text.contains(fault.from), fault.from)
        return Array(text.replacing(fault.from, with: fault.to).utf8)
    }

    @Test func `a value that the sender's guide does not list is 12, and what it does not use 15`() throws {
        let lines = ["BGM M 1 ; 01-1 = 220, 03 = 9", "DTM M 35 where 01-1 = 137 ; 01-3 M = 102|203, 01-2 = 20261122", "NAD O 9 loop ; 02 X"]
        let structures = try StructureGuideTests.structures(
            lines, over: "edifact/d96a/orders", senders: [DefectSender(qualifier: nil, id: "4012345000001")])
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(Self.order)]).replacing("+220+", with: "+231+")
        let answer = AcknowledgementDesk.answer(Array(text.utf8), structures: structures).filter { $0.hasPrefix("UCS") || $0.hasPrefix("UCD") }
        #expect(answer == ["UCS+2", "UCD+12+2:1", "UCS+3", "UCD+12+2:2", "UCS+4", "UCD+15+3:1"])
    }

    private static let rejected = "UCM+1+ORDERS:D:96A:UN+4", accepted = "UCM+1+ORDERS:D:96A:UN+7"

    /// What stands in the message UCI acknowledges: UCM, UCS, UCD.
    static let messages = [
        Planted("nothing is wrong: no message is named", "BGM", "BGM"),
        Planted("13: no UNT", "UNT+9+1'\n", "", rejected + "+13+UNT"),
        Planted("28: 0062 of UNT, element 2, is position 3", "UNT+9+1", "UNT+9+2", rejected + "+28+UNT+3"),
        Planted("29: 0074 of UNT, element 1, is position 2", "UNT+9+1", "UNT+8+1", rejected + "+29+UNT+2"),
        Planted("12: a tag in small letters", "BGM+220", "Bgm+220", rejected, "UCS+2+12", "UCS+2+13"),
        Planted("13: BGM is missing after UNH", "BGM+220+4711+9'\n", "", rejected, "UCS+1+13"),
        Planted("13: DTM is missing after BGM", "DTM+137:20261121:102'\n", "", rejected, "UCS+2+13"),
        Planted("15: ZZZ is in no ORDERS", "QTY+21", "ZZZ+1'\nQTY+21", accepted, "UCS+6+15"),
        Planted("13: UNS is missing, known at CNT, after QTY", "UNS+S'\n", "", rejected, "UCS+6+13"),
        Planted("15: QTY stands before UNS", "CNT+2:1", "QTY+21:1'\nCNT+2:1", accepted, "UCS+8+15"),
        Planted("35: the second BGM of one", "DTM+137", "BGM+220+4711+9'\nDTM+137", accepted, "UCS+3+35"),
        Planted("36: the 100th NAD group of 99", "LIN+1", String(repeating: "NAD+BY'\n", count: 99) + "LIN+1", accepted, "UCS+103+36"),
        Planted("21: a control character in 3036, element 4 of NAD", "Beta GmbH", "Beta\u{7}GmbH", accepted, "UCS+4", "UCD+21+5"),
        Planted("21: a control character in a component", "4012345000001::9++", "40\u{7}::9++", accepted, "UCS+4", "UCD+21+3:1"),
    ]

    /// Elements: the twins of ``FunctionalFaultTests/elements``. UCS names the segment, UCD the element or component in it.
    static let elements = [
        Planted("13: DTM has no C507, element 1", "DTM+137:20261121:102", "DTM", accepted, "UCS+3", "UCD+13+2"),
        Planted("13: DTM has no 2005, component 1", "DTM+137", "DTM+", accepted, "UCS+3", "UCD+13+2:1"),
        Planted("13: NAD has no 3039 in C082", "4012345000001::9", "::9", accepted, "UCS+4", "UCD+13+3:1"),
        Planted("16: DTM has one element", "20261121:102", "20261121:102+1", accepted, "UCS+3", "UCD+16+3"),
        Planted("16: C507 has three components", "20261121:102", "20261121:102:1", accepted, "UCS+3", "UCD+16+2:4"),
        Planted("16: 3035 is no composite", "NAD+BY", "NAD+BY:1", accepted, "UCS+4", "UCD+16+2:2"),
        Planted("19: two decimal marks", "QTY+21:93", "QTY+21:9.3.1", accepted, "UCS+6", "UCD+19+2:2"),
        Planted("19: nothing behind the decimal mark", "QTY+21:93", "QTY+21:93,", accepted, "UCS+6", "UCD+19+2:2"),
        Planted("37: a letter in a number", "QTY+21:93", "QTY+21:9E3", accepted, "UCS+6", "UCD+37+2:2"),
        Planted("37: a digit for a letter in 0081", "UNS+S", "UNS+1", accepted, "UCS+7", "UCD+37+2"),
        Planted("38: no digit before the decimal mark", "QTY+21:93", "QTY+21:.93", accepted, "UCS+6", "UCD+38+2:2"),
        Planted("39: 1225 has three characters", "+4711+9", "+4711+9999", accepted, "UCS+2", "UCD+39+4"),
        Planted("39: 1082 has six digits", "LIN+1", "LIN+1234567", accepted, "UCS+5", "UCD+39+2"),
        Planted("40: 6246 has three digits", "QTY+21:93:PCE", "QTY+21:93:PCE'\nTMP+2+12", accepted, "UCS+7+15", "UCS+7", "UCD+40+3:1"),
        Planted("two elements of one segment", "+220+4711+9", "+2200+4711+9999", accepted, "UCS+2", "UCD+39+2:1", "UCD+39+4"),
    ]

    @Test(arguments: messages + elements) func `a planted fault is said in CONTRL of syntax 3`(_ fault: Planted) {
        let lines = AcknowledgementDesk.answer(Self.bytes(fault))
        #expect(lines.first == "UNB+UNOC:3+4098765000001:14+4012345000001:14+261128:1205+1")
        #expect(lines[1...2] == ["UNH+1+CONTRL:D:3:UN", "UCI+REF1+4012345000001:14+4098765000001:14+7"])
        #expect(Array(lines[3..<(lines.count - 2)]) == fault.expected)
    }

    @Test(arguments: messages + elements) func `and of syntax 4`(_ fault: Planted) {
        let text = String(decoding: Self.bytes(fault), as: UTF8.self).replacing("UNOC:3", with: "UNOC:4").replacing("261121:0938", with: "20261121:0938")
        let lines = AcknowledgementDesk.answer(Array(text.utf8))
        #expect(lines.first == "UNB+UNOC:4+4098765000001:14+4012345000001:14+20261128:1205+1")
        #expect(lines[1] == "UNH+1+CONTRL:4:1:UN")
        #expect(Array(lines[3..<(lines.count - 2)]) == fault.expected)
    }

    /// UCI after the parties.
    static let interchanges = [
        Planted("2: a syntax version that is none", "UNOC:3", "UNOC:7", "7+2+UNB+2"),
        Planted("13: UNB has no date, element 4", "+261121:0938+", "++", "7+13+UNB+5"),
        Planted("13: no UNZ", "UNZ+1+REF1'\n", "", "7+13+UNZ"),
        Planted("22: UNA announces another element separator", "UNA:+", "UNA:*", "7+22+UNA"),
        Planted("28: 0020 of UNZ", "UNZ+1+REF1", "UNZ+1+REF2", "7+28+UNZ+3"),
        Planted("29: 0036 of UNZ", "UNZ+1+REF1", "UNZ+2+REF1", "7+29+UNZ+2"),
        Planted("33: a segment outside messages", "UNZ+1", "BGM+1'\nUNZ+1", "7+33"),
    ]

    @Test(arguments: interchanges) func `a planted fault of the interchange is said in UCI`(_ fault: Planted) {
        let lines = AcknowledgementDesk.answer(Self.bytes(fault))
        #expect(lines.first { $0.hasPrefix("UCI") } == "UCI+REF1+4012345000001:14+4098765000001:14+" + fault.expected[0])
    }

    @Test func `two separators that are the same are 20`() {
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(["BGM", "DTM"])], syntax: "UNOC:4", una: "UNA:+.?:'")
        #expect(AcknowledgementDesk.answer(Array(text.utf8)).first { $0.hasPrefix("UCI") }?.hasSuffix("+7+20+UNA") == true)
    }

    @Test func `an interchange without messages is 32, one that came before 26, and both say it in UCI alone`() {
        let empty = AcknowledgementDesk.answer(Array(EDIFACTFixture.interchange([]).utf8))
        #expect(empty[2] == "UCI+REF1+4012345000001:14+4098765000001:14+7+32")
        let again = AcknowledgementDesk.answer(Array(EDIFACTFixture.clean.utf8), isDuplicate: true)
        #expect(again[2] == "UCI+REF1+4012345000001:14+4098765000001:14+4+26")
        #expect(again.count == 5)
    }

    @Test func `a message without reference or type is 13 in UNH`() {
        let unnumbered = EDIFACTFixture.interchange([EDIFACTFixture.message(Self.order, reference: "")])
        #expect(AcknowledgementDesk.answer(Array(unnumbered.utf8))[3] == "UCM++ORDERS:D:96A:UN+4+13+UNH+2")
        let untyped = EDIFACTFixture.interchange([EDIFACTFixture.message(Self.order, type: ":D:96A:UN")])
        #expect(AcknowledgementDesk.answer(Array(untyped.utf8))[3] == "UCM+1+:D:96A:UN+4+13+UNH+3")
    }

    @Test func `functional groups have their UCF, with their own verdict`() {
        func answer(_ trailer: String) -> [String] {
            let group = "UNG+ORDERS+A+B+261121:0938+7+UN+D:96A'\n" + EDIFACTFixture.message(Self.order) + trailer
            return AcknowledgementDesk.answer(Array(EDIFACTFixture.interchange([group]).utf8))
        }
        #expect(answer("UNE+1+7'\n")[3] == "UCF+7+A+B+7")
        #expect(answer("UNE+2+7'\n")[3] == "UCF+7+A+B+7+29+UNE+2")
        #expect(answer("UNE+1+8'\n")[3] == "UCF+7+A+B+7+28+UNE+3")
        #expect(answer("")[3] == "UCF+7+A+B+7+13+UNE")
    }

    @Test func `what reaches a limit is 39 and 16, and what is not of the character set 21`() {
        var limits = ReadLimits()
        limits.recordBytes = 120
        let long = Self.bytes(Planted("", "UNS+S", "FTX+AAI+++" + String(repeating: "a", count: 130) + "'\nUNS+S"))
        #expect(AcknowledgementDesk.answer(long, limits: limits).contains("UCS+7+39"))
        limits = ReadLimits()
        limits.fields = 5
        let wide = Self.bytes(Planted("", "NAD+BY+", "NAD+BY+a:b:c:d:e:f+"))
        #expect(AcknowledgementDesk.answer(wide, limits: limits).contains("UCS+4+16"))
        let latin = Self.bytes(Planted("", "Beta", "B\u{1}ta")).map { $0 == 1 ? 0x96 : $0 }
        let lines = AcknowledgementDesk.answer(latin)
        #expect(lines.contains("UCS+4") && lines.contains("UCD+21+5"))
    }

    @Test func `a policy makes a message that is not known 14`() {
        let strict = DefectPolicy.standard.overriding([.edifactNoStructure: .reject])
        let unknown = EDIFACTFixture.interchange([EDIFACTFixture.message(Self.order, type: "DESADV:D:96A:UN")])
        #expect(AcknowledgementDesk.answer(Array(unknown.utf8), policy: strict)[3] == "UCM+1+DESADV:D:96A:UN+4+14+UNH+3")
    }

    @Test func `CONTRL is not acknowledged`() {
        let control = EDIFACTFixture.interchange([EDIFACTFixture.message(["UCI+1+A+B+7"], type: "CONTRL:D:3:UN")])
        #expect(AcknowledgementDesk.answer(Array(control.utf8)) == [])
    }
}
