import Outbox
import Testing
import Values

@Suite struct `Token bucket` {
    func at(_ milliseconds: Int64) -> Instant { Instant(seconds: 1_000 + milliseconds / 1_000, nanoseconds: Int32(milliseconds % 1_000) * 1_000_000) }

    /// Starts of attempts that are made as soon as they may be.
    func starts(_ bucket: inout TokenBucket, from: Instant, count: Int) -> [Instant] {
        var now = from, starts: [Instant] = []
        for _ in 0..<count {
            now = max(now, bucket.next(at: now))
            bucket.take(at: now)
            starts.append(now)
        }
        return starts
    }

    @Test func `a burst goes at once, and then one in each interval`() {
        var bucket = TokenBucket(requests: 4, burst: 3)
        #expect(starts(&bucket, from: at(0), count: 6) == [at(0), at(0), at(0), at(250), at(500), at(750)])
        // After a pause there is a whole burst again, and not more.
        #expect(starts(&bucket, from: at(60_000), count: 4) == [at(60_000), at(60_000), at(60_000), at(60_250)])
    }

    @Test func `a rate may be of minutes`() {
        var bucket = TokenBucket(requests: 2, every: DayTimeDuration(seconds: 60), burst: 1)
        #expect(starts(&bucket, from: at(0), count: 3) == [at(0), at(30_000), at(60_000)])
    }

    @Test func `a clock that is set back makes nobody wait for longer than the bucket takes to fill`() {
        var bucket = TokenBucket(requests: 1, burst: 5)
        bucket.take(at: at(3_600_000))
        #expect(bucket.next(at: at(0)) <= at(1_000))
    }
}

@Suite struct `Gate of a target` {
    let start = Instant(seconds: 1_000)
    func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_000 + seconds) }
    func failed(_ failure: FailureClass, retryAfter: Instant? = nil) -> AttemptOutcome { .failed(failure, retryAfter: retryAfter, detail: "x") }

    @Test func `charged failures in a row close it, and one probe decides`() {
        var gate = TargetGate(breaker: CircuitBreaker(failuresMax: 2, pause: DayTimeDuration(seconds: 10)))
        for _ in 0..<2 {
            #expect(gate.admits(at: start) == .open)
            gate.ended(failed(.connect), at: start)
        }
        #expect(gate.admits(at: at(9)) == .closed(until: at(10)))
        #expect(gate.admits(at: at(10)) == .open)
        #expect(gate.admits(at: at(10)) == .closed(until: nil))
        gate.ended(failed(.http(status: 503)), at: at(11))
        #expect(gate.admits(at: at(30)) == .closed(until: at(31)))
        #expect(gate.admits(at: at(31)) == .open)
        gate.ended(.succeeded(status: 204), at: at(31))
        #expect(gate.admits(at: at(31)) == .open)
        #expect(gate.admits(at: at(31)) == .open)
    }

    @Test func `faults of this side close nothing, and a probe that they ended may go again`() {
        var gate = TargetGate(breaker: CircuitBreaker(failuresMax: 1, pause: DayTimeDuration(seconds: 10)))
        for _ in 0..<20 {
            #expect(gate.admits(at: start) == .open)
            gate.ended(failed(.own), at: start)
        }
        gate.ended(failed(.timeout), at: start)
        #expect(gate.admits(at: at(10)) == .open)
        gate.ended(failed(.own), at: at(11))
        #expect(gate.admits(at: at(11)) == .open)
        gate.abandoned(at: at(12))
        #expect(gate.admits(at: at(12)) == .open)
    }

    @Test func `a target that asks for a pause gets it, and no longer one than an open breaker`() {
        var gate = TargetGate(breaker: CircuitBreaker(failuresMax: 100, pauseMax: DayTimeDuration(seconds: 600)))
        gate.ended(failed(.http(status: 429), retryAfter: at(30)), at: start)
        #expect(gate.admits(at: at(29)) == .closed(until: at(30)))
        #expect(gate.admits(at: at(30)) == .open)
        gate.ended(failed(.http(status: 503), retryAfter: at(1_000_000)), at: at(30))
        #expect(gate.admits(at: at(31)) == .closed(until: at(630)))
        // What another status says of one effect is not said of all.
        var other = TargetGate()
        other.ended(failed(.http(status: 500), retryAfter: at(30)), at: start)
        #expect(other.admits(at: at(1)) == .open)
    }

    @Test func `a rate is kept, and no token goes where the breaker is open`() {
        var gate = TargetGate(
            breaker: CircuitBreaker(failuresMax: 1, pause: DayTimeDuration(seconds: 10)), bucket: TokenBucket(requests: 1, burst: 1))
        #expect(gate.admits(at: start) == .open)
        #expect(gate.admits(at: start) == .closed(until: at(1)))
        gate.ended(failed(.dns), at: start)
        for second in 1...9 { #expect(gate.admits(at: at(Int64(second))) == .closed(until: at(10))) }
        #expect(gate.admits(at: at(10)) == .open)
        #expect(gate.admits(at: at(10)) == .closed(until: at(11)))
    }
}

