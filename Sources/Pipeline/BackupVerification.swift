package import ChangeControl
import FoundationEssentials
import Intake
import Store
import Values

/// Holds a backup against its own lists, its signature and its log, and its originals against the ledger of its store. Nothing is written, in the backup or beside it.
package struct BackupVerification: Sendable {
    package let folder: String
    package private(set) var note: BackupNote?
    /// The key that signed it, and whether that was named by the caller, and not by the backup alone.
    package private(set) var key: VerifierKey?
    package private(set) var isKeyKnown = false
    package private(set) var files = 0
    package private(set) var bytes = 0
    /// Files that were taken out since, as they were shredded.
    package private(set) var shredded = 0
    package private(set) var entries = 0
    /// What is not as it was written, or cannot be told, each as one sentence.
    package private(set) var defects: [String] = []
    /// Originals that are not there, or have other bytes than were taken, of the first ones, each as one sentence. The backup is as it was written all the same: so it was at
    /// the site, or the disk gave other bytes as it was copied.
    package private(set) var originals: [String] = []
    /// How many there are of them.
    package private(set) var originalsLost = 0

    package var holds: Bool { defects.isEmpty && originalsLost == 0 }

    /// What is to be done about originals that are lost.
    package static let originalsHint = """
        put the bytes of that digest in their place at the site and back up, with --full where the file there has them already: its spool may have them, named by the digest, or a former backup, or who sent the file
        """

    private static let toldMax = 100
    /// Of one defect: names in a list that was written to may be of any length.
    private static let charactersMax = 1_000

    /// Verifies a backup.
    ///
    /// - Parameters:
    ///   - path: its folder, or the folder of backups, of which the last one is taken.
    ///   - keys: keys of checkpoints that were noted elsewhere; without them those count that the backup's own log names.
    package static func verify(_ path: String, keys: [VerifierKey] = [], genesis: ContentDigest? = nil) throws -> BackupVerification {
        var verification = BackupVerification(folder: try BackupRepository.find(path))
        do {
            try verification.run(keys, genesis)
        } catch let failure as PipelineFailure {
            verification.tell("\(failure.subject): \(failure.cause)")
        } catch let failure as StoreFailure {
            verification.tell("the store: \(failure.cause)")
        } catch let failure as IntakeFailure {
            verification.tell("\(failure)")
        }
        return verification
    }

    private init(folder: String) { self.folder = folder }

    private mutating func run(_ pinned: [VerifierKey], _ genesis: ContentDigest?) throws {
        let (note, signed) = try BackupNote.read(folder)
        self.note = note
        // What is needed to look at the rest comes first; after a defect in that nothing is known of the rest.
        guard SiteCopy.destination(note.store, root: note.root) != nil, try FileIdentity.of("\(folder)/\(note.store)") != nil else {
            try checkFiles(note, [])
            return tell("the store \(note.store) is missing")
        }
        // What would be read into the store, or written beside it, is of somebody else.
        for end in ["-wal", "-shm", "-journal"] where try FileIdentity.of("\(folder)/\(note.store)\(end)") != nil {
            try checkFiles(note, [])
            return tell("\(note.store)\(end) lies beside the store, which is not looked into: a backup has none")
        }
        let damage = try SnapshotDriver(path: "\(folder)/\(note.store)").defects(isQuick: false)
        if let first = damage.first {
            try checkFiles(note, [])
            return tell("the store \(note.store) is damaged: \(first)")
        }
        let opened = try OpenedCopy(folder, note)
        let named = try Self.keys(namedBy: opened.site.store), keys = pinned.isEmpty ? named : pinned
        switch signed.verdict(keys) {
        case .signed(let key): (self.key, isKeyKnown) = (key, !pinned.isEmpty)
        case .unknown: tell("no key that counts has signed \(BackupNote.fileName)")
        case .forged(let key): tell("the signature of \(BackupNote.fileName) in the name of key \(key.hashText) is not of that key")
        }
        try checkFiles(note, keys)
        try checkLog(opened.site, note, pinned, genesis)
        try checkOriginals(opened.site, note)
    }

    /// Every file that is listed is there as it was written, and no other one is.
    private mutating func checkFiles(_ note: BackupNote, _ keys: [VerifierKey]) throws {
        let erased = keys.isEmpty ? [] : try erased(keys)
        let list = try BackupListReader("\(folder)/\(BackupManifest.name)")
        var unlisted: [String] = []
        func missing(_ line: BackupManifest.Line) -> String? {
            erased.contains(ShreddedBackups.Erased(place: line.place, digest: line.digest)) ? nil : "\(line.place) is missing"
        }
        var found: [String] = []
        for root in [SiteCopy.outside, SiteCopy.inside] {
            try FolderTree("\(folder)/\(root)", hidden: true, follows: false).forEachFile({ below in
                let place = "\(root)/\(below)"
                while let line = list.line, BackupManifest.precedes(line.place, place) {
                    if let defect = missing(line) { found.append(defect) } else { shredded += 1 }
                    try list.next()
                }
                guard let line = list.line, line.place.utf8.elementsEqual(place.utf8) else { return unlisted.append(place) }
                let copied = try FileCopy.digest(of: "\(folder)/\(place)")
                if copied?.digest == line.digest {
                    files += 1
                    bytes += copied?.size ?? 0
                } else {
                    found.append("\(place) is not as it was written")
                }
                try list.next()
            }, passedOver: { below, _ in unlisted.append("\(root)/\(below)") })
        }
        while let line = list.line {
            if let defect = missing(line) { found.append(defect) } else { shredded += 1 }
            try list.next()
        }
        for defect in found { tell(defect) }
        for place in unlisted { tell("\(place) is not in \(BackupManifest.name)") }
        if list.digest != note.manifest { tell("\(BackupManifest.name) is not the one that \(BackupNote.fileName) signs for") }
    }

    private func erased(_ keys: [VerifierKey]) throws -> Set<ShreddedBackups.Erased> {
        try ShreddedBackups(repository: Site.parent(of: folder)).read(keys)
    }

    private mutating func checkLog(_ site: Site, _ note: BackupNote, _ pinned: [VerifierKey], _ genesis: ContentDigest?) throws {
        let audit = try LogAudit.verify(site, genesis: genesis, keys: pinned, isCopy: true)
        entries = audit.entries
        for defect in audit.defects { tell("the log: \(defect)") }
        if audit.head != note.head { tell("the log ends at \(audit.head.map { "\($0.position)" } ?? "nothing"), and \(BackupNote.fileName) says \(note.head.position)") }
        if try site.logOrigin() != note.origin { tell("it is the log of \(try site.logOrigin() ?? "none"), and \(BackupNote.fileName) says \(note.origin)") }
    }

    /// Every original that the store names is there with the bytes that were taken, or is one that `MISSING` tells.
    ///
    /// No file is read again: `MANIFEST` was held against the bytes, so that its digests are theirs. `MISSING` is in the order of the ledger.
    private mutating func checkOriginals(_ site: Site, _ note: BackupNote) throws {
        let missing = try BackupListReader("\(folder)/\(BackupNote.missingName)", isOrdered: false)
        let named = BackupOriginals(store: site.store, copy: SiteCopy(folder: folder, root: note.root), spool: site.configuration.spool)
        try named.forEachBatch { batch in
            let digests = try listed(batch)
            for (original, found) in zip(batch, digests) where found != original.digest {
                if found == nil, let line = missing.line, line.digest == original.digest, line.place.utf8.elementsEqual(original.place.utf8) {
                    try missing.next()
                } else {
                    try tell(original, found, site)
                }
            }
        }
        while missing.line != nil { try missing.next() }
        if missing.digest != note.missingDigest { tell("\(BackupNote.missingName) is not the one that \(BackupNote.fileName) signs for") }
    }

    /// The digests that `MANIFEST` has of some originals, in their order; nil for one that it does not list.
    private func listed(_ batch: [BackupOriginals.Original]) throws -> [String?] {
        let list = try BackupListReader("\(folder)/\(BackupManifest.name)")
        var digests = [String?](repeating: nil, count: batch.count)
        for index in batch.indices.sorted(by: { BackupManifest.precedes(batch[$0].place, batch[$1].place) }) {
            digests[index] = try list.digest(of: batch[index].place)
        }
        return digests
    }

    private mutating func tell(_ original: BackupOriginals.Original, _ found: String?, _ site: Site) throws {
        originalsLost += 1
        guard originals.count < Self.toldMax else { return }
        let name = try site.store.file(original.file).map { "\($0.feed)/\($0.name)" } ?? "of no name"
        let there = found.map { "what is there has \($0)" } ?? "it is not in the backup"
        originals.append(Self.cut("file \(original.file) (\(name)) was taken with SHA-256 \(original.digest), is kept as \(original.place), and \(there)"))
    }

    private mutating func tell(_ defect: String) {
        guard defects.count < Self.toldMax else { return }
        defects.append(Self.cut(defect))
    }

    private static func cut(_ text: String) -> String { text.count > charactersMax ? text.prefix(charactersMax) + "…" : text }

    /// The keys that a log names for its checkpoints.
    static func keys(namedBy store: Store) throws -> [VerifierKey] {
        try store.driver.read { try Store.entries(of: .checkpointKey, in: $0) }.compactMap { CheckpointVerification.key(in: $0.body) }
    }
}

