package import Diagnostics
import Formats
package import Values

/// What an application says of an interchange that was sound as EDI: 824 of X12, or APERAK of EDIFACT, with each record that failed a business
/// check.
///
/// Source: X12 824 (004010), data elements 110, 647, 719, 721 and 722; UN/EDIFACT APERAK D.96A, code lists 1001 and 4451.
package struct ApplicationAdvice: Sendable {
    /// One transaction set with what failed in it.
    private struct Refusal {
        let header: TransactionSetHeader
        let group: FunctionalGroupHeader?
        var faults: [Diagnostic] = []
    }

    private let report: InterchangeReport
    private let refusals: [Refusal]
    /// Nothing of the file was taken, so that each set is rejected.
    private let isRejected: Bool

    /// Most faults that one advice lists.
    package static let faultsMax = 1000

    /// - Parameters:
    ///   - findings: of the file; errors about EDI segments of the interchange count that are not the standard's own, which 997 and CONTRL tell.
    ///   - isRejected: nothing of the file was taken.
    /// - Returns: nil where nothing failed, or nobody could be told.
    package init?(_ report: InterchangeReport, findings: [Diagnostic], isRejected: Bool = false) {
        guard !report.header.sender.isEmpty, report.header.standard != .tradacoms else { return nil }
        var refusals: [Refusal] = []
        var count = 0
        for finding in findings where finding.severity == .error && !Self.isStandard(finding.code) {
            guard case .edi(let address) = finding.position.place, address.interchange == report.header.controlNumber,
                let set = address.transactionSet, count < Self.faultsMax
            else { continue }
            count += 1
            if let place = refusals.firstIndex(where: { $0.header.controlNumber == set }) {
                refusals[place].faults.append(finding)
            } else if let (header, group) = Self.find(set, report) {
                refusals.append(Refusal(header: header, group: group, faults: [finding]))
            }
        }
        guard !refusals.isEmpty else { return nil }
        self.report = report
        self.refusals = refusals
        self.isRejected = isRejected
    }

    private static func isStandard(_ code: DiagnosticCode) -> Bool { code.name.hasPrefix("X12-") || code.name.hasPrefix("EDF-") || code.name.hasPrefix("EDI-") }

    private static func find(_ control: String, _ report: InterchangeReport) -> (TransactionSetHeader, FunctionalGroupHeader?)? {
        for group in report.groups {
            if let set = group.transactionSets.first(where: { $0.header.controlNumber == control }) { return (set.header, group.header) }
        }
        return report.transactionSets.first { $0.header.controlNumber == control }.map { ($0.header, nil) }
    }

    /// `824` or `APERAK`.
    package var kind: String { report.header.standard == .x12 ? "824" : "APERAK" }

    /// Writes the advice, from the receiver of the interchange to its sender.
    ///
    /// - Parameter groupNumber: GS06; EDIFACT has no groups here.
    package func write(
        at moment: DateTime, interchangeNumber: Int, groupNumber: Int, punctuation: EDIPunctuation? = nil
    ) -> (bytes: [UInt8], diagnostics: DiagnosticList) {
        let envelope = InterchangeEnvelope(answering: report.header, writtenAt: moment, controlNumber: interchangeNumber)
        // What people say may hold a delimiter, or a letter that the character set lacks.
        var policy = WritePolicy()
        policy.delimiters = .replace(ASCII.space)
        policy.characters = .replace(UInt8(ascii: "?"))
        var writer = InterchangeWriter(envelope, punctuation: punctuation, policy: policy)
        if envelope.standard == .x12 { writeX12(&writer, envelope, groupNumber) } else { writeEDIFACT(&writer, envelope) }
        return (writer.endInterchange(), writer.diagnostics)
    }

    private func writeX12(_ writer: inout InterchangeWriter, _ envelope: InterchangeEnvelope, _ number: Int) {
        let group = refusals[0].group
        writer.beginGroup(GroupEnvelope(
            "AG", from: group?.receiver ?? report.header.receiver, to: group?.sender ?? report.header.sender, controlNumber: number,
            version: group?.version ?? "004010"))
        writer.beginTransactionSet(["824"], control: "0001")
        let moment = envelope.groupDate
        writer.write(EDISegment("BGN", "11", EDIElement(report.header.controlNumber), EDIElement(moment.date), EDIElement(moment.time)))
        for refusal in refusals {
            let set = refusal.header
            writer.write(EDISegment(
                "OTI", EDIElement(isRejected ? "TR" : "TE"), "TN", EDIElement(set.controlNumber), EDIElement(refusal.group?.sender ?? ""),
                EDIElement(refusal.group?.receiver ?? ""), "", "", EDIElement(refusal.group?.controlNumber ?? ""),
                EDIElement(set.controlNumber), EDIElement(set.identifier), EDIElement(refusal.group?.version ?? "")))
            for fault in refusal.faults {
                let address = fault.position.ediAddress
                let parts = Self.parts(fault, first: 60, others: 80, countMax: 5)
                // 024 of data element 647: a reason that the code list does not have.
                writer.write(EDISegment(
                    "TED", "024", EDIElement(parts[0]), EDIElement(address?.segmentTag ?? ""), EDIElement(address?.segment.map(String.init) ?? ""),
                    EDIElement(address?.element.map(String.init) ?? "")))
                for rest in parts.dropFirst() { writer.write(EDISegment("NTE", "", EDIElement(rest))) }
            }
        }
        writer.endTransactionSet()
        writer.endGroup()
    }

    private func writeEDIFACT(_ writer: inout InterchangeWriter, _ envelope: InterchangeEnvelope) {
        let moment = envelope.groupDate
        for (place, refusal) in refusals.enumerated() {
            writer.beginTransactionSet(["APERAK", "D", "96A", "UN"], control: String(place + 1))
            // 313: application error message; 27: not accepted.
            writer.write(EDISegment("BGM", "313", EDIElement(refusal.header.controlNumber), "27"))
            writer.write(EDISegment("DTM", EDIElement(components: ["137", moment.date + moment.time, "203"])))
            writer.write(EDISegment("RFF", EDIElement(components: ["ACW", refusal.header.controlNumber])))
            for fault in refusal.faults {
                writer.write(EDISegment("ERC", EDIElement(String(fault.code.name.prefix(8)))))
                var text = Self.parts(fault, first: 70, others: 70, countMax: 5)
                if let address = fault.position.ediAddress, let segment = address.segment, text.count < 5 {
                    text.append("segment \(segment) \(address.segmentTag ?? "")" + (address.element.map { ", element \($0)" } ?? ""))
                }
                writer.write(EDISegment("FTX", "AAO", "", "", EDIElement(components: text)))
            }
            writer.endTransactionSet()
        }
    }

    /// The code and the fact, in parts that fit; what goes beyond them is left out.
    private static func parts(_ fault: Diagnostic, first: Int, others: Int, countMax: Int) -> [String] {
        var rest = Substring("\(fault.code) \(fault.fact)".unicodeScalars.map { $0.value < 0x20 ? " " : String($0) }.joined())
        var parts: [String] = []
        while !rest.isEmpty, parts.count < countMax {
            let part = rest.prefix(parts.isEmpty ? first : others)
            rest = rest.dropFirst(part.count)
            let trimmed = part.drop { $0 == " " }
            if !trimmed.isEmpty { parts.append(String(trimmed)) }
        }
        return parts
    }
}

extension SourcePosition {
    fileprivate var ediAddress: EDIAddress? {
        if case .edi(let address) = place { address } else { nil }
    }
}
