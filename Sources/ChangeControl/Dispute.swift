package import Values

/// Where a dispute stands. `escalated` stays until the decision, whoever looks into it then.
package enum DisputeStatus: String, CaseIterable, Hashable, Sendable {
    case open, triage, escalated, decided, closed

    /// Whether a decision is awaited, so that the clock counts.
    package var isUndecided: Bool { self == .open || self == .triage || self == .escalated }
}

/// A dispute about where an entity stands, as a pure state machine: each event gives the dispute that follows, or a refusal and no change.
///
/// What follows from the dispute alone is judged here and again by each replay of the log; what roles may do is judged by
/// ``Governance/expectMay(_:)``, under the governance that is live when the event happens.
package struct Dispute: Hashable, Sendable {
    package let id: DisputeID
    package let assignment: DisputedAssignment
    package let raiser: Principal
    package private(set) var status = DisputeStatus.open
    /// Who looks into it in this round.
    package private(set) var owner: Principal?
    package private(set) var clock: DisputeClock
    /// From 1; one more each time that it is reopened.
    package private(set) var round = 1
    package private(set) var policy: DisputePolicy
    /// When this round was due, where it was escalated.
    package private(set) var escalatedDue: Instant?
    /// The decision of this round.
    package private(set) var outcome: DisputeOutcome?
    package private(set) var decider: Principal?
    package private(set) var change: ChangeRequestID?
    /// All that happened, in the order of the log.
    package private(set) var events: [DisputeEvent]

    /// The dispute that an event raises.
    package init(raisedBy event: DisputeEvent) throws(ChangeRefusal) {
        guard case .raised(let assignment, let policy) = event.content, let raiser = event.by else {
            throw ChangeRefusal(.status, event.dispute.description, "it was not raised, and cannot be \(event.content.name)", hint: "`crossdock dispute list` names disputes")
        }
        try Self.checkText(event)
        try Self.check(policy, event.dispute)
        (id, self.assignment, self.raiser, self.policy) = (event.dispute, assignment, raiser, policy)
        clock = DisputeClock(at: event.time, policy)
        events = [event]
    }

    /// Not closed: no other dispute about where the entity stands in the scheme is taken.
    package var isLive: Bool { status != .closed }

    /// Undecided past its time, at a time of the log.
    package func isOverdue(at time: Instant) -> Bool { clock.due.map { $0 <= time } ?? false }

    /// The dispute after an event.
    package func after(_ event: DisputeEvent) throws(ChangeRefusal) -> Dispute {
        precondition(event.dispute == id, "an event is of one dispute")
        try Self.checkText(event)
        guard let last = events.last?.time, event.time >= last else {
            throw ChangeRefusal(.status, id.description, "the time of the log went back to \(event.time)", hint: "`crossdock audit verify` says more")
        }
        var next = self
        next.clock.advance(to: event.time)
        try next.take(event)
        next.events.append(event)
        return next
    }

    /// - Precondition: the clock was counted on to the event.
    private mutating func take(_ event: DisputeEvent) throws(ChangeRefusal) {
        if case .escalated(let due) = event.content { return try escalate(event, due) }
        // No act of a late round comes before its escalation, so that none can hide that it was late.
        if status == .open || status == .triage, let due = clock.due, due <= event.time {
            throw ChangeRefusal(.status, id.description, "it was due at \(due), and is escalated before anything else", hint: "the daemon escalates it, and so does each command")
        }
        switch event.content {
        case .raised, .escalated: try expect(false, event)
        case .triaged(let owner):
            try expect(status.isUndecided, event)
            self.owner = owner
            if status == .open { status = .triage }
        case .paused: try pause(event)
        case .resumed:
            try expect(status.isUndecided && clock.isPaused, event)
            clock.resume(at: event.time)
        case .decided(let outcome, let change):
            try expect(status == .triage || status == .escalated, event)
            try expectOther(event)
            (status, self.outcome, decider, self.change) = (.decided, outcome, event.by, change)
            clock.stop(at: event.time)
        case .closed:
            try expect(isLive, event)
            guard status == .decided || event.by == raiser else {
                throw ChangeRefusal(.role, event.by?.name ?? "", "did not raise \(id), and it is undecided", hint: "before a decision only \(raiser) withdraws it")
            }
            status = .closed
            clock.stop(at: event.time)
        case .reopened(let policy): try reopen(event, policy)
        }
    }

    private mutating func escalate(_ event: DisputeEvent, _ due: Instant) throws(ChangeRefusal) {
        try expect(status == .open || status == .triage, event)
        guard due == clock.due else {
            throw ChangeRefusal(.otherContent, id.description, "it says due at \(due), and the log gives \(clock.due.map { "\($0)" } ?? "no time")", hint: "`crossdock audit verify` says more")
        }
        guard event.by != nil || event.time >= due else {
            throw ChangeRefusal(.status, id.description, "it is due at \(due), and the log is at \(event.time)", hint: "before its time only a person escalates it")
        }
        clock.resume(at: event.time)
        (status, escalatedDue) = (.escalated, due)
    }

    private mutating func pause(_ event: DisputeEvent) throws(ChangeRefusal) {
        try expect(status == .triage && !clock.isPaused, event)
        guard event.by == owner else {
            throw ChangeRefusal(.role, event.by?.name ?? "", "does not look into \(id), \(owner?.name ?? "nobody") does", hint: "`crossdock dispute triage \(id)` names another owner")
        }
        guard clock.pauseLeft > .zero else {
            throw ChangeRefusal(.limit, id.description, "its pauses have lasted \(clock.stood), and may last \(clock.pauseMax) a round", hint: "decide it, or let it be escalated")
        }
        clock.pause(at: event.time)
    }

    private mutating func reopen(_ event: DisputeEvent, _ policy: DisputePolicy) throws(ChangeRefusal) {
        try expect(!status.isUndecided, event)
        try Self.check(policy, id)
        guard round <= policy.reopenMax else {
            throw ChangeRefusal(.limit, id.description, "it was reopened \(round - 1) times, and may be \(policy.reopenMax) times", hint: "what is wrong still is a change request")
        }
        round += 1
        clock = DisputeClock(at: event.time, policy)
        (status, self.policy, owner, escalatedDue, outcome, decider, change) = (.open, policy, nil, nil, nil, nil, nil)
    }

    /// Nobody decides what they raised or wrote.
    private func expectOther(_ event: DisputeEvent) throws(ChangeRefusal) {
        guard let person = event.by else { return }
        if person == raiser {
            throw ChangeRefusal(.ownChange, person.name, "raised \(id), and cannot decide it", hint: "somebody else decides")
        }
        if assignment.authors.contains(person) {
            throw ChangeRefusal(.ownChange, person.name, "wrote what put \(assignment.entity) into \(assignment.microsegment), and cannot decide \(id)", hint: "somebody else decides")
        }
    }

    private func expect(_ holds: Bool, _ event: DisputeEvent) throws(ChangeRefusal) {
        guard !holds else { return }
        let pause = status.isUndecided ? clock.isPaused ? ", paused," : "" : ""
        throw ChangeRefusal(.status, id.description, "is \(status.rawValue)\(pause) and cannot be \(event.content.name)", hint: "`crossdock dispute show \(id)` says what it waits for")
    }

    private static func check(_ policy: DisputePolicy, _ id: DisputeID) throws(ChangeRefusal) {
        guard policy.isSound else {
            throw ChangeRefusal(.otherContent, id.description, "its terms are not within their limits", hint: "`disputes` of governance.yaml gives them")
        }
    }

    private static func checkText(_ event: DisputeEvent) throws(ChangeRefusal) {
        let id = event.dispute.description
        if event.by == nil {
            guard case .escalated = event.content, event.reason == nil else {
                throw ChangeRefusal(.role, id, "nobody is said to have \(event.content.name) it", hint: "the clock escalates, and does nothing else")
            }
            return
        }
        guard let reason = event.reason else {
            if !event.content.needsReason { return }
            throw ChangeRefusal(.text, id, "it is not said why it is \(event.content.name)", hint: "write one line")
        }
        guard StatementLines.isLine(reason), reason.utf8.count <= DisputeEvent.reasonBytesMax else {
            throw ChangeRefusal(.text, id, "the reason is not one line of text of at most \(DisputeEvent.reasonBytesMax) bytes", hint: "write one line, without control characters")
        }
    }
}
