import Formats
package import Values

/// Who sends an interchange to whom, when and under which number: the values of ISA or UNB.
package struct InterchangeEnvelope: Hashable, Sendable {
    package var standard: EDIStandard
    package var senderQualifier: String
    package var sender: String
    package var receiverQualifier: String
    package var receiver: String
    package var writtenAt: DateTime
    /// ISA13 has nine digits; UNB 0020 is the number as it is.
    package var controlNumber: Int
    /// ISA12 (`00401`), or the syntax version of UNB 0002 (`3`).
    package var version: String
    /// UNB 0001, such as `UNOC`. X12 has none.
    package var syntax: String
    package var isTest: Bool

    package init(
        _ standard: EDIStandard, from sender: String, _ senderQualifier: String, to receiver: String,
        _ receiverQualifier: String, writtenAt: DateTime, controlNumber: Int, version: String? = nil, syntax: String = "UNOC",
        isTest: Bool = false
    ) {
        precondition(standard != .tradacoms, "interchanges of X12 and EDIFACT are made")
        self.standard = standard
        self.sender = sender
        self.senderQualifier = senderQualifier
        self.receiver = receiver
        self.receiverQualifier = receiverQualifier
        self.writtenAt = writtenAt
        self.controlNumber = controlNumber
        self.version = version ?? (standard == .x12 ? "00401" : "3")
        self.syntax = syntax
        self.isTest = isTest
    }

    /// ISA or UNB. ISA11 and ISA16 are the writer's; an acknowledgement is not asked for.
    var segment: EDISegment {
        let date = writtenAt.date, time = two(writtenAt.time.hour) + two(writtenAt.time.minute)
        let short = two(date.year % 100) + two(date.month) + two(date.day)
        switch standard {
        case .x12:
            return EDISegment(
                "ISA", "00", "", "00", "", EDIElement(senderQualifier), EDIElement(sender), EDIElement(receiverQualifier),
                EDIElement(receiver), EDIElement(short), EDIElement(time), "U", EDIElement(version), EDIElement(controlNumber), "0",
                EDIElement(isTest ? "T" : "P"))
        case .edifact, .tradacoms:
            // From syntax 4 on the date of UNB has eight digits (ISO 9735-1, 0017).
            let day = version >= "4" ? four(date.year) + two(date.month) + two(date.day) : short
            return EDISegment(
                "UNB", EDIElement(components: [syntax, version]), EDIElement(components: [sender, senderQualifier]),
                EDIElement(components: [receiver, receiverQualifier]), EDIElement(components: [day, time]), EDIElement(controlNumber),
                EDIElement(), EDIElement(), EDIElement(), EDIElement(), EDIElement(), EDIElement(isTest ? "1" : ""))
        }
    }

    private func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    private func four(_ number: Int) -> String { String(repeating: "0", count: max(0, 4 - "\(number)".utf8.count)) + "\(number)" }

    /// CCYYMMDD and HHMM, as GS and UNG have them.
    var groupDate: (date: String, time: String) {
        let date = writtenAt.date
        return (
            four(date.year) + two(date.month) + two(date.day), two(writtenAt.time.hour) + two(writtenAt.time.minute))
    }
}

/// One functional group to be written: the values of GS. EDIFACT interchanges are written without groups.
package struct GroupEnvelope: Hashable, Sendable {
    /// GS01, such as `FA`.
    package var functionalIdentifier: String
    package var sender: String
    package var receiver: String
    package var controlNumber: Int
    /// GS08.
    package var version: String

    package init(_ functionalIdentifier: String, from sender: String, to receiver: String, controlNumber: Int, version: String) {
        self.functionalIdentifier = functionalIdentifier
        self.sender = sender
        self.receiver = receiver
        self.controlNumber = controlNumber
        self.version = version
    }
}
