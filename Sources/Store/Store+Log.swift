package import ChangeControl
package import Values

extension Store {
    static let lastEntry = Statement("SELECT position, at, kind, body, previous, hash FROM log ORDER BY position DESC LIMIT 1")
    static let insertEntry = Statement("INSERT INTO log (position, at, kind, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)")
    static let entriesFrom = Statement("SELECT position, at, kind, body, previous, hash FROM log WHERE position >= ? ORDER BY position")
    static let positionAt = Statement("SELECT MAX(position) FROM log WHERE at <= ?")
    static let readSite = Statement("SELECT value FROM site WHERE name = ?")
    static let writeSite = Statement("INSERT INTO site (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")

    static var logStatements: [Statement] { [lastEntry, insertEntry, entriesFrom, positionAt, readSite, writeSite] }

    /// Adds an entry to the log within a transaction and gives it. The only writer is the sealer that gives positions
    /// (ARCHITECTURE.md, invariant 11).
    @discardableResult
    package static func append(
        _ kind: LogEntryKind, _ body: Value, at: Instant, in session: any StoreSession
    ) throws -> LogEntry {
        let last = try session.firstRow(lastEntry).map(entry)
        let entry = LogEntry.next(after: last, at: at, kind: kind, body: JSONText.write(body))
        try session.execute(
            insertEntry,
            [.integer(entry.position), .instant(entry.at), .text(entry.kind.rawValue), .text(entry.body), .text(entry.previous), .text(entry.hash)])
        return entry
    }

    private static func entry(_ row: SQLRow) -> LogEntry {
        LogEntry(
            position: Int(row.integer(0)), at: row.instant(1), kind: LogEntryKind(rawValue: row.text(2)), body: row.text(3),
            previous: row.text(4), hash: row.text(5))
    }

    package func lastLogEntry() throws -> LogEntry? { try driver.read { try $0.firstRow(Self.lastEntry).map(Self.entry) } }

    /// Gives every entry from a position on, in order, without holding them all.
    package func forEachLogEntry(from position: Int = 0, _ body: (LogEntry) throws -> Bool) throws {
        try driver.read { session in
            try session.forEachRow(Self.entriesFrom, [.integer(position)]) { try body(Self.entry($0)) }
        }
    }

    /// The last position that had been sealed at an instant, or nil before the first.
    package func position(at instant: Instant) throws -> Int? {
        try driver.read { try $0.firstRow(Self.positionAt, [.instant(instant)])?.optionalInteger(0).map { Int($0) } }
    }

    /// A fact of the site as a whole, such as the live state.
    package func siteValue(_ name: String) throws -> String? {
        try driver.read { try $0.firstRow(Self.readSite, [.text(name)])?.text(0) }
    }

    package static func setSiteValue(_ name: String, _ value: String, in session: any StoreSession) throws {
        try session.execute(writeSite, [.text(name), .text(value)])
    }
}
