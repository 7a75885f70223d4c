import CLinux
import Glibc

/// Where originals go when they are done with: `<shelf>/yyyy/mm/dd/<feed>/<name>`, in the folders below that which they lay in below the drop folder.
/// Nothing there is ever replaced; a
/// name that is taken by other bytes gets the start of the digest beside it.
///
/// Filing is safe to repeat: after an interruption anywhere in it the same call finds what was done and does the rest.
package struct Archive: Sendable {
    package enum Shelf: String, Sendable, CaseIterable {
        case archive, quarantine, duplicates
    }

    /// The folder of a day, in the site's own calendar.
    package struct Day: Hashable, Sendable {
        package var year: Int
        package var month: Int
        package var day: Int

        package init(year: Int, month: Int, day: Int) {
            self.year = year
            self.month = month
            self.day = day
        }

        var path: String {
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            return "\(year)/\(two(month))/\(two(day))"
        }
    }

    /// What is said of a quarantined or duplicate file, beside it: `<name>.report.txt` and `<name>.report.json`.
    package struct Report: Sendable {
        package var text: String
        package var json: String?

        package init(text: String, json: String? = nil) {
            self.text = text
            self.json = json
        }
    }

    package let folders: [Shelf: String]

    package init(archive: String, quarantine: String, duplicates: String) {
        folders = [.archive: archive, .quarantine: quarantine, .duplicates: duplicates]
    }

    /// Names that are tried for one file.
    private static let nameLimit = 1000

    /// Folders whose names are to be made durable, each once however many files moved.
    package struct Unsynced: ~Copyable {
        fileprivate var folders: Set<String> = []

        package init() {}

        /// Makes the moves durable.
        package mutating func sync() throws(IntakeFailure) {
            for folder in folders.sorted() { try Folder.sync(folder) }
            folders = []
        }
    }

    /// Moves an original to its shelf, for good, and gives its new path.
    package func file(
        _ source: String, from dropFolder: String? = nil, on shelf: Shelf, feed: String, day: Day, digest: String, expecting expected: FileIdentity?,
        report: Report? = nil
    ) throws(IntakeFailure) -> String {
        var unsynced = Unsynced()
        let path = try file(source, from: dropFolder, on: shelf, feed: feed, day: day, digest: digest, expecting: expected, report: report, &unsynced)
        try unsynced.sync()
        return path
    }

    /// Moves an original to its shelf and gives its new path; the move is for good once `unsynced` is synced.
    ///
    /// - Parameters:
    ///   - dropFolder: which the original lies in or below; nil: the folder that it lies in.
    ///   - digest: SHA-256 of the bytes that were spooled.
    ///   - expected: the original as it was spooled. If it has changed since, it is left where it is (`.changed`): it
    ///     is another file by now, and is read as one.
    ///   - report: written and made durable before the original moves.
    package func file(
        _ source: String, from dropFolder: String? = nil, on shelf: Shelf, feed: String, day: Day, digest: String, expecting expected: FileIdentity?,
        report: Report? = nil, _ unsynced: inout Unsynced
    ) throws(IntakeFailure) -> String {
        let dropFolder = dropFolder ?? Folder.parent(of: source)
        let folder = "\(folders[shelf] ?? "")/\(day.path)/\(feed)" + Folder.rest(of: Folder.parent(of: source), behind: dropFolder)
        guard let held = try Withdrawal.take(source, in: dropFolder) else {
            return try file(held: nil, named: source, into: folder, digest, expected, report, &unsynced)
        }
        do throws(IntakeFailure) {
            let identity = try FileIdentity.of(held)
            let isOurs = if let expected { identity == expected } else { try Spool.digest(of: held) == digest }
            guard isOurs else { throw IntakeFailure("file", source, .changed) }
            return try file(held: held, named: source, into: folder, digest, expected, report, &unsynced)
        } catch {
            if try FileIdentity.of(held) != nil { try Withdrawal.putBack(held, as: source) }
            throw error
        }
    }

    /// Files what nobody else can reach any more; nil where the original is gone, and must be on the shelf already.
    private func file(
        held: String?, named source: String, into folder: String, _ digest: String,
        _ expected: FileIdentity?, _ report: Report?, _ unsynced: inout Unsynced
    ) throws(IntakeFailure) -> String {
        let name = Folder.name(of: source)
        try Folder.make(folder)
        for attempt in 0..<Self.nameLimit {
            let target = folder + "/" + Self.name(name, digest: digest, attempt: attempt)
            let there = try FileIdentity.of(target)
            if let there {
                guard try Self.holds(target, there, digest: digest, expected: expected) else { continue }
                // The same bytes are on the shelf: a run before this one put them there, or the file came twice.
                try write(report, beside: target)
                if let held { try Self.remove(held) }
                return target
            }
            guard let held else { continue }
            try write(report, beside: target)
            // Whoever has another name of it could go on writing to it: the shelf has a copy of its own.
            switch try Self.isShared(held) ? .acrossFileSystems : Naming.move(held, to: target) {
            case .taken: continue
            case .done: break
            case .acrossFileSystems:
                guard try Self.carry(held, to: target, digest: digest) else { continue }
            }
            unsynced.folders.formUnion([folder, Folder.parent(of: held), Folder.parent(of: source)])
            return target
        }
        throw IntakeFailure("file", source, held == nil ? .system(ENOENT) : .noFreeName)
    }

    /// Bytes of a name on a shelf: with `.report.json` behind it, and a dot before and `.tmp` behind that while it is written, it is one of 255.
    private static let nameBytesMax = 238
    private static let extensionBytesMax = 32

    /// `name`, then `stem~1a2b3c4d.extension`, then that with a number. A stem that is too long is cut.
    private static func name(_ name: String, digest: String, attempt: Int) -> String {
        let number = attempt + (name.utf8.count > nameBytesMax ? 1 : 0)
        guard number > 0 else { return name }
        let mark = "~\(digest.prefix(8))" + (number > 1 ? "-\(number)" : "")
        let dot = name.lastIndex(of: ".").flatMap { $0 != name.startIndex && name[$0...].utf8.count <= extensionBytesMax ? $0 : nil } ?? name.endIndex
        var stem = name[..<dot]
        while stem.utf8.count + mark.utf8.count + name[dot...].utf8.count > nameBytesMax { stem.removeLast() }
        return stem + mark + name[dot...]
    }

    /// Whether a file on the shelf has these bytes.
    private static func holds(
        _ path: String, _ identity: FileIdentity, digest: String, expected: FileIdentity?
    ) throws(IntakeFailure) -> Bool {
        if let expected, expected.size != identity.size { return false }
        return try Spool.digest(of: path) == digest
    }

    /// Copies to another file system, makes the copy durable, and only then removes the original. False where the name
    /// was taken meanwhile.
    private static func carry(_ source: String, to target: String, digest: String) throws(IntakeFailure) -> Bool {
        let folder = Folder.parent(of: target)
        let temporary = unfinished(target)
        do throws(IntakeFailure) {
            let file = try Descriptor(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
            let copy = try Descriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            _ = try Spool.pass(file) { (block) throws(IntakeFailure) in try copy.write(block) }
            try copy.sync()
            guard try Spool.digest(of: temporary) == digest else { throw IntakeFailure("file", source, .changed) }
            guard try Naming.link(temporary, to: target) == .done else { return false }
        } catch {
            _ = crossdock_unlink(temporary)
            throw error
        }
        try Folder.sync(folder)
        try remove(source)
        return true
    }

    /// Whether a file has other names.
    private static func isShared(_ path: String) throws(IntakeFailure) -> Bool {
        var status = crossdock_status()
        let result = crossdock_status_at(path, &status)
        guard result == 0 else { throw IntakeFailure("look at", path, .system(-result)) }
        return status.links > 1
    }

    private static func remove(_ path: String) throws(IntakeFailure) {
        let result = crossdock_unlink(path)
        guard result == 0 || result == -ENOENT else { throw IntakeFailure("remove", path, .system(-result)) }
        try Folder.sync(Folder.parent(of: path))
    }

    /// Where a file is written until it is whole. The name hangs on that of the file, so that filing again after a crash takes up what was left.
    private static func unfinished(_ path: String) -> String { "\(Folder.parent(of: path))/.\(Folder.name(of: path)).tmp" }

    private func write(_ report: Report?, beside target: String) throws(IntakeFailure) {
        guard let report else { return }
        try Self.write(report.text, to: target + ".report.txt")
        if let json = report.json { try Self.write(json, to: target + ".report.json") }
        try Folder.sync(Folder.parent(of: target))
    }

    /// Writes a whole file; a report of an earlier attempt is replaced in one step.
    private static func write(_ text: String, to path: String) throws(IntakeFailure) {
        let temporary = unfinished(path)
        do throws(IntakeFailure) {
            let file = try Descriptor(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW)
            var text = text
            let failure = text.withUTF8 { bytes -> IntakeFailure? in
                do throws(IntakeFailure) {
                    try file.write(UnsafeRawBufferPointer(bytes))
                    return nil
                } catch {
                    return error
                }
            }
            if let failure { throw failure }
            try file.sync()
            let result = crossdock_rename(temporary, path)
            guard result == 0 else { throw IntakeFailure("rename", temporary, to: path, .system(-result)) }
        } catch {
            _ = crossdock_unlink(temporary)
            throw error
        }
    }
}
