package import EDI
package import Values

/// How interchanges to a partner are written: who we are to it, what it is called, what is expected of it.
package struct SendingPolicy: Sendable, Hashable {
    /// One side of an envelope: ISA05 and ISA06 with GS02, or S002; and the other side.
    package struct Party: Sendable, Hashable {
        package let qualifier: String
        package let id: String
        /// GS02 or GS03.
        package let application: String
    }

    /// How many transaction sets share an interchange.
    package enum Batching: String, Sendable, CaseIterable {
        /// All that leave at once.
        case together
        /// One interchange for each.
        case each
    }

    package let sender: Party
    package let receiver: Party
    package let isTest: Bool
    package let batching: Batching
    /// ISA12, such as `00401`, or the syntax version of UNB.
    package let version: String?
    /// UNB 0001.
    package let syntax: String
    package let separators: EDISeparators
    /// How long after delivery an acknowledgement may take; nil: none is waited for.
    package let acknowledgedWithin: DayTimeDuration?
    /// Target that is told of an acknowledgement that is overdue or rejects.
    package let notify: String?
}
