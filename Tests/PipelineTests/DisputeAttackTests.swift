import ChangeControl
import Foundation
import Pipeline
import Records
import Store
import Testing
import Values

/// What somebody who wants a dispute to go their way would try, on a site with its store.
@Suite struct DisputeAttackTests {
    private static let first = DisputeID(number: 1)

    /// A site with one order in place, and governance with some terms for disputes.
    private func site(_ terms: String? = nil) async throws -> DeskSite {
        let site = try DeskSite { root in
            guard let terms else { return }
            let path = "\(root)/Governance/governance.yaml"
            let text = try String(contentsOfFile: path, encoding: .utf8) + "disputes: \(terms)\n"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
        try await site.begin()
        _ = try site.site.makeFolders()
        try site.place("A-1", at: DeskSite.at(hour: 0))
        return site
    }

    @Test func `a pause loop ends where governance says, and the daemon escalates on time`() async throws {
        let site = try await site("{ sla: 10h, pauseMax: 6h }")
        try site.raise("A-1", at: DeskSite.at(hour: 0))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 0))
        for hour: Int64 in [1, 4] {
            _ = try site.disputes.pause(Self.first, by: DeskSite.jo, reason: "Wait", at: DeskSite.at(hour: hour))
            _ = try site.disputes.resume(Self.first, by: DeskSite.jo, at: DeskSite.at(hour: hour + 3))
        }
        #expect(disputeRefusal { try site.disputes.pause(Self.first, by: DeskSite.jo, reason: "Wait", at: DeskSite.at(hour: 8)) } == .limit)
        var watch = DisputeWatch()
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 16).aNanosecondBefore).isEmpty)
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 16)).map(\.escalatedDue) == [DeskSite.at(hour: 16)])
    }

    @Test func `escalation during an outage comes late, says when it was due, and comes once`() async throws {
        let site = try await site()
        try site.raise("A-1", at: DeskSite.at(hour: 0))
        var watch = DisputeWatch()
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 47)).isEmpty)
        // The daemon is off until another one looks.
        var later = DisputeWatch()
        #expect(try later.look(site.site.store, now: DeskSite.at(hour: 300)).map(\.escalatedDue) == [DeskSite.at(hour: 48)])
        #expect(try later.look(site.site.store, now: DeskSite.at(hour: 301)).isEmpty)
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 302)).isEmpty)
        #expect(try site.disputeEvents().map(\.content.name) == ["raised", "escalated"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `who decides late while the daemon is off does not hide that it was late`() async throws {
        let site = try await site()
        try site.raise("A-1", at: DeskSite.at(hour: 0))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 1))
        // A refused step leaves nothing behind, not even the escalation.
        #expect(disputeRefusal { try site.disputes.decide(Self.first, .rejected, by: DeskSite.ops, reason: "So", at: DeskSite.at(hour: 60)) } == .role)
        #expect(try site.disputeEvents().count == 2)
        let outcome = try site.disputes.decide(Self.first, .rejected, by: DeskSite.kim, reason: "So", at: DeskSite.at(hour: 60))
        #expect(outcome.wasEscalated && outcome.dispute.escalatedDue == DeskSite.at(hour: 48))
        let events = try site.disputeEvents()
        #expect(events.map(\.content.name) == ["raised", "triaged", "escalated", "decided"])
        #expect(events.map { $0.by?.name } == ["ops@site", "jo@site", nil, "kim@site"])
    }

    @Test func `nobody decides their own dispute, nor about what they authored`() async throws {
        let site = try await site()
        let request = try site.propose()
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: DeskSite.at(30))
        try site.place("A-2", at: DeskSite.at(hour: 1))
        try site.raise("A-2", by: DeskSite.jo, at: DeskSite.at(hour: 2))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.mia, by: DeskSite.ops, at: DeskSite.at(hour: 3))
        func decide(_ person: Principal) throws { _ = try site.disputes.decide(Self.first, .rejected, by: person, reason: "So", at: DeskSite.at(hour: 4)) }
        // Mia is an approver as well, and wrote the rule.
        #expect(disputeRefusal { try decide(DeskSite.mia) } == .ownChange)
        #expect(disputeRefusal { try decide(DeskSite.jo) } == .ownChange)
        #expect(disputeRefusal { try decide(DeskSite.ops) } == .role)
        #expect(disputeRefusal { try decide(Principal("eve@site")!) } == .role)
        #expect(try site.disputeEvents().count == 2)
        try decide(DeskSite.kim)
    }

    @Test func `a dispute is not reopened beyond the limit of the live governance`() async throws {
        let site = try await site("{ reopenMax: 1 }")
        try site.raise("A-1", at: DeskSite.at(hour: 0))
        for hour: Int64 in [1, 5] {
            _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: hour))
            _ = try site.disputes.decide(Self.first, .rejected, by: DeskSite.kim, reason: "So", at: DeskSite.at(hour: hour + 1))
            if hour == 1 { _ = try site.disputes.reopen(Self.first, by: DeskSite.ops, reason: "No", at: DeskSite.at(hour: 3)) }
        }
        #expect(disputeRefusal { try site.disputes.reopen(Self.first, by: DeskSite.ops, reason: "No", at: DeskSite.at(hour: 7)) } == .limit)
        _ = try site.disputes.close(Self.first, by: DeskSite.ops, at: DeskSite.at(hour: 8))
        #expect(disputeRefusal { try site.raise("A-1", at: DeskSite.at(hour: 9)) } == .disputed)
        try site.place("A-1", "rush", at: DeskSite.at(hour: 10))
        #expect(try site.raise("A-1", at: DeskSite.at(hour: 11)).id.number == 2)
    }

    @Test func `of many who dispute one assignment at the same time one does`() async throws {
        let site = try await site()
        try await withThrowingTaskGroup(of: ChangeRefusal.Kind?.self) { group in
            for person in [DeskSite.mia, DeskSite.jo, DeskSite.kim, DeskSite.ops, DeskSite.mia, DeskSite.jo] {
                group.addTask { disputeRefusal { try site.raise("A-1", by: person, at: DeskSite.at(hour: 1)) } }
            }
            let kinds = try await group.reduce(into: [ChangeRefusal.Kind?]()) { $0.append($1) }
            #expect(kinds.filter { $0 == nil }.count == 1 && kinds.filter { $0 == .disputed }.count == 5)
        }
        #expect(try site.disputes.reading(at: DeskSite.at(hour: 2)).ledger.disputes.count == 1)
    }

    @Test func `a clock set back turns no clock of a dispute back`() async throws {
        let site = try await site()
        try site.raise("A-1", at: DeskSite.at(hour: 1))
        try site.place("A-2", at: DeskSite.at(hour: 40))
        // The machine's clock goes back by 39 hours.
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 1))
        let reading = try site.disputes.reading(at: DeskSite.at(hour: 2))
        #expect(reading.time == DeskSite.at(hour: 40))
        #expect(try reading.dispute(Self.first).clock.elapsed == DayTimeDuration(seconds: 39 * 3_600))
        #expect(try site.disputeEvents().last?.time == DeskSite.at(hour: 40))
        // And is put right again.
        var watch = DisputeWatch()
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 48)).isEmpty)
        #expect(try watch.look(site.site.store, now: DeskSite.at(hour: 49)).map(\.escalatedDue) == [DeskSite.at(hour: 49)])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a body that was tampered with is found by the audit`() async throws {
        let site = try await site()
        try site.raise("A-1", at: DeskSite.at(hour: 1))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 2))
        #expect(try site.audit().defects.isEmpty)
        _ = try site.site.store.driver.write { session in
            try session.execute(Statement("UPDATE log SET body = REPLACE(body, ?, ?) WHERE kind = 'dispute'"), [.text("P2D"), .text("P9D")])
        }
        #expect(try site.audit().defects.count == 1)
    }

    @Test(arguments: ["own", "early", "time", "form"]) func `an event that could not happen is found by the audit, chained as it may be`(_ attack: String) async throws {
        let site = try await site()
        try site.raise("A-1", at: DeskSite.at(hour: 1))
        _ = try site.disputes.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: DeskSite.at(hour: 2))
        let now = DeskSite.at(hour: 3)
        let event =
            switch attack {
            case "early": DisputeEvent(Self.first, .escalated(due: DeskSite.at(hour: 49)), by: nil, time: now)
            case "time": DisputeEvent(Self.first, .decided(.rejected, change: nil), by: DeskSite.kim, reason: "So", time: DeskSite.at(hour: 4))
            default: DisputeEvent(Self.first, .decided(.rejected, change: nil), by: DeskSite.ops, reason: "So", time: now)
            }
        let body = attack == "form" ? event.body.replacing(":", with: ": ") : event.body
        try site.site.store.driver.write { _ = try Store.append(.dispute, text: body, at: now, in: $0) }
        let defects = try site.audit().defects
        #expect(defects.count == 1 && defects.first?.hasPrefix("log entry 4 ") == true, "\(defects)")
        // What cannot be replayed keeps nothing else of the status from being told.
        if attack != "time" { #expect(try SiteStatus(site.site, now: now).disputes == nil) }
        var watch = DisputeWatch()
        if attack != "time" { #expect(throws: ChangeRefusal.self) { try watch.look(site.site.store, now: now) } }
        #expect(try watch.look(site.site.store, now: now).isEmpty)
    }

    @Test(arguments: 0..<3) func `the clock is what whoever has the exported log counts`(_ seed: UInt64) async throws {
        let site = try await site("{ sla: 5h, pauseMax: 3h, reopenMax: 9 }")
        var draw = SplitMix(state: seed), minute: Int64 = 0
        try site.raise("A-1", at: DeskSite.at(0))
        for step in 0..<60 {
            minute = max(0, minute + ([0, 5, 20, 45, 70, -90].randomElement(using: &draw) ?? 1))
            let now = DeskSite.at(minute * 60), desk = site.disputes
            do {
                switch Int.random(in: 0..<9, using: &draw) {
                case 0, 1: _ = try desk.triage(Self.first, owner: DeskSite.jo, by: DeskSite.jo, at: now)
                case 2, 3: _ = try desk.pause(Self.first, by: DeskSite.jo, reason: "Wait", at: now)
                case 4, 5: _ = try desk.resume(Self.first, by: DeskSite.jo, at: now)
                case 6: _ = try desk.decide(Self.first, .rejected, by: DeskSite.kim, reason: "So", at: now)
                case 7: _ = try desk.reopen(Self.first, by: DeskSite.ops, reason: "No", at: now)
                default: try site.place("B-\(step)", at: now)
                }
            } catch is ChangeRefusal { continue }
        }
        let path = "\(site.root)/log.jsonl", end = minute + 400
        _ = try LogExport.write(site.site, to: path)
        let counted = try site.dispute(1, at: DeskSite.at(end * 60)).clock.advanced(to: try site.disputes.reading(at: DeskSite.at(end * 60)).time)
        let naive = try Self.count(site.read("log.jsonl"), until: end)
        #expect(counted.elapsed.seconds == naive.elapsed * 60 && counted.stood.seconds == naive.stood * 60, "\(naive)")
        #expect(try site.audit().defects.isEmpty)
    }

    /// Minutes that the clock of the one dispute ran and stood in its last round, as its lines tell them to whoever reads them from the top.
    private static func count(_ exported: String, until end: Int64) throws -> (elapsed: Int64, stood: Int64) {
        var latest: Int64 = 0, now: Int64 = 0, elapsed: Int64 = 0, stood: Int64 = 0, isPaused = false, isOver = true
        func step(to minute: Int64) {
            while now < minute {
                now += 1
                if isOver { continue }
                if isPaused, stood < 180 { stood += 1 } else { elapsed += 1 }
            }
        }
        for line in exported.split(separator: "\n") where line.hasPrefix("{\"position\"") {
            let at = try #require(line.firstMatch(of: /"at":"([^"]+)"/)).1, instant = try #require(Instant(String(at)))
            latest = max(latest, DeskSite.at(0).distance(to: instant).seconds / 60)
            guard line.contains("\"kind\":\"dispute\""), let name = line.firstMatch(of: /"event":"(\w+)"/)?.1 else { continue }
            step(to: latest)
            switch name {
            case "raised", "reopened": (elapsed, stood, isPaused, isOver) = (0, 0, false, false)
            case "paused": isPaused = true
            case "resumed", "escalated": isPaused = false
            case "decided", "closed": isOver = true
            default: break
            }
        }
        step(to: max(latest, end))
        return (elapsed, stood)
    }
}
