import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct AcknowledgementTests {
    /// Three orders; the second one lacks its BEG.
    private static let oneOfThree = Fixture.interchange(Fixture.group([
        Fixture.set(AcknowledgementDesk.order, control: "0001"),
        Fixture.set(Array(AcknowledgementDesk.order.dropFirst()), control: "0002"),
        Fixture.set(AcknowledgementDesk.order, control: "0003"),
    ]))

    @Test func `one bad set of three rejects itself, and the group is accepted in part`() {
        #expect(AcknowledgementDesk.answer(Array(Self.oneOfThree.utf8)) == [
            "ISA*00*          *00*          *ZZ*DEPOT          *ZZ*ACME           *261128*1205*U*00401*000000001*0*P*:",
            "GS*FA*DEPOT*ACME*20261128*1205*1*X*004010", "ST*997*0001", "AK1*PO*1",
            "AK2*850*0001", "AK5*A", "AK2*850*0002", "AK3*BEG*1**3", "AK5*R*5", "AK2*850*0003", "AK5*A",
            "AK9*P*3*3*2", "SE*11*0001", "GE*1*1", "IEA*1*000000001",
        ])
    }

    @Test func `one bad message of three is named, and the others are acknowledged with the interchange`() {
        let order = EDIFACTFixture.order
        let text = EDIFACTFixture.interchange([
            EDIFACTFixture.message(order, reference: "1"), EDIFACTFixture.message(Array(order.dropFirst()), reference: "2"),
            EDIFACTFixture.message(order, reference: "3"),
        ])
        #expect(AcknowledgementDesk.answer(Array(text.utf8)) == [
            "UNB+UNOC:3+4098765000001:14+4012345000001:14+261128:1205+1", "UNH+1+CONTRL:D:3:UN",
            "UCI+REF1+4012345000001:14+4098765000001:14+7", "UCM+2+ORDERS:D:96A:UN+4", "UCS+1+13", "UNT+5+1", "UNZ+1+1",
        ])
    }

    @Test func `groups of several applications and versions are answered apart`() {
        let first = Fixture.group([Fixture.set(AcknowledgementDesk.order)], number: "1")
        let second = Fixture.group([Fixture.set(AcknowledgementDesk.order, control: "0009")], number: "2")
        let third = Fixture.group([Fixture.set(["X1*1"], identifier: "837", control: "0001")], identifier: "HC", version: "005010X222A1", number: "3")
        let lines = AcknowledgementDesk.answer(Array(Fixture.interchange(first + second + third, groups: 3).utf8))
        #expect(lines.filter { $0.hasPrefix("GS") || $0.hasPrefix("ST") || $0.hasPrefix("AK1") || $0.hasPrefix("GE") || $0.hasPrefix("IEA") } == [
            "GS*FA*DEPOT*ACME*20261128*1205*1*X*004010", "ST*997*0001", "AK1*PO*1", "ST*997*0002", "AK1*PO*2", "GE*2*1",
            "GS*FA*DEPOT*ACME*20261128*1205*2*X*005010X231A1", "ST*999*0003*005010X231A1", "AK1*HC*3*005010X222A1", "GE*1*2",
            "IEA*2*000000001",
        ])
    }

    @Test(arguments: ["997", "999"]) func `an acknowledgement is not acknowledged`(_ identifier: String) {
        let text = Fixture.interchange(Fixture.group([Fixture.set(["AK1*PO*1", "AK9*A*1*1*1"], identifier: identifier)], identifier: "FA"))
        #expect(AcknowledgementDesk.answer(Array(text.utf8)) == [])
        #expect(AcknowledgementDesk.answer(AcknowledgementDesk.answer(Array(Self.oneOfThree.utf8)).map { $0 + "~" }.joined().utf8.map { $0 }) == [])
    }

    @Test func `a TA1 is answered by none`() {
        let text = Fixture.interchange("TA1*000000001*261121*0938*A*000~\n", groups: 0).replacing("*0*P*>", with: "*1*P*>")
        #expect(AcknowledgementDesk.answer(Array(text.utf8)) == [])
    }

    @Test func `a duplicate is rejected by TA1 025 alone`() {
        let lines = AcknowledgementDesk.answer(Array(Self.oneOfThree.utf8), isDuplicate: true)
        #expect(lines.count == 3 && lines[1] == "TA1*000000905*261121*0938*R*025" && lines[2] == "IEA*0*000000001")
    }

    @Test func `a policy that rejects the interchange gives TA1 R and nothing else`() {
        let strict = DefectPolicy.standard.overriding(.x12InterchangeControl, with: DefectRule(.error, rejects: .interchange))
        let text = Self.oneOfThree.replacing("IEA*1*000000905", with: "IEA*1*000000906")
        let lines = AcknowledgementDesk.answer(Array(text.utf8), policy: strict)
        #expect(lines.count == 3 && lines[1] == "TA1*000000905*261121*0938*R*001")
    }

    @Test func `a policy that rejects the group rejects each set in it`() {
        let strict = DefectPolicy.standard.overriding([.x12TransactionSetCount: .rejectGroup])
        let lines = AcknowledgementDesk.answer(AcknowledgementDesk.order(("GE*1*1", "GE*2*1")), policy: strict)
        #expect(lines.filter { $0.hasPrefix("AK5") || $0.hasPrefix("AK9") } == ["AK5*R", "AK9*R*2*1*0*5"])
    }

    @Test func `an element or a segment that is set aside is said, and the set is accepted`() {
        let lenient = DefectPolicy.standard.overriding([.x12ElementDate: .rejectElement, .x12ElementCharacter: .rejectSegment])
        let bytes = AcknowledgementDesk.order(("20261210", "20269999"), also: ("*4*EA*5", "*four*EA*5"))
        let lines = AcknowledgementDesk.answer(bytes, policy: lenient)
        #expect(lines.filter { $0.hasPrefix("AK3") || $0.hasPrefix("AK4") || $0.hasPrefix("AK5") } == [
            "AK3*DTM*4**8", "AK4*2*373*8*20269999", "AK3*PO1*10**8", "AK4*2*330*6*four", "AK5*E*5",
        ])
    }

    @Test func `the chunks in which a file comes change nothing`() {
        let bytes = AcknowledgementDesk.order(("*92*B1", "*92"))
        let whole = AcknowledgementDesk.answer(bytes)
        for chunk in [1, 7] {
            var sink = AcknowledgementSink(ContentSink(), structures: AcknowledgementDesk.structures)
            var reader = EDIReader(.x12, structures: AcknowledgementDesk.structures)
            for start in stride(from: 0, to: bytes.count, by: chunk) {
                bytes[start..<min(bytes.count, start + chunk)].withUnsafeBufferPointer { reader.read($0, into: &sink) }
            }
            _ = reader.finish(into: &sink)
            let draft = sink.reports.first.flatMap { AcknowledgementDraft($0) }
            let written = draft?.write(at: AcknowledgementDesk.moment, interchangeNumber: 1, groupNumbers: [1]).bytes ?? []
            #expect(written.split(separator: UInt8(ascii: "~")).map { String(decoding: $0, as: UTF8.self) } == whole)
        }
    }

    @Test func `a set with more findings than are listed says the first of them`() {
        let body = ["BEG*00*SA*4711**20261121"] + Array(repeating: "PO1*1*ten*EA", count: 1500)
        let lines = AcknowledgementDesk.answer(Array(Fixture.interchange(Fixture.group([Fixture.set(body)])).utf8))
        #expect(lines.filter { $0.hasPrefix("AK4") }.count == InterchangeReport.findingsMax)
        #expect(lines.contains("AK5*E*5"))
    }

    /// What a peer does not know: versions of ISA and GS, groups of other sets than its own, codes of 0085, UCF, CONTRL of syntax 4.
    /// And a message that was sent without a type has none in UCM.
    private static func isLimit(_ finding: String) -> Bool {
        let limits = [
            "Interchange Control Version Number is unknown", "GS08 names version", "this mock speaks", "is not a code", "UCF is not a segment", "CONTRL:4:1:UN", "UCM02/0065 (Message type) is mandatory and empty",
            "one or more segments in error",
        ]
        return finding.components(separatedBy: "; ").allSatisfy { part in limits.contains { part.contains($0) } }
    }

    @Test func `every answer to a file of the corpus is read without an error, by Crossdock and by the peers`() throws {
        for (folder, standard, peers) in [("corpus/x12", .x12, ["pyx12", "mockedi"]), ("corpus/edifact", .edifact, ["pydifact", "mockedi"])] as [(String, InterchangeHeader.Standard, [String])] {
            guard let files = SharedFiles.files(under: folder) else { return }
            let place = FileManager.default.temporaryDirectory.appending(path: "crossdock-answers-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: place) }
            var answers: [URL] = []
            for file in files {
                for report in AcknowledgementDesk.reports([UInt8](try Data(contentsOf: file))) {
                    guard let draft = AcknowledgementDraft(report, interchangeAnswer: .always) else { continue }
                    let (bytes, findings) = draft.write(
                        at: AcknowledgementDesk.moment, interchangeNumber: 1, groupNumbers: Array(1...max(1, draft.groupCount)))
                    // A sender whose identifier has no room in ISA cannot be answered.
                    guard findings.total == 0 else { continue }
                    let read = EDITests.content(of: bytes, standard)
                    #expect(read.diagnostics.filter { $0.severity > .note } == [], "\(file.lastPathComponent)")
                    let url = place.appending(path: "\(answers.count).edi")
                    try Data(bytes).write(to: url)
                    answers.append(url)
                }
            }
            #expect(answers.count > 30)
            for peer in peers {
                guard let found = try PeerProgram.findings(peer, answers) else { continue }
                let wrong = found.enumerated().filter { !$0.element.allSatisfy(Self.isLimit) }
                print("\(peer): \(answers.count - wrong.count) of \(answers.count) answers to \(folder) without a finding")
                #expect(wrong.isEmpty, "\(peer): \(wrong.prefix(5))")
            }
        }
    }
}
