import Synchronization

/// Writes under a lease: each transaction looks at the lease after it has the database for itself, and is refused with ``LeaseLost`` where
/// another process has taken it. So whoever was stopped for too long (by a signal, a debugger, a virtual machine) and goes on as if nothing had
/// happened changes nothing: the fencing token is checked where the data lies (M. Kleppmann, "How to do distributed locking", 2016).
package final class FencedDriver: StoreDriver {
    private let base: any StoreDriver
    private let lasting: Int64
    private let clock: @Sendable () -> Int64
    private let until: Mutex<Int64>
    /// Called after each transaction, however it ended.
    private let onTransaction: @Sendable () -> Void

    package let fence: Int64
    package var dialect: SQLDialect { base.dialect }
    package var keyPath: String { base.keyPath }

    /// - Parameters:
    ///   - lasting: milliseconds that the lease is good for from its last renewal.
    ///   - clock: milliseconds of the clock that the lease's times are of.
    package init(
        _ base: any StoreDriver, under lease: StoreLease, lasting: Int64, clock: @escaping @Sendable () -> Int64, onTransaction: @escaping @Sendable () -> Void = {}
    ) {
        self.onTransaction = onTransaction
        self.base = base
        self.lasting = lasting
        self.clock = clock
        fence = lease.fence
        until = Mutex(lease.until)
    }

    /// Whether the lease cannot have been taken by another: to be asked before what no transaction can take back, such as sending.
    package var isSurelyHeld: Bool { clock() < until.withLock(\.self) }

    /// A transaction under the lease, which is renewed with it once a third of its time is over.
    package func write<Result>(_ durability: Durability, _ body: (any StoreSession) throws -> Result) throws -> Result {
        defer { onTransaction() }
        let (result, renewed) = try base.write(durability) { session in
            try check(session)
            let result = try body(session)
            return (result, try renew(session))
        }
        note(renewed)
        return result
    }

    package func erase<Result>(_ body: (any StoreSession) throws -> (result: Result, leftTraces: Bool)) throws -> (result: Result, isCut: Bool) {
        try base.erase { session in
            try check(session)
            return try body(session)
        }
    }

    package func settle() throws(StoreFailure) { try base.settle() }
    package func read<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        defer { onTransaction() }
        return try base.read(body)
    }

    package func copy(to path: String) throws { try base.copy(to: path) }
    package func backUp(to path: String) throws { try base.backUp(to: path) }

    /// Gives the lease back: the next one who asks has it.
    package func release() throws {
        try base.write { session in
            try check(session)
            try session.execute(Store.renewLease, [.integer(0), .integer(fence)])
        }
        until.withLock { $0 = 0 }
    }

    /// Says that its holder has the lock of the file system from now on.
    package func noteLock() throws {
        try write { session in _ = try session.execute(Store.lockLease, [.integer(fence)]) }
    }

    private func check(_ session: any StoreSession) throws {
        let standing = try Store.lease(in: session)
        guard standing?.fence == fence else {
            until.withLock { $0 = 0 }
            throw LeaseLost(fence: fence, holder: standing?.holder)
        }
    }

    /// The new end of the lease, or nil where it is not time.
    private func renew(_ session: any StoreSession) throws -> Int64? {
        let now = clock()
        guard until.withLock({ $0 - now }) <= lasting / 3 * 2 else { return nil }
        try session.execute(Store.renewLease, [.integer(now + lasting), .integer(fence)])
        return now + lasting
    }

    private func note(_ renewed: Int64?) {
        guard let renewed else { return }
        until.withLock { $0 = max($0, renewed) }
    }
}
