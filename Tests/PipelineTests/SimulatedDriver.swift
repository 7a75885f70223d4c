import Store
import Values

/// A real SQLite, before and behind whose transactions a simulated daemon can be killed, and whose commits can be refused, come without an answer, or be gone with the power.
// Used by the one thread that lives the life.
final class SimulatedDriver: StoreDriver, @unchecked Sendable {
    private let base: SQLiteDriver
    private let store: Store
    /// Whose store it is now.
    var life: SimulatedPull?

    var dialect: SQLDialect { base.dialect }
    var keyPath: String { base.keyPath }

    private static let files = Statement("SELECT * FROM remote_file ORDER BY id")
    private static let clear = Statement("DELETE FROM remote_file")
    private static let clearLedger = Statement("DELETE FROM file")
    private static let put = Statement("INSERT INTO remote_file VALUES (\(Array(repeating: "?", count: 17).joined(separator: ", ")))")

    init(path: String) throws {
        base = try SQLiteDriver(path: path, isDurable: false)
        store = try Store(driver: base)
    }

    /// The store through this driver, with no file in it, pulled or taken.
    func empty() throws -> Store {
        life = nil
        try restore([])
        try base.write(.later) { try $0.execute(Self.clearLedger, []) }
        return try Store(driver: self)
    }

    /// Puts back what was there.
    func restore(_ rows: [[SQLValue]]) throws {
        try base.write(.later) { session in
            try session.execute(Self.clear, [])
            for row in rows { try session.execute(Self.put, row) }
        }
    }

    func open(_ folder: String) throws -> [RemoteFile] { try store.openRemoteFiles(remote: "acme", folder: folder) }

    /// Enters a file that was taken from the drop folder into the ledger.
    func enter(_ name: String, digest: String, size: Int, at now: Instant) throws {
        _ = try store.add(LedgerFile(feed: "x12-orders", name: name, digest: digest, size: Int64(size), status: .archived, firstSeenAt: now, claimedAt: now))
    }

    func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result {
        guard let life else { return try base.write(durability, body) }
        // What has its name has it for good before that is written down.
        if !life.isDead { life.unsynced = [] }
        try life.goOn()
        life.tell("write \(durability)")
        if life.isRefused() { throw StoreFailure(subject: "a write transaction", cause: "database or disk is full", hint: "make room", isRetriable: true) }
        if life.troubles.losesPower, durability == .later { life.unsettled.append(try base.read { try $0.rows(Self.files).map(\.values) }) }
        let result = try base.write(durability, body)
        if durability == .atOnce { life.unsettled = [] }
        if life.isRefused() {
            life.counts.doubtfulCommits += 1
            throw StoreFailure(subject: "a write transaction", cause: "the connection was lost", hint: "see the database", isRetriable: true)
        }
        try life.goOn()
        return result
    }

    func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        try life?.goOn()
        return try base.read(body)
    }

    func settle() throws(StoreFailure) { try base.settle() }
    func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool) { try base.erase(body) }
    func copy(to path: String) throws { try base.copy(to: path) }
    func backUp(to path: String) throws { try base.backUp(to: path) }
}

extension SimulatedPull {
    /// Lets the daemon be killed, and lets one that is do nothing more.
    func goOn() throws {
        mayDie()
        if isDead { throw Killed() }
    }

    func isRefused() -> Bool { !isCalm && chance(troubles.refusals, in: 1_000) }
}
