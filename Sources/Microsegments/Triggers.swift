package import Statistics
package import Values

/// What makes a run of a scheme due before its period has passed.
package struct Triggers: Hashable, Sendable {
    /// How often it is looked.
    package let every: DayTimeDuration
    /// How long no file must have come before a look, so that a burst is one look; but no longer than `every` more.
    package let quiet: DayTimeDuration
    /// Attributes whose distribution is compared with that of the last run.
    package let shift: [Int]
    /// Attributes whose mean is kept on a chart.
    package let signal: [Int]

    package init(every: DayTimeDuration, quiet: DayTimeDuration, shift: [Int], signal: [Int]) {
        self.every = every
        self.quiet = quiet
        self.shift = shift
        self.signal = signal
    }
}

/// The values of an attribute over a population, thinned so that they can be kept: at most ``valuesMax``, evenly by rank.
package struct PopulationSample: Hashable, Sendable {
    package static let valuesMax = 1_000
    /// Bins of the stability index.
    private static let binsMax = 10

    /// Ascending.
    package let values: [Double]
    /// How many there were before thinning.
    package let count: Int

    package init(_ all: [Double]) {
        let sorted = all.filter(\.isFinite).sorted()
        count = sorted.count
        values = sorted.count <= Self.valuesMax ? sorted : (0..<Self.valuesMax).map { sorted[($0 * sorted.count + sorted.count / 2) / Self.valuesMax] }
    }

    /// As it was kept: the values as the shortest decimals that read back, and how many there were.
    package var text: String { "\(count) " + values.map { "\($0)" }.joined(separator: " ") }

    package init?(text: String) {
        let parts = text.split(separator: " ")
        guard let first = parts.first, let count = Int(first) else { return nil }
        let values = parts.dropFirst().compactMap { Double($0) }
        guard values.count == parts.count - 1 else { return nil }
        self.count = count
        self.values = values
    }

    /// Whether another sample comes from another distribution: the population stability index over tenths of this one is above 0.25, or the test of Kolmogorov and
    /// Smirnov gives less than 0.01. Fewer than 20 values on a side tell nothing.
    package func shift(to other: PopulationSample) -> DriftDecision {
        guard values.count >= 20, other.values.count >= 20 else { return DriftDecision(index: nil, test: nil, pageHinkley: nil) }
        var edges: [Double] = []
        for bin in 1..<Self.binsMax {
            let edge = values[bin * values.count / Self.binsMax]
            if edges.last.map({ edge > $0 }) ?? true { edges.append(edge) }
        }
        return DriftDecision(
            index: StabilityIndex(referenceCounts: counts(edges), currentCounts: other.counts(edges)), test: TwoSampleTest(values, other.values), pageHinkley: nil)
    }

    /// How many values lie below the first edge, between edges (the lower one included), and from the last on.
    private func counts(_ edges: [Double]) -> [Double] {
        var counts = [Double](repeating: 0, count: edges.count + 1), bin = 0
        for value in values {
            while bin < edges.count, value >= edges[bin] { bin += 1 }
            counts[bin] += 1
        }
        return counts
    }
}

/// The mean of an attribute at each look, on a chart of individual values with moving ranges (Shewhart; Montgomery, Introduction to Statistical Quality Control).
package enum MeanChart {
    /// Looks from which centre and spread are taken before any is judged.
    package static let basisLooks = 20
    /// Of the mean moving range of two, the standard deviation (d2 of samples of two).
    private static let rangeFactor = 1.128

    /// The tests that the last mean completes: one point beyond 3 sigma, nine on one side, two of three beyond 2 sigma, four of five beyond 1 sigma.
    package static func signals(_ means: [Double]) -> [ControlRules.Rule] {
        guard means.count > basisLooks else { return [] }
        let basis = means.prefix(basisLooks)
        let centre = basis.reduce(0, +) / Double(basisLooks)
        let ranges = zip(basis, basis.dropFirst()).map { abs($1 - $0) }
        let sigma = ranges.reduce(0, +) / Double(ranges.count) / rangeFactor
        guard var rules = ControlRules(centre: centre, sigma: sigma) else { return means.last == centre ? [] : [.beyondLimits] }
        var found: [ControlRules.Rule] = []
        for mean in means.dropFirst(basisLooks) { found = rules.add(mean) }
        return found.filter { [.beyondLimits, .oneSide, .twoOfThree, .fourOfFive].contains($0) }
    }
}
