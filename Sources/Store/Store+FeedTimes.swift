package import Values

extension Store {
    static let feedTimes = Statement("""
        SELECT first_seen_at, finished_at, size FROM file WHERE feed = ? AND finished_at IS NOT NULL AND status IN ('done', 'archived')
        ORDER BY id DESC LIMIT ?
        """)

    /// When a file was first seen, and when all that follows from it was committed.
    package struct FileTimes: Sendable, Hashable {
        package let seen: Instant
        package let finished: Instant
        /// Bytes.
        package let size: Int64

        package init(seen: Instant, finished: Instant, size: Int64) {
            self.seen = seen
            self.finished = finished
            self.size = size
        }
    }

    /// The latest files of a feed that were worked through, the latest first.
    package func fileTimes(ofFeed feed: String, last: Int) throws -> [FileTimes] {
        try driver.read { session in
            try session.rows(Self.feedTimes, [.text(feed), .integer(last)]).map { FileTimes(seen: $0.instant(0), finished: $0.instant(1), size: $0.integer(2)) }
        }
    }
}
