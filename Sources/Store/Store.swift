package import Sealing
package import Values

/// All that Crossdock remembers. Every method is one transaction, or takes the session of one that the caller opened.
package struct Store: Sendable {
    package let driver: any StoreDriver
    /// Keys of subjects, in a file of their own.
    package let keys: KeyFile

    /// Opens a store and brings its tables up to date.
    package init(driver: any StoreDriver) throws {
        self.driver = driver
        keys = KeyFile(path: driver.keyPath)
        try bringUpToDate()
        // A shredding that was stopped before its key was gone.
        try destroyShreddedKeys(again: false)
    }

    init(driver: any StoreDriver, keys: KeyFile) {
        self.driver = driver
        self.keys = keys
    }

    private func bringUpToDate() throws {
        // Commands that only read must not wait for the writer.
        if try driver.read({ try $0.isUpToDate() }) { return }
        try driver.write { session in
            try session.execute(Self.createMigrations, [])
            let applied = try session.firstRow(Self.countMigrations)?.integer(0) ?? 0
            for (number, migration) in Schema.migrations.enumerated() where number >= Int(applied) {
                for statement in migration { try session.execute(Statement(statement), []) }
                try session.execute(Self.addMigration, [.integer(Int64(number))])
            }
        }
    }

    static let createMigrations = Statement("CREATE TABLE IF NOT EXISTS migration (number {integer} PRIMARY KEY)")
    static let countMigrations = Statement("SELECT COUNT(*) FROM migration")
    static let addMigration = Statement("INSERT INTO migration (number) VALUES (?)")

    /// Every statement that the store uses, for the test that prepares them on PostgreSQL.
    package static var statements: [Statement] {
        [countMigrations, addMigration] + logStatements + fileStatements + loadStatements + stateStatements
            + standingStatements + churnStatements + populationStatements + [feedTimes] + triggerStatements + decisionStatements + effectStatements + flowStatements + controlNumberStatements + sentStatements + qualityStatements
            + checkpointStatements + auditStatements + personalStatements + leaseStatements + heldTargetStatements + backupStatements + metricStatements + remoteStatements + fileTargetStatements
            + RecordTable.everyTable.flatMap(\.statements)
    }
}

extension Instant {
    /// Nanoseconds since 1970, as the store keeps instants; clamped to what 64 bits hold (years 1678 to 2262).
    package var storeNanoseconds: Int64 {
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return seconds < 0 ? .min : .max }
        let (sum, carry) = product.addingReportingOverflow(Int64(nanoseconds))
        return carry ? .max : sum
    }

    package init(storeNanoseconds: Int64) {
        // Towards the past, also at the ends of what 64 bits hold.
        let (whole, rest) = storeNanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        self.init(seconds: rest < 0 ? whole - 1 : whole, nanoseconds: Int32(rest < 0 ? rest + 1_000_000_000 : rest))
    }
}

extension SQLValue {
    package static func instant(_ instant: Instant) -> SQLValue { .integer(instant.storeNanoseconds) }
    package static func instant(_ instant: Instant?) -> SQLValue { instant.map { .integer($0.storeNanoseconds) } ?? .null }
    package static func text(_ text: String?) -> SQLValue { text.map { .text($0) } ?? .null }
    package static func integer(_ integer: Int64?) -> SQLValue { integer.map { .integer($0) } ?? .null }
    package static func integer(_ integer: Int) -> SQLValue { .integer(Int64(integer)) }
}

extension SQLRow {
    package func instant(_ column: Int) -> Instant { Instant(storeNanoseconds: integer(column)) }
    package func optionalInstant(_ column: Int) -> Instant? { optionalInteger(column).map { Instant(storeNanoseconds: $0) } }
}

extension StoreSession {
    /// Whether every migration has been applied. A store without tables answers with a failure, which means no.
    fileprivate func isUpToDate() throws -> Bool {
        do {
            return try firstRow(Store.countMigrations)?.integer(0) == Int64(Schema.migrations.count)
        } catch {
            return false
        }
    }
}