@Suite struct `Lanes behind a gate` {
    let start = Instant(seconds: 1_000)

    @Test func `a target that is not admitted is held, and others go on`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 10)
        for number in 0..<5 { lanes.add("a\(number)", target: "shut", lane: nil, due: start) }
        lanes.add("b", target: "open", lane: nil, due: start)
        var asked = 0
        #expect(lanes.take(at: start, max: 10) { asked += $0 == "shut" ? 1 : 0; return $0 == "open" } == ["b"])
        #expect(asked == 1)
        #expect(lanes.nextDue == nil)
        lanes.release(target: "shut")
        var left = 2
        #expect(lanes.take(at: start, max: 10) { _ in left -= 1; return left >= 0 } == ["a0", "a1"])
        lanes.release(target: "shut")
        #expect(Set(lanes.take(at: start, max: 10)) == ["a2", "a3", "a4"])
    }

    @Test func `so many more may be claimed as are allowed ahead`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 2)
        for number in 0..<9 { lanes.add("a\(number)", target: "t", lane: nil, due: start) }
        #expect(lanes.take(at: start, max: 10).count == 2)
        lanes.allow(ahead: 3, of: "t")
        #expect(lanes.take(at: start, max: 10).count == 3)
        lanes.allow(ahead: 0, of: "t")
        lanes.settle("a0")
        #expect(lanes.take(at: start, max: 10) == [])
        for id in ["a1", "a2", "a3"] { lanes.settle(id) }
        #expect(lanes.take(at: start, max: 10).count == 1)
    }

    @Test func `one that is settled while it is blocked leaves its place to the next`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 1)
        for id in ["a", "b", "c"] { lanes.add(id, target: "t", lane: nil, due: start) }
        #expect(lanes.take(at: start, max: 10) == ["a"])
        lanes.settle("b")
        lanes.settle("a")
        #expect(lanes.take(at: start, max: 10) == ["c"])
    }

    /// Whatever happens, each is given out once at a time, in the order of its lane, and never more of a target than it has room for.
    @Test func `ten thousand random steps keep order and limits`() {
        var random = SystemRandomNumberGenerator(), lanes = DeliveryLanes(runningPerTargetMax: 3, byTarget: ["t1": 5])
        var running: [String: Set<String>] = [:], next: [String: Int] = [:], added: [String: Int] = [:], now = start
        func parts(_ id: String) -> (target: String, lane: String, number: Int) {
            let parts = id.split(separator: "-").map(String.init)
            return (parts[0], parts[0] + "-" + parts[1], Int(parts[2])!)
        }
        for _ in 0..<10_000 {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let target = "t\(Int.random(in: 0..<3, using: &random))", lane = target + "-\(Int.random(in: 0..<8, using: &random))"
                lanes.add("\(lane)-\(added[lane, default: 0])", target: target, lane: lane, due: now)
                added[lane, default: 0] += 1
            case 2:
                let target = "t\(Int.random(in: 0..<3, using: &random))"
                if Bool.random(using: &random) { lanes.hold(target: target) } else { lanes.release(target: target) }
            case 3:
                now = now.adding(DayTimeDuration(seconds: 1))
                for id in lanes.take(at: now, max: 4) {
                    let (target, lane, number) = parts(id)
                    #expect(next[lane, default: 0] == number)
                    #expect(running[target, default: []].insert(id).inserted)
                    #expect(running[target]!.count <= (target == "t1" ? 5 : 3))
                    #expect(running[target]!.count { parts($0).lane == lane } == 1)
                }
            default:
                guard let target = running.keys.randomElement(using: &random), let id = running[target]?.randomElement(using: &random) else { continue }
                running[target]?.remove(id)
                if Bool.random(using: &random) {
                    lanes.settle(id)
                    next[parts(id).lane, default: 0] += 1
                } else {
                    lanes.postpone(id, until: now.adding(DayTimeDuration(seconds: 2)))
                }
            }
        }
        for target in ["t0", "t1", "t2"] { lanes.release(target: target) }
        // All that is left leaves in the end.
        var left = added.values.reduce(0, +) - next.values.reduce(0, +)
        for id in running.values.flatMap({ $0 }) { lanes.settle(id); left -= 1 }
        for _ in 0..<20_000 where lanes.count > 0 {
            now = now.adding(DayTimeDuration(seconds: 5))
            for id in lanes.take(at: now, max: 100) { lanes.settle(id); left -= 1 }
        }
        #expect(lanes.count == 0)
        #expect(left == 0)
        #expect(lanes.inFlight == 0)
    }
}
