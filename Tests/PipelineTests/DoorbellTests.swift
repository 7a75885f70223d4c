import Pipeline
import Testing

@Suite struct DoorbellTests {
    @Test func `a ring is heard after a wait that ran out`() async {
        let bell = Doorbell()
        await bell.wait(atMost: 1)
        let clock = ContinuousClock()
        let start = clock.now
        async let waited: Void = bell.wait(atMost: 60_000)
        bell.ring()
        await waited
        #expect(start.duration(to: clock.now) < .seconds(30))
    }

    @Test func `a wait that nobody rings for takes its time, however often it is repeated`() async {
        let bell = Doorbell()
        let clock = ContinuousClock()
        let start = clock.now
        for _ in 0..<5 { await bell.wait(atMost: 20) }
        #expect(start.duration(to: clock.now) >= .milliseconds(95))
    }

    @Test func `a ring while nobody waits is remembered once`() async {
        let bell = Doorbell()
        bell.ring()
        bell.ring()
        await bell.wait(atMost: 60_000)
        let clock = ContinuousClock()
        let start = clock.now
        await bell.wait(atMost: 20)
        #expect(start.duration(to: clock.now) >= .milliseconds(19))
    }
}
