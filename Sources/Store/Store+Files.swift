package import Formats
package import Values

/// One dropped file as the ledger knows it.
package struct LedgerFile: Sendable, Hashable {
    package enum Status: String, Sendable, CaseIterable {
        /// Copied into the spool; nothing of it is visible yet.
        case claimed
        /// Its records are visible; its effects are being worked out.
        case published
        /// Everything it leads to is committed; the original waits to be moved to the archive.
        case done
        case archived, quarantined, duplicate
    }

    package var id: Int64
    package var feed: String
    /// Name within the feed's folder.
    package var name: String
    /// SHA-256 of its bytes, in hexadecimal.
    package var digest: String
    package var size: Int64
    package var status: Status
    package var firstSeenAt: Instant
    package var claimedAt: Instant
    package var finishedAt: Instant?
    /// Why it was quarantined or set aside.
    package var reason: String?
    /// Where the original went, relative to the site's root.
    package var archivedAs: String?
    package var duplicateOf: Int64?
    package var attempts: Int64

    package init(
        id: Int64 = 0, feed: String, name: String, digest: String, size: Int64, status: Status, firstSeenAt: Instant,
        claimedAt: Instant, finishedAt: Instant? = nil, reason: String? = nil, archivedAs: String? = nil,
        duplicateOf: Int64? = nil, attempts: Int64 = 1
    ) {
        self.id = id
        self.feed = feed
        self.name = name
        self.digest = digest
        self.size = size
        self.status = status
        self.firstSeenAt = firstSeenAt
        self.claimedAt = claimedAt
        self.finishedAt = finishedAt
        self.reason = reason
        self.archivedAs = archivedAs
        self.duplicateOf = duplicateOf
        self.attempts = attempts
    }
}

