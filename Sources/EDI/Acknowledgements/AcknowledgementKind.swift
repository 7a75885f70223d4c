/// Which acknowledgement of transaction sets a partner gets. TA1 comes with 997 and 999 where it is due.
package enum AcknowledgementKind: String, Sendable, Hashable, CaseIterable {
    /// X12 997, functional acknowledgement.
    case functional = "997"
    /// X12 999, implementation acknowledgement (005010X231A1).
    case implementation = "999"
    /// EDIFACT CONTRL of syntax 3 (D 3) or 4 (4 1), as the interchange is.
    case contrl
    /// 999 for groups of an implementation convention (GS08 such as 005010X222A1), else 997; CONTRL in EDIFACT.
    case auto

    /// Whether a transaction set or message, by its identifier, is an acknowledgement itself.
    package static func isAcknowledgement(_ identifier: String) -> Bool { ["997", "999", "CONTRL"].contains(identifier) }
}
