import Glibc
import Intake
import Mapping
import Store
import Values

/// Where originals go.
extension FileFlow {
    /// Moves the original to the shelf of its status, and says in the entry where that is.
    func shelve(_ file: inout LedgerFile, _ feed: FeedDefinition, _ identity: FileIdentity?, _ unsynced: inout Archive.Unsynced) throws {
        let shelf: Archive.Shelf
        switch file.status {
        case .done: shelf = .archive
        case .quarantined: shelf = .quarantine
        case .duplicate: shelf = .duplicates
        case .claimed, .published, .archived: return
        }
        let source = "\(site.dropFolder(of: feed))/\(file.name)"
        var report: Archive.Report?
        if shelf != .archive { report = Archive.Report(text: (file.reason ?? "") + "\n") }
        if try isOriginal(source, file, identity) {
            let date = file.claimedAt.dateTime(in: state.bundle.zone).date
            let day = Archive.Day(year: date.year, month: date.month, day: date.day)
            file.archivedAs = try relative(shelved(source, shelf, feed, day, file, identity, report, &unsynced))
            if case .doneFile(let pattern) = feed.completion {
                try removeMarker("\(site.dropFolder(of: feed))/\(Settling.marker(pattern, of: file.name))")
            }
        } else {
            // The original is gone, or another file has taken its name: the spool holds what was read.
            file.archivedAs = relative(spool.path(of: file.digest))
        }
        if file.status == .done { file.status = .archived }
    }

    /// Files the original, or, where nobody has it any more, points at the spool's copy.
    private func shelved(
        _ source: String, _ shelf: Archive.Shelf, _ feed: FeedDefinition, _ day: Archive.Day, _ file: LedgerFile,
        _ identity: FileIdentity?, _ report: Archive.Report?, _ unsynced: inout Archive.Unsynced
    ) throws -> String {
        do {
            return try archive.file(
                source, from: site.dropFolder(of: feed), on: shelf, feed: feed.feed, day: day, digest: file.digest, expecting: identity, report: report, &unsynced)
        } catch {
            // Another file has taken the name (it stays there and is read as one), or the original is gone after an interruption.
            guard error.cause == .changed || (error.cause == .system(ENOENT) && identity == nil) else { throw error }
            return spool.path(of: file.digest)
        }
    }

    /// Whether the file at a path is still the one that was taken. After an interruption its bytes are compared.
    private func isOriginal(_ path: String, _ file: LedgerFile, _ identity: FileIdentity?) throws -> Bool {
        // One that was interrupted may be on its shelf already: then filing it again finds it there.
        guard let present = try FileIdentity.of(path) else { return identity == nil }
        if let identity { return present == identity }
        guard Int64(present.size) == file.size else { return false }
        return try spool.deposit(path).digest == file.digest
    }

    private func relative(_ path: String) -> String {
        path.hasPrefix(site.root + "/") ? String(path.dropFirst(site.root.count + 1)) : path
    }

    private func removeMarker(_ path: String) throws {
        guard unlink(path) == 0 || errno == ENOENT else {
            throw PipelineFailure(errno: errno, subject: path, hint: "check that the daemon may remove the done marker")
        }
    }
}
