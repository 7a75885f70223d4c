import ChangeControl
import Diagnostics
import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

@Suite(.serialized) struct HistoryArchiveTests {
    private static let scheme = ArchiveSite.scheme, now = ArchiveSite.now

    @Test(arguments: 0..<6) func `every answer is the same before and after archiving, at whatever instants`(seed: Int) throws {
        var site = try ArchiveSite(seed: seed, runs: 22, entities: 5)
        let answers = try site.answers(archived: false), rows = try site.rows()
        try site.expect(answers, archived: false)
        var archived = 0
        for _ in 0..<3 {
            let manifests = try site.archiver(rowsMax: seed % 2 == 0 ? 4 : 1_000).archive(scheme: Self.scheme, before: site.instant(), now: Self.now)
            archived += manifests.reduce(0) { $0 + $1.rows }
            #expect(try site.rows() + archived == rows)
            #expect(try site.answers(archived: true) == answers)
            try site.expect(answers, archived: true)
        }
        #expect(archived > 0)
        let audit = try site.desk.audit(), known = try HistoryArchives(site.site).entries.count
        #expect(audit.defects.isEmpty && audit.archives == known, "\(audit.defects)")
    }

    @Test(arguments: 8..<12) func `what is asked about later instants, as it is known later, needs no archive`(seed: Int) throws {
        var site = try ArchiveSite(seed: seed, runs: 22, entities: 5)
        let before = site.instant(), superseded = try site.site.store.lastPosition(before: before)
        let answers = try site.answers(archived: false)
        _ = try site.archiver().archive(scheme: Self.scheme, before: before, now: Self.now)
        func later(_ answers: [ArchiveSite.Answer]) -> [ArchiveSite.Answer] {
            answers.map { ArchiveSite.Answer(entity: $0.entity, spans: $0.spans.filter { $0.validTo.map { before <= $0 } ?? true }) }
        }
        let left = try site.answers(archived: false)
        for position in superseded + 1...site.last + 1 { #expect(later(left[position]) == later(answers[position]), "position \(position)") }
        // A reader is told where the rest is.
        let lacking = try HistoryReader(site: site.site).lacking(scheme: Self.scheme)
        #expect(try lacking == HistoryArchives(site.site).entries && HistoryReader(site: site.site, readsArchives: true).lacking(scheme: Self.scheme).isEmpty)
    }

    @Test func `a run that is stopped before its commit leaves rows and files, and the next goes on with them`() throws {
        let site = try ArchiveSite(seed: 3)
        let answers = try site.answers(archived: false), rows = try site.rows(), before = DeskSite.at(2_000)
        let stopped = try #require(try site.archiver().prepare(scheme: Self.scheme, before: before))
        #expect(try site.rows() == rows && site.answers(archived: true) == answers)
        #expect(try site.files() == [stopped.manifest.name, stopped.manifest.manifestName].sorted())
        #expect(try HistoryArchives(site.site).unknown() == [stopped.manifest.name] && site.desk.audit().defects.isEmpty)
        // A process that was stopped while it wrote leaves its temporary file too.
        try "half".write(toFile: "\(site.site.historyFolder)/1-2-3.tmp", atomically: false, encoding: .utf8)
        let manifests = try site.archiver().archive(scheme: Self.scheme, before: before, now: Self.now)
        #expect(manifests == [stopped.manifest])
        #expect(try site.files() == [stopped.manifest.name, stopped.manifest.manifestName].sorted())
        #expect(try site.rows() == rows - stopped.manifest.rows && site.answers(archived: true) == answers)
        #expect(try HistoryArchives(site.site).unknown().isEmpty && site.desk.logKinds().last == "historyArchived")
        #expect(try site.archiver().archive(scheme: Self.scheme, before: before, now: Self.now).isEmpty)
    }

    @Test func `rows that are not those of the archive any more stay, and no log entry signs for it`() throws {
        let site = try ArchiveSite(seed: 4)
        let prepared = try #require(try site.archiver().prepare(scheme: Self.scheme, before: DeskSite.at(2_000)))
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE assignment SET rule = rule + 1"), []) }
        let rows = try site.rows(), head = try site.site.store.lastLogEntry()
        #expect(throws: PipelineFailure.self) { try site.archiver().commit(prepared, now: Self.now) }
        #expect(try site.rows() == rows && site.site.store.lastLogEntry() == head)
        // A policy of a state that is not live any more deletes nothing: a hold may have come.
        let stale = HistoryArchiver(site: site.site, policy: .none, state: "b")
        #expect(throws: PipelineFailure.self) { _ = try stale.archive(scheme: Self.scheme, before: DeskSite.at(1_500), now: Self.now) }
        #expect(try site.rows() == rows)
        // A file of that name with other lines is never taken for it.
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE assignment SET rule = rule - 1"), []) }
        try site.flip(prepared.manifest.name, at: prepared.manifest.packedBytes - 1)
        #expect(throws: PipelineFailure.self) { try site.archiver().archive(scheme: Self.scheme, before: DeskSite.at(2_000), now: Self.now) }
        #expect(try site.rows() == rows)
    }

    @Test func `the audit finds a changed byte, a missing archive and another manifest, and so does who reads them`() throws {
        let site = try ArchiveSite(seed: 5)
        let manifest = try #require(try site.archiver().archive(scheme: Self.scheme, before: DeskSite.at(2_000), now: Self.now).first)
        #expect(HistoryManifest(manifest.text) == manifest)
        let path = "\(site.site.historyFolder)/\(manifest.name)"
        for (name, offset) in [(manifest.name, manifest.packedBytes / 2), (manifest.name, 4), (manifest.manifestName, 30)] {
            try site.flip(name, at: offset)
            #expect(try site.desk.audit().defects.count == 1, "\(name) at \(offset)")
            #expect(throws: PipelineFailure.self) { _ = try site.answers(archived: true) }
            #expect(throws: PipelineFailure.self) { _ = try HistoryReader(site: site.site, readsArchives: true).history(scheme: Self.scheme, site.entities[0], knownAt: 9) }
            try site.flip(name, at: offset)
            #expect(try site.desk.audit().defects.isEmpty)
        }
        try FileManager.default.moveItem(atPath: path, toPath: path + ".away")
        #expect(try site.desk.audit().defects.count == 1)
        #expect(throws: PipelineFailure.self) { _ = try site.answers(archived: true) }
        #expect(try !site.answers(archived: false).isEmpty)
    }

    // MARK: Retention

    private static let retention = """
        retention: site
        keep: 10d
        keepArchived: 30d
        schemes:
          order-priority: { keep: 1d }
        holds:
          - { client: bolt, reason: Dispute of May, owner: mia@site, ticket: LEG-7 }

        """

    @Test func `nothing leaves the store that the retention keeps, and nothing of a client that is held`() throws {
        let site = try ArchiveSite(seed: 6, retention: Self.retention)
        let archiver = try site.boundArchiver(), day: Int64 = 86_400
        let latest = try #require(archiver.latest(scheme: Self.scheme, now: Self.now))
        #expect(latest == Self.now.adding(seconds: -day) && archiver.latest(scheme: "other", now: Self.now) == Self.now.adding(seconds: -10 * day))
        #expect(throws: PipelineFailure.self) { _ = try archiver.archive(scheme: Self.scheme, before: latest.adding(seconds: 1), now: Self.now) }
        let held = site.entities.filter { $0.client == "bolt" }
        let before = try held.map { try site.site.store.history(scheme: Self.scheme, $0, knownAt: 20) }
        let manifests = try archiver.archive(scheme: Self.scheme, before: latest, now: Self.now)
        #expect(manifests.map(\.clients) == [["NORDWIND"]])
        #expect(try held.map { try site.site.store.history(scheme: Self.scheme, $0, knownAt: 20) } == before && !before.joined().isEmpty)
        // Where nothing is said, what has passed may be archived, and nothing else.
        let free = site.archiver()
        #expect(throws: PipelineFailure.self) { _ = try free.archive(scheme: Self.scheme, before: Self.now.adding(seconds: 1), now: Self.now) }
        #expect(try free.archive(scheme: Self.scheme, before: latest, now: Self.now).map(\.clients) == [["bolt"]])
    }

    @Test func `an archive is purged when its time has passed, by an operator, and not while a client is held`() throws {
        let site = try ArchiveSite(seed: 7, retention: Self.retention)
        let before = DeskSite.at(2_000), free = site.archiver(), archiver = try site.boundArchiver()
        let held = try #require(try free.archive(scheme: Self.scheme, before: before, now: Self.now).first)
        let governance = try ChangeDesk.governance(of: StateFiles.onDisk(root: site.desk.root)), due = before.adding(seconds: 30 * 86_400)
        func purge(_ archiver: HistoryArchiver, by person: Principal = DeskSite.ops, at now: Instant) throws {
            _ = try archiver.purge(held.name, by: person, governance: governance, reason: "Its time has passed", now: now)
        }
        #expect(throws: PipelineFailure.self) { try purge(archiver, at: due) }  // held
        #expect(throws: PipelineFailure.self) { try purge(free, at: due) }  // no term
        try site.desk.write("Schemes/retention.yaml", Self.retention.replacingOccurrences(of: "client: bolt", with: "client: nobody"))
        let lifted = try site.boundArchiver()
        #expect(throws: PipelineFailure.self) { try purge(lifted, at: due.aNanosecondBefore) }
        #expect(throws: ChangeRefusal.self) { try purge(lifted, by: DeskSite.mia, at: due) }
        try site.flip(held.name, at: held.packedBytes / 2)
        #expect(throws: PipelineFailure.self) { try purge(lifted, at: due) }
        try site.flip(held.name, at: held.packedBytes / 2)
        #expect(try site.files().count == 2 && site.desk.logKinds().last == "historyArchived")

        try purge(lifted, at: due)
        #expect(try site.files() == [held.manifestName] && site.desk.logKinds().last == "historyPurged" && site.desk.audit().defects.isEmpty)
        #expect(try HistoryArchives(site.site).kept(of: Self.scheme).isEmpty)
        #expect(try HistoryReader(site: site.site, readsArchives: true).lacking(scheme: Self.scheme).map(\.name) == [held.name])
        // One that was stopped after its log entry is finished by a second call, and the audit tells of it until then.
        try "left".write(toFile: "\(site.site.historyFolder)/\(held.name)", atomically: false, encoding: .utf8)
        #expect(try site.desk.audit().defects.count == 1)
        try purge(lifted, at: due)
        #expect(try site.files() == [held.manifestName] && site.desk.audit().defects.isEmpty)
        #expect(try site.desk.logKinds().count { $0 == "historyPurged" } == 1)
    }

    @Test func `a retention that cannot be meant is told`() throws {
        func codes(_ text: String, second: String? = nil) throws -> [String] {
            let site = try DeskSite { root in
                try text.write(toFile: "\(root)/Schemes/retention.yaml", atomically: true, encoding: .utf8)
                try second?.write(toFile: "\(root)/Schemes/retention-too.yaml", atomically: true, encoding: .utf8)
            }
            return try StateFiles.onDisk(root: site.root).compile().diagnostics.map { "\($0.code) \($0.severity)" }
        }
        #expect(try codes("retention: site\nkeep: 0d\n") == ["RETENTION-TERM error"])
        #expect(try codes("retention: site\nschemes: { order-prioritys: { keep: 1d } }\n") == ["RETENTION-SCHEME warning"])
        #expect(try codes("retention: site\n", second: "retention: other\n") == ["RETENTION-TWICE error"])
        #expect(try codes(Self.retention).isEmpty)
    }
}
