import ChangeControl
import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

/// Work by hand while nothing else can be used, and the way back.
extension EndToEnd { @Suite struct FallbackTests {
    private static let now = SystemClock.now()

    private func site() async throws -> (site: DeskSite, key: VerifierKey) {
        let site = try await DeskSite.whole()
        for feed in ["customers", "item-master", "x12-orders"] {
            for name in try DeskSite.samples(feed) { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed) }
        }
        _ = try site.evaluator().drainDirty(now: Self.now)
        return (site, try #require(try Checkpointer(site: site.site).nameKey(now: Self.now)))
    }

    private func write(_ site: DeskSite) throws -> FallbackList { try FallbackList.write(site.site, to: "\(site.root)/Lists", now: Self.now) }

    @Test func `a list tells what everybody has and gets, and is checked from its files alone`() async throws {
        let (site, key) = try await site()
        let list = try write(site)
        let orders = try site.site.store.standings(scheme: "order-priority")
        #expect(list.entities >= orders.count && !orders.isEmpty)
        let lines = try String(contentsOfFile: "\(list.folder)/order-priority.csv", encoding: .utf8).split(whereSeparator: \.isNewline)
        #expect(lines.first?.hasPrefix("scheme,client,entity,microsegment,since,by,") == true && lines.first?.contains("pickPriority") == true)
        let first = try #require(orders.map(\.entity).min())
        #expect(lines[1].hasPrefix("order-priority,\(first.client),\(first.id),"))
        #expect(FallbackList.defects(in: list.folder, key: key) == [])
        // The store is gone: the list still stands, and every change of it shows.
        try Data("garbage".utf8).write(to: URL(fileURLWithPath: site.site.path(site.site.configuration.store)))
        #expect(FallbackList.defects(in: list.folder, key: key) == [])
        let other = try #require(NoteSigner(name: key.name, seed: [UInt8](repeating: 7, count: 32))).key
        #expect(FallbackList.defects(in: list.folder, key: other).first?.hasPrefix("LIST is not signed by") == true)
        for file in ["order-priority.csv", "MANIFEST", "LIST"] {
            let path = URL(fileURLWithPath: "\(list.folder)/\(file)")
            let whole = try Data(contentsOf: path)
            var changed = whole
            changed[whole.count / 2] ^= 1
            try changed.write(to: path)
            #expect(FallbackList.defects(in: list.folder, key: key).count == 1, "\(file)")
            try whole.write(to: path)
        }
    }

    @Test func `with a damaged bundle the list has the last good assignments, and says what cannot be told`() async throws {
        let (site, key) = try await site()
        let digest = ContentDigest(ofText: try site.read("Schemes/order-priority.yaml")).hex
        _ = try site.site.store.driver.write {
            try $0.execute(Statement("UPDATE content SET bytes = ? WHERE digest = ?"), [.blob(Array("scheme: [".utf8)), .text(digest)])
        }
        let list = try write(site)
        #expect(list.degraded.first?.hasPrefix("what micro-segments get cannot be told") == true)
        #expect(FallbackList.defects(in: list.folder, key: key) == [])
        let orders = try site.site.store.standings(scheme: "order-priority")
        #expect(try String(contentsOfFile: "\(list.folder)/order-priority.csv", encoding: .utf8).split(whereSeparator: \.isNewline).count == orders.count + 1)
    }

    @Test func `lists of before are taken away, and a list is never half there`() async throws {
        let (site, _) = try await site()
        for second in 0..<5 {
            _ = try FallbackList.write(site.site, to: "\(site.root)/Lists", now: Self.now.adding(DayTimeDuration(seconds: Int64(second))))
        }
        let files = FileManager.default, folder = "\(site.root)/Lists"
        let names = try files.contentsOfDirectory(atPath: folder)
        #expect(names.count == 3 && names.allSatisfy { !$0.hasPrefix(".") })
        // What is not a list is nobody's to take away, and a clock that was set back does not take away what was just written.
        for name in ["1 SALZ-Contracts", "20991231T000000Z-1", "20991231T000000Z-2"] { try files.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true) }
        for number in 1...3 {
            try files.copyItem(atPath: "\(folder)/\(names.sorted()[0])", toPath: "\(folder)/2098010\(number)T000000Z-9")
        }
        let list = try FallbackList.write(site.site, to: folder, now: Self.now.adding(DayTimeDuration(seconds: 60)))
        #expect(files.fileExists(atPath: "\(list.folder)/LIST"))
        #expect(["1 SALZ-Contracts", "20991231T000000Z-1", "20991231T000000Z-2"].allSatisfy { files.fileExists(atPath: "\(folder)/\($0)") })
        // A share that is not mounted is an error, and nothing else.
        try files.createSymbolicLink(atPath: "\(site.root)/share", withDestinationPath: "/nowhere/at-all")
        #expect(throws: (any Error).self) { try FallbackList.write(site.site, to: "\(site.root)/share/lists", now: Self.now) }
        #expect(throws: (any Error).self) { try FallbackList.write(site.site, to: "\(site.root)/share", now: Self.now) }
    }

