/// Why an event of change control was refused. Nothing was changed by it; the same call is refused again until what `fact` says is put right.
package struct ChangeRefusal: Error, Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        /// The request is not in a status that takes this event.
        case status
        /// A text has a line break, a control character, or nothing in it.
        case text
        /// The target is the base: there is nothing to change.
        case nothingToChange
        /// Base or governance is not the live one any more.
        case staleBase
        /// The statement is of another site, request, revision or content.
        case otherContent
        /// No verified signature stands behind the statement.
        case signature
        /// The person is not known, or does not have the role.
        case role
        /// The person or the key is the author's, or the dispute is the person's own.
        case ownChange
        /// The person or the key has approved already.
        case countedAlready
        /// The change would do more now than the approved report says.
        case impact
        /// It cannot be rolled out as its plan says.
        case rollout
        /// The instant of effect cannot be, is not there yet, or was missed.
        case effective
        /// Nothing may be activated now.
        case frozen
        /// The request was open for longer than governance lets it be.
        case expired
        /// Not enough approvals.
        case threshold
        /// The state was never active.
        case neverActive
        /// Another dispute is about the same.
        case disputed
        /// Pauses or rounds of a dispute are used up.
        case limit
    }

    package let kind: Kind
    /// The request, person or state that was refused.
    package let subject: String
    /// What was expected and found.
    package let fact: String
    /// What to do about it.
    package let hint: String

    package init(_ kind: Kind, _ subject: String, _ fact: String, hint: String) {
        self.kind = kind
        self.subject = subject
        self.fact = fact
        self.hint = hint
    }
}

extension ChangeRefusal: CustomStringConvertible {
    package var description: String { "\(subject): \(fact)\n  hint: \(hint)" }
}
