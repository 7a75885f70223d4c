/// Runs what would be transactions of their own within one that is open: each is a savepoint of it, so that one can fail and the others stay.
///
/// Not for other threads: safe to send, as it is made within a transaction, used by whoever runs that, and gone with it.
private struct JoinedDriver: StoreDriver, @unchecked Sendable {
    let session: any StoreSession
    let outer: any StoreDriver

    var dialect: SQLDialect { outer.dialect }
    var keyPath: String { outer.keyPath }

    func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result {
        try session.savepoint { try body(session) }
    }

    func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result { try body(session) }

    func settle() throws(StoreFailure) { preconditionFailure("what is not committed yet cannot be on the disk") }
    func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool) {
        preconditionFailure("a transaction is open")
    }
    func copy(to path: String) throws { preconditionFailure("a transaction is open") }
    func backUp(to path: String) throws { preconditionFailure("a transaction is open") }
}

extension Store {
    /// The store within an open transaction: what is written through it is part of that, and what is read sees it. Not to be kept.
    ///
    /// After a ``StoreFailure`` nothing more of the transaction is to be done: the database may have rolled all of it back.
    package func joined(to session: any StoreSession) -> Store { Store(driver: JoinedDriver(session: session, outer: driver), keys: keys) }
}
