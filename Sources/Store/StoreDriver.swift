/// One value that goes to the database or comes from it.
package enum SQLValue: Hashable, Sendable {
    case null
    case integer(Int64)
    case text(String)
    case blob([UInt8])
}

/// A connection to a database within one transaction.
package protocol StoreSession {
    /// Runs a statement that gives no rows, and tells how many rows it changed.
    @discardableResult
    func execute(_ statement: Statement, _ arguments: [SQLValue]) throws(StoreFailure) -> Int
    /// Runs a statement that gives no rows once for each of `count` rows of values, which it is prepared for once.
    ///
    /// - Parameter fill: gives the values of the row with a number, one after the other, one for each `?`.
    func executeEach(_ statement: Statement, _ count: Int, _ fill: (Int, inout RowValues) -> Void) throws(StoreFailure)
    /// Runs a statement once for each of `count` rows of values, which it is prepared for once, and gives all rows of the answers.
    func forEachRow(_ statement: Statement, _ count: Int, _ fill: (Int, inout RowValues) -> Void, _ body: (SQLRow) throws -> Void) throws(StoreFailure)
    /// Runs `body` so that a throw undoes what it did, and nothing else of the transaction.
    func savepoint<Result>(_ body: () throws -> Result) throws -> Result
    /// Runs a statement and gives its rows one by one, in the order of the database; `body` gives false to stop.
    func forEachRow(_ statement: Statement, _ arguments: [SQLValue], _ body: (SQLRow) throws -> Bool) throws(StoreFailure)
}

/// One row of an answer, by column number.
package struct SQLRow {
    package let values: [SQLValue]

    package func integer(_ column: Int) -> Int64 {
        if case .integer(let value) = values[column] { value } else { 0 }
    }
    package func optionalInteger(_ column: Int) -> Int64? {
        if case .integer(let value) = values[column] { value } else { nil }
    }
    package func text(_ column: Int) -> String {
        if case .text(let value) = values[column] { value } else { "" }
    }
    package func optionalText(_ column: Int) -> String? {
        if case .text(let value) = values[column] { value } else { nil }
    }
    package func blob(_ column: Int) -> [UInt8] {
        if case .blob(let value) = values[column] { value } else { [] }
    }
}

extension StoreSession {
    package func rows(_ statement: Statement, _ arguments: [SQLValue] = []) throws(StoreFailure) -> [SQLRow] {
        var result: [SQLRow] = []
        try forEachRow(statement, arguments) { result.append($0); return true }
        return result
    }

    package func firstRow(_ statement: Statement, _ arguments: [SQLValue] = []) throws(StoreFailure) -> SQLRow? {
        var result: SQLRow?
        try forEachRow(statement, arguments) { result = $0; return false }
        return result
    }
}

/// A database: SQLite now, PostgreSQL when one machine is outgrown.
package protocol StoreDriver: Sendable {
    var dialect: SQLDialect { get }
    /// Runs `body` in one transaction of the only writer; a throw rolls all of it back.
    func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result
    /// When it returns, everything that was committed is on the disk: to be called before something is done that hangs on it and cannot be taken back.
    func settle() throws(StoreFailure)
    /// Runs `body` on one consistent snapshot.
    func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result
    /// As ``write(_:)``, and what the transaction replaces or deletes stands in no file of the database any more when it returns, where `isCut`.
    /// Otherwise somebody read the database for too long; doing it again, with nothing left to replace, cuts the rest.
    ///
    /// - Parameter body: gives whether something was replaced that may have left traces earlier, so that the whole database is written anew.
    func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool)
    /// Where the keys of what is sealed lie: beside the database, and in no copy of it.
    var keyPath: String { get }
    /// Copies all that is committed to a new database at a path, while others go on reading and writing.
    func copy(to path: String) throws
    /// Copies one snapshot to a new database at a path, in small steps with pauses, so that whoever writes meanwhile is not held up. The copy is one file,
    /// which can be read where nothing can be written.
    func backUp(to path: String) throws
}

/// When a commit is on the disk. Whatever the power does, what is there afterwards is all commits up to one of them.
package enum Durability: Sendable {
    /// When it returns.
    case atOnce
    /// With the next one that is at once, or with ``StoreDriver/settle()``. For steps that are done again where they are gone, as their file still lies in
    /// its drop folder.
    case later
}

extension StoreDriver {
    /// Runs `body` in one transaction of the only writer, which is on the disk when this returns; a throw rolls all of it back.
    package func write<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result { try write(.atOnce, body) }
}

/// One piece of SQL, with its text in SQLite's dialect made once. Each is prepared on PostgreSQL by a test.
package struct Statement: Hashable, Sendable {
    package let sql: String
    let sqliteText: String

    package init(_ sql: String) {
        self.sql = sql
        sqliteText = SQLDialect.sqlite.text(sql)
    }
}

/// An operation on the store that did not succeed.
package struct StoreFailure: Error, CustomStringConvertible {
    /// What was being done, such as the statement.
    package let subject: String
    /// The database's own words.
    package let cause: String
    package let hint: String
    /// True for a full disk or a locked database: worth trying again once that is mended.
    package let isRetriable: Bool

    package init(subject: String, cause: String, hint: String, isRetriable: Bool) {
        self.subject = subject
        self.cause = cause
        self.hint = hint
        self.isRetriable = isRetriable
    }

    /// All but the hint: for who tells that apart.
    package var fact: String { "store: \(cause) in \(subject)" }

    package var description: String { "\(fact); \(hint)" }
}
