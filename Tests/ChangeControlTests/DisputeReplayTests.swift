@testable import ChangeControl
import Testing
import Values

/// The clock against an oracle that steps through the log minute by minute.
@Suite struct DisputeReplayTests {
    private static let sla = 300, pauseMax = 200

    /// What an outsider counts from the entries of one dispute: minute by minute, paused or not.
    private struct Oracle {
        var elapsed = 0, stood = 0, isPaused = false, isOver = false
        /// The minute at which the SLA was reached first.
        var due: Int?

        mutating func step(_ minute: Int) {
            if isOver { return }
            if isPaused, stood < pauseMax { stood += 1 } else { elapsed += 1 }
            if elapsed == sla, due == nil { due = minute + 1 }
        }

        mutating func take(_ name: String) {
            switch name {
            case "raised", "reopened": self = Oracle()
            case "paused": isPaused = true
            case "resumed", "escalated": isPaused = false
            case "decided", "closed": (isPaused, isOver) = (false, true)
            default: break
            }
        }
    }

    private static func minute(_ instant: Instant) -> Int { Int(DisputeFixture.start.distance(to: instant).seconds / 60) }

    /// The oracle after all events of a dispute in a log, at a minute.
    private static func oracle(_ entries: [LogEntry], _ id: DisputeID, until end: Int) -> Oracle {
        var oracle = Oracle(), latest = 0, now: Int?
        for entry in entries {
            latest = max(latest, minute(entry.at))
            guard entry.kind == .dispute, entry.body.contains("\"dispute\":\"\(id)\""), let name = entry.body.firstMatch(of: /"event":"(\w+)"/)?.1 else { continue }
            for minute in (now ?? latest)..<latest { oracle.step(minute) }
            now = latest
            oracle.take(String(name))
        }
        for minute in (now ?? end)..<max(end, now ?? end) { oracle.step(minute) }
        return oracle
    }

    @Test func `the clock is what a naive replay of the log counts`() throws {
        var accepted: Set<String> = []
        for seed: UInt64 in 0..<40 { accepted.formUnion(try randomLog(seed)) }
        // A generator that stopped making some kind of event would show nothing of it.
        #expect(accepted == ["raised", "triaged", "paused", "resumed", "escalated", "overdue", "decided", "closed", "reopened"])
    }

    /// One random log, held against the oracle after each event; gives the kinds of event that were accepted.
    private func randomLog(_ seed: UInt64) throws -> Set<String> {
        var draw = DisputeDraw(seed: seed), room = try DisputeFixture(), clock = 0
        let policy = DisputePolicy(sla: DayTimeDuration(seconds: Int64(Self.sla) * 60), pauseMax: DayTimeDuration(seconds: Int64(Self.pauseMax) * 60), reopenMax: 2)
        let persons = [DisputeFixture.mia, DisputeFixture.ole, DisputeFixture.ana]
        var accepted: Set<String> = []
        for _ in 0..<160 {
            // Mostly forward, at times not at all, at times set back.
            clock = max(0, clock + ([0, 1, 7, 30, 30, 60, 90, -45, -200].randomElement(using: &draw) ?? 1))
            let at = DisputeFixture.start.adding(DayTimeDuration(seconds: Int64(clock) * 60))
            switch Int.random(in: 0..<10, using: &draw) {
            case 0: room.tick(at)
            case 1: if try !room.look(at: at).isEmpty { accepted.insert("overdue") }
            default:
                let number = Int.random(in: 1...3, using: &draw), id = DisputeID(number: number)
                let due = try? room.dispute(id).clock.advanced(to: max(room.time, at)).due
                let contents: [DisputeEvent.Content] = [
                    .raised(DisputeFixture.assignment("order:ACME/\(number)", authors: []), policy), .triaged(owner: persons.randomElement(using: &draw) ?? DisputeFixture.ana),
                    .paused, .paused, .resumed, .decided(.upheld, change: nil), .closed, .reopened(policy), .escalated(due: due ?? at),
                ]
                let content = contents.randomElement(using: &draw) ?? .paused
                let isRaising = content.name == "raised"
                do {
                    try room.take(content, of: isRaising ? room.ledger.nextID : id, by: persons.randomElement(using: &draw), at: at)
                    accepted.insert(content.name)
                } catch is ChangeRefusal { continue }
            }
            for dispute in room.ledger.disputes {
                let later = max(Self.minute(room.time), clock) + Int.random(in: 0...400, using: &draw)
                let time = DisputeFixture.start.adding(DayTimeDuration(seconds: Int64(later) * 60))
                let counted = dispute.clock.advanced(to: time), naive = Self.oracle(room.entries, dispute.id, until: later)
                #expect(counted.elapsed.seconds == Int64(naive.elapsed) * 60 && counted.stood.seconds == Int64(naive.stood) * 60, "\(dispute.id) at \(later)")
                guard let due = counted.due else { continue }
                #expect(due <= dispute.clock.began.adding(policy.sla).adding(policy.pauseMax))
                if let reached = naive.due { #expect(Self.minute(due) == reached, "\(dispute.id) at \(later)") } else { #expect(due > time) }
            }
        }
        #expect(try DisputeLedger(room.entries).disputes == room.ledger.disputes)
        for dispute in room.ledger.disputes where dispute.decider != nil { #expect(dispute.decider != dispute.raiser) }
        return accepted
    }
}
