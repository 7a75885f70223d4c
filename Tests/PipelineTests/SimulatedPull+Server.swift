import Pipeline
import Transfers

/// The server as the pull sees it. Between any two things that it is asked, and between two blocks of a file, writers go on with theirs.
///
/// Only between the look at a file and what is done to it right after that does nothing happen: no protocol closes this gap, and docs/transports.md says so.
extension SimulatedPull: PullServer {
    func list(_ folder: String) throws(TransferFailure) -> RemoteListing {
        let listing = try perform("list \(folder)") { () throws(TransferFailure) in
            var listing = RemoteListing()
            for path in files.keys.filter({ $0.hasPrefix(folder + "/") }).sorted() {
                guard let node = files[path] else { continue }
                listing.files.append(RemoteListing.File(
                    name: String(path.dropFirst(folder.count + 1)), size: node.bytes.count, stamp: stamp(of: node), modified: times == .listed ? node.modified : nil))
            }
            return listing
        }
        lastLook = folder
        return listing
    }

    func status(of path: String, known: RemoteListing.File?) throws(TransferFailure) -> RemoteClient.Status? {
        let status = try perform("look \(path)") { () throws(TransferFailure) in
            files[path].map { RemoteClient.Status(size: $0.bytes.count, modified: times == .minutes ? nil : $0.modified + zone) }
        }
        lastLook = path
        return status
    }

    func download(_ path: String, _ sink: (UnsafeRawBufferPointer) -> Bool) throws(TransferFailure) -> Int {
        let node = try perform("get \(path)") { () throws(TransferFailure) in
            try admit("get \(path)")
            return try lying(at: path)
        }
        var at = 0
        while at < node.bytes.count {
            let block = Array(node.bytes[at..<min(at + 16, node.bytes.count)])
            at += block.count
            guard block.withUnsafeBytes({ sink($0) }) else { throw TransferFailure(.oversizedResponse(status: 0), "more came than was asked for") }
            pass(latency())
            try mayEnd("block")
        }
        return at
    }

    func rename(_ path: String, to other: String) throws(TransferFailure) {
        try perform("rename \(path) \(other)", acting: path) { () throws(TransferFailure) in
            let node = try lying(at: path)
            try admit("rename \(path)")
            if files[other] != nil {
                fault("\(path) is renamed to \(other), where another file lies")
                guard replacesOnRename else { throw TransferFailure(.denied, "\(other) is there") }
            }
            if let moved = way.moved, other.hasPrefix(moved + "/") { checkLeaves(node, path) }
            files[path] = nil
            files[other] = node
        }
    }

    func remove(_ path: String) throws(TransferFailure) {
        try perform("remove \(path)", acting: path) { () throws(TransferFailure) in
            let node = try lying(at: path)
            try admit("remove \(path)")
            if !node.isMarker { checkLeaves(node, path) }
            files[path] = nil
        }
    }

    // MARK: - The wire

    /// Does something, or not, and gives the answer, or not.
    ///
    /// - Parameter path: what is changed.
    private func perform<Result>(_ what: String, acting path: String? = nil, _ body: () throws(TransferFailure) -> Result) throws(TransferFailure) -> Result {
        guard !isDead else { throw TransferFailure(.cancelled, "killed") }
        let isSeen = path.map { lastLook == $0 || lastLook == folder(of: $0) } ?? false
        if !isSeen { pass(latency()) }
        lastLook = nil
        try mayEnd(what)
        tell("\(what) \(time)")
        let result = try body()
        if !isCalm, chance(troubles.cuts, in: 1_000) {
            counts.lostAnswers += 1
            throw TransferFailure(.interrupted, "the answer was lost")
        }
        mayDie()
        guard !isDead else { throw TransferFailure(.cancelled, "killed") }
        return result
    }

    private func mayEnd(_ what: String) throws(TransferFailure) {
        mayDie()
        guard !isDead else { throw TransferFailure(.cancelled, "killed") }
        guard !isCalm, chance(troubles.cuts, in: 1_000) else { return }
        counts.cuts += 1
        throw TransferFailure(.interrupted, "cut before \(what)")
    }

    private func admit(_ what: String) throws(TransferFailure) {
        if isDenied, chance(1, in: 2) { throw TransferFailure(.denied, "no right to \(what)") }
    }

    private func lying(at path: String) throws(TransferFailure) -> Node {
        guard let node = files[path] else { throw TransferFailure(.notFound, "there is no \(path)") }
        return node
    }

    private func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "" }

    private func latency() -> Int { !isCalm && chance(1, in: 40) ? pick(1_000...15_000) : pick(0...150) }

    /// The time of a file in a listing: its seconds, or the words of `ls -l`, which tell the day where it is long ago.
    private func stamp(of node: Node) -> String {
        guard times != .listed else { return "\(node.modified)" }
        return serverSeconds - node.modified > 180 * 86_400 && times == .asked ? "day \(node.modified / 86_400)" : "minute \(node.modified / 60)"
    }

    /// What leaves the folder has to be here, whole, under a name that the disk knows.
    private func checkLeaves(_ node: Node, _ path: String) {
        guard let version = whole[node.bytes] else { return fault("\(path) is taken away, which is not whole: \(text(node.bytes))") }
        if versions[version].taken == 0, !isHere(node.bytes) { fault("\(path) is taken away, and its \(text(node.bytes)) is not here") }
    }
}
