import Diagnostics
import EDI
import Formats
import Testing

/// Planted faults of ISA and IEA, each with the note code of TA1 (TA105, data element I18 of 004010) that says it. What an element may hold
/// is by the dictionary: I01 to I16 (X12.5).
@Suite struct InterchangeFaultTests {
    typealias Planted = FunctionalFaultTests.Planted

    static let faults = [
        Planted("000: nothing is wrong", "*P*>", "*P*>", "A*000"),
        Planted("001: IEA02 is not ISA13", "IEA*1*000000905", "IEA*1*000000906", "E*001"),
        Planted("005: ISA05 is no qualifier", "*ZZ*ACME ", "*z?*ACME ", "E*005"),
        Planted("006: ISA06 is not of its width", "*ZZ*ACME           ", "*ZZ*ACME", "E*006"),
        Planted("007: ISA07 is no qualifier", "*ZZ*DEPOT ", "*  *DEPOT ", "E*007"),
        Planted("008: ISA08 is empty", "*ZZ*DEPOT          ", "*ZZ*               ", "E*008"),
        Planted("010: ISA01 is no code", "ISA*00*", "ISA*77*", "E*010"),
        Planted("011: ISA01 says that there is information in ISA02", "ISA*00*", "ISA*03*", "E*011"),
        Planted("012: ISA03 is no code", "*00*          *ZZ*ACME", "*09*          *ZZ*ACME", "E*012"),
        Planted("013: ISA03 says that there is a password in ISA04", "*00*          *ZZ*ACME", "*01*          *ZZ*ACME", "E*013"),
        Planted("014: ISA09 has no month 13", "*261121*", "*261321*", "E*014"),
        Planted("015: ISA10 has no hour 25", "*261121*0938*", "*261121*2538*", "E*015"),
        Planted("016: ISA11 is no U before 00402", "*U*00401", "*X*00401", "E*016"),
        Planted("017: ISA12 is no version", "*00401*", "*4010 *", "E*017"),
        Planted("018: ISA13 is no number", "*000000905*1", "*00000905A*1", "E*018"),
        Planted("019: ISA14 is 0 or 1", "*1*P*>", "*2*P*>", "E*019"),
        Planted("020: ISA15 is P, T or I", "*1*P*>", "*1*X*>", "E*020"),
        Planted("021: IEA01 is not 1", "IEA*1*", "IEA*2*", "E*021"),
        Planted("023: no IEA", "IEA*1*000000905~\n", "", "E*023"),
    ]

    @Test(arguments: faults) func `a planted fault is said in TA1`(_ fault: Planted) {
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self)
        #expect(text.contains(fault.from))
        var edited = text.replacing(fault.from, with: fault.to)
        // The number of IEA follows that of ISA, where that alone is meant.
        if fault.to.contains("0905A") { edited = edited.replacing("IEA*1*000000905", with: "IEA*1*00000905A") }
        let line = AcknowledgementDesk.answer(Array(edited.utf8), ta1: .always).first { $0.hasPrefix("TA1") } ?? "no TA1"
        #expect(line.split(separator: "*").suffix(2).joined(separator: "*") == fault.expected[0])
    }

    @Test func `each wrong element of ISA is a finding with its place, and passwords are not shown`() throws {
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self).replacing("ISA*00*          *00*          *ZZ", with: "ISA*99*secret    *88*password  *zz")
            .replacing("*1*P*>", with: "*7*Q*>")
        let sink = read(text).sink
        let found = sink.diagnostics.filter { $0.code == .x12HeaderValue }
        #expect(found.map(\.fact) == [
            "ISA01 is 99; a code 00 to 08 was expected", "ISA03 is 88; 00 or 01 was expected",
            "ISA05 is zz; a qualifier of two characters was expected", "ISA14 is 7; 0 or 1 was expected", "ISA15 is Q; P, T or I was expected",
        ])
        #expect(found.map(\.position.bytes?.lowerBound) == [4, 18, 32, 100, 102])
        #expect(!found.contains { $0.text.contains("secret") || $0.text.contains("password") })
        #expect(sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `a sender that is empty is a finding, and gets no answer`() {
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self).replacing("*ZZ*ACME           ", with: "*ZZ*               ")
        #expect(read(text).sink.diagnostics.filter { $0.code == .x12HeaderValue }.map(\.fact) == ["ISA06 is nothing; a sender was expected"])
        #expect(AcknowledgementDesk.answer(Array(text.utf8), ta1: .always) == [])
    }

    @Test func `a separator of repetitions in ISA11 is none of it`() {
        let text = String(decoding: AcknowledgementDesk.order(), as: UTF8.self)
        #expect(read(text.replacing("*U*00401", with: "*^*00501")).sink.codes == read(text.replacing("*U*00401", with: "*U*00501")).sink.codes)
        #expect(!read(text.replacing("*U*00401", with: "*^*00401")).sink.codes.contains("X12-ISA-VALUE"))
    }
}
