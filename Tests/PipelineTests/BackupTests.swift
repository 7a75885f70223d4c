import ChangeControl
import Foundation
import Glibc
import Intake
import Outbox
import Pipeline
import Store
import Testing
import Values

/// Backups of a site, and sites made from them.
extension EndToEnd { @Suite struct BackupTests {
    /// A folder beside the site, which goes with it.
    private static func beside(_ site: DeskSite, _ name: String) -> String { String(site.root.dropLast("/site".count)) + "/" + name }

    @discardableResult
    private func back(up site: DeskSite, _ options: Backup.Options = Backup.Options(), to folder: String? = nil) throws -> Backup {
        try Backup.write(site.site, to: folder ?? Self.beside(site, "backups"), options, now: SystemClock.now())
    }

    /// A site from the last backup, with the keys of the site; its secret is put back.
    private func restored(_ site: DeskSite) throws -> (done: Restoration, site: Site) {
        var options = Restoration.Options()
        options.keys = "\(site.root)/Var/crossdock.sqlite.keys"
        let done = try Restoration.restore(Self.beside(site, "backups"), to: Self.beside(site, "restored"), options, now: SystemClock.now())
        try FileManager.default.copyItem(atPath: "\(site.root)/webhook.secret", toPath: "\(done.root)/webhook.secret")
        return (done, try Site.open(root: done.root))
    }

    private func defects(_ backup: Backup) throws -> [String] { try BackupVerification.verify(backup.folder).defects }

    /// A site with files of every shelf: archived, a duplicate, in quarantine, and one that only the spool has.
    private func worked(_ further: String = "") async throws -> DeskSite {
        let site = try await DeskSite.whole(DeskSite.configuration(further: further))
        try site.dropSamples(["customers", "item-master"])
        try site.drop(Array(DeskSite.order("B-1", control: 1).utf8), as: "b1.edi", in: "x12-orders")
        try site.drop(DeskSite.sample("bad/x12-orders/wrong-se-count.edi"), as: "bad.edi", in: "x12-orders")
        try await site.runOnce()
        try site.drop(Array(DeskSite.order("B-1", control: 1).utf8), as: "again.edi", in: "x12-orders")
        try await site.runOnce()
        let gone = try site.take(DeskSite.order("B-2", control: 2), as: "b2.edi", in: "x12-orders")
        // Its original went, so the spool's copy is the only one.
        try site.site.store.update([LedgerFile(
            id: gone.id, feed: gone.feed, name: gone.name, digest: gone.digest, size: gone.size, status: .archived, firstSeenAt: gone.firstSeenAt,
            claimedAt: gone.claimedAt, finishedAt: gone.finishedAt, archivedAs: "Var/spool/\(gone.digest.prefix(2))/\(gone.digest)")])
        return site
    }

    @Test func `a backup holds, sha256sum reads it, and what did not change is linked to the one before`() async throws {
        let site = try await worked()
        let first = try back(up: site)
        #expect(try defects(first) == [])
        #expect(first.linked == 0 && first.note.missing == 0 && first.missing.isEmpty)
        for place in ["crossdock.yaml", "Mappings/partners", "Governance/governance.yaml", "Var/crossdock.sqlite", "Outbox/wms", "Quarantine", "Var/spool"] {
            #expect(FileManager.default.fileExists(atPath: "\(first.folder)/Site/\(place)"), "\(place)")
        }
        for secret in ["webhook.secret", "Var/checkpoint.key", "Var/crossdock.sqlite.keys"] {
            #expect(!FileManager.default.fileExists(atPath: "\(first.folder)/Site/\(secret)"), "\(secret)")
        }
        try DeskSite.run("/bin/sh", ["-c", "cd '\(first.folder)' && sha256sum -c --quiet --strict MANIFEST"])
        try site.take(DeskSite.order("B-3", control: 3), as: "b3.edi", in: "x12-orders")
        let second = try back(up: site)
        #expect(try defects(second) == [])
        #expect(second.linked > 5 && second.note.files == first.note.files + 1 && second.note.head.position > first.note.head.position)
        var options = Backup.Options()
        options.isFull = true
        let third = try back(up: site, options)
        #expect(third.linked == 0 && third.note.files == second.note.files)
        #expect(try defects(third) == [] && defects(first) == [])
        // Each is whole by itself.
        try FileManager.default.removeItem(atPath: first.folder)
        #expect(try defects(second) == [])
    }

