import Glibc
import Intake
package import Mapping
package import Store
import Values

/// A file that is dropped again for one in quarantine, as it is or corrected. Its name says so, and is how the ledger knows the two to belong together:
/// `a.edi` of file 17 is `a~17.edi`, then `a~17-2.edi`.
package enum Correction {
    /// Names that are tried.
    private static let namesMax = 1_000
    private static let gapMax = 8

    /// Puts a copy of a file into the drop folder of a quarantined one, whole and under a name that nothing has or had, with the done marker that its feed wants.
    ///
    /// - Returns: its name, relative to the drop folder.
    package static func drop(_ source: String, for file: LedgerFile, of feed: FeedDefinition, _ site: Site) throws -> String {
        let folder = site.dropFolder(of: feed), staged = "\(folder)/\(hidden(file))"
        do { try Folder.make(Site.parent(of: staged)) } catch { throw failure(error) }
        defer { unlink(staged) }
        do {
            guard let copied = try FileCopy.copy(source, to: staged) else { throw PipelineFailure(errno: ENOENT, subject: source, hint: "name the file that is to be dropped") }
            guard copied.size > 0 else { throw PipelineFailure(subject: source, cause: "it is empty", hint: "name the file that is to be dropped") }
            try Folder.syncFileSystem(Site.parent(of: staged))
        } catch let error as IntakeFailure { throw failure(error) }
        for attempt in 1...namesMax {
            let name = name(of: file, attempt)
            guard try site.store.files(ofFeed: file.feed, called: name).isEmpty else { continue }
            guard link(staged, "\(folder)/\(name)") == 0 else {
                if errno == EEXIST { continue }
                throw PipelineFailure(errno: errno, subject: "\(folder)/\(name)", hint: "check that one may write there")
            }
            if case .doneFile(let pattern) = feed.completion {
                let marker = "\(folder)/\(Settling.marker(pattern, of: name))", made = open(marker, O_CREAT | O_WRONLY | O_CLOEXEC, 0o640)
                guard made >= 0 else { throw PipelineFailure(errno: errno, subject: marker, hint: "make the done marker by hand") }
                close(made)
            }
            do { try Folder.sync(Site.parent(of: "\(folder)/\(name)")) } catch { throw failure(error) }
            return name
        }
        throw PipelineFailure(subject: "file \(file.id)", cause: "it was given in again \(namesMax) times", hint: "drop it by hand under another name")
    }

    /// Files that were given in again for one in quarantine, the first one first.
    package static func of(_ file: LedgerFile, in store: Store) throws -> [LedgerFile] {
        var found: [LedgerFile] = [], gap = 0
        // One that was taken away before it was read leaves a gap.
        for attempt in 1...namesMax where gap < gapMax {
            let files = try store.files(ofFeed: file.feed, called: name(of: file, attempt))
            gap = files.isEmpty ? gap + 1 : 0
            found += files.reversed()
        }
        return found
    }

    /// The file in quarantine that one was given in again for.
    package static func original(of file: LedgerFile, in store: Store) throws -> LedgerFile? {
        let (_, own, dot) = parts(file.name)
        guard let mark = own[..<dot].lastIndex(of: "~"), let digits = own[own.index(after: mark)..<dot].split(separator: "-").first, let id = Int64(digits),
            let original = try store.file(id), original.feed == file.feed, original.status == .quarantined
        else { return nil }
        return (1...namesMax).contains { name(of: original, $0) == file.name } ? original : nil
    }

    private static func name(of file: LedgerFile, _ attempt: Int) -> String {
        let (below, own, dot) = parts(file.name), mark = "~\(file.id)\(attempt > 1 ? "-\(attempt)" : "")"
        var stem = own[..<dot], end = own[dot...]
        // A name has 255 bytes at most, and its done marker as well.
        while end.utf8.count > 64 { end.removeLast() }
        while stem.utf8.count + mark.utf8.count + end.utf8.count > 240, !stem.isEmpty { stem.removeLast() }
        return "\(below)\(stem)\(mark)\(end)"
    }

    private static func hidden(_ file: LedgerFile) -> String { "\(parts(file.name).below).resubmit-\(file.id)-\(getpid())" }

    private static func parts(_ name: String) -> (below: Substring, own: Substring, dot: Substring.Index) {
        let start = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex, own = name[start...]
        return (name[..<start], own, own.lastIndex(of: ".") ?? own.endIndex)
    }

    private static func failure(_ error: IntakeFailure) -> PipelineFailure {
        PipelineFailure(subject: error.path, cause: error.fact, hint: error.hint, isRetriable: error.isRetriable)
    }
}
