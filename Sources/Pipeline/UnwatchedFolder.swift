import Diagnostics
import Glibc
import Intake
package import Mapping

/// Files below the inbox that no live feed looks at: those in the inbox itself, or in a folder of no feed.
package struct UnwatchedFolder: Hashable, Sendable {
    /// The folder as the site configures it: `Inbox`, `Inbox/orders`.
    package let path: String
    /// Files that lie in it, as far as they were counted.
    package private(set) var files = 0
    /// Whether it has more than were counted.
    package private(set) var isMore = false
    /// Why it cannot be looked into, so that nobody knows what lies there.
    package private(set) var trouble: String?
    let isInbox: Bool

    /// Files that are counted in a folder of no feed, and folders that are looked into.
    private static let filesMax = 100_000, foldersMax = 1_000

    private init(_ path: String, isInbox: Bool, _ peek: FolderPeek) {
        self.path = path
        self.isInbox = isInbox
        (files, isMore) = (peek.files, peek.isMore)
    }

    private init(_ path: String, isInbox: Bool, _ trouble: IntakeFailure) {
        self.path = path
        self.isInbox = isInbox
        self.trouble = "\(trouble)"
    }

    /// Looks into the inbox and one level below it, and no deeper: those of feeds are looked into by whoever takes their files.
    package static func all(in site: Site, _ feeds: [FeedDefinition]) -> [UnwatchedFolder] {
        let inbox = site.configuration.inbox, watched = Set(feeds.map { FileName($0.folder) })
        let top: FolderPeek
        do {
            // A site may tell there what the folder is for.
            top = try FolderPeek(RawPath(site.path(inbox)), ignored: "README.md")
        } catch {
            // The daemon makes it when it starts.
            return error.cause == .system(ENOENT) ? [] : [UnwatchedFolder(inbox, isInbox: true, error)]
        }
        var found = [UnwatchedFolder(inbox, isInbox: true, top)]
        let folders = top.folders.filter { !$0.isText || !watched.contains(FileName($0.name)) }.sorted { FileName($0.name) < FileName($1.name) }
        for folder in folders.prefix(foldersMax) {
            let path = "\(inbox)/\(folder.name)"
            do {
                found.append(UnwatchedFolder(path, isInbox: false, try FolderPeek(folder, filesMax: filesMax)))
            } catch {
                if error.cause != .system(ENOENT) { found.append(UnwatchedFolder(path, isInbox: false, error)) }
            }
        }
        return found.filter { $0.files > 0 || $0.trouble != nil }
    }

    /// How many files lie there, and why nobody takes them.
    package var told: String {
        if let trouble { return "cannot be looked into: \(trouble)" }
        return "\(isMore ? "at least " : "")\(files) file\(files == 1 ? "" : "s") there, which nobody takes: "
            + (isInbox ? "files belong into the folder of a feed" : "no live feed has that folder")
    }

    /// One line of the status.
    var line: String { "unwatched \(LineText.name(path)): \(told)" }
}

/// Looks every now and then for files that no feed looks at, and tells once of each folder.
package struct UnwatchedWatch: Sendable {
    private var told: Set<String> = []
    /// When (monotonic milliseconds) it is looked next.
    private var nextAt = Int.min

    private static let everyMilliseconds = 60_000

    /// - Parameter former: the one before a reload: what that told is not told again, and it is looked at once, as the inbox may be another.
    package init(after former: UnwatchedWatch? = nil) { told = former?.told ?? [] }

    /// - Parameter now: monotonic milliseconds.
    /// - Returns: folders in which there was nothing when it was looked last. Those that cannot be looked into are told by the status alone.
    package mutating func look(_ site: Site, _ feeds: [FeedDefinition], at now: Int) -> [UnwatchedFolder] {
        guard now >= nextAt else { return [] }
        nextAt = now + Self.everyMilliseconds
        let looked = UnwatchedFolder.all(in: site, feeds), found = looked.filter { $0.trouble == nil }, former = told
        // What lies in one that cannot be looked into now may be what lay there.
        told = Set(found.map(\.path)).union(looked.filter { $0.trouble != nil }.map(\.path).filter { former.contains($0) })
        return found.filter { !former.contains($0.path) }
    }
}
