import ActionFiles
import ChangeControl
import Outbox
package import Store
import Transfers
import Values
import Webhooks

/// Sends what the outbox holds: webhooks side by side, in order within a lane; action files target by target, each on a thread of its target.
///
/// The store is the truth. What is in flight when the process dies is sent again, under the same id. What attempts came to, and which begin, is
/// committed for many at a time: a receiver that answers waits at most ``gatherMilliseconds`` for that.
package actor Deliverer {
    let store: Store
    let targets: TargetDirectory
    let sender: WebhookSender
    private let engine: TransferEngine
    /// One for each target that is a folder, here or on a server, with a thread of its own.
    let writers: [String: any FileWriter]
    private let doorbell: Doorbell
    let events: EventHandler
    /// Whether this process still has the right to let something out; asked right before each attempt.
    let mayEmit: @Sendable () -> Bool
    let ended: EndedAttempts
    var dispatcher: Dispatcher
    /// What was said of targets that are left alone.
    var told: [String: String] = [:]
    /// What operators did to be safe, as of a log position, and whether that was a hold.
    private var safety: (ledger: SafetyLedger, position: Int, at: Instant)?
    private var wasHeld = false
    /// Targets of which the store holds more webhooks than were taken into the lanes.
    var more: Set<String> = []
    /// When the store was looked into last for what others put there, and how long not to do that again.
    private var looked: (at: ContinuousClock.Instant, pause: Duration)?
    /// How far the webhooks of each target were read in order, and when all were begun to be read from the first one on.
    var readings: [String: Reading] = [:]
    var lookedAtAll: ContinuousClock.Instant?
    var lastReplay: String?
    /// When deadlines were looked at last.
    var lookedAtDeadlines: Instant?

    /// Webhooks claimed at once, over all targets.
    static let inFlightMax = 2_048
    /// Effects of one target held in memory; the rest wait in the store, as does what is not due for a while.
    static let knownMax = 4_000
    /// So many in one turn are many.
    static let manyEnded = 8
    private static let lookEvery = Duration.milliseconds(2)
    static let lookAtAllEvery = Duration.seconds(60)
    /// For how long what is under way may end when the daemon stops.
    private static let drainMilliseconds = 5_000
    /// For how long ends of attempts are gathered for one commit.
    private static let gatherMilliseconds = 5

    package init(
        store: Store, targets: TargetDirectory, doorbell: Doorbell, mayEmit: @escaping @Sendable () -> Bool = { true }, events: @escaping EventHandler
    ) throws {
        self.store = store
        self.targets = targets
        self.doorbell = doorbell
        self.events = events
        self.mayEmit = mayEmit
        // Room for every target at its most, and for tokens; past that they take turns.
        let running = targets.endpoints.values.reduce(16) { $0 + $1.parallel }
        engine = try TransferEngine(TransferEngine.Settings(runningMax: min(512, running)))
        sender = WebhookSender(engine: engine, mayEmit: mayEmit)
        ended = EndedAttempts(doorbell: doorbell)
        var writers: [String: any FileWriter] = [:], lanes = targets.endpoints.mapValues { Dispatcher.Target(parallel: $0.parallel, schedule: $0.schedule, gate: $0.gate, isReadAgain: true) }
        for (name, target) in targets.remotes {
            writers[name] = try RemoteFileWriter(target, named: name, mayEmit: mayEmit)
            // One file after the other on a server.
            lanes[name] = Dispatcher.Target(parallel: 1, schedule: target.schedule, gate: target.gate)
        }
        for (name, folder) in targets.folders {
            writers[name] = FolderFileWriter(name, folder, mayEmit: mayEmit)
            // Written one after the other; what they came to is committed for several at a time.
            lanes[name] = Dispatcher.Target(parallel: Self.filesAtATime, schedule: Self.folderSchedule, gate: TargetGate())
        }
        self.writers = writers
        dispatcher = Dispatcher(lanes)
    }

    /// Puts back what was in flight when the daemon last stopped, and holds the targets that answered 410.
    package func recover() throws {
        let interrupted = try store.effectsSending() + store.filesSending()
        try store.driver.write { session in
            try Store.update(
                interrupted.map { item in
                    var state = item.delivery
                    state.recovered()
                    return state
                }, in: session)
            try Store.forgetHeldBack(in: session)
        }
        for (name, folder) in targets.folders {
            (writers[name] as? FolderFileWriter)?.prepare(makes: targets.ownFolders.contains(folder), events: events)
        }
    }

    /// Action files of a folder that are claimed at once.
    private static let filesAtATime = 16

    /// A folder that cannot be written is tried again, at most once a minute, until the effect's deadline.
    private static let folderSchedule = RetrySchedule(
        steps: ([1, 2, 5, 10, 30] + [Int64](repeating: 60, count: 95)).map { DayTimeDuration(seconds: $0, nanoseconds: 0) },
        ownFaultStep: DayTimeDuration(seconds: 30, nanoseconds: 0))

    /// Delivers until cancelled, or, with `untilIdle`, until nothing is due and nothing is in flight.
    package func run(untilIdle: Bool) async throws {
        looked = nil
        while !Task.isCancelled {
            let looks = isTimeToLook, start = ContinuousClock.now
            if looks || wantsToRead { try await patiently { try refill(onlyMore: !looks) } }
            let began = try await turn()
            if looks {
                let end = ContinuousClock.now
                looked = (end, max(Self.lookEvery, start.duration(to: end) * 20))
            }
            if began || !ended.isEmpty, !ended.isGathering { continue }
            if untilIdle, dispatcher.inFlight == 0, try isIdle() { break }
            if !ended.isGathering {
                let pause = try pauseMilliseconds(), start = ContinuousClock.now
                await doorbell.wait(atMost: pause)
                if ended.isEmpty { looked = nil }
                // Nothing rang: there is time to look at all.
                if start.duration(to: .now) >= .milliseconds(pause), let last = lookedAtAll, last.duration(to: .now) >= pauseOfLooks(atLeast: .seconds(1)) { lookedAtAll = nil }
            }
            if ended.isGathering { await doorbell.wait(atMost: Self.gatherMilliseconds) }
        }
    }

    /// Whether to look into the store for what others put there: when woken, and while webhooks go on and on, every now and then.
    private var isTimeToLook: Bool {
        guard let looked else { return true }
        return looked.at.duration(to: .now) >= looked.pause
    }

    /// Does what needs the store, again and again while it has no room or is held: what a target has answered must not be
    /// forgotten, and a full disk must not end the daemon.
    func patiently<Result>(_ body: () throws -> Result) async throws -> Result {
        while true {
            do {
                return try body()
            } catch let failure as StoreFailure where failure.isRetriable {
                events(.trouble(subject: "outbox", cause: failure.cause, hint: failure.hint))
                try await Task.sleep(for: .seconds(2))
            }
        }
    }

    /// Lets what is under way end for a while, and commits what it came to. What has not ended by then is sent again at the next start.
    package func shutDown() async {
        for writer in writers.values { writer.stop() }
        await engine.shutDown(.drain(milliseconds: Self.drainMilliseconds))
        // A share that hangs is waited for no longer than the others.
        let end = ContinuousClock.now.advanced(by: .milliseconds(Self.drainMilliseconds))
        while !writers.values.allSatisfy(\.isIdle), ContinuousClock.now < end { do { try await Task.sleep(for: .milliseconds(5)) } catch { await Task.yield() } }
        do {
            try commit(settle(ended.take(), at: SystemClock.now()), started: [], changed: [])
        } catch {
            events(.trouble(subject: "outbox", cause: "\(error)", hint: "what was being sent is sent again at the next start, under its id"))
        }
    }

    // MARK: - Waiting

    /// Whether an operator broke the glass and holds what would go out. It waits in the outbox, and nothing of it is lost.
    func isHeld() throws -> Bool {
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
        if more.contains(where: hasRoom) || targets.endpoints.keys.contains(where: { hasRoom($0) && dispatcher.isBehind($0) }) { return false }
        return dispatcher.isIdle(at: now)
    }

    private func pauseMilliseconds() throws -> Int {
        let now = SystemClock.now()
        if try isHeld() { return Self.holdLookMilliseconds }
        var pause = more.contains(where: hasRoom) ? 1 : 1000
        for target in targets.endpoints.keys where hasRoom(target) {
            if let left = millisecondsToStartOver(target) { pause = min(pause, max(1, left)) }
        }
        if let due = dispatcher.nextDue {
            let left = now.distance(to: due)
            pause = min(pause, max(1, Int(left.seconds) * 1000 + Int(left.nanoseconds) / 1_000_000))
        }
        return pause
    }
}
