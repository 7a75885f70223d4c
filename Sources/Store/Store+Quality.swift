package import Attributes
package import Records
package import Sealing
package import Values

extension Store {
    static let latestLoads = Statement("""
        SELECT l.id, f.id, f.claimed_at, l.read, l.accepted, l.reported FROM load l JOIN file f ON f.id = l.file
        WHERE f.feed = ? AND l.status = 'published' ORDER BY l.id DESC LIMIT ?
        """)
    static let setAsideFiles = Statement("""
        SELECT f.status, COUNT(*) FROM file f WHERE f.feed = ? AND f.status IN ('quarantined', 'duplicate') AND f.id >= ? GROUP BY f.status
        """)

    static var qualityStatements: [Statement] { [latestLoads, setAsideFiles] }

    /// One published load of a feed.
    package struct FeedLoad: Sendable, Hashable {
        package let load: Int64
        package let file: Int64
        package let claimedAt: Instant
        package let read: Int
        package let accepted: Int
        package let reported: Int
    }

    /// The latest published loads of a feed, the latest first.
    package func loads(ofFeed feed: String, last count: Int) throws -> [FeedLoad] {
        try driver.read { session in
            try session.rows(Self.latestLoads, [.text(feed), .integer(count)]).map { row in
                FeedLoad(
                    load: row.integer(0), file: row.integer(1), claimedAt: row.instant(2), read: Int(row.integer(3)), accepted: Int(row.integer(4)),
                    reported: Int(row.integer(5)))
            }
        }
    }

    /// How many files of a feed were quarantined, and how many were duplicates, from one file on.
    package func filesSetAside(ofFeed feed: String, from file: Int64) throws -> (quarantined: Int, duplicates: Int) {
        let counts = try driver.read { try $0.rows(Self.setAsideFiles, [.text(feed), .integer(file)]).map { ($0.text(0), Int($0.integer(1))) } }
        let byStatus = Dictionary(uniqueKeysWithValues: counts)
        return (byStatus["quarantined"] ?? 0, byStatus["duplicate"] ?? 0)
    }

    /// Every record of a kind that a load brought, one by one, superseded ones too, with its personal values where their keys are there.
    package static func forEachRecord(
        ofLoad load: Int64, kind: RecordKind, with keys: KeyFile, in session: any StoreSession, _ body: (Fact) throws -> Void
    ) throws {
        let table = RecordTable.of(kind).table
        var opener = PersonalOpener(keys, in: session)
        try session.forEachRow(table.ofLoad, [.integer(load)]) { row in
            var values = table.storedValues(row, from: 1)
            _ = try opener.open(&values, of: table.definition)
            try body(Fact(row: row.integer(0), values: values))
            return true
        }
    }
}
