import ChangeControl
import Foundation
import Outbox
import Pipeline
import Store
import Testing
import Values

/// `kill -9` while a change becomes live or is taken back.
extension EndToEnd { @Suite struct KilledActivationTests {
    /// Moments of a run that takes so long: half of them spread over it, half over its last quarter, where it commits.
    private func moments(_ duration: Double, _ count: Int) -> [Double] {
        (0..<count).map { $0 % 2 == 0 ? duration * Double($0) / Double(count) : duration * (0.75 + 0.3 * Double($0) / Double(count)) }
    }

    private func work(_ site: DeskSite) throws {
        let now = SystemClock.now(), evaluator = try site.evaluator()
        _ = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { _ = try evaluator.fullRun(scheme, now: now) }
    }

    @Test func `killed at any moment, an activation and a rollback leave the old state or the new one, and each effect once`() async throws {
        let site = try await DeskSite.whole(), store = site.site.store
        for feed in ["customers", "item-master", "x12-orders", "idoc-orders"] {
            for name in try DeskSite.samples(feed) where !name.hasSuffix(".done") { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed) }
        }
        try work(site)
        let rounds = ProcessInfo.processInfo.environment["KILL_ROUNDS"].flatMap { Int($0) } ?? 6
        var ends = ["old": 0, "new": 0], activation = 0.0, rollback = 0.0
        for round in 0...rounds {
            let request = try site.propose(hours: round % 2 == 0 ? 99_999 - round : 30 + round)
            _ = try await site.approve(request.id)
            let foretold = try site.desk.impact(request.id, at: SystemClock.now())
            let before = try #require(try store.lastLogEntry()).position, base = try site.site.liveState().id
            // The first round is let be, and tells how long one takes.
            let moment = round == 0 ? nil : moments(activation, rounds)[round - 1]
            let took = try site.program(["change", "activate", request.id.description, "--by", "ops@site"], killAfter: moment).seconds
            if round == 0 { activation = took }
            try expectWhole(site, request, base, &ends)
            if try site.site.liveState().id == base { _ = try await site.desk.activate(request.id, at: SystemClock.now()) }
            try work(site)
            let effects = try store.effects(after: before)
            #expect(Set(effects.map(\.effect.id)).count == effects.count && effects.count == foretold.emissions.reduce(0) { $0 + $1.count }, "round \(round)")
            #expect(try store.driver.read { try Store.entries(of: .stateActivated, in: $0) }.count { $0.position > before } == 1)

            guard round % 2 == 1 || round == 0 else { continue }
            let arguments = ["change", "rollback", request.id.description, "--by", "ops@site", "--reason", "Tried"]
            let ran = try site.program(arguments, killAfter: round == 0 ? nil : moments(rollback, rounds)[round - 1]).seconds
            if round == 0 { rollback = ran }
            let live = try site.site.liveState().id
            #expect([base, request.target.id.description].contains(live))
            #expect(try site.desk.request(request.id).status == (live == base ? .rolledBack : .active))
            if live != base { _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Tried", at: SystemClock.now()) }
            try work(site)
            #expect(try site.audit().defects.isEmpty)
        }
        print("killed: \(rounds) activations, \(ends["old"] ?? 0) left the old state and \(ends["new"] ?? 0) the new one")
    }

    /// Either nothing has happened, or all of it.
    private func expectWhole(_ site: DeskSite, _ request: ChangeRequest, _ base: String, _ ends: inout [String: Int]) throws {
        let live = try site.site.liveState().id, status = try site.desk.request(request.id).status
        #expect([base, request.target.id.description].contains(live))
        #expect(status == (live == base ? .approved : .active))
        let kinds = try site.logKinds()
        #expect(kinds.last == (live == base ? "changeApproved" : "stateActivated"))
        #expect((try site.site.store.dirtyCount() > 0) == (live != base))
        #expect(try site.audit().defects.isEmpty)
        ends[live == base ? "old" : "new", default: 0] += 1
    }
} }
