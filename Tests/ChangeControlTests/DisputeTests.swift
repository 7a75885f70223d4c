@testable import ChangeControl
import Diagnostics
import Testing
import Values

@Suite struct DisputeTests {
    private typealias Room = DisputeFixture

    @Test func `a dispute is raised, triaged, paused, resumed, decided and closed, and the log tells it whole`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        #expect(try room.dispute().status == .open)
        try room.triage(hour: 2)
        #expect(try room.dispute().owner == Room.ana)
        try room.take(.paused, by: Room.ana, at: Room.at(10))
        #expect(try room.dispute().clock.due == Room.at(48 + 72))
        try room.take(.resumed, by: Room.ole, reason: nil, at: Room.at(30))
        #expect(try room.dispute().clock.due == Room.at(48 + 20))
        try room.take(.decided(.upheld, change: ChangeRequestID(number: 7)), by: Room.ana, at: Room.at(40))
        let decided = try room.dispute()
        #expect(decided.status == .decided && decided.outcome == .upheld && decided.decider == Room.ana && decided.change?.number == 7)
        #expect(decided.clock.elapsed == Room.hours(20) && decided.clock.stood == Room.hours(20) && decided.clock.due == nil)
        try room.take(.closed, by: Room.ole, reason: nil, at: Room.at(41))
        #expect(try room.dispute().isLive == false)
        #expect(try DisputeLedger(room.entries).disputes == room.ledger.disputes)
        #expect(room.entries.map(\.kind) == [.genesis] + [LogEntryKind](repeating: .dispute, count: 6))
    }

    @Test func `an event reads back from its entry, and only from the one text that is written for it`() throws {
        let policy = DisputePolicy.standard, time = Instant(seconds: 1_795_000_000, nanoseconds: 500)
        let contents: [DisputeEvent.Content] = [
            .raised(Room.assignment("itemLocation:ÅS/a|b \"c\"", authors: [Room.mia, Room.ana]), policy), .triaged(owner: Room.ana), .paused, .resumed,
            .escalated(due: Room.at(3)), .decided(.rejected, change: nil), .decided(.upheld, change: ChangeRequestID(number: 12)), .closed, .reopened(policy),
        ]
        for content in contents {
            let event = DisputeEvent(Room.first, content, by: Room.ole, reason: "Née \"so\"", time: time)
            #expect(DisputeEvent(body: event.body) == event)
            #expect(DisputeEvent(body: event.body.replacing("\"by\":", with: "\"by\": ")) == nil)
            #expect(DisputeEvent(body: event.body.replacing("DP-0001", with: "DP-001")) == nil)
            #expect(DisputeEvent(body: event.body.replacing("ole@example-dc", with: "*")) == nil)
            #expect(DisputeEvent(body: event.body.replacing("\(content.name)\"", with: "undone\"")) == nil)
        }
    }

    @Test func `a clock stands while it is paused, and runs on by itself when the pauses are used up`() {
        var clock = DisputeClock(at: Room.at(0), DisputePolicy(sla: Room.hours(10), pauseMax: Room.hours(5), reopenMax: 0))
        clock.pause(at: Room.at(4))
        #expect(clock.due == Room.at(15))
        #expect(clock.advanced(to: Room.at(9)).elapsed == Room.hours(4))
        #expect(clock.advanced(to: Room.at(11)).elapsed == Room.hours(6))
        #expect(clock.advanced(to: Room.at(11)).due == Room.at(15))
        #expect(clock.advanced(to: Room.at(20)).due == Room.at(15))
        clock.resume(at: Room.at(6))
        #expect(clock.due == Room.at(12))
        clock.advance(to: Room.at(1))
        #expect(clock.counted == Room.at(6))
        clock.stop(at: Room.at(8))
        #expect(clock.due == nil && clock.advanced(to: Room.at(90)).elapsed == Room.hours(6))
    }

    @Test func `steps are refused where a dispute does not wait for them`() throws {
        var room = try Room()
        #expect(refusal { try room.take(.paused, by: Room.ana, at: Room.at(0)) } == .status)
        try room.raise(hour: 0)
        for content: DisputeEvent.Content in [.paused, .resumed, .decided(.upheld, change: nil), .reopened(.standard)] {
            #expect(refusal { try room.take(content, by: Room.ana, at: Room.at(1)) } == .status, "\(content.name)")
        }
        try room.triage(hour: 2)
        #expect(refusal { try room.take(.paused, by: Room.ana, reason: nil, at: Room.at(3)) } == .text)
        #expect(refusal { try room.take(.paused, by: Room.ana, reason: "two\nlines", at: Room.at(3)) } == .text)
        #expect(refusal { try room.take(.paused, by: Room.ana, reason: String(repeating: "a", count: 2_001), at: Room.at(3)) } == .text)
        try room.take(.paused, by: Room.ana, at: Room.at(3))
        #expect(refusal { try room.take(.paused, by: Room.ana, at: Room.at(4)) } == .status)
        try room.take(.escalated(due: Room.at(48 + 72)), by: Room.mia, at: Room.at(4))
        #expect(try room.dispute().status == .escalated)
        #expect(refusal { try room.take(.paused, by: Room.ana, at: Room.at(5)) } == .status)
        // Another owner does not take the escalation back.
        try room.triage(owner: Room.ole, hour: 6)
        #expect(try room.dispute().status == .escalated)
        #expect(try room.look(at: Room.at(900)).isEmpty)
    }

    @Test func `governance gives the terms, and what it leaves out is as usual`() throws {
        func read(_ lines: String) -> (governance: Governance?, codes: [String], lines: [Int?]) {
            let yaml = """
                governance: example-dc
                threshold: 1
                persons:
                  - { principal: mia@example-dc, name: Mia Berg, roles: [author, root] }
                  - { principal: ole@example-dc, name: Ole Dahl, roles: [approver, operator, root] }
                  - { principal: ana@example-dc, name: Ana Cruz, roles: [approver] }
                \(lines)
                """
            let signers = Site.line("mia@example-dc", 1) + Site.line("ole@example-dc", 2) + Site.line("ana@example-dc", 3)
            let read = Governance.read(configuration: Array(yaml.utf8), allowedSigners: Array(signers.utf8), manifest: ContentDigest(ofText: "m"))
            return (read.governance, read.diagnostics.map { "\($0.code)" }, read.diagnostics.map(\.position.line))
        }
        #expect(try #require(read("").governance).disputes == .standard)
        let some = try #require(read("disputes: { sla: 8h, reopenMax: 0 }").governance).disputes
        #expect(some == DisputePolicy(sla: Room.hours(8), pauseMax: Room.hours(72), reopenMax: 0))
        for wrong in ["disputes: { sla: 0s }", "disputes: { sla: 9999d }", "disputes: { reopenMax: -1 }", "disputes: { slow: 1h }"] {
            let answer = read(wrong)
            #expect(answer.governance == nil && answer.lines == [7], "\(wrong): \(answer.codes)")
        }
    }
}
