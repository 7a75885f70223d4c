import Formats

/// TA1, 997 and 999.
extension AcknowledgementDraft {
    // MARK: TA1

    static func interchangeAcknowledgement(_ report: InterchangeReport, _ answer: InterchangeAnswer) -> EDISegment? {
        let isRejected = isRejected(report)
        switch answer {
        case .never: return nil
        case .always: break
        case .asked: guard report.header.requestsAcknowledgement || isRejected else { return nil }
        }
        // TA1 answers no TA1 (X12.56).
        if report.groups.isEmpty, report.interchangeAcknowledgements > 0 { return nil }
        let fault = report.faults.first(where: \.isError) ?? report.faults.first
        let note = report.isDuplicate ? "025" : fault?.x12?.code ?? "000"
        return EDISegment(
            "TA1", EDIElement(digits(report.header.controlNumber, 9)), EDIElement(digits(report.header.date, 6)),
            EDIElement(digits(report.header.time, 4)), EDIElement(isRejected ? "R" : report.faults.isEmpty ? "A" : "E"), EDIElement(note))
    }

    /// A part of ISA as TA1 gives it back: of its width, and of digits alone.
    private static func digits(_ text: String, _ width: Int) -> String {
        let digits = String(text.filter { $0.isASCII && $0.isNumber }.suffix(width))
        return String(repeating: "0", count: width - digits.utf8.count) + digits
    }

    // MARK: 997, 999

    /// - Parameter reserved: bytes that a value which is given back cannot hold.
    static func groups(_ report: InterchangeReport, _ kind: AcknowledgementKind, _ reserved: [UInt8]) -> [Group] {
        var groups: [Group] = []
        for group in report.groups where !isAcknowledgement(group) {
            let kind = chosen(kind, group.header.version)
            let version = kind == .implementation ? "005010X231A1" : String(group.header.version.prefix(6))
            let body = body(of: group, kind, reserved)
            if let last = groups.last, last.kind == kind, last.version == version, last.sender == group.header.receiver,
                last.receiver == group.header.sender {
                groups[groups.count - 1].bodies.append(body)
            } else {
                groups.append(Group(
                    sender: group.header.receiver, receiver: group.header.sender, version: version, bodies: [body], kind: kind))
            }
        }
        return groups
    }

    /// A group of 997 and 999 is not acknowledged, or there would be no end to it.
    private static func isAcknowledgement(_ group: GroupReport) -> Bool {
        group.header.identifier == "FA" || (!group.transactionSets.isEmpty && group.transactionSets.allSatisfy(\.isAcknowledgement))
    }

    /// GS08 of an implementation convention is longer than the version: 005010X222A1.
    private static func chosen(_ kind: AcknowledgementKind, _ version: String) -> AcknowledgementKind {
        guard kind == .auto || kind == .contrl else { return kind }
        return version >= "005010" && version.dropFirst(6).first == "X" ? .implementation : .functional
    }

    private static func body(of group: GroupReport, _ kind: AcknowledgementKind, _ reserved: [UInt8]) -> [EDISegment] {
        var body = [EDISegment(
            "AK1", EDIElement(group.header.identifier), EDIElement(group.header.controlNumber),
            EDIElement(kind == .implementation ? group.header.version : ""))]
        let isRejected = group.summary?.accepted == false
        for set in group.transactionSets { body += segments(of: set, kind, reserved, isGroupRejected: isRejected) }
        body.append(verdict(on: group))
        return body
    }

    private static func segments(
        of set: TransactionSetReport, _ kind: AcknowledgementKind, _ reserved: [UInt8], isGroupRejected: Bool
    ) -> [EDISegment] {
        let isImplementation = kind == .implementation
        var found = [EDISegment(
            "AK2", EDIElement(set.header.identifier), EDIElement(set.header.controlNumber),
            EDIElement(isImplementation ? set.header.reference : ""))]
        for segment in set.segments { found += segments(of: segment, isImplementation, reserved) }
        var codes = Set(set.faults.compactMap { $0.x12?.code })
        if !set.segments.isEmpty { codes.insert("5") }
        let verdict = isGroupRejected || !set.isAccepted ? "R" : set.isClean ? "A" : "E"
        found.append(EDISegment(isImplementation ? "IK5" : "AK5", [EDIElement(verdict)] + listed(codes)))
        return found
    }

