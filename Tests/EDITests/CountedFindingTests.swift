import Diagnostics
import EDI
import Formats
import Testing

/// Findings that nobody keeps are counted and not made.
@Suite struct CountedFindingTests {
    private struct ListingSink: SourceSink {
        let counts: Bool
        var list = DiagnosticList(limit: 3)
        var told = 0

        mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
        mutating func closed(_ node: Int32, in arena: inout SourceArena) {}
        mutating func found(_ diagnostic: Diagnostic) {
            list.add(diagnostic)
            told += 1
        }
        mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { counts && list.counted(code, severity) }
    }

    /// Lines of which each says in what unit it is packed and not how much that is, and two with a wrong number.
    private static let text = Fixture.interchange(Fixture.group([Fixture.set(
        ["BEG*00*SA*4711**20261121"] + (1...10).flatMap { ["PO1*\($0)*10*EA*9.95**VN*A-1", "PO4*16**EA"] } + ["CTT*TEN", "CTT*TEN"])]))

    private func read(counts: Bool, policy: DefectPolicy = .standard) -> ListingSink {
        var sink = ListingSink(counts: counts), reader = EDIReader(.x12, policy: policy, structures: AcknowledgementDesk.structures)
        Array(Self.text.utf8).withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return sink
    }

    @Test func `a full list has the same findings and counts, and most are never made`() {
        let made = read(counts: false), counted = read(counts: true)
        #expect(made.list.kept == counted.list.kept && counted.list.kept.count == 3)
        #expect(made.list.countByCode == counted.list.countByCode && made.list.countBySeverity == counted.list.countBySeverity)
        #expect(counted.list.countByCode[.x12ElementCondition] == 10)
        #expect(made.told == made.list.total && counted.told < made.told)
    }

    @Test func `a defect that rejects, or is accepted, is what it was`() {
        for setting in [DefectSetting.rejectSegment, .accept, .note] {
            let policy = DefectPolicy.standard.overriding([.x12ElementCondition: setting])
            let made = read(counts: false, policy: policy), counted = read(counts: true, policy: policy)
            #expect(made.list.kept == counted.list.kept && made.list.countByCode == counted.list.countByCode)
            #expect(made.list.countByCode[.x12ElementCondition] == (setting == .accept ? nil : 10))
        }
    }

    @Test func `what an acknowledgement tells is made, however full the list is`() throws {
        var sink = AcknowledgementSink(ListingSink(counts: true), structures: AcknowledgementDesk.structures)
        var reader = EDIReader(.x12, structures: AcknowledgementDesk.structures)
        Array(Self.text.utf8).withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        let set = try #require(sink.reports.first?.groups.first?.transactionSets.first)
        #expect(set.segments.filter { $0.tag == "PO4" }.map(\.elements.count) == [Int](repeating: 1, count: 10))
    }
}
