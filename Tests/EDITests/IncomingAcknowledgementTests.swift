import EDI
import Formats
import Testing

/// What 997, 999, CONTRL and TA1 say is read back from them.
@Suite struct IncomingAcknowledgementTests {
    private static func read(_ text: String) -> [IncomingAcknowledgement] {
        let bytes = Array(text.utf8)
        var sink = AcknowledgementSink(ContentSink(), structures: TransactionStructures())
        var reader = EDIReader(EDIReader.recognised(head: bytes) ?? .x12)
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return sink.reports.flatMap(\.acknowledgements)
    }

    @Test func `a 997 names the sets that it answers, with their faults, and then the group`() {
        let text = Fixture.interchange(Fixture.group([Fixture.set([
            "AK1*SW*17", "AK2*945*0001", "AK5*A", "AK2*945*0002", "AK3*W12*4**8", "AK4*3**1*x", "AK3*W03*5**3", "AK5*R*5", "AK9*P*2*2*1",
        ], identifier: "997")], identifier: "FA"))
        #expect(Self.read(text) == [
            IncomingAcknowledgement(scope: .transactionSet("0001", group: "17", interchange: nil), verdict: .accepted, faults: []),
            IncomingAcknowledgement(
                scope: .transactionSet("0002", group: "17", interchange: nil), verdict: .rejected, faults: ["5", "W12: 8", "W1203: 1", "W03: 3"]),
            IncomingAcknowledgement(scope: .group("17"), verdict: .partlyAccepted, faults: []),
        ])
    }

    @Test func `a 999 says the same in segments of its own`() {
        let text = Fixture.interchange(Fixture.group([Fixture.set([
            "AK1*SH*9*005010", "AK2*856*0007", "IK3*BSN*2**8", "IK4*1*353*7*ZZ", "IK5*E*5", "AK9*E*1*1*1",
        ], identifier: "999")], identifier: "FA", version: "005010X231A1"))
        #expect(Self.read(text) == [
            IncomingAcknowledgement(
                scope: .transactionSet("0007", group: "9", interchange: nil), verdict: .acceptedWithErrors, faults: ["5", "BSN: 8", "BSN01: 7"]),
            IncomingAcknowledgement(scope: .group("9"), verdict: .acceptedWithErrors, faults: []),
        ])
    }

    @Test(arguments: [("A*000", IncomingAcknowledgement.Verdict.received, []), ("R*018", .rejected, ["018"])])
    func `a TA1 says that an interchange came, or that it was rejected`(_ code: String, _ verdict: IncomingAcknowledgement.Verdict, _ faults: [String]) {
        #expect(Self.read(Fixture.interchange("TA1*000000042*261121*0938*\(code)~\n", groups: 0)) == [
            IncomingAcknowledgement(scope: .interchange("000000042"), verdict: verdict, faults: faults),
        ])
    }

    @Test func `a CONTRL acknowledges the interchange and names the messages that it rejects`() {
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(
            ["UCI+42+4098765000001:14+4012345000001:14+7", "UCM+2+DESADV:D:96A:UN+4", "UCS+3+13", "UCD+12+2:1", "UCM+3+DESADV:D:96A:UN+7"],
            type: "CONTRL:D:3:UN")])
        #expect(Self.read(text) == [
            IncomingAcknowledgement(scope: .interchange("42"), verdict: .accepted, faults: []),
            IncomingAcknowledgement(
                scope: .transactionSet("2", group: nil, interchange: "42"), verdict: .rejected,
                faults: ["segment 3: 13", "segment 3 element 2: 12"]),
            IncomingAcknowledgement(scope: .transactionSet("3", group: nil, interchange: "42"), verdict: .accepted, faults: []),
        ])
    }

    @Test func `what Crossdock answers itself is read back as it was meant`() {
        let order = AcknowledgementDesk.order
        let sent = Fixture.interchange(Fixture.group([
            Fixture.set(order, control: "0001"), Fixture.set(Array(order.dropFirst()), control: "0002"),
        ]))
        let answer = AcknowledgementDesk.answer(Array(sent.utf8)).map { $0 + "~" }.joined()
        let verdicts = Self.read(answer).map(\.verdict)
        #expect(verdicts == [.accepted, .rejected, .partlyAccepted])
    }
}
