/// Simple exponential smoothing: the level follows each value by the share `alpha` of its error. Begins with the first value.
package struct ExponentialSmoothing: Hashable, Sendable {
    package let alpha: Double
    /// The forecast of the next value; nil before the first.
    package private(set) var level: Double?

    /// Nil unless `alpha` is within 0 and 1.
    package init?(alpha: Double) {
        guard (0...1).contains(alpha) else { return nil }
        self.alpha = alpha
    }

    /// A value that is not finite is passed over.
    package mutating func add(_ value: Double) {
        guard value.isFinite else { return }
        level = level.map { $0 + alpha * (value - $0) } ?? value
    }

    /// What was forecast for each value before it came, and last for the next: one more than there are values.
    package func forecasts(_ series: [Double]) -> [Double?] {
        var state = self, forecasts = [level]
        for value in series {
            state.add(value)
            forecasts.append(state.level)
        }
        return forecasts
    }
}