    @Test func `what was decided by hand is reconciled, becomes an override that expires, or is flagged`() async throws {
        let (site, _) = try await site()
        let list = try write(site), path = "\(list.folder)/order-priority.csv"
        var lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline).map(String.init)
        let orders = try site.site.store.standings(scheme: "order-priority").sorted { $0.entity < $1.entity }
        try #require(orders.count >= 3)
        let soon = Self.now.adding(DayTimeDuration(seconds: 86_400)).description
        func filled(_ line: String, _ microsegment: String, until: String = soon, reason: String = "Phoned") -> String {
            line.dropLast(3) + "\(microsegment),\(until),\(reason),mia@site"
        }
        let other = orders[1].microsegment == "rush" ? "standard" : "rush"
        lines[1] = filled(lines[1], orders[0].microsegment)
        lines[2] = filled(lines[2], other)
        // Two rows that say different things, one that knows no micro-segment, and one without an end.
        lines.append(filled(lines[3], "rush"))
        lines[3] = filled(lines[3], "careful")
        lines.append("order-priority,NORDWIND,4711,,,," + String(repeating: ",", count: lines[0].split(separator: ",").count - 10) + "rush,\(soon),Phoned,mia@site")
        lines.append(filled(lines[4].hasSuffix("mia@site") ? lines[4] : lines[4], "urgent"))
        // The same again, in other words: one of the two counts.
        lines.append(lines[2].replacingOccurrences(of: "Phoned", with: "Mailed"))
        try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)

        let taken = try FallbackReconciliation.take(path, by: DeskSite.ops, site: site.site, now: Self.now)
        #expect(taken.rows.count == 7 && taken.flagged == 5)
        #expect(taken.rows[0].outcome == .agrees)
        guard case .override(let id) = taken.rows[1].outcome else { throw CocoaError(.coderInvalidValue) }
        let flags = taken.rows.compactMap { row in if case .flagged(let why) = row.outcome { why } else { nil } }
        #expect(flags.filter { $0 == "rows disagree about it" }.count == 2 && flags.contains("another row says the same of it, and counts"))
        #expect(flags.contains("order-priority has no such entity") && flags.contains { $0.contains("no micro-segment 'urgent'") })
        let entry = try #require(try site.site.store.lastLogEntry())
        #expect(entry.kind == .manualDecisions && entry.body.contains(id))
        #expect(throws: PipelineFailure.self) { try FallbackReconciliation.take(path, by: DeskSite.ops, site: site.site, now: Self.now) }

        // What lies in the folders already is not doubled by another copy of the list.
        try lines.joined(separator: "\r\n").write(toFile: path, atomically: true, encoding: .utf8)
        let again = try FallbackReconciliation.take(path, by: DeskSite.ops, site: site.site, now: Self.now)
        #expect(again.file == nil && again.rows[1].outcome == .flagged("override \(id) is about it already"))
        // Nothing is live yet: a change request puts the override before an approver.
        #expect(try site.site.store.standing(scheme: "order-priority", orders[1].entity)?.microsegment == orders[1].microsegment)
        let request = try site.desk.propose(author: DeskSite.mia, title: "Decided by hand", reason: "Outage", at: Self.now).request
        #expect(request.changedComponents == [.overrides])
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: Self.now)
        _ = try site.evaluator().drainDirty(now: Self.now)
        let standing = try #require(try site.site.store.standing(scheme: "order-priority", orders[1].entity))
        #expect(standing.microsegment == other && standing.cause == "override \(id)")
    }
} }
