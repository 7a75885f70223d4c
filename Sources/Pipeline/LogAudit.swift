package import ChangeControl
import Intake
import Store
import Values

/// Verifies a site's log against itself, against checkpoints and against what the store says besides: the answer of `audit verify`.
package struct LogAudit: Sendable {
    package private(set) var entries = 0
    /// Entries whose rows were digested again: decisions, effects and moves.
    package private(set) var commits = 0
    /// Entries whose moves a purge of history took, so that they could not be.
    package private(set) var purged = 0
    /// Archives of history whose bytes were digested again.
    package private(set) var archives = 0
    /// Checkpoints that hold, of the store and of witnesses.
    package private(set) var checkpoints = 0
    /// Entries that a checkpoint covers.
    package private(set) var covered = 0
    package private(set) var head: LogHead?
    /// Keys that the log names for its checkpoints.
    package private(set) var keys: [VerifierKey] = []
    /// What is wrong, each as one sentence; empty where all holds.
    package private(set) var defects: [String] = []
    private let isCopy: Bool

    private init(isCopy: Bool) { self.isCopy = isCopy }

    /// - Parameters:
    ///   - genesis: the hash of entry 0 as it was noted elsewhere; without it the store's own note is taken, which whoever
    ///     replaced the log could have replaced too.
    ///   - witnessed: a head that was noted elsewhere, so that a dropped tail shows.
    ///   - checkpoints: those that were kept elsewhere, besides those in the folders of the site's witnesses.
    ///   - keys: keys that were noted elsewhere; without them those count that the log names.
    ///   - isCopy: whether it is the store of a backup: folders of witnesses, which may know a longer log, and the file of keys are left to the caller.
    package static func verify(
        _ site: Site, genesis: ContentDigest? = nil, witnessed: LogHead? = nil, checkpoints: [WitnessedCheckpoint] = [], keys: [VerifierKey] = [], isCopy: Bool = false
    ) throws -> LogAudit {
        var audit = LogAudit(isCopy: isCopy), states = StateAudit()
        // A witness that cannot be read keeps nothing else from being verified.
        let folders = isCopy ? (checkpoints: [], defects: []) : WitnessFolders(site).checkpoints()
        var unread = folders.defects
        try site.store.driver.read { session in
            let own = own(try Store.checkpoints(in: session))
            unread += own.defects
            let held = CheckpointVerification(witnessed: checkpoints + folders.checkpoints + own.checkpoints, pinned: keys)
            try audit.run(site, session, genesis, witnessed, held, &states)
            if audit.defects.isEmpty { try audit.checkArchives(site, session) }
        }
        if audit.defects.isEmpty { audit.defects += try states.defects(site.store) }
        audit.defects += unread
        return audit
    }

    /// The store's own checkpoints; one that is none is a defect.
    private static func own(_ stored: [StoredCheckpoint]) -> (checkpoints: [WitnessedCheckpoint], defects: [String]) {
        var checkpoints: [WitnessedCheckpoint] = [], defects: [String] = []
        for item in stored {
            let name = "the store's checkpoint of \(item.size) entries"
            do throws(SignedNote.Unreadable) {
                let signed = try SignedCheckpoint(Array(item.note.utf8))
                if signed.checkpoint.size != item.size { defects.append("\(name) is of \(signed.checkpoint.size)") }
                checkpoints.append(WitnessedCheckpoint(source: name, signed: signed))
            } catch {
                defects.append("\(name) is none: \(error.fact)")
            }
        }
        return (checkpoints, defects)
    }

    /// What one pass over the log finds.
    private struct Claims {
        var live: (position: Int, state: String)?
        /// Positions of entries that answer for rows, with their digests.
        var rows: [(position: Int, said: LogRows)] = []
    }

    private mutating func run(
        _ site: Site, _ session: any StoreSession, _ genesis: ContentDigest?, _ witnessed: LogHead?, _ held: CheckpointVerification,
        _ states: inout StateAudit
    ) throws {
        let noted = try Store.siteValue(Site.Fact.genesis, in: session).flatMap { ContentDigest(hex: $0) }
        var verification = LogVerification(genesis: genesis ?? noted, witnessed: witnessed), held = held
        var claims = Claims(), broken: LogDefect?, disputes = DisputeAudit(), subjects = PersonalAudit()
        try DigestedLog.forEach(in: session) { entry, digests in
            broken = verification.check(entry, digests: digests) ?? held.add(entry.hash, entry.kind, leaf: digests.leaf, body: { entry.body })
            guard broken == nil else { return false }
            states.take(entry)
            disputes.take(entry)
            subjects.take(entry)
            if let said = LogRows(body: entry.body) { claims.rows.append((entry.position, said)) }
            if LogEntryKind.ofStates.contains(entry.kind) {
                claims.live = (entry.position, try ChangeDesk.formerState(entry).state.description)
            }
            return true
        }
        if let defect = broken ?? verification.finish() ?? held.finish() { defects.append(defect.fact) }
        (entries, head, checkpoints, covered, keys) = (verification.count, verification.head, held.held, held.covered, held.keys)
        guard defects.isEmpty else { return }
        if let defect = disputes.defect { defects.append(defect) }
        let pointer = try Store.siteValue(Site.Fact.liveState, in: session)
        if let live = claims.live, pointer != live.state {
            defects.append("the live state is \(pointer ?? "not set"), and log entry \(live.position) made \(live.state) live")
        }
        try check(claims.rows, site, session)
        defects += try subjects.defects(site, isCopy: isCopy, in: session)
    }

    private mutating func check(_ claims: [(position: Int, said: LogRows)], _ site: Site, _ session: any StoreSession) throws {
        var history: HistoryAudit
        do { history = try HistoryAudit(site, in: session) } catch let failure as PipelineFailure {
            return defects.append("\(failure.subject): \(failure.cause)")
        }
        for claim in claims {
            let found = try LogRows(at: claim.position, moves: history.moves(at: claim.position), in: session)
            if found.rows != claim.said.rows { differ("decisions and effects", claim.position, found.rows, claim.said.rows) }
            if found.moves == claim.said.moves {
                commits += 1
            } else if history.isPurged(claim.position) {
                purged += 1
            } else {
                differ("moves", claim.position, found.moves, claim.said.moves)
            }
        }
        history.skip(to: .max)
        defects += history.defects
        let answered = Set(claims.map(\.position))
        for position in try Store.stampedPositions(in: session) where !answered.contains(position) {
            defects.append("decisions or effects say log entry \(position), which answers for none")
        }
        for id in try Store.unlikeDeliveries(limit: HistoryAudit.toldMax, in: session) { defects.append("effect \(id) has no delivery, or another one's") }
    }

    private mutating func differ(_ what: String, _ position: Int, _ found: ContentDigest?, _ said: ContentDigest?) {
        defects.append("the \(what) of log entry \(position) have digest \(found?.hex ?? "none"), and the entry says \(said?.hex ?? "none")")
    }

    /// Holds manifests and archives of history against the log. Files that no entry names are no defect: their rows are in the table.
    private mutating func checkArchives(_ site: Site, _ session: any StoreSession) throws {
        let known = try HistoryArchives(site, in: session)
        for entry in known.entries {
            if let purged = entry.purged {
                if try FileIdentity.of(known.path(entry)) != nil { defects.append("\(entry.name) is there, and log entry \(purged) says that it was purged") }
                continue
            }
            archives += 1
            do {
                let cursor = HistoryArchiveCursor(path: known.path(entry), expecting: try known.manifest(entry).packed)
                try cursor.readToEnd()
            } catch let failure as PipelineFailure {
                defects.append("the archive of log entry \(entry.position): \(failure.subject): \(failure.cause)")
            }
        }
    }
}
