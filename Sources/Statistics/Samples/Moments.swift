/// Mean and spread of finite numbers, in two passes, each sum with its rounding errors (Neumaier).
package struct Moments: Hashable, Sendable {
    package let count: Int
    package let mean: Double
    /// Sum of the squared distances from the mean.
    package let squares: Double

    /// Nil without values, with one that is not finite, or where a sum is beyond what a Double holds.
    package init?(_ values: some Collection<Double>) {
        guard !values.isEmpty else { return nil }
        let count = values.count
        // Of equal values the mean is that value, which a sum and a quotient may miss by a unit in the last place.
        if let first = values.first, first.isFinite, values.allSatisfy({ $0 == first }) {
            (self.count, mean, squares) = (count, first, 0)
            return
        }
        var sum = CompensatedSum()
        for value in values { sum.add(value) }
        let mean = sum.value / Double(count)
        var squares = CompensatedSum(), rest = CompensatedSum()
        for value in values {
            let distance = value - mean
            squares.add(distance * distance)
            rest.add(distance)
        }
        // What the mean's own rounding adds to every distance (Chan, Golub, LeVeque 1983).
        let corrected = squares.value - rest.value * rest.value / Double(count)
        guard mean.isFinite, corrected.isFinite else { return nil }
        self.count = count
        self.mean = mean
        self.squares = max(0, corrected)
    }

    /// Nil where the divisor is 0: of one value as a sample.
    package func variance(_ spread: Spread) -> Double? {
        let divisor = count - spread.ddof
        return divisor > 0 ? squares / Double(divisor) : nil
    }

    /// Standard deviation; nil as ``variance(_:)``.
    package func deviation(_ spread: Spread) -> Double? { variance(spread)?.squareRoot() }

    /// Coefficient of variation: the deviation over the mean. Nil where there is no deviation to tell, or the mean is not above 0.
    package func variation(_ spread: Spread) -> Double? {
        guard mean > 0, let deviation = deviation(spread) else { return nil }
        let ratio = deviation / mean
        return ratio.isFinite ? ratio : nil
    }
}
