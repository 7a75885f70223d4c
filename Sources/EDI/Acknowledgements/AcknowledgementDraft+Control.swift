import Formats

/// CONTRL (ISO 9735-4 and its forerunner of syntax 3).
extension AcknowledgementDraft {
    /// 0083: this level is rejected with all below it; this level is acknowledged, and what is below it unless it is named.
    private enum Action { static let rejected = "4", acknowledged = "7" }

    static func contrl(_ report: InterchangeReport) -> [EDISegment] {
        let sets = report.transactionSets + report.groups.flatMap(\.transactionSets)
        if !sets.isEmpty, sets.allSatisfy(\.isAcknowledgement) { return [] }
        let isRejected = isRejected(report), header = report.header
        var fault = report.faults.first(where: \.isError) ?? report.faults.first
        if report.isDuplicate { fault = nil }
        let parties = [
            EDIElement(header.controlNumber), EDIElement(components: [header.sender, header.senderQualifier]),
            EDIElement(components: [header.receiver, header.receiverQualifier]),
        ]
        let answer = report.isDuplicate ? [EDIElement(Action.rejected), "26"] : verdict(isRejected, fault)
        var body = [EDISegment("UCI", parties + answer)]
        // What is in a rejected interchange is rejected with it.
        if isRejected { return body }
        for set in report.transactionSets where !set.isAcknowledgement { body += segments(of: set) }
        for group in report.groups {
            let isGroupRejected = group.summary?.accepted == false
            body.append(EDISegment(
                "UCF",
                [EDIElement(group.header.controlNumber), EDIElement(group.header.sender), EDIElement(group.header.receiver)]
                    + verdict(isGroupRejected, group.faults.first(where: \.isError) ?? group.faults.first)))
            if isGroupRejected { continue }
            for set in group.transactionSets where !set.isAcknowledgement { body += segments(of: set) }
        }
        return body
    }

    /// 0083, 0085, the service segment and S011: where in it.
    private static func verdict(_ isRejected: Bool, _ finding: EnvelopeFinding?) -> [EDIElement] {
        let action = EDIElement(isRejected ? Action.rejected : Action.acknowledged)
        guard let finding, let fault = finding.edifact else { return [action] }
        return [
            action, EDIElement(fault.code), EDIElement(fault.serviceSegment ?? ""),
            EDIElement(components: place(finding.element, finding.component)),
        ]
    }

    /// S011. The tag is position 1 of 0098, so that the first element is 2; components (0104) and repetitions (0136) count from 1.
    private static func place(_ element: Int?, _ component: Int?, _ repetition: Int? = nil) -> [String] {
        guard let element else { return [] }
        return [String(element + 1), component.map(String.init) ?? "", repetition.map(String.init) ?? ""]
    }

    /// Only messages with findings are named; the others are acknowledged with the interchange.
    private static func segments(of set: TransactionSetReport) -> [EDISegment] {
        guard !set.isClean || !set.isAccepted else { return [] }
        let message = set.header.message
        let identifier = [
            message?.type ?? set.header.identifier, message?.version ?? "", message?.release ?? "", message?.agency ?? "",
            message?.association ?? "",
        ]
        var found = [EDISegment(
            "UCM",
            [EDIElement(set.header.controlNumber), EDIElement(components: identifier)]
                + verdict(!set.isAccepted, set.faults.first(where: \.isError) ?? set.faults.first))]
        for segment in set.segments { found += segments(of: segment) }
        return found
    }

    private static func segments(of segment: SegmentReport) -> [EDISegment] {
        var codes: [String] = []
        let unplaced = segment.elements.filter { $0.element == 0 }, placed = segment.elements.filter { $0.element > 0 }
        // UCD needs a place; what has none is said of the segment.
        for code in segment.codes + unplaced.map(\.code) where !codes.contains(code) { codes.append(code) }
        var found = codes.map { EDISegment("UCS", EDIElement(segment.position), EDIElement($0)) }
        if placed.isEmpty { return found }
        found.append(EDISegment("UCS", EDIElement(segment.position)))
        // UCD is repeated 99 times at most.
        for element in placed.prefix(99) {
            found.append(EDISegment(
                "UCD", EDIElement(element.code),
                EDIElement(components: place(element.element, element.component, element.repetition))))
        }
        return found
    }
}
