import Formats
import Intake
import Mapping

/// A file that lies in a drop folder, with what it waits for as far as that can be seen from outside the daemon.
package struct WaitingFile: Sendable {
    package let feed: String
    package let reason: String

    /// Every file of a name that lies in a drop folder.
    package static func all(named name: String, in site: Site) throws -> [WaitingFile] {
        var found: [WaitingFile] = []
        for feed in try site.liveState().bundle.library.feeds {
            let folder = "\(site.path(site.configuration.inbox))/\(feed.folder)"
            let sightings = try Folder.scan(folder)
            guard sightings.contains(where: { $0.name == name }) else { continue }
            var settling = Settling(policy: feed.settlingPolicy)
            let now = SystemClock.monotonicMilliseconds()
            settling.saw(sightings, at: now)
            if settling.toProbe.contains(name) {
                let (head, tail) = try Folder.ends(of: "\(folder)/\(name)", window: 4096)
                settling.probed(name, feed.probe.probe(head: head, tail: tail))
            }
            let reason: String =
                switch settling.verdict(on: name, at: now) {
                case .ready(let why): "\(why); the daemon takes it at its next look"
                case .waiting(let why, _): "\(why), counted from when the daemon first saw it so"
                case .gaveUp(let why): why
                case nil: "it only marks another file as done"
                }
            found.append(WaitingFile(feed: feed.feed, reason: reason))
        }
        return found
    }
}
