import Formats
import Glibc
import Intake
package import Mapping
import Store
import Synchronization
import Values

/// What lies in the drop folders: which files are whole, in the order in which they are taken, and when a folder is to be looked into again.
///
/// A folder is looked into where something happened in it, or where a file in it has waited long enough, and not before all that was found whole is taken: so a
/// folder of 100,000 files is listed once.
package struct Inbox {
    /// Folders in which something happened, as other tasks tell.
    final class Touched: Sendable {
        private let folders = Mutex<Set<String>>([])

        func add(_ names: some Sequence<String>) { folders.withLock { $0.formUnion(names) } }

        /// Taken out before they are looked into: what happens meanwhile is seen next time.
        fileprivate func take() -> Set<String> {
            folders.withLock { folders in
                defer { folders = [] }
                return folders
            }
        }
    }

    let touched = Touched()
    private let site: Site
    private var settling: [String: Settling] = [:]
    private var ready: [String: ArraySlice<FileFlow.ReadyFile>] = [:]
    private var unlooked: Set<String> = []
    /// Feeds that have files which are soon whole.
    private var unsettled: Set<String> = []
    /// When (monotonic milliseconds) a feed is looked at although nothing happened in its folder.
    private var nextLooks: [String: Int] = [:]
    /// What was told of things that are passed over, by feed.
    private var told: [String: Set<FolderListing.PassedOver>] = [:]
    /// What was told of drop folders that cannot be looked into.
    private(set) var toldFolders: [String: IntakeFailure] = [:]
    private var toldRefused: [String: Set<FolderListing.PassedOver>] = [:]
    /// Files that could not be taken, by feed and name.
    private var pauses: [String: [FileName: Pause]] = [:]
    /// Of those the ones that have gone since that was asked last.
    private var gone: [(name: String, feed: String)] = []

    private struct Pause {
        /// When it is tried again (monotonic milliseconds).
        var until: Int
        /// How often it was tried.
        var tries: Int
        let identity: FileIdentity
    }

    /// Files that are taken together, of at most ``FileFlow/joinedBytesMax`` bytes in all: what comes meanwhile, and what is due, waits no longer than that takes.
    private static let groupMax = 64
    /// Files that are whole within this time are waited for by who works until all is drained.
    private static let soonMilliseconds = 15_000

    package init(_ site: Site) { self.site = site }

    /// Every folder of some feeds, once.
    func folders(of feeds: [FeedDefinition]) -> [String] { Set(feeds.map { site.dropFolder(of: $0) }).sorted() }

    /// How deep those are looked into that are looked into deeper than themselves.
    func depths(of feeds: [FeedDefinition]) -> [String: Int] {
        Dictionary(feeds.filter { $0.subfolderDepth > 0 }.map { (site.dropFolder(of: $0), $0.subfolderDepth) }, uniquingKeysWith: max)
    }

    /// Whether files that were found whole are left.
    var hasReady: Bool { ready.contains { !$0.value.isEmpty } }

    /// When the next folder is to be looked into although nothing happens.
    var nextLook: Int? { nextLooks.values.min() }

    /// Whether a feed has files that are soon whole, or could not be looked at.
    func isUnsettled(_ feed: FeedDefinition) -> Bool { unsettled.contains(feed.feed) }

    /// Looks at every folder anew: what was found whole may be so no more, and feeds may be others.
    package mutating func lookAnew(_ feeds: [FeedDefinition]) {
        (ready, nextLooks, unsettled) = ([:], [:], [])
        unlooked = Set(feeds.map(\.feed))
        let policies = Dictionary(feeds.map { ($0.feed, $0.settlingPolicy) }, uniquingKeysWith: { first, _ in first })
        settling = settling.filter { policies[$0.key] == $0.value.policy }
        for feed in pauses.keys.filter({ policies[$0] == nil }) { forget(pauses[feed, default: [:]].keys, of: feed) }
    }

    /// Takes in what other tasks told.
    mutating func noteTouched(_ feeds: [FeedDefinition]) {
        let folders = touched.take()
        guard !folders.isEmpty else { return }
        for feed in feeds where folders.contains(site.dropFolder(of: feed)) { unlooked.insert(feed.feed) }
    }

    package mutating func lookAgain(at feed: FeedDefinition) {
        unlooked.insert(feed.feed)
        // None of those behind it may pass one that failed.
        if feed.isInSequence { ready[feed.feed] = nil }
    }

    /// Looks into the folder of a feed where that is needed, and gives the files that are taken together next.
    ///
    /// - Parameter events: told of files that are taken though they are not whole, and of a folder that cannot be read: that is trouble of its feed
    ///   alone, and the folder is made again where that is possible.
    package mutating func nextGroup(of feed: FeedDefinition, events: EventHandler) -> ArraySlice<FileFlow.ReadyFile> {
        if ready[feed.feed, default: []].isEmpty { look(at: feed, events) }
        var bytes = 0
        let queue = ready[feed.feed, default: []]
        let group = queue.prefix(Self.groupMax).prefix { file in
            defer { bytes += file.identity.size }
            return bytes == 0 || bytes + file.identity.size <= Int(FileFlow.joinedBytesMax)
        }
        ready[feed.feed] = queue.dropFirst(group.count)
        return group
    }

    /// A file is not in its folder any more.
    mutating func took(_ name: String, of feed: FeedDefinition) {
        settling[feed.feed]?.took(name)
        pauses[feed.feed]?[FileName(name)] = nil
    }

    /// A file is tried again after a time. Gives how often it was tried.
    ///
    /// - Parameter isItsOwn: whether the failure is of the file itself and counts.
    @discardableResult
    package mutating func pause(_ file: FileFlow.ReadyFile, of feed: FeedDefinition, milliseconds: Int, isItsOwn: Bool) -> Int {
        let name = FileName(file.name), until = SystemClock.monotonicMilliseconds() + milliseconds
        let tries = (pauses[feed.feed]?[name]?.tries ?? 0) + (isItsOwn ? 1 : 0)
        pauses[feed.feed, default: [:]][name] = Pause(until: until, tries: tries, identity: file.identity)
        nextLooks[feed.feed] = min(nextLooks[feed.feed] ?? .max, until)
        return tries
    }

    /// Whether a file is to be tried again.
    package func isPaused(_ name: String, of feed: FeedDefinition) -> Bool { pauses[feed.feed]?[FileName(name)] != nil }

    /// Whether a feed has files that could not be taken.
    func hasPaused(_ feed: String) -> Bool { pauses[feed]?.isEmpty == false }

    /// Files that could not be taken and are not there any more, or are others by now, each once.
    package mutating func takeGone() -> [(name: String, feed: String)] {
        defer { gone = [] }
        return gone
    }

    /// Forgets files that could not be taken and are not listed any more as they were. Another one of that name is tried as any.
    private mutating func forgetGone(_ listed: [Sighting], of feed: String) {
        guard let paused = pauses[feed], !paused.isEmpty else { return }
        let there = Dictionary(listed.map { (FileName($0.name), $0.identity) }, uniquingKeysWith: { first, _ in first })
        forget(paused.filter { there[$0.key] != $0.value.identity }.keys, of: feed)
    }

    private mutating func forget(_ names: some Collection<FileName>, of feed: String) {
        for name in names {
            pauses[feed]?[name] = nil
            gone.append((name.text, feed))
        }
    }

    private mutating func look(at feed: FeedDefinition, _ events: EventHandler) {
        let folder = site.dropFolder(of: feed)
        var settled = settling[feed.feed] ?? Settling(policy: feed.settlingPolicy)
        if unlooked.contains(feed.feed) {
            do {
                let listing = try Folder.list(folder, depth: feed.subfolderDepth)
                settled.saw(listing.files, at: SystemClock.monotonicMilliseconds())
                forgetGone(listing.files, of: feed.feed)
                tell(listing.passedOver, feed, events)
                unlooked.remove(feed.feed)
                toldFolders[folder] = nil
            } catch {
                // One that is gone is made again and looked into; for one that cannot be made nobody waits.
                var trouble = error
                do {
                    try Folder.make(folder)
                    if case .system(ENOENT) = error.cause { unsettled.insert(feed.feed) } else { unsettled.remove(feed.feed) }
                } catch {
                    trouble = error
                    unsettled.remove(feed.feed)
                }
                if toldFolders.updateValue(trouble, forKey: folder) != trouble { events(.trouble(subject: folder, cause: trouble.fact, hint: trouble.hint)) }
                return
            }
        } else if (nextLooks[feed.feed] ?? .max) > SystemClock.monotonicMilliseconds() {
            return
        }
        tellRefused(settled.look(at: settled.toProbe, in: folder, of: feed), feed, events)
        settling[feed.feed] = settled
        list(settled, feed, events)
    }

    /// Tells once of what lies there and is passed over.
    private mutating func tell(_ passedOver: [FolderListing.PassedOver], _ feed: FeedDefinition, _ events: EventHandler) {
        for one in passedOver where told[feed.feed]?.contains(one) != true {
            events(.trouble(subject: "\(feed.folder)/\(one.name)", cause: one.reason, hint: "rename it, or take it away; it is not taken, and keeps no other waiting"))
        }
        told[feed.feed] = passedOver.isEmpty ? nil : Set(passedOver)
    }

    /// Tells once of files that cannot be taken as they are.
    private mutating func tellRefused(_ refused: [FolderListing.PassedOver], _ feed: FeedDefinition, _ events: EventHandler) {
        for one in refused where toldRefused[feed.feed]?.contains(one) != true {
            events(.trouble(subject: "\(feed.folder)/\(one.name)", cause: one.reason, hint: "let the daemon read it, or ask its sender to split it; it is looked at again every now and then"))
        }
        toldRefused[feed.feed] = refused.isEmpty ? nil : Set(refused)
    }

    /// Files of a group that were not tried come first in the next one.
    mutating func putBack(_ files: some Collection<FileFlow.ReadyFile>, of feed: FeedDefinition) { ready[feed.feed] = Array(files)[...] + ready[feed.feed, default: []] }

    private mutating func list(_ settled: Settling, _ feed: FeedDefinition, _ events: EventHandler) {
        let now = SystemClock.monotonicMilliseconds(), instant = SystemClock.now()
        var found: [FileFlow.ReadyFile] = []
        unsettled.remove(feed.feed)
        var nextLook = settled.nextLook(after: now)
        files: for (name, verdict) in settled.verdicts(at: now) {
            switch verdict {
            case .waiting(_, let until):
                if let until, until - now <= Self.soonMilliseconds { unsettled.insert(feed.feed) }
                continue
            case .gaveUp(let reason): events(.fileGivenUp(feed: feed.feed, name: name, reason: reason))
            case .ready: break
            }
            if let paused = pauses[feed.feed]?[FileName(name)], paused.until > now {
                nextLook = min(nextLook ?? .max, paused.until)
                if feed.isInSequence { break files }
                continue
            }
            guard let seen = settled.seen(name) else { continue }
            let firstSeenAt = Instant(storeNanoseconds: instant.storeNanoseconds - Int64(now - seen.first) * 1_000_000)
            found.append(FileFlow.ReadyFile(name: name, identity: seen.identity, firstSeenAt: firstSeenAt))
        }
        ready[feed.feed] = found[...]
        nextLooks[feed.feed] = nextLook
    }
}

extension Settling {
    /// How many bytes of either end of a file its probe is given.
    private static let probeWindow = 4096

    /// Asks the format of files, and whether somebody has them open for writing. Gives those that cannot be taken as they are, each with why.
    mutating func look(at names: [String], in folder: String, of feed: FeedDefinition) -> [FolderListing.PassedOver] {
        var refusals: [FolderListing.PassedOver] = []
        for name in names {
            do {
                let ends = try Folder.ends(of: "\(folder)/\(name)", window: Self.probeWindow)
                probed(name, feed.probe.probe(head: ends.head, tail: ends.tail), isOpen: ends.isOpen)
            } catch {
                // It is looked at again with the next change or rescan.
                refusals.append(.init(name: name, reason: "cannot be read: \(error)"))
            }
        }
        refusals += self.names(largerThan: Spool.fileBytesMax).map { .init(name: $0, reason: "has more than \(Spool.fileBytesMax) bytes, the most that is taken") }
        for refusal in refusals { refused(refusal.name, refusal.reason) }
        return refusals
    }
}
