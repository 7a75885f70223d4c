import Attributes
import ChangeControl
import Decisions
import Diagnostics
import EDI
import FEEL
import Formats
import Glibc
package import Intake
package import Mapping
import Outbox
import Records
package import Store
package import Values

/// Takes one file from its drop folder to its shelf: spool, ledger, load, commit 1, evaluation, commit 2, archive.
///
/// Each step can be repeated: what a crash interrupts, ``resume(now:)`` finishes.
package struct FileFlow: Sendable {
    let site: Site
    let store: Store
    let state: ActiveState
    let spool: Spool
    let archive: Archive
    /// The one evaluator of whoever takes files: it holds populations in memory.
    package let evaluator: Evaluator

    package init(site: Site, state: ActiveState) throws {
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

    func folder(of feed: FeedDefinition) -> String { "\(site.path(site.configuration.inbox))/\(feed.folder)" }

    /// What became of a file.
    package struct Outcome: Sendable {
        package let file: LedgerFile
        package let run: Evaluator.RunCounts
    }

    /// Takes a file that is ready.
    ///
    /// - Throws: `IntakeFailure` with `.changed` where somebody is still writing to it, and what the disk or the store refuses.
    package func take(_ name: String, of feed: FeedDefinition, identity: FileIdentity, now: Instant) throws -> Outcome {
        let source = "\(folder(of: feed))/\(name)"
        let deposit = try spool.deposit(source, expecting: identity)
        let known = try store.files(digest: deposit.digest)
        if let interrupted = known.first(where: { $0.feed == feed.feed && $0.name == name && $0.archivedAs == nil }) {
            return try finish(interrupted, feed: feed, identity: identity, now: now)
        }
        let file = LedgerFile(
            feed: feed.feed, name: name, digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
            firstSeenAt: now, claimedAt: now)
        let earlier = known.first { $0.status == .archived || $0.status == .done || $0.status == .published }
        if let earlier, feed.duplicates != .accept {
            var duplicate = file
            duplicate.status = .duplicate
            duplicate.duplicateOf = earlier.id
            duplicate.reason = "note[\(DiagnosticCode.duplicateBytes)]: the same bytes came as \(earlier.feed)/\(earlier.name) (file \(earlier.id))"
            return try finish(try store.add(duplicate), feed: feed, identity: identity, now: now)
        }
        return try finish(try store.add(file), feed: feed, identity: identity, now: now)
    }

    /// Brings a ledger entry from wherever it is to its end.
    func finish(_ file: LedgerFile, feed: FeedDefinition, identity: FileIdentity?, now: Instant) throws -> Outcome {
        var file = file
        var run = Evaluator.RunCounts()
        if file.status == .claimed { try load(&file, feed, now: now) }
        if file.status == .published {
            run = try evaluator.drainDirty(now: SystemClock.now())
            file.status = .done
            file.finishedAt = SystemClock.now()
            try store.update(file)
        }
        try shelve(&file, feed, identity: identity)
        return Outcome(file: file, run: run)
    }

    /// Finishes what a crash interrupted: files on their way, and originals that were not moved.
    package func resume(now: Instant) throws -> [Outcome] {
        var outcomes: [Outcome] = []
        for file in try store.unfinishedFiles() {
            guard let feed = state.bundle.library.feed(file.feed) else { continue }
            var again = file
            again.attempts += 1
            outcomes.append(try finish(again, feed: feed, identity: nil, now: now))
        }
        return outcomes
    }

    /// Sets a file aside that failed for its own sake however often it was tried.
    func quarantine(_ name: String, of feed: FeedDefinition, identity: FileIdentity, reason: String) throws {
        let deposit = try spool.deposit("\(folder(of: feed))/\(name)", expecting: identity)
        let now = SystemClock.now()
        var file = try store.files(digest: deposit.digest).first { $0.feed == feed.feed && $0.name == name && $0.archivedAs == nil }
            ?? store.add(LedgerFile(
                feed: feed.feed, name: name, digest: deposit.digest, size: Int64(deposit.size), status: .claimed,
                firstSeenAt: now, claimedAt: now))
        file.status = .quarantined
        file.finishedAt = now
        file.reason = "\(feed.feed)/\(name) was quarantined after several tries: \(reason)"
        try store.update(file)
        try shelve(&file, feed, identity: identity)
    }

    // MARK: - Load and commit 1

    private func load(_ file: inout LedgerFile, _ feed: FeedDefinition, now: Instant) throws {
        guard let plan = state.bundle.library.plan(feed.feed) else { return }
        let outcome = try Loader(store: store, state: state).load(file, spooled: spool.path(of: file.digest), plan: plan, now: now)
        if let reason = quarantineReason(outcome, feed) {
            try store.dropLoad(outcome.load)
            file.status = .quarantined
            file.finishedAt = SystemClock.now()
            let replay = try Repetition.replay(file, in: store)
            file.reason = [replay, FileReport.text(file, outcome, reason: reason)].compactMap(\.self).joined(separator: "\n")
            let refused = file
            return try store.driver.write { session in
                try Store.update(refused, in: session)
                try answer(refused, outcome, in: session)
            }
        }
        let replay = try Repetition.replay(file, in: store)
        var published = file
        let isDuplicate = try store.driver.write { session -> Bool in
            let repetition = try Repetition.of(outcome, file: published.id, in: session)
            if feed.duplicates == .reject, let repetition {
                published.status = .duplicate
                published.duplicateOf = repetition.earlier
                published.finishedAt = SystemClock.now()
                published.reason = repetition.note
                try Store.update(published, in: session)
                try answer(published, outcome, in: session)
                return true
            }
            try publish(&published, outcome, repetition?.note ?? replay, in: session)
            return false
        }
        if isDuplicate { try store.dropLoad(outcome.load) }
        file = published
    }

    /// Commit 1: the records become visible, the file and its interchanges are in the ledger, routes have their effects.
    private func publish(
        _ file: inout LedgerFile, _ outcome: Loader.Outcome, _ note: String?, in session: any StoreSession
    ) throws {
        let at = SystemClock.now()
        let position = try Store.nextPosition(in: session)
        try Store.publish(outcome.load, counts: outcome.counts, position: position, in: session)
        try Store.add(outcome.interchanges, contents: outcome.reports.map(\.content), of: file.id, in: session)
        let routed = try Routing(keys: store.keys, file: file, state: state, position: position, at: at).route(outcome, in: session)
        let matched = try AcknowledgementMatching(file: file, state: state, position: position, at: at).match(outcome.reports, in: session)
        let answered = try Answering(file: file, state: state, position: position, at: at).answer(outcome.reports, errors: outcome.diagnostics.kept, in: session)
        file.status = .published
        if outcome.diagnostics.total > 0 { file.reason = FileReport.text(file, outcome, reason: nil) }
        let findings = routed.findings + matched.findings + answered.findings
        let told = findings.filter { $0.severity > .note }
        if !told.isEmpty {
            let unlisted = told.count > FileReport.findingsMax ? ["and \(told.count - FileReport.findingsMax) more"] : []
            let lines = told.prefix(FileReport.findingsMax).map(\.text) + unlisted
            file.reason = ([file.reason].compactMap(\.self) + lines).joined(separator: "\n")
        }
        if let note { file.reason = [note, file.reason].compactMap(\.self).joined(separator: "\n") }
        try Store.update(file, in: session)
        try Store.append(
            .loadPublished,
            .context(ContextValue([
                ("file", Value.integer(Int(file.id))), ("feed", .string(file.feed)), ("name", .string(file.name)),
                ("digest", .string(file.digest)), ("load", Value.integer(Int(outcome.load))), ("state", .string(state.id)),
                ("read", Value.integer(outcome.counts.read)), ("accepted", Value.integer(outcome.counts.accepted)),
                ("reported", Value.integer(outcome.counts.reported)), ("routed", .list(routed.effects.map(Value.string))),
                ("acknowledged", .list(answered.effects.map(Value.string))),
                ("settled", .list(matched.settled.map { .string("\($0.effect) \($0.control) \($0.status.rawValue)") })),
                ("findings", .list((routed.logged + (matched.findings + answered.findings).map(\.text)).prefix(FileReport.findingsMax).map { .string($0) })),
            ])),
            at: at, in: session)
    }

    /// The acknowledgement of a file that was set aside: nothing of it was taken, and its sender hears so.
    private func answer(_ file: LedgerFile, _ outcome: Loader.Outcome, in session: any StoreSession) throws {
        var reports = outcome.reports
        if file.status == .duplicate {
            for index in reports.indices {
                reports[index].isDuplicate = try Store.earlier([reports[index].header], of: file.id, in: session) != nil
            }
        }
        let at = SystemClock.now(), position = try Store.nextPosition(in: session)
        let answered = try Answering(file: file, state: state, position: position, at: at, isWithheld: true).answer(reports, errors: outcome.diagnostics.kept, in: session)
        guard !answered.effects.isEmpty else { return }
        try Store.append(
            .fileAnswered,
            .context(ContextValue([
                ("file", Value.integer(Int(file.id))), ("feed", .string(file.feed)), ("name", .string(file.name)),
                ("digest", .string(file.digest)), ("status", .string(file.status.rawValue)), ("state", .string(state.id)),
                ("acknowledged", .list(answered.effects.map(Value.string))),
                ("findings", .list(answered.findings.map { .string($0.text) })),
            ])),
            at: at, in: session)
    }

    private func quarantineReason(_ outcome: Loader.Outcome, _ feed: FeedDefinition) -> String? {
        if outcome.mapping.isUnclaimed { return "nothing in the feed is for it" }
        if feed.onStructureDefect == .quarantine, outcome.structureErrors > 0 || outcome.mapping.transactionSetsRejected > 0 {
            return "its structure has errors"
        }
        if feed.onRecordDefect == .quarantine, outcome.mapping.reported > 0 { return "\(outcome.mapping.reported) of its records failed" }
        if outcome.mapping.read == 0, outcome.structureErrors > 0 { return "nothing in it could be read" }
        return nil
    }

    // MARK: - Shelves

    /// Moves the original to the shelf of its status, and says so in the ledger.
    private func shelve(_ file: inout LedgerFile, _ feed: FeedDefinition, identity: FileIdentity?) throws {
        let shelf: Archive.Shelf
        switch file.status {
        case .done: shelf = .archive
        case .quarantined: shelf = .quarantine
        case .duplicate: shelf = .duplicates
        case .claimed, .published, .archived: return
        }
        let source = "\(folder(of: feed))/\(file.name)"
        var report: Archive.Report?
        if shelf != .archive { report = Archive.Report(text: (file.reason ?? "") + "\n") }
        if try isOriginal(source, file, identity) {
            let date = file.claimedAt.dateTime(in: state.bundle.zone).date
            let day = Archive.Day(year: date.year, month: date.month, day: date.day)
            file.archivedAs = try relative(shelved(source, shelf, feed, day, file, identity, report))
            if case .doneFile(let pattern) = feed.completion {
                try removeMarker("\(folder(of: feed))/\(pattern.replacing("{name}", with: file.name))")
            }
        } else {
            // The original is gone, or another file has taken its name: the spool holds what was read.
            file.archivedAs = relative(spool.path(of: file.digest))
        }
        if file.status == .done { file.status = .archived }
        try store.update(file)
    }

    /// Files the original, or, where nobody has it any more, points at the spool's copy.
    private func shelved(
        _ source: String, _ shelf: Archive.Shelf, _ feed: FeedDefinition, _ day: Archive.Day, _ file: LedgerFile,
        _ identity: FileIdentity?, _ report: Archive.Report?
    ) throws -> String {
        do {
            return try archive.file(
                source, on: shelf, feed: feed.feed, day: day, digest: file.digest, expecting: identity, report: report)
        } catch {
            // Another file has taken the name (it stays there and is read as one), or the original is gone after a restart.
            guard error.cause == .changed || (error.cause == .system(ENOENT) && file.attempts > 1) else { throw error }
            return spool.path(of: file.digest)
        }
    }

    /// Whether the file at a path is still the one that was taken. After a restart its bytes are compared.
    private func isOriginal(_ path: String, _ file: LedgerFile, _ identity: FileIdentity?) throws -> Bool {
        guard let present = try FileIdentity.of(path) else {
            return try shelfHolds(file)
        }
        if let identity { return present == identity }
        guard Int64(present.size) == file.size else { return false }
        return try spool.deposit(path).digest == file.digest
    }

    /// A file that is in no drop folder any more may be on its shelf already: then filing it again finds it there.
    private func shelfHolds(_ file: LedgerFile) throws -> Bool { file.attempts > 1 }

    private func relative(_ path: String) -> String {
        path.hasPrefix(site.root + "/") ? String(path.dropFirst(site.root.count + 1)) : path
    }

    private func removeMarker(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw PipelineFailure(errno: errno, subject: path, hint: "check that the daemon may remove the done marker")
        }
    }
}
