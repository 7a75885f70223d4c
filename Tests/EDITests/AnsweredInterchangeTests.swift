import Diagnostics
import EDI
import Formats
import Testing

/// What is kept of interchanges whose sender is answered, and of those whose sender is not.
@Suite struct AnsweredInterchangeTests {
    private static let bad = Fixture.set(Array(AcknowledgementDesk.order.dropFirst()), control: "0002")

    private func report(
        _ text: String, _ isAnswered: @escaping @Sendable (InterchangeHeader, FunctionalGroupHeader?) -> Bool
    ) throws -> InterchangeReport {
        var sink = AcknowledgementSink(ContentSink(), structures: AcknowledgementDesk.structures, isAnswered: isAnswered)
        let bytes = Array(text.utf8)
        var reader = EDIReader(EDIReader.recognised(head: bytes) ?? .x12, structures: AcknowledgementDesk.structures)
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return try #require(sink.reports.first)
    }

    /// The sets that are listed, with how many findings.
    private func listed(_ report: InterchangeReport) -> [String] {
        (report.groups.flatMap(\.transactionSets) + report.transactionSets).map { "\($0.header.controlNumber) \($0.segments.count + $0.faults.count)" }
    }

    @Test func `transaction sets of a sender who is not answered are not listed, and all else is there`() throws {
        let text = Fixture.interchange(Fixture.group([Fixture.set(AcknowledgementDesk.order), Self.bad]))
        let all = try report(text) { _, _ in true }, none = try report(text) { _, _ in false }
        #expect(listed(all) == ["0001 0", "0002 1"])
        #expect(listed(none) == [])
        #expect(none.content == all.content)
        #expect(none.header == all.header && none.summary == all.summary && none.groups.map(\.header) == all.groups.map(\.header))
        #expect(none.groups.map(\.summary) == all.groups.map(\.summary))
        #expect(none.isAccepted == all.isAccepted)
    }

    @Test func `the first functional group names the sender where the interchange does not`() throws {
        let first = Fixture.group([Self.bad], number: "1"), second = Fixture.group([Fixture.set(AcknowledgementDesk.order, control: "0003")], number: "2")
        let text = Fixture.interchange(first + second.replacing("*ACME*", with: "*OTHER*"), groups: 2)
        #expect(try listed(report(text) { $1?.sender == "ACME" }) == ["0002 1", "0003 0"])
        #expect(try listed(report(text) { $1?.sender == "OTHER" }) == [])
        // A set outside of a group decides nothing.
        let outside = Fixture.interchange(Fixture.set(AcknowledgementDesk.order, control: "0009") + first)
        #expect(try listed(report(outside) { $1?.sender == "ACME" }).first == "0002 1")
    }

    @Test func `messages without groups are decided on by the interchange`() throws {
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(EDIFACTFixture.order, reference: "1")])
        #expect(try listed(report(text) { header, group in group == nil && header.sender == "4012345000001" }) == ["1 0"])
        #expect(try listed(report(text) { _, group in group != nil }) == [])
    }

    @Test func `what is received of interchanges that were sent is there for all`() throws {
        let text = Fixture.interchange(Fixture.group([Fixture.set(["AK1*PO*1", "AK9*A*1*1*1"], identifier: "997")], identifier: "FA"))
        let none = try report(text) { _, _ in false }
        #expect(none.acknowledgements.count == 1)
    }
}
