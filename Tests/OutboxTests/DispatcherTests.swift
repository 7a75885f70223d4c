import Outbox
import Testing
import Values

/// What the dispatcher does not hold, as it is not due for a while, and how that comes back.
@Suite struct `What is not held in memory` {
    let start = Instant(seconds: 1_000_000)
    func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_000_000 + seconds) }

    /// The states of one target's effects, in their order, and a dispatcher that is told of them.
    struct Kept {
        static let target = "carrier"
        var dispatcher: Dispatcher
        var order: [(id: String, lane: String?)] = []
        var states: [String: DeliveryState] = [:]

        /// - Parameter isReadAgain: whether what is not due for a while is left out.
        init(isReadAgain: Bool = true) {
            let schedule = RetrySchedule(steps: [DayTimeDuration](repeating: .zero, count: 9))
            dispatcher = Dispatcher([Kept.target: Dispatcher.Target(
                parallel: 8, schedule: schedule, gate: TargetGate(breaker: CircuitBreaker(failuresMax: 10_000)), isReadAgain: isReadAgain)])
        }

        mutating func put(_ id: String, lane: String?) {
            order.append((id, lane))
            states[id] = DeliveryState(effectID: id, deadline: Instant(seconds: 2_000_000))
        }

        /// Tells of all from a place on that is not settled, and gives how many were added.
        @discardableResult
        mutating func read(from place: Int = 0, at now: Instant) -> Int {
            var count = 0
            for (id, lane) in order[place...] {
                guard let state = states[id], !state.isSettled else { continue }
                if dispatcher.add(id, target: Kept.target, lane: lane, due: state.due ?? now, at: now) { count += 1 }
            }
            return count
        }

        /// Brings back what is due; gives how many those are.
        @discardableResult
        mutating func bringBack(at now: Instant) -> Int {
            guard let span = dispatcher.returning(at: now) else { return 0 }
            var count = 0, next: Instant?
            for (id, lane) in order {
                guard let due = states[id]?.due, due > span.after else { continue }
                if due <= span.through {
                    dispatcher.bringBack(id, target: Kept.target, lane: lane, due: due)
                    count += 1
                } else {
                    next = min(next ?? due, due)
                }
            }
            dispatcher.broughtBack(through: span.through, next: next)
            return count
        }

        /// Attempts all that may leave, until nothing may; gives what was sent, in order.
        mutating func send(at now: Instant, _ outcome: (String) -> AttemptOutcome = { _ in .succeeded(status: 204) }) -> [String] {
            var sent: [String] = []
            while true {
                let taken = dispatcher.take(at: now, max: 10_000)
                guard !taken.isEmpty else { return sent }
                var ends: [Dispatcher.End] = []
                for id in taken {
                    guard var state = states[id], dispatcher.begin(&state, target: Kept.target, at: now) == .starts else { continue }
                    sent.append(id)
                    ends.append(Dispatcher.End(state: state, target: Kept.target, outcome: outcome(id), at: now))
                }
                for end in dispatcher.end(ends, at: now) { states[end.state.effectID] = end.state }
            }
        }
    }

    func failed(until due: Instant) -> AttemptOutcome { .failed(.http(status: 500), retryAfter: due, detail: "status 500") }

    @Test func `thousands that wait for hours take no room, and come back when their time comes`() {
        var kept = Kept()
        for number in 0..<3_000 { kept.put("e\(number)", lane: number % 2 == 0 ? "\(number)" : nil) }
        #expect(kept.read(at: start) == 3_000)
        #expect(kept.send(at: start) { _ in failed(until: at(3_600)) }.count == 3_000)
        #expect(kept.dispatcher.count == 0 && kept.dispatcher.inFlight == 0)
        #expect(kept.dispatcher.nextDue == at(3_600))
        kept.put("new", lane: "new")
        #expect(kept.read(from: 3_000, at: at(1)) == 1)
        #expect(kept.send(at: at(1)) == ["new"])
        // All of them again, as at a restart: none is taken in.
        kept.dispatcher.startOver(Kept.target)
        #expect(kept.read(at: at(2)) == 0)
        #expect(kept.bringBack(at: at(3_599)) == 0)
        #expect(kept.bringBack(at: at(3_600)) == 3_000)
        #expect(kept.send(at: at(3_600)).count == 3_000)
        #expect(kept.dispatcher.count == 0 && !kept.dispatcher.isBehind(Kept.target) && kept.dispatcher.nextDue == nil)
        // A lane whose first one was the only one is open again.
        kept.put("again", lane: "0")
        #expect(kept.read(from: 3_001, at: at(3_601)) == 1)
    }

    @Test func `nothing leaves before an effect of its lane that is not held`() {
        var kept = Kept()
        for number in 1...4 { kept.put("a\(number)", lane: "a") }
        kept.put("b1", lane: "b")
        kept.read(at: start)
        let sent = kept.send(at: start) { $0 == "a1" ? failed(until: at(3_600)) : .succeeded(status: 204) }
        #expect(sent == ["a1", "b1"])
        #expect(kept.dispatcher.count == 0)
        kept.put("a5", lane: "a")
        kept.put("b2", lane: "b")
        #expect(kept.read(from: 5, at: at(1)) == 1)
        #expect(kept.send(at: at(1)) == ["b2"])
        // It fails once more, and then it is delivered: only then what is behind it is wanted.
        kept.bringBack(at: at(3_600))
        #expect(kept.send(at: at(3_600)) { _ in failed(until: at(7_200)) } == ["a1"])
        #expect(!kept.dispatcher.isBehind(Kept.target))
        kept.bringBack(at: at(7_200))
        #expect(kept.send(at: at(7_200)) == ["a1"])
        #expect(kept.dispatcher.isBehind(Kept.target))
        // What comes before all was read again is not let past those that were left out.
        kept.put("a6", lane: "a")
        #expect(kept.read(from: 7, at: at(7_200)) == 0)
        kept.dispatcher.startOver(Kept.target)
        #expect(kept.read(at: at(7_200)) == 5)
        #expect(kept.send(at: at(7_200)) == ["a2", "a3", "a4", "a5", "a6"])
        #expect(!kept.dispatcher.isBehind(Kept.target) && kept.dispatcher.count == 0)
    }

    @Test func `a long lane behind one that waits takes no room, however short its wait`() {
        var kept = Kept()
        for number in 0..<4_000 { kept.put("e\(number)", lane: "long") }
        kept.read(at: start)
        var failures = 0
        let sent = kept.send(at: start) { _ in
            failures += 1
            return failed(until: at(2))
        }
        #expect(sent == ["e0"] && failures == 1)
        #expect(kept.dispatcher.count == 1)
        // After a restart the first one waits for hours.
        #expect(kept.send(at: at(2)) { _ in failed(until: at(3_600)) } == ["e0"])
        var again = Kept()
        (again.order, again.states) = (kept.order, kept.states)
        again.put("other", lane: "short")
        #expect(again.read(at: at(3)) == 1)
        #expect(again.send(at: at(3)) == ["other"])
        again.bringBack(at: at(3_600))
        #expect(again.send(at: at(3_600)) == ["e0"])
        again.dispatcher.startOver(Kept.target)
        #expect(again.read(at: at(3_600)) == 3_999)
        #expect(again.send(at: at(3_600)) == (1..<4_000).map { "e\($0)" })
    }

    @Test func `what is behind an effect that was settled elsewhere is wanted`() {
        var kept = Kept()
        for number in 1...2 { kept.put("a\(number)", lane: "a") }
        kept.put("b1", lane: "b")
        kept.read(at: start)
        _ = kept.send(at: start) { _ in failed(until: at(3_600)) }
        kept.dispatcher.forget("b1", target: Kept.target, lane: "b")
        #expect(!kept.dispatcher.isBehind(Kept.target))
        kept.dispatcher.forget("a2", target: Kept.target, lane: "a")
        #expect(!kept.dispatcher.isBehind(Kept.target))
        kept.dispatcher.forget("a1", target: Kept.target, lane: "a")
        #expect(kept.dispatcher.isBehind(Kept.target))
    }

    @Test func `a clock that is set back loses nothing that waits`() {
        var kept = Kept()
        kept.put("a", lane: "a")
        kept.put("b", lane: nil)
        kept.read(at: start)
        _ = kept.send(at: start) { $0 == "a" ? failed(until: at(100)) : failed(until: at(200)) }
        #expect(kept.bringBack(at: at(150)) == 1)
        // Set back, "a" fails once more, and waits for a moment that was looked at already.
        #expect(kept.send(at: at(100)) { _ in failed(until: at(120)) } == ["a"])
        #expect(kept.dispatcher.nextDue == at(120))
        #expect(kept.bringBack(at: at(120)) == 1)
        #expect(kept.send(at: at(120)) == ["a"])
        #expect(kept.bringBack(at: at(200)) == 1)
        #expect(kept.send(at: at(200)) == ["b"])
    }

    @Test func `what cannot be read again stays`() {
        var kept = Kept(isReadAgain: false)
        for number in 1...40 { kept.put("a\(number)", lane: "a") }
        #expect(kept.read(at: start) == 40)
        _ = kept.send(at: start) { _ in failed(until: at(3_600)) }
        #expect(kept.dispatcher.count == 40)
        #expect(kept.send(at: at(3_600)).count == 40)
    }
}

