/// What a backup has to know of the ledger.
extension Store {
    static let keptFiles = Statement("SELECT id, digest, archived_as FROM file ORDER BY id")
    static let originalsAfter = Statement("""
        SELECT f.id, f.digest, f.archived_as FROM file f WHERE f.id > ? AND NOT EXISTS (SELECT 1 FROM shredded_original s WHERE s.file = f.id)
        ORDER BY f.id LIMIT ?
        """)
    static let skipControlNumbers = Statement("UPDATE control_number SET last = last + ?")
    static let everyControlNumber = Statement("SELECT partner, kind, last FROM control_number ORDER BY partner, kind")

    static var backupStatements: [Statement] { [keptFiles, originalsAfter, skipControlNumbers, everyControlNumber] }

    /// Where the bytes of a file of the ledger are kept.
    package struct KeptFile: Sendable {
        package let id: Int64
        package let digest: String
        /// As the ledger has it; nil while the file is on its way, when the spool has it.
        package let archivedAs: String?
    }

    package static func forEachKeptFile(in session: any StoreSession, _ body: (KeptFile) throws -> Void) throws {
        try session.forEachRow(keptFiles, []) { row in
            try body(kept(row))
            return true
        }
    }

    /// Files whose originals were not shredded, in the order of their numbers: those behind one of them, and so many at most.
    package func originals(after file: Int64, limit: Int) throws -> [KeptFile] {
        try driver.read { try $0.rows(Self.originalsAfter, [.integer(file), .integer(limit)]).map(Self.kept) }
    }

    private static func kept(_ row: SQLRow) -> KeptFile { KeptFile(id: row.integer(0), digest: row.text(1), archivedAs: row.optionalText(2)) }

    /// Leaves out the next numbers of every partner: they may have been given by a site that is lost.
    package static func skipControlNumbers(_ count: Int, in session: any StoreSession) throws {
        try session.execute(skipControlNumbers, [.integer(count)])
    }

    /// The last number of each kind that each partner was given.
    package func controlNumbers() throws -> [(partner: String, kind: String, last: Int64)] {
        try driver.read { try $0.rows(Self.everyControlNumber).map { ($0.text(0), $0.text(1), $0.integer(2)) } }
    }
}
