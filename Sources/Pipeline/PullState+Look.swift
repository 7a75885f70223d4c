import ChangeControl
import Intake
import Store
import Transfers
import Values

extension PullState {
    /// A file that is whole, on the server.
    struct Ready {
        var name: String
        /// Where it lies.
        var place: String
        var size: Int
        var stamp: String
    }

    /// Lists the folder, and gives the files that are whole and the time (monotonic milliseconds) at which another one is.
    mutating func look(_ open: [RemoteFile]) throws -> (ready: [Ready], next: Int?) {
        let listing = try client.list(pull.folder)
        if listing.isCut {
            tell(pull.name, "the folder has more than \(pull.pull.namesMax) files: those behind are not looked at", hint: "raise namesMax, or let the partner clear the folder")
        }
        if listing.unreadCount > 0 {
            tell(
                pull.name, "\(listing.unreadCount) lines of the listing are no file that can be asked for, such as \(listing.unread.first ?? "")",
                hint: "names must be UTF-8 without control characters")
        }
        var pulled: [String: RemoteFile] = [:]
        for file in open where file.place == RemotePath.of(file.name, in: pull.folder) { pulled[file.place] = file }
        var files: [String: RemoteListing.File] = [:], sightings: [Sighting] = []
        for file in listing.files {
            if let known = pulled[RemotePath.of(file.name, in: pull.folder)], try isStill(known, file) {
                if names.matches(file.name) { waits(file.name, "was pulled as \(known.localName), and is to be taken away: \(known.reason ?? "at the next round")") }
                continue
            }
            files[file.name] = file
            sightings.append(Sighting(name: file.name, identity: FileIdentity(device: 0, inode: 0, size: file.size, modified: Self.mark(of: file.stamp))))
        }
        let now = SystemClock.monotonicMilliseconds()
        settling.saw(sightings, at: now)
        var ready = try claimed(open), next: Int?
        for (name, verdict) in settling.verdicts(at: now) where Sighting.isCandidate(name) && names.matches(name) {
            guard let file = files[name] else { continue }
            guard file.size <= pull.pull.fileBytesMax else {
                waits(
                    name, "it has \(file.size) bytes, more than \(pull.pull.fileBytesMax)", isTrouble: true,
                    hint: "raise fileBytesMax of the pull, or ask the sender to split the file")
                continue
            }
            switch verdict {
            case .waiting(let reason, let until):
                waits(name, reason)
                if let until { next = min(next ?? .max, until) }
            case .ready, .gaveUp:
                ready.append(Ready(name: name, place: RemotePath.of(name, in: pull.folder), size: file.size, stamp: file.stamp))
            }
        }
        return (ready, next)
    }

    /// Whether what is listed is the file that was pulled; where another one has its name, that is written down and the name is free for it.
    private func isStill(_ known: RemoteFile, _ file: RemoteListing.File) throws -> Bool {
        if file.size == Int(known.size), file.stamp == known.stamp { return true }
        var known = known
        // The words change with the age of a file alone; size and time do not.
        if file.size == Int(known.size), let status = try client.status(of: known.place), status.size == file.size, let modified = known.modified, status.modified == modified {
            known.stamp = file.stamp
            try write([known])
            return true
        }
        known.status = .superseded
        known.finishedAt = SystemClock.now()
        try write([known])
        return false
    }

    func write(_ files: [RemoteFile]) throws {
        guard !files.isEmpty else { return }
        try site.store.driver.write { session in for file in files { try Store.update(file, in: session) } }
    }

    /// A number that differs where the server's words for a time do (FNV-1a).
    private static func mark(of stamp: String) -> Int64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in stamp.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        return Int64(bitPattern: hash)
    }

    // MARK: - Claims

    /// What is put behind the name of a file that this site has claimed: nobody else claims under the same name.
    private func claimMark() throws -> String {
        let first = try site.store.driver.read { try Store.entry(at: 0, in: $0) }
        return ".\((first?.hash.hex ?? "none").prefix(12))"
    }

    /// Files that were claimed and not pulled yet.
    private func claimed(_ open: [RemoteFile]) throws -> [Ready] {
        guard let claim = pull.claim else { return [] }
        let mark = try claimMark(), known = Set(open.map(\.place))
        return try client.list(claim).files.compactMap { file in
            guard file.name.hasSuffix(mark), !known.contains(RemotePath.of(file.name, in: claim)) else { return nil }
            return Ready(name: String(file.name.dropLast(mark.count)), place: RemotePath.of(file.name, in: claim), size: file.size, stamp: file.stamp)
        }
    }

    /// Renames a file into the folder of claims; nil where somebody else was faster. What the server says of the rename is not asked: the two names decide.
    func claim(_ file: Ready) throws -> Ready? {
        guard let claim = pull.claim, file.place == RemotePath.of(file.name, in: pull.folder) else { return file }
        var claimed = file
        claimed.place = RemotePath.of(file.name + (try claimMark()), in: claim)
        guard try client.status(of: claimed.place) == nil else { return nil }
        var failure: TransferFailure?
        do throws(TransferFailure) { try client.rename(file.place, to: claimed.place) } catch { failure = error }
        if try client.status(of: claimed.place) != nil { return claimed }
        guard let failure, try client.status(of: file.place) != nil else { return nil }
        throw failure
    }
}
