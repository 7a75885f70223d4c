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
        /// Seconds since 1970 of its last write, where the server told them.
        var modified: Int64?
    }

    /// What a look at the server found.
    struct Look {
        var ready: [Ready] = []
        /// When (monotonic milliseconds) another file is whole with nothing happening to it.
        var next: Int?
        /// Whether there are files that were not asked about.
        var isCut = false
    }

    /// Lists the folder, and finds the files that are whole.
    mutating func look(_ open: [RemoteFile]) throws -> Look {
        // What is seen from now on is weighed as of now, and what has changed as of the end of the look: between two looks at a file lies all of its quiet time,
        // however long the server takes to answer.
        let begun = clock.monotonicMilliseconds()
        let listing = try server.list(pull.folder)
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
        var files: [RemoteListing.File] = []
        for file in listing.files {
            if let known = pulled[RemotePath.of(file.name, in: pull.folder)], try isStill(known, file) {
                if names.matches(file.name) { waits(file.name, "was pulled as \(known.localName), and is to be taken away: \(known.reason ?? "at the next round")") }
                continue
            }
            files.append(file)
        }
        if !refused.isEmpty { refused.formIntersection(files.map(\.name)) }
        var look = Look()
        try lookAtClaims(open, begun, &look)
        let folder = pull.folder
        func place(_ name: String) -> String { RemotePath.of(name, in: folder) }
        let seen = try sight(files, &look, place)
        settling.saw(seen.exact, coarse: seen.coarse, at: clock.monotonicMilliseconds())
        let verdicts = settling.verdicts(at: begun).filter { Sighting.isCandidate($0.name) && names.matches($0.name) }
        weigh(verdicts, seen, &look, place)
        return look
    }

    /// Whether what is listed is the file that was pulled; where another one has its name, that is written down and the name is free for it.
    private func isStill(_ known: RemoteFile, _ file: RemoteListing.File) throws -> Bool {
        if file.size == Int(known.size), file.stamp == known.stamp { return true }
        var known = known
        // The words change with the age of a file alone; size and time do not.
        if file.size == Int(known.size), let status = try look(at: known.place), status.size == file.size, let modified = known.modified, status.modified == modified {
            known.stamp = file.stamp
            try write([known])
            return true
        }
        known.status = .superseded
        known.finishedAt = clock.now()
        try write([known])
        return false
    }

    /// Whether a listing still tells the time of a file in the same words, where the server tells it in no other way; yes where the listing does not have it.
    func hasStamp(_ stamp: String, at place: String) throws(TransferFailure) -> Bool {
        guard let slash = place.lastIndex(of: "/") else { return true }
        let folder = String(place[..<slash]), name = FileName(String(place[place.index(after: slash)...]))
        let listed = try server.list(folder.isEmpty ? "/" : folder).files.first { FileName($0.name) == name }
        return listed.map { $0.stamp == stamp } ?? true
    }

    func write(_ files: [RemoteFile]) throws {
        guard !files.isEmpty else { return }
        try store.driver.write { session in for file in files { try Store.update(file, in: session) } }
    }

    // MARK: - Sightings

    /// Files as they were seen in one look.
    private struct Seen {
        var files: [String: RemoteListing.File] = [:]
        var exact: [Sighting] = []
        var coarse: [Sighting] = []

        mutating func add(_ file: RemoteListing.File, isCoarse: Bool = false) {
            files[file.name] = file
            // Times are only compared: seconds do where a folder of this machine has nanoseconds.
            let sighting = Sighting(
                name: file.name, identity: FileIdentity(device: 0, inode: 0, size: file.size, modified: Self.mark(of: file.stamp)), changed: file.modified ?? 0)
            if isCoarse { coarse.append(sighting) } else { exact.append(sighting) }
        }

        /// A number that differs where the server's words for a time do (FNV-1a).
        private static func mark(of stamp: String) -> Int64 {
            var hash: UInt64 = 0xcbf2_9ce4_8422_2325
            for byte in stamp.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            return Int64(bitPattern: hash)
        }
    }

    /// Files as they are sighted. A listing like that of `ls -l` tells minutes, in which a file can be written to and keep its size: the server is asked for the
    /// seconds of each file that may be taken, for so many in one look. Those behind are not seen, and come when the first are gone.
    private mutating func sight(_ files: [RemoteListing.File], _ look: inout Look, _ place: (String) -> String) throws -> Seen {
        var seen = Seen(), asked: [RemoteListing.File] = []
        for file in files { if needsSeconds(file) { asked.append(file) } else { seen.add(file) } }
        asked.sort { left, right in
            // Those that the server did not give come last: they keep no others away.
            let isLeftRefused = refused.contains(left.name), isRightRefused = refused.contains(right.name)
            return isLeftRefused == isRightRefused ? FileName(left.name) < FileName(right.name) : isRightRefused
        }
        for var file in asked.prefix(askedMax) {
            guard let status = try server.status(of: place(file.name), known: file) else { continue }
            file.size = status.size
            file.modified = status.modified
            seen.add(file, isCoarse: status.modified == nil)
        }
        for file in asked.dropFirst(askedMax) {
            look.isCut = true
            waits(file.name, "the server is asked about \(askedMax) files in one look, and others come before it")
        }
        return seen
    }

    /// Whether a file that may be taken hangs on a time that the listing does not tell: no marker says that it is whole, and no size that it is not.
    private func needsSeconds(_ file: RemoteListing.File) -> Bool {
        pull.pull.done == nil && file.modified == nil && (1...pull.pull.fileBytesMax).contains(file.size) && Sighting.isCandidate(file.name) && names.matches(file.name)
    }

    /// Adds what is ready, and says of the others what they wait for.
    private mutating func weigh(_ verdicts: [(name: String, verdict: Settling.Verdict)], _ seen: Seen, _ look: inout Look, _ place: (String) -> String) {
        for (name, verdict) in verdicts {
            guard let file = seen.files[name] else { continue }
            guard file.size <= pull.pull.fileBytesMax else {
                waits(
                    name, "it has \(file.size) bytes, more than \(pull.pull.fileBytesMax)", isTrouble: true,
                    hint: "raise fileBytesMax of the pull, or ask the sender to split the file")
                continue
            }
            switch verdict {
            case .waiting(let reason, let until):
                waits(name, reason)
                if let until { look.next = min(look.next ?? .max, until) }
            case .ready, .gaveUp:
                look.ready.append(Ready(name: name, place: place(name), size: file.size, stamp: file.stamp, modified: file.modified))
            }
        }
    }

    // MARK: - Claims

    /// What is put behind the name of a file that this site has claimed: nobody else claims under the same name.
    private func claimMark() throws -> String {
        let first = try store.driver.read { try Store.entry(at: 0, in: $0) }
        return ".\((first?.hash.hex ?? "none").prefix(12))"
    }

    /// Looks for files that were claimed and not pulled. They settle anew: who writes to a file goes on when it is renamed.
    private mutating func lookAtClaims(_ open: [RemoteFile], _ begun: Int, _ look: inout Look) throws {
        guard let claim = pull.claim else { return }
        let mark = try claimMark(), known = Set(open.map(\.place))
        func place(_ name: String) -> String { RemotePath.of(name + mark, in: claim) }
        let files = try server.list(claim).files.compactMap { file -> RemoteListing.File? in
            guard file.name.hasSuffix(mark), !known.contains(RemotePath.of(file.name, in: claim)) else { return nil }
            var file = file
            file.name = String(file.name.dropLast(mark.count))
            return file
        }
        guard pull.pull.done == nil else {
            // A marker said of them that they are whole.
            look.ready += files.map { Ready(name: $0.name, place: place($0.name), size: $0.size, stamp: $0.stamp, modified: $0.modified) }
            return
        }
        let seen = try sight(files, &look, place)
        claims.saw(seen.exact, coarse: seen.coarse, at: clock.monotonicMilliseconds())
        weigh(claims.verdicts(at: begun), seen, &look, place)
    }

    /// Renames a file into the folder of claims; nil where somebody else was faster. What the server says of the rename is not asked: the two names decide.
    func claim(_ file: Ready) throws -> Ready? {
        guard let claim = pull.claim, file.place == RemotePath.of(file.name, in: pull.folder) else { return file }
        var claimed = file
        claimed.place = RemotePath.of(file.name + (try claimMark()), in: claim)
        guard try look(at: claimed.place) == nil else { return nil }
        var failure: TransferFailure?
        do throws(TransferFailure) { try server.rename(file.place, to: claimed.place) } catch { failure = error }
        if try look(at: claimed.place) != nil {
            try removeMarker(of: file.name, isClaimed: true)
            return claimed
        }
        guard let failure, try look(at: file.place) != nil else { return nil }
        throw failure
    }
}
