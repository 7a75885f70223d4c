import Diagnostics
import EDI
import Formats
import Testing
import Values

@Suite struct ApplicationAdviceTests {
    private static let moment = DateTime("2026-11-28T12:05:00")

    private static func report(_ text: String) throws -> InterchangeReport {
        let bytes = Array(text.utf8)
        var sink = AcknowledgementSink(ContentSink(), structures: TransactionStructures())
        var reader = EDIReader(try #require(EDIReader.recognised(head: bytes)))
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return try #require(sink.reports.first)
    }

    private static func fault(_ code: DiagnosticCode, _ fact: String, _ interchange: String, _ set: String, _ segment: Int, _ tag: String, _ element: Int? = nil) -> Diagnostic {
        Diagnostic(code, .error, fact, at: SourcePosition(place: .edi(EDIAddress(
            interchange: interchange, group: 1, transactionSet: set, segment: segment, segmentTag: tag, element: element))))
    }

    private static func lines(_ advice: ApplicationAdvice, _ terminator: Character) throws -> [String] {
        let moment = try #require(Self.moment)
        let (bytes, diagnostics) = advice.write(at: moment, interchangeNumber: 5, groupNumber: 6)
        #expect(diagnostics.errors == 0)
        return String(decoding: bytes, as: UTF8.self).split(separator: terminator).map(String.init)
    }

    @Test func `an 824 names each set and each record that failed, and its text fits`() throws {
        let report = try Self.report(Fixture.interchange(Fixture.group([
            Fixture.set(AcknowledgementDesk.order, control: "0001"), Fixture.set(AcknowledgementDesk.order, control: "0002"),
        ])))
        let number = report.header.controlNumber
        let long = "the quantity is *4*, and for this item whole cartons of 12 are shipped: order 12 or a multiple of it, or ask for another packing"
        let advice = try #require(ApplicationAdvice(report, findings: [
            Self.fault("ORDER-QTY", long, number, "0002", 7, "PO1", 2), Self.fault("X12-ELEM-LONG", "not for an 824", number, "0001", 2, "BEG", 3),
            Self.fault("ITEM-UNKNOWN", "no such item", number, "0002", 8, "PO1", 7), Self.fault("ORDER-QTY", "of another interchange", "77", "0001", 7, "PO1"),
        ]))
        let lines = try Self.lines(advice, "~")
        #expect(lines[1] == "GS*AG*DEPOT*ACME*20261128*1205*6*X*004010")
        #expect(lines[2...].dropLast(3) == [
            "ST*824*0001", "BGN*11*\(number)*20261128*1205", "OTI*TE*TN*0002*ACME*DEPOT***1*0002*850*004010",
            "TED*024*ORDER-QTY the quantity is  4 , and for this item whole carto*PO1*7*2",
            "NTE**ns of 12 are shipped  order 12 or a multiple of it, or ask for another packing",
            "TED*024*ITEM-UNKNOWN no such item*PO1*8*7",
        ])
        #expect(advice.kind == "824")
    }

    @Test func `an APERAK is made for each message that has an error`() throws {
        let report = try Self.report(EDIFACTFixture.interchange([
            EDIFACTFixture.message(EDIFACTFixture.order, reference: "1"), EDIFACTFixture.message(EDIFACTFixture.order, reference: "2"),
        ]))
        let advice = try #require(ApplicationAdvice(report, findings: [Self.fault("ORDER-QTY", "it's 4, and 12 + more are wanted", "REF1", "2", 6, "QTY", 2)]))
        let lines = try Self.lines(advice, "'")
        #expect(lines[1...] == [
            "UNH+1+APERAK:D:96A:UN", "BGM+313+2+27", "DTM+137:202611281205:203", "RFF+ACW:2", "ERC+ORDER-QT",
            "FTX+AAO+++ORDER-QTY it?", "s 4, and 12 ?+ more are wanted:segment 6 QTY, element 2", "UNT+7+1", "UNZ+1+5",
        ])
        #expect(advice.kind == "APERAK")
    }

    @Test func `nothing is said where nothing failed`() throws {
        let report = try Self.report(Fixture.interchange(Fixture.group([Fixture.set(AcknowledgementDesk.order)])))
        #expect(ApplicationAdvice(report, findings: []) == nil)
        #expect(ApplicationAdvice(report, findings: [Self.fault("ORDER-QTY", "x", report.header.controlNumber, "9999", 7, "PO1")]) == nil)
    }
}
