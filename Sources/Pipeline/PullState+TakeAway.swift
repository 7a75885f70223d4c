import Intake
import Store
import Transfers
import Values

extension PullState {
    /// Refusals in a row after which no more is asked of the server in this round.
    private static let refusalsMax = 3
    private static let rememberedDays: Int64 = 90

    /// Takes files away on the server that are safe here, and writes down what came of it. One that cannot be taken away is tried again in each round, and not
    /// fetched again.
    mutating func takeAway(_ files: inout [RemoteFile]) throws {
        var changed: [RemoteFile] = [], refusals = 0, failure: TransferFailure?
        for at in files.indices where files[at].status == .placed {
            guard mayEmit(), refusals < Self.refusalsMax else { break }
            var file = files[at]
            do throws(TransferFailure) {
                try takeAway(&file)
                refusals = 0
            } catch where error.kind == .denied || error.kind == .notFound {
                file.reason = error.description
                refusals += 1
                let way = pull.moveTo.map { "moved to \($0)" } ?? "removed"
                // One that lies where it was dropped is counted when the folder is looked at.
                if file.place != RemotePath.of(file.name, in: pull.folder) { waits(file.name, "it is here, and cannot be \(way) there") }
                tell(
                    "\(pull.name)/\(file.name)", "it is here, and cannot be \(way) there: \(error)",
                    hint: (pull.moveTo.map { "make \($0) on the server, and let" } ?? "let") + " the user of the remote delete and rename in \(pull.folder); it is not fetched again")
            } catch {
                failure = error
                break
            }
            if file != files[at] { changed.append(file) }
            files[at] = file
        }
        files.removeAll { $0.finishedAt != nil }
        if !changed.isEmpty {
            let before = clock.now().adding(DayTimeDuration(seconds: -Self.rememberedDays * 86_400))
            // A loss of power undoes it at worst, and then it is found to be gone.
            try store.driver.write(.later) { session in
                for file in changed { try Store.update(file, in: session) }
                try Store.forgetRemoteFiles(finishedBefore: before, in: session)
            }
        }
        if let failure { throw failure }
    }

    private func takeAway(_ file: inout RemoteFile) throws(TransferFailure) {
        func end(_ status: RemoteFile.Status) {
            file.status = status
            file.reason = nil
            file.finishedAt = clock.now()
        }
        if let fate = try fate(of: file) { return end(fate) }
        try removeMarker(of: file.name, isClaimed: file.place != RemotePath.of(file.name, in: pull.folder))
        var target: String?
        if let folder = pull.moveTo { target = try freeName(file, in: folder) }
        // Again where something was asked since: nothing is to lie between the last look at a file and what is done to it.
        if pull.pull.done != nil || target != nil, let fate = try fate(of: file) { return end(fate) }
        do throws(TransferFailure) {
            if let target { try server.rename(file.place, to: target) } else { try server.remove(file.place) }
        } catch {
            // The names say whether it is done.
            guard try look(at: file.place) == nil else { throw error }
            if let target, try look(at: target)?.size != Int(file.size) { throw error }
        }
        if let target { file.place = target }
        end(.done)
    }

    /// What has become of a file on the server without us: it is gone, or another one has its name; nil where it is still the one that was pulled.
    private func fate(of file: RemoteFile) throws(TransferFailure) -> RemoteFile.Status? {
        guard let there = try look(at: file.place) else { return .done }
        guard there.size == Int(file.size) else { return .superseded }
        if let modified = file.modified, let found = there.modified { return modified == found ? nil : .superseded }
        return try hasStamp(file.stamp, at: file.place) ? nil : .superseded
    }

    /// Removes the marker of a file before that: one that stayed would say of the next file of this name that it is whole.
    ///
    /// - Parameter isClaimed: the name is free for another file meanwhile. Where one has it, the marker is that one's, as it comes after its file.
    func removeMarker(of name: String, isClaimed: Bool) throws(TransferFailure) {
        guard let pattern = pull.pull.done else { return }
        let marker = RemotePath.of(Settling.marker(pattern, of: name), in: pull.folder)
        guard try look(at: marker) != nil else { return }
        if isClaimed, try look(at: RemotePath.of(name, in: pull.folder)) != nil { return }
        do throws(TransferFailure) { try server.remove(marker) } catch {
            guard try look(at: marker) == nil else { throw error }
        }
    }

    /// A path in the folder for files that were pulled, at which nothing lies.
    private func freeName(_ file: RemoteFile, in folder: String) throws(TransferFailure) -> String {
        for attempt in 0..<100 {
            let mark = attempt == 0 ? "" : "~\(file.digest.prefix(8))" + (attempt > 1 ? "-\(attempt)" : "")
            let dot = file.name.lastIndex(of: ".").flatMap { $0 != file.name.startIndex ? $0 : nil } ?? file.name.endIndex
            let path = RemotePath.of("\(file.name[..<dot])\(mark)\(file.name[dot...])", in: folder)
            if try look(at: path) == nil { return path }
        }
        throw TransferFailure(.denied, "every name that was tried in \(folder) is taken", hint: "let the partner clear that folder")
    }
}