/// The site of a backup, read where it lies. A store of a former program is brought up to date in a copy that goes with this.
private final class OpenedCopy {
    let site: Site
    private let scratch: String?

    init(_ folder: String, _ note: BackupNote) throws {
        let root = "\(folder)/\(SiteCopy.inside)", configuration = try Site.readConfiguration(root: root)
        let path = "\(folder)/\(note.store)"
        var store: Store?, scratch: String?
        do { store = try Store(driver: SnapshotDriver(path: path)) } catch is StoreFailure {
            // Its tables are those of another program: they are brought up to date in a copy.
            let made = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-verify-\(UUID().uuidString)").path
            scratch = made
            try Site.makeFolder(made)
            do {
                guard try FileCopy.copy(path, to: "\(made)/store.sqlite") != nil else { throw PipelineFailure(subject: path, cause: "it is gone", hint: "use another backup") }
                store = try Store(driver: SQLiteDriver(path: "\(made)/store.sqlite", isDurable: false))
            } catch {
                try? FileManager.default.removeItem(atPath: made)
                throw error
            }
        }
        guard let store else { preconditionFailure("a store that did not open has thrown") }
        self.scratch = scratch
        site = Site(root: root, configuration: configuration, store: store, copy: SiteCopy(folder: folder, root: note.root))
    }

    deinit { if let scratch { try? FileManager.default.removeItem(atPath: scratch) } }
}
