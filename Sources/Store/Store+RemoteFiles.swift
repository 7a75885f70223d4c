package import Values

/// A file that was pulled from a server of others, until nothing of it is left there.
package struct RemoteFile: Hashable, Sendable {
    package enum Status: String, Sendable, CaseIterable {
        /// Its bytes are in the drop folder, durable and under a name that nobody looks at.
        case staged
        /// It has its name in the drop folder. The one on the server is still to be taken away.
        case placed
        /// The one on the server is gone, by us or by others.
        case done
        /// Another file has its name on the server by now, which stays.
        case superseded
    }

    package var id: Int64 = 0
    /// The site's name of the server.
    package var remote: String
    /// Folder on the server, and the name in it.
    package var folder: String
    package var name: String
    /// Path where it lies on the server now.
    package var place: String
    package var size: Int64
    /// Seconds since 1970, as the server told when it was downloaded; nil where it did not.
    package var modified: Int64?
    /// The time in the listing, in the server's words.
    package var stamp: String
    /// SHA-256 of its bytes, 64 hexadecimal digits.
    package var digest: String
    package var feed: String
    /// Path of the drop folder.
    package var dropFolder: String
    /// Name in the drop folder while it is staged.
    package var staged: String
    /// Name in the drop folder.
    package var localName: String
    package var status: Status
    package var pulledAt: Instant
    package var finishedAt: Instant?
    /// Why it is still on the server.
    package var reason: String?

    package init(
        remote: String, folder: String, name: String, place: String, size: Int64, modified: Int64?, stamp: String, digest: String, feed: String,
        dropFolder: String, staged: String, localName: String, pulledAt: Instant
    ) {
        self.remote = remote
        self.folder = folder
        self.name = name
        self.place = place
        self.size = size
        self.modified = modified
        self.stamp = stamp
        self.digest = digest
        self.feed = feed
        self.dropFolder = dropFolder
        self.staged = staged
        self.localName = localName
        self.pulledAt = pulledAt
        status = .staged
    }
}

/// How a pull stands, for the commands beside the daemon.
package struct PullStanding: Hashable, Sendable {
    /// `remote/folder`.
    package var name: String
    package var lookedAt: Instant
    package var nextAt: Instant
    /// Why nothing, or not all, can be pulled now.
    package var failure: String?
    /// What waits there, as JSON: what the pipeline wrote.
    package var waiting: String

    package init(name: String, lookedAt: Instant, nextAt: Instant, failure: String?, waiting: String) {
        self.name = name
        self.lookedAt = lookedAt
        self.nextAt = nextAt
        self.failure = failure
        self.waiting = waiting
    }
}

