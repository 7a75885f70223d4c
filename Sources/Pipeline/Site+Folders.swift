import ChangeControl
import FoundationEssentials
package import Mapping
import Store

extension Site {
    /// Absolute path of the folder that files of a feed are dropped into.
    package func dropFolder(of feed: FeedDefinition) -> String { "\(path(configuration.inbox))/\(feed.folder)" }

    /// Makes the folders that are missing: a drop folder for each feed, outbox, archive, quarantine, spool, and the one for
    /// signed files. Gives those that were made, relative to the root.
    package func makeFolders() throws -> [String] {
        let folders = try StateFiles.onDisk(root: root).compile().bundle?.library.feeds.map(\.folder) ?? []
        let wanted = folders.map { "\(configuration.inbox)/\($0)" }
            + [configuration.inbox, configuration.outbox, configuration.archive, configuration.quarantine, configuration.spool, ChangeDesk.dropFolder]
        return try wanted.filter { folder in
            guard !FileManager.default.fileExists(atPath: path(folder)) else { return false }
            try Site.makeFolder(path(folder))
            return true
        }
    }
}
