import Diagnostics
import EDI
import Formats
import Testing

/// Planted faults, each with the lines of 997 that say it. Codes are those of the X12 data element dictionary (004010), positions were
/// counted by hand: ST is segment 1 (AK302), the first element after a tag is 1 (AK401), a missing segment has the position of the last
/// one before it.
@Suite struct FunctionalFaultTests {
    struct Planted: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var from: String
        var to: String
        /// From after AK2 to AK9.
        var expected: [String]

        init(_ what: String, _ from: String, _ to: String, _ expected: String...) {
            testDescription = what
            self.from = from
            self.to = to
            self.expected = expected
        }
    }

    /// Elements: AK403, data element 723. AK402 is the number of the element in the dictionary.
    static let elements = [
        Planted("723 1: BEG03 is mandatory", "*SA*4711", "*SA*", "AK3*BEG*2**8", "AK4*3*324*1", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 1: REF01 is mandatory", "REF*DP", "REF*", "AK3*REF*3**8", "AK4*1*128*1", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 2: N104 goes with N103 (P0304)", "*92*B1", "*92", "AK3*N1*5**8", "AK4*4*67*2", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 2: REF02 or REF03 (R0203)", "*DP*038", "*DP", "AK3*REF*3**8", "AK4*2*127*2", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 2: DTM06 goes with DTM05 (P0506)", "*1200", "*1200**D8", "AK3*DTM*4**8", "AK4*6*1251*2", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 3: N3 has two elements", "N3*Hafenstrasse 1", "N3*a*b*c", "AK3*N3*6**8", "AK4*3**3*c", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 4: BEG01 has two characters", "BEG*00", "BEG*0", "AK3*BEG*2**8", "AK4*1*353*4*0", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 5: DTM01 has three characters", "DTM*002", "DTM*0021", "AK3*DTM*4**8", "AK4*1*374*5*0021", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 3: N4 has six elements", "**20457*DE", "**20457*DE***x", "AK3*N4*7**8", "AK4*7**3*x", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 5: PO102 has fifteen digits at most", "*1*10*EA", "*1*1234567890123456*EA", "AK3*PO1*8**8", "AK4*2*330*5*1234567890123456", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 6: PO102 is a number", "*1*10*EA", "*1*ten*EA", "AK3*PO1*8**8", "AK4*2*330*6*ten", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 6: a decimal comma is none", "9.95", "9,95", "AK3*PO1*8**8", "AK4*4*212*6*9,95", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 6: a control character is not copied", "Beta GmbH", "Beta\u{7}GmbH", "AK3*N1*5**8", "AK4*2*93*6", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 8: BEG05 has no month 13", "20261121", "20261321", "AK3*BEG*2**8", "AK4*5*373*8*20261321", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 8: DTM02 has no 30 February", "20261210", "20260230", "AK3*DTM*4**8", "AK4*2*373*8*20260230", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 9: DTM03 has no hour 25", "*1200", "*2561", "AK3*DTM*4**8", "AK4*3*337*9*2561", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 8: DTM06 is no date, as 1250 before it says D8", "*1200", "*1200**D8*20261301", "AK3*DTM*4**8", "AK4*6*1251*8*20261301", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 9: DTM06 is no time, as 1250 before it says TM", "*1200", "*1200**TM*2560", "AK3*DTM*4**8", "AK4*6*1251*9*2560", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 8: the end of a range is no date", "*1200", "*1200**RD8*20261201-20261232", "AK3*DTM*4**8", "AK4*6*1251*8*20261201-20261232", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("723 10: QTY02 or QTY04 (E0204)", "PID*F****Lamp", "PID*F****Lamp~\nQTY*21*5**x", "AK3*QTY*10**8", "AK4*4*61*10*x", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("a value with a delimiter of the answer is not copied", "DTM*002", "DTM*0:21", "AK3*DTM*4**8", "AK4*1*374*5", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("two elements of one segment", "BEG*00*SA*4711", "BEG*0*SA*", "AK3*BEG*2**8", "AK4*1*353*4*0", "AK4*3*324*1", "AK5*E*5", "AK9*E*1*1*1"),
    ]

    /// EDI segments: AK304, data element 720.
    static let segments = [
        Planted("720 1: a tag with a hyphen", "N3*Hafen", "N-3*Hafen", "AK3*N-3*6**1", "AK5*R*5", "AK9*R*1*1*0"),
        Planted("720 3: BEG is mandatory; ST is the last before it", "BEG*00*SA*4711**20261121~\n", "", "AK3*BEG*1**3", "AK5*R*5", "AK9*R*1*1*0"),
        Planted("720 3: a PO1 loop is mandatory; known at CTT, after N4", "PO1*1*10*EA*9.95**VN*A-1~\nPID*F****Lamp~\nPO1*2*4*EA*5**VN*A-2~\n", "", "AK3*PO1*7**3", "AK5*R*5", "AK9*R*1*1*0"),
        Planted("720 4: the 26th SAC loop of 25", "DTM*002", String(repeating: "SAC*C*D240***1000~\n", count: 26) + "DTM*002", "AK3*SAC*29**4", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("720 5: the third N3 of two", "N3*Hafenstrasse 1", "N3*a~\nN3*b~\nN3*c", "AK3*N3*8**5", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("720 5: the second BEG of one", "REF*DP*038", "BEG*00*SA*4711**20261121~\nREF*DP*038", "AK3*BEG*3**5", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("720 6: ZZZ is in no 850", "N4*Hamburg", "ZZZ*1~\nN4*Hamburg", "AK3*ZZZ*7**6", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("720 7: CUR stands before REF", "DTM*002*20261210*1200", "DTM*002*20261210*1200~\nCUR*BY*EUR", "AK3*CUR*5**7", "AK5*E*5", "AK9*E*1*1*1"),
        Planted("720 6 and 8: an undefined segment before one with a bad element", "N4*Hamburg**20457", "ZZZ*1~\nN4*Hamburg**2", "AK3*ZZZ*7**6", "AK3*N4*8**8", "AK4*3*116*4*2", "AK5*E*5", "AK9*E*1*1*1"),
    ]

    /// Transaction sets: AK502, data element 718.
    static let sets = [
        Planted("718 2: no SE", "SE*12*0001~\n", "", "AK5*R*2", "AK9*R*1*1*0"),
        Planted("718 3: SE02 is not ST02", "SE*12*0001", "SE*12*0002", "AK5*R*3", "AK9*R*1*1*0"),
        Planted("718 4: SE01 is not 12", "SE*12*0001", "SE*11*0001", "AK5*R*4", "AK9*R*1*1*0"),
        Planted("718 3 and 4 together", "SE*12*0001", "SE*11*0002", "AK5*R*3*4", "AK9*R*1*1*0"),
        Planted("718 6: a 852 in a group PO", "ST*850", "ST*852", "AK5*E*6", "AK9*E*1*1*1"),
    ]

    /// Functional groups: AK905, data element 716.
    static let groups = [
        Planted("716 3: no GE", "GE*1*1~\n", "", "AK5*A", "AK9*E*1*1*1*3"),
        Planted("716 4: GE02 is not GS06", "GE*1*1", "GE*1*2", "AK5*A", "AK9*E*1*1*1*4"),
        Planted("716 5: GE01 is not 1; AK902 is what was declared", "GE*1*1", "GE*2*1", "AK5*A", "AK9*E*2*1*1*5"),
        Planted("716 4 and 5 together", "GE*1*1", "GE*3*7", "AK5*A", "AK9*E*3*1*1*4*5"),
        Planted("nothing is wrong", "REF*DP", "REF*DP", "AK5*A", "AK9*A*1*1*1"),
    ]

    /// What stands between AK2 and SE of the one 997.
    private func body(_ lines: [String]) -> [String] {
        guard let start = lines.firstIndex(where: { $0.hasPrefix("AK2") || $0.hasPrefix("IK2") }), let end = lines.firstIndex(where: { $0.hasPrefix("SE*") })
        else { return lines }
        return Array(lines[(start + 1)..<end])
    }

    @Test(arguments: elements + segments + sets + groups)
    func `a planted fault is said in 997`(_ fault: Planted) {
        let lines = AcknowledgementDesk.answer(AcknowledgementDesk.order((fault.from, fault.to)))
        #expect(body(lines) == fault.expected)
    }

    @Test(arguments: elements + segments + sets + groups)
    func `and in 999, with IK3, IK4 and IK5`(_ fault: Planted) {
        let lines = AcknowledgementDesk.answer(AcknowledgementDesk.order((fault.from, fault.to)), kind: .implementation)
        let expected = fault.expected.map { $0.replacing(/^AK([345])/) { "IK\($0.1)" } }
        #expect(body(lines).filter { !$0.hasPrefix("CTX") } == expected)
        #expect(lines.contains("ST*999*0001*005010X231A1") && lines.contains("AK1*PO*1*004010"))
    }

    /// Interchanges: TA105, data element I18.
    static let interchanges = [
        Planted("I18 000", "REF*DP", "REF*DP", "A*000"),
        Planted("I18 001: IEA02 is not ISA13", "IEA*1*000000905", "IEA*1*000000906", "E*001"),
        Planted("I18 005: ISA05 has two characters", "*00*          *ZZ*ACME", "*00*          *Z*ACME", "E*005"),
        Planted("I18 006: ISA06 has fifteen", "ACME           *ZZ", "ACME*ZZ", "E*006"),
        Planted("I18 007: ISA07 has two", "*ZZ*DEPOT", "*Z*DEPOT", "E*007"),
        Planted("I18 008: ISA08 has fifteen", "DEPOT          *261121", "DEPOT*261121", "E*008"),
        Planted("I18 010: ISA01 has two", "ISA*00*", "ISA*0*", "E*010"),
        Planted("I18 011: ISA02 has ten", "ISA*00*          *00", "ISA*00**00", "E*011"),
        Planted("I18 012: ISA03 has two", "          *00*          *ZZ*ACME", "          *0*          *ZZ*ACME", "E*012"),
        Planted("I18 013: ISA04 has ten", "*00*          *ZZ*ACME", "*00**ZZ*ACME", "E*013"),
        Planted("I18 014: ISA09 has six", "*261121*0938*U", "*21121*0938*U", "E*014"),
        Planted("I18 015: ISA10 has four", "*0938*U", "*938*U", "E*015"),
        Planted("I18 016: ISA11 has one", "*0938*U*", "*0938*US*", "E*016"),
        Planted("I18 017: ISA12 has five", "*00401*", "*0401*", "E*017"),
        Planted("I18 018: ISA13 has nine", "*000000905*1*P", "*905*1*P", "E*018"),
        Planted("I18 020: ISA15 has one", "*1*P*>", "*1*PP*>", "E*020"),
        Planted("I18 021: IEA01 is not 1", "IEA*1", "IEA*2", "E*021"),
        Planted("I18 022: a segment outside its envelope", "GE*1*1~\n", "GE*1*1~\nN1*BY*x~\n", "E*022"),
        Planted("I18 022: ISA has 15 elements", "*ZZ*DEPOT          ", "*DEPOT          ", "E*022"),
        Planted("I18 023: no IEA", "IEA*1*000000905~\n", "", "E*023"),
        Planted("I18 027: ISA16 is the terminator", "*P*>~", "*P*~~", "E*027"),
    ]

    @Test(arguments: interchanges) func `a planted fault of the interchange is said in TA1`(_ fault: Planted) {
        let bytes = AcknowledgementDesk.order((fault.from, fault.to))
        let draft = AcknowledgementDesk.reports(bytes).first.flatMap { AcknowledgementDraft($0, interchangeAnswer: .always) }
        let said = draft?.interchangeAcknowledgement
        #expect(said.map { $0.text(4) + "*" + $0.text(5) } == fault.expected[0])
    }

    @Test func `ISA14 that is empty is 019, and a TA1 comes only where it is asked for`() {
        let bytes = AcknowledgementDesk.order(("*1*P*>", "**P*>"))
        #expect(!AcknowledgementDesk.answer(bytes).contains { $0.hasPrefix("TA1") })
        #expect(AcknowledgementDesk.answer(bytes, ta1: .always)[1] == "TA1*000000905*261121*0938*E*019")
        #expect(AcknowledgementDesk.answer(AcknowledgementDesk.order())[1] == "TA1*000000905*261121*0938*A*000")
        #expect(!AcknowledgementDesk.answer(AcknowledgementDesk.order(), ta1: .never).contains { $0.hasPrefix("TA1") })
    }

    @Test func `a terminator of several bytes is 004, and text in two character sets 6`() {
        let ellipsis = String(decoding: AcknowledgementDesk.order(), as: UTF8.self).replacing("~", with: "…")
        #expect(AcknowledgementDesk.answer(Array(ellipsis.utf8))[1] == "TA1*000000905*261121*0938*E*004")
        // E9 alone is no UTF-8.
        let bytes = AcknowledgementDesk.order(("Beta", "B\u{1}ta")).map { $0 == 1 ? 0xE9 : $0 }
        #expect(body(AcknowledgementDesk.answer(bytes)) == ["AK3*N1*5**8", "AK4*2*93*6*Béta GmbH", "AK5*E*5", "AK9*E*1*1*1"])
    }

    @Test func `empty identifiers of ST are 6 and 7`() {
        #expect(body(AcknowledgementDesk.answer(AcknowledgementDesk.order(("ST*850*0001", "ST**0001")))) == ["AK5*R*6", "AK9*R*1*1*0"])
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self)
        let unnumbered = text.replacing("ST*850*0001", with: "ST*850").replacing("SE*12*0001", with: "SE*12")
        #expect(body(AcknowledgementDesk.answer(Array(unnumbered.utf8))) == ["AK5*R*7", "AK9*R*1*1*0"])
    }

    @Test func `a number of a group that is none is 716 6`() {
        let text = String(decoding: AcknowledgementDesk.order(("*0938*1*X*", "*0938*A1*X*")), as: UTF8.self)
        let lines = AcknowledgementDesk.answer(Array(text.replacing("GE*1*1", with: "GE*1*A1").utf8))
        #expect(body(lines) == ["AK5*A", "AK9*E*1*1*1*6"] && lines.contains("AK1*PO*A1"))
    }

    @Test func `a policy makes a set that is not known 718 1, and a version that is not known 716 2`() {
        let strict = DefectPolicy.standard.overriding([.x12NoStructure: .reject, .x12NearStructure: .warning])
        let unknown = AcknowledgementDesk.order(("ST*850", "ST*852"))
        #expect(body(AcknowledgementDesk.answer(unknown, policy: strict)) == ["AK5*R*1*6", "AK9*R*1*1*0"])
        let old = AcknowledgementDesk.order(("X*004010", "X*003070"))
        #expect(body(AcknowledgementDesk.answer(old, policy: strict)) == ["AK5*A", "AK9*E*1*1*1*2"])
    }

    @Test func `a policy makes a kind of group that is not known 716 1`() {
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self)
        let bytes = Array(text.replacing("GS*PO*", with: "GS*QQ*").replacing("ST*850*", with: "ST*109*").utf8)
        // By itself nothing is said of it.
        #expect(body(AcknowledgementDesk.answer(bytes)) == ["AK5*A", "AK9*A*1*1*1"])
        let warned = AcknowledgementDesk.answer(bytes, policy: .standard.overriding([.x12GroupIdentifier: .warning]))
        #expect(body(warned) == ["AK5*A", "AK9*E*1*1*1*1"] && warned.contains { $0.hasPrefix("AK1*QQ*1") })
        let refused = body(AcknowledgementDesk.answer(bytes, policy: .standard.overriding([.x12GroupIdentifier: .rejectGroup])))
        #expect(refused.last?.hasPrefix("AK9*R*1*1*0*1") == true, "\(refused)")
    }

    @Test func `what reaches a limit is 8, 2 and 023`() {
        var limits = ReadLimits()
        limits.recordBytes = 120
        let long = AcknowledgementDesk.order(("CTT*2", "N9*ZZ*1~\nMSG*" + String(repeating: "a", count: 130) + "~\nCTT*2"))
        let answer = body(AcknowledgementDesk.answer(long, limits: limits))
        #expect(answer.first { $0.hasPrefix("AK3*MSG") } == "AK3*MSG*12**8")
        limits = ReadLimits()
        limits.fields = 16
        let wide = AcknowledgementDesk.order(("VN*A-1", "VN*A-1*VN*1*VN*2*VN*3*VN*4*VN*5*VN*6"))
        #expect(body(AcknowledgementDesk.answer(wide, limits: limits)) == ["AK3*PO1*8**8", "AK5*R*5", "AK9*R*1*1*0"])
    }

    @Test func `a HL that names no parent is an element with a wrong value`() {
        let segments = ["BSN*00*10*20261121*1200", "HL*1**S", "HL*2*9*O", "CTT*2"]
        let bytes = Array(Fixture.interchange(Fixture.group([Fixture.set(segments, identifier: "856")], identifier: "SH")).utf8)
        #expect(body(AcknowledgementDesk.answer(bytes)) == ["AK3*HL*4**8", "AK4*2*734*7*9", "AK5*E*5", "AK9*E*1*1*1"])
        var limits = ReadLimits()
        limits.depth = 3
        let deep = ["BSN*00*10*20261121*1200", "HL*1**S", "HL*2*1*O", "HL*3*2*P", "HL*4*3*I", "HL*5*4*I", "CTT*5"]
        let nested = Array(Fixture.interchange(Fixture.group([Fixture.set(deep, identifier: "856")], identifier: "SH")).utf8)
        let answer = body(AcknowledgementDesk.answer(nested, limits: limits))
        #expect(answer.contains { $0.hasPrefix("AK3*HL*") && $0.hasSuffix("**2") } && answer.contains("AK5*R*5"), "\(answer)")
    }

    @Test func `a condition that asks for an element is the context of it in 999`() {
        let lines = AcknowledgementDesk.answer(AcknowledgementDesk.order(("*92*B1", "*92")), kind: .implementation)
        #expect(body(lines) == ["IK3*N1*5**8", "IK4*4*67*2", "CTX*SITUATIONAL TRIGGER*N1*5**3", "IK5*E*5", "AK9*E*1*1*1"])
    }

    @Test func `what the sender's guide forbids is 2 in 997 and I4 in 999`() throws {
        let structures = try StructureGuideTests.structures(["N1 X"], senders: [DefectSender(qualifier: "ZZ", id: "ACME")])
        let bytes = AcknowledgementDesk.order()
        #expect(body(AcknowledgementDesk.answer(bytes, structures: structures)) == ["AK3*N1*5**2", "AK5*E*5", "AK9*E*1*1*1"])
        #expect(body(AcknowledgementDesk.answer(bytes, kind: .implementation, structures: structures)) == ["IK3*N1*5**I4", "IK5*E*5", "AK9*E*1*1*1"])
    }

    @Test func `a value that the sender's guide does not list is 7, what it does not use is 10 or I10, and what it asks for is 1`() throws {
        let lines = ["BEG M 1 ; 01 = 00|05, 03 = 4711", "N1 O 1 loop where 01 = BY ; 02 X, 03 M = 9", "REF O 9 ; 01 = DP|IA, 03 M"]
        let structures = try StructureGuideTests.structures(
            lines, senders: [DefectSender(qualifier: "ZZ", id: "ACME")], elements: [try SegmentElementsTests.elements()])
        let bytes = AcknowledgementDesk.order(("BEG*00*SA", "BEG*22*SA"))
        let said = ["AK3*BEG*2**8", "AK4*1*353*7*22", "AK3*REF*3**8", "AK4*3*352*1", "AK3*N1*5**8", "AK4*2*93*10*Beta GmbH", "AK4*3*66*7*92"]
        #expect(body(AcknowledgementDesk.answer(bytes, structures: structures)) == said + ["AK5*E*5", "AK9*E*1*1*1"])
        let implementation = body(AcknowledgementDesk.answer(bytes, kind: .implementation, structures: structures))
        #expect(implementation.contains("IK4*2*93*I10*Beta GmbH") && implementation.contains("IK4*1*353*7*22"))
        // For any other sender nothing is wrong.
        let other = AcknowledgementDesk.order(("BEG*00*SA", "BEG*22*SA"), also: nil).map { $0 }
        #expect(body(AcknowledgementDesk.answer(Array(String(decoding: other, as: UTF8.self).replacing("*ZZ*ACME ", with: "*ZZ*ACMF ").utf8), structures: structures)) == ["AK5*A", "AK9*A*1*1*1"])
    }

    @Test func `a loop between LS and LE is named in AK303`() {
        let scheduled = AcknowledgementDesk.order(("PID*F****Lamp", "PID*F****Lamp~\nLS*LDT~\nLDT*AF*3*XX*20269999~\nLE*LDT"))
        #expect(body(AcknowledgementDesk.answer(scheduled)) == ["AK3*LDT*11*LDT*8", "AK4*4*373*8*20269999", "AK5*E*5", "AK9*E*1*1*1"])
    }
}