extension Store {
    private static let remoteColumns = """
        id, remote, folder, name, place, size, modified, stamp, digest, feed, drop_folder, staged, local_name, status, pulled_at, finished_at, reason
        """
    static let insertRemoteFile = Statement("""
        INSERT INTO remote_file (\(remoteColumns))
        VALUES ((SELECT COALESCE(MAX(id), 0) + 1 FROM remote_file), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    static let updateRemoteFile = Statement("UPDATE remote_file SET place = ?, stamp = ?, local_name = ?, status = ?, finished_at = ?, reason = ? WHERE id = ?")
    static let openRemoteFiles = Statement("""
        SELECT \(remoteColumns) FROM remote_file WHERE finished_at IS NULL AND remote = ? AND folder = ? ORDER BY id
        """)
    static let stagedFiles = Statement("SELECT staged FROM remote_file WHERE finished_at IS NULL AND status = ?")
    static let remoteFilesNamed = Statement("SELECT \(remoteColumns) FROM remote_file WHERE name = ? ORDER BY id DESC LIMIT ?")
    static let forgetRemoteFiles = Statement("DELETE FROM remote_file WHERE finished_at < ?")
    static let forgetRemoteFile = Statement("DELETE FROM remote_file WHERE id = ?")
    static let forgetRemoteFilesWithoutBytes = Statement("""
        DELETE FROM remote_file WHERE finished_at IS NULL AND NOT EXISTS (SELECT 1 FROM file WHERE file.digest = remote_file.digest)
        """)
    static let placeRemoteFiles = Statement("UPDATE remote_file SET status = ? WHERE finished_at IS NULL")
    static let setPull = Statement("""
        INSERT INTO remote_pull (name, looked_at, next_at, failure, waiting) VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
        looked_at = excluded.looked_at, next_at = excluded.next_at, failure = excluded.failure, waiting = excluded.waiting
        """)
    static let pulls = Statement("SELECT name, looked_at, next_at, failure, waiting FROM remote_pull ORDER BY name")
    static let forgetPull = Statement("DELETE FROM remote_pull WHERE name = ?")

    static var remoteStatements: [Statement] {
        [insertRemoteFile, updateRemoteFile, openRemoteFiles, stagedFiles, remoteFilesNamed, forgetRemoteFiles, forgetRemoteFile, forgetRemoteFilesWithoutBytes, placeRemoteFiles, setPull, pulls, forgetPull]
    }

    package static func add(_ file: RemoteFile, in session: any StoreSession) throws {
        try session.execute(
            insertRemoteFile,
            [
                .text(file.remote), .text(file.folder), .text(file.name), .text(file.place), .integer(file.size), .integer(file.modified),
                .text(file.stamp), .text(file.digest), .text(file.feed), .text(file.dropFolder), .text(file.staged), .text(file.localName),
                .text(file.status.rawValue), .instant(file.pulledAt), .instant(file.finishedAt), .text(file.reason),
            ])
    }

    /// Writes down where a file has come to; its id says which.
    package static func update(_ file: RemoteFile, in session: any StoreSession) throws {
        try session.execute(
            updateRemoteFile,
            [
                .text(file.place), .text(file.stamp), .text(file.localName), .text(file.status.rawValue), .instant(file.finishedAt), .text(file.reason),
                .integer(file.id),
            ])
    }

    /// Files of a folder on a server that are not finished, in the order in which they were pulled.
    package static func openRemoteFiles(remote: String, folder: String, in session: any StoreSession) throws -> [RemoteFile] {
        try session.rows(openRemoteFiles, [.text(remote), .text(folder)]).map(remoteFile)
    }

    package func openRemoteFiles(remote: String, folder: String) throws -> [RemoteFile] {
        try driver.read { try Self.openRemoteFiles(remote: remote, folder: folder, in: $0) }
    }

    /// Names under which files of all pulls lie that are written down and have no name in their drop folder yet.
    package func stagedFiles() throws -> Set<String> {
        Set(try driver.read { try $0.rows(Self.stagedFiles, [.text(RemoteFile.Status.staged.rawValue)]).map { $0.text(0) } })
    }

    /// Pulled files of a name, the latest first.
    package func remoteFiles(named name: String, limit: Int = 10) throws -> [RemoteFile] {
        try driver.read { try $0.rows(Self.remoteFilesNamed, [.text(name), .integer(limit)]).map(Self.remoteFile) }
    }

    /// Forgets files that were finished before an instant.
    package static func forgetRemoteFiles(finishedBefore instant: Instant, in session: any StoreSession) throws {
        try session.execute(forgetRemoteFiles, [.instant(instant)])
    }

    /// Forgets a file whose bytes are not here: it is fetched again where it is still on its server.
    package static func forget(_ file: RemoteFile, in session: any StoreSession) throws {
        try session.execute(forgetRemoteFile, [.integer(file.id)])
    }

    /// Forgets files that are not finished and whose bytes no file of the ledger has, as where the drop folders are gone. Those of the others are here, wherever
    /// they were staged.
    package static func forgetRemoteFilesWithoutBytes(in session: any StoreSession) throws {
        try session.execute(forgetRemoteFilesWithoutBytes, [])
        try session.execute(placeRemoteFiles, [.text(RemoteFile.Status.placed.rawValue)])
    }

    package static func note(_ pull: PullStanding, in session: any StoreSession) throws {
        try session.execute(setPull, [.text(pull.name), .instant(pull.lookedAt), .instant(pull.nextAt), .text(pull.failure), .text(pull.waiting)])
    }

    /// How pulls stand, as the daemon last found out.
    package func pulls() throws -> [PullStanding] {
        try driver.read { session in
            try session.rows(Self.pulls).map {
                PullStanding(name: $0.text(0), lookedAt: $0.instant(1), nextAt: $0.instant(2), failure: $0.optionalText(3), waiting: $0.text(4))
            }
        }
    }

    /// Forgets pulls that are configured no more.
    package func forgetPulls(but names: Set<String>) throws {
        let gone = try pulls().map(\.name).filter { !names.contains($0) }
        guard !gone.isEmpty else { return }
        try driver.write { session in for name in gone { try session.execute(Self.forgetPull, [.text(name)]) } }
    }

    private static func remoteFile(_ row: SQLRow) -> RemoteFile {
        var file = RemoteFile(
            remote: row.text(1), folder: row.text(2), name: row.text(3), place: row.text(4), size: row.integer(5), modified: row.optionalInteger(6),
            stamp: row.text(7), digest: row.text(8), feed: row.text(9), dropFolder: row.text(10), staged: row.text(11), localName: row.text(12),
            pulledAt: row.instant(14))
        file.id = row.integer(0)
        file.status = RemoteFile.Status(rawValue: row.text(13)) ?? .placed
        file.finishedAt = row.optionalInstant(15)
        file.reason = row.optionalText(16)
        return file
    }
}
