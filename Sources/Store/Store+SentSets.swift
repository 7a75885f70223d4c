import Outbox
package import Values

/// What was sent as EDI, and the acknowledgements that are waited for.
extension Store {
    private static let sentColumns = """
        s.effect, s.partner, s.interchange, s.group_number, s.control, s.identifier, s.within, s.status, s.faults, s.answered_by, s.answered_at
        """
    static let insertSent = Statement("""
        INSERT INTO sent_set (effect, place, partner, interchange, group_number, control, identifier, within, status, faults)
        VALUES (?, (SELECT COALESCE(MAX(place), -1) + 1 FROM sent_set WHERE effect = ?), ?, ?, ?, ?, ?, ?, ?, '')
        """)
    static let answerSent = Statement("UPDATE sent_set SET status = ?, faults = ?, answered_by = ?, answered_at = ? WHERE effect = ? AND control = ?")
    static let sentInInterchange = Statement("""
        SELECT \(sentColumns) FROM sent_set s JOIN effect e ON e.id = s.effect WHERE s.partner = ? AND s.interchange = ?
        ORDER BY e.position DESC, s.effect, s.place
        """)
    static let sentInGroup = Statement("""
        SELECT \(sentColumns) FROM sent_set s JOIN effect e ON e.id = s.effect WHERE s.partner = ? AND s.group_number = ?
        ORDER BY e.position DESC, s.effect, s.place
        """)
    static let sentInEffect = Statement("SELECT \(sentColumns) FROM sent_set s WHERE s.effect = ? ORDER BY s.place")
    static let sentUnanswered = Statement("""
        SELECT \(sentColumns) FROM sent_set s JOIN delivery d ON d.effect = s.effect WHERE s.status = 'waiting' AND s.within IS NOT NULL
        AND d.status = 'delivered' AND d.finished_at + s.within <= ? ORDER BY d.finished_at, s.effect, s.place LIMIT ?
        """)
    static let countSent = Statement("SELECT partner, status, COUNT(*) FROM sent_set GROUP BY partner, status ORDER BY partner, status")

    static var sentStatements: [Statement] {
        [insertSent, answerSent, sentInInterchange, sentInGroup, sentInEffect, sentUnanswered, countSent]
    }

    package static func add(_ sent: SentTransactionSet, in session: any StoreSession) throws {
        try session.execute(
            insertSent,
            [
                .text(sent.effect), .text(sent.effect), .text(sent.partner), .integer(sent.interchange), .integer(sent.group.map(Int64.init)),
                .text(sent.control), .text(sent.identifier), .integer(sent.acknowledgedWithin.map(\.storeNanoseconds)), .text(sent.status.rawValue),
            ])
    }

    /// Keeps what is known of a set now.
    package static func update(_ sent: SentTransactionSet, in session: any StoreSession) throws {
        try session.execute(
            answerSent,
            [
                .text(sent.status.rawValue), .text(sent.faults.joined(separator: "\n")), .integer(sent.answeredBy), .instant(sent.answeredAt),
                .text(sent.effect), .text(sent.control),
            ])
    }

    /// The sets of the last interchange that was sent to a partner under a number; none where there was none.
    package static func sent(to partner: String, interchange: Int, in session: any StoreSession) throws -> [SentTransactionSet] {
        last(try session.rows(sentInInterchange, [.text(partner), .integer(interchange)]).map(sent))
    }

    /// The sets of the last functional group that was sent to a partner under a number.
    package static func sent(to partner: String, group: Int, in session: any StoreSession) throws -> [SentTransactionSet] {
        last(try session.rows(sentInGroup, [.text(partner), .integer(group)]).map(sent))
    }

    /// Numbers come again after 999999999: what was sent last is meant.
    private static func last(_ sets: [SentTransactionSet]) -> [SentTransactionSet] { sets.filter { $0.effect == sets.first?.effect } }

    /// The sets of an effect.
    package func sent(in effect: String) throws -> [SentTransactionSet] {
        try driver.read { try $0.rows(Self.sentInEffect, [.text(effect)]).map(Self.sent) }
    }

    /// Sets that were delivered and not acknowledged in time, the oldest first.
    package static func unanswered(at now: Instant, limit: Int, in session: any StoreSession) throws -> [SentTransactionSet] {
        try session.rows(sentUnanswered, [.instant(now), .integer(limit)]).map(sent)
    }

    /// Sent sets by partner and status.
    package func sentCounts() throws -> [(partner: String, status: SentTransactionSet.Status, count: Int)] {
        try driver.read { session in
            try session.rows(Self.countSent).compactMap { row in
                SentTransactionSet.Status(rawValue: row.text(1)).map { (row.text(0), $0, Int(row.integer(2))) }
            }
        }
    }

    private static func sent(_ row: SQLRow) -> SentTransactionSet {
        var sent = SentTransactionSet(
            effect: row.text(0), partner: row.text(1), interchange: Int(row.integer(2)), group: row.optionalInteger(3).map { Int($0) },
            control: row.text(4), identifier: row.text(5),
            acknowledgedWithin: row.optionalInteger(6).map { DayTimeDuration(seconds: $0 / 1_000_000_000, nanoseconds: Int32($0 % 1_000_000_000)) },
            status: SentTransactionSet.Status(rawValue: row.text(7)) ?? .waiting)
        sent.faults = row.text(8).split(separator: "\n").map(String.init)
        sent.answeredBy = row.optionalInteger(9)
        sent.answeredAt = row.optionalInstant(10)
        return sent
    }
}

extension DayTimeDuration {
    /// Clamped to what 64 bits hold, some 292 years.
    fileprivate var storeNanoseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? .max / 2 : product + Int64(nanoseconds)
    }
}
