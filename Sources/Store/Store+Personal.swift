package import Records
import Sealing

/// A key that a subject has or had: what the store knows of it, which is never the key.
package struct PersonalKey: Hashable, Sendable {
    package let id: Int64
    package let subject: PersonalSubject
    /// The subject's name in the log.
    package let pseudonym: String
    /// Position of the log entry by which the subject was shredded.
    package let shredded: Int?
    package let isDestroyed: Bool
    /// Position of the log entry that lets the subject have a new key.
    package let admitted: Int?

    /// Whether personal values that come now are not kept.
    package var withholds: Bool { shredded != nil && admitted == nil }
}

extension Store {
    private static let keyColumns = "id, client, party, pseudonym, shredded, destroyed, admitted"
    static let nextKey = Statement("SELECT COALESCE(MAX(id), 0) + 1 FROM personal_key")
    static let insertKey = Statement("INSERT INTO personal_key (id, client, party, pseudonym, shredded, destroyed) VALUES (?, ?, ?, ?, ?, ?)")
    static let latestKey = Statement("SELECT \(keyColumns) FROM personal_key WHERE client = ? AND party = ? ORDER BY id DESC LIMIT 1")
    static let keysOf = Statement("SELECT \(keyColumns) FROM personal_key WHERE client = ? AND party = ? ORDER BY id")
    static let keyByID = Statement("SELECT \(keyColumns) FROM personal_key WHERE id = ?")
    static let shreddedKeys = Statement("SELECT \(keyColumns) FROM personal_key WHERE shredded IS NOT NULL ORDER BY id")
    static let everyKey = Statement("SELECT \(keyColumns) FROM personal_key ORDER BY id")
    static let anyLivingKey = Statement("SELECT id FROM personal_key WHERE shredded IS NULL LIMIT 1")
    static let shredKey = Statement("UPDATE personal_key SET shredded = ? WHERE client = ? AND party = ? AND shredded IS NULL")
    static let destroyedKey = Statement("UPDATE personal_key SET destroyed = 1 WHERE id = ?")
    static let admitKey = Statement("UPDATE personal_key SET admitted = ? WHERE id = ?")

    static var personalStatements: [Statement] {
        [nextKey, insertKey, latestKey, keysOf, keyByID, shreddedKeys, everyKey, anyLivingKey, shredKey, destroyedKey, admitKey]
            + subjectStatements + RecordTable.everyTable.flatMap(\.aboutStatements)
    }

    /// The latest key of a subject; nil where it never had one.
    package static func personalKey(of subject: PersonalSubject, in session: any StoreSession) throws -> PersonalKey? {
        try session.firstRow(latestKey, [.text(subject.client), .text(subject.party)]).map(personalKey)
    }

    package static func personalKeys(of subject: PersonalSubject, in session: any StoreSession) throws -> [PersonalKey] {
        try session.rows(keysOf, [.text(subject.client), .text(subject.party)]).map(personalKey)
    }

    package static func personalKey(_ id: Int64, in session: any StoreSession) throws -> PersonalKey? {
        try session.firstRow(keyByID, [.integer(id)]).map(personalKey)
    }

    /// Keys that are there no more, or are to be.
    package static func shreddedKeys(in session: any StoreSession) throws -> [PersonalKey] { try session.rows(shreddedKeys).map(personalKey) }

    package static func forEachPersonalKey(in session: any StoreSession, _ body: (PersonalKey) throws -> Void) throws {
        try session.forEachRow(everyKey, []) { try body(personalKey($0)); return true }
    }

    /// Makes all keys of a subject, or one that it never had, those of somebody who was shredded by a log entry. The keys themselves are
    /// destroyed once that is committed.
    package static func shred(_ subject: PersonalSubject, position: Int, in session: any StoreSession) throws {
        if try session.execute(shredKey, [.integer(position), .text(subject.client), .text(subject.party)]) > 0 { return }
        let id = try session.firstRow(nextKey)?.integer(0) ?? 1
        try session.execute(
            insertKey,
            [.integer(id), .text(subject.client), .text(subject.party), .text(SealingKey.pseudonym()), .integer(position), .integer(1)])
    }

    /// Lets a subject that was shredded have a new key with the next record that comes.
    package static func admit(_ key: PersonalKey, position: Int, in session: any StoreSession) throws {
        try session.execute(admitKey, [.integer(position), .integer(key.id)])
    }

    /// Destroys the keys of subjects that were shredded.
    ///
    /// - Parameter again: also those that were destroyed once: an older file of keys may have been put back.
    package func destroyShreddedKeys(again: Bool) throws {
        let doomed = try driver.read { try Self.shreddedKeys(in: $0) }.filter { again || !$0.isDestroyed }
        guard !doomed.isEmpty else { return }
        for key in doomed { try Self.sealing { () throws(SealingFailure) in try keys.destroy(key.id) } }
        let told = doomed.filter { !$0.isDestroyed }
        guard !told.isEmpty else { return }
        try driver.write { session in for key in told { try session.execute(Self.destroyedKey, [.integer(key.id)]) } }
    }

    /// What the file of keys refuses, as a failure of the store.
    static func sealing<Result>(_ body: () throws(SealingFailure) -> Result) throws(StoreFailure) -> Result {
        do { return try body() } catch {
            throw StoreFailure(subject: error.subject, cause: error.cause, hint: error.hint, isRetriable: error.isRetriable)
        }
    }

    static func personalKey(_ row: SQLRow) -> PersonalKey {
        PersonalKey(
            id: row.integer(0), subject: PersonalSubject(client: row.text(1), party: row.text(2)), pseudonym: row.text(3),
            shredded: row.optionalInteger(4).map { Int($0) }, isDestroyed: row.integer(5) != 0, admitted: row.optionalInteger(6).map { Int($0) })
    }
}
