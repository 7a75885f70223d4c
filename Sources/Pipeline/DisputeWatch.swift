package import ChangeControl
package import Store
package import Values

/// Escalates disputes whose time is over: each once a round. After an outage that comes late, and the entry says when it was due.
package struct DisputeWatch: Sendable {
    /// The last entry of a dispute when the log was read; nil before the first reading, and where there is none.
    private var position: Int?
    /// When the first of the disputes is due, by that reading.
    private var due: Instant?

    package init() {}

    /// - Returns: the disputes that are escalated since now.
    package mutating func look(_ store: Store, now: Instant) throws -> [Dispute] {
        guard let last = try store.driver.read({ try Store.lastEntry(of: [.dispute], in: $0)?.position }) else { return [] }
        if last != position {
            (position, due) = (nil, nil)
            do {
                due = try DisputeDesk.reading(store, at: now).ledger.nextDue
                position = last
            } catch let refusal as ChangeRefusal {
                // A log that cannot be replayed is told of once, and not in each round.
                position = last
                throw refusal
            }
        }
        guard let due, due <= now else { return [] }
        let escalated = try store.driver.write { session in
            let reading = try DisputeDesk.reading(at: now, in: session)
            var ledger = reading.ledger
            return try ledger.escalations(at: reading.time).map { event in
                try ledger.take(event)
                try DisputeDesk.append(event, at: now, in: session)
                return try ledger.dispute(event.dispute)
            }
        }
        position = nil
        return escalated
    }
}
