package import Values

/// All disputes of a site, as a replay of the entries of kind `dispute` in the order of the log, and of nothing else.
package struct DisputeLedger: Sendable {
    /// Where an entity stands in a scheme: at most one live dispute is about it.
    private struct Place: Hashable {
        let scheme: String
        let entity: String
    }

    /// What a closed dispute was about: as long as it is the same, the dispute is reopened, and no other one raised.
    private struct Matter: Hashable {
        let place: Place
        let position: Int
        let state: StateID
    }

    /// In the order of their numbers, which have no gaps.
    package private(set) var disputes: [Dispute] = []
    /// The latest time of the log that an event tells; nil before the first.
    package private(set) var time: Instant?
    /// The position of the last entry that was taken; nil before the first.
    package private(set) var position: Int?
    private var live: [Place: DisputeID] = [:]
    private var settled: [Matter: DisputeID] = [:]

    package init() {}

    /// - Throws: what is wrong with the first entry that does not follow from those before it.
    package init(_ entries: some Sequence<LogEntry>) throws(ChangeRefusal) {
        for entry in entries { try take(entry) }
    }

    package var nextID: DisputeID { DisputeID(number: disputes.count + 1) }

    package func dispute(_ id: DisputeID) throws(ChangeRefusal) -> Dispute {
        guard disputes.indices.contains(id.number - 1) else {
            throw ChangeRefusal(.status, id.description, "there is no such dispute", hint: "`crossdock dispute list` names them")
        }
        return disputes[id.number - 1]
    }

    /// Those that are not closed.
    package var liveDisputes: [Dispute] { live.values.sorted().map { disputes[$0.number - 1] } }

    /// Takes an entry of the log; other kinds are passed over.
    package mutating func take(_ entry: LogEntry) throws(ChangeRefusal) {
        guard entry.kind == .dispute else { return }
        guard let event = DisputeEvent(body: entry.body) else {
            throw ChangeRefusal(.otherContent, "log entry \(entry.position)", "it is no event of a dispute in its canonical form", hint: "`crossdock audit verify` says more")
        }
        guard event.time >= entry.at else {
            throw ChangeRefusal(.otherContent, "log entry \(entry.position)", "it says time \(event.time), before its own \(entry.at)", hint: "`crossdock audit verify` says more")
        }
        try take(event)
        position = entry.position
    }

    /// Takes an event; a refused one changes nothing.
    package mutating func take(_ event: DisputeEvent) throws(ChangeRefusal) {
        guard time.map({ $0 <= event.time }) ?? true else {
            throw ChangeRefusal(.status, event.dispute.description, "the time of the log went back to \(event.time)", hint: "`crossdock audit verify` says more")
        }
        if case .raised = event.content { try raise(event) } else {
            let next = try dispute(event.dispute).after(event)
            if case .reopened = event.content { try expectFree(next) }
            disputes[event.dispute.number - 1] = next
            note(next)
        }
        time = event.time
    }

    /// The events that the clock itself brings at a time of the log: each undecided dispute past its time, once a round.
    package func escalations(at time: Instant) -> [DisputeEvent] {
        liveDisputes.compactMap { dispute in
            guard dispute.status == .open || dispute.status == .triage, let due = dispute.clock.due, due <= time else { return nil }
            return DisputeEvent(dispute.id, .escalated(due: due), by: nil, time: time)
        }
    }

    /// When the clock next escalates a dispute; nil where none waits for that.
    package var nextDue: Instant? {
        live.values.compactMap { id in
            let dispute = disputes[id.number - 1]
            return dispute.status == .escalated ? nil : dispute.clock.due
        }.min()
    }

    private mutating func raise(_ event: DisputeEvent) throws(ChangeRefusal) {
        let dispute = try Dispute(raisedBy: event)
        guard dispute.id == nextID else {
            throw ChangeRefusal(.otherContent, dispute.id.description, "the next dispute is \(nextID)", hint: "numbers have no gaps")
        }
        try expectFree(dispute)
        if let former = settled[Self.matter(dispute)] {
            throw ChangeRefusal(
                .disputed, former.description, "was about the same assignment, and neither it nor the live state is another one since",
                hint: "`crossdock dispute reopen \(former)` looks at it again")
        }
        disputes.append(dispute)
        note(dispute)
    }

    private func expectFree(_ dispute: Dispute) throws(ChangeRefusal) {
        guard let other = live[Self.place(dispute)], other != dispute.id else { return }
        throw ChangeRefusal(
            .disputed, other.description, "is live and about \(dispute.assignment.entity) in \(dispute.assignment.scheme)",
            hint: "close it first; a place has one live dispute")
    }

    private mutating func note(_ dispute: Dispute) {
        if dispute.isLive {
            live[Self.place(dispute)] = dispute.id
        } else {
            live[Self.place(dispute)] = nil
            settled[Self.matter(dispute)] = dispute.id
        }
    }

    private static func place(_ dispute: Dispute) -> Place { Place(scheme: dispute.assignment.scheme, entity: dispute.assignment.entity) }

    private static func matter(_ dispute: Dispute) -> Matter {
        Matter(place: place(dispute), position: dispute.assignment.position, state: dispute.assignment.state)
    }
}
