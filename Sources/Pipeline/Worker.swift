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
    /// What is told when it begins; it may be run again.
    private var beginning: PipelineEvent?
    private var state: ActiveState
    private var flow: FileFlow
    private var evaluator: Evaluator { flow.evaluator }
    private var inbox: Inbox
    private var backPressure: BackPressure
    /// Whether files are left where they are until something has gone out.
    package var isIntakePaused: Bool { backPressure.isPaused }
    /// Files that were interrupted and are not finished yet, and when (monotonic milliseconds) that is tried again.
    private var unresumed = Unresumed()

    private struct Unresumed {
        var files: [Int64] = []
        /// Those that they are of, as far as they were tried.
        var feeds: Set<String> = []
        var isAfterCrash = false
        var until = 0
    }

    /// When each scheme with triggers was last looked at, and what was told of silent feeds, by scheme.
    private var looks: [String: Instant] = [:]
    private var toldStale: [String: [StaleFeed]] = [:]
    /// Schemes that have shifted and were not run since.
    private var shifted: Set<String> = []
    /// What was told of feeds that keep schemes from being recalibrated, by scheme.
    private var heldBack: [String: [BadFeed]] = [:]

    private var disputes = DisputeWatch()
    private var watched: WatchReport?
    /// What was told of files that were interrupted and cannot be finished.
    private var toldUnresumed: Set<String> = []
    private var filed = FiledWatch()
    private var troubles = FileTroubles()
    /// What was told of files in no feed.
    package private(set) var unwatched: UnwatchedWatch

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
    private static let pauseMillisecondsMax = 600_000

    /// - Parameter former: of the one before a reload, after which it goes on with another configuration.
    package init(site: Site, outboxBell: Doorbell, after former: UnwatchedWatch? = nil, events: @escaping EventHandler) throws {
        self.site = site
        self.events = events
        self.outboxBell = outboxBell
        // Before anything is evaluated by another program than the log names.
        if let upgrade = try ChangeDesk(site: site).upgrade(at: SystemClock.now()) { events(.upgraded(upgrade)) }
        state = try site.liveState()
        flow = try FileFlow(site: site, state: state, onEffects: { outboxBell.ring() })
        inbox = Inbox(site)
        backPressure = try BackPressure(site)
        unwatched = UnwatchedWatch(after: former)
        beginning = former != nil ? .reloaded : .started(state: state.id, feeds: state.bundle.library.feeds.count)
    }

    /// Works until cancelled, or, with `once`, until the inbox is drained and nothing is left to evaluate.
    ///
    /// With `once` it also ends where intake is paused: once something has gone out it is called again.
    package func run(once: Bool) async throws {
        if let beginning { events(beginning) }
        beginning = nil
        prepareFolders()
        ImpactRehearsal.removeLeftovers(of: site, now: SystemClock.now())
        try flow.spool.removeLeftovers()
        // An older file of keys may have been put back, and a shredding may have been stopped.
        try site.store.destroyShreddedKeys(again: true)
        try ShreddedOriginals(site: site).remove()
        for folder in folders() {
            // What is wrong with one folder is trouble of that one.
            do { try Archive.restore(dropFolder: folder, depth: depths()[folder] ?? 0) } catch { trouble(folder, error) }
        }
        unresumed = Unresumed(files: try site.store.unfinishedFiles().map(\.id), isAfterCrash: true)
        inbox.lookAnew(state.bundle.library.feeds)
        let watch = try FolderWatch(
            folders: folders(), depths: depths(), rescanMilliseconds: site.configuration.rescan.wholeMilliseconds)
        defer { watch.stop() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            let bell = bell, touched = inbox.touched
            group.addTask {
                while let folders = await watch.next() {
                    touched.add(folders)
                    bell.ring()
                }
            }
            while !Task.isCancelled {
                do {
                    try await takeApprovals()
                    try await keepTime()
                    try refreshState(watch)
                    try noteWatch(watch)
                    let pause = try workThrough()
                    troubles.keepFurther { inbox.hasPaused($0) || unresumed.feeds.contains($0) }
                    troubles.met(folders: inbox.toldFolders)
                    try troubles.keep(in: site.store)
                    if pause.isDrained { writeFallback() }
                    if once, pause.isDrained || isIntakePaused { break }
                    if pause.milliseconds > 0 { await bell.wait(atMost: min(pause.milliseconds, 1_000)) }
                } catch is StateMoved {
                    inbox.lookAnew(state.bundle.library.feeds)
                } catch where ToldFailure(error).isRetriable {
                    // A full or busy store: nothing is lost, and it is tried again.
                    trouble("store", error)
                    inbox.lookAnew(state.bundle.library.feeds)
                    try await Task.sleep(for: .milliseconds(Self.pauseMilliseconds))
                }
            }
            watch.stop()
            group.cancelAll()
        }
    }

    /// Looks whether intake is to pause, and keeps that for those who fill drop folders: what the daemon before this one left need not hold any more.
    package func lookAtIntake() throws { _ = try pauses() }

    // MARK: - One round

    private struct Pause {
        var milliseconds: Int
        /// Nothing is ready, nothing settles soon, nothing is due.
        var isDrained: Bool
    }

    private func workThrough() throws -> Pause {
        let isDrained = try takeFiles()
        try evaluate(isDrained: isDrained)
        try lookForOverdue()
        for change in filed.look(at: SystemClock.monotonicMilliseconds()) { events(.trouble(subject: change.subject, cause: change.cause, hint: change.hint)) }
        for folder in unwatched.look(site, state.bundle.library.feeds, at: SystemClock.monotonicMilliseconds()) { events(.unwatched(folder)) }
        checkpoint(isDue: checkpointLookedAt.map { SystemClock.monotonicMilliseconds() - $0 >= Int(site.configuration.checkpointEvery.seconds) * 1000 } ?? true)
        let now = SystemClock.now()
        var pause = Pause(milliseconds: 1_000, isDrained: isDrained)
        if fullRunsDueSince != nil { pause = Pause(milliseconds: 100, isDrained: false) }
        if let look = inbox.nextLook { pause.milliseconds = max(1, look - SystemClock.monotonicMilliseconds()) }
        if inbox.hasReady { pause.milliseconds = 0 }
        if isIntakePaused { pause.milliseconds = 1_000 }
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
        backPressure.note(effects: counts.effects)
        if counts.effects > 0 { outboxBell.ring() }
        events(.run(occasion: occasion, counts))
    }

    /// Keeps how folders are watched, where that has changed.
    private func noteWatch(_ watch: FolderWatch) throws {
        let report = WatchReport(watch)
        guard report != watched else { return }
        do {
            try report.keep(in: site.store, at: SystemClock.now())
        } catch let failure as StoreFailure where failure.isRetriable {
            // Nothing hangs on it: files go first, and tell of the store.
            return
        }
        for folder in report.folders where folder.mode == "polling" && watched?.folders.contains(folder) != true {
            events(.polling(folder: folder.folder, reason: folder.detail))
        }
        watched = report
    }

    /// Follows the live state, which another process may have changed.
    private func refreshState(_ watch: FolderWatch) throws {
        guard try site.store.siteValue(Site.Fact.liveState) != state.id else { return }
        state = try site.liveState()
        flow = try FileFlow(site: site, state: state, onEffects: { [outboxBell] in outboxBell.ring() })
        prepareFolders()
        inbox.lookAnew(state.bundle.library.feeds)
        watch.watch(folders(), depths: depths())
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

    private func folders() -> [String] { inbox.folders(of: state.bundle.library.feeds) }

    private func depths() -> [String: Int] { inbox.depths(of: state.bundle.library.feeds) }

    private func prepareFolders() {
        for folder in folders() { do { try Folder.make(folder) } catch { trouble(folder, error) } }
    }

    /// Takes a group of files of each feed that has some.
    private func takeFiles() throws -> Bool {
        var isDrained = true
        if !unresumed.files.isEmpty, unresumed.until <= SystemClock.monotonicMilliseconds() {
            note(try flow.resume(unresumed.files, isAfterCrash: unresumed.isAfterCrash, now: SystemClock.now()))
        }
        let feeds = state.bundle.library.feeds
        inbox.noteTouched(feeds)
        if try pauses() { return false }
        for feed in feeds {
            let group = inbox.nextGroup(of: feed, events: events)
            for file in inbox.takeGone() { troubles.ended(file.name, of: file.feed) }
            if inbox.isUnsettled(feed) || !group.isEmpty { isDrained = false }
            if !group.isEmpty { try take(group, feed) }
        }
        return isDrained
    }

    /// Whether no files are to be taken for now.
    private func pauses() throws -> Bool {
        let before = backPressure.isPaused, reason = try backPressure.look(at: SystemClock.now())
        if (reason != nil) != before { events(.intakePaused(reason)) }
        return reason != nil
    }

    private func take(_ group: ArraySlice<FileFlow.ReadyFile>, _ feed: FeedDefinition) throws {
        let outcomes: FileFlow.Outcomes
        do {
            outcomes = try flow.take(Array(group), of: feed, now: SystemClock.now())
        } catch where error is StateMoved || error is LeaseLost {
            throw error
        } catch {
            if group.count > 1, !ToldFailure(error).isRetriable {
                // It may be the doing of one of them.
                for at in group.indices {
                    try take(group[at...at], feed)
                    // None may pass one that failed.
                    if feed.isInSequence, inbox.isPaused(group[at].name, of: feed) { break }
                }
                return
            }
            if group.count == 1, let file = group.first, !ToldFailure(error).isRetriable {
                if try setAside(file, feed, after: error) { inbox.took(file.name, of: feed) }
                return inbox.lookAgain(at: feed)
            }
            // Of no one file, such as a full store: nothing is lost, and all of them are tried again, those too that are in no drop folder any more.
            if let unfinished = try? site.store.unfinishedFiles().map(\.id) { unresumed = Unresumed(files: unfinished, feeds: unresumed.feeds) }
            unresumed.until = SystemClock.monotonicMilliseconds() + Self.pauseMilliseconds
            for file in group { inbox.pause(file, of: feed, milliseconds: Self.pauseMilliseconds, isItsOwn: false) }
            let news = group.compactMap { troubles.met(error, with: $0.name, of: feed.feed) }
            if let first = news.first { trouble(group.count == 1 ? first : "\(group.count) files of \(feed.feed)", error) }
            return inbox.lookAgain(at: feed)
        }
        var hasFailed = false
        for (name, result) in outcomes.files {
            if case .failure = result { hasFailed = true }
            switch result {
            case .success(let file): report(file)
            case .failure(let failure as IntakeFailure) where failure.cause == .changed: inbox.lookAgain(at: feed)
            case .failure(let error):
                guard let file = group.first(where: { FileName($0.name) == FileName(name) }), try setAside(file, feed, after: error) else { continue }
            }
            inbox.took(name, of: feed)
        }
        // What is in none of the outcomes was not tried, and is next.
        if outcomes.files.count < group.count {
            if hasFailed {
                inbox.lookAgain(at: feed)
            } else {
                let tried = Set(outcomes.files.map { FileName($0.name) })
                inbox.putBack(group.filter { !tried.contains(FileName($0.name)) }, of: feed)
            }
        } else if hasFailed, feed.isInSequence {
            inbox.lookAgain(at: feed)
        }
        report("arrival", outcomes.run)
    }

    /// Sets a file aside that has failed too often for its own sake; false where it is tried again after a pause.
    private func setAside(_ file: FileFlow.ReadyFile, _ feed: FeedDefinition, after error: any Error) throws -> Bool {
        let cause = "\(error)", news = troubles.met(error, with: file.name, of: feed.feed)
        let tries = inbox.pause(file, of: feed, milliseconds: Self.pauseMilliseconds, isItsOwn: true)
        // One that can be neither taken nor set aside is tried on, and told of no more.
        if tries <= Self.triesMax, let news { trouble(news, error) }
        guard tries >= Self.triesMax, !ToldFailure(error).isRetriable else { return false }
        do {
            guard try flow.quarantine(file.name, of: feed, identity: file.identity, reason: "\(error)") else { return false }
            troubles.ended(file.name, of: feed.feed)
            return true
        } catch where error is StateMoved || error is LeaseLost {
            throw error
        } catch {
            // Not to be read or moved, or not to be written down: it stays where it is, and is tried again, less and less often.
            if tries <= Self.triesMax, "\(error)" != cause, troubles.lists(file.name, of: feed.feed) { trouble("\(feed.feed)/\(file.name)", error) }
            inbox.pause(file, of: feed, milliseconds: min(Self.pauseMilliseconds << min(tries - Self.triesMax, 10), Self.pauseMillisecondsMax), isItsOwn: false)
            return false
        }
    }

    private func note(_ resumption: FileFlow.Resumption) {
        for outcome in resumption.ended {
            report(outcome.file)
            report("arrival", outcome.run)
        }
        // Each is tried again and again, and told of once.
        let failed = Set(resumption.failed.map { "\($0.file.id): \($0.error)" })
        for (file, error) in resumption.failed {
            guard let news = troubles.met(error, with: file.name, of: file.feed), !toldUnresumed.contains("\(file.id): \(error)") else { continue }
            trouble(news, error)
        }
        toldUnresumed = failed
        unresumed = Unresumed(files: resumption.failed.map(\.file.id), feeds: Set(resumption.failed.map(\.file.feed)), until: SystemClock.monotonicMilliseconds() + Self.pauseMilliseconds)
    }

    private func trouble(_ subject: String, _ error: any Error) {
        // Who has lost the lease ends soon; what it could not do is no trouble of the site.
        if error is LeaseLost { return }
        let told = ToldFailure(error)
        events(.trouble(subject: subject, cause: told.cause, hint: told.hint))
    }

    private func report(_ file: LedgerFile) {
        troubles.ended(file.name, of: file.feed)
        if file.status == .archived, let place = file.archivedAs, !place.hasPrefix(site.configuration.spool + "/") {
            filed.note("\(file.feed)/\(file.name)", path: site.path(place), place: place, size: file.size, at: SystemClock.monotonicMilliseconds())
        }
        let load = (try? site.store.load(file: file.id)) ?? nil
        events(.file(file, accepted: load?.accepted ?? 0, reported: load?.reported ?? 0))
    }
}

extension Int {
    fileprivate func clamped(to range: ClosedRange<Int>) -> Int { Swift.min(Swift.max(self, range.lowerBound), range.upperBound) }
}
