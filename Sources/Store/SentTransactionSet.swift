package import Values

/// One transaction set or message that was sent, and what its receiver said of it.
package struct SentTransactionSet: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable {
        /// Nothing was heard of it.
        case waiting
        /// Nothing was heard of it in the time that the partner has.
        case overdue
        case accepted
        case acceptedWithErrors = "accepted with errors"
        case rejected

        /// Whether an answer may still settle it.
        package var isOpen: Bool { self == .waiting || self == .overdue }
    }

    package var effect: String
    package var partner: String
    /// Control numbers: ISA13 or UNB 0020, GS06 (nil in EDIFACT), ST02 or UNH 0062.
    package var interchange: Int
    package var group: Int?
    package var control: String
    /// ST01, or the message type.
    package var identifier: String
    /// How long after delivery an acknowledgement may take; nil: none is waited for.
    package var acknowledgedWithin: DayTimeDuration?
    package var status: Status
    /// What the answer found wrong.
    package var faults: [String] = []
    /// The file that answered, and when it was taken.
    package var answeredBy: Int64?
    package var answeredAt: Instant?

    package init(
        effect: String, partner: String, interchange: Int, group: Int?, control: String, identifier: String,
        acknowledgedWithin: DayTimeDuration?, status: Status = .waiting
    ) {
        self.effect = effect
        self.partner = partner
        self.interchange = interchange
        self.group = group
        self.control = control
        self.identifier = identifier
        self.acknowledgedWithin = acknowledgedWithin
        self.status = status
    }
}
