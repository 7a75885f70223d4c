package import Values

/// The clocks that a pull goes by: those of the machine, or others where its lives are simulated.
package struct PullClock: Sendable {
    /// Milliseconds of a clock that never goes back, for quiet times.
    let monotonicMilliseconds: @Sendable () -> Int
    /// What the clock on the wall says.
    let now: @Sendable () -> Instant

    package init(monotonicMilliseconds: @escaping @Sendable () -> Int, now: @escaping @Sendable () -> Instant) {
        self.monotonicMilliseconds = monotonicMilliseconds
        self.now = now
    }

    package static let system = PullClock(monotonicMilliseconds: { SystemClock.monotonicMilliseconds() }, now: { SystemClock.now() })
}
