import Diagnostics
import Intake
package import Mapping

/// Files below the inbox that no live feed looks at: those in the inbox itself, or in a folder of no feed.
package struct UnwatchedFolder: Hashable, Sendable {
    /// The folder as the site configures it: `Inbox`, `Inbox/orders`.
    package let path: String
    /// Files that lie in it, as far as it was looked into.
    package let files: Int
    /// Whether it has more than was looked at.
    package let isMore: Bool
    let isInbox: Bool

    /// Names that are looked at in each folder, and folders that are.
    private static let entriesMax = 1_000, foldersMax = 100

    /// Looks into the inbox and one level below it, and no deeper: those of feeds are looked into by whoever takes their files.
    package static func all(in site: Site, _ feeds: [FeedDefinition]) -> [UnwatchedFolder] {
        let inbox = site.configuration.inbox, watched = Set(feeds.map(\.folder))
        // Where the inbox cannot be listed, each feed has its own trouble.
        guard let top = try? Folder.peek(site.path(inbox), entriesMax: entriesMax) else { return [] }
        // A site may tell there what the folder is for.
        let files = top.files.count { $0 != "README.md" }
        var found = [UnwatchedFolder(path: inbox, files: files, isMore: top.isMore, isInbox: true)]
        for name in top.folders.sorted().filter({ !watched.contains($0) }).prefix(foldersMax) {
            guard let below = try? Folder.peek("\(site.path(inbox))/\(name)", entriesMax: entriesMax) else { continue }
            found.append(UnwatchedFolder(path: "\(inbox)/\(name)", files: below.files.count, isMore: below.isMore, isInbox: false))
        }
        return found.filter { $0.files > 0 }
    }

    /// How many files lie there, and why nobody takes them.
    package var told: String {
        "\(isMore ? "at least " : "")\(files) file\(files == 1 ? "" : "s") there, which nobody takes: "
            + (isInbox ? "files belong into the folder of a feed" : "no live feed has that folder")
    }

    /// One line of the status.
    var line: String { "unwatched \(LineText.name(path)): \(told)" }
}

/// Looks every now and then for files that no feed looks at, and tells once of each folder.
package struct UnwatchedWatch {
    private var told: Set<String> = []
    /// When (monotonic milliseconds) it is looked next.
    private var nextAt = Int.min

    private static let everyMilliseconds = 60_000

    package init() {}

    /// - Parameter now: monotonic milliseconds.
    /// - Returns: folders in which there was nothing when it was looked last.
    package mutating func look(_ site: Site, _ feeds: [FeedDefinition], at now: Int) -> [UnwatchedFolder] {
        guard now >= nextAt else { return [] }
        nextAt = now + Self.everyMilliseconds
        let found = UnwatchedFolder.all(in: site, feeds), former = told
        told = Set(found.map(\.path))
        return found.filter { !former.contains($0.path) }
    }
}