extension Store {
    static let fileColumns = """
        id, feed, name, digest, size, status, first_seen_at, claimed_at, finished_at, reason, archived_as, duplicate_of, attempts
        """
    static let nextFile = Statement("SELECT COALESCE(MAX(id), 0) + 1 FROM file")
    static let insertFile = Statement("INSERT INTO file (\(fileColumns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    static let updateFile = Statement("UPDATE file SET status = ?, finished_at = ?, reason = ?, archived_as = ?, duplicate_of = ?, attempts = ? WHERE id = ?")
    static let fileByID = Statement("SELECT \(fileColumns) FROM file WHERE id = ?")
    static let filesByStatus = Statement("SELECT \(fileColumns) FROM file WHERE status = ? ORDER BY id")
    static let filesByName = Statement("SELECT \(fileColumns) FROM file WHERE name = ? ORDER BY id DESC LIMIT 100")
    static let filesByEnd = Statement("SELECT \(fileColumns) FROM file WHERE name LIKE ? ESCAPE '\\' ORDER BY id DESC LIMIT 100")
    static let filesByDigest = Statement("SELECT \(fileColumns) FROM file WHERE digest = ? ORDER BY id")
    static let filesByFeed = Statement("SELECT \(fileColumns) FROM file WHERE feed = ? AND status IN ('archived', 'quarantined') ORDER BY id DESC LIMIT ?")
    static let countFiles = Statement("SELECT feed, status, COUNT(*), SUM(size) FROM file GROUP BY feed, status ORDER BY feed, status")
    static let insertInterchange = Statement("""
        INSERT INTO interchange (file, standard, sender_qualifier, sender, receiver_qualifier, receiver, control_number, position, content)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """)
    static let sameInterchange = Statement("""
        SELECT i.file, i.content FROM interchange i WHERE i.control_number = ? AND i.sender = ? AND i.sender_qualifier = ? AND i.receiver = ?
        AND i.receiver_qualifier = ? AND i.standard = ? AND i.file <> ? AND EXISTS (SELECT 1 FROM file f WHERE f.id = i.file AND f.status IN
        ('published', 'done', 'archived')) ORDER BY i.file LIMIT 1
        """)

    static var fileStatements: [Statement] {
        [nextFile, insertFile, updateFile, fileByID, filesByStatus, filesByName, filesByEnd, filesByDigest, filesByFeed, countFiles, insertInterchange, sameInterchange]
    }

    /// Enters a claimed file into the ledger and gives its number.
    package func add(_ file: LedgerFile) throws -> LedgerFile { try driver.write { try Self.add(file, in: $0) } }

    package static func add(_ file: LedgerFile, in session: any StoreSession) throws -> LedgerFile {
        var added = file
        added.id = try session.firstRow(nextFile)?.integer(0) ?? 1
        try session.execute(
            insertFile,
            [
                .integer(added.id), .text(added.feed), .text(added.name), .text(added.digest), .integer(added.size),
                .text(added.status.rawValue), .instant(added.firstSeenAt), .instant(added.claimedAt),
                .instant(added.finishedAt), .text(added.reason), .text(added.archivedAs), .integer(added.duplicateOf),
                .integer(added.attempts),
            ])
        return added
    }

    package static func update(_ file: LedgerFile, in session: any StoreSession) throws {
        try session.execute(
            updateFile,
            [
                .text(file.status.rawValue), .instant(file.finishedAt), .text(file.reason), .text(file.archivedAs),
                .integer(file.duplicateOf), .integer(file.attempts), .integer(file.id),
            ])
    }

    package func update(_ file: LedgerFile) throws { try driver.write { try Self.update(file, in: $0) } }

    /// Writes down how files stand; on the disk later.
    package func update(_ files: [LedgerFile]) throws {
        try driver.write(.later) { session in for file in files { try Self.update(file, in: session) } }
    }

    package func file(_ id: Int64) throws -> LedgerFile? { try driver.read { try Self.file(id, in: $0) } }

    package static func file(_ id: Int64, in session: any StoreSession) throws -> LedgerFile? {
        try session.firstRow(fileByID, [.integer(id)]).map(file)
    }

    package func files(_ status: LedgerFile.Status) throws -> [LedgerFile] { try driver.read { try Self.files(status, in: $0) } }

    package static func files(_ status: LedgerFile.Status, in session: any StoreSession) throws -> [LedgerFile] {
        try session.rows(filesByStatus, [.text(status.rawValue)]).map(file)
    }

    /// Files of a name, the latest first, at most 100; where there is none, those that lay under it in a folder below their drop folder.
    package func files(named name: String) throws -> [LedgerFile] {
        try driver.read { session in
            let files = try session.rows(Self.filesByName, [.text(name)]).map(Self.file)
            guard files.isEmpty else { return files }
            let escaped = name.replacing("\\", with: "\\\\").replacing("%", with: "\\%").replacing("_", with: "\\_")
            return try session.rows(Self.filesByEnd, [.text("%/" + escaped)]).map(Self.file)
        }
    }

    /// Files of a feed that have exactly a name, the latest first.
    package func files(ofFeed feed: String, called name: String) throws -> [LedgerFile] {
        try driver.read { try $0.rows(Self.filesByName, [.text(name)]).map(Self.file) }.filter { $0.feed == feed }
    }

    /// Files of a feed that were archived or quarantined, the latest first.
    package func files(ofFeed feed: String, last count: Int) throws -> [LedgerFile] {
        try driver.read { try $0.rows(Self.filesByFeed, [.text(feed), .integer(count)]).map(Self.file) }
    }

    package func files(digest: String) throws -> [LedgerFile] { try driver.read { try Self.files(digest: digest, in: $0) } }

    package static func files(digest: String, in session: any StoreSession) throws -> [LedgerFile] {
        try session.rows(filesByDigest, [.text(digest)]).map(file)
    }

    /// Files and bytes by feed and status.
    package func fileCounts() throws -> [(feed: String, status: LedgerFile.Status, files: Int, bytes: Int64)] {
        try driver.read { session in
            try session.rows(Self.countFiles).compactMap { row in
                LedgerFile.Status(rawValue: row.text(1)).map { (row.text(0), $0, Int(row.integer(2)), row.integer(3)) }
            }
        }
    }

    /// An interchange of the same number, sender and receiver that another file brought and that was taken.
    package struct EarlierInterchange: Sendable, Hashable {
        package let file: Int64
        package let controlNumber: String
        /// Digits that are the same for the same content; nil where it was kept before they were.
        package let content: String?
    }

    /// The first of some interchanges that came in an earlier file, if any.
    package static func earlier(
        _ interchanges: [InterchangeHeader], of file: Int64, in session: any StoreSession
    ) throws -> EarlierInterchange? {
        for header in interchanges {
            let row = try session.firstRow(
                sameInterchange,
                [
                    .text(header.controlNumber), .text(header.sender), .text(header.senderQualifier), .text(header.receiver),
                    .text(header.receiverQualifier), .text(header.standard.rawValue), .integer(file),
                ])
            if let row { return EarlierInterchange(file: row.integer(0), controlNumber: header.controlNumber, content: row.optionalText(1)) }
        }
        return nil
    }

    /// Remembers the interchanges of a file, with the digits of their contents where these are known.
    package static func add(
        _ interchanges: [InterchangeHeader], contents: [String?] = [], of file: Int64, in session: any StoreSession
    ) throws {
        for (position, header) in interchanges.enumerated() {
            try session.execute(
                insertInterchange,
                [
                    .integer(file), .text(header.standard.rawValue), .text(header.senderQualifier), .text(header.sender),
                    .text(header.receiverQualifier), .text(header.receiver), .text(header.controlNumber), .integer(position),
                    .text(contents.indices.contains(position) ? contents[position] : nil),
                ])
        }
    }

    static func file(_ row: SQLRow) -> LedgerFile {
        LedgerFile(
            id: row.integer(0), feed: row.text(1), name: row.text(2), digest: row.text(3), size: row.integer(4),
            status: LedgerFile.Status(rawValue: row.text(5)) ?? .quarantined, firstSeenAt: row.instant(6),
            claimedAt: row.instant(7), finishedAt: row.optionalInstant(8), reason: row.optionalText(9),
            archivedAs: row.optionalText(10), duplicateOf: row.optionalInteger(11), attempts: row.integer(12))
    }
}
