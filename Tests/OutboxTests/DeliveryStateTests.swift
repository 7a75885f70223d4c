import Outbox
import Testing
import Values

@Suite struct `Delivery of one effect` {
    let schedule = RetrySchedule.standard
    let start = Instant(seconds: 1_000_000, nanoseconds: 0)

    func at(_ seconds: Int64) -> Instant { Instant(seconds: 1_000_000 + seconds, nanoseconds: 0) }

    func fresh(deadline seconds: Int64 = 400_000) -> DeliveryState {
        DeliveryState(effectID: "a3f0", deadline: at(seconds))
    }

    func sending(deadline seconds: Int64 = 400_000) -> DeliveryState {
        var state = fresh(deadline: seconds)
        state.attemptStarted(at: start)
        return state
    }

    @Test func `a new effect is sent at once and a success settles it`() {
        var state = fresh()
        #expect(state.tick(at: start) == .send)
        state.attemptStarted(at: start)
        #expect(state.phase == .sending(since: start))
        #expect(state.tick(at: start) == .none)
        #expect(state.succeeded(status: 204, at: at(1)) == .recordDelivered)
        #expect(state.phase == .delivered(at: at(1), status: 204))
        #expect(state.isSettled)
        #expect(state.succeeded(status: 204, at: at(2)) == .none)
    }