    @Test(arguments: [
        "Site/Var/crossdock.sqlite", "Site/crossdock.yaml", "Site/Schemes/order-priority.yaml", "Site/Archive/", "Site/Quarantine/", "Site/Outbox/", "Site/Var/spool/",
        "MANIFEST", "BACKUP",
    ]) func `one byte that is other is found`(_ place: String) async throws {
        let site = try await worked(), backup = try back(up: site)
        let path = try #require(place.hasSuffix("/") ? FileManager.default.subpaths(atPath: "\(backup.folder)/\(place)")?.first { name in
            var isFolder = ObjCBool(false)
            return FileManager.default.fileExists(atPath: "\(backup.folder)/\(place)\(name)", isDirectory: &isFolder) && !isFolder.boolValue
        }.map { "\(backup.folder)/\(place)\($0)" } : "\(backup.folder)/\(place)")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(try !defects(backup).isEmpty)
        #expect(throws: PipelineFailure.self) { try Restoration.restore(backup.folder, to: Self.beside(site, "restored"), now: SystemClock.now()) }
        #expect(!FileManager.default.fileExists(atPath: Self.beside(site, "restored")))
    }

    @Test func `a file that is missing, one that is not listed, and one that the store names are told`() async throws {
        let site = try await worked(), backup = try back(up: site)
        let archived = try #require(try site.site.store.files(named: "b1.edi").first?.archivedAs)
        try Data("x".utf8).write(to: URL(fileURLWithPath: "\(backup.folder)/Site/Overrides/more.yaml"))
        try FileManager.default.removeItem(atPath: "\(backup.folder)/Site/\(archived)")
        let told = try defects(backup)
        #expect(told.contains("Site/\(archived) is missing") && told.contains("Site/Overrides/more.yaml is not in MANIFEST"), "\(told)")
        // At the site it was moved away before: the backup says so, and holds.
        try FileManager.default.removeItem(atPath: "\(site.root)/\(archived)")
        let without = try back(up: site)
        #expect(without.note.missing == 1 && without.missing == ["Site/\(archived)"])
        #expect(try defects(without) == [])
        // A site made of it tells what it does not have, and so does `why` at either.
        let (done, restored) = try restored(site), known = try #require(try restored.store.files(named: "b1.edi").first)
        #expect(done.tasks.contains { $0.hasPrefix("1 original that was not there when the backup was made is not here: Site/\(archived); ") }, "\(done.tasks)")
        #expect(try known.place(at: restored) == "filed as \(archived), and not there: it was moved away, removed or lost")
        #expect(try known.place(at: site.site) == known.place(at: restored))
        let there = try #require(try restored.store.files(named: "bad.edi").first), place = try #require(there.archivedAs)
        #expect(try there.place(at: restored) == "now \(place)")
        try Data().write(to: URL(fileURLWithPath: "\(without.folder)/MISSING"))
        let found = try BackupVerification.verify(without.folder)
        #expect(found.defects == ["MISSING is not the one that BACKUP signs for"])
        #expect(found.originals.count == 1 && found.originals.allSatisfy { $0.contains("is kept as Site/\(archived), and it is not in the backup") }, "\(found.originals)")
    }

    @Test func `originals that have other bytes than were taken are told with both digests, and a restore goes on and says what to do`() async throws {
        let site = try await worked(), other = ContentDigest(ofText: "other").hex
        var kept: [(file: LedgerFile, path: String, bytes: Data)] = []
        // Archived, in quarantine, a duplicate, and one that only the spool has.
        for name in ["b1.edi", "bad.edi", "again.edi", "b2.edi"] {
            let file = try #require(try site.site.store.files(named: name).first), path = try "\(site.root)/\(#require(file.archivedAs))"
            kept.append((file, path, try Data(contentsOf: URL(fileURLWithPath: path))))
            try Data("other".utf8).write(to: URL(fileURLWithPath: path))
        }
        let backup = try back(up: site), found = try BackupVerification.verify(backup.folder)
        #expect(found.defects == [] && !found.holds && found.originalsLost == 4 && found.originals.count == 4, "\(found.originals)")
        let (done, _) = try restored(site)
        for (file, path, _) in kept {
            let place = "Site\(path.dropFirst(site.root.count))"
            let told = "file \(file.id) (x12-orders/\(file.name)) was taken with SHA-256 \(file.digest), is kept as \(place), and what is there has \(other)"
            #expect(found.originals.contains(told) && done.tasks.contains(told), "\(found.originals)")
        }
        #expect(done.tasks.contains(BackupVerification.originalsHint))
        // Of the size and the time that its copy has: a plain backup takes it for that.
        var status = stat()
        #expect(stat(kept[0].path, &status) == 0)
        try Data("OTHER".utf8).write(to: URL(fileURLWithPath: kept[0].path))
        #expect(utimensat(AT_FDCWD, kept[0].path, [status.st_atim, status.st_mtim], 0) == 0)
        for (_, path, bytes) in kept.dropFirst() { try bytes.write(to: URL(fileURLWithPath: path)) }
        #expect(try BackupVerification.verify(back(up: site).folder).originalsLost == 1)
        try kept[0].bytes.write(to: URL(fileURLWithPath: kept[0].path))
        #expect(try BackupVerification.verify(back(up: site).folder).holds)
    }

    @Test func `originals are read from the ledger in batches, each once`() async throws {
        let site = try await worked(), store = site.site.store
        var found: [Int64] = [], all: [Int64] = []
        while true {
            let batch = try store.originals(after: found.last ?? .min, limit: 2)
            #expect(batch.count <= 2)
            if batch.isEmpty { break }
            found += batch.map(\.id)
        }
        try store.driver.read { session in try Store.forEachKeptFile(in: session) { all.append($0.id) } }
        #expect(found == all && all.count > 4)
    }

    @Test(arguments: ["-wal", "-journal"]) func `what somebody laid beside the store of a backup is not read, and nothing is written beside it`(end: String) async throws {
        let site = try await worked()
        let backup = try back(up: site), folder = "\(backup.folder)/Site/Var", names = try FileManager.default.contentsOfDirectory(atPath: folder)
        try Data(repeating: 7, count: 4_096).write(to: URL(fileURLWithPath: "\(folder)/crossdock.sqlite\(end)"))
        let found = try defects(backup)
        #expect(found.contains { $0.contains("crossdock.sqlite\(end) lies beside the store") } && found.contains { $0.contains("crossdock.sqlite\(end) is not in MANIFEST") })
        #expect(try Set(FileManager.default.contentsOfDirectory(atPath: folder)) == Set(names + ["crossdock.sqlite\(end)"]))
    }

    @Test func `another key than the one that was noted does not count`() async throws {
        let site = try await worked(), backup = try back(up: site)
        let key = try #require(try Checkpointer(site: site.site).nameKey(now: SystemClock.now()))
        let other = try #require(NoteSigner(name: key.name, seed: [UInt8](repeating: 7, count: 32))).key
        let known = try BackupVerification.verify(backup.folder, keys: [key])
        #expect(known.defects == [] && known.isKeyKnown && known.key == key)
        #expect(try !BackupVerification.verify(backup.folder, keys: [other]).defects.isEmpty)
    }

    // MARK: - Restoring

    @Test func `a restored site is the same, holds what it would send, and goes on once that is released`() async throws {
        let site = try await worked()
        // Claimed and not read yet, and an effect that was not delivered.
        try site.drop(Array(DeskSite.order("B-4", promise: "20261105*1400", control: 4).utf8), as: "b4.edi", in: "x12-orders")
        let deposit = try Spool(root: "\(site.root)/Var/spool").deposit("\(site.root)/Inbox/x12-orders/b4.edi")
        let claimed = try site.site.store.add(LedgerFile(
            feed: "x12-orders", name: "b4.edi", digest: deposit.digest, size: Int64(deposit.size), status: .claimed, firstSeenAt: SystemClock.now(),
            claimedAt: SystemClock.now()))
        try site.take(DeskSite.order("B-5", promise: "20261105*1400", control: 5), as: "b5.edi", in: "x12-orders")
        let pending = try site.site.store.effects(status: "pending", limit: 100).map(\.effect)
        try #require(pending.contains { $0.target == "wms" })
        let backup = try back(up: site)
        let before = try site.computed("order-priority")

        let (done, restored) = try restored(site), root = done.root
        #expect(try SiteStatus(site.site).watch != nil && SiteStatus(restored).watch == nil)
        #expect(done.note == backup.note && done.unfinished >= 1 && done.waiting.contains { $0.target == "wms" } && done.keyless.isEmpty)
        #expect(done.tasks.contains { $0.contains("its secret cannot be read") } && done.tasks.contains { $0.contains("Restored-outbox") }, "\(done.tasks)")
        #expect(try restored.store.lastLogEntry()?.kind == .siteRestored)
        #expect(try LogAudit.verify(restored).defects == [])
        let standings = try restored.store.standings(scheme: "order-priority")
            .map { "\($0.entity) \($0.computed) rule \($0.rule) in \($0.microsegment) by \($0.cause)" }.joined(separator: "\n")
        #expect(standings == before && !before.isEmpty)
        let wms = "\(root)/Outbox/wms"
        #expect(!FileManager.default.fileExists(atPath: wms) && FileManager.default.fileExists(atPath: "\(root)/Restored-outbox/wms"))

        try await Daemon(site: restored, once: true) { _ in }.run()
        #expect(try restored.store.file(claimed.id)?.status == .archived)
        #expect(try FileManager.default.contentsOfDirectory(atPath: wms).isEmpty)
        #expect(try SiteStatus(restored).text.contains("nothing goes out until an operator releases it: restored from the backup \(backup.note.name)"))

        try ChangeDesk(site: restored).release(by: DeskSite.ops, reason: "Looked at", at: SystemClock.now())
        try await Daemon(site: restored, once: true) { _ in }.run()
        for effect in pending where effect.target == "wms" {
            let sent = try Data(contentsOf: URL(fileURLWithPath: "\(wms)/\(#require(effect.fileName))"))
            #expect([UInt8](sent) == effect.payload)
            #expect(try restored.store.effect(effect.id)?.delivery.phase.code == "delivered")
        }
        #expect(try LogAudit.verify(restored).defects == [])
    }

    @Test func `a restored site knows of no pulled file whose bytes it does not have`() async throws {
        let site = try await worked(), known = try #require(try site.site.store.files(named: "b1.edi").first)
        // All of them are on the server still; one was taken in, and the drop folder that had the others is in no backup.
        let rows: [(name: String, digest: String, status: RemoteFile.Status)] = [
            ("staged.edi", String(repeating: "1", count: 64), .staged), ("placed.edi", String(repeating: "2", count: 64), .placed), ("taken.edi", known.digest, .staged),
        ]
        for (name, digest, status) in rows {
            var file = RemoteFile(
                remote: "acme", folder: "/out", name: name, place: "/out/\(name)", size: known.size, modified: 1, stamp: "Nov 30 03:21", digest: digest, feed: "x12-orders",
                dropFolder: "\(site.root)/Inbox/x12-orders", staged: "\(name)-1", localName: name, pulledAt: SystemClock.now())
            file.status = status
            try site.site.store.driver.write { try Store.add(file, in: $0) }
        }
        try back(up: site)
        let kept = try restored(site).site.store.openRemoteFiles(remote: "acme", folder: "/out")
        #expect(kept.map(\.name) == ["taken.edi"] && kept.map(\.status) == [.placed])
        #expect(try site.site.store.openRemoteFiles(remote: "acme", folder: "/out").count == 3)
    }

    @Test func `a restore goes only into an empty folder, and tells what witnesses know besides`() async throws {
        let site = try await worked(), backup = try back(up: site), root = Self.beside(site, "restored")
        #expect(throws: PipelineFailure.self) { try Restoration.restore(backup.folder, to: site.root, now: SystemClock.now()) }
        for folder in [Self.beside(site, "backups/new"), "\(backup.folder)/new"] {
            #expect(throws: PipelineFailure.self) { try Restoration.restore(backup.folder, to: folder, now: SystemClock.now()) }
            #expect(!FileManager.default.fileExists(atPath: folder))
        }
        try site.take(DeskSite.order("B-6", control: 6), as: "b6.edi", in: "x12-orders")
        let last = try #require(try site.site.store.lastLogEntry())
        var options = Restoration.Options()
        options.head = LogHead(position: backup.note.head.position, hash: last.hash)
        #expect(throws: PipelineFailure.self) { try Restoration.restore(backup.folder, to: root, options, now: SystemClock.now()) }
        // What is no site was not begun as one: there is no crossdock.yaml.
        #expect(throws: (any Error).self) { try Site.open(root: root) }
        try FileManager.default.removeItem(atPath: root)
        options.head = LogHead(position: last.position, hash: last.hash)
        options.skippedNumbers = 500
        let done = try Restoration.restore(backup.folder, to: root, options, now: SystemClock.now())
        #expect(done.lost == last.position - backup.note.head.position && done.position == backup.note.head.position + 1)
        #expect(try Site.open(root: root).store.lastLogEntry()?.body.contains(#""skipped":500"#) == true)
    }

    @Test func `folders outside of the site are in the backup under their whole path, and are never written over`() async throws {
        let outside = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-outside-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: outside) }
        let site = try await worked("archive: \(outside)/archive\nquarantine: \(outside)/quarantine\n")
        let backup = try back(up: site), root = Self.beside(site, "restored")
        #expect(try defects(backup) == [] && backup.note.missing == 0)
        #expect(FileManager.default.fileExists(atPath: "\(backup.folder)/Outside\(outside)/archive"))
        // The folders of the site that was backed up are still there, and full.
        #expect(throws: PipelineFailure.self) { try Restoration.restore(backup.folder, to: root, now: SystemClock.now()) }
        try FileManager.default.moveItem(atPath: outside, toPath: outside + ".away")
        defer { try? FileManager.default.removeItem(atPath: outside + ".away") }
        try FileManager.default.removeItem(atPath: root)
        let (_, restored) = try restored(site)
        #expect(try LogAudit.verify(restored).defects == [])
        let archived = try #require(try restored.store.files(named: "b1.edi").first?.archivedAs)
        #expect(archived.hasPrefix(outside) && FileManager.default.contents(atPath: archived) == FileManager.default.contents(atPath: archived.replacing(outside, with: outside + ".away")))
    }

    // MARK: - What can go wrong

    @Test func `a folder within the site, and one that is being written to, are refused`() async throws {
        let site = try await worked()
        for folder in ["\(site.root)/Backups", "\(site.root)/Archive", site.root, String(site.root.dropLast("/site".count))] {
            #expect(throws: PipelineFailure.self, "\(folder)") { try back(up: site, to: folder) }
        }
        let folder = Self.beside(site, "backups")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let lock = open("\(folder)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        #expect(flock(lock, LOCK_EX) == 0)
        #expect(throws: PipelineFailure.self) { try back(up: site) }
        close(lock)
        #expect(try defects(back(up: site)) == [])
    }

    @Test func `what others have hidden in the folder stays, and backups of another site are refused`() async throws {
        let site = try await worked(), folder = Self.beside(site, "backups")
        for path in ["\(folder)/.ssh", "\(folder)/.writing-1/Site", "\(folder)/.removed-20260101T000000Z-7"] {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }
        try "mine".write(toFile: "\(folder)/.ssh/id", atomically: true, encoding: .utf8)
        try "mine".write(toFile: "\(folder)/.writing-mine", atomically: true, encoding: .utf8)
        let backup = try back(up: site)
        let hidden = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasPrefix(".") }.sorted()
        #expect(hidden == [".lock", ".ssh", ".writing-mine"])
        let other = try await DeskSite.whole()
        #expect(throws: PipelineFailure.self) { try back(up: other, { var options = Backup.Options(); options.keep = 1; return options }(), to: folder) }
        #expect(try defects(backup) == [])
    }

    @Test func `a restored site does not write among the backups that it is of, until it takes the place of the site that wrote them`() async throws {
        let site = try await worked(), folder = Self.beside(site, "backups"), trials = Self.beside(site, "trials"), first = try back(up: site)
        let trial = try restored(site).site
        var options = Backup.Options()
        options.keep = 1
        let failure = #expect(throws: PipelineFailure.self) { try Backup.write(trial, to: folder, options, now: SystemClock.now()) }
        #expect(failure?.cause.contains("another life of this site") == true && failure?.hint?.contains("--take-over") == true)
        #expect(try names(in: folder) == [first.note.name])
        // Each goes on in its own.
        for _ in 0..<2 { _ = try Backup.write(trial, to: trials, now: SystemClock.now()) }
        #expect(throws: PipelineFailure.self) { try back(up: site, options, to: trials) }
        try back(up: site)
        #expect(try names(in: folder).count == 2 && names(in: trials).count == 2)

        options.takesOver = true
        let last = try Backup.write(trial, to: folder, options, now: SystemClock.now())
        #expect(last.linked > 0 && last.removed.count == 2)
        #expect(try defects(last) == [])
        #expect(throws: PipelineFailure.self) { try back(up: site) }
        options.takesOver = false
        _ = try Backup.write(trial, to: folder, options, now: SystemClock.now())
        // The folder of another site is none to take over.
        let other = try await DeskSite.whole()
        options.takesOver = true
        #expect(throws: PipelineFailure.self) { try back(up: other, options, to: folder) }
    }

    @Test func `a folder of a former program, which named no life, is of the one that wrote its last backup`() async throws {
        let site = try await worked(), folder = Self.beside(site, "backups"), trials = Self.beside(site, "trials")
        try back(up: site)
        let trial = try restored(site).site
        _ = try Backup.write(trial, to: trials, now: SystemClock.now())
        let genesis = try #require(try String(contentsOfFile: "\(folder)/.lock", encoding: .utf8).split(separator: "\n").first)
        func forget(_ folder: String, _ text: String) throws { try text.write(toFile: "\(folder)/.lock", atomically: true, encoding: .utf8) }
        for text in ["\(genesis)\n", ""] {
            try forget(folder, text)
            try forget(trials, text)
            #expect(throws: PipelineFailure.self) { try Backup.write(trial, to: folder, now: SystemClock.now()) }
            #expect(throws: PipelineFailure.self) { try back(up: site, to: trials) }
            #expect(try String(contentsOfFile: "\(folder)/.lock", encoding: .utf8) == text)
            #expect(try defects(back(up: site)) == [])
            #expect(try defects(Backup.write(trial, to: trials, now: SystemClock.now())) == [])
        }
    }

    @Test func `a lock whose text is damaged leaves the last backup to tell whose the folder is, and what stands behind it is let go`() async throws {
        let site = try await worked(), folder = Self.beside(site, "backups"), first = try back(up: site), lock = "\(folder)/.lock"
        let own = try String(contentsOfFile: lock, encoding: .utf8), trial = try restored(site).site
        #expect(own.utf8.count == 130)
        for text in ["garbage\n", String(own.prefix(30)), String(own.prefix(90)), String(repeating: "x", count: 5_000), "\u{0}\u{1}"] {
            try text.write(toFile: lock, atomically: true, encoding: .utf8)
            let failure = #expect(throws: PipelineFailure.self) { try Backup.write(trial, to: folder, now: SystemClock.now()) }
            #expect(failure?.cause.contains("another life of this site") == true, "\(text.prefix(40))")
            #expect(try String(contentsOfFile: lock, encoding: .utf8) == text)
            try back(up: site)
            #expect(try String(contentsOfFile: lock, encoding: .utf8) == own)
        }
        for text in [own + "more\n", own + String(repeating: "y\n", count: 400)] {
            try text.write(toFile: lock, atomically: true, encoding: .utf8)
            try back(up: site)
            #expect(try String(contentsOfFile: lock, encoding: .utf8) == own)
        }
        #expect(try defects(first) == [])
        // With no backup the folder is of whoever writes there.
        let empty = Self.beside(site, "empty")
        try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
        try "garbage".write(toFile: "\(empty)/.lock", atomically: true, encoding: .utf8)
        #expect(try defects(back(up: site, to: empty)) == [])
    }

    @Test func `a lock that is a pipe, a link or a folder is refused at once`() async throws {
        let site = try await worked(), folder = Self.beside(site, "backups"), lock = "\(folder)/.lock", aim = Self.beside(site, "aim")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "kept".write(toFile: aim, atomically: true, encoding: .utf8)
        let ways: [() throws -> Void] = [
            { #expect(mkfifo(lock, 0o600) == 0) }, { try FileManager.default.createSymbolicLink(atPath: lock, withDestinationPath: aim) },
            { try FileManager.default.createDirectory(atPath: lock, withIntermediateDirectories: false) },
        ]
        for make in ways {
            try make()
            let failure = #expect(throws: PipelineFailure.self) { try back(up: site) }
            #expect(failure?.subject.hasSuffix("/.lock") == true && failure?.cause == "it is no regular file")
            try FileManager.default.removeItem(atPath: lock)
        }
        #expect(try String(contentsOfFile: aim, encoding: .utf8) == "kept")
        #expect(try defects(back(up: site)) == [])
    }

    @Test func `where the disk is full nothing passes for a backup, and its room is given back`() async throws {
        guard let disk = try TinyDisk(kilobytes: 12_000) else { return }
        let site = try await worked()
        let first = try back(up: site, to: "\(disk.path)/backups")
        try disk.fill()
        let failure = #expect(throws: (any Error).self) { try back(up: site, to: "\(disk.path)/backups") }
        let told = failure.map { "\($0)" } ?? ""
        #expect(told.contains("free some space") || told.contains("make room"), "\(told)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(disk.path)/backups").sorted() == [".lock", first.note.name])
        #expect(try defects(first) == [])
        disk.makeRoom()
        #expect(try defects(back(up: site, to: "\(disk.path)/backups")) == [])
    }

    @Test func `of many backups the last ones are kept, and never less than the one just written`() async throws {
        let site = try await worked()
        for _ in 0..<3 { try back(up: site) }
        var options = Backup.Options()
        options.keep = 2
        let last = try back(up: site, options)
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.beside(site, "backups")).filter { !$0.hasPrefix(".") }
        #expect(names.count == 2 && names.contains(last.note.name) && last.removed.count == 2)
        #expect(try defects(last) == [])
    }

    @Test func `a backup that is killed at any moment is none, and the next one holds, while the daemon works`() async throws {
        let site = try await worked(), backups = Self.beside(site, "backups"), daemon = try site.daemon()
        try await daemon.wait(for: "started")
        var number = 10, whole = 0
        for round in 0..<12 {
            for _ in 0..<10 {
                number += 1
                try site.drop(Array(DeskSite.order("K-\(number)", control: number).utf8), as: "k\(number).edi", in: "x12-orders")
            }
            let before = try names(in: backups)
            try site.program(["backup", backups], killAfter: Double(round) * 0.02)
            whole += try names(in: backups).count - before.count
        }
        try site.program(["backup", backups])
        daemon.signal(SIGKILL)
        daemon.waitUntilExit()
        let found = try names(in: backups)
        #expect(found.count == whole + 1)
        for name in found { #expect(try BackupVerification.verify("\(backups)/\(name)").defects == [], "\(name)") }
        let left = try FileManager.default.contentsOfDirectory(atPath: backups).filter { $0.hasPrefix(".") }
        #expect(left == [".lock"])
        let restored = try restored(site).site
        try await Daemon(site: restored, once: true) { _ in }.run()
        #expect(try LogAudit.verify(restored).defects == [])
        // Whatever the store of the backup knew is there, and at its end.
        let known = try restored.store.fileCounts()
        #expect(known.allSatisfy { [.archived, .quarantined, .duplicate].contains($0.status) } && known.contains { $0.files > 1 })
    }

    private func names(in backups: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: backups) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: backups).filter { !$0.hasPrefix(".") && FileManager.default.fileExists(atPath: "\(backups)/\($0)/BACKUP") }
    }
}}
