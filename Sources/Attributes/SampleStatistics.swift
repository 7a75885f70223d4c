import Values

/// Statistics of decimals to 34 digits. Where more would be needed, values are taken in the order given, so that callers who sort
/// have the same answer whatever the order of arrival.
struct SampleStatistics {
    let values: [ExactDecimal]

    private var count: ExactDecimal { ExactDecimal(values.count) }

    func sum() throws(ArithmeticFailure) -> ExactDecimal {
        var sum = ExactDecimal.zero
        for value in values { sum = try sum.adding(value) }
        return sum
    }

    private func sumOfSquares() throws(ArithmeticFailure) -> ExactDecimal {
        var sum = ExactDecimal.zero
        for value in values { sum = try sum.adding(value.multiplying(by: value)) }
        return sum
    }

    /// The mean; nil of nothing.
    func mean() throws(ArithmeticFailure) -> ExactDecimal? {
        values.isEmpty ? nil : try sum().divided(by: count)
    }

    /// Variance times how many there are, times the divisor: `n Σx² - (Σx)²`, which is exact for what 34 digits hold.
    private func spread() throws(ArithmeticFailure) -> ExactDecimal {
        let sum = try sum()
        let spread = try count.multiplying(by: sumOfSquares()).subtracting(sum.multiplying(by: sum))
        return spread.isNegative ? .zero : spread
    }

    /// Divisors of ``spread()``: nil where there are too few values for the form.
    private func divisor(_ isSampleForm: Bool) throws(ArithmeticFailure) -> ExactDecimal? {
        let less = isSampleForm ? values.count - 1 : values.count
        return less > 0 ? try count.multiplying(by: ExactDecimal(less)) : nil
    }

    /// The standard deviation; nil of nothing, and of one value in the form of a sample.
    func deviation(isSampleForm: Bool) throws(ArithmeticFailure) -> ExactDecimal? {
        guard let divisor = try divisor(isSampleForm) else { return nil }
        return try spread().divided(by: divisor).squareRoot()
    }

    /// Squared deviation over squared mean: `s² / m²`; nil where the sum is not positive.
    func squaredVariation(isSampleForm: Bool) throws(ArithmeticFailure) -> ExactDecimal? {
        let sum = try sum()
        guard sum > .zero, let divisor = try divisor(isSampleForm) else { return nil }
        // s² / m² = spread / divisor × n² / sum²; in the form of a population the divisor is n².
        let square = try sum.multiplying(by: sum)
        guard isSampleForm else { return try spread().divided(by: square) }
        return try spread().multiplying(by: count).multiplying(by: count).divided(by: divisor.multiplying(by: square))
    }

    /// The quantile with linear interpolation between order statistics; nil of nothing.
    func quantile(_ probability: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let place = try ExactDecimal(sorted.count - 1).multiplying(by: probability)
        let floor = place.rounded(scale: 0, .floor)
        guard let index = floor.integer else { return nil }
        guard index + 1 < sorted.count else { return sorted[sorted.count - 1] }
        let step = try sorted[index + 1].subtracting(sorted[index])
        return try sorted[index].adding(step.multiplying(by: place.subtracting(floor)))
    }

    /// Slope of the least-squares line over places 0, 1, 2...; nil of fewer than two.
    func slope() throws(ArithmeticFailure) -> ExactDecimal? {
        guard values.count >= 2 else { return nil }
        var products = ExactDecimal.zero
        for (place, value) in values.enumerated() where !value.isZero {
            products = try products.adding(ExactDecimal(place).multiplying(by: value))
        }
        let n = values.count
        // Σi = n(n-1)/2 and n Σi² - (Σi)² = n²(n²-1)/12.
        let places = ExactDecimal(n * (n - 1) / 2)
        let numerator = try count.multiplying(by: products).subtracting(places.multiplying(by: sum()))
        let squared = try count.multiplying(by: count)
        let denominator = try squared.multiplying(by: squared.subtracting(.one)).divided(by: ExactDecimal(12))
        return try numerator.divided(by: denominator)
    }

    /// Mean in which a value weighs `2^(-age / halfLife)`, the last having age 0: the adjusted form, whose weights sum to one.
    func smoothed(halfLife: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal? {
        guard !values.isEmpty else { return nil }
        let decay = try ExactDecimal(coefficient: 5, scale: 1).power(ExactDecimal.one.divided(by: halfLife))
        var level = ExactDecimal.zero, weight = ExactDecimal.zero
        for value in values {
            level = try level.multiplying(by: decay).adding(value)
            weight = try weight.multiplying(by: decay).adding(.one)
        }
        return try level.divided(by: weight)
    }

    /// How many values stand for one that is not zero.
    ///
    /// - Parameter isIntervalForm: counts only up to the last that is not zero, as intervals do of which the first begins before the first value.
    func interval(isIntervalForm: Bool) throws(ArithmeticFailure) -> ExactDecimal? {
        guard let last = values.lastIndex(where: { !$0.isZero }) else { return nil }
        return try ExactDecimal(isIntervalForm ? last + 1 : values.count).divided(by: ExactDecimal(values.count { !$0.isZero }))
    }
}
