import Diagnostics
import Formats
import FoundationEssentials
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
    package static func unwatched(named name: String, in site: Site) throws -> [String] {
        let inbox = site.path(site.configuration.inbox)
        let watched = Set(try site.liveState().bundle.library.feeds.map(\.folder))
        var lines: [String] = []
        for folder in [""] + (try FileManager.default.contentsOfDirectory(atPath: inbox).sorted()) {
            guard FileManager.default.fileExists(atPath: "\(inbox)/\(folder)/\(name)") else { continue }
            if folder.isEmpty {
                lines.append("\(LineText.name(name)) lies in the inbox itself: files belong into the folder of a feed")
            } else if !watched.contains(folder) {
                lines.append("\(LineText.name("\(folder)/\(name)")) lies there, but no live feed has that folder; a feed that is only in Mappings/feeds begins with its change request")
            } else if !Sighting.isCandidate(name) {
                lines.append("\(LineText.name("\(folder)/\(name)")) is not looked at: its name begins with a dot or ends in ~, .tmp, .part, .filepart or .crdownload")
            } else if (try? FileManager.default.destinationOfSymbolicLink(atPath: "\(inbox)/\(folder)/\(name)")) != nil {
                lines.append("\(LineText.name("\(folder)/\(name)")) is a link, and links are not looked at")
            }
        }
        for feed in try site.liveState().bundle.library.feeds {
            let deeper = FolderTree(site.dropFolder(of: feed), hidden: false, follows: false)
            try deeper.forEachFile({ path in
                guard path.hasSuffix("/\(name)"), path.utf8.count(where: { $0 == UInt8(ascii: "/") }) > feed.subfolderDepth else { return }
                let depth = feed.subfolderDepth == 0 ? "into no folders" : "\(feed.subfolderDepth) folders deep"
                lines.append("\(LineText.name("\(feed.folder)/\(path)")) lies there, but feed \(feed.feed) looks \(depth) (`subfolders`)")
            }, passedOver: { _, _ in })
        }
        return lines
    }
}
