import Intake
import Store
import Synchronization
import Transfers
import Values

/// Fetches the files of one folder on a server, again and again, on a thread of its own: one that does not answer holds up nothing else.
final class Puller: Sendable {
    private let pull: PullSettings
    private let site: Site
    private let events: EventHandler
    private let thread = WorkThreads(threadsMax: 1)
    private let stop = RemoteStop()
    private let state: Mutex<PullState>

    /// Files that are whole within this time are waited for by who works until all is drained.
    private static let soonMilliseconds = 15_000
    /// The longest pause after rounds that failed, where the pull is not looked at less often anyway.
    private static let pauseMaxMilliseconds = 600_000

    init(_ pull: PullSettings, site: Site, mayEmit: @escaping @Sendable () -> Bool, events: @escaping EventHandler) throws(PipelineFailure) {
        self.pull = pull
        self.site = site
        self.events = events
        do throws(TransferFailure) {
            state = Mutex(try PullState(pull, site: site, stop: stop, mayEmit: mayEmit, events: events))
        } catch {
            throw PipelineFailure(subject: "pull \(pull.name)", cause: error.description, hint: error.hint)
        }
    }

    /// Every pull of a site, each with a connection of its own.
    static func all(_ site: Site, mayEmit: @escaping @Sendable () -> Bool, events: @escaping EventHandler) throws -> [Puller] {
        let pulls = try PullSettings.all(site.configuration, root: site.root)
        try site.store.forgetPulls(but: Set(pulls.map(\.name)))
        let pullers = try pulls.map { try Puller($0, site: site, mayEmit: mayEmit, events: events) }
        for puller in pullers {
            do {
                try puller.state.withLock { try $0.removeLeftovers() }
            } catch where error is IntakeFailure || error is PipelineFailure {
                // A folder that is not there, or may not be looked into: its first round says so.
                continue
            }
        }
        return pullers
    }

    /// Looks until cancelled.
    func run() async throws {
        var failures = 0, told: PullState.Trouble?
        while !Task.isCancelled {
            let round = try await round()
            if Task.isCancelled { return }
            failures = round.failure == nil ? 0 : failures + 1
            tell(round.failure, &told)
            let pause = pauseMilliseconds(round, failures: failures)
            try note(round, next: pause)
            if pause > 0 { try await Task.sleep(for: .milliseconds(pause)) }
        }
    }

    /// Looks until nothing is left that can be taken soon.
    func drain() async throws {
        var told: PullState.Trouble?
        while true {
            let round = try await round()
            try Task.checkCancellation()
            tell(round.failure, &told)
            try note(round, next: pull.pull.every.wholeMilliseconds)
            if round.failure != nil { return }
            if round.isCut { continue }
            let left = round.nextSettled.map { $0 - SystemClock.monotonicMilliseconds() }
            guard let left, left <= Self.soonMilliseconds else { return }
            try await Task.sleep(for: .milliseconds(max(1, left)))
        }
    }

    private func round() async throws -> PullState.Round {
        // For its whole length: the thread is the only one that asks.
        let result = await withTaskCancellationHandler {
            await thread.run { [self] in
                state.withLock { state in Result { try state.round() } }
            }
        } onCancel: {
            stop.ask()
        }
        return try result.get()
    }

    private func pauseMilliseconds(_ round: PullState.Round, failures: Int) -> Int {
        let every = pull.pull.every.wholeMilliseconds
        if round.failure != nil { return max(every, min(every << min(failures - 1, 16), Self.pauseMaxMilliseconds)) }
        return round.isCut && round.taken > 0 ? 0 : every
    }

    private func tell(_ failure: PullState.Trouble?, _ told: inout PullState.Trouble?) {
        if failure != told { events(.pullStands(pull: pull.name, failure: failure?.cause, hint: failure?.hint)) }
        told = failure
    }

    /// Keeps how the pull stands, for the commands. Nothing hangs on it: where the store has no room it is left.
    private func note(_ round: PullState.Round, next milliseconds: Int) throws {
        let now = SystemClock.now()
        let next = now.adding(DayTimeDuration(seconds: Int64(milliseconds / 1_000), nanoseconds: Int32(milliseconds % 1_000) * 1_000_000))
        let standing = PullStanding(name: pull.name, lookedAt: now, nextAt: next, failure: round.failure?.cause, waiting: round.waiting)
        do {
            try site.store.driver.write(.later) { try Store.note(standing, in: $0) }
        } catch let failure as StoreFailure where failure.isRetriable {
            return
        }
    }
}
