package import ChangeControl
import Diagnostics
import FoundationEssentials
import Glibc
import Intake
package import Records
import Sealing
import Store
package import Values

/// A site made anew from a backup, in an empty folder, and what whoever runs it has to know.
package struct Restoration: Sendable {
    package let root: String
    package let note: BackupNote
    package let files: Int
    package let bytes: Int
    /// Entries that witnesses know and the backup does not; 0 where none does.
    package let lost: Int
    /// Position of the entry that says so in the log of the site.
    package let position: Int
    /// Files that are read again from the spool, and effects that wait, by target.
    package let unfinished: Int
    package let waiting: [(target: String, count: Int)]
    /// Subjects whose keys are not there: they were shredded after the backup, or the file of keys was not given.
    package let keyless: [PersonalSubject]
    /// What is to be done before the daemon starts, each as one sentence.
    package let tasks: [String]

    package struct Options: Sendable {
        /// The file of keys of personal fields; nil restores none.
        package var keys: String?
        /// A head of the log, and checkpoints, that were noted elsewhere.
        package var head: LogHead?
        package var checkpoints: [WitnessedCheckpoint] = []
        /// Keys of the checkpoints, and hash of entry 0, that were noted elsewhere.
        package var signers: [VerifierKey] = []
        package var genesis: ContentDigest?
        /// Control numbers that are left out for each partner, as a lost site may have used them.
        package var skippedNumbers = 0

        package init() {}
    }

    /// Restores a backup. What is not as it was written is refused before anything is written; originals that the site had lost before are told as something to do, as
    /// the rest of it is whole.
    ///
    /// `crossdock.yaml` comes last: a folder where this was interrupted is no site.
    package static func restore(_ path: String, to target: String, _ options: Options = Options(), now: Instant) throws -> Restoration {
        let verification = try BackupVerification.verify(path, keys: options.signers, genesis: options.genesis)
        guard verification.defects.isEmpty, let note = verification.note else {
            throw PipelineFailure(
                subject: verification.folder, cause: "it does not hold: \(verification.defects.first ?? "it has no note")",
                hint: "`crossdock backup verify` tells all; restore another one")
        }
        let root = try emptyFolder(target, backups: Site.parent(of: verification.folder))
        let configuration = try Site.readConfiguration(root: "\(verification.folder)/\(SiteCopy.inside)")
        try expectFree(configuration, note, root: root)
        let written = try write(verification.folder, configuration, note, root: root, isTrusted: verification.isKeyKnown)
        let storePath = Site.path(configuration.store, root: root)
        if let keys = options.keys { try copyKeys(keys, to: "\(storePath).keys") }
        let site = Site(root: root, configuration: configuration, store: try Store(driver: SQLiteDriver(path: storePath)))
        let lost = try verify(site, note, options)
        // Who was shredded by the log of the backup is, whatever file of keys was given.
        try site.store.destroyShreddedKeys(again: true)
        let position = try log(site, note, lost: lost, skipped: options.skippedNumbers, now: now)
        for name in Site.configurationNames { try put("\(verification.folder)/\(SiteCopy.inside)/\(name)", "\(root)/\(name)", digest: nil) }
        try Folder.syncFileSystem(root)
        return Restoration(
            root: root, note: note, files: written.files, bytes: written.bytes, lost: lost, position: position,
            unfinished: try site.store.unfinishedFiles().count, waiting: try waiting(site), keyless: try keyless(site),
            tasks: try tasks(site, options, outbox: written.outbox) + missing(verification.folder, note) + tasks(verification))
    }

    // MARK: - Before anything is written

    /// - Parameter backups: the folder that the backup lies in.
    private static func emptyFolder(_ path: String, backups: String) throws -> String {
        let taken = try real(backups)
        var isMade = false
        if let names = try? FileManager.default.contentsOfDirectory(atPath: path) {
            guard names.isEmpty else {
                throw PipelineFailure(subject: path, cause: "it is not empty", hint: "restore into a new folder; what an interrupted restore left is to be removed by hand")
            }
        } else {
            try Site.makeFolder(path)
            isMade = true
        }
        let root = try real(path)
        guard root != taken, !root.hasPrefix(taken + "/") else {
            if isMade { rmdir(path) }
            throw PipelineFailure(subject: path, cause: "it lies among the backups in \(backups)", hint: "restore into a folder of its own, so that backups and sites can be told apart")
        }
        return root
    }

    private static func real(_ path: String) throws -> String {
        guard let real = realpath(path, nil) else { throw PipelineFailure(errno: errno, subject: path, hint: "name a folder that can be made") }
        defer { free(real) }
        return String(cString: real)
    }

    /// Folders outside of the site's own are those of the site that was backed up: they must be free.
    private static func expectFree(_ configuration: SiteConfiguration, _ note: BackupNote, root: String) throws {
        for folder in [configuration.archive, configuration.quarantine, configuration.outbox, configuration.spool, Site.parent(of: configuration.store)] {
            let whole = SiteCopy.normal(Site.path(folder, root: root))
            if whole.hasPrefix(root + "/") { continue }
            guard !whole.hasPrefix(note.root + "/") else {
                throw PipelineFailure(
                    subject: "crossdock.yaml", cause: "it names \(folder), within \(note.root)",
                    hint: "restore to \(note.root), or write folders of the site relative to it before the backup")
            }
            guard (try? FileManager.default.contentsOfDirectory(atPath: whole).isEmpty) ?? true else {
                throw PipelineFailure(subject: whole, cause: "it is not empty, and the site that is restored has it", hint: "move away what is there, or restore on another machine")
            }
        }
    }

    // MARK: - Files

    /// Where action files go that lay in the outbox: their receivers may have taken them since, so they are not put there again.
    package static let outbox = "Restored-outbox"

    private static func write(_ folder: String, _ configuration: SiteConfiguration, _ note: BackupNote, root: String, isTrusted: Bool) throws -> (files: Int, bytes: Int, outbox: Int) {
        let list = try BackupListReader("\(folder)/\(BackupManifest.name)")
        let outgoing = SiteCopy(folder: folder, root: note.root).place(configuration.outbox) + "/"
        let named = [configuration.archive, configuration.quarantine, configuration.outbox, configuration.spool, Site.parent(of: configuration.store)]
        let folders = [root] + named.map { SiteCopy.normal(Site.path($0, root: root)) }
        func mayWrite(_ target: String) -> Bool { isTrusted || folders.contains { SiteCopy.normal(target).hasPrefix($0 + "/") } }
        var files = 0, bytes = 0, outbox = 0
        while let line = list.line {
            let isOutgoing = line.place.hasPrefix(outgoing)
            if isOutgoing { outbox += 1 }
            let place = isOutgoing ? "\(SiteCopy.inside)/\(Self.outbox)/\(line.place.dropFirst(outgoing.count))" : line.place
            guard let target = SiteCopy.destination(place, root: root) else {
                throw PipelineFailure(subject: line.place, cause: "it is no place of a site", hint: "was the backup made by a later program?")
            }
            // Whose key is not known could have put anything anywhere.
            guard mayWrite(target) else {
                throw PipelineFailure(
                    subject: target, cause: "it lies outside of the site, and of the folders that its crossdock.yaml names",
                    hint: "give the key of the site with --key, if the backup is to be trusted with that")
            }
            // Outside of the site's folder something may lie there: nothing is replaced.
            guard access(target, F_OK) != 0 else {
                throw PipelineFailure(subject: target, cause: "it is there already, and the backup has a file of that name", hint: "move it away, or restore on another machine")
            }
            let isConfiguration = Site.configurationNames.contains { line.place == "\(SiteCopy.inside)/\($0)" }
            if !isConfiguration { bytes += try put("\(folder)/\(line.place)", target, digest: line.digest) }
            files += 1
            try list.next()
        }
        return (files, bytes, outbox)
    }

    /// Copies one file, and compares what was read with what is listed. One that was shredded since is not there.
    @discardableResult
    private static func put(_ source: String, _ target: String, digest: String?) throws -> Int {
        guard let copied = try FileCopy.copy(source, to: target) else { return 0 }
        guard digest.map({ $0 == copied.digest }) ?? true else {
            throw PipelineFailure(subject: source, cause: "it was not read as it was written", hint: "the disk gives other bytes than before: restore another backup")
        }
        return copied.size
    }

    private static func copyKeys(_ source: String, to target: String) throws {
        guard try FileCopy.copy(source, to: target) != nil else { throw PipelineFailure(subject: source, cause: "there is no such file", hint: "name the file of keys") }
        guard chmod(target, 0o600) == 0 else { throw PipelineFailure(errno: errno, subject: target, hint: "check the owner of the folder") }
    }

    // MARK: - The log

    /// Verifies the restored store once more, with what witnesses know of the same entries; gives how many entries they know that it does not have.
    private static func verify(_ site: Site, _ note: BackupNote, _ options: Options) throws -> Int {
        let folders = WitnessFolders(site).checkpoints(), entries = note.head.position + 1
        let known = options.checkpoints + folders.checkpoints
        let head = options.head.flatMap { $0.position < entries ? $0 : nil }
        let audit = try LogAudit.verify(
            site, genesis: options.genesis, witnessed: head, checkpoints: known.filter { $0.signed.checkpoint.size <= entries }, keys: options.signers, isCopy: true)
        guard audit.defects.isEmpty, audit.head == note.head else {
            throw PipelineFailure(
                subject: site.root, cause: "the restored log does not hold: \(audit.defects.first ?? "it ends elsewhere")", hint: "do not run it; restore another backup")
        }
        return max(0, max(known.map(\.signed.checkpoint.size).max() ?? 0, (options.head?.position ?? -1) + 1) - entries)
    }

    /// Says in the log from which backup the site goes on, which holds what would go out.
    private static func log(_ site: Site, _ note: BackupNote, lost: Int, skipped: Int, now: Instant) throws -> Int {
        try site.store.driver.write { session in
            let position = try Store.nextPosition(in: session), at = max(now, try Store.timeOfLog(in: session) ?? now)
            // What the daemon of the lost site had found out about its machine.
            try WatchReport.forget(in: session)
            try BackPressure.forget(in: session)
            try FileTroubles.forget(in: session)
            // Drop folders are in no backup: what lay there was not taken in, and may be nowhere else than on the server that it was pulled from.
            try Store.forgetRemoteFilesWithoutBytes(in: session)
            if skipped > 0 { try Store.skipControlNumbers(skipped, in: session) }
            _ = try Store.append(
                .siteRestored,
                .context(ContextValue([
                    ("backup", .string(note.name)), ("of", .string(note.at.description)), ("entries", .integer(note.head.position + 1)), ("lost", .integer(lost)),
                    ("skipped", .integer(skipped)),
                ])),
                at: at, in: session)
            return position
        }
    }

    // MARK: - What is left to do

    private static func waiting(_ site: Site) throws -> [(target: String, count: Int)] {
        let counts = try site.store.deliveryCounts().filter { ["pending", "waiting", "sending"].contains($0.status) }
        return Dictionary(grouping: counts, by: \.target).map { ($0.key, $0.value.reduce(0) { $0 + $1.count }) }.sorted { $0.0 < $1.0 }
    }

    private static func keyless(_ site: Site) throws -> [PersonalSubject] {
        var subjects: [PersonalSubject] = []
        try site.store.driver.read { session in
            try Store.forEachPersonalKey(in: session) { key in
                if key.shredded == nil, try !site.store.keys.holds(key.id) { subjects.append(key.subject) }
            }
        }
        return subjects
    }

    private static func tasks(_ site: Site, _ options: Options, outbox: Int) -> [String] {
        var tasks: [String] = []
        if outbox > 0 { tasks.append("\(outbox) action files lay in the outbox and are in \(Self.outbox): hand over those that their receivers have not taken") }
        do { _ = try TargetDirectory(site.configuration, root: site.root) } catch {
            tasks.append("\(error.subject): \(error.cause): secrets and certificates are in no backup")
        }
        do { _ = try site.makeFolders() } catch { tasks.append("not all folders could be made: \(error)") }
        let inbox = site.path(site.configuration.inbox)
        if !inbox.hasPrefix(site.root + "/") { tasks.append("a daemon here takes files from \(inbox): is another site at work there?") }
        tasks.append("`crossdock backup` writes into a new folder, or once with --take-over into that of the site that this is of, where that works no more")
        if options.skippedNumbers == 0, let numbers = try? site.store.controlNumbers(), !numbers.isEmpty {
            tasks.append("control numbers go on where the backup has them: where more were sent since, restore anew with --skip-numbers")
        }
        return tasks
    }

    /// Originals that are named in one sentence.
    private static let missingTold = 5

    /// What was not at the site when the backup was made: the ledger names it, and it may lie where it was moved to.
    private static func missing(_ folder: String, _ note: BackupNote) throws -> [String] {
        guard note.missing > 0 else { return [] }
        let list = try BackupListReader("\(folder)/\(BackupNote.missingName)", isOrdered: false)
        var places: [String] = []
        while let line = list.line, places.count < missingTold {
            places.append(LineText.name(line.place))
            try list.next()
        }
        let more = note.missing > places.count ? " and \(note.missing - places.count) more, see \(BackupNote.missingName) of the backup" : ""
        return [
            "\(note.missing) \(note.missing == 1 ? "original that was not there when the backup was made is" : "originals that were not there when the backup was made are") not here: \(places.joined(separator: ", "))\(more); put them in their places, if they were moved away"
        ]
    }

    private static func tasks(_ verification: BackupVerification) -> [String] {
        guard verification.originalsLost > 0 else { return [] }
        var tasks = Array(verification.originals.prefix(Backup.toldMax))
        if verification.originalsLost > tasks.count { tasks.append("\(verification.originalsLost - tasks.count) more originals are lost: `crossdock backup verify` tells them") }
        tasks.append(BackupVerification.originalsHint)
        return tasks
    }
}
