package import ChangeControl
package import Values

extension Store {
    static let lastEntry = Statement("SELECT position, at, kind, body, previous, hash FROM log ORDER BY position DESC LIMIT 1")
    static let insertEntry = Statement("INSERT INTO log (position, at, kind, body, previous, hash) VALUES (?, ?, ?, ?, ?, ?)")
    static let lastEntryOfKind = Statement("""
        SELECT position, at, kind, body, previous, hash FROM log WHERE kind = ? ORDER BY position DESC LIMIT 1
        """)
    static let entriesOfKind = Statement("SELECT position, at, kind, body, previous, hash FROM log WHERE kind = ? ORDER BY position")
    static let entriesFrom = Statement("SELECT position, at, kind, body, previous, hash FROM log WHERE position >= ? ORDER BY position")
    static let entryAt = Statement("SELECT position, at, kind, body, previous, hash FROM log WHERE position = ?")
    static let positionAt = Statement("SELECT MAX(position) FROM log WHERE at <= ?")
    static let readSite = Statement("SELECT value FROM site WHERE name = ?")
    static let writeSite = Statement("INSERT INTO site (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")

    static var logStatements: [Statement] {
        [lastEntry, insertEntry, lastEntryOfKind, entriesOfKind, entriesFrom, entryAt, positionAt, latest, latestAfter, readSite, writeSite]
    }

    /// Adds an entry to the log within a transaction and gives it. The only writer is the sealer that gives positions
    /// (ARCHITECTURE.md, invariant 11).
    ///
    /// Where the transaction has written rows under the entry's position, the body ends with their digests (``LogRows``). So it comes
    /// after all that the transaction writes.
    ///
    /// - Parameter body: a context.
    @discardableResult
    package static func append(
        _ kind: LogEntryKind, _ body: Value, at: Instant, in session: any StoreSession
    ) throws -> LogEntry {
        let head = try head(in: session)
        var body = body
        let fields = try LogRows(at: head.position + 1, in: session).fields
        if !fields.isEmpty {
            guard case .context(let said) = body else { preconditionFailure("what answers for rows is an object") }
            body = .context(ContextValue(said.entries + fields))
        }
        let entry = LogEntry.next(after: head, at: at, kind: kind, body: JSONText.write(body))
        try insert(entry, in: session)
        return entry
    }

    /// As ``append(_:_:at:in:)``, with a body that is canonical JSON already, for entries that answer for no rows.
    @discardableResult
    package static func append(
        _ kind: LogEntryKind, text body: String, at: Instant, in session: any StoreSession
    ) throws -> LogEntry {
        let entry = LogEntry.next(after: try head(in: session), at: at, kind: kind, body: body)
        try insert(entry, in: session)
        return entry
    }

    /// Begins the log. Throws where it has begun: position 0 is taken.
    package static func begin(_ genesis: LogEntry, in session: any StoreSession) throws {
        precondition(genesis.position == 0 && genesis.kind == .genesis, "a log begins with its genesis")
        try insert(genesis, in: session)
    }

    private static func insert(_ entry: LogEntry, in session: any StoreSession) throws {
        try session.execute(
            insertEntry,
            [
                .integer(entry.position), .instant(entry.at), .text(entry.kind.rawValue), .text(entry.body),
                .text(entry.previous.hex), .text(entry.hash.hex),
            ])
    }

    private static func head(in session: any StoreSession) throws -> LogHead {
        guard let last = try session.firstRow(lastEntry).map(entry) else {
            throw StoreFailure(
                subject: "the log", cause: "it has not begun", hint: "run `crossdock init`, which begins with the genesis ceremony",
                isRetriable: false)
        }
        guard last.position < Int.max / 2 else {
            throw StoreFailure(
                subject: "the log", cause: "its last entry has the position \(last.position), which nobody wrote", hint: "stop, keep this copy as evidence, and restore a backup",
                isRetriable: false)
        }
        return last.head
    }

    /// The last entry of some kind, within a transaction.
    package static func lastEntry(of kinds: [LogEntryKind], in session: any StoreSession) throws -> LogEntry? {
        var found: LogEntry?
        for kind in kinds {
            guard let entry = try session.firstRow(lastEntryOfKind, [.text(kind.rawValue)]).map(entry) else { continue }
            if entry.position > found?.position ?? -1 { found = entry }
        }
        return found
    }

    /// The entry at a position, within a transaction.
    package static func entry(at position: Int, in session: any StoreSession) throws -> LogEntry? {
        try session.firstRow(entryAt, [.integer(position)]).map(entry)
    }

    /// Every entry of some kind, in order, within a transaction.
    package static func entries(of kind: LogEntryKind, in session: any StoreSession) throws -> [LogEntry] {
        try session.rows(entriesOfKind, [.text(kind.rawValue)]).map(entry)
    }

    private static func entry(_ row: SQLRow) throws -> LogEntry {
        guard let kind = LogEntryKind(rawValue: row.text(2)), let previous = ContentDigest(hex: row.text(4)),
            let hash = ContentDigest(hex: row.text(5))
        else {
            throw StoreFailure(
                subject: "log entry \(row.integer(0))", cause: "its kind or digests do not have the form in which they were written",
                hint: "stop, keep this copy as evidence, and compare it with a backup", isRetriable: false)
        }
        return LogEntry(
            position: Int(row.integer(0)), at: row.instant(1), kind: kind, body: row.text(3), previous: previous, hash: hash)
    }

    package func lastLogEntry() throws -> LogEntry? { try driver.read { try $0.firstRow(Self.lastEntry).map(Self.entry) } }

    /// Gives every entry from a position on, in order, without holding them all.
    package func forEachLogEntry(from position: Int = 0, _ body: (LogEntry) throws -> Bool) throws {
        try driver.read { try Self.forEachEntry(from: position, in: $0, body) }
    }

    package static func forEachEntry(
        from position: Int = 0, in session: any StoreSession, _ body: (LogEntry) throws -> Bool
    ) throws {
        try session.forEachRow(entriesFrom, [.integer(position)]) { try body(entry($0)) }
    }

    /// The last position that had been sealed at an instant, or nil before the first.
    package func position(at instant: Instant) throws -> Int? {
        try driver.read { try $0.firstRow(Self.positionAt, [.instant(instant)])?.optionalInteger(0).map { Int($0) } }
    }

    /// A fact of the site as a whole, such as the live state.
    package func siteValue(_ name: String) throws -> String? {
        try driver.read { try Self.siteValue(name, in: $0) }
    }

    package static func siteValue(_ name: String, in session: any StoreSession) throws -> String? {
        try session.firstRow(readSite, [.text(name)])?.text(0)
    }

    package static func setSiteValue(_ name: String, _ value: String, in session: any StoreSession) throws {
        try session.execute(writeSite, [.text(name), .text(value)])
    }
}
