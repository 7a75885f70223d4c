import ChangeControl
import Diagnostics
import EDI
import Intake
import Mapping
import Store
import Values

/// Load and commit 1.
extension FileFlow {
    func load(_ file: inout LedgerFile, _ feed: FeedDefinition, now: Instant) throws {
        guard let plan = state.bundle.library.plan(feed.feed) else { return }
        // Asked here, for each file that is about to be loaded: one that an interruption held up may have been overtaken by its like.
        let same = try store.files(digest: file.digest).filter { $0.id != file.id }
        if feed.duplicates != .accept, let repetition = Repetition.ofBytes(same) {
            file.status = .duplicate
            file.duplicateOf = repetition.earlier
            file.finishedAt = SystemClock.now()
            file.reason = repetition.note
            return try store.update([file])
        }
        let replay = Repetition.replay(same)
        let outcome = try Loader(store: store, state: state).load(file, spooled: spool.path(of: file.digest), plan: plan, now: now)
        if let reason = quarantineReason(outcome, feed) {
            try store.dropLoad(outcome.load)
            file.status = .quarantined
            file.finishedAt = SystemClock.now()
            file.reason = [replay, FileReport.text(file, outcome, reason: reason)].compactMap(\.self).joined(separator: "\n")
            let refused = file
            return try store.driver.write(.later) { session in
                try Store.update(refused, in: session)
                try answer(refused, outcome, in: session)
            }
        }
        var published = file
        let isDuplicate = try store.driver.write(.later) { session -> Bool in
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
}
