/// Whether groups differ more than the same values dealt out by chance do: the labels are shuffled by ``LCG64``, so that a test replays bit for bit. The
/// probability is `(1 + as great) / (1 + rounds)` (Phipson and Smyth, 2010), so never 0.
package struct PermutationTest: Hashable, Sendable {
    /// What was seen.
    package let statistic: Double
    /// Of a statistic as great, where the labels mean nothing.
    package let probability: Double
    /// Greatest number of rounds.
    package static let roundsMax = 1_000_000

    /// `statistic` is worked out of values and labels, and great where the groups differ. Nil without values, with unequal numbers of values and labels,
    /// with rounds that are not within 1 and ``roundsMax``, or where the statistic of what was seen is none.
    package init?(
        _ values: [Double], labels: [Int], rounds: Int, generator: inout LCG64, statistic: ([Double], [Int]) -> Double?
    ) {
        guard !values.isEmpty, values.count == labels.count, (1...Self.roundsMax).contains(rounds), let seen = statistic(values, labels), !seen.isNaN
        else { return nil }
        var shuffled = labels, asGreat = 0
        // What differs by rounding alone is as great.
        let least = seen - seen.magnitude * 1e-12
        for _ in 0..<rounds {
            generator.shuffle(&shuffled)
            if let other = statistic(values, shuffled), other >= least { asGreat += 1 }
        }
        self.statistic = seen
        probability = Double(1 + asGreat) / Double(1 + rounds)
    }

    /// The distance of two means. Nil unless the labels are 0 and 1, each at least once.
    package static func meanDistance(_ values: [Double], _ labels: [Int]) -> Double? {
        var sums = [0.0, 0.0], counts = [0, 0]
        for (value, label) in zip(values, labels) {
            guard label == 0 || label == 1, value.isFinite else { return nil }
            sums[label] += value
            counts[label] += 1
        }
        guard counts[0] > 0, counts[1] > 0 else { return nil }
        return (sums[0] / Double(counts[0]) - sums[1] / Double(counts[1])).magnitude
    }

    /// ``VarianceAnalysis/etaSquared`` of groups with labels from 0 on.
    package static func etaSquared(_ values: [Double], _ labels: [Int]) -> Double? {
        guard let last = labels.max(), labels.allSatisfy({ $0 >= 0 }), last < labels.count else { return nil }
        var groups = [[Double]](repeating: [], count: last + 1)
        for (value, label) in zip(values, labels) { groups[label].append(value) }
        return VarianceAnalysis(groups)?.etaSquared
    }
}
