import Diagnostics
import Formats
import Glibc
import Intake
import Mapping
import Store

/// A file that lies in a drop folder, with what it waits for as far as that can be seen from outside the daemon.
package struct WaitingFile: Sendable {
    package let feed: String
    /// Relative to its drop folder.
    package let name: String
    package let reason: String

    /// Feed and name, as they stand in a line.
    package var told: String { LineText.name("\(feed)/\(name)") }

    /// Every file of a name that lies in a drop folder.
    package static func all(named name: String, in site: Site) throws -> [WaitingFile] {
        var found: [WaitingFile] = []
        var paused = try BackPressure.kept(in: site.store).map { "; but intake is paused: \($0)" } ?? ""
        if try site.store.lease()?.isHeld(boot: SystemClock.boot, at: SystemClock.millisecondsSinceBoot()) != true { paused += "; but no daemon works" }
        let troubles = try FileTroubles.kept(in: site.store)
        for feed in try site.liveState().bundle.library.feeds {
            let folder = site.dropFolder(of: feed)
            let sightings: [Sighting]
            do { sightings = try Folder.scan(folder, depth: feed.subfolderDepth) } catch {
                // A folder that cannot be looked into says nothing of the others; `status` tells of it.
                continue
            }
            let named = sightings.map(\.name).filter { FileName($0) == FileName(name) || $0.hasSuffix("/\(name)") }
            guard !named.isEmpty else { continue }
            var settling = Settling(policy: feed.settlingPolicy)
            let now = SystemClock.monotonicMilliseconds()
            settling.saw(sightings, at: now)
            // In a sequence it hangs on the others too.
            _ = settling.look(at: settling.toProbe.filter { feed.isInSequence || named.contains($0) }, in: folder, of: feed)
            for name in named {
                // Whatever the feed waits for, it has to be read then.
                if case .ready? = settling.verdict(on: name, at: now) {
                    do { _ = try Folder.ends(of: "\(folder)/\(name)", window: 1) } catch { settling.refused(name, "cannot be read: \(error)") }
                }
                let hindered = ((troubles.of(feed.feed, name) ?? troubles.of(folder: folder)).map { "; \($0.told)" } ?? "") + paused
                let reason: String =
                    switch settling.verdict(on: name, at: now) {
                    case .ready(let why): why + (hindered.isEmpty ? "; the daemon takes it at its next look" : hindered)
                    case .waiting(let why, _), .gaveUp(let why): why + hindered
                    case nil: "it only marks another file as done"
                    }
                found.append(WaitingFile(feed: feed.feed, name: name, reason: reason))
            }
        }
        return found
    }

    /// What is to be said of a file below the inbox that no live feed looks at.
    ///
    /// - Returns: a line for each, and one for each folder that could not be looked into: it may lie there too.
    package static func unwatched(named name: String, in site: Site) throws -> (lines: [String], unreadable: [String]) {
        let feeds = try site.liveState().bundle.library.feeds
        let inbox = RawPath(site.path(site.configuration.inbox)), watched = Set(feeds.map { FileName($0.folder) })
        var lines: [String] = [], unreadable: [(folder: String, line: String)] = []
        func note(_ folder: String, _ failure: IntakeFailure) {
            // One that is not there holds nothing.
            if failure.cause == .system(ENOENT) || unreadable.contains(where: { $0.folder == folder }) { return }
            unreadable.append((folder, "\(LineText.name(folder)) cannot be looked into: \(failure)"))
        }
        var folders: [RawPath] = []
        do { folders = try FolderPeek(inbox).folders } catch { note(site.configuration.inbox, error) }
        for folder in [inbox] + folders.sorted(by: { FileName($0.name) < FileName($1.name) }) {
            let isInbox = folder == inbox, told = LineText.name(isInbox ? name : "\(folder.name)/\(name)"), kind: RawPath.Kind?
            do { kind = try folder.appending(name).kind() } catch {
                note(isInbox ? site.configuration.inbox : folder.name, error)
                continue
            }
            let isWatched = folder.isText && watched.contains(FileName(folder.name))
            switch kind {
            case .file where isInbox: lines.append("\(told) lies in the inbox itself: files belong into the folder of a feed")
            case .file where !isWatched:
                lines.append("\(told) lies there, but no live feed has that folder; a feed that is only in Mappings/feeds begins with its change request")
            case .file where !Sighting.isCandidate(name):
                lines.append("\(told) is not looked at: its name begins with a dot or ends in ~, .tmp, .part, .filepart or .crdownload")
            case .link where isWatched: lines.append("\(told) is a link, and links are not looked at")
            default: break
            }
        }
        for feed in feeds {
            let listing: FolderListing
            do { listing = try Folder.list(site.dropFolder(of: feed), depth: depthMax) } catch {
                note(feed.folder, error)
                continue
            }
            let depth = feed.subfolderDepth == 0 ? "into no folders" : "\(feed.subfolderDepth) folders deep"
            for file in listing.files where file.name.hasSuffix("/\(name)") && file.name.utf8.count(where: { $0 == UInt8(ascii: "/") }) > feed.subfolderDepth {
                lines.append("\(LineText.name("\(feed.folder)/\(file.name)")) lies there, but feed \(feed.feed) looks \(depth) (`subfolders`)")
            }
            for passedOver in listing.passedOver { if let failure = passedOver.failure { note("\(feed.folder)/\(passedOver.name)", failure) } }
        }
        return (lines, unreadable.map(\.line))
    }

    /// How deep a file is looked for that lies deeper than its feed looks.
    private static let depthMax = 64
}
