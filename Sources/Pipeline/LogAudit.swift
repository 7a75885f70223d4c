package import ChangeControl
import Intake
import Store
import Values

/// Verifies a site's log against itself and against what the store says besides: the answer of `audit verify`.
package struct LogAudit: Sendable {
    package private(set) var entries = 0
    /// Runs whose decisions and effects were digested again.
    package private(set) var runs = 0
    /// Archives of history whose bytes were digested again.
    package private(set) var archives = 0
    package private(set) var head: LogHead?
    /// What is wrong, each as one sentence; empty where all holds.
    package private(set) var defects: [String] = []

    /// - Parameters:
    ///   - genesis: the hash of entry 0 as it was noted elsewhere; without it the store's own note is taken, which whoever
    ///     replaced the log could have replaced too.
    ///   - witnessed: a head that was noted elsewhere, so that a dropped tail shows.
    package static func verify(_ site: Site, genesis: ContentDigest? = nil, witnessed: LogHead? = nil) throws -> LogAudit {
        var audit = LogAudit()
        try site.store.driver.read { session in
            try audit.run(session, genesis, witnessed)
            if audit.defects.isEmpty { try audit.checkArchives(site, session) }
        }
        return audit
    }

    private mutating func run(_ session: any StoreSession, _ genesis: ContentDigest?, _ witnessed: LogHead?) throws {
        let noted = try Store.siteValue(Site.Fact.genesis, in: session).flatMap { ContentDigest(hex: $0) }
        var verification = LogVerification(genesis: genesis ?? noted, witnessed: witnessed)
        var live: (position: Int, state: String)?
        var runs: [(position: Int, digest: String)] = []
        try Store.forEachEntry(in: session) { entry in
            if verification.check(entry) != nil { return false }
            switch entry.kind {
            case .genesis, .stateActivated, .stateRolledBack:
                live = (entry.position, try ChangeDesk.formerState(entry).state.description)
            case .runCommitted: runs.append((entry.position, try Self.digest(of: entry)))
            default: break
            }
            return true
        }
        if let defect = verification.finish() { defects.append(defect.fact) }
        (entries, head) = (verification.count, verification.head)
        guard defects.isEmpty else { return }
        let pointer = try Store.siteValue(Site.Fact.liveState, in: session)
        if let live, pointer != live.state {
            defects.append("the live state is \(pointer ?? "not set"), and log entry \(live.position) made \(live.state) live")
        }
        for run in runs { try check(run, session) }
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

    private mutating func check(_ run: (position: Int, digest: String), _ session: any StoreSession) throws {
        runs += 1
        let found = try Self.digest(at: run.position, in: session)
        if found != run.digest {
            defects.append(
                "the decisions and effects of the run at log entry \(run.position) have digest \(found), and the entry says \(run.digest)")
        }
    }

    /// The digest of a run as its log entry holds it: over the digests of its decisions, then its effects' ids with the
    /// digests of their payloads, one a line, in the order of the run.
    static func digest(at position: Int, in session: any StoreSession) throws -> String {
        var lines = try Store.decisionBodies(at: position, in: session).map { ContentDigest(ofText: $0).hex }
        lines += try Store.effectPayloads(at: position, in: session).map { "\($0.id) \(ContentDigest(of: $0.payload).hex)" }
        return ContentDigest(ofText: lines.joined(separator: "\n")).hex
    }

    private static func digest(of entry: LogEntry) throws -> String {
        let body: Value
        do { body = try JSONText.parse(entry.body) } catch { return "" }
        guard case .context(let fields) = body, case .string(let digest)? = fields["digest"] else { return "" }
        return digest
    }
}
