package import Values

/// Webhooks that are not settled: in their order, and by the moments for which they wait.
extension Store {
    static let unsettledWebhooks = Statement("""
        SELECT e.id, e.lane, d.next_at, d.position
        FROM (SELECT effect, position, next_at FROM delivery
              WHERE kind = 'webhook' AND finished_at IS NULL AND status IN ('pending', 'waiting', 'sending') AND target = ? AND (position, effect) > (?, ?)
              ORDER BY position, effect LIMIT ?) d
        JOIN effect e ON d.effect = e.id ORDER BY d.position, d.effect
        """)
    static let webhooksReturning = Statement("""
        SELECT e.id, d.target, e.lane, d.next_at
        FROM (SELECT effect, target, position, next_at FROM delivery
              WHERE kind = 'webhook' AND status IN ('pending', 'waiting') AND next_at > ? AND next_at <= ? ORDER BY next_at LIMIT ?) d
        JOIN effect e ON d.effect = e.id ORDER BY d.position, d.effect
        """)
    static let nextReturning = Statement("SELECT MIN(next_at) FROM delivery WHERE kind = 'webhook' AND status IN ('pending', 'waiting') AND next_at > ?")

    /// A webhook that is not settled.
    package struct Unsettled: Sendable {
        package let id: String
        package let lane: String?
        package let dueAt: Instant
        /// Its place in the order in which webhooks were committed.
        package let place: Place

        package struct Place: Sendable {
            let position: Int64
            let id: String

            /// Before all.
            package static let start = Place(position: .min, id: "")
        }
    }

    /// Webhooks to one target that are not settled, in the order in which they were committed, behind a place.
    package func unsettledWebhooks(to target: String, after place: Unsettled.Place = .start, limit: Int) throws -> [Unsettled] {
        try driver.read { session in
            try session.rows(Self.unsettledWebhooks, [.text(target), .integer(place.position), .text(place.id), .integer(limit)]).map {
                Unsettled(
                    id: $0.text(0), lane: $0.optionalText(1), dueAt: $0.instant(2), place: Unsettled.Place(position: $0.integer(3), id: $0.text(0)))
            }
        }
    }

    /// A webhook that waits for a moment.
    package typealias Returning = (id: String, target: String, lane: String?, dueAt: Instant)

    /// Webhooks that wait for a moment behind one and not behind another, in the order in which they were committed, and for when the next one waits.
    ///
    /// - Parameter limit: no more than so many, those first whose moment is first.
    package func webhooksReturning(after: Instant, through: Instant, limit: Int) throws -> (due: [Returning], next: Instant?) {
        try driver.read { session in
            let due = try session.rows(Self.webhooksReturning, [.instant(after), .instant(through), .integer(limit)]).map {
                (id: $0.text(0), target: $0.text(1), lane: $0.optionalText(2), dueAt: $0.instant(3))
            }
            return (due, try session.firstRow(Self.nextReturning, [.instant(through)])?.optionalInstant(0))
        }
    }
}
