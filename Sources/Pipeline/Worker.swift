import ChangeControl
import Formats
import Glibc
import Intake
import Mapping
import Microsegments
import Store
import Synchronization
import Values

/// The one task that takes files, evaluates and commits. Everything that writes to the store besides deliveries is here,
/// one thing after the other.
package actor Worker {
    private let site: Site
    private let events: EventHandler
    /// Rung when there is something for the deliverer.
    private let outboxBell: Doorbell
    private let bell = Doorbell()
    private var state: ActiveState
    private var flow: FileFlow
    private var evaluator: Evaluator { flow.evaluator }
    private var settling: [String: Settling] = [:]
    /// Files of each feed that were found whole, in the order in which they are taken.
    private var ready: [String: ArraySlice<FileFlow.ReadyFile>] = [:]
    /// Drop folders in which something happened since they were last looked at.
    private let touched = Mutex<Set<String>>([])
    /// Feeds whose folders are to be looked into, and those of the others that have files which are soon whole.
    private var unlooked: Set<String> = []
    private var unsettled: Set<String> = []
    /// When (monotonic milliseconds) a feed is looked at although nothing happened in its folder.
    private var nextLooks: [String: Int] = [:]
    /// Files that a crash interrupted and that could not be finished yet, and when (monotonic milliseconds) that is tried again.
    private var unresumed: (files: [LedgerFile], until: Int) = ([], 0)
    /// When a file that could not be taken is tried again (monotonic milliseconds), and how often it was tried.
    private var pauses: [String: (until: Int, tries: Int)] = [:]

    /// What was told of feeds that keep schemes from being recalibrated, by scheme.
    private var heldBack: [String: [BadFeed]] = [:]

    /// When each scheme with triggers was last looked at, and what was told of silent feeds, by scheme.
    private var looks: [String: Instant] = [:]
    private var toldStale: [String: [StaleFeed]] = [:]
    /// Schemes that have shifted and were not run since.
    private var shifted: Set<String> = []

    private var disputes = DisputeWatch()

    /// When (monotonic milliseconds) the log was last looked at for a checkpoint.
    private var checkpointLookedAt: Int?

    /// Changes that are due and have to wait, and when (monotonic milliseconds) they are looked at again.
    private var waitingUntil: [ChangeRequestID: Int] = [:]

    /// When (monotonic milliseconds) a fallback list was last written.
    private var fallbackWrittenAt: Int?

    /// Since when (monotonic milliseconds) a full run has been due and not made.
    private var fullRunsDueSince: Int?

    /// How long a full run waits for the inbox to be drained.
    private static let fullRunPatienceMilliseconds = 60_000
    /// Tries after which a file that fails for its own sake is quarantined.
    private static let triesMax = 3
    private static let pauseMilliseconds = 5_000
    /// Files that are taken together, and their bytes in all: what comes meanwhile, and what is due, waits no longer than that takes.
    private static let groupMax = 64
    private static let groupBytesMax = 4 << 20
    /// How many bytes of either end of a file its probe is given.
    private static let probeWindow = 4096
    /// With `once`, files that settle within this time are waited for.
    private static let settleMilliseconds = 15_000

    package init(site: Site, outboxBell: Doorbell, events: @escaping EventHandler) throws {
        self.site = site
        self.events = events
        self.outboxBell = outboxBell
        // Before anything is evaluated by another program than the log names.
        if let upgrade = try ChangeDesk(site: site).upgrade(at: SystemClock.now()) { events(.upgraded(upgrade)) }
        state = try site.liveState()
        flow = try FileFlow(site: site, state: state)
    }

    /// Works until cancelled, or, with `once`, until the inbox is drained and nothing is left to evaluate.
    package func run(once: Bool) async throws {
        events(.started(state: state.id, feeds: state.bundle.library.feeds.count))
        try prepareFolders()
        ImpactRehearsal.removeLeftovers(of: site, now: SystemClock.now())
        try flow.spool.removeLeftovers()
        // An older file of keys may have been put back, and a shredding may have been stopped.
        try site.store.destroyShreddedKeys(again: true)
        try ShreddedOriginals(site: site).remove()
        for folder in folders() { try Archive.restore(dropFolder: folder) }
        try note(flow.resume(now: SystemClock.now()))
        touch(folders())
        let watch = try FolderWatch(
            folders: folders(), rescanMilliseconds: Int(site.configuration.rescan.seconds) * 1000)
        defer { watch.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                while let folders = await watch.next() {
                    self.touch(folders)
                    self.bell.ring()
                }
            }
            while !Task.isCancelled {
                do {
                    try await takeApprovals()
                    try await keepTime()
                    try refreshState(watch)
                    let pause = try workThrough()
                    if pause.isDrained { writeFallback() }
                    if once, pause.isDrained { break }
                    if pause.milliseconds > 0 { await bell.wait(atMost: min(pause.milliseconds, 1_000)) }
                } catch is StateMoved {
                    lookAnew()
                } catch where Self.isRetriable(error) {
                    // A full or busy store: nothing is lost, and it is tried again.
                    trouble("store", error)
                    lookAnew()
                    try await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
                }
            }
            watch.stop()
            group.cancelAll()
        }
    }

    // MARK: - One round

    private struct Pause {
        var milliseconds: Int
        /// Nothing is ready, nothing settles soon, nothing is due.
        var isDrained: Bool
    }

    private func workThrough() throws -> Pause {
        let inbox = try takeFiles()
        try evaluate(isDrained: inbox.isDrained)
        try lookForOverdue()
        checkpoint(isDue: checkpointLookedAt.map { SystemClock.monotonicMilliseconds() - $0 >= Int(site.configuration.checkpointEvery.seconds) * 1000 } ?? true)
        let now = SystemClock.now()
        var pause = Pause(milliseconds: 1_000, isDrained: inbox.isDrained)
        if fullRunsDueSince != nil { pause = Pause(milliseconds: 100, isDrained: false) }
        if let look = inbox.nextLook { pause.milliseconds = max(1, look - SystemClock.monotonicMilliseconds()) }
        if ready.contains(where: { !$0.value.isEmpty }) { pause.milliseconds = 0 }
        if let change = try site.store.nextChange() {
            let left = now.distance(to: change)
            pause.milliseconds = min(pause.milliseconds, max(1, Int(clamping: left.seconds).clamped(to: 0...3600) * 1000 + Int(left.nanoseconds) / 1_000_000 + 1))
        }
        return pause
    }

    /// Signs a checkpoint of what was logged since the last one, and hands it to the witnesses. Work goes on whatever comes of it.
    package func checkpoint(isDue: Bool = true) {
        guard isDue else { return }
        checkpointLookedAt = SystemClock.monotonicMilliseconds()
        do {
            if let signed = try Checkpointer(site: site).sign(now: SystemClock.now()) {
                events(.checkpoint(entries: signed.checkpoint.size))
                outboxBell.ring()
            }
            for (folder, failure) in try WitnessFolders(site).hand(now: SystemClock.now()) {
                events(.trouble(subject: "witness \(folder)", cause: failure, hint: "it is tried again; `crossdock status` says how it stands"))
            }
        } catch {
            trouble("checkpoint", error)
        }
    }

    private func lookForOverdue() throws {
        do {
            let overdue = try OverdueWatch(store: site.store, state: state).look(now: SystemClock.now())
            for sent in overdue { events(.acknowledgementOverdue(sent)) }
            if !overdue.isEmpty { outboxBell.ring() }
        } catch let error as StateMoved {
            throw error
        } catch {
            trouble("acknowledgements", error)
        }
        do {
            for dispute in try disputes.look(site.store, now: SystemClock.now()) { events(.disputeEscalated(dispute)) }
        } catch {
            trouble("disputes", error)
        }
    }

    private func evaluate(isDrained: Bool) throws {
        do {
            try evaluateOnce(isDrained: isDrained)
        } catch let error as StateMoved {
            throw error
        } catch {
            // The store may be out of room: nothing is lost, and it is tried again in the next round.
            trouble("evaluation", error)
        }
    }

    private func evaluateOnce(isDrained: Bool) throws {
        let now = SystemClock.now()
        report("arrival", try evaluator.drainDirty(now: now))
        report("tick", try evaluator.tick(now: SystemClock.now()))
        // Whom a tick brought into another class.
        report("arrival", try evaluator.drainDirty(now: now))
        try tellStale(now: now)
        try lookForShifts(now: now)
        let due = try evaluator.dueFullRuns(now: now, shifted: shifted).filter { try mayRecalibrate($0) }
        guard !due.isEmpty else { return fullRunsDueSince = nil }
        // A run over the whole population waits a little for files that are on their way.
        let since = fullRunsDueSince ?? SystemClock.monotonicMilliseconds()
        fullRunsDueSince = since
        guard isDrained || SystemClock.monotonicMilliseconds() - since >= Self.fullRunPatienceMilliseconds else { return }
        for scheme in due {
            report("full \(scheme.name)", try evaluator.fullRun(scheme, now: now))
            shifted.remove(scheme.version)
        }
    }

    /// Tells once of each scheme whose feeds have been silent for too long.
    private func tellStale(now: Instant) throws {
        let watch = SchemeWatch(store: site.store, state: state)
        for scheme in state.bundle.schemes where !scheme.freshness.isEmpty {
            let stale = try watch.staleFeeds(of: scheme, now: now)
            if !stale.isEmpty, toldStale[scheme.version] != stale { events(.stale(scheme: scheme.name, stale)) }
            toldStale[scheme.version] = stale.isEmpty ? nil : stale
        }
    }

    /// Looks whether the population of schemes with triggers has shifted since their last run. What is found stays until the run is made.
    private func lookForShifts(now: Instant) throws {
        let watch = SchemeWatch(store: site.store, state: state)
        for scheme in state.bundle.schemes {
            guard let triggers = scheme.triggers, !shifted.contains(scheme.version), try watch.isLookDue(triggers, lastLook: looks[scheme.version], now: now) else { continue }
            looks[scheme.version] = now
            let found = try watch.look(scheme, triggers, now: now)
            guard !found.isEmpty else { continue }
            shifted.insert(scheme.version)
            events(.shifted(scheme: scheme.name, found))
        }
    }

    /// Whether the feeds of a scheme are good enough; where they are not that is told once.
    private func mayRecalibrate(_ scheme: Scheme) throws -> Bool {
        let bad = try QualityGate(store: site.store, state: state).badFeeds(of: scheme)
        if !bad.isEmpty, heldBack[scheme.version] != bad { events(.recalibrationHeldBack(scheme: scheme.name, bad)) }
        heldBack[scheme.version] = bad.isEmpty ? nil : bad
        return bad.isEmpty
    }

    private func report(_ occasion: String, _ counts: Evaluator.RunCounts) {
        guard counts.evaluated > 0 else { return }
        if counts.effects > 0 { outboxBell.ring() }
        events(.run(occasion: occasion, counts))
    }

    /// Follows the live state, which another process may have changed.
    private func refreshState(_ watch: FolderWatch) throws {
        guard try site.store.siteValue(Site.Fact.liveState) != state.id else { return }
        state = try site.liveState()
        flow = try FileFlow(site: site, state: state)
        settling = settling.filter { state.bundle.library.feed($0.key)?.settlingPolicy == $0.value.policy }
        try prepareFolders()
        lookAnew()
        watch.watch(folders())
        events(.stateChanged(state.id))
    }

    /// Takes approvals that were dropped as signed files.
    private func takeApprovals() async throws {
        do {
            for taken in try await ChangeDesk(site: site).takeDropped(at: SystemClock.now()) {
                events(.approval(taken))
            }
        } catch {
            trouble("Governance/in", error)
        }
    }

    /// Writes what everybody has now, where the site wants that and it is time.
    private func writeFallback() {
        guard let fallback = site.configuration.fallback else { return }
        let tick = SystemClock.monotonicMilliseconds()
        guard fallbackWrittenAt.map({ tick - $0 >= Int(fallback.every.seconds) * 1000 }) ?? true else { return }
        fallbackWrittenAt = tick
        do { _ = try FallbackList.write(site, to: site.path(fallback.folder), now: SystemClock.now()) } catch { trouble("fallback list", error) }
    }

    /// Does what time alone does to change requests.
    private func keepTime() async throws {
        do {
            let tick = SystemClock.monotonicMilliseconds()
            waitingUntil = waitingUntil.filter { $0.value > tick }
            for change in try await ChangeDesk(site: site).keepTime(at: SystemClock.now(), but: Set(waitingUntil.keys)) {
                if change.outcome == .waits || change.outcome == .damaged { waitingUntil[change.request] = tick + Self.pauseMilliseconds }
                if change.outcome != .waits { events(.timed(change)) }
            }
        } catch {
            trouble("change requests", error)
        }
    }

    // MARK: - Files

    private func folders() -> [String] { Array(Set(state.bundle.library.feeds.map { flow.folder(of: $0) })).sorted() }

    private func prepareFolders() throws { for folder in folders() { try Folder.make(folder) } }

    nonisolated private func touch(_ folders: [String]) { touched.withLock { $0.formUnion(folders) } }

    /// Looks at every folder anew: what was found ready may be so no more.
    private func lookAnew() {
        (ready, nextLooks, unsettled) = ([:], [:], [])
        touch(folders())
    }

    /// Takes a group of files of each feed that has some.
    private func takeFiles() throws -> (isDrained: Bool, nextLook: Int?) {
        var isDrained = true
        if !unresumed.files.isEmpty, unresumed.until <= SystemClock.monotonicMilliseconds() {
            try note(flow.resume(unresumed.files, now: SystemClock.now()))
        }
        // Taken out before the scans: what happens meanwhile is seen next time.
        let touched = touched.withLock { folders in
            defer { folders = [] }
            return folders
        }
        for feed in state.bundle.library.feeds {
            if touched.contains(flow.folder(of: feed)) { unlooked.insert(feed.feed) }
            if ready[feed.feed, default: []].isEmpty { look(at: feed) }
            if unsettled.contains(feed.feed) { isDrained = false }
            let group = nextGroup(of: feed)
            guard !group.isEmpty else { continue }
            isDrained = false
            try take(group, feed)
        }
        return (isDrained, nextLooks.values.min())
    }

    /// Looks into the folder of a feed, where something happened there or its time has come, and lists what is ready.
    private func look(at feed: FeedDefinition) {
        let folder = flow.folder(of: feed)
        var settled = settling[feed.feed] ?? Settling(policy: feed.settlingPolicy)
        if unlooked.contains(feed.feed) {
            guard let sightings = sightings(in: folder) else {
                unsettled.insert(feed.feed)
                return
            }
            unlooked.remove(feed.feed)
            settled.saw(sightings, at: SystemClock.monotonicMilliseconds())
        } else if (nextLooks[feed.feed] ?? .max) > SystemClock.monotonicMilliseconds() {
            return
        }
        for name in settled.toProbe {
            // A file that cannot be read yet is looked at again with the next change or rescan.
            guard let (head, tail) = try? Folder.ends(of: "\(folder)/\(name)", window: Self.probeWindow) else { continue }
            settled.probed(name, feed.probe.probe(head: head, tail: tail))
        }
        settling[feed.feed] = settled
        list(settled, feed)
    }

    private func list(_ settled: Settling, _ feed: FeedDefinition) {
        let now = SystemClock.monotonicMilliseconds(), instant = SystemClock.now()
        var found: [FileFlow.ReadyFile] = []
        unsettled.remove(feed.feed)
        var nextLook = settled.nextLook(after: now)
        for (name, verdict) in settled.verdicts(at: now) {
            switch verdict {
            case .waiting(_, let until):
                if let until, until - now <= Self.settleMilliseconds { unsettled.insert(feed.feed) }
                continue
            case .gaveUp(let reason): events(.fileGivenUp(feed: feed.feed, name: name, reason: reason))
            case .ready: break
            }
            if let paused = pauses["\(feed.feed)/\(name)"], paused.until > now {
                nextLook = min(nextLook ?? .max, paused.until)
                continue
            }
            guard let seen = settled.seen(name) else { continue }
            let firstSeenAt = Instant(storeNanoseconds: instant.storeNanoseconds - Int64(now - seen.first) * 1_000_000)
            found.append(FileFlow.ReadyFile(name: name, identity: seen.identity, firstSeenAt: firstSeenAt))
        }
        ready[feed.feed] = found[...]
        nextLooks[feed.feed] = nextLook
    }

    /// The files of a sick folder: one that somebody removed, or a share that dropped out, is trouble of its feed alone;
    /// the folder is made again where that is possible.
    private func sightings(in folder: String) -> [Sighting]? {
        do {
            return try Folder.scan(folder)
        } catch {
            trouble(folder, error)
            do { try Folder.make(folder) } catch { trouble(folder, error) }
            return nil
        }
    }

    private func nextGroup(of feed: FeedDefinition) -> ArraySlice<FileFlow.ReadyFile> {
        var bytes = 0
        let queue = ready[feed.feed, default: []]
        let group = queue.prefix(Self.groupMax).prefix { file in
            defer { bytes += file.identity.size }
            return bytes == 0 || bytes + file.identity.size <= Self.groupBytesMax
        }
        ready[feed.feed] = queue.dropFirst(group.count)
        return group
    }

    private func take(_ group: ArraySlice<FileFlow.ReadyFile>, _ feed: FeedDefinition) throws {
        let outcomes: FileFlow.Outcomes
        do {
            outcomes = try flow.take(Array(group), of: feed, now: SystemClock.now())
        } catch where error is StateMoved || error is LeaseLost {
            throw error
        } catch {
            // Of no one file, such as a full store: nothing is lost, and all of them are tried again.
            trouble(group.count == 1 ? "\(feed.feed)/\(group.first?.name ?? "")" : "\(group.count) files of \(feed.feed)", error)
            for file in group { pause("\(feed.feed)/\(file.name)", of: feed, tries: 0) }
            return unlooked.formUnion([feed.feed])
        }
        for (name, result) in outcomes.files {
            let key = "\(feed.feed)/\(name)"
            switch result {
            case .success(let file):
                report(file)
                pauses[key] = nil
            case .failure(let failure as IntakeFailure) where failure.cause == .changed: unlooked.insert(feed.feed)
            case .failure(let error):
                guard let file = group.first(where: { $0.name == name }), try setAside(file, feed, key, after: error) else { continue }
            }
            settling[feed.feed]?.took(name)
        }
        // What is in none of the outcomes is taken at the next look.
        if outcomes.files.count < group.count { unlooked.insert(feed.feed) }
        report("arrival", outcomes.run)
    }

    /// Sets a file aside that has failed too often for its own sake; false where it is tried again after a pause.
    private func setAside(_ file: FileFlow.ReadyFile, _ feed: FeedDefinition, _ key: String, after error: any Error) throws -> Bool {
        trouble(key, error)
        let tries = (pauses[key]?.tries ?? 0) + 1
        pause(key, of: feed, tries: tries)
        guard tries >= Self.triesMax, !Self.isRetriable(error) else { return false }
        do {
            try flow.quarantine(file.name, of: feed, identity: file.identity, reason: "\(error)")
        } catch let failure as IntakeFailure {
            // Not to be read or moved at all: it stays where it is, and is tried again.
            trouble(key, failure)
            return false
        }
        pauses[key] = nil
        return true
    }

    private func pause(_ key: String, of feed: FeedDefinition, tries: Int) {
        let until = SystemClock.monotonicMilliseconds() + Self.pauseMilliseconds
        pauses[key] = (until, tries)
        nextLooks[feed.feed] = min(nextLooks[feed.feed] ?? .max, until)
    }

    private func note(_ resumption: FileFlow.Resumption) throws {
        for outcome in resumption.ended {
            report(outcome.file)
            report("arrival", outcome.run)
        }
        for (file, error) in resumption.failed { trouble("\(file.feed)/\(file.name)", error) }
        unresumed = (resumption.failed.map(\.file), SystemClock.monotonicMilliseconds() + Self.pauseMilliseconds)
    }

    private static func isRetriable(_ error: any Error) -> Bool {
        switch error {
        case let failure as IntakeFailure: failure.isRetriable
        case let failure as StoreFailure: failure.isRetriable
        case let failure as PipelineFailure: failure.isRetriable
        default: false
        }
    }

    private func trouble(_ subject: String, _ error: any Error) {
        // Who has lost the lease ends soon; what it could not do is no trouble of the site.
        if error is LeaseLost { return }
        let hint: String? =
            switch error {
            case let failure as IntakeFailure: failure.hint
            case let failure as StoreFailure: failure.hint
            case let failure as PipelineFailure: failure.hint
            default: nil
            }
        events(.trouble(subject: subject, cause: "\(error)", hint: hint))
    }

    private func report(_ file: LedgerFile) {
        outboxBell.ring()
        let load = (try? site.store.load(file: file.id)) ?? nil
        events(.file(file, accepted: load?.accepted ?? 0, reported: load?.reported ?? 0))
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
