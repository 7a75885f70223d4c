package import Values

/// The time of the log: the latest instant of an entry and of all before it. It goes on where a clock is set back, and stands until the
/// clock has caught up.
extension Store {
    static let latest = Statement("SELECT MAX(at) FROM log")
    static let latestAfter = Statement("SELECT MAX(at) FROM log WHERE position > ?")

    /// The time of the log; nil before its first entry.
    package static func timeOfLog(in session: any StoreSession) throws -> Instant? { try session.firstRow(latest)?.optionalInstant(0) }
    package func timeOfLog() throws -> Instant? { try driver.read { try Self.timeOfLog(in: $0) } }

    /// The latest instant of the entries after a position; nil where there are none. It looks at each of them.
    package static func latestInstant(after position: Int, in session: any StoreSession) throws -> Instant? {
        try session.firstRow(latestAfter, [.integer(position)])?.optionalInstant(0)
    }
}
