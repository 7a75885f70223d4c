import Foundation
import GRDB
import GRDBSQLite
import Synchronization

/// SQLite through GRDB: write-ahead log, `synchronous=FULL`, one writer and several readers.
package final class SQLiteDriver: StoreDriver {
    private let pool: DatabasePool
    private let isDurable: Bool
    /// Commits that were not synced when they returned, and how many of them are on the disk.
    private let unsynced = Atomic(0)
    private let settled = Mutex(0)

    package var dialect: SQLDialect { .sqlite }
    package var keyPath: String { "\(pool.path).keys" }

    /// Opens or creates the database file.
    ///
    /// - Parameter isDurable: whether a commit is on the disk when it returns; not so for a copy that nobody keeps.
    package init(path: String, isDurable: Bool = true) throws(StoreFailure) {
        self.isDurable = isDurable
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA foreign_keys=ON")
            try database.execute(sql: "PRAGMA recursive_triggers=ON")
            try database.execute(sql: "PRAGMA cache_size=-16000")
            // A batch of records changes more pages than SQLite's own 1,000, and the next one most of them again: they are
            // carried over into the database once in several batches. The log of 32 MB that this keeps is what opening reads after a crash.
            try database.execute(sql: "PRAGMA wal_autocheckpoint=8000")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
            // Here and not where connections are prepared: the pool sets NORMAL after that, with which a commit may be gone when the power goes.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous=\(isDurable ? "FULL" : "OFF")") }
        } catch {
            throw StoreFailure(error, subject: "opening \(path)")
        }
    }

    /// How the writer syncs, as SQLite itself says: 2 is FULL, each commit is on the disk when it returns.
    package var synchronous: Int {
        get throws { try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 } }
    }

    /// A commit that may be on the disk later is one under `synchronous=NORMAL`: it stands in the write-ahead log, which the next synced commit syncs as a
    /// whole (sqlite.org/pragma.html, `synchronous`).
    package func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            guard durability == .later, isDurable else { return try pool.write { try body(SQLiteSession(database: $0)) } }
            return try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous=NORMAL")
                defer {
                    // It can only fail where the connection is of no use for anything: then the next commit says so.
                    try? database.execute(sql: "PRAGMA synchronous=FULL")
                }
                var result: Result?
                try database.inTransaction(.immediate) {
                    result = try body(SQLiteSession(database: database))
                    return .commit
                }
                unsynced.add(1, ordering: .releasing)
                guard let result else { preconditionFailure("a transaction that is committed has run") }
                return result
            }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a write transaction")
        }
    }

    /// Syncs the write-ahead log, which holds what was committed since the last checkpoint; a checkpoint has synced what it took out of it. Who asks
    /// while another syncs waits for that one, and syncs what came after it.
    package func settle() throws(StoreFailure) {
        let failure = settled.withLock { settled -> Int32 in
            let committed = unsynced.load(ordering: .acquiring)
            guard settled < committed else { return 0 }
            let descriptor = open(pool.path + "-wal", O_RDWR | O_CLOEXEC)
            guard descriptor >= 0 else { return errno }
            defer { close(descriptor) }
            guard fdatasync(descriptor) == 0 else { return errno }
            settled = committed
            return 0
        }
        guard failure == 0 else { throw Self.unsettled(failure) }
    }

    private static func unsettled(_ code: Int32) -> StoreFailure {
        StoreFailure(subject: "syncing the write-ahead log", cause: String(cString: strerror(code)), hint: "check the disk of the store", isRetriable: true)
    }

    /// SQLite overwrites what it deletes with zeros where `secure_delete` is on. What pages held before stands in the write-ahead log until a checkpoint
    /// has moved all of it to the database, which waits for whoever reads, and cuts the log to nothing. What was deleted before, without
    /// `secure_delete`, may stand in free space: `VACUUM` writes the database without it.
    package func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool) {
        do {
            return try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA secure_delete=ON")
                var done: (result: Result, leftTraces: Bool)?
                do {
                    try database.inTransaction(.immediate) {
                        done = try body(SQLiteSession(database: database))
                        return .commit
                    }
                    try database.execute(sql: "PRAGMA secure_delete=OFF")
                } catch {
                    try database.execute(sql: "PRAGMA secure_delete=OFF")
                    throw error
                }
                guard let done else { preconditionFailure("a transaction that is committed has run") }
                return (done.result, try Self.cut(database, writesAnew: done.leftTraces))
            }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a write transaction that erases")
        }
    }

    private static func cut(_ database: Database, writesAnew: Bool) throws -> Bool {
        do {
            if writesAnew { try database.execute(sql: "VACUUM") }
            return try Row.fetchOne(database, sql: "PRAGMA wal_checkpoint(TRUNCATE)").map { ($0[0] as Int) == 0 } ?? false
        } catch let failure as DatabaseError where failure.resultCode.primaryResultCode == .SQLITE_BUSY || failure.resultCode.primaryResultCode == .SQLITE_LOCKED {
            return false
        }
    }

    package func copy(to path: String) throws {
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous=OFF") }
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            try pool.backup(to: copy)
            try copy.close()
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "copying the store to \(path)")
        }
    }

    /// Pages that are copied between two pauses.
    private static let stepPages: CInt = 512

    /// By SQLite's online backup within one read transaction. Between transactions the copy would begin anew whenever another connection has written
    /// (sqlite.org/c3ref/backup_finish.html), and so never end under load; within one nothing of what is read changes, and in a write-ahead log readers hold up
    /// no writer. The log cannot begin anew meanwhile, so it grows by what is written. After each step comes a pause of the same length: half of the disk is
    /// left to others.
    package func backUp(to path: String) throws {
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous=OFF") }
            let copy = try DatabaseQueue(path: path, configuration: configuration)
            try pool.read { database in
                _ = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM sqlite_master")
                try copy.writeWithoutTransaction { target in
                    var began = ContinuousClock.now
                    try database.backup(to: target, pagesPerStep: Self.stepPages) { progress in
                        if !progress.isCompleted { Self.pause(began.duration(to: .now)) }
                        began = .now
                    }
                }
            }
            // Not in the form of a write-ahead log, which cannot be read where no file can be made beside it.
            try copy.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode=DELETE") }
            try copy.close()
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "copying the store to \(path)")
        }
    }

    private static func pause(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        var time = timespec(tv_sec: Int(min(seconds, 1)), tv_nsec: Int(attoseconds / 1_000_000_000))
        // A signal may end it early.
        nanosleep(&time, nil)
    }

    package func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            return try pool.read { try body(SQLiteSession(database: $0)) }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a read transaction")
        }
    }
}