    @Test func `each wait lies inside its step of the schedule`() {
        var state = fresh()
        var now = start
        for step in schedule.steps {
            state.attemptStarted(at: now)
            guard case .wait(let until) = state.failed(.http(status: 503), at: now, schedule: schedule) else {
                Issue.record("no wait after failure \(state.chargedFailures)")
                return
            }
            #expect(until >= now)
            #expect(until < now.adding(step))
            #expect(state.tick(at: until) == .send)
            now = until
        }
        state.attemptStarted(at: now)
        #expect(
            state.failed(.timeout, at: now, schedule: schedule) == .deadLetter(.attemptsUsedUp(last: .timeout)))
        #expect(state.attempts == 10)
        #expect(state.isSettled)
    }

    @Test func `the same effect and attempt always wait equally long and others differ`() {
        var first = sending()
        var second = sending()
        let wait = first.failed(.timeout, at: start, schedule: schedule)
        #expect(wait == second.failed(.timeout, at: start, schedule: schedule))
        var other = DeliveryState(effectID: "a3f1", deadline: at(400_000))
        other.attemptStarted(at: start)
        #expect(other.failed(.timeout, at: start, schedule: schedule) != wait)
    }

    @Test func `waits are spread over the whole step`() {
        let step = RetrySchedule(steps: [DayTimeDuration(seconds: 100, nanoseconds: 0)])
        var counts = [Int](repeating: 0, count: 10)
        for number in 0..<10_000 {
            var state = DeliveryState(effectID: "effect-\(number)", deadline: at(400_000))
            state.attemptStarted(at: start)
            if case .wait(let until) = state.failed(.dns, at: start, schedule: step) {
                counts[Int(start.distance(to: until).seconds) / 10] += 1
            }
        }
        // 1,000 are expected in each tenth; six standard deviations (30) leave room for no bad luck.
        #expect(counts.allSatisfy { (820...1_180).contains($0) }, "\(counts)")
    }

    @Test func `a wait never passes the deadline`() {
        for number in 0..<1_000 {
            var state = DeliveryState(effectID: "e\(number)", deadline: at(10))
            state.attemptStarted(at: start)
            _ = state.failed(.connect, at: start, schedule: RetrySchedule(steps: [DayTimeDuration(seconds: 3_600, nanoseconds: 0)]))
            guard case .waiting(let until) = state.phase else {
                Issue.record("not waiting")
                return
            }
            #expect(until < at(10))
        }
    }

    @Test func `Retry-After is honoured in full`() {
        var state = sending()
        #expect(state.failed(.http(status: 429), retryAfter: at(7_200), at: start, schedule: schedule) == .wait(until: at(7_200)))
        #expect(state.tick(at: at(7_199)) == .wait(until: at(7_200)))
        #expect(state.tick(at: at(7_200)) == .send)
    }

    @Test func `a Retry-After past the deadline is the end`() {
        var state = sending(deadline: 600)
        let action = state.failed(.http(status: 503), retryAfter: at(601), at: start, schedule: schedule)
        #expect(action == .deadLetter(.deadline(last: .http(status: 503))))
    }

    @Test func `410 is final and disables the target`() {
        var state = sending()
        #expect(state.failed(.http(status: 410), at: start, schedule: schedule) == .deadLetterAndDisableTarget(.gone))
        #expect(state.phase == .dead(at: start, .gone))
    }

    @Test(arguments: [FailureClass.http(status: 400), .http(status: 404), .redirect(status: 302), .oversizedResponse, .refusedAddress])
    func `a rejected request is dead after three attempts`(failure: FailureClass) {
        var state = fresh()
        for _ in 0..<2 {
            state.attemptStarted(at: start)
            guard case .wait = state.failed(failure, at: start, schedule: schedule) else {
                Issue.record("dead too early")
                return
            }
        }
        state.attemptStarted(at: start)
        #expect(state.failed(failure, at: start, schedule: schedule) == .deadLetter(.rejected(failure)))
    }

    @Test(arguments: [FailureClass.http(status: 429), .http(status: 408), .http(status: 500), .dns, .tls, .connect, .timeout, .interrupted])
    func `passing trouble is retried beyond three attempts`(failure: FailureClass) {
        var state = fresh()
        for _ in 0..<5 {
            state.attemptStarted(at: start)
            _ = state.failed(failure, at: start, schedule: schedule)
        }
        #expect(!state.isSettled)
    }

    @Test func `faults of this side are not charged`() {
        var state = fresh()
        for _ in 0..<50 {
            state.attemptStarted(at: start)
            guard case .wait(let until) = state.failed(.own, at: start, schedule: schedule) else {
                Issue.record("no wait")
                return
            }
            #expect(until < at(30))
        }
        #expect(state.chargedFailures == 0)
        #expect(state.attempts == 50)
    }

    @Test func `an effect past its deadline is a dead letter that says what failed last`() {
        var state = sending(deadline: 100)
        _ = state.failed(.dns, at: start, schedule: schedule)
        #expect(state.tick(at: at(100)) == .send)
        #expect(state.tick(at: at(101)) == .deadLetter(.deadline(last: .dns)))
    }

    @Test func `an attempt lost with the process is sent again and not charged`() {
        var state = sending()
        state.recovered()
        #expect(state.phase == .pending)
        #expect(state.chargedFailures == 0)
        #expect(state.tick(at: start) == .send)
    }

    @Test func `a disabled target parks what has not left and enabling it frees it`() {
        var waiting = sending()
        _ = waiting.failed(.timeout, at: start, schedule: schedule)
        waiting.targetDisabled()
        #expect(waiting.phase == .disabled)
        #expect(waiting.tick(at: at(1)) == .none)
        waiting.targetEnabled()
        #expect(waiting.tick(at: at(1)) == .send)
        var running = sending()
        running.targetDisabled()
        #expect(running.phase == .sending(since: start))
    }

    @Test func `a late success counts even where the effect was believed dead`() {
        var state = sending()
        _ = state.failed(.http(status: 410), at: start, schedule: schedule)
        #expect(state.succeeded(status: 200, at: at(5)) == .recordDelivered)
        #expect(state.phase == .delivered(at: at(5), status: 200))
    }

    @Test func `a replayed dead letter gets the whole schedule again and keeps its attempt count`() throws {
        var state = sending()
        #expect(state.replayed(deadline: at(500)) == nil)
        _ = state.refused("out/a.csv is there with other bytes", at: start)
        #expect(state.phase == .dead(at: start, .unacceptable("out/a.csv is there with other bytes")))
        let again = try #require(state.replayed(deadline: at(500_000)))
        #expect(again.phase == .pending)
        #expect(again.attempts == 1)
        #expect(again.chargedFailures == 0)
        #expect(again.effectID == "a3f0")
    }

    @Test func `failure codes are read back`() {
        let all: [FailureClass] = [
            .dns, .connect, .tls, .timeout, .interrupted, .http(status: 503), .redirect(status: 307), .oversizedResponse,
            .refusedAddress, .own,
        ]
        for failure in all { #expect(FailureClass(code: failure.code) == failure) }
        #expect(FailureClass(code: "http-9") == nil)
        #expect(FailureClass(code: "gone") == nil)
    }

    @Test func `effect ids are short and plain`() {
        #expect(Effect.isValid(id: String(repeating: "f", count: 64)))
        #expect(!Effect.isValid(id: String(repeating: "f", count: 65)))
        #expect(!Effect.isValid(id: ""))
        #expect(!Effect.isValid(id: "a.b"))
        #expect(!Effect.isValid(id: "a\r\nb"))
    }

    @Test func `what waits can be tried at once, with what it has behind it, and nothing else can`() {
        let at = Instant(seconds: 100), later = Instant(seconds: 90_000)
        let waiting = DeliveryState(effectID: "e", deadline: later, phase: .waiting(until: Instant(seconds: 5_000)), attempts: 3, chargedFailures: 2, lastFailure: .timeout)
        #expect(waiting.hurried(at: at) == DeliveryState(effectID: "e", deadline: later, phase: .waiting(until: at), attempts: 3, chargedFailures: 2, lastFailure: .timeout))
        for phase in [DeliveryState.Phase.pending, .sending(since: at), .disabled, .delivered(at: at, status: 200)] {
            #expect(DeliveryState(effectID: "e", deadline: later, phase: phase, attempts: 1, chargedFailures: 0, lastFailure: nil).hurried(at: at) == nil)
        }
    }
}
