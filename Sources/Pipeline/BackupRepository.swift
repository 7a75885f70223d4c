import ChangeControl
import FoundationEssentials
import Glibc
import Intake
import Store

/// A folder of backups of one life of one site. Each lies in a folder of its own, named by its time and the position of the log, and is whole: files that did not change
/// since the one before have a name in both. One that is being written, or removed, has a hidden name.
package struct BackupRepository {
    package let path: String
    private let lock: BackupLock

    /// Opens a repository, which is made where it is not there, for writing; only one process has it at a time.
    ///
    /// - Parameter takesOver: whether the site goes on with backups of another life of it, which writes there no more.
    init(opening path: String, for site: Site, takesOver: Bool) throws {
        try Self.expectApart(path, site)
        try Site.makeFolder(path)
        // Once more by the real paths, where links lead elsewhere.
        guard let real = realpath(path, nil) else { throw PipelineFailure(errno: errno, subject: path, hint: "name a folder that can be made") }
        defer { free(real) }
        self.path = String(cString: real)
        try Self.expectApart(self.path, site)
        lock = try BackupLock(in: self.path)
        do { try expectOwn(site, takesOver: takesOver) } catch {
            release()
            throw error
        }
    }

    /// The lock names the site by the first entry of its log, and its life by the one that this began with: backups of two sites, or of a site and one that was restored
    /// from it, would be linked to each other, and let each other go.
    private func expectOwn(_ site: Site, takesOver: Bool) throws {
        guard let life = try SiteLife(site.store) else { return }
        let isOwn: Bool
        switch try lock.owner() {
        case .named(genesis: life.genesis, life: let named?): isOwn = named == life.beginning.hash
        // A former program named no life: there the last backup tells.
        case .named(genesis: life.genesis, life: nil): isOwn = try lastNote().map { try life.had($0.head) } ?? true
        case .named: throw Self.foreign(path)
        case .lost:
            // Whoever copied the folder may have left the lock out, or it was damaged: the last backup tells of which site it is, too.
            let last = try lastNote()
            if let last, try last.origin != site.logOrigin() { throw Self.foreign(path) }
            isOwn = try last.map { try life.had($0.head) } ?? true
        }
        guard isOwn || takesOver else {
            throw PipelineFailure(
                subject: path, cause: "backups of another life of this site lie there: from before a restore, or from a site that was restored from the same backups",
                hint: "name another folder; where this site has taken the place of the one that wrote there, say --take-over once")
        }
        try lock.name(genesis: life.genesis, life: life.beginning.hash)
    }

    private static func foreign(_ path: String) -> PipelineFailure {
        PipelineFailure(subject: path, cause: "backups of another site lie there", hint: "give each site a folder of its own")
    }

    /// What the last backup says of itself; nil where there is none. The head of the log that it has is one of one life alone, as a restore adds an entry.
    private func lastNote() throws -> BackupNote? {
        // One whose note is damaged cannot tell: the one before it does.
        for name in try Self.backups(in: path).reversed() { if let note = try? BackupNote.read("\(path)/\(name)").note { return note } }
        return nil
    }

    func release() { lock.release() }

    /// A backup within what it is of would hold itself, and go with it.
    private static func expectApart(_ path: String, _ site: Site) throws {
        let mine = SiteCopy.normal(path), configuration = site.configuration
        let folders = [site.root] + [configuration.inbox, configuration.outbox, configuration.archive, configuration.quarantine, configuration.spool,
            Site.parent(of: configuration.store)].map { SiteCopy.normal(site.path($0)) }
        for folder in folders where mine == folder || mine.hasPrefix(folder + "/") || folder.hasPrefix(mine + "/") || mine == "/" {
            throw PipelineFailure(
                subject: path, cause: "it lies within \(folder), or the other way round", hint: "name a folder apart from the site, best on another machine")
        }
    }

    /// Names of the whole backups in a folder, the oldest first.
    static func backups(in path: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: path).filter { name in
            name.wholeMatch(of: /\d{8}T\d{6}Z-\d+(-\d+)?/) != nil && FileManager.default.fileExists(atPath: "\(path)/\(name)/\(BackupNote.fileName)")
        }.sorted()
    }

    /// A backup that is named by its folder, or the last one of a repository.
    static func find(_ path: String) throws -> String {
        if FileManager.default.fileExists(atPath: "\(path)/\(BackupNote.fileName)") { return path }
        if let last = try backups(in: path).last { return "\(path)/\(last)" }
        throw PipelineFailure(subject: path, cause: "it is no whole backup, and holds none", hint: "name the folder of a backup, or the one that they are in")
    }

    /// A name that no backup has.
    func freeName(_ name: String) -> String {
        var number = 1, free = name
        while FileManager.default.fileExists(atPath: "\(path)/\(free)") {
            number += 1
            free = "\(name)-\(number)"
        }
        return free
    }

    /// Removes what was begun and not finished, and nothing else that is hidden there: it may be anybody's.
    func removeLeftovers() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.wholeMatch(of: /\.writing-\d+|\.removed-\d{8}T\d{6}Z-\d+(-\d+)?/) != nil {
            try remove(hidden: "\(path)/\(name)")
        }
    }

    /// Keeps the last `count` backups, and in any case the one that was just written, whatever the clock said. Gives the names of those that went.
    func keep(_ count: Int, written name: String) throws -> [String] {
        let old = try Self.backups(in: path).filter { $0 != name }.dropLast(max(0, count - 1))
        for name in old {
            // One that is half gone must not pass for a backup.
            guard rename("\(path)/\(name)", "\(path)/.removed-\(name)") == 0 else {
                throw PipelineFailure(errno: errno, subject: "\(path)/\(name)", hint: "check its owner: it was to be removed")
            }
            try remove(hidden: "\(path)/.removed-\(name)")
        }
        return Array(old)
    }

    private func remove(hidden path: String) throws {
        do { try FileManager.default.removeItem(atPath: path) } catch {
            throw PipelineFailure(subject: path, cause: "it cannot be removed: \(error)", hint: "it is left over: remove it by hand")
        }
    }
}
