package import Values

/// What is disputed: that an entity is where it is in a scheme, as a log entry put it there.
package struct DisputedAssignment: Hashable, Sendable {
    package let scheme: String
    /// `order:ACME/4500001234`
    package let entity: String
    package let microsegment: String
    /// `rules`, or `override ID`.
    package let cause: String
    /// Position of the log entry that put it there.
    package let position: Int
    /// Id of the state that was live when the dispute was raised.
    package let state: StateID
    /// Who wrote what put it there, where that is known: authors of change requests, owners of overrides. In order, each once.
    package let authors: [Principal]

    package init(scheme: String, entity: String, microsegment: String, cause: String, position: Int, state: StateID, authors: some Sequence<Principal>) {
        self.scheme = scheme
        self.entity = entity
        self.microsegment = microsegment
        self.cause = cause
        self.position = position
        self.state = state
        self.authors = Set(authors).sorted()
    }
}

package enum DisputeOutcome: String, CaseIterable, Hashable, Sendable {
    /// Whoever raised it is right: the entity does not belong there.
    case upheld
    /// The entity stays where it is.
    case rejected
}

/// One thing that happened in a dispute: the body of one log entry of the kind `dispute`.
package struct DisputeEvent: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case raised(DisputedAssignment, DisputePolicy)
        /// Somebody looks into it.
        case triaged(owner: Principal)
        /// The clock stands.
        case paused
        case resumed
        /// It goes up, as a person wants or as the time is over; with the time at which it was or would have been due.
        case escalated(due: Instant)
        /// - Parameter change: the change request that mends it.
        case decided(DisputeOutcome, change: ChangeRequestID?)
        /// It is over; before a decision that withdraws it.
        case closed
        /// It was decided or closed and is looked at again, on a new clock.
        case reopened(DisputePolicy)

        /// What the entry calls it.
        package var name: String {
            switch self {
            case .raised: "raised"
            case .triaged: "triaged"
            case .paused: "paused"
            case .resumed: "resumed"
            case .escalated: "escalated"
            case .decided: "decided"
            case .closed: "closed"
            case .reopened: "reopened"
            }
        }

        /// Whether whoever does it has to say why.
        var needsReason: Bool {
            switch self {
            case .raised, .paused, .escalated, .decided, .reopened: true
            case .triaged, .resumed, .closed: false
            }
        }
    }

    package let dispute: DisputeID
    /// The log's time: the latest instant of the entry and of all before it. A clock that was set back does not turn it back.
    package let time: Instant
    /// Who did it; nil is the clock, which escalates and does nothing else.
    package let by: Principal?
    /// One line; nil where nothing was said.
    package let reason: String?
    package let content: Content

    package init(_ dispute: DisputeID, _ content: Content, by: Principal?, reason: String? = nil, time: Instant) {
        self.dispute = dispute
        self.content = content
        self.by = by
        self.reason = reason
        self.time = time
    }

    /// The most bytes of a reason.
    package static let reasonBytesMax = 2_000
}
