import ChangeControl
import FoundationEssentials
import Glibc
import Intake
import Store
package import Values

/// A backup of a site that works meanwhile: its store as of one instant, and after it all files that the store speaks of, so that none of these is missing.
package struct Backup: Sendable {
    package let folder: String
    package let note: BackupNote
    /// Files that have a name in the former backup too, and were not copied.
    package let linked: Int
    /// What the store names and is not there, of the first ones.
    package let missing: [String]
    /// Links, devices and names that are not UTF-8: they are not in the backup.
    package let passedOver: [String]
    /// Files of former backups that were taken away, as what they are of was shredded.
    package let erased: Int
    /// Backups that went, as there were more than are to be kept.
    package let removed: [String]
    /// Where the keys of personal fields are copied to.
    package let keys: String?

    /// Places that are named in an answer.
    static let toldMax = 20

    package struct Options: Sendable {
        /// Whether all files are copied anew, and none is linked to the former backup.
        package var isFull = false
        /// How many backups the folder keeps; nil keeps all.
        package var keep: Int?
        /// Folder that the file of keys of personal fields is copied to.
        package var keys: String?
        /// Whether the site goes on in a folder that another life of it wrote to, which does so no more: the one that it was restored from.
        package var takesOver = false

        package init() {}
    }

    /// Writes a backup into a repository.
    package static func write(_ site: Site, to path: String, _ options: Options = Options(), now: Instant) throws -> Backup {
        guard let origin = try site.logOrigin() else {
            throw PipelineFailure(subject: site.root, cause: "nothing is live here yet", hint: "run `crossdock init`")
        }
        let repository = try BackupRepository(opening: path, for: site, takesOver: options.takesOver)
        defer { repository.release() }
        try repository.removeLeftovers()
        let signer = try CheckpointKeyFile.signer(site, origin: origin)
        // The log of the copy has to name the key that signs it.
        _ = try Checkpointer(site: site).nameKey(now: now)
        let erased = try ShreddedBackups(repository: repository.path).erase(site, signer: signer, origin: origin)
        let hidden = "\(repository.path)/.writing-\(getpid())"
        do {
            let former = options.isFull ? nil : try BackupRepository.backups(in: repository.path).last.map { "\(repository.path)/\($0)" }
            let run = try BackupRun(site, to: hidden, former: former)
            try run.copyFiles()
            let stamp = "\(Instant(seconds: now.seconds))".filter { $0 != "-" && $0 != ":" }
            let name = repository.freeName("\(stamp)-\(run.head.position)"), folder = "\(repository.path)/\(name)"
            // After the store, so that every key is there that its values are sealed under.
            let keys = try options.keys.map { try PersonalKeysCopy.write(site, to: $0, apartFrom: repository.path) } ?? nil
            let note = try run.finish(origin: origin, name: name, at: now, signer: signer)
            guard rename(hidden, folder) == 0 else { throw PipelineFailure(errno: errno, subject: folder, hint: "check the folder's owner and the disk") }
            try Folder.sync(repository.path)
            try site.store.driver.write { try Store.setSiteValue(Site.Fact.lastBackup, "\(now.storeNanoseconds)", in: $0) }
            let removed = try options.keep.map { try repository.keep($0, written: name) } ?? []
            return Backup(
                folder: folder, note: note, linked: run.linked, missing: run.missingTold, passedOver: run.passedOver, erased: erased, removed: removed, keys: keys)
        } catch {
            // What was begun must not take the room that the next one needs. Left over, it is removed by that.
            try? FileManager.default.removeItem(atPath: hidden)
            throw error
        }
    }
}
