import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

/// Who was shredded does not come back with a backup.
extension EndToEnd { @Suite struct BackupPrivacyTests {
    private static let customers = """
        customer_id,company_name,address,city,region,postal_code,country
        ZWETS,Erika Zwetschgenbaum,Quittenweg 17,Wien,W,1010,Austria
        BOLTA,Bolt Antriebe,Werkstrasse 4,Graz,AT-6,8010,Austria

        """

    @Test func `after a shredding former backups have neither the original nor a key, and hold all the same`() async throws {
        let site = try await DeskSite.whole { root in
            try "retention: site\npersonal:\n  keep: 30d\n".write(toFile: "\(root)/Schemes/retention.yaml", atomically: true, encoding: .utf8)
        }
        let folder = String(site.root.dropLast("/site".count)), backups = "\(folder)/backups", keys = "\(folder)/backup-keys"
        try site.drop(Array(Self.customers.utf8), as: "customers.csv", in: "northwind-customers")
        try await site.runOnce()
        var options = Backup.Options()
        options.keys = keys
        let first = try Backup.write(site.site, to: backups, options, now: SystemClock.now())
        let copied = try #require(first.keys), mode = try FileManager.default.attributesOfItem(atPath: copied)[.posixPermissions] as? Int
        #expect(mode == 0o600 && copied == "\(keys)/demo-site.keys")
        options.keys = "\(backups)/keys"
        #expect(throws: PipelineFailure.self) { try Backup.write(site.site, to: backups, options, now: SystemClock.now()) }
        options.keys = keys
        _ = try Backup.write(site.site, to: backups, options, now: SystemClock.now())

        let subject = PersonalSubject(client: "NORTHWIND", party: "ZWETS")
        let shredded = try PrivacyDesk(site: site.site).shred(
            subject, by: PrivacyDesk.Persons(by: DeskSite.ops, with: DeskSite.jo), reason: "Asked for", originals: true, at: SystemClock.now())
        #expect(shredded.originals.count == 1)
        let last = try Backup.write(site.site, to: backups, options, now: SystemClock.now())
        // In both former backups, the original in the archive.
        #expect(last.erased == 2)
        let found = Process(), pipe = Pipe()
        found.executableURL = URL(fileURLWithPath: "/usr/bin/grep")
        found.arguments = ["-rlaF", "-e", "Zwetschgenbaum", folder]
        found.standardOutput = pipe
        try found.run()
        #expect(String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) == "")
        found.waitUntilExit()
        let verified = try BackupVerification.verify(first.folder)
        #expect(verified.defects == [] && verified.holds && verified.shredded == 1)
        let without = try BackupVerification.verify(last.folder)
        #expect(without.defects == [] && without.holds && last.note.missing == 0, "\(without.originals)")

        // The first backup does not know of the shredding: with the keys of today it still cannot be undone.
        var choices = Restoration.Options()
        choices.keys = copied
        let done = try Restoration.restore(first.folder, to: "\(folder)/restored", choices, now: SystemClock.now())
        #expect(done.keyless == [subject])
        let restored = try Site.open(root: done.root)
        #expect(try restored.store.openedName(.party, party: "ZWETS") == nil && restored.store.openedName(.party, party: "BOLTA") == "Bolt Antriebe")
        #expect(try LogAudit.verify(restored).defects.contains { $0.contains("no log entry shredded it") })
        // What the restore asks for: shredded again, so that the log says so.
        _ = try PrivacyDesk(site: restored).shred(
            subject, by: PrivacyDesk.Persons(by: DeskSite.ops, with: DeskSite.jo), reason: "Asked for before", originals: false, at: SystemClock.now())
        #expect(try LogAudit.verify(restored).defects == [])
    }
}}
