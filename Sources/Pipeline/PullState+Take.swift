import Intake
import Store
import Transfers
import Values

extension PullState {
    /// Files that are written down and taken away together.
    private static let groupMax = 64
    private static let groupBytesMax = 16 << 20

    /// Fetches files that are whole, and gives how many, and whether some were left for the next round. While intake is paused they stay where they are.
    mutating func take(_ ready: [Ready], into folder: String) throws -> (taken: Int, isCut: Bool) {
        let most = pull.pull.filesMax
        var group: [RemoteFile] = [], bytes = 0, taken = 0
        for (at, file) in ready.prefix(most).enumerated() {
            // Before each group: one that is begun is finished.
            if group.isEmpty, let reason = try BackPressure.kept(in: store) {
                for file in ready[at...] { waits(file.name, "intake is paused: \(reason)") }
                return (taken, false)
            }
            guard mayEmit() else { break }
            do {
                guard let fetched = try fetch(file, into: folder) else { continue }
                group.append(fetched)
                bytes += file.size
            } catch let failure as TransferFailure where failure.kind == .denied || failure.kind == .notFound {
                // Of this file: the others are fetched.
                letGo(file)
                refused.insert(file.name)
                waits(file.name, failure.description, isTrouble: true, hint: failure.hint)
                continue
            } catch {
                // What is here already is kept.
                taken += group.count
                try finish(group)
                throw error
            }
            if group.count == Self.groupMax || bytes >= Self.groupBytesMax {
                taken += group.count
                try finish(group)
                (group, bytes) = ([], 0)
            }
        }
        taken += group.count
        try finish(group)
        for file in ready.dropFirst(most) { waits(file.name, "the round had its \(most) files already") }
        return (taken, ready.count > most)
    }

    /// Downloads one file and looks whether it changed meanwhile: then it settles anew, and nothing is left of what came.
    private mutating func fetch(_ file: Ready, into folder: String) throws -> RemoteFile? {
        guard let file = try claim(file) else {
            letGo(file)
            return nil
        }
        guard let before = try look(at: file.place), before.size == file.size, Self.mayBeOneWrite(file.modified, before.modified) else {
            letGo(file)
            waits(file.name, "it changed since it was listed")
            return nil
        }
        var staged = try StagedFile(in: folder)
        var room = before.size, failure: IntakeFailure?
        do throws(TransferFailure) {
            _ = try server.download(file.place) { block in
                guard block.count <= room else { return false }
                room -= block.count
                do throws(IntakeFailure) {
                    try staged.write(block)
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            if let failure { throw failure }
            if case .oversizedResponse = error.kind { room = -1 } else { throw error }
        }
        guard room == 0, try look(at: file.place) == before, try before.modified != nil || hasStamp(file.stamp, at: file.place) else {
            letGo(file)
            waits(file.name, "it changed while it was fetched")
            return nil
        }
        let sealed = try staged.seal()
        letGo(file)
        return RemoteFile(
            remote: pull.pull.remote, folder: pull.folder, name: file.name, place: file.place, size: Int64(file.size), modified: before.modified,
            stamp: file.stamp, digest: sealed.digest, feed: pull.pull.feed, dropFolder: folder, staged: sealed.name, localName: file.name,
            pulledAt: clock.now())
    }

    /// Whether two times (seconds since 1970) can be of the same write; what the server did not tell says nothing against it. Listings and looks are told in
    /// different zones by some servers of FTP.
    private static func mayBeOneWrite(_ listed: Int64?, _ looked: Int64?) -> Bool {
        guard let listed, let looked else { return true }
        return (looked &- listed) % zoneSeconds == 0
    }

    /// What zones differ by.
    private static let zoneSeconds: Int64 = 900

    /// Forgets what is known of a file on the server: if it is still there at the next look, it settles anew.
    private mutating func letGo(_ file: Ready) {
        settling.took(file.name)
        claims.took(file.name)
    }

    /// Writes down what was fetched, gives it its names, and takes it away on the server.
    private mutating func finish(_ group: [RemoteFile]) throws {
        guard !group.isEmpty else { return }
        let names = Set(group.map(\.staged))
        var files: [RemoteFile]
        do {
            files = try store.driver.write { session in
                for file in group { try Store.add(file, in: session) }
                return try Store.openRemoteFiles(remote: pull.pull.remote, folder: pull.folder, in: session).filter { names.contains($0.staged) }
            }
        } catch {
            // Nothing is written down: nothing happened, and they are fetched again.
            for file in group { StagedFile.drop(file.staged, in: file.dropFolder) }
            throw error
        }
        try place(&files)
        try takeAway(&files)
    }

    /// Gives files that are staged their names in the drop folder.
    ///
    /// One that is staged no more and is nowhere here, as after a restore or where somebody cleared the folder, is forgotten: what is on the server may be all that
    /// there is of it, so it is fetched again and not taken away.
    mutating func place(_ files: inout [RemoteFile]) throws {
        var folders: Set<String> = [], placed: [RemoteFile] = [], lost: [RemoteFile] = []
        for at in files.indices where files[at].status == .staged {
            let file = files[at]
            switch try StagedFile.place(file.staged, in: file.dropFolder, as: file.name, digest: file.digest) {
            case .placed(let name):
                files[at].localName = name
                folders.insert(file.dropFolder)
                events(.pulled(pull: pull.name, name: file.name, bytes: Int(file.size), feed: file.feed, as: name))
            case .gone:
                // In this order: what is taken from the drop folder is in the ledger before it leaves.
                if let name = try StagedFile.placed(in: file.dropFolder, as: file.name, digest: file.digest, size: Int(file.size)) {
                    files[at].localName = name
                    folders.insert(file.dropFolder)
                } else if try store.files(digest: file.digest).isEmpty {
                    tell("\(pull.name)/\(file.name)", "it was pulled, and is not here any more", hint: "it is fetched again where it is still there")
                    lost.append(file)
                    continue
                }
            }
            files[at].status = .placed
            placed.append(files[at])
        }
        for folder in folders.sorted() { try StagedFile.sync(folder) }
        // Written down with what becomes of them on the server; where that never comes, their place tells it.
        try store.driver.write(.later) { session in
            for file in placed { try Store.update(file, in: session) }
            for file in lost { try Store.forget(file, in: session) }
        }
        files.removeAll { lost.contains($0) }
    }
}
