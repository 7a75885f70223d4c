import Microsegments
import Testing
import Values

/// A borderline entity does not flap.
struct StabilityTests {
    private let start = Instant(written: "2026-11-21T12:00:00Z")

    private func policy(_ confirmations: Int, after: Int64 = 60, dwell: Int64 = 0) -> StabilityPolicy {
        StabilityPolicy(confirmations: confirmations, confirmAfter: Desk.seconds(after), minimumDwell: Desk.seconds(dwell))
    }

    @Test func `the first answer counts at once`() {
        let outcome = policy(3, dwell: 100).fold("a", into: nil, at: start, schemeChanged: false)
        #expect(outcome == StabilityOutcome(state: StabilityState(settled: "a", since: start), verdict: .first, askAgain: nil))
    }

    @Test func `an answer moves an entity once it was given at enough distinct instants`() {
        let policy = policy(3)
        var state = StabilityState(settled: "a", since: start)
        let first = policy.fold("b", into: state, at: start.later(10), schemeChanged: false)
        #expect(first.verdict == .unconfirmed && first.askAgain == start.later(70) && first.state.settled == "a")
        state = first.state
        for _ in 0..<5 {
            let again = policy.fold("b", into: state, at: start.later(10), schemeChanged: false)
            #expect(again == first, "the same instant confirms nothing")
        }
        let second = policy.fold("b", into: state, at: start.later(11), schemeChanged: false)
        #expect(second.verdict == .unconfirmed && second.state.candidate?.confirmations == 2 && second.askAgain == start.later(71))
        let back = policy.fold("b", into: second.state, at: start.later(5), schemeChanged: false)
        #expect(back.state == second.state, "an earlier instant confirms nothing")
        let third = policy.fold("b", into: second.state, at: start.later(12), schemeChanged: false)
        #expect(third == StabilityOutcome(state: StabilityState(settled: "b", since: start.later(12)), verdict: .moved, askAgain: nil))
    }

    @Test func `the answer in effect, or another one, begins the count anew`() {
        let policy = policy(2)
        let waiting = policy.fold("b", into: StabilityState(settled: "a", since: start), at: start.later(1), schemeChanged: false).state
        let same = policy.fold("a", into: waiting, at: start.later(2), schemeChanged: false)
        #expect(same.verdict == .same && same.state.candidate == nil && same.askAgain == nil)
        #expect(policy.fold("b", into: same.state, at: start.later(3), schemeChanged: false).verdict == .unconfirmed)
        let other = policy.fold("c", into: waiting, at: start.later(2), schemeChanged: false)
        #expect(other.verdict == .unconfirmed)
        #expect(other.state.candidate == StabilityState.Candidate(microsegment: "c", confirmations: 1, since: start.later(2), lastAt: start.later(2)))
    }

    @Test func `an entity stays for its dwell, to the nanosecond`() {
        let policy = policy(1, dwell: 100)
        let state = StabilityState(settled: "a", since: start)
        let early = policy.fold("b", into: state, at: start.later(100, nanoseconds: -1), schemeChanged: false)
        #expect(early.verdict == .dwelling && early.askAgain == start.later(100) && early.state.settled == "a" && early.state.since == start)
        let free = policy.fold("b", into: early.state, at: start.later(100), schemeChanged: false)
        #expect(free.verdict == .moved && free.state == StabilityState(settled: "b", since: start.later(100)))
    }

    @Test func `confirmations and dwell run at the same time`() {
        let policy = policy(2, after: 60, dwell: 100)
        let first = policy.fold("b", into: StabilityState(settled: "a", since: start), at: start.later(10), schemeChanged: false)
        let second = policy.fold("b", into: first.state, at: start.later(70), schemeChanged: false)
        #expect(second.verdict == .dwelling && second.askAgain == start.later(100))
        #expect(policy.fold("b", into: second.state, at: start.later(100), schemeChanged: false).verdict == .moved)
    }

    @Test func `another scheme bypasses both, and forgets what waited`() {
        let policy = policy(5, dwell: 1_000_000)
        let waiting = policy.fold("b", into: StabilityState(settled: "a", since: start), at: start.later(1), schemeChanged: false).state
        let moved = policy.fold("c", into: waiting, at: start.later(2), schemeChanged: true)
        #expect(moved == StabilityOutcome(state: StabilityState(settled: "c", since: start.later(2)), verdict: .moved, askAgain: nil))
        let same = policy.fold("a", into: waiting, at: start.later(2), schemeChanged: true)
        #expect(same.verdict == .same && same.state == StabilityState(settled: "a", since: start))
    }

    @Test func `noise moves a borderline entity at most a tenth as often as without stability`() {
        var draw = Draw(seed: 17)
        let policy = policy(4, after: 60, dwell: 3600)
        var state: StabilityState?
        var last: String?
        var flips = 0, raw = 0, now = start
        for _ in 0..<5000 {
            now = now.later(60)
            // 24 hours left, plus or minus half an hour of noise.
            let answer = Int.random(in: -30...30, using: &draw) < 0 ? "rush" : "standard"
            if let last, last != answer { raw += 1 }
            last = answer
            let outcome = policy.fold(answer, into: state, at: now, schemeChanged: false)
            if outcome.verdict == .moved { flips += 1 }
            state = outcome.state
        }
        #expect(raw > 2000)
        #expect(flips * 10 <= raw, "\(flips) of \(raw)")
        #expect(flips > 0, "an entity that is never moved is not stable but stuck")
    }

    @Test func `every question is asked again later, never now`() {
        var draw = Draw(seed: 19)
        for _ in 0..<200 {
            let policy = policy(Int.random(in: 1...4, using: &draw), after: Int64.random(in: 1...90, using: &draw), dwell: Int64.random(in: 0...300, using: &draw))
            var state: StabilityState?
            var now = start
            for _ in 0..<50 {
                now = now.later(Int64.random(in: 0...60, using: &draw))
                let outcome = policy.fold(["a", "b", "c"].randomElement(using: &draw) ?? "a", into: state, at: now, schemeChanged: Int.random(in: 0..<20, using: &draw) == 0)
                if let again = outcome.askAgain { #expect(again > now) }
                #expect((outcome.verdict == .unconfirmed || outcome.verdict == .dwelling) == (outcome.askAgain != nil))
                state = outcome.state
            }
        }
    }

    @Test func `asked again when it wants to be, a lasting answer takes effect`() throws {
        let policy = policy(3, after: 60, dwell: 600)
        var state: StabilityState? = StabilityState(settled: "a", since: start)
        var now = start.later(5)
        for _ in 0..<10 {
            let outcome = policy.fold("b", into: state, at: now, schemeChanged: false)
            state = outcome.state
            guard let again = outcome.askAgain else { break }
            now = again
        }
        #expect(state == StabilityState(settled: "b", since: start.later(600)))
    }
}
