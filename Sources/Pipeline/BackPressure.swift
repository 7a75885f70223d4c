import Intake
import Store
package import Values

/// When intake pauses, so that what waits to go out does not grow without end: files stay in their drop folders meanwhile, where nothing is lost.
package struct BackPressureLimits: Sendable, Hashable {
    /// Effects that wait in the outbox.
    package var effects: Int
    /// Bytes of their payloads.
    package var bytes: Int
    /// Age of the oldest; nil: it may be of any age.
    package var age: DayTimeDuration?
    /// Bytes that are to be free where the store and the spool lie.
    package var free: Int

    package init(effects: Int = 1_000_000, bytes: Int = 8 << 30, age: DayTimeDuration? = nil, free: Int = 64 << 20) {
        self.effects = effects
        self.bytes = bytes
        self.age = age
        self.free = free
    }
}

/// What waits to go out, and the room that there is.
package struct OutboxLoad: Sendable, Hashable {
    package var effects: Int
    package var bytes: Int
    package var oldest: Instant?
    /// Bytes that are free where the store or the spool lies, whichever has less.
    package var free: Int

    package init(effects: Int, bytes: Int, oldest: Instant?, free: Int) {
        self.effects = effects
        self.bytes = bytes
        self.oldest = oldest
        self.free = free
    }
}

extension BackPressureLimits {
    /// Which limits are reached, in words; none where intake may go on.
    ///
    /// - Parameter isPaused: intake that is paused goes on once a tenth of each limit is free again, and not before.
    package func reached(by load: OutboxLoad, isPaused: Bool, at now: Instant) -> [String] {
        var reached: [String] = []
        if load.effects >= resumption(effects, isPaused) { reached.append("\(load.effects) effects wait in the outbox, and intake pauses at \(effects)") }
        if load.bytes >= resumption(bytes, isPaused) { reached.append("\(load.bytes) bytes wait in the outbox, and intake pauses at \(bytes)") }
        if let age, let oldest = load.oldest, oldest.adding(age) <= now { reached.append("the oldest effect waits since \(oldest), and intake pauses at \(age)") }
        if load.free < free + (isPaused ? free / 10 : 0) { reached.append("\(load.free) bytes are free for the store and the spool, and intake pauses below \(free)") }
        return reached
    }

    private func resumption(_ limit: Int, _ isPaused: Bool) -> Int { isPaused ? limit - limit / 10 : limit }
}

/// Looks at the outbox every now and then, and says whether files may be taken.
struct BackPressure {
    private let site: Site
    private var measured: (load: OutboxLoad, at: Int)?
    /// When (monotonic milliseconds) it is measured again.
    private var nextAt = 0
    /// Effects that came since.
    private var added = 0
    /// Why intake is paused.
    private(set) var reason: String?
    /// Whether others are told so.
    private var isKept = true

    private static let everyMilliseconds = 1_000
    /// Measuring takes at most this part of the time.
    private static let timeShare = 50
    private static let fact = "intake paused"

    init(_ site: Site) throws {
        self.site = site
        // As the daemon before this one left it.
        reason = try Self.kept(in: site.store)
    }

    var isPaused: Bool { reason != nil }

    /// So many effects were put into the outbox.
    mutating func note(effects: Int) { added += effects }

    /// Why no files are to be taken now; nil where they are.
    mutating func look(at now: Instant) throws -> String? {
        let limits = site.configuration.backPressure, tick = SystemClock.monotonicMilliseconds()
        if tick < nextAt, let measured, isPaused || measured.load.effects + added < limits.effects { return reason }
        let load = try Self.load(of: site, upTo: limits.effects)
        let took = SystemClock.monotonicMilliseconds() - tick
        (measured, added, nextAt) = ((load, tick), 0, tick + max(Self.everyMilliseconds, took * Self.timeShare))
        let reached = limits.reached(by: load, isPaused: isPaused, at: now)
        let next = reached.isEmpty ? nil : reached.joined(separator: "; ")
        if (next == nil) != (reason == nil) { isKept = false }
        reason = next
        try keep()
        return next
    }

    private mutating func keep() throws {
        guard !isKept else { return }
        do {
            try site.store.driver.write(.later) { try Store.setSiteValue(Self.fact, reason ?? "", in: $0) }
            isKept = true
        } catch let failure as StoreFailure where failure.isRetriable {
            // There may be no room for it, which is why intake is paused.
        }
    }

    /// - Parameter limit: of effects that are counted.
    static func load(of site: Site, upTo limit: Int) throws -> OutboxLoad {
        let (effects, bytes, oldest) = try site.store.outboxLoad(upTo: limit)
        let folders = [Site.parent(of: site.path(site.configuration.store)), site.path(site.configuration.spool)]
        // One that cannot be asked says nothing.
        let free = folders.compactMap(Folder.freeBytes).min() ?? .max
        return OutboxLoad(effects: effects, bytes: bytes, oldest: oldest, free: free)
    }

    /// Nothing is known of a pause any more: the site lies on another machine.
    static func forget(in session: any StoreSession) throws { try Store.setSiteValue(fact, "", in: session) }

    /// Why the daemon's intake is paused, as it said last.
    static func kept(in store: Store) throws -> String? {
        guard let kept = try store.siteValue(fact), !kept.isEmpty else { return nil }
        return kept
    }
}
