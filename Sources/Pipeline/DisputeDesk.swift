package import ChangeControl
package import Records
import Store
package import Values

/// Disputes of one site: where their pure events meet the log.
///
/// Each event is judged within the transaction that logs it: disputes are replayed from the log there, so nothing can move between
/// judgement and commit. What is judged outside (the live governance, where the entity stands) is looked at again inside.
package struct DisputeDesk: Sendable {
    private let desk: ChangeDesk
    private var site: Site { desk.site }

    package init(site: Site) { desk = ChangeDesk(site: site) }

    /// The disputes, and a time of the log at which they are looked at.
    package struct Reading: Sendable {
        package let ledger: DisputeLedger
        package let time: Instant

        /// A dispute with its clock counted on.
        package func dispute(_ id: DisputeID) throws -> Dispute { try ledger.dispute(id) }

        /// Undecided disputes past their time.
        package var overdue: [Dispute] { ledger.liveDisputes.filter { $0.isOverdue(at: time) } }
    }

    /// All disputes as the log has them.
    package func reading(at now: Instant) throws -> Reading { try Self.reading(site.store, at: now) }

    static func reading(_ store: Store, at now: Instant) throws -> Reading {
        try store.driver.read { try reading(at: now, in: $0) }
    }

    static func reading(at now: Instant, in session: any StoreSession) throws -> Reading {
        let ledger = try DisputeLedger(Store.entries(of: .dispute, in: session))
        let latest = try Store.latestInstant(after: ledger.position ?? -1, in: session)
        return Reading(ledger: ledger, time: [ledger.time, latest, now].compactMap { $0 }.max() ?? now)
    }

    /// Adds an event to the log within a transaction.
    static func append(_ event: DisputeEvent, at now: Instant, in session: any StoreSession) throws {
        try Store.append(.dispute, text: event.body, at: now, in: session)
    }

    // MARK: Events

    /// Disputes where an entity stands in a scheme now.
    package func raise(scheme: String, _ entity: EntityKey, by person: Principal, reason: String, at now: Instant) throws -> Reading.Outcome {
        let live = try desk.live()
        guard let span = try site.store.driver.read({ try Self.span(scheme, entity, in: $0) }) else {
            throw PipelineFailure(subject: "\(entity)", cause: "it stands nowhere in \(scheme)", hint: "`crossdock history \(scheme) \(entity)` says where it was")
        }
        let authors = try DisputeAuthors(desk: desk).authors(of: span, scheme: scheme, entity)
        return try commit(live, at: now) { reading, session in
            guard try Self.span(scheme, entity, in: session) == span else {
                throw ChangeRefusal(.status, "\(entity)", "it moved at the same time", hint: "look where it stands, and try again")
            }
            let assignment = DisputedAssignment(
                scheme: scheme, entity: entity.description, microsegment: span.microsegment, cause: span.cause, position: span.knownFrom,
                state: live.id, authors: authors)
            return DisputeEvent(reading.ledger.nextID, .raised(assignment, live.governance.disputes), by: person, reason: reason, time: reading.time)
        }
    }

    /// Names who looks into a dispute.
    package func triage(_ id: DisputeID, owner: Principal, by person: Principal, reason: String? = nil, at now: Instant) throws -> Reading.Outcome {
        try take(id, .triaged(owner: owner), by: person, reason: reason, at: now)
    }

    /// Stops the clock while something is waited for.
    package func pause(_ id: DisputeID, by person: Principal, reason: String, at now: Instant) throws -> Reading.Outcome {
        try take(id, .paused, by: person, reason: reason, at: now)
    }

    package func resume(_ id: DisputeID, by person: Principal, reason: String? = nil, at now: Instant) throws -> Reading.Outcome {
        try take(id, .resumed, by: person, reason: reason, at: now)
    }

    /// Sends a dispute up, before its time is over.
    package func escalate(_ id: DisputeID, by person: Principal, reason: String, at now: Instant) throws -> Reading.Outcome {
        try commit(try desk.live(), at: now) { reading, _ in
            let clock = try reading.dispute(id).clock.advanced(to: reading.time)
            return DisputeEvent(id, .escalated(due: clock.due ?? reading.time), by: person, reason: reason, time: reading.time)
        }
    }

    /// - Parameter change: the change request that mends it.
    package func decide(
        _ id: DisputeID, _ outcome: DisputeOutcome, change: ChangeRequestID? = nil, by person: Principal, reason: String, at now: Instant
    ) throws -> Reading.Outcome {
        if let change { _ = try desk.request(change) }
        return try take(id, .decided(outcome, change: change), by: person, reason: reason, at: now)
    }

    /// Ends a dispute that was decided, or withdraws it before.
    package func close(_ id: DisputeID, by person: Principal, reason: String? = nil, at now: Instant) throws -> Reading.Outcome {
        try take(id, .closed, by: person, reason: reason, at: now)
    }

    /// Begins another round, by the terms that are live now.
    package func reopen(_ id: DisputeID, by person: Principal, reason: String, at now: Instant) throws -> Reading.Outcome {
        let live = try desk.live()
        return try commit(live, at: now) { reading, _ in
            DisputeEvent(id, .reopened(live.governance.disputes), by: person, reason: reason, time: reading.time)
        }
    }

    private func take(_ id: DisputeID, _ content: DisputeEvent.Content, by person: Principal, reason: String?, at now: Instant) throws -> Reading.Outcome {
        try commit(try desk.live(), at: now) { reading, _ in DisputeEvent(id, content, by: person, reason: reason, time: reading.time) }
    }

    /// Judges an event and logs it. Where the dispute is overdue by now, the clock's escalation is logged before it: whoever acts while the
    /// daemon is off does not hide that it was late.
    private func commit(
        _ live: ChangeDesk.Live, at now: Instant, _ make: (Reading, any StoreSession) throws -> DisputeEvent
    ) throws -> Reading.Outcome {
        try site.store.driver.write { session in
            try desk.expectLive(live.id, in: session)
            let reading = try Self.reading(at: now, in: session)
            let event = try make(reading, session)
            try live.governance.expectMay(event)
            var ledger = reading.ledger, isLate = false
            if event.content.name != "escalated", let late = ledger.escalations(at: reading.time).first(where: { $0.dispute == event.dispute }) {
                try ledger.take(late)
                try Self.append(late, at: now, in: session)
                isLate = true
            }
            try ledger.take(event)
            try Self.append(event, at: now, in: session)
            return Reading.Outcome(dispute: try ledger.dispute(event.dispute), time: reading.time, wasEscalated: isLate)
        }
    }

    /// Where an entity stands in a scheme, as the history has it now.
    private static func span(_ scheme: String, _ entity: EntityKey, in session: any StoreSession) throws -> AssignmentSpan? {
        try Store.history(scheme: scheme, entity, knownAt: .max, in: session).first { $0.validTo == nil && $0.knownTo == nil }
    }
}

extension DisputeDesk.Reading {
    /// A dispute after an event of it.
    package struct Outcome: Sendable {
        package let dispute: Dispute
        package let time: Instant
        /// The event came too late, so that the clock's escalation was logged before it.
        package let wasEscalated: Bool
    }
}
