/// How much of the spread of a measure the groups account for: one-way analysis of variance. A driver whose groups differ much is one to divide by.
package struct VarianceAnalysis: Hashable, Sendable {
    /// Sum of squares between the groups over that in all, within 0 and 1.
    package let etaSquared: Double
    /// Mean square between the groups over that within; infinite where nothing differs within.
    package let ratio: Double
    /// Probability of a ratio as great, where the groups do not differ.
    package let probability: Double
    package let betweenDegrees: Int
    package let withinDegrees: Int

    /// Empty groups do not count. Nil with fewer than two groups, with no more values than groups, with a value that is not finite, or where all values are equal.
    package init?(_ groups: [[Double]]) {
        let groups = groups.filter { !$0.isEmpty }
        let moments = groups.compactMap { Moments($0) }
        guard groups.count > 1, moments.count == groups.count, let all = Moments(groups.joined().map { $0 }), all.count > groups.count else { return nil }
        let within = CompensatedSum.of(moments.lazy.map(\.squares))
        let between = CompensatedSum.of(moments.lazy.map { Double($0.count) * ($0.mean - all.mean) * ($0.mean - all.mean) })
        guard between + within > 0, between + within < .infinity else { return nil }
        etaSquared = between / (between + within)
        betweenDegrees = groups.count - 1
        withinDegrees = all.count - groups.count
        ratio = within > 0 ? between / Double(betweenDegrees) / (within / Double(withinDegrees)) : .infinity
        probability = VarianceRatioDistribution.upper(ratio, above: Double(betweenDegrees), below: Double(withinDegrees))
    }
}
