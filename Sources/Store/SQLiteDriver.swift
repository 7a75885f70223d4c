import Foundation
import GRDB

/// SQLite through GRDB: write-ahead log, `synchronous=FULL`, one writer and several readers.
package final class SQLiteDriver: StoreDriver {
    private let pool: DatabasePool

    package var dialect: SQLDialect { .sqlite }

    /// Opens or creates the database file.
    ///
    /// - Parameter isDurable: whether a commit is on the disk when it returns; not so for a copy that nobody keeps.
    package init(path: String, isDurable: Bool = true) throws(StoreFailure) {
        var configuration = Configuration()
        configuration.maximumReaderCount = 4
        configuration.busyMode = .timeout(30)
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA synchronous=\(isDurable ? "FULL" : "OFF")")
            try database.execute(sql: "PRAGMA foreign_keys=ON")
            try database.execute(sql: "PRAGMA recursive_triggers=ON")
            try database.execute(sql: "PRAGMA cache_size=-16000")
        }
        do {
            pool = try DatabasePool(path: path, configuration: configuration)
        } catch {
            throw StoreFailure(error, subject: "opening \(path)")
        }
    }

    package func write<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            return try pool.write { try body(SQLiteSession(database: $0)) }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a write transaction")
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

    package func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            return try pool.read { try body(SQLiteSession(database: $0)) }
        } catch let failure as DatabaseError {
            throw StoreFailure(failure, subject: "a read transaction")
        }
    }
}

/// One GRDB connection within a transaction.
private struct SQLiteSession: StoreSession {
    let database: Database

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

    func forEachRow(
        _ statement: Statement, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Bool
    ) throws(StoreFailure) {
        do {
            let prepared = try database.cachedStatement(sql: statement.sqliteText)
            let cursor = try Row.fetchCursor(prepared, arguments: StatementArguments(arguments.map(\.databaseValue)))
            let columns = prepared.columnCount
            while let row = try cursor.next() {
                var values: [SQLValue] = []
                values.reserveCapacity(columns)
                for column in 0..<columns { values.append(SQLValue(row[column] as DatabaseValue)) }
                guard try body(SQLRow(values: values)) else { break }
            }
        } catch let failure as StoreFailure {
            throw failure
        } catch {
            throw StoreFailure(error, subject: statement.sql)
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

    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let integer): self = .integer(integer)
        case .double(let number): self = .text("\(number)")
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}

extension StoreFailure {
    fileprivate init(_ error: any Error, subject: String) {
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
