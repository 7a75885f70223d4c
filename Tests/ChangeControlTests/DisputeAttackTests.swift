@testable import ChangeControl
import Testing
import Values

/// What somebody who wants a dispute to go their way would try.
@Suite struct DisputeAttackTests {
    private typealias Room = DisputeFixture

    @Test func `a loop of pauses stops the clock for as long as governance lets it, and no longer`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        try room.triage(hour: 0)
        var hour: Int64 = 0, pauses = 0
        while hour < 400 {
            do {
                try room.take(.paused, by: Room.ana, at: Room.at(hour))
                pauses += 1
                try room.take(.resumed, by: Room.ana, at: Room.at(hour + 9))
            } catch let refused as ChangeRefusal where refused.kind == .limit {
                break
            }
            hour += 10
        }
        // Eight pauses of nine hours are 72; the ninth is refused, and another owner has no more of them.
        #expect(pauses == 8 && hour == 80)
        try room.triage(owner: Room.mia, hour: hour)
        #expect(refusal { try room.take(.paused, by: Room.mia, at: Room.at(hour)) } == .limit)
        #expect(try room.dispute().clock.due == Room.at(48 + 72))
        #expect(try room.look(at: Room.at(120)).count == 1)
    }

    @Test func `a pause that nobody ends lets the clock run on when it is used up`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        try room.triage(hour: 1)
        try room.take(.paused, by: Room.ana, at: Room.at(2))
        #expect(try room.look(at: Room.at(119)).isEmpty)
        let escalated = try #require(try room.look(at: Room.at(120)).first)
        #expect(escalated.content == .escalated(due: Room.at(120)) && escalated.by == nil)
        #expect(try room.dispute().clock.isPaused == false)
        #expect(refusal { try room.take(.paused, by: Room.ana, at: Room.at(121)) } == .status)
    }

    @Test func `an escalation that an outage delays says when it was due, and comes once a round`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        // The daemon is off for three weeks.
        #expect(try room.look(at: Room.at(500)).map(\.content) == [.escalated(due: Room.at(48))])
        #expect(try room.dispute().escalatedDue == Room.at(48))
        #expect(try room.dispute().clock.elapsed == Room.hours(500))
        #expect(try room.look(at: Room.at(501)).isEmpty)
        try room.take(.decided(.rejected, change: nil), by: Room.ana, at: Room.at(502))
        try room.reopen(hour: 510)
        #expect(try room.look(at: Room.at(557)).isEmpty)
        #expect(try room.look(at: Room.at(558)).map(\.content) == [.escalated(due: Room.at(558))])
    }

    @Test func `no other step of a late round goes before its escalation`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        try room.triage(hour: 1)
        for content: DisputeEvent.Content in [.decided(.upheld, change: nil), .paused, .triaged(owner: Room.ole), .closed] {
            var late = room
            let person = content == .closed ? Room.ole : Room.ana
            #expect(refusal { try late.take(content, by: person, at: Room.at(48)) } == .status, "\(content.name)")
            // A nanosecond before, it is not late.
            try late.take(content, by: person, at: Instant(seconds: Room.at(48).seconds - 1, nanoseconds: 999_999_999))
        }
        #expect(refusal { try room.take(.escalated(due: Room.at(60)), by: nil, at: Room.at(60)) } == .otherContent)
        try room.take(.escalated(due: Room.at(48)), by: nil, at: Room.at(60))
        try room.take(.decided(.upheld, change: nil), by: Room.ana, at: Room.at(60))
    }

    @Test func `the clock escalates nothing before its time, and does nothing else`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        #expect(refusal { try room.take(.escalated(due: Room.at(48)), by: nil, at: Room.at(47)) } == .status)
        for content: DisputeEvent.Content in [.triaged(owner: Room.ana), .closed, .decided(.upheld, change: nil)] {
            #expect(refusal { try room.take(content, by: nil, at: Room.at(1)) } == .role, "\(content.name)")
        }
        #expect(refusal { try room.take(.raised(Room.assignment("order:ACME/2"), .standard), by: nil, at: Room.at(1)) } == .status)
    }

    @Test func `nobody decides a dispute that they raised`() throws {
        var room = try Room()
        try room.raise(by: Room.ole, hour: 0)
        try room.triage(owner: Room.ole, hour: 1)
        #expect(refusal { try room.take(.decided(.upheld, change: nil), by: Room.ole, at: Room.at(2)) } == .ownChange)
        try room.take(.escalated(due: Room.at(48)), by: Room.ole, at: Room.at(3))
        #expect(refusal { try room.take(.decided(.upheld, change: nil), by: Room.ole, at: Room.at(4)) } == .ownChange)
        try room.take(.decided(.upheld, change: nil), by: Room.ana, at: Room.at(5))
        // Nor in a later round, whoever reopened it.
        try room.take(.reopened(.standard), by: Room.ana, at: Room.at(6))
        try room.triage(hour: 7)
        #expect(refusal { try room.take(.decided(.rejected, change: nil), by: Room.ole, at: Room.at(8)) } == .ownChange)
    }

    @Test func `nobody decides about what they wrote`() throws {
        var room = try Room()
        try room.raise(Room.assignment(authors: [Room.ana, Room.mia]), by: Room.mia, hour: 0)
        try room.triage(hour: 1)
        #expect(refusal { try room.take(.decided(.rejected, change: nil), by: Room.ana, at: Room.at(2)) } == .ownChange)
        // A replay of the log refuses it too, whatever governance said.
        let forged = DisputeEvent(Room.first, .decided(.rejected, change: nil), by: Room.ana, reason: "Fine", time: Room.at(2))
        var replayed = room.ledger
        #expect(refusal { try replayed.take(forged) } == .ownChange)
        try room.take(.decided(.rejected, change: nil), by: Room.ole, at: Room.at(2))
    }

    @Test func `who has no role takes no part, and who is no approver does not decide`() throws {
        var room = try Room()
        let eve = try #require(Principal("eve@example-dc"))
        #expect(refusal { try room.raise(by: eve, hour: 0) } == .role)
        try room.raise(by: Room.ole, hour: 0)
        #expect(refusal { try room.triage(owner: eve, hour: 1) } == .role)
        try room.triage(hour: 1)
        #expect(refusal { try room.take(.decided(.upheld, change: nil), by: Room.mia, at: Room.at(2)) } == .role)
        #expect(refusal { try room.take(.paused, by: Room.mia, at: Room.at(2)) } == .role)
        // A decision is not got round by closing: before it only the raiser withdraws.
        #expect(refusal { try room.take(.closed, by: Room.ana, at: Room.at(2)) } == .role)
    }

    @Test func `a dispute is not reopened beyond the limit, and no other one is raised instead`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        for round in 1...3 {
            let hour = Int64(round) * 10
            #expect(try room.dispute().round == round)
            try room.triage(hour: hour)
            try room.take(.decided(.rejected, change: nil), by: Room.ana, at: Room.at(hour + 1))
            if round == 2 { try room.take(.closed, by: Room.ole, at: Room.at(hour + 1)) }
            if round < 3 { try room.reopen(hour: hour + 2) }
        }
        #expect(refusal { try room.reopen(hour: 40) } == .limit)
        try room.take(.closed, by: Room.ole, at: Room.at(41))
        #expect(refusal { try room.reopen(hour: 42) } == .limit)
        #expect(refusal { try room.raise(hour: 43) } == .disputed)
        // Where the entity moved, or other rules are live, it is another matter.
        var moved = room
        try moved.raise(Room.assignment(position: 9), hour: 43)
        try room.raise(Room.assignment(state: "state 2"), hour: 43)
        #expect(try room.dispute(DisputeID(number: 2)).round == 1)
    }

    @Test func `withdrawing and raising again does not begin a new clock for nothing`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        try room.take(.closed, by: Room.ole, at: Room.at(47))
        #expect(refusal { try room.raise(hour: 48) } == .disputed)
        try room.reopen(hour: 48)
        #expect(try room.dispute().round == 2)
    }

    @Test func `a place has one live dispute`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        #expect(refusal { try room.raise(by: Room.ana, hour: 1) } == .disputed)
        #expect(refusal { try room.raise(Room.assignment(position: 5, state: "state 2"), by: Room.ana, hour: 1) } == .disputed)
        try room.raise(Room.assignment("order:ACME/4712"), hour: 1)
        try room.raise(Room.assignment(scheme: "customer-service"), hour: 1)
        // A closed one does not come back beside another that is live.
        try room.take(.closed, by: Room.ole, at: Room.at(2))
        try room.raise(Room.assignment(position: 5), hour: 3)
        #expect(refusal { try room.reopen(hour: 4) } == .disputed)
        #expect(room.ledger.disputes.count == 4 && room.ledger.liveDisputes.count == 3)
    }

    @Test func `a clock that is set back neither shortens nor lengthens what has run`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        // The log is at 40 hours when the machine's clock goes back to the first.
        room.tick(Room.at(40))
        try room.triage(hour: 1)
        #expect(try room.dispute().clock.elapsed == Room.hours(40))
        #expect(try room.dispute().clock.due == Room.at(48))
        try room.take(.paused, by: Room.ana, at: Room.at(2))
        try room.take(.resumed, by: Room.ana, at: Room.at(30))
        #expect(try room.dispute().clock.stood == .zero)
        // It is put right: nothing is counted twice.
        #expect(try room.look(at: Room.at(47)).isEmpty)
        try room.triage(owner: Room.mia, hour: 47)
        #expect(try room.dispute().clock.elapsed == Room.hours(47))
        #expect(try room.look(at: Room.at(48)).map(\.content) == [.escalated(due: Room.at(48))])
        #expect(try DisputeLedger(room.entries).disputes == room.ledger.disputes)
        // An entry that tells an earlier time than the log had is no event.
        var replayed = room.ledger
        let back = DisputeEvent(Room.first, .decided(.upheld, change: nil), by: Room.ana, reason: "So", time: Room.at(20))
        #expect(refusal { try replayed.take(back) } == .status)
    }

    @Test func `a body that was tampered with is no event`() throws {
        var room = try Room()
        try room.raise(hour: 0)
        try room.triage(hour: 1)
        for (old, new) in [("\"authors\":[\"mia@example-dc\"]", "\"authors\":[]"), ("\"P2D\"", "\"P20D\""), ("ole@", "eve@")] {
            let entry = room.entries[1], body = entry.body.replacing(old, with: new)
            #expect(body != entry.body)
            let forged = LogEntry(position: entry.position, at: entry.at, kind: entry.kind, body: body, previous: entry.previous, hash: entry.hash)
            var verification = LogVerification()
            #expect(verification.check(room.entries[0]) == nil)
            #expect(verification.check(forged) != nil, "\(new)")
        }
        let last = room.entries[2]
        for body in ["{}", last.body + " ", last.body.replacing("triaged", with: "solved"), last.body.replacing("\"owner\"", with: "\"by\"")] {
            #expect(body != last.body)
            let forged = LogEntry.next(after: room.entries[1].head, at: last.at, kind: .dispute, body: body)
            #expect(refusal { try DisputeLedger(room.entries[...1] + [forged]) } == .otherContent, "\(body)")
        }
    }
}