/// One GRDB connection within a transaction.
struct SQLiteSession: StoreSession {
    let database: Database

    func savepoint<Result>(_ body: () throws -> Result) throws -> Result {
        var result: Result?
        do {
            try database.inSavepoint {
                result = try body()
                return .commit
            }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a savepoint")
        }
        guard let result else { preconditionFailure("a savepoint that is released has run") }
        return result
    }

    func execute(_ statement: Statement, _ arguments: [SQLValue]) throws(StoreFailure) -> Int {
        do {
            let prepared = try database.cachedStatement(sql: statement.sqliteText)
            prepared.setUncheckedArguments(StatementArguments(arguments.map(\.databaseValue)))
            try prepared.execute()
            return database.changesCount
        } catch {
            throw StoreFailure(error, subject: statement.sql)
        }
    }

    /// Binds and steps by SQLite's own interface: what GRDB does around each statement takes longer than the row.
    func executeEach(_ statement: Statement, _ count: Int, _ fill: (Int, inout RowValues) -> Void) throws(StoreFailure) {
        do {
            let cached = try database.cachedStatement(sql: statement.sqliteText)
            let prepared = cached.sqliteStatement
            defer {
                sqlite3_reset(prepared)
                // What is bound are addresses in `row`.
                sqlite3_clear_bindings(prepared)
                withExtendedLifetime(cached) {}
            }
            var row = RowValues()
            for number in 0..<count {
                row.removeAll()
                fill(number, &row)
                let code = row.step(prepared)
                guard code == SQLITE_DONE else {
                    throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: statement.sql)
                }
                sqlite3_reset(prepared)
            }
        } catch {
            throw StoreFailure(error, subject: statement.sql)
        }
    }

    func forEachRow(
        _ statement: Statement, _ count: Int, _ fill: (Int, inout RowValues) -> Void, _ body: (SQLRow) throws -> Void
    ) throws(StoreFailure) {
        try query(statement, count, fill) { try body($0); return true }
    }

    func forEachRow(
        _ statement: Statement, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Bool
    ) throws(StoreFailure) {
        try query(statement, 1, { for argument in arguments { $1.add(argument) } }, body)
    }

    /// Steps by SQLite's own interface, as ``executeEach(_:_:_:)`` does.
    private func query(
        _ statement: Statement, _ count: Int, _ fill: (Int, inout RowValues) -> Void, _ body: (SQLRow) throws -> Bool
    ) throws(StoreFailure) {
        do {
            let cached = try database.cachedStatement(sql: statement.sqliteText)
            let prepared = cached.sqliteStatement
            defer {
                sqlite3_reset(prepared)
                sqlite3_clear_bindings(prepared)
                withExtendedLifetime(cached) {}
            }
            let columns = sqlite3_column_count(prepared)
            var row = RowValues()
            for number in 0..<count {
                sqlite3_reset(prepared)
                row.removeAll()
                fill(number, &row)
                row.bindCopies(to: prepared)
                while true {
                    let code = sqlite3_step(prepared)
                    if code == SQLITE_DONE { break }
                    guard code == SQLITE_ROW else {
                        throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage, sql: statement.sql)
                    }
                    let values = [SQLValue](unsafeUninitializedCapacity: Int(columns)) { buffer, count in
                        for column in 0..<columns { buffer.initializeElement(at: Int(column), to: SQLValue(prepared, column)) }
                        count = Int(columns)
                    }
                    guard try body(SQLRow(values: values)) else { return }
                }
            }
        } catch let failure as StoreFailure {
            throw failure
        } catch {
            throw StoreFailure(error, subject: statement.sql)
        }
    }
}

