package import Intake
package import Mapping
package import Store
package import Values

/// Takes files from their drop folder to their shelf: spool, ledger, load, commit 1, evaluation, commit 2, archive.
///
/// Each step can be repeated: what a crash interrupts, ``resume(now:)`` finishes.
package struct FileFlow: Sendable {
    let site: Site
    private(set) var store: Store
    let state: ActiveState
    let spool: Spool
    let archive: Archive
    /// The one evaluator of whoever takes files: it holds populations in memory.
    package let evaluator: Evaluator
    /// Told when there may be something to deliver, before the originals are filed.
    private let onEffects: @Sendable () -> Void

    package init(site: Site, state: ActiveState, onEffects: @escaping @Sendable () -> Void = {}) throws {
        self.onEffects = onEffects
        self.site = site
        self.state = state
        store = site.store
        evaluator = Evaluator(store: site.store, state: state)
        let configuration = site.configuration
        spool = try Spool(root: site.path(configuration.spool))
        archive = Archive(
            archive: site.path(configuration.archive), quarantine: site.path(configuration.quarantine),
            duplicates: site.path(configuration.archive) + "/duplicates")
    }

    /// What became of a file, and of what hung on it.
    package struct Outcome: Sendable {
        package let file: LedgerFile
        package let run: Evaluator.RunCounts
    }

    /// A file that is whole, as it was seen.
    package struct ReadyFile: Sendable {
        package let name: String
        package let identity: FileIdentity
        /// When it was first seen in its folder.
        package let firstSeenAt: Instant

        package init(name: String, identity: FileIdentity, firstSeenAt: Instant) {
            self.name = name
            self.identity = identity
            self.firstSeenAt = firstSeenAt
        }
    }

    /// What became of several files of a feed.
    package struct Outcomes: Sendable {
        /// Each file by its name: where it stands now, or why it could not be taken. One that is in neither stays in its folder for the next time.
        package internal(set) var files: [(name: String, result: Result<LedgerFile, any Error>)] = []
        package internal(set) var run = Evaluator.RunCounts()
    }

    /// A file on its way, with the original as it was taken; nil after a restart.
    struct Taken {
        var file: LedgerFile
        let identity: FileIdentity?
    }

    /// Takes files of a feed that are ready: each is spooled, loaded and published by itself, and all are evaluated and filed together.
    ///
    /// What is wrong with one is told of that one, such as `IntakeFailure` with `.changed` where somebody is still writing to it.
    /// - Throws: `StateMoved`, `LeaseLost`, and what the store refuses for all.
    package func take(_ ready: [ReadyFile], of feed: FeedDefinition, now: Instant) throws -> Outcomes {
        var outcomes = Outcomes()
        var deposits: [(file: ReadyFile, deposit: Spool.Deposit)] = []
        var digests: Set<String> = []
        for file in ready {
            do {
                let deposit = try spool.deposit("\(site.dropFolder(of: feed))/\(file.name)", expecting: file.identity)
                // The same bytes twice: whether the second is a duplicate is known once the first is done with, and none behind it is taken before it.
                guard digests.insert(deposit.digest).inserted else { break }
                deposits.append((file, deposit))
            } catch {
                outcomes.files.append((file.name, .failure(error)))
                if feed.isInSequence { break }
            }
        }
        let taken = try store.driver.write(.later) { session in
            try deposits.map { Taken(file: try claim($0.file, $0.deposit, feed, now: now, in: session), identity: $0.deposit.source) }
        }
        try finish(taken, feed, &outcomes, now: now)
        return outcomes
    }

    /// The ledger entry of a file that was spooled: a new one, or the one that an interruption left.
    private func claim(
        _ ready: ReadyFile, _ deposit: Spool.Deposit, _ feed: FeedDefinition, now: Instant, in session: any StoreSession
    ) throws -> LedgerFile {
        let interrupted = try Store.files(digest: deposit.digest, in: session).first {
            $0.feed == feed.feed && FileName($0.name) == FileName(ready.name) && $0.archivedAs == nil
        }
        return try interrupted ?? Store.add(
            LedgerFile(
                feed: feed.feed, name: ready.name, digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
                firstSeenAt: min(ready.firstSeenAt, now), claimedAt: now),
            in: session)
    }

    /// Brings files of a feed from wherever they are to their ends.
    private func finish(_ taken: [Taken], _ feed: FeedDefinition, _ outcomes: inout Outcomes, now: Instant) throws {
        var taken = try loaded(taken, feed, &outcomes, now: now)
        if taken.contains(where: { $0.file.status == .published }) {
            let run = try evaluator.drainDirty(now: SystemClock.now())
            outcomes.run = run
            for at in taken.indices where taken[at].file.status == .published {
                taken[at].file.status = .done
                taken[at].file.finishedAt = SystemClock.now()
            }
            try store.update(taken.map(\.file))
        }
        onEffects()
        // An original moves once everything that it led to is on the disk.
        try store.driver.settle()
        var unsynced = Archive.Unsynced()
        var filed: [LedgerFile] = []
        for var item in taken where try attempt(item.file.name, &outcomes, { try shelve(&item.file, feed, item.identity, &unsynced) }) { filed.append(item.file) }
        try unsynced.sync()
        try store.update(filed)
        outcomes.files += filed.map { ($0.name, .success($0)) }
    }

    /// Bytes of files that are loaded and published in one transaction. More are loaded file by file, batch by batch.
    static let joinedBytesMax: Int64 = 4 << 20

    /// Loads and publishes files that were claimed. Small ones share a transaction, in which each has its savepoints: together they change the same pages once.
    private func loaded(_ taken: [Taken], _ feed: FeedDefinition, _ outcomes: inout Outcomes, now: Instant) throws -> [Taken] {
        guard taken.count > 1, taken.reduce(0, { $0 + $1.file.size }) <= Self.joinedBytesMax else { return try loadedEach(taken, feed, &outcomes, now: now) }
        return try store.driver.write(.later) { session in
            var joined = self
            joined.store = store.joined(to: session)
            return try joined.loadedEach(taken, feed, &outcomes, now: now)
        }
    }

    private func loadedEach(_ taken: [Taken], _ feed: FeedDefinition, _ outcomes: inout Outcomes, now: Instant) throws -> [Taken] {
        var loaded: [Taken] = []
        for item in taken {
            if let done = try self.loaded(item, feed, &outcomes, now: now) {
                loaded.append(done)
            } else if feed.isInSequence {
                // Those behind it stay claimed, and are taken once it is.
                break
            }
        }
        return loaded
    }

    private func loaded(_ item: Taken, _ feed: FeedDefinition, _ outcomes: inout Outcomes, now: Instant) throws -> Taken? {
        var item = item
        return try attempt(item.file.name, &outcomes) { if item.file.status == .claimed { try load(&item.file, feed, now: now) } } ? item : nil
    }

    /// Does what is about one file alone; false where it failed, which is told of that file.
    private func attempt(_ name: String, _ outcomes: inout Outcomes, _ body: () throws -> Void) throws -> Bool {
        do {
            try body()
            return true
        } catch where error is StateMoved || error is LeaseLost || error is StoreFailure {
            throw error
        } catch {
            outcomes.files.append((name, .failure(error)))
            return false
        }
    }

    /// Times that a daemon may end while it reads a file, before the file is set aside.
    static let endsMax = 5

    /// What became of files that were interrupted.
    package struct Resumption: Sendable {
        package fileprivate(set) var ended: [Outcome] = []
        /// Those that could not be brought to their end yet; they are to be given to ``resume(_:isAfterCrash:now:)`` again.
        package fileprivate(set) var failed: [(file: LedgerFile, error: any Error)] = []
    }

    /// Finishes everything that a crash interrupted.
    package func resume(now: Instant) throws -> Resumption { try resume(store.unfinishedFiles().map(\.id), isAfterCrash: true, now: now) }

    /// Finishes files of the ledger from wherever they are: files on their way, and originals that were not moved. What keeps one is told of that one.
    ///
    /// - Parameter isAfterCrash: whether a daemon ended over them. A file that this has happened to too often while it was read is set aside.
    /// - Throws: `StateMoved`, `LeaseLost`.
    package func resume(_ files: [Int64], isAfterCrash: Bool, now: Instant) throws -> Resumption {
        var resumption = Resumption()
        for id in files {
            guard var file = try store.file(id), file.archivedAs == nil else { continue }
            guard let feed = state.bundle.library.feed(file.feed) else {
                let absent = PipelineFailure(
                    subject: file.feed, cause: "feed \(file.feed) is not live any more, and a file of it is only half-way",
                    hint: "it goes on once the feed is live again; its bytes are in the spool under \(file.digest)")
                resumption.failed.append((file, absent))
                continue
            }
            do {
                if isAfterCrash { try countEnd(of: &file, now: now) }
                var outcomes = Outcomes()
                try finish([Taken(file: file, identity: nil)], feed, &outcomes, now: now)
                for (_, result) in outcomes.files { resumption.ended.append(Outcome(file: try result.get(), run: outcomes.run)) }
            } catch where error is StateMoved || error is LeaseLost {
                throw error
            } catch {
                resumption.failed.append((file, error))
            }
        }
        return resumption
    }

    /// Writes down that a daemon ended over a file, before it is read again: that may be the end of this process too.
    private func countEnd(of file: inout LedgerFile, now: Instant) throws {
        file.attempts += 1
        if file.status == .claimed, file.attempts > Self.endsMax {
            file.status = .quarantined
            file.finishedAt = now
            file.reason = """
                \(file.told) was quarantined: the daemon ended \(Self.endsMax) times while it read it; \
                `crossdock quarantine resubmit \(file.id)` tries it again
                """
        }
        try store.update(file)
    }

    /// Sets a file aside that failed for its own sake however often it was tried. False where it was published before it failed: it has been used, and only its
    /// original is still to be filed.
    func quarantine(_ name: String, of feed: FeedDefinition, identity: FileIdentity, reason: String) throws -> Bool {
        let deposit = try spool.deposit("\(site.dropFolder(of: feed))/\(name)", expecting: identity)
        let now = SystemClock.now()
        var file = try store.files(digest: deposit.digest).first { $0.feed == feed.feed && FileName($0.name) == FileName(name) && $0.archivedAs == nil }
            ?? store.add(LedgerFile(
                feed: feed.feed, name: name, digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
                firstSeenAt: now, claimedAt: now))
        guard file.status == .claimed || file.status == .quarantined else { return false }
        file.status = .quarantined
        file.finishedAt = now
        file.reason = "\(file.told) was quarantined after several tries: \(reason)"
        try store.update(file)
        var unsynced = Archive.Unsynced()
        try shelve(&file, feed, identity, &unsynced)
        try unsynced.sync()
        try store.update(file)
        return true
    }
}
