import ActionFiles
import ChangeControl
import Outbox
package import Store
import Transfers
import Values
import Webhooks

/// Sends what the outbox holds: action files one after the other, webhooks side by side, in order within a lane.
///
/// The store is the truth. What is in flight when the process dies is sent again, under the same id.
package actor Deliverer {
    private let store: Store
    private let targets: TargetDirectory
    private let sender: WebhookSender
    private let engine: TransferEngine
    private let files = ActionFileWriter()
    private let doorbell: Doorbell
    private let events: EventHandler
    /// Whether this process still has the right to let something out; asked right before each attempt.
    private let mayEmit: @Sendable () -> Bool
    private var lanes: DeliveryLanes
    private var known: Set<String> = []
    /// Targets that answered 410 and were not enabled since.
    private var held: Set<String> = []
    /// What operators did to be safe, as of a log position, and whether that was a hold.
    private var safety: (ledger: SafetyLedger, position: Int, at: Instant)?
    private var wasHeld = false
    /// Whether the store may hold webhooks that are not in the lanes.
    private var mayRefill = true

    /// Webhooks in flight at once, over all targets.
    private static let inFlightMax = 128
    /// Effects held in memory; the rest wait in the store.
    private static let knownMax = 10_000

    package init(
        store: Store, targets: TargetDirectory, doorbell: Doorbell, mayEmit: @escaping @Sendable () -> Bool = { true }, events: @escaping EventHandler
    ) throws {
        self.store = store
        self.targets = targets
        self.doorbell = doorbell
        self.events = events
        self.mayEmit = mayEmit
        engine = try TransferEngine()
        sender = WebhookSender(engine: engine)
        lanes = DeliveryLanes(runningPerTargetMax: 1, byTarget: targets.endpoints.mapValues(\.parallel))
    }

    /// Puts back what was in flight when the daemon last stopped, and holds the targets that answered 410.
    package func recover() throws {
        let interrupted = try store.effectsSending()
        try store.driver.write { session in
            for var item in interrupted {
                item.delivery.recovered()
                try Store.update(item.delivery, in: session)
            }
        }
        for folder in targets.folders.values.sorted() {
            do {
                try Site.makeFolder(folder)
                _ = try files.sweep(folder)
            } catch {
                // Each effect for it says so again, and is tried again until its deadline.
                events(.trouble(subject: folder, cause: "\(error)", hint: "check the owner and mode of the outbox"))
            }
        }
    }

    private enum Event: Sendable {
        case ended(StoredEffect, AttemptOutcome, startedAt: Instant, endedAt: Instant)
        case woken
    }

    /// Delivers until cancelled, or, with `untilIdle`, until nothing is due and nothing is in flight.
    package func run(untilIdle: Bool) async throws {
        try await withThrowingTaskGroup(of: Event.self) { group in
            var isWaiting = false
            while !Task.isCancelled {
                let wrote = try await patiently { try deliverFiles() }
                try await patiently { try refill() }
                for item in try await patiently({ try startWebhooks() }) { add(item, to: &group) }
                if untilIdle, !wrote, lanes.inFlight == 0, try isIdle() { break }
                if wrote, lanes.inFlight == 0 { continue }
                if !isWaiting {
                    isWaiting = true
                    let pause = try pauseMilliseconds()
                    let doorbell = doorbell
                    group.addTask { await doorbell.wait(atMost: pause); return .woken }
                }
                switch try await group.next() {
                case .ended(let item, let outcome, let startedAt, let endedAt):
                    try await patiently { try settle(item, outcome, startedAt: startedAt, endedAt: endedAt) }
                case .woken: (isWaiting, mayRefill) = (false, true)
                case nil: break
                }
            }
            group.cancelAll()
        }
    }

    /// Does what needs the store, again and again while it has no room or is held: what a target has answered must not be
    /// forgotten, and a full disk must not end the daemon.
    private func patiently<Result>(_ body: () throws -> Result) async throws -> Result {
        while true {
            do {
                return try body()
            } catch let failure as StoreFailure where failure.isRetriable {
                events(.trouble(subject: "outbox", cause: failure.cause, hint: failure.hint))
                try await Task.sleep(for: .seconds(2))
            }
        }
    }

    package func shutDown() async { await engine.shutDown(.drain(milliseconds: 5_000)) }

    private func add(_ item: StoredEffect, to group: inout ThrowingTaskGroup<Event, any Error>) {
        guard let endpoint = targets.endpoints[item.effect.target] else { return }
        let sender = sender, store = store, mayEmit = mayEmit
        group.addTask {
            let startedAt = SystemClock.now()
            guard mayEmit() else { return .ended(item, Self.leaseless, startedAt: startedAt, endedAt: startedAt) }
            guard let effect = try store.opened(item) else { return .ended(item, Self.unreadable, startedAt: startedAt, endedAt: startedAt) }
            let attempt = await sender.send(effect, to: endpoint.settings, at: startedAt, clock: { SystemClock.now() })
            return .ended(item, attempt.outcome, startedAt: startedAt, endedAt: attempt.endedAt)
        }
    }

    // MARK: - Action files

    /// Writes the action files that are due; tells whether there were any.
    private func deliverFiles() throws -> Bool {
        guard try !isHeld() else { return false }
        let due = try store.effectsDue(.actionFile, at: SystemClock.now(), limit: 100)
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
            try record(item, outcome, startedAt: startedAt, endedAt: SystemClock.now(), schedule: Self.fileSchedule)
        }
        return !due.isEmpty
    }

    /// A payload whose subject was shredded, or whose key is missing, is not sent: an operator may replay it once the key is back.
    private static let unreadable = AttemptOutcome.refused("its payload is sealed, and a key of its subjects is gone")

    /// The process was stopped for so long that another one may do its work: the attempt is not made.
    private static let leaseless = AttemptOutcome.failed(.own, retryAfter: nil, detail: "the lease on the store is over")

    /// A folder that cannot be written is tried again, at most once a minute, until the effect's deadline.
    private static let fileSchedule = RetrySchedule(
        steps: ([1, 2, 5, 10, 30] + [Int64](repeating: 60, count: 95)).map { DayTimeDuration(seconds: $0, nanoseconds: 0) },
        ownFaultStep: DayTimeDuration(seconds: 30, nanoseconds: 0))

    // MARK: - Webhooks

    /// Takes unsettled webhooks from the store into the lanes, in the order in which they were committed.
    private func refill() throws {
        guard mayRefill, known.count < Self.knownMax / 2 else { return }
        try followDisabledTargets()
        let items = try store.unsettledWebhooks(limit: Self.knownMax)
        for item in items where known.insert(item.id).inserted {
            lanes.add(item.id, target: item.target, lane: item.lane, due: item.dueAt)
        }
        // A full answer means that there is more behind it, which comes in once half of this is settled.
        mayRefill = items.count == Self.knownMax
    }

    /// Holds the targets that are disabled, and lets go those that somebody enabled.
    private func followDisabledTargets() throws {
        let disabled = Set(try store.disabledTargets().map(\.target))
        for target in disabled.subtracting(held) { lanes.hold(target: target) }
        for target in held.subtracting(disabled) { lanes.release(target: target) }
        held = disabled
    }

    /// Marks as started, in one transaction, what may leave now.
    private func startWebhooks() throws -> [StoredEffect] {
        let now = SystemClock.now()
        let room = Self.inFlightMax - lanes.inFlight
        guard room > 0, try !isHeld() else { return [] }
        let taken = lanes.take(at: now, max: room)
        guard !taken.isEmpty else { return [] }
        var started: [StoredEffect] = []
        var changed: [DeliveryState] = []
        for id in taken {
            guard var item = try store.effect(id) else { continue }
            let action = item.delivery.tick(at: now)
            if case .send = action, targets.endpoints[item.effect.target] != nil {
                item.delivery.attemptStarted(at: now)
                started.append(item)
            } else if item.delivery.isSettled {
                lanes.settle(id)
                known.remove(id)
            } else {
                // Not due after all, or the site has no such target any more: look again in a while.
                lanes.postpone(id, until: now.adding(DayTimeDuration(seconds: 30, nanoseconds: 0)))
            }
            changed.append(item.delivery)
        }
        try store.driver.write { session in for state in changed { try Store.update(state, in: session) } }
        return started
    }

    private func settle(_ item: StoredEffect, _ outcome: AttemptOutcome, startedAt: Instant, endedAt: Instant) throws {
        let schedule = targets.endpoints[item.effect.target]?.schedule ?? .standard
        let state = try record(item, outcome, startedAt: startedAt, endedAt: endedAt, schedule: schedule)
        if let due = state.due {
            lanes.postpone(item.effect.id, until: due)
        } else {
            lanes.settle(item.effect.id)
            known.remove(item.effect.id)
        }
    }

    /// Commits what an attempt came to, with its line in the delivery log.
    @discardableResult
    private func record(
        _ item: StoredEffect, _ outcome: AttemptOutcome, startedAt: Instant, endedAt: Instant, schedule: RetrySchedule
    ) throws -> DeliveryState {
        var state = item.delivery
        let action = state.attemptEnded(outcome, at: endedAt, schedule: schedule)
        let took = startedAt.distance(to: endedAt)
        let attempt = Store.Attempt(
            number: state.attempts, at: startedAt, milliseconds: Int(took.seconds) * 1000 + Int(took.nanoseconds) / 1_000_000,
            outcome: outcome.code, detail: outcome.detail)
        try store.driver.write { session in
            try Store.update(state, in: session)
            try Store.add(attempt, of: item.effect.id, in: session)
            if case .deadLetterAndDisableTarget(let reason) = action {
                try Store.disable(item.effect.target, at: endedAt, reason: "\(reason)", in: session)
            }
        }
        if case .deadLetterAndDisableTarget = action { try followDisabledTargets() }
        report(item.effect, state, outcome)
        return state
    }

    private func report(_ effect: Effect, _ state: DeliveryState, _ outcome: AttemptOutcome) {
        switch state.phase {
        case .delivered: events(.delivered(effect: effect.id, target: effect.target, attempts: state.attempts))
        case .dead(_, let reason): events(.notDelivered(effect: effect.id, target: effect.target, reason: "given up: \(reason)"))
        case .waiting(let until):
            events(.notDelivered(effect: effect.id, target: effect.target, reason: "\(outcome.code), \(outcome.detail); again at \(until)"))
        case .pending, .sending, .disabled: break
        }
    }

    // MARK: - Waiting

    /// Whether an operator broke the glass and holds what would go out. It waits in the outbox, and nothing of it is lost.
    private func isHeld() throws -> Bool {
        let position = try store.driver.read { try Store.nextPosition(in: $0) }
        if safety?.position != position { safety = (try store.safety(), position, try store.timeOfLog() ?? SystemClock.now()) }
        // By the time of the log, as it was logged: a clock that was set back does not put a hold off.
        let found = safety.flatMap { $0.ledger.hold(at: max(SystemClock.now(), $0.at)) }
        if (found != nil) != wasHeld { events(.emissionsHeld(found)) }
        wasHeld = found != nil
        return wasHeld
    }

    private static let holdLookMilliseconds = 200

    private func isIdle() throws -> Bool {
        if try isHeld() { return true }
        let now = SystemClock.now()
        for kind in Effect.Kind.allCases {
            if let due = try store.nextDue(kind), due <= now, kind == .actionFile || (lanes.nextDue.map { $0 <= now } ?? false) { return false }
        }
        return true
    }

    private func pauseMilliseconds() throws -> Int {
        let now = SystemClock.now()
        if try isHeld() { return Self.holdLookMilliseconds }
        var pause = 1000
        for due in [try store.nextDue(.actionFile), lanes.nextDue].compactMap({ $0 }) {
            let left = now.distance(to: due)
            pause = min(pause, max(1, Int(left.seconds) * 1000 + Int(left.nanoseconds) / 1_000_000))
        }
        return pause
    }
}

extension AttemptOutcome {
    /// `delivered`, or the failure's code: what the delivery log shows.
    fileprivate var code: String {
        switch self {
        case .succeeded: "delivered"
        case .failed(let failure, _, _): failure.code
        case .refused: "refused"
        }
    }

    fileprivate var detail: String {
        switch self {
        case .succeeded(let status): status.map { "status \($0)" } ?? "written"
        case .failed(_, _, let detail): detail
        case .refused(let fact): fact
        }
    }
}