    private static func segments(of segment: SegmentReport, _ isImplementation: Bool, _ reserved: [UInt8]) -> [EDISegment] {
        let tag = segment.tag.utf8.count >= 2 ? segment.tag : segment.tag + String(repeating: "?", count: 2 - segment.tag.utf8.count)
        func line(_ code: String) -> EDISegment {
            EDISegment(
                isImplementation ? "IK3" : "AK3", EDIElement(tag), EDIElement(segment.position), EDIElement(segment.boundedLoop),
                EDIElement(code == "I4" && !isImplementation ? "2" : code))
        }
        var codes: [String] = []
        for code in segment.codes where code != "8" && !codes.contains(code) { codes.append(code) }
        var found = codes.map(line)
        guard !segment.elements.isEmpty || segment.codes.contains("8") else { return found }
        found.append(line("8"))
        for element in segment.elements where element.element > 0 { found += segments(of: element, segment, tag, isImplementation, reserved) }
        return found
    }

    private static func segments(
        of element: ElementReport, _ segment: SegmentReport, _ tag: String, _ isImplementation: Bool, _ reserved: [UInt8]
    ) -> [EDISegment] {
        let place = [element.element, element.component ?? 0, element.repetition ?? 0].map { $0 == 0 ? "" : String($0) }
        var found = [EDISegment(
            isImplementation ? "IK4" : "AK4", EDIElement(components: place), EDIElement(element.reference),
            EDIElement(element.code == "I10" && !isImplementation ? "10" : element.code),
            EDIElement(given(element.value, reserved)))]
        if isImplementation, let trigger = element.trigger {
            // 005010X231: CTX01 is `SITUATIONAL TRIGGER`, CTX02 to CTX05 the place that asks for the element.
            found.append(EDISegment(
                "CTX", "SITUATIONAL TRIGGER", EDIElement(tag), EDIElement(segment.position), EDIElement(segment.boundedLoop),
                EDIElement(trigger)))
        }
        return found
    }

    /// A copy of a bad value (AK404): left out where the copy would itself be a defect. 99 characters at most.
    private static func given(_ value: String, _ reserved: [UInt8]) -> String {
        let unsendable = value.utf8.contains { $0 < 0x20 || $0 == 0x7F || reserved.contains($0) }
        return unsendable ? "" : String(value.prefix(99))
    }

    /// AK9: the group's verdict, and its transaction sets as declared, as received and as accepted.
    private static func verdict(on group: GroupReport) -> EDISegment {
        let received = group.summary?.transactionSets ?? group.transactionSets.count
        let accepted = group.summary?.acceptedTransactionSets ?? 0
        let isClean = group.faults.isEmpty && group.transactionSets.allSatisfy(\.isClean)
        let verdict = if group.summary?.accepted == false || (received > 0 && accepted == 0) {
            "R"
        } else if accepted < received {
            "P"
        } else {
            isClean ? "A" : "E"
        }
        let declared = group.summary?.trailer.flatMap { Int($0.declaredCount) } ?? received
        return EDISegment(
            "AK9",
            [EDIElement(verdict), EDIElement(declared), EDIElement(received), EDIElement(verdict == "R" ? 0 : accepted)]
                + listed(Set(group.faults.compactMap { $0.x12?.code })))
    }

    /// AK502 and AK905 have room for five codes.
    private static func listed(_ codes: Set<String>) -> [EDIElement] {
        codes.sorted { (Int($0) ?? 0) < (Int($1) ?? 0) }.prefix(5).map { EDIElement($0) }
    }
}
