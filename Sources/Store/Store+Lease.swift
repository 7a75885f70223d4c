/// The right to work on a store, which one daemon has at a time: its **fence** is a number that grows with each taker, and what is
/// written under a smaller one is refused (``FencedDriver``).
///
/// Times are milliseconds since the start of the machine, sleep included, of a clock that nobody can set. All who may share a store of one
/// file run on one machine, so they share that clock; after another start of the machine (`boot`) nobody of before is left.
package struct StoreLease: Hashable, Sendable {
    /// Which process has it, for people.
    package let holder: String
    package let fence: Int64
    /// Which start of the machine `until` counts from.
    package let boot: String
    /// When others may take it, unless it is renewed.
    package let until: Int64
    /// Whether its holder also has the lock of the file system, which ends with the process: who gets that lock may take the lease at once.
    package let isLocked: Bool

    package init(holder: String, fence: Int64, boot: String, until: Int64, isLocked: Bool) {
        self.holder = holder
        self.fence = fence
        self.boot = boot
        self.until = until
        self.isLocked = isLocked
    }

    /// The longest time that a lease is given for, in milliseconds. One that is good for longer is of another start of the machine, where that cannot be told.
    package static let lastingMax: Int64 = 3_600_000

    /// Whether its holder may still be at work.
    package func isHeld(boot: String, at now: Int64) -> Bool { self.boot == boot && until > now && until - now <= Self.lastingMax }
}

/// Somebody else has the lease: what this process wanted to write was refused.
package struct LeaseLost: Error, Hashable, CustomStringConvertible {
    package let fence: Int64
    /// Who has it now; nil where nobody has.
    package let holder: String?

    package var description: String {
        "the lease \(fence) on the store is lost to \(holder ?? "nobody"): nothing was written"
    }
}

extension Store {
    static let readLease = Statement("SELECT holder, fence, boot, until, is_locked FROM lease WHERE name = 'daemon'")
    static let writeLease = Statement("""
        INSERT INTO lease (name, holder, fence, boot, until, is_locked) VALUES ('daemon', ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET
        holder = excluded.holder, fence = excluded.fence, boot = excluded.boot, until = excluded.until, is_locked = excluded.is_locked
        """)
    static let renewLease = Statement("UPDATE lease SET until = ? WHERE name = 'daemon' AND fence = ?")
    static let lockLease = Statement("UPDATE lease SET is_locked = 1 WHERE name = 'daemon' AND fence = ?")

    static var leaseStatements: [Statement] { [readLease, writeLease, renewLease, lockLease] }

    package func lease() throws -> StoreLease? { try driver.read { try Self.lease(in: $0) } }

    static func lease(in session: any StoreSession) throws -> StoreLease? {
        try session.firstRow(readLease).map {
            StoreLease(holder: $0.text(0), fence: $0.integer(1), boot: $0.text(2), until: $0.integer(3), isLocked: $0.integer(4) != 0)
        }
    }

    /// Takes the lease where nobody has it any more: its time is over, the machine was started anew, or its holder, who had the lock of the
    /// file system, has it no longer. Gives the lease as it stands afterwards, and whether it was taken.
    package func takeLease(holder: String, boot: String, now: Int64, lasting: Int64, isLocked: Bool) throws -> (lease: StoreLease, isTaken: Bool) {
        try driver.write { session in
            let standing = try Self.lease(in: session)
            if let standing, standing.isHeld(boot: boot, at: now), !(isLocked && standing.isLocked) { return (standing, false) }
            let taken = StoreLease(holder: holder, fence: (standing?.fence ?? 0) + 1, boot: boot, until: now + lasting, isLocked: isLocked)
            try session.execute(
                Self.writeLease, [.text(taken.holder), .integer(taken.fence), .text(taken.boot), .integer(taken.until), .integer(isLocked ? 1 : 0)])
            return (taken, true)
        }
    }

    /// The same store, on which everything is written under a lease.
    package func fenced(by driver: FencedDriver) -> Store { Store(driver: driver, keys: keys) }
}
