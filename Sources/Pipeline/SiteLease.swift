import Glibc
import Store
import Synchronization
import Values

/// The right of one process to work on a site: to take files, evaluate, commit and deliver. Others stand by, and take over once it is lost.
final class SiteLease: Sendable {
    /// The site, everything of which is written under the lease.
    let site: Site
    private let driver: FencedDriver
    private let lockPath: String
    private let lock: Mutex<SiteLock?>
    private let lasting: Int64

    var fence: Int64 { driver.fence }
    /// Whether nobody can have taken it yet: to be asked before what goes out of the house.
    var isSurelyHeld: Bool { driver.isSurelyHeld }

    private init(_ site: Site, _ driver: FencedDriver, _ lock: SiteLock?, lasting: Int64) {
        self.site = site.with(site.store.fenced(by: driver))
        self.driver = driver
        self.lock = Mutex(lock)
        self.lasting = lasting
        lockPath = site.path(site.configuration.store)
    }

    enum Claim {
        case taken(SiteLease)
        /// Another process has it.
        case held(StoreLease)
    }

    /// Asks for the lease once.
    static func claim(_ site: Site) throws -> Claim {
        let lasting = Int64(site.configuration.lease.wholeMilliseconds)
        let lock = try SiteLock(store: site.path(site.configuration.store))
        let (lease, isTaken) = try site.store.takeLease(
            holder: holder, boot: SystemClock.boot, now: SystemClock.millisecondsSinceBoot(), lasting: lasting, isLocked: lock != nil)
        guard isTaken else { return .held(lease) }
        let driver = FencedDriver(site.store.driver, under: lease, lasting: lasting, clock: { SystemClock.millisecondsSinceBoot() },
            onTransaction: { Liveness.member?.beat() })
        return .taken(SiteLease(site, driver, lock, lasting: lasting))
    }

    /// Waits until the lease can be had, and takes it.
    ///
    /// A store that has no room, or that somebody holds, is asked again.
    static func wait(for site: Site, events: EventHandler) async throws -> SiteLease {
        var told: Int64?, hasTrouble = false
        while true {
            Liveness.member?.beat()
            do {
                switch try claim(site) {
                case .taken(let lease): return lease
                case .held(let standing):
                    if told != standing.fence { events(.standingBy(holder: standing.holder)) }
                    told = standing.fence
                }
            } catch let failure as StoreFailure where failure.isRetriable {
                if !hasTrouble { events(.trouble(subject: "lease", cause: failure.cause, hint: failure.hint)) }
                hasTrouble = true
            }
            try await Task.sleep(for: .milliseconds(min(500, site.configuration.lease.wholeMilliseconds / 4)))
        }
    }

    /// The longest time between two renewals, in milliseconds.
    var renewalMilliseconds: Int { Int(lasting / 3) }

    /// Renews the lease until it is cancelled.
    ///
    /// - Throws: `LeaseLost` once another process has it. A store that is held or full is asked again.
    func keep() async throws {
        while true {
            try await Task.sleep(for: .milliseconds(lasting / 3))
            do {
                try driver.write { _ in }
                try takeLock()
            } catch let failure as StoreFailure where failure.isRetriable {
                continue
            }
        }
    }

    /// Gives the lease back, so that whoever stands by need not wait.
    func release() {
        // Lost or not to be written: then its time ends it.
        try? driver.release()
        lock.withLock { $0 = nil }
    }

    /// Who took the lease from a process that was stopped has not its lock, which comes free when that process goes on or ends.
    private func takeLock() throws {
        guard lock.withLock({ $0 == nil }), let free = try SiteLock(store: lockPath) else { return }
        lock.withLock { $0 = free }
        try driver.noteLock()
    }

    /// `host:process`.
    private static let holder: String = {
        var name = [CChar](repeating: 0, count: 256)
        gethostname(&name, name.count - 1)
        return "\(String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)):\(getpid())"
    }()
}
