import Store
import Synchronization
import Testing
import Values

@Suite struct LeaseTests {
    /// A clock that a test moves.
    private final class HandClock: Sendable {
        let now = Mutex<Int64>(1_000)
        var milliseconds: Int64 { now.withLock(\.self) }
        func advance(_ milliseconds: Int64) { now.withLock { $0 += milliseconds } }
    }

    private let fixture: StoreFixture
    private let clock = HandClock()

    init() throws { fixture = try StoreFixture() }

    private func take(_ holder: String, boot: String = "b", isLocked: Bool = false) throws -> (lease: StoreLease, isTaken: Bool) {
        try fixture.store.takeLease(holder: holder, boot: boot, now: clock.milliseconds, lasting: 900, isLocked: isLocked)
    }

    private func driver(_ lease: StoreLease) -> FencedDriver {
        let clock = clock
        return FencedDriver(fixture.store.driver, under: lease, lasting: 900, clock: { clock.milliseconds })
    }

    @Test func `one holder at a time, and the next once its time is over`() throws {
        let first = try take("a")
        #expect(first.isTaken && first.lease.fence == 1 && first.lease.until == 1_900)
        clock.advance(899)
        let refused = try take("b")
        #expect(!refused.isTaken && refused.lease == first.lease)
        clock.advance(1)
        let second = try take("b")
        #expect(second.isTaken && second.lease.fence == 2 && second.lease.holder == "b")
    }

    @Test func `another start of the machine leaves no holder, and neither does a lock of the file system that came free`() throws {
        _ = try take("a", isLocked: true)
        #expect(try !take("b").isTaken)
        #expect(try take("b", isLocked: true).lease.fence == 2)
        #expect(try take("c", boot: "next").lease.fence == 3)
        // Where the start cannot be told, one that would be good for longer than any is of another.
        clock.advance(-100 - 3_600_000)
        #expect(try take("e", boot: "next").isTaken)
        // Its holder has no lock: that one is free says nothing of it.
        #expect(try !take("d", boot: "next", isLocked: true).isTaken)
    }

    @Test func `what is written under a lease that another has is refused, and nothing of it stays`() throws {
        let stopped = driver(try take("a").lease)
        clock.advance(900)
        #expect(!stopped.isSurelyHeld)
        let next = driver(try take("b").lease)
        let store = fixture.store.fenced(by: stopped)
        #expect(throws: LeaseLost.self) { try store.setDisabled() }
        #expect(throws: LeaseLost.self) { try stopped.erase { session in (try session.disable(), false) } }
        #expect(throws: LeaseLost.self) { try stopped.release() }
        #expect(try fixture.store.disabledTargets().isEmpty)
        try fixture.store.fenced(by: next).setDisabled()
        #expect(try fixture.store.disabledTargets().count == 1)
    }

    @Test func `a lease that is over and that nobody took is good, and writing renews it`() throws {
        let driver = driver(try take("a").lease)
        clock.advance(299)
        try driver.write { _ in }
        #expect(try fixture.store.lease()?.until == 1_900)
        clock.advance(1)
        try driver.write { _ in }
        #expect(try fixture.store.lease()?.until == 2_200)
        clock.advance(5_000)
        #expect(!driver.isSurelyHeld)
        try driver.write { _ in }
        #expect(driver.isSurelyHeld)
        #expect(try !take("b").isTaken)
    }

    @Test func `a lease that is given back is anybody's`() throws {
        let driver = driver(try take("a").lease)
        try driver.release()
        #expect(!driver.isSurelyHeld)
        #expect(try take("b").lease.fence == 2)
    }

    @Test func `a commit is on the disk when it returns`() throws {
        #expect(try SQLiteDriver(path: "\(fixture.folder)/durable.sqlite").synchronous == 2)
        #expect(try SQLiteDriver(path: "\(fixture.folder)/copy.sqlite", isDurable: false).synchronous == 0)
    }
}

extension Store {
    fileprivate func setDisabled() throws { try driver.write { try $0.disable() } }
}

extension StoreSession {
    fileprivate func disable() throws { try Store.disable("t", at: .init(seconds: 1), reason: "gone", in: self) }
}
