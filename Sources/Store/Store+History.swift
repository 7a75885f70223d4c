package import Records
package import Values

// The history of all entities of a scheme, and who moves too often.
extension Store {
    static let schemeHistory = Statement("""
        SELECT kind, client, entity, microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to FROM assignment
        WHERE scheme = ? AND known_from <= ? AND (known_to IS NULL OR known_to > ?) ORDER BY client, entity, valid_from, known_from
        """)
    static let movedOften = Statement("""
        SELECT scheme, kind, client, entity, COUNT(*) FROM assignment WHERE known_to IS NULL AND valid_from > ?
        GROUP BY scheme, kind, client, entity HAVING COUNT(*) > ? ORDER BY COUNT(*) DESC, scheme, client, entity LIMIT ?
        """)
    static let waitingCounts = Statement("SELECT scheme, COUNT(*) FROM standing WHERE candidate IS NOT NULL GROUP BY scheme ORDER BY scheme")
    static let noticeCounts = Statement("SELECT scheme, COUNT(*) FROM standing WHERE notice_to IS NOT NULL GROUP BY scheme ORDER BY scheme")
    static let nextChanges = Statement("SELECT scheme, MIN(next_change) FROM standing GROUP BY scheme ORDER BY scheme")

    static var historyStatements: [Statement] { [schemeHistory, movedOften, waitingCounts, noticeCounts, nextChanges] }

    /// The history of every entity of a scheme as it was known at a position of the log, in the order of clients and identifiers: one scan, of which one
    /// entity is held.
    package static func forEachHistory(
        scheme: String, knownAt position: Int, in session: any StoreSession, _ body: (EntityKey, [AssignmentSpan]) throws -> Void
    ) throws {
        try forEachEntity(schemeHistory, [.text(scheme), .integer(position), .integer(position)], in: session, body)
    }

    /// The spans of each entity, of rows in the order of entities: kind, client, identifier, then what ``span(_:from:)`` reads. One entity is held.
    static func forEachEntity(
        _ statement: Statement, _ arguments: [SQLValue], in session: any StoreSession, _ body: (EntityKey, [AssignmentSpan]) throws -> Void
    ) throws {
        var entity: EntityKey?, spans: [AssignmentSpan] = []
        try session.forEachRow(statement, arguments) { row in
            guard let kind = EntityKind(rawValue: row.text(0)) else { return true }
            let key = EntityKey(kind, client: row.text(1), id: row.text(2))
            if let entity, entity != key {
                try body(entity, spans)
                spans.removeAll(keepingCapacity: true)
            }
            entity = key
            spans.append(span(row, from: 3))
            return true
        }
        if let entity { try body(entity, spans) }
    }

    /// Columns from `first` on: micro-segment, cause, rule, state, valid from and to, known from and to.
    static func span(_ row: SQLRow, from first: Int) -> AssignmentSpan {
        AssignmentSpan(
            microsegment: row.text(first), cause: row.text(first + 1), rule: Int(row.integer(first + 2)), state: row.text(first + 3),
            validFrom: row.instant(first + 4), validTo: row.optionalInstant(first + 5), knownFrom: Int(row.integer(first + 6)),
            knownTo: row.optionalInteger(first + 7).map { Int($0) })
    }

    /// An entity that changed its micro-segment often.
    package struct Restless: Sendable, Hashable {
        package let scheme: String
        package let entity: EntityKey
        /// Changes of the micro-segment; that only the cause changed does not count.
        package let changes: Int

        package init(scheme: String, entity: EntityKey, changes: Int) {
            self.scheme = scheme
            self.entity = entity
            self.changes = changes
        }
    }

    /// Entities whose micro-segment changed more than `changesMax` times after an instant, the most restless first; at most `limit` are looked at.
    ///
    /// An index over the spans that are known now finds them by when they began, so that this costs what changed since then, not the whole history.
    package func restless(since start: Instant, changesMax: Int, limit: Int = 100) throws -> [Restless] {
        try driver.read { session in
            try session.rows(Self.movedOften, [.instant(start), .integer(changesMax), .integer(limit)]).compactMap { row -> Restless? in
                guard let kind = EntityKind(rawValue: row.text(1)) else { return nil }
                let entity = EntityKey(kind, client: row.text(2), id: row.text(3))
                let spans = try Self.history(scheme: row.text(0), entity, knownAt: .max, in: session)
                let changes = spans.changes { $0 > start }
                return changes > changesMax ? Restless(scheme: row.text(0), entity: entity, changes: changes) : nil
            }.sorted { ($1.changes, $0.scheme, $0.entity) < ($0.changes, $1.scheme, $1.entity) }
        }
    }

    /// How many members of each scheme wait for confirmations, for the end of their dwell or of a notice, or for the budget.
    package func waitingCounts() throws -> [String: Int] {
        try driver.read { Dictionary(uniqueKeysWithValues: try $0.rows(Self.waitingCounts).map { ($0.text(0), Int($0.integer(1))) }) }
    }

    /// How many members of each scheme were told that they will be lowered, and are not yet.
    package func noticeCounts() throws -> [(scheme: String, count: Int)] {
        try driver.read { try $0.rows(Self.noticeCounts).map { ($0.text(0), Int($0.integer(1))) } }
    }

    /// The earliest instant at which time alone may change an answer of each scheme; a scheme that waits for none is not in it.
    package func nextChanges() throws -> [String: Instant] {
        try driver.read { session in
            Dictionary(uniqueKeysWithValues: try session.rows(Self.nextChanges).compactMap { row in row.optionalInstant(1).map { (row.text(0), $0) } })
        }
    }
}

extension Collection<AssignmentSpan> {
    /// How often one span of another micro-segment follows upon another without a gap, beginning at an instant that counts. The spans are those of one
    /// entity, known at one position, in time.
    package func changes(_ counts: (Instant) -> Bool = { _ in true }) -> Int {
        zip(self, dropFirst()).count { $0.validTo == $1.validFrom && $0.microsegment != $1.microsegment && counts($1.validFrom) }
    }
}
