package import Diagnostics
import Formats
package import Values

/// The acknowledgement of one interchange: what it says, without numbers and time, which come as values when it is written.
package struct AcknowledgementDraft: Sendable {
    /// One functional group of an X12 answer: 997 or 999 for the groups between the same two applications.
    struct Group: Sendable {
        var sender: String
        var receiver: String
        var version: String
        /// The answers, each with what ST02 follows.
        var bodies: [[EDISegment]]
        var kind: AcknowledgementKind
    }

    package let report: InterchangeReport
    package let punctuation: EDIPunctuation
    /// TA1, where it is due.
    package let interchangeAcknowledgement: EDISegment?
    let groups: [Group]
    /// The body of CONTRL.
    let message: [EDISegment]

    /// When a TA1 is due.
    package enum InterchangeAnswer: String, Sendable, Hashable, CaseIterable {
        /// Where ISA14 asks for one, or the interchange is rejected.
        case asked
        case always, never
    }

    /// - Returns: nil where nothing is to be acknowledged: an interchange of acknowledgements alone, or of a sender who does not say
    ///   who it is.
    ///
    /// - Parameter punctuation: what it will be written with; the standard's own where nothing is said.
    package init?(
        _ report: InterchangeReport, kind: AcknowledgementKind = .auto, interchangeAnswer: InterchangeAnswer = .asked,
        punctuation: EDIPunctuation? = nil
    ) {
        if report.header.sender.isEmpty { return nil }
        self.report = report
        self.punctuation = punctuation ?? .standard(report.header.standard)
        switch report.header.standard {
        case .x12:
            interchangeAcknowledgement = Self.interchangeAcknowledgement(report, interchangeAnswer)
            groups = Self.isRejected(report) ? [] : Self.groups(report, kind, self.punctuation.reserved)
            message = []
            if interchangeAcknowledgement == nil, groups.isEmpty { return nil }
        case .edifact:
            interchangeAcknowledgement = nil
            groups = []
            message = Self.contrl(report)
            if message.isEmpty { return nil }
        // TRADACOMS has no answer of this kind.
        case .tradacoms: return nil
        }
    }

    /// What the answer is made of: `TA1`, `997`, `999`, `CONTRL`.
    package var kinds: [String] {
        var kinds: [String] = interchangeAcknowledgement == nil ? [] : ["TA1"]
        for group in groups where kinds.last != group.kind.rawValue { kinds.append(group.kind.rawValue) }
        return message.isEmpty ? kinds : ["CONTRL"]
    }

    /// Functional groups that need a control number of their own.
    package var groupCount: Int { groups.count }

    /// Nothing of the interchange was accepted.
    static func isRejected(_ report: InterchangeReport) -> Bool {
        report.isDuplicate || report.summary?.accepted == false
    }

    /// Writes the answer, from the receiver of the interchange to its sender.
    ///
    /// - Parameters:
    ///   - interchangeNumber: ISA13 or UNB 0020.
    ///   - groupNumbers: GS06, one for each of ``groupCount``.
    package func write(at moment: DateTime, interchangeNumber: Int, groupNumbers: [Int]) -> (bytes: [UInt8], diagnostics: DiagnosticList) {
        precondition(groupNumbers.count >= groupCount, "each functional group has a control number")
        let envelope = InterchangeEnvelope(answering: report.header, writtenAt: moment, controlNumber: interchangeNumber)
        var writer = InterchangeWriter(envelope, punctuation: punctuation)
        if envelope.standard == .x12 { writeX12(&writer, groupNumbers) } else { writeEDIFACT(&writer, envelope.version) }
        let bytes = writer.endInterchange()
        return (bytes, writer.diagnostics)
    }

    private func writeX12(_ writer: inout InterchangeWriter, _ numbers: [Int]) {
        if let interchangeAcknowledgement { writer.write(interchangeAcknowledgement) }
        var control = 0
        for (group, number) in zip(groups, numbers) {
            writer.beginGroup(GroupEnvelope("FA", from: group.sender, to: group.receiver, controlNumber: number, version: group.version))
            for body in group.bodies {
                control += 1
                writer.beginTransactionSet(
                    [group.kind.rawValue], control: padded(control, 4),
                    implementation: group.kind == .implementation ? group.version : "")
                for segment in body { writer.write(segment) }
                writer.endTransactionSet()
            }
            writer.endGroup()
        }
    }

    /// ISO 9735-4: CONTRL of syntax 4 has version 4 and release 1; before, it is of directory D, release 3.
    private func writeEDIFACT(_ writer: inout InterchangeWriter, _ version: String) {
        writer.beginTransactionSet(["CONTRL"] + (version >= "4" ? ["4", "1"] : ["D", "3"]) + ["UN"], control: "1")
        for segment in message { writer.write(segment) }
        writer.endTransactionSet()
    }
}
