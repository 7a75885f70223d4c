/// The test of Page and Hinkley for a shift of the mean (Page, Continuous Inspection Schemes, Biometrika 41, 1954), as a fold. The sum of the
/// distances from the mean so far, each less `delta`, is held against its least value: an alarm stands while the difference is above `lambda`.
package struct PageHinkley: Hashable, Sendable {
    /// Which shifts are looked for.
    package enum Direction: String, Hashable, Sendable, CaseIterable {
        case up
        case down
    }

    /// Shifts of less than this are let pass.
    package let delta: Double
    /// Where the alarm is raised.
    package let lambda: Double
    package let direction: Direction
    /// Values seen.
    package private(set) var count = 0
    /// Of the values seen, the last included.
    package private(set) var mean = 0.0
    private var sum = 0.0
    private var least = 0.0

    /// Nil unless `delta` is at least 0 and `lambda` above 0, both finite.
    package init?(delta: Double, lambda: Double, _ direction: Direction = .up) {
        guard delta >= 0, delta < .infinity, lambda > 0, lambda < .infinity else { return nil }
        self.delta = delta
        self.lambda = lambda
        self.direction = direction
    }

    /// How far the sum is above its least value.
    package var statistic: Double { sum - least }
    package var isAlarm: Bool { statistic > lambda }

    /// Takes the next value; whether the alarm stands after it. A value that is not finite, or brings the sum beyond what a Double holds, is passed over.
    @discardableResult
    package mutating func add(_ value: Double) -> Bool {
        let nextMean = mean + (value - mean) / Double(count + 1)
        let nextSum = sum + (direction == .up ? value - nextMean : nextMean - value) - delta
        guard nextSum.isFinite else { return isAlarm }
        (count, mean, sum) = (count + 1, nextMean, nextSum)
        // The sum before the first value does not count as its least.
        least = count == 1 ? sum : min(least, sum)
        return isAlarm
    }

    /// Begins anew, as after an alarm that was acted on.
    package mutating func reset() { (count, mean, sum, least) = (0, 0, 0, 0) }
}