@Suite struct `A target that is left alone` {
    private let now = Instant(seconds: 1_000)

    @Test func `is tried at once with one attempt where somebody sends something again, and with all once that succeeds`() {
        let schedule = RetrySchedule(steps: [DayTimeDuration](repeating: .zero, count: 99))
        var dispatcher = Dispatcher(["t": Dispatcher.Target(
            parallel: 4, schedule: schedule, gate: TargetGate(breaker: CircuitBreaker(failuresMax: 4, pause: DayTimeDuration(seconds: 600))))])
        var states: [String: DeliveryState] = [:]
        for id in ["a", "b", "c", "d"] {
            states[id] = DeliveryState(effectID: id, deadline: Instant(seconds: 100_000))
            dispatcher.add(id, target: "t", lane: nil, due: now)
        }
        func attempt(_ ids: [String], _ outcome: AttemptOutcome) {
            let ends = ids.map { id in
                #expect(dispatcher.begin(&states[id]!, target: "t", at: now) == .starts)
                return Dispatcher.End(state: states[id]!, target: "t", outcome: outcome, at: now)
            }
            for end in dispatcher.end(ends, at: now) { states[end.state.effectID] = end.state }
        }
        let failed = AttemptOutcome.failed(.timeout, retryAfter: nil, detail: "")
        // Nobody is left alone yet, and nothing changes.
        dispatcher.probe(at: now)
        attempt(dispatcher.take(at: now, max: 10), failed)
        #expect(dispatcher.take(at: now, max: 10).isEmpty)
        for outcome in [failed, .succeeded(status: 204)] {
            dispatcher.probe(at: now)
            let probe = dispatcher.take(at: now, max: 10)
            #expect(probe.count == 1)
            // While it is under way, asking again lets no second one go.
            dispatcher.probe(at: now)
            #expect(dispatcher.take(at: now, max: 10).isEmpty)
            attempt(probe, outcome)
            if outcome == failed { #expect(dispatcher.take(at: now, max: 10).isEmpty) }
        }
        #expect(dispatcher.take(at: now, max: 10).count == 3)
    }
}
