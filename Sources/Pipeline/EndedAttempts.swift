import Outbox
import Store
import Synchronization
import Values

/// Attempts that came to an end and are not committed yet: they gather here until there are enough of them for one commit, or until the first has waited
/// for long enough.
final class EndedAttempts: Sendable {
    struct Ended: Sendable {
        var item: StoredEffect
        var outcome: AttemptOutcome
        var startedAt: Instant
        var endedAt: Instant
        /// The beginning of what a receiver answered that did not take it.
        var answer: String?
    }

    private struct Contents {
        var ended: [Ended] = []
        /// How many are enough.
        var enough = 1
    }

    private let doorbell: Doorbell
    private let contents = Mutex(Contents())

    init(doorbell: Doorbell) { self.doorbell = doorbell }

    /// Rings for the first one, and once there are enough.
    func add(_ ended: Ended) {
        let rings = contents.withLock { contents in
            contents.ended.append(ended)
            return contents.ended.count == 1 || contents.ended.count == contents.enough
        }
        if rings { doorbell.ring() }
    }

    func take() -> [Ended] {
        contents.withLock { contents in
            let ended = contents.ended
            contents.ended = []
            return ended
        }
    }

    /// Says how many are enough.
    func set(enough: Int) { contents.withLock { $0.enough = max(1, enough) } }

    /// Whether some are there, but fewer than are enough.
    var isGathering: Bool { contents.withLock { !$0.ended.isEmpty && $0.ended.count < $0.enough } }
    var isEmpty: Bool { contents.withLock { $0.ended.isEmpty } }
}
