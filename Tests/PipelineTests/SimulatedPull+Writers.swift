/// Who puts files into the folder of the server, in every way that is seen in the field.
extension SimulatedPull {
    enum Event {
        case begin
        case write(Writing)
        case mark(String)
        case withdraw(Int)
        case deny
        case clock
    }

    /// A file that somebody is writing piece by piece.
    final class Writing {
        let node: Node
        let name: String
        let bytes: [UInt8]
        var done = 0
        /// Whether all of it is there from the beginning, as zeros.
        let isLaidOut: Bool
        /// What the time of its last write is set to in the end.
        let time: Int64?

        init(_ node: Node, _ name: String, _ bytes: [UInt8], isLaidOut: Bool, time: Int64?) {
            (self.node, self.name, self.bytes, self.isLaidOut, self.time) = (node, name, bytes, isLaidOut, time)
        }
    }

    var serverSeconds: Int64 { Int64((1_700_000_000_000 + time + ahead) / 1_000) }

    func begin() {
        if let moved = way.moved {
            for number in 0..<pick(0...3) {
                older.append(("\(moved)/f\(number).edi", Array("older \(number)".utf8)))
                files["\(moved)/f\(number).edi"] = Node(Array("older \(number)".utf8), at: 1_400_000_000)
            }
        }
        add(.begin, after: 0)
        if troubles.denies { add(.deny, after: pick(0...60_000)) }
        if troubles.clockJumps { add(.clock, after: pick(0...60_000)) }
    }

    /// From now on nobody begins another file, and nothing goes wrong.
    func calm() {
        isCalm = true
        isDenied = false
    }

    func happen(_ event: Event) {
        switch event {
        case .begin:
            guard !isCalm else { return }
            write()
            add(.begin, after: pick(1...25_000))
        case .write(let writing): writeOn(writing)
        case .mark(let name):
            busy.remove(name)
            let marker = Node([], at: serverSeconds)
            marker.isMarker = true
            files["\(way.from)/\(name).ok"] = marker
        case .withdraw(let version):
            let path = "\(way.from)/\(versions[version].name)"
            guard !isCalm, let node = files[path], node.version == version, !node.isWritten else { return }
            tell("withdraw \(path)")
            replaced(node)
            files[path] = nil
        case .deny:
            isDenied = !isCalm && !isDenied
            if !isCalm { add(.deny, after: pick(1_000...30_000)) }
        case .clock:
            guard !isCalm else { return }
            offset += chance(1, in: 5) ? 200 * 86_400_000 : pick(-3_600_000...3_600_000)
            // One that is put back can tell a time twice, by which nobody could know one file from another.
            ahead += chance(1, in: 5) ? 200 * 86_400_000 : pick(0...3_600_000)
            add(.clock, after: pick(5_000...60_000))
        }
    }

    /// The longest pause of a writer. Servers tell seconds: two writes within one are one to who looks.
    private var pauseMax: Int { way.isMarked ? 10_000 : quiet - 1_100 }

    private func write() {
        let name = "f\(pick(0...3)).edi", path = "\(way.from)/\(name)", there = files[path]
        if there?.isWritten == true { return }
        // Who works with markers uses a name again once the file and its marker are gone.
        if way.isMarked, there != nil || files[path + ".ok"] != nil || !busy.insert(name).inserted { return }
        begun += 1
        // Half of them are of one size; not where neither a time nor a quiet minute tells one from another.
        let isBlind = way.isMarked && times == .minutes, size = isBlind ? 12 + begun : chance(1, in: 2) ? 40 : pick(12...70), head = Array("v\(begun):".utf8)
        let bytes = head + (head.count..<size).map { UInt8(ascii: "a") + UInt8(($0 + begun) % 26) }
        // Some have the time of a write that was long before, each another.
        let old: Int64? = chance(1, in: 4) ? 1_500_000_000 + Int64(begun) * 7_201 : nil
        tell("write \(name) \(size)")
        replaced(there)
        switch isBlind ? 0 : pick(0...4) {
        case 0, 1:
            // Under a name that nobody looks at, and then renamed: another file than before.
            let node = Node(bytes, at: old ?? serverSeconds)
            files[path] = node
            finish(node, name, bytes)
        case 2:
            // In place, at once.
            let node = there ?? Node([], at: 0)
            (node.bytes, node.modified) = (bytes, serverSeconds)
            files[path] = node
            finish(node, name, bytes)
        default:
            let node = there ?? Node([], at: 0), isLaidOut = chance(1, in: 3)
            (node.bytes, node.modified) = (isLaidOut ? [UInt8](repeating: 0, count: size) : [], serverSeconds)
            node.isWritten = true
            files[path] = node
            add(.write(Writing(node, name, bytes, isLaidOut: isLaidOut, time: old)), after: pick(1...pauseMax))
        }
    }

    private func writeOn(_ writing: Writing) {
        let node = writing.node, next = min(writing.bytes.count, writing.done + pick(1...20)), piece = writing.bytes[writing.done..<next]
        if writing.isLaidOut { node.bytes.replaceSubrange(writing.done..<next, with: piece) } else { node.bytes += piece }
        node.modified = serverSeconds
        writing.done = next
        guard next == writing.bytes.count else { return add(.write(writing), after: pick(1...pauseMax)) }
        if let time = writing.time { node.modified = time }
        node.isWritten = false
        finish(node, writing.name, writing.bytes)
    }

    private func finish(_ node: Node, _ name: String, _ bytes: [UInt8]) {
        node.version = versions.count
        whole[bytes] = versions.count
        versions.append(Version(name: name, bytes: bytes))
        counts.versions += 1
        if way.isMarked {
            add(.mark(name), after: pick(0...5_000))
        } else if chance(1, in: 12) {
            add(.withdraw(versions.count - 1), after: pick(1...20_000))
        }
    }

    /// Its writer puts something else in its place, or takes it back.
    private func replaced(_ node: Node?) {
        guard let version = node?.version else { return }
        versions[version].isLeft = false
        node?.version = nil
    }
}
