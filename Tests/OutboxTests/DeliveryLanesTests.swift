import Outbox
import Testing
import Values

@Suite struct `Lanes` {
    let start = Instant(seconds: 1_000, nanoseconds: 0)
    func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_000 + seconds, nanoseconds: 0) }

    @Test func `one effect of a lane is in flight at a time and in order`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 10)
        for id in ["a", "b", "c"] { lanes.add(id, target: "carrier", lane: "order-1", due: start) }
        lanes.add("x", target: "carrier", lane: "order-2", due: start)
        #expect(lanes.take(at: start, max: 10) == ["a", "x"])
        #expect(lanes.take(at: start, max: 10) == [])
        lanes.settle("a")
        #expect(lanes.take(at: start, max: 10) == ["b"])
        #expect(lanes.inFlight == 2)
    }

    @Test func `a waiting head holds its lane and only its lane`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 10)
        lanes.add("a", target: "carrier", lane: "order-1", due: start)
        lanes.add("b", target: "carrier", lane: "order-1", due: start)
        lanes.add("free", target: "carrier", lane: nil, due: start)
        #expect(lanes.take(at: start, max: 10) == ["a", "free"])
        lanes.postpone("a", until: at(60))
        #expect(lanes.take(at: at(59), max: 10) == [])
        #expect(lanes.nextDue == at(60))
        #expect(lanes.take(at: at(60), max: 10) == ["a"])
        lanes.settle("a")
        #expect(lanes.take(at: at(60), max: 10) == ["b"])
    }

    @Test func `equal lane names of two targets are two lanes`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 10)
        lanes.add("a", target: "carrier", lane: "1", due: start)
        lanes.add("b", target: "wms", lane: "1", due: start)
        #expect(lanes.take(at: start, max: 10) == ["a", "b"])
    }

    @Test func `a target has a limit and another target is not held up by it`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 2)
        for number in 0..<5 { lanes.add("a\(number)", target: "slow", lane: nil, due: start) }
        lanes.add("b", target: "quick", lane: nil, due: at(1))
        #expect(lanes.take(at: at(1), max: 10) == ["a0", "a1", "b"])
        lanes.settle("a1")
        #expect(lanes.take(at: at(1), max: 10) == ["a2"])
        lanes.postpone("a0", until: at(100))
        #expect(lanes.take(at: at(1), max: 10) == ["a3"])
        lanes.settle("a2")
        lanes.settle("a3")
        #expect(lanes.take(at: at(1), max: 10) == ["a4"])
    }

    @Test func `a held target gives nothing until it is released`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 2)
        for number in 0..<3 { lanes.add("a\(number)", target: "carrier", lane: nil, due: start) }
        lanes.hold(target: "carrier")
        #expect(lanes.take(at: start, max: 10) == [])
        #expect(lanes.nextDue == nil)
        lanes.release(target: "carrier")
        #expect(lanes.take(at: start, max: 10) == ["a0", "a1"])
        lanes.settle("a0")
        #expect(lanes.take(at: start, max: 10) == ["a2"])
    }

    @Test func `an effect that is dropped while behind others is skipped`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 10)
        for id in ["a", "b", "c"] { lanes.add(id, target: "carrier", lane: "1", due: start) }
        #expect(lanes.take(at: start, max: 10) == ["a"])
        lanes.settle("b")
        lanes.settle("a")
        #expect(lanes.take(at: start, max: 10) == ["c"])
        lanes.settle("c")
        #expect(lanes.count == 0)
        #expect(lanes.inFlight == 0)
    }

    @Test func `a hundred thousand effects in ten thousand lanes all leave in order`() {
        var lanes = DeliveryLanes(runningPerTargetMax: 64)
        for number in 0..<100_000 {
            lanes.add("\(number)", target: "t\(number % 3)", lane: "\(number % 10_000)", due: start)
        }
        var last = [Int](repeating: -1, count: 10_000 * 3)
        var total = 0
        while lanes.count > 0 {
            let taken = lanes.take(at: start, max: 100)
            guard !taken.isEmpty else { break }
            for id in taken {
                let number = Int(id) ?? -1
                let lane = (number % 10_000) * 3 + number % 3
                #expect(last[lane] < number)
                last[lane] = number
                total += 1
                lanes.settle(id)
            }
        }
        #expect(total == 100_000)
    }
}

@Suite struct `Circuit breaker` {
    let start = Instant(seconds: 1_000, nanoseconds: 0)
    func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_000 + seconds, nanoseconds: 0) }

    @Test func `it opens after failures in a row and lets one probe through after the pause`() {
        var breaker = CircuitBreaker(failuresMax: 3, pause: DayTimeDuration(seconds: 10, nanoseconds: 0))
        for _ in 0..<2 { breaker.failed(at: start) }
        breaker.succeeded()
        for _ in 0..<3 {
            #expect(breaker.admits(at: start) == true)
            breaker.failed(at: start)
        }
        #expect(breaker.admits(at: at(9)) == false)
        #expect(breaker.opensAgainAt == at(10))
        #expect(breaker.admits(at: at(10)) == true)
        #expect(breaker.admits(at: at(10)) == false)
        breaker.succeeded()
        #expect(breaker.admits(at: at(10)) == true)
    }

    @Test func `a failed probe doubles the pause up to its limit`() {
        var breaker = CircuitBreaker(
            failuresMax: 1, pause: DayTimeDuration(seconds: 10, nanoseconds: 0), pauseMax: DayTimeDuration(seconds: 25, nanoseconds: 0))
        breaker.failed(at: start)
        #expect(breaker.opensAgainAt == at(10))
        #expect(breaker.admits(at: at(10)) == true)
        breaker.failed(at: at(10))
        #expect(breaker.opensAgainAt == at(30))
        #expect(breaker.admits(at: at(30)) == true)
        breaker.failed(at: at(30))
        #expect(breaker.opensAgainAt == at(55))
    }

    @Test func `a pause of less than a second is doubled too, and no pause passes its limit by a fraction`() {
        var breaker = CircuitBreaker(
            failuresMax: 1, pause: DayTimeDuration(seconds: 0, nanoseconds: 500_000_000), pauseMax: DayTimeDuration(seconds: 3, nanoseconds: 0))
        var now = start, pauses: [DayTimeDuration] = []
        for _ in 0..<200 {
            breaker.failed(at: now)
            guard let next = breaker.opensAgainAt else { break }
            pauses.append(now.distance(to: next))
            now = next
            #expect(breaker.admits(at: now) == true)
        }
        #expect(pauses.count == 200)
        let half = DayTimeDuration(seconds: 0, nanoseconds: 500_000_000), whole = DayTimeDuration(seconds: 3)
        #expect(Array(pauses.prefix(4)) == [half, DayTimeDuration(seconds: 1), DayTimeDuration(seconds: 2), whole])
        #expect(pauses.last == whole)
    }

    @Test func `a probe that ended without an answer may go again`() {
        var breaker = CircuitBreaker(failuresMax: 1)
        breaker.failed(at: start)
        #expect(breaker.admits(at: at(10)) == true)
        breaker.abandoned(at: at(11))
        #expect(breaker.admits(at: at(11)) == true)
    }
}
