import ChangeControl
import Glibc
import Intake
import Store
import Values

/// One backup as it is written under a hidden name: the store first, then what the store names.
final class BackupRun {
    private let site: Site
    private let folder: String
    private let copy: SiteCopy
    /// The folder of the backup before this one, and its list.
    private let former: (folder: String, list: BackupListReader)?
    private let store: Store
    private let sources: BackupSources
    private var manifest: BackupListWriter
    let head: LogHead

    private(set) var files = 0
    private(set) var bytes = 0
    private(set) var linked = 0
    private(set) var missingTold: [String] = []
    private(set) var passedOver: [String] = []

    /// Copies the store, and finds out what it needs.
    init(_ site: Site, to folder: String, former: String?) throws {
        self.site = site
        self.folder = folder
        copy = SiteCopy(folder: folder, root: site.root)
        let path = copy.path(site.configuration.store)
        try Folder.makeUnsynced(Site.parent(of: path))
        try site.store.driver.backUp(to: path)
        let snapshot = try SnapshotDriver(path: path)
        if let defect = try snapshot.defects(isQuick: true).first {
            throw PipelineFailure(
                subject: site.path(site.configuration.store), cause: "the store is damaged: \(defect)",
                hint: "no backup was made: restore the last one, and keep this store aside")
        }
        store = try Store(driver: snapshot)
        guard let last = try store.lastLogEntry() else { throw PipelineFailure(subject: path, cause: "its log is empty", hint: "run `crossdock init`") }
        head = LogHead(position: last.position, hash: last.hash)
        sources = try BackupSources(site, copy, store: store)
        manifest = try BackupListWriter(in: folder, name: BackupManifest.name)
        self.former = try former.map { ($0, try BackupListReader("\($0)/\(BackupManifest.name)")) }
    }

    /// Copies all files but the store, which is there.
    func copyFiles() throws {
        for source in sources.sources {
            switch source.kind {
            case .file: try take(source.path, as: source.place, mayLink: false)
            case .store:
                guard let copied = try FileCopy.digest(of: "\(folder)/\(source.place)") else { continue }
                try add(copied.digest, source.place, copied.size)
            case .spool:
                for digest in sources.spooled {
                    let below = "\(digest.prefix(2))/\(digest)"
                    try take("\(source.path)/\(below)", as: "\(source.place)/\(below)", mayLink: true)
                }
            case .state, .shelf:
                let isShelf = source.kind == .shelf
                try FolderTree(source.path, hidden: false, follows: isShelf).forEachFile({ path in
                    try take("\(source.path)/\(path)", as: "\(source.place)/\(path)", mayLink: isShelf)
                }, passedOver: { path, _ in
                    if passedOver.count < Backup.toldMax { passedOver.append("\(source.path)/\(path)") }
                })
            }
        }
    }

    /// Writes the lists and the note, and waits for the disk.
    func finish(origin: String, name: String, at now: Instant, signer: NoteSigner) throws -> BackupNote {
        let manifestDigest = try manifest.keep(), missing = try listMissing()
        let note = BackupNote(
            origin: origin, name: name, site: site.configuration.name, root: site.root, engine: Site.engine, at: now, head: head,
            store: copy.place(site.configuration.store), files: files, bytes: bytes, missing: missing.count, missingDigest: missing.digest, manifest: manifestDigest)
        // All before the note: whoever sees that sees a whole backup.
        try Folder.syncFileSystem(folder)
        try FileBytes.write(Array(signer.sign(note.text).whole.utf8), to: "\(folder)/.note", renamedTo: "\(folder)/\(BackupNote.fileName)")
        try Folder.sync(folder)
        return note
    }

    /// Takes one file, by another name of the former backup's copy where it has not changed since. One that is not there, or not any more, is passed over.
    private func take(_ path: String, as place: String, mayLink: Bool) throws {
        if mayLink, let (digest, size) = try unchanged(path, place) {
            linked += 1
            return try add(digest, place, size)
        }
        guard let copied = try FileCopy.copy(path, to: "\(folder)/\(place)") else { return }
        try add(copied.digest, place, copied.size)
    }

    /// Size and time of the last write tell whether a file changed, as its copy has the same time.
    private func unchanged(_ path: String, _ place: String) throws -> (digest: String, size: Int)? {
        guard let former, let digest = try former.list.digest(of: place), let now = try FileIdentity.of(path), let then = try FileIdentity.of("\(former.folder)/\(place)"),
            now.size == then.size, now.modified == then.modified, try FileCopy.link("\(former.folder)/\(place)", to: "\(folder)/\(place)")
        else { return nil }
        return (digest, now.size)
    }

    private func add(_ digest: String, _ place: String, _ size: Int) throws {
        files += 1
        bytes += size
        try manifest.add(BackupManifest.Line(digest: digest, place: place))
    }

    /// What the store names and the backup lacks, as it was moved away or shredded, or went while the others were copied. The digest is that of the file's bytes.
    private func listMissing() throws -> (count: Int, digest: ContentDigest) {
        var list = try BackupListWriter(in: folder, name: BackupNote.missingName)
        try BackupOriginals(store: store, copy: copy, spool: site.configuration.spool).forEachBatch { batch in
            for original in batch where access("\(folder)/\(original.place)", F_OK) != 0 {
                try list.add(BackupManifest.Line(digest: original.digest, place: original.place))
                if missingTold.count < Backup.toldMax { missingTold.append(original.place) }
            }
        }
        let count = list.lines
        return (count, try list.keep())
    }
}
