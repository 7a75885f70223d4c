package import Records
package import Values

/// One row of the history: an entity's span, with how it is known.
package struct HistoryRow: Sendable, Hashable {
    package let entity: EntityKey
    package let span: AssignmentSpan

    package init(entity: EntityKey, span: AssignmentSpan) {
        self.entity = entity
        self.span = span
    }
}

/// Which rows of the history leave the table together: those of one scheme that no answer about an instant from `before` on, and no position after
/// `superseded`, needs.
package struct HistoryCut: Sendable, Hashable {
    package let scheme: String
    /// Spans that ended before it go.
    package let before: Instant
    /// Spans that were superseded at this position or an earlier one go.
    package let superseded: Int
    /// The clients whose rows go, in order.
    package let clients: [String]
    /// The last entity of the last client that goes; nil takes all.
    package var through: String?

    package init(scheme: String, before: Instant, superseded: Int, clients: [String], through: String? = nil) {
        self.scheme = scheme
        self.before = before
        self.superseded = superseded
        self.clients = clients
        self.through = through
    }
}

extension Store {
    private static let gone = """
        scheme = ? AND client = ? AND (valid_to < ? OR known_to <= ?) AND (CAST(? AS TEXT) IS NULL OR entity <= ?)
        """
    static let cutRows = Statement("""
        SELECT kind, client, entity, microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to FROM assignment WHERE \(gone)
        ORDER BY entity, valid_from, known_from, COALESCE(known_to, -1), microsegment, cause, rule, state
        """)
    static let deleteCut = Statement("DELETE FROM assignment WHERE \(gone)")
    static let historyClients = Statement("SELECT DISTINCT client FROM assignment WHERE scheme = ? ORDER BY client")
    static let historySchemes = Statement("SELECT DISTINCT scheme FROM assignment ORDER BY scheme")
    static let firstPositionFrom = Statement("SELECT MIN(position) FROM log WHERE at >= ?")

    static var archiveStatements: [Statement] { [cutRows, deleteCut, historyClients, historySchemes, firstPositionFrom] }

    /// Schemes that have a history in the table.
    package func historySchemes() throws -> [String] { try driver.read { try $0.rows(Self.historySchemes).map { $0.text(0) } } }

    /// Clients that have a history of a scheme in the table, in order.
    package func historyClients(scheme: String) throws -> [String] {
        try driver.read { try $0.rows(Self.historyClients, [.text(scheme)]).map { $0.text(0) } }
    }

    /// The last position of which every entry up to it was sealed before an instant: also where a clock was set back. -1 where there is none.
    package func lastPosition(before instant: Instant) throws -> Int {
        try driver.read { session in
            if let first = try session.firstRow(Self.firstPositionFrom, [.instant(instant)])?.optionalInteger(0) { return Int(first) - 1 }
            return Int(try session.firstRow(Self.nextPosition)?.integer(0) ?? 0) - 1
        }
    }

    /// The rows of a cut, in the order of clients and entities; `body` gives false to stop.
    package static func forEachRow(of cut: HistoryCut, in session: any StoreSession, _ body: (HistoryRow) throws -> Bool) throws {
        for client in cut.clients {
            var isStopped = false
            try session.forEachRow(cutRows, arguments(cut, client)) { row in
                guard let kind = EntityKind(rawValue: row.text(0)) else { return true }
                isStopped = try !body(HistoryRow(entity: EntityKey(kind, client: row.text(1), id: row.text(2)), span: span(row, from: 3)))
                return !isStopped
            }
            if isStopped { return }
        }
    }

    /// Takes the rows of a cut out of the table, and tells how many they were.
    package static func delete(_ cut: HistoryCut, in session: any StoreSession) throws -> Int {
        try cut.clients.reduce(0) { try $0 + session.execute(deleteCut, arguments(cut, $1)) }
    }

    private static func arguments(_ cut: HistoryCut, _ client: String) -> [SQLValue] {
        let through: SQLValue = client == cut.clients.last ? .text(cut.through) : .null
        return [.text(cut.scheme), .text(client), .instant(cut.before), .integer(cut.superseded), through, through]
    }
}
