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

    /// The envelope of an answer: from the receiver of an interchange to its sender, marked as a test where that was one.
    init(answering header: InterchangeHeader, writtenAt: DateTime, controlNumber: Int) {
        let isX12 = header.standard == .x12
        let parts = header.version.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        // S001 as it was sent, where that is one.
        let syntax = parts.first.flatMap { EDIFACTCharset(syntax: $0) == nil ? nil : $0 } ?? "UNOC"
        let version = parts.count > 1 && ["1", "2", "3", "4"].contains(parts[1]) ? parts[1] : "3"
        self.init(
            header.standard, from: header.receiver, header.receiverQualifier, to: header.sender, header.senderQualifier,
            writtenAt: writtenAt, controlNumber: controlNumber, version: isX12 ? header.version : version, syntax: isX12 ? "" : syntax,
            isTest: header.isTest)
    }

    /// ISA or UNB. ISA11 and ISA16 are the writer's; an acknowledgement is not asked for.
    var segment: EDISegment {
        let date = writtenAt.date, time = padded(writtenAt.time.hour, 2) + padded(writtenAt.time.minute, 2)
        let short = padded(date.year % 100, 2) + padded(date.month, 2) + padded(date.day, 2)
        switch standard {
        case .x12:
            return EDISegment(
                "ISA", "00", "", "00", "", EDIElement(senderQualifier), EDIElement(sender), EDIElement(receiverQualifier),
                EDIElement(receiver), EDIElement(short), EDIElement(time), "U", EDIElement(version), EDIElement(controlNumber), "0",
                EDIElement(isTest ? "T" : "P"))
        case .edifact, .tradacoms:
            // From syntax 4 on the date of UNB has eight digits (ISO 9735-1, 0017).
            let day = version >= "4" ? padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2) : short
            return EDISegment(
                "UNB", EDIElement(components: [syntax, version]), EDIElement(components: [sender, senderQualifier]),
                EDIElement(components: [receiver, receiverQualifier]), EDIElement(components: [day, time]), EDIElement(controlNumber),
                EDIElement(), EDIElement(), EDIElement(), EDIElement(), EDIElement(), EDIElement(isTest ? "1" : ""))
        }
    }

    /// CCYYMMDD and HHMM, as GS and UNG have them.
    var groupDate: (date: String, time: String) {
        let date = writtenAt.date
        return (
            padded(date.year, 4) + padded(date.month, 2) + padded(date.day, 2),
            padded(writtenAt.time.hour, 2) + padded(writtenAt.time.minute, 2))
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