extension RowValues {
    /// Binds the values where they lie, and runs the statement once: it reads them within the step.
    ///
    /// - Returns: what SQLite says of the step.
    fileprivate func step(_ statement: OpaquePointer) -> Int32 {
        bytes.withUnsafeBytes { bytes in
            bind(bytes, to: statement, nil)
            return sqlite3_step(statement)
        }
    }

    /// Binds copies of the values, for a statement that is stepped while somebody looks at its rows.
    fileprivate func bindCopies(to statement: OpaquePointer) {
        bytes.withUnsafeBytes { bind($0, to: statement, unsafeBitCast(-1, to: sqlite3_destructor_type.self)) }
    }

    /// - Parameter owner: nil where SQLite is to read the values where they lie.
    private func bind(_ bytes: UnsafeRawBufferPointer, to statement: OpaquePointer, _ owner: sqlite3_destructor_type?) {
        guard let base = bytes.baseAddress else { preconditionFailure("the buffer of a row has an address") }
        for (place, cell) in cells.enumerated() {
            let column = Int32(place + 1)
            let code = switch cell {
            case .null: sqlite3_bind_null(statement, column)
            case .integer(let integer): sqlite3_bind_int64(statement, column, integer)
            case .text(let at, let count): sqlite3_bind_text(statement, column, (base + at).assumingMemoryBound(to: CChar.self), Int32(count), owner)
            case .blob(let at, let count): sqlite3_bind_blob(statement, column, base + at, Int32(count), owner)
            }
            // Binding fails where a statement has fewer marks, or a value is larger than SQLite takes.
            precondition(code == SQLITE_OK, "a value that the statement has a place for is bound")
        }
    }
}

extension SQLValue {
    fileprivate var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let value): value.databaseValue
        case .text(let value): value.databaseValue
        case .blob(let bytes): Data(bytes).databaseValue
        }
    }

    /// A column of the row that a statement stands at.
    fileprivate init(_ statement: OpaquePointer, _ column: Int32) {
        switch sqlite3_column_type(statement, column) {
        case SQLITE_INTEGER: self = .integer(sqlite3_column_int64(statement, column))
        case SQLITE_FLOAT: self = .text("\(sqlite3_column_double(statement, column))")
        case SQLITE_TEXT:
            let bytes = UnsafeBufferPointer(start: sqlite3_column_text(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
            self = .text(String(decoding: bytes, as: UTF8.self))
        case SQLITE_BLOB:
            let bytes = UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
            self = .blob([UInt8](bytes))
        default: self = .null
        }
    }
}

extension StoreFailure {
    init(_ error: any Error, subject: String) {
        guard let failure = error as? DatabaseError else {
            self.init(subject: subject, cause: "\(error)", hint: "see the cause", isRetriable: false)
            return
        }
        let (hint, isRetriable): (String, Bool) =
            switch failure.resultCode.primaryResultCode {
            case .SQLITE_FULL: ("make room on the disk of the store; nothing is lost, it goes on by itself", true)
            case .SQLITE_BUSY, .SQLITE_LOCKED: ("another process holds the store; run only one daemon on it", true)
            case .SQLITE_IOERR: ("check the disk of the store", true)
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM: ("check the owner and mode of the store and its folder", false)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: ("restore the store from a backup; do not delete it", false)
            default: ("see the cause", false)
            }
        self.init(subject: subject, cause: failure.message ?? "\(failure.resultCode)", hint: hint, isRetriable: isRetriable)
    }
}
