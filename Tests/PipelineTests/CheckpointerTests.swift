import ChangeControl
import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Values

@Suite struct CheckpointerTests {
    private func begun(_ further: String = "") async throws -> DeskSite {
        let site = try DeskSite(configuration: DeskSite.configuration(further: further))
        try await site.begin()
        _ = try site.site.makeFolders()
        return site
    }

    private func tick(_ site: DeskSite, _ count: Int = 1) throws {
        for number in 0..<count {
            try site.site.store.driver.write { _ = try Store.append(.tick, .context(ContextValue([("n", .integer(number))])), at: DeskSite.at(50), in: $0) }
        }
    }

    private func sign(_ site: DeskSite) throws -> SignedCheckpoint? { try Checkpointer(site: site.site).sign(now: DeskSite.at(60)) }

    @Test func `the first checkpoint makes the key and names it, and the next one comes when there is something new`() async throws {
        let site = try await begun()
        let first = try #require(try sign(site))
        #expect(first.checkpoint.size == 2)
        #expect(first.checkpoint.origin == "demo-site")
        #expect(try site.logKinds() == ["genesis", "checkpointKey"])
        #expect(try sign(site) == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: site.site.checkpointKeyPath)[.posixPermissions] as? NSNumber
        #expect(mode?.int16Value == 0o600)
        try tick(site, 11)
        let second = try #require(try sign(site))
        #expect(second.checkpoint.size == 13)
        #expect(try site.logKinds().filter { $0 == "checkpointKey" }.count == 1)
        let audit = try LogAudit.verify(site.site)
        #expect(audit.defects.isEmpty)
        #expect(audit.checkpoints == 2)
        #expect(audit.covered == 13)
        #expect(audit.keys.map(\.name) == ["demo-site"])
        #expect(second.note.verdict(audit.keys) == .signed(by: audit.keys[0]))
    }

    @Test func `the tree that is kept gives the root of one that is built anew`() async throws {
        let site = try await begun()
        for _ in 0..<9 {
            _ = try sign(site)
            try tick(site, 7)
        }
        let last = try #require(try sign(site))
        try site.site.store.driver.write { try Store.setSiteValue("log tree", "damaged", in: $0) }
        try tick(site)
        _ = try sign(site)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        var range = MerkleRange()
        try site.site.store.forEachLogEntry { entry in
            if range.count < last.checkpoint.size { range.append(MerkleTree.leaf(entry.hash)) }
            return true
        }
        #expect(range.root == last.checkpoint.root)
    }

    @Test func `no checkpoint is signed over a log that does not hold`() async throws {
        let site = try await begun()
        _ = try sign(site)
        try tick(site, 3)
        _ = try site.site.store.driver.write { try $0.execute(Statement("UPDATE log SET body = '{}' WHERE position = 3"), []) }
        #expect(throws: PipelineFailure.self) { try sign(site) }
        _ = try site.site.store.driver.write { try $0.execute(Statement("DELETE FROM log WHERE position > 0"), []) }
        #expect(throws: PipelineFailure.self) { try sign(site) }
    }

    @Test func `a key that others may read is not used, and a new key is named in the log`() async throws {
        let site = try await begun()
        _ = try sign(site)
        try tick(site)
        let path = site.site.checkpointKeyPath
        try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
        #expect(throws: PipelineFailure.self) { try sign(site) }
        try FileManager.default.removeItem(atPath: path)
        _ = try #require(try sign(site))
        #expect(try site.logKinds().filter { $0 == "checkpointKey" }.count == 2)
        let audit = try LogAudit.verify(site.site)
        #expect(audit.defects.isEmpty)
        #expect(audit.keys.count == 2)
        #expect(try LogAudit.verify(site.site, keys: [audit.keys[0]]).defects.isEmpty == false)
    }

    private static let witnessed = "audit: { every: 1s, witnesses: [{ folder: share }] }\n"

