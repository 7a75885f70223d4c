import ChangeControl
import Intake
import Records
import Store
package import Values

/// Moves spans of the history that are over from the table to archives, and purges archives whose time has passed.
///
/// Files first: archive and manifest are durable under their names before one transaction deletes the rows and appends the log entry that holds the
/// manifest's digest. Whoever stops it between leaves files and rows; the next run makes the same files, finds them there, and goes on.
package struct HistoryArchiver: Sendable {
    let site: Site
    let policy: RetentionPolicy
    /// The state that the policy is part of: where another one is live by now, a hold may have come, and nothing is done.
    let state: String

    /// Rows of one archive, so that the writer is not held for long: a second or two.
    package static let rowsMax = 200_000
    private let rowsMax: Int

    package init(site: Site, policy: RetentionPolicy, state: String, rowsMax: Int = HistoryArchiver.rowsMax) {
        self.site = site
        self.policy = policy
        self.state = state
        self.rowsMax = rowsMax
    }

    /// An archive that is durable, and whose rows are still in the table.
    package struct Prepared: Sendable {
        package let manifest: HistoryManifest
        let cut: HistoryCut
    }

    /// Archives all of a scheme that was over before an instant, in as many archives as that takes.
    package func archive(scheme: String, before: Instant, now: Instant) throws -> [HistoryManifest] {
        try expectOver(scheme, before, now)
        let lock = try HistoryLock(folder: site.historyFolder)
        defer { lock.release() }
        try NewFile.removeLeftovers(in: site.historyFolder)
        var manifests: [HistoryManifest] = []
        while let prepared = try prepare(scheme: scheme, before: before) {
            try commit(prepared, now: now)
            manifests.append(prepared.manifest)
        }
        return manifests
    }

    /// The latest instant that may be archived before; nil where nothing says how long spans stay.
    package func latest(scheme: String, now: Instant) -> Instant? { policy.terms(of: scheme).keep.map { now.adding($0.negated) } }

    private func expectOver(_ scheme: String, _ before: Instant, _ now: Instant) throws {
        let latest = latest(scheme: scheme, now: now) ?? now
        guard before <= latest else {
            throw PipelineFailure(
                subject: "history of \(scheme)", cause: "what ended after \(latest) stays in the store",
                hint: policy.terms(of: scheme).keep.map { "Schemes/\(RetentionPolicy.file) keeps it for \($0); archive before an earlier instant" }
                    ?? "archive before an instant that has passed")
        }
    }

    /// Writes the next archive of a scheme, and makes it durable; nil where nothing is left to archive. No row is deleted.
    package func prepare(scheme: String, before: Instant) throws -> Prepared? {
        let clients = try site.store.historyClients(scheme: scheme).filter { policy.hold(of: $0) == nil }
        let cut = HistoryCut(scheme: scheme, before: before, superseded: try site.store.lastPosition(before: before), clients: clients)
        let writer = try HistoryFileWriter(scheme: scheme, before: before, folder: site.historyFolder)
        var through: String?
        try site.store.driver.read { session in
            try Store.forEachRow(of: cut, in: session) { row in
                if writer.manifest.rows >= rowsMax, let last = writer.manifest.lastEntity, last != row.entity {
                    through = last.id
                    return false
                }
                try writer.add(row)
                return true
            }
        }
        guard writer.manifest.rows > 0 else { return nil }
        let manifest = try writer.keep()
        return Prepared(
            manifest: manifest,
            cut: HistoryCut(scheme: scheme, before: before, superseded: cut.superseded, clients: manifest.clients, through: through))
    }

    /// Deletes the rows of an archive, with the log entry that signs for it. Nothing happens where the rows are not those of the archive any more.
    package func commit(_ prepared: Prepared, now: Instant) throws {
        let manifest = prepared.manifest
        try site.store.driver.write { session in
            try expectLive(in: session)
            var hasher = ContentHasher(), line: [UInt8] = []
            try Store.forEachRow(of: prepared.cut, in: session) { row in
                HistoryText.append(row, to: &line)
                line.withUnsafeBytes { hasher.add($0) }
                line.removeAll(keepingCapacity: true)
                return true
            }
            guard hasher.digest == manifest.content else { throw moved(manifest) }
            guard try Store.delete(prepared.cut, in: session) == manifest.rows else { throw moved(manifest) }
            try Store.append(
                .historyArchived,
                .context(ContextValue([
                    ("archive", .string(manifest.name)), ("manifest", .string(manifest.digest.hex)), ("scheme", .string(manifest.scheme)),
                    ("before", .string(manifest.before.description)), ("rows", .integer(manifest.rows)), ("content", .string(manifest.content.hex)),
                    ("packed", .string(manifest.packed.hex)),
                ])),
                at: now, in: session)
        }
    }

    func expectLive(in session: any StoreSession) throws {
        guard try Store.siteValue(Site.Fact.liveState, in: session) == state else {
            throw PipelineFailure(subject: "the retention", cause: "another state became live; nothing was deleted", hint: "run it again", isRetriable: true)
        }
    }

    private func moved(_ manifest: HistoryManifest) -> PipelineFailure {
        PipelineFailure(
            subject: "history of \(manifest.scheme)", cause: "it changed while it was archived; nothing was deleted", hint: "run it again", isRetriable: true)
    }
}
