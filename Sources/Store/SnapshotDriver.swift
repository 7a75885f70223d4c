import GRDB

/// A copy of a store that is only read, and that nothing is written beside: a backup, which may lie where nothing can be written.
package final class SnapshotDriver: StoreDriver {
    private let queue: DatabaseQueue
    private let path: String

    package var dialect: SQLDialect { .sqlite }
    /// Where there are none: keys are in no copy.
    package var keyPath: String { "\(path).keys" }

    package init(path: String) throws(StoreFailure) {
        self.path = path
        var configuration = Configuration()
        configuration.readonly = true
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size=-16000") }
        do { queue = try DatabaseQueue(path: path, configuration: configuration) } catch {
            throw StoreFailure(error, subject: "opening \(path)")
        }
    }

    package func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            return try queue.read { try body(SQLiteSession(database: $0)) }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a read transaction on \(path)")
        }
    }

    /// What SQLite finds wrong with the file, each as one sentence; empty where it is whole.
    ///
    /// - Parameter isQuick: whether indexes are not held against their tables, which takes most of the time (sqlite.org/pragma.html, `quick_check`).
    package func defects(isQuick: Bool) throws -> [String] {
        do {
            let said = try queue.read { try String.fetchAll($0, sql: "PRAGMA \(isQuick ? "quick_check" : "integrity_check")(10)") }
            return said == ["ok"] ? [] : said
        } catch let failure as DatabaseError {
            return [failure.message ?? "\(failure.resultCode)"]
        }
    }

    package func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result { throw onlyRead }
    package func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool) { throw onlyRead }
    package func settle() throws(StoreFailure) {}

    package func copy(to path: String) throws {
        do {
            let copy = try DatabaseQueue(path: path)
            try queue.backup(to: copy)
            try copy.close()
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "copying \(self.path) to \(path)")
        }
    }

    package func backUp(to path: String) throws { try copy(to: path) }

    private var onlyRead: StoreFailure {
        StoreFailure(subject: path, cause: "it is a copy that is only read", hint: "restore it to work on it", isRetriable: false)
    }
}