    @Test func `a folder of a witness gets each checkpoint under its size, and is tried again where it is missing`() async throws {
        let site = try await begun(Self.witnessed)
        _ = try sign(site)
        let folders = WitnessFolders(site.site)
        let told = try folders.hand(now: DeskSite.at(61))
        #expect(told.count == 1)
        #expect(try folders.hand(now: DeskSite.at(62)).isEmpty, "what is known is not told again")
        #expect(!site.exists("share"), "a share that is not mounted is not made")
        #expect(try SiteStatus(site.site).witnesses.first?.failure != nil)
        let blind = try LogAudit.verify(site.site)
        #expect(blind.defects.count == 1 && blind.defects[0].contains("share") && blind.checkpoints == 1)
        try FileManager.default.createDirectory(atPath: "\(site.root)/share", withIntermediateDirectories: false)
        #expect(try folders.hand(now: DeskSite.at(63)).isEmpty)
        #expect(site.exists("share/demo-site-000000000002.checkpoint"))
        try tick(site)
        _ = try sign(site)
        _ = try folders.hand(now: DeskSite.at(64))
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(site.root)/share").filter { !$0.hasPrefix(".") }.sorted() == [
            "demo-site-000000000002.checkpoint", "demo-site-000000000003.checkpoint",
        ])
        #expect(try SiteStatus(site.site).witnesses.first == WitnessStanding(name: "share", size: 3, at: DeskSite.at(64), failure: nil))
        #expect(try SiteStatus(site.site).text.contains("witness  share: has 3 entries"))
        let audit = try LogAudit.verify(site.site)
        #expect(audit.defects.isEmpty, "\(audit.defects)")
        #expect(audit.checkpoints == 4)
    }

    /// What a witness saw, after the store became another one.
    private func rewritten(_ change: (DeskSite) throws -> Void) async throws -> (site: DeskSite, defects: [String], told: [String]) {
        let site = try await begun(Self.witnessed)
        try FileManager.default.createDirectory(atPath: "\(site.root)/share", withIntermediateDirectories: false)
        try tick(site, 5)
        _ = try sign(site)
        _ = try WitnessFolders(site.site).hand(now: DeskSite.at(61))
        try change(site)
        return (site, try LogAudit.verify(site.site).defects, try WitnessFolders(site.site).hand(now: DeskSite.at(70)).map(\.failure))
    }

    private func sql(_ site: DeskSite, _ text: String) throws { _ = try site.site.store.driver.write { try $0.execute(Statement(text), []) } }

    @Test func `an old copy of the store is found by the witness, and its checkpoints are not handed over`() async throws {
        let found = try await rewritten { site in
            try sql(site, "DELETE FROM log WHERE position > 3")
            for table in ["checkpoint", "witness"] { try sql(site, "DELETE FROM \(table)") }
            try sql(site, "DELETE FROM site WHERE name = 'log tree'")
            _ = try sign(site)
        }
        #expect(found.defects.contains { $0.contains("the log ends after") })
        #expect(found.told.contains { $0.contains("old copy") })
    }

    @Test func `a log that was rebuilt as a whole, key and checkpoints with it, is found by the witness`() async throws {
        let found = try await rewritten { site in
            try sql(site, "DELETE FROM log WHERE position > 0")
            for table in ["checkpoint", "witness"] { try sql(site, "DELETE FROM \(table)") }
            try sql(site, "DELETE FROM site WHERE name = 'log tree'")
            try FileManager.default.removeItem(atPath: site.site.checkpointKeyPath)
            try tick(site, 5)
            _ = try sign(site)
        }
        #expect(found.defects.contains { $0.contains("demo-site-000000000007.checkpoint") }, "\(found.defects)")
        #expect(found.told.contains { $0.contains("two logs") })
    }

    @Test func `checkpoints go to a target as webhooks, and sending one is not worth another`() async throws {
        let site = try DeskSite(.whole, configuration: DeskSite.configuration(further: "audit: { witnesses: [{ target: carrier-api }] }\n"))
        try await site.begin()
        let signed = try #require(try sign(site))
        let effects = try site.site.store.effects(status: nil, limit: 10)
        #expect(effects.map(\.action) == ["log.checkpoint"])
        #expect(effects.first.map { String(decoding: $0.effect.payload, as: UTF8.self).contains(JSONText.quote(signed.text)) } == true)
        #expect(try site.logKinds() == ["genesis", "checkpointKey", "checkpointSent"])
        #expect(try sign(site) == nil)
        #expect(try LogAudit.verify(site.site).defects.isEmpty)
        try sql(site, "UPDATE effect SET target = 'other'")
        #expect(try !LogAudit.verify(site.site).defects.isEmpty)
    }

    @Test func `an exported log verifies from its file alone, and is never written over another file`() async throws {
        let site = try await begun()
        _ = try sign(site)
        try tick(site, 20)
        let kept = try #require(try sign(site))
        try tick(site, 4)
        let path = "\(site.root)/log.jsonl"
        let export = try LogExport.write(site.site, to: path)
        #expect(export.entries == 26)
        #expect(export.checkpoints == 2)
        #expect(throws: PipelineFailure.self) { try LogExport.write(site.site, to: path) }
        func verify(_ witnessed: [SignedCheckpoint]) throws -> LogFileVerification {
            var verification = LogFileVerification(checkpoints: CheckpointVerification(witnessed: witnessed.map { WitnessedCheckpoint(source: "kept", signed: $0) }))
            try LogFileReading.verify(path, &verification)
            return verification
        }
        let whole = try verify([kept])
        #expect(whole.defect == nil)
        #expect(whole.entries == 26)
        #expect(whole.covered == 22)
        #expect(whole.head == (try LogAudit.verify(site.site)).head)
        let text = try site.read("log.jsonl")
        try site.write("log.jsonl", text.replacingOccurrences(of: "\"n\":7", with: "\"n\":8"))
        #expect(try verify([]).defect != nil)
    }

    @Test func `witnesses of the configuration are folders, or targets with a url`() throws {
        func findings(_ witness: String) -> Int {
            SiteConfiguration.read("site: a\ntargets: { w: { folder: w }, c: { url: \"https://c.example/x\" } }\naudit: { witnesses: [{ \(witness) }] }\n", file: "crossdock.yaml").diagnostics.count
        }
        #expect(findings("folder: x") == 0)
        #expect(findings("target: c") == 0)
        #expect(findings("target: w") == 1)
        #expect(findings("target: none") == 1)
        #expect(findings("folder: x, target: c") == 1)
        #expect(findings("") > 0)
    }
}

extension EndToEnd {
    @Suite struct CheckpointRunTests {
        @Test func `a daemon signs a checkpoint when it stops, and hands it to the witness`() async throws {
            let site = try await DeskSite.whole(DeskSite.configuration(further: "audit: { witnesses: [{ folder: share }] }\n")) { root in
                try FileManager.default.createDirectory(atPath: "\(root)/share", withIntermediateDirectories: false)
            }
            try site.drop(Array(DeskSite.order("4711").utf8), as: "4711.edi", in: "x12-orders")
            _ = try await site.runOnce()
            let audit = try site.audit()
            #expect(audit.defects.isEmpty, "\(audit.defects)")
            #expect(audit.covered == audit.entries)
            #expect(try !FileManager.default.contentsOfDirectory(atPath: "\(site.root)/share").isEmpty)
        }
    }
}
