import ActionFiles
import Outbox
import Store
import Values

/// Action files, one after the other.
extension Deliverer {
    /// Writes the action files that are due; tells whether there were any.
    func deliverFiles() throws -> Bool {
        guard try !isHeld() else { return false }
        let now = SystemClock.now()
        let due = try targets.remotes.isEmpty
            ? store.effectsDue(.actionFile, at: now, limit: 100) : store.filesDue(notTo: Set(targets.remotes.keys), at: now, limit: 100)
        // Nothing goes out that a loss of power would undo.
        if !due.isEmpty { try store.driver.settle() }
        for var item in due {
            guard try !isHeld() else { return true }
            let startedAt = SystemClock.now()
            guard item.delivery.tick(at: startedAt) == .send else {
                try store.driver.write { try Store.update(item.delivery, in: $0) }
                continue
            }
            item.delivery.attemptStarted(at: startedAt)
            let outcome: AttemptOutcome =
                if !mayEmit() {
                    Self.leaseless
                } else if let folder = targets.folders[item.effect.target] {
                    try store.opened(item).map { files.attempt($0, into: folder) } ?? Self.unreadable
                } else {
                    .failed(.own, retryAfter: nil, detail: "the site has no folder target \(item.effect.target)")
                }
            let ended = EndedAttempts.Ended(item: item, outcome: outcome, startedAt: startedAt, endedAt: SystemClock.now())
            var state = item.delivery
            let action = state.attemptEnded(outcome, at: ended.endedAt, schedule: Self.fileSchedule)
            try commit([settlement(of: ended, state, action)], started: [], changed: [])
        }
        return !due.isEmpty
    }

    /// When the next action file for a folder of this machine is due.
    func nextFileDue() throws -> Instant? {
        try targets.remotes.isEmpty ? store.nextDue(.actionFile) : store.nextFileDue(notTo: Set(targets.remotes.keys))
    }

    /// A payload whose subject was shredded, or whose key is missing, is not sent: an operator may replay it once the key is back.
    static let unreadable = AttemptOutcome.refused("its payload is sealed, and a key of its subjects is gone")

    /// The process was stopped for so long that another one may do its work: the attempt is not made.
    static let leaseless = AttemptOutcome.failed(.own, retryAfter: nil, detail: "the lease on the store is over")

    /// A folder that cannot be written is tried again, at most once a minute, until the effect's deadline.
    private static let fileSchedule = RetrySchedule(
        steps: ([1, 2, 5, 10, 30] + [Int64](repeating: 60, count: 95)).map { DayTimeDuration(seconds: $0, nanoseconds: 0) },
        ownFaultStep: DayTimeDuration(seconds: 30, nanoseconds: 0))
}
