/// An exponentially weighted average: what is one half-life old counts half. A fold, whose state is two numbers.
package struct HalfLifeAverage: Hashable, Sendable {
    /// Whether the first value counts as one among many.
    package enum Weighting: String, Hashable, Sendable, CaseIterable {
        /// Each value has the weight `0.5^(age / half-life)`, over the sum of the weights: the first value is one among the others.
        case adjusted
        /// The average follows each value by `1 - 0.5^(gap / half-life)` and begins with the first, which so counts for all before it.
        case recursive
    }

    package let halfLife: Double
    package let weighting: Weighting
    private var sum = 0.0
    private var weight = 0.0

    /// Nil unless the half-life is finite and above 0.
    package init?(halfLife: Double, _ weighting: Weighting = .adjusted) {
        guard halfLife > 0, halfLife < .infinity else { return nil }
        self.halfLife = halfLife
        self.weighting = weighting
    }

    /// Nil before the first value, and where the sum is beyond what a Double holds.
    package var value: Double? { weight > 0 && sum.isFinite ? sum / weight : nil }

    /// Takes the next value, `gap` after the one before in units of the half-life. A value that is not finite is passed over, and so is one with a
    /// gap that is not finite or below 0.
    package mutating func add(_ next: Double, gap: Double = 1) {
        guard next.isFinite, gap >= 0, gap < .infinity else { return }
        guard weight > 0 else {
            (sum, weight) = (next, 1)
            return
        }
        let kept = Elementary.exp(-0.6931471805599453 * gap / halfLife)
        switch weighting {
        case .adjusted: (sum, weight) = (sum * kept + next, weight * kept + 1)
        case .recursive: sum = kept * sum + (1 - kept) * next
        }
    }

    /// The average after each value; nil before the first that is finite.
    package func averages(_ values: [Double]) -> [Double?] {
        var state = self
        return values.map {
            state.add($0)
            return state.value
        }
    }
}
