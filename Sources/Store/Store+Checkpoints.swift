package import Values

/// A checkpoint of the log, as it was signed.
package struct StoredCheckpoint: Sendable, Hashable {
    package let size: Int
    package let at: Instant
    /// The signed note.
    package let note: String

    package init(size: Int, at: Instant, note: String) {
        self.size = size
        self.at = at
        self.note = note
    }
}

/// What a witness is known to have.
package struct WitnessStanding: Sendable, Hashable {
    package let name: String
    /// Entries that its last checkpoint covers; 0 before the first.
    package let size: Int
    /// When it was last tried.
    package let at: Instant
    /// Why the last try did not succeed.
    package let failure: String?

    package init(name: String, size: Int, at: Instant, failure: String?) {
        self.name = name
        self.size = size
        self.at = at
        self.failure = failure
    }
}

extension Store {
    static let insertCheckpoint = Statement("INSERT INTO checkpoint (size, at, note) VALUES (?, ?, ?)")
    static let latestCheckpoint = Statement("SELECT size, at, note FROM checkpoint ORDER BY size DESC LIMIT 1")
    static let allCheckpoints = Statement("SELECT size, at, note FROM checkpoint ORDER BY size")
    static let dropCheckpoints = Statement("""
        DELETE FROM checkpoint WHERE size < (SELECT MIN(size) FROM (SELECT size FROM checkpoint ORDER BY size DESC LIMIT ?) AS latest)
        """)
    static let writeWitness = Statement("""
        INSERT INTO witness (name, size, at, failure) VALUES (?, ?, ?, ?)
        ON CONFLICT (name) DO UPDATE SET size = excluded.size, at = excluded.at, failure = excluded.failure
        """)
    static let allWitnesses = Statement("SELECT name, size, at, failure FROM witness ORDER BY name")

    static var checkpointStatements: [Statement] {
        [insertCheckpoint, latestCheckpoint, allCheckpoints, dropCheckpoints, writeWitness, allWitnesses]
    }

    /// Checkpoints that are kept: each later one covers what an earlier one does.
    package static let checkpointsMax = 1_000

    /// Keeps a checkpoint, and drops those that are too many.
    package static func add(_ checkpoint: StoredCheckpoint, in session: any StoreSession) throws {
        try session.execute(insertCheckpoint, [.integer(checkpoint.size), .instant(checkpoint.at), .text(checkpoint.note)])
        try session.execute(dropCheckpoints, [.integer(checkpointsMax)])
    }

    package static func latestCheckpoint(in session: any StoreSession) throws -> StoredCheckpoint? {
        try session.firstRow(latestCheckpoint).map(checkpoint)
    }

    package func latestCheckpoint() throws -> StoredCheckpoint? { try driver.read { try Self.latestCheckpoint(in: $0) } }

    /// Those that are kept, the smallest first.
    package static func checkpoints(in session: any StoreSession) throws -> [StoredCheckpoint] {
        try session.rows(allCheckpoints).map(checkpoint)
    }

    package static func write(_ witness: WitnessStanding, in session: any StoreSession) throws {
        try session.execute(writeWitness, [.text(witness.name), .integer(witness.size), .instant(witness.at), .text(witness.failure)])
    }

    package func witnesses() throws -> [WitnessStanding] {
        try driver.read { session in
            try session.rows(Self.allWitnesses).map {
                WitnessStanding(name: $0.text(0), size: Int($0.integer(1)), at: $0.instant(2), failure: $0.optionalText(3))
            }
        }
    }

    private static func checkpoint(_ row: SQLRow) -> StoredCheckpoint {
        StoredCheckpoint(size: Int(row.integer(0)), at: row.instant(1), note: row.text(2))
    }
}
