package import ChangeControl
import Glibc
import Intake
import Store
package import Values

extension HistoryArchiver {
    /// Deletes an archive whose time has passed, and says so in the log. Its manifest stays, and tells what was there.
    ///
    /// The log entry comes first: an archive that is named as purged and is still there was stopped between, and a second call removes it.
    package func purge(_ name: String, by principal: Principal, governance: Governance, reason: String, now: Instant) throws -> HistoryArchives.Entry {
        guard governance.person(principal)?.roles.contains(.operator) == true else {
            throw ChangeRefusal(.role, principal.name, "is not an operator", hint: "governance names the operators")
        }
        guard !reason.isEmpty, !reason.contains(where: { $0.isNewline }) else {
            throw ChangeRefusal(.text, "the reason", "is empty, or has a line break", hint: "say in one line why it goes")
        }
        let archives = try HistoryArchives(site)
        guard let entry = archives.entries.last(where: { $0.name == name }) else {
            throw PipelineFailure(subject: name, cause: "the log knows no such archive", hint: "`crossdock history archives` lists them")
        }
        if entry.purged == nil {
            try expectPurgeable(entry, archives.manifest(entry), archives, now)
            try site.store.driver.write { session in
                try expectLive(in: session)
                guard try HistoryArchives(site, in: session).entries.contains(entry) else {
                    throw PipelineFailure(subject: name, cause: "somebody else purged it", hint: "nothing is left to do")
                }
                try Store.append(
                    .historyPurged,
                    .context(ContextValue([
                        ("archive", .string(entry.name)), ("manifest", .string(entry.manifest.hex)), ("scheme", .string(entry.scheme)),
                        ("rows", .integer(entry.rows)), ("by", .string(principal.name)), ("because", .string(reason)),
                    ])),
                    at: now, in: session)
            }
        }
        guard unlink(archives.path(entry)) == 0 || errno == ENOENT else {
            throw PipelineFailure(errno: errno, subject: archives.path(entry), hint: "the log says that it is purged: mend what is told, and purge it again")
        }
        try Folder.sync(archives.folder)
        return entry
    }

    private func expectPurgeable(_ entry: HistoryArchives.Entry, _ manifest: HistoryManifest, _ archives: HistoryArchives, _ now: Instant) throws {
        for client in manifest.clients {
            guard let hold = policy.hold(of: client) else { continue }
            throw PipelineFailure(subject: entry.name, cause: "it holds rows of \(client), which \(hold.owner) holds: \(hold.reason)", hint: "a hold ends by a change request")
        }
        guard let term = policy.terms(of: entry.scheme).keepArchived else {
            throw PipelineFailure(
                subject: entry.name, cause: "nothing says how long archives of \(entry.scheme) are kept",
                hint: "say keepArchived in Schemes/\(RetentionPolicy.file), by a change request")
        }
        let free = entry.before.adding(term)
        guard free <= now else {
            throw PipelineFailure(subject: entry.name, cause: "it is kept until \(free)", hint: "Schemes/\(RetentionPolicy.file) keeps archives for \(term)")
        }
        // What is deleted is what the log signed for, so that nobody purges one archive in the name of another.
        let cursor = HistoryArchiveCursor(path: archives.path(entry))
        try cursor.readToEnd()
        guard cursor.packed.digest == manifest.packed else {
            throw PipelineFailure(subject: archives.path(entry), cause: "it is not the archive that log entry \(entry.position) signs for", hint: "bring it back from a backup")
        }
    }
}
