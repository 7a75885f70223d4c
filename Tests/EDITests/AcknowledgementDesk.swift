import Configurations
import Diagnostics
import EDI
import Formats
import Foundation
import Testing
import Values

/// Acknowledgements of files made for a test, with the structures of the project.
enum AcknowledgementDesk {
    static let structures: TransactionStructures = {
        do {
            let names = ["x12/214", "x12/830", "x12/846", "x12/850", "x12/856", "edifact/d96a/orders"]
            let elements = try ["x12/elements-004010", "edifact/d96a/elements"].map(SegmentElementsTests.elements)
            return TransactionStructures(try names.map(TransactionStructureTests.structure), elements: elements)
        } catch {
            Issue.record(error)
            return TransactionStructures()
        }
    }()

    static func reports(
        _ bytes: [UInt8], policy: DefectPolicy = .standard, limits: ReadLimits = ReadLimits(), structures: TransactionStructures = structures
    ) -> [InterchangeReport] {
        var sink = AcknowledgementSink(ContentSink(), structures: structures)
        var reader = EDIReader(
            EDIReader.recognised(head: Array(bytes.prefix(200))) ?? .x12, limits: limits, policy: policy, structures: structures)
        bytes.withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        return sink.reports
    }

    static let moment = DateTime("2026-11-28T12:05:00").unsafelyUnwrapped

    /// The EDI segments of all answers, each a line.
    static func answer(
        _ bytes: [UInt8], kind: AcknowledgementKind = .auto, ta1: AcknowledgementDraft.InterchangeAnswer = .asked,
        policy: DefectPolicy = .standard, limits: ReadLimits = ReadLimits(), isDuplicate: Bool = false, structures: TransactionStructures = structures
    ) -> [String] {
        reports(bytes, policy: policy, limits: limits, structures: structures).flatMap { report -> [String] in
            var report = report
            report.isDuplicate = isDuplicate
            guard let draft = AcknowledgementDraft(report, kind: kind, interchangeAnswer: ta1) else { return [] }
            let (written, findings) = draft.write(at: moment, interchangeNumber: 1, groupNumbers: Array(1...max(1, draft.groupCount)))
            #expect(findings.total == 0, "\(findings.kept.map(\.text))")
            let terminator = report.header.standard == .x12 ? UInt8(ascii: "~") : UInt8(ascii: "'")
            return written.split(separator: terminator).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    /// A 850 that nothing is wrong with; SE01 is counted.
    static let order = [
        "BEG*00*SA*4711**20261121", "REF*DP*038", "DTM*002*20261210*1200", "N1*BY*Beta GmbH*92*B1", "N3*Hafenstrasse 1",
        "N4*Hamburg**20457*DE", "PO1*1*10*EA*9.95**VN*A-1", "PID*F****Lamp", "PO1*2*4*EA*5**VN*A-2", "CTT*2",
    ]

    /// An interchange of one 850, in which one text was replaced by another; ISA14 asks for TA1.
    static func order(_ edit: (from: String, to: String)? = nil, also: (from: String, to: String)? = nil) -> [UInt8] {
        var body = order.joined(separator: "~\n")
        for (from, to) in [edit, also].compactMap(\.self) { body = body.replacing(from, with: to) }
        let segments = body.split(separator: "~\n").map(String.init)
        var text = Fixture.isa.replacing("*0*P*>", with: "*1*P*>") + "\n" + Fixture.group([Fixture.set(segments)])
            + "IEA*1*000000905~\n"
        if let edit, !order.joined(separator: "~\n").contains(edit.from) { text = text.replacing(edit.from, with: edit.to) }
        return Array(text.utf8)
    }
}
