/// A state of two that does not thrash, as a fold: up when a value has been at `up` or above `dwell` times in a row, down when it has been at
/// `down` or below as often. Between the two, in the dead band, nothing is counted and nothing changes.
package struct Hysteresis: Hashable, Sendable {
    package let up: Double
    package let down: Double
    package let dwell: Int
    package private(set) var isUp: Bool
    /// Values in a row that speak for the other state.
    package private(set) var waiting = 0
    /// How often the state changed.
    package private(set) var switches = 0

    /// Nil unless `down` is at most `up`, both are finite, and `dwell` is at least 1.
    package init?(up: Double, down: Double, dwell: Int, isUp: Bool) {
        guard down <= up, up.isFinite, down.isFinite, dwell >= 1 else { return nil }
        self.up = up
        self.down = down
        self.dwell = dwell
        self.isUp = isUp
    }

    /// Takes the next value; whether the state is up after it. What is no number is passed over, so that a gap in the data neither speaks for the other state
    /// nor against it.
    @discardableResult
    package mutating func add(_ value: Double) -> Bool {
        if value.isNaN { return isUp }
        guard isUp ? value <= down : value >= up else {
            waiting = 0
            return isUp
        }
        waiting += 1
        if waiting >= dwell {
            isUp.toggle()
            switches += 1
            waiting = 0
        }
        return isUp
    }
}
