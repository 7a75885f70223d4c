/// Finite values in ascending order, and what their order tells. Sorted once.
package struct OrderedSample: Hashable, Sendable {
    /// How a quantile is read off, by the numbers of Hyndman and Fan (Sample Quantiles in Statistical Packages, 1996).
    package enum QuantileRule: String, Hashable, Sendable, CaseIterable {
        /// Type 7: linear between the two values about `(n - 1) * share`.
        case linear
        /// Type 1, nearest rank: the value of rank `ceil(n * share)`, at least the first. It is always a value that there is.
        case nearestRank
    }

    package let values: [Double]

    /// Nil without values or with one that is not finite.
    package init?(_ values: [Double]) {
        guard !values.isEmpty, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values.sorted()
    }

    package var count: Int { values.count }
    package var least: Double { values[0] }
    package var greatest: Double { values[values.count - 1] }

    /// Nil where the share is not within 0 and 1.
    package func quantile(_ share: Double, _ rule: QuantileRule = .linear) -> Double? {
        guard (0...1).contains(share) else { return nil }
        switch rule {
        case .linear: return linear(share)
        case .nearestRank:
            // A product such as 0.07 * 100 lies just above its rank.
            let place = Double(count) * share
            let rank = (place - place.magnitude * 1e-15).rounded(.up)
            return values[min(max(Int(rank), 1), count) - 1]
        }
    }

    package var median: Double { linear(0.5) }

    /// Median of the distances from the median, without any factor. In linear time, as the distances ascend from the middle to both ends.
    package var medianDeviation: Double {
        let centre = median
        var low = values.partitioningIndex { $0 >= centre } - 1, high = low + 1
        var middle = (0.0, 0.0)
        for step in 0...count / 2 {
            let below = low >= 0 ? centre - values[low] : .infinity, above = high < count ? values[high] - centre : .infinity
            let next: Double
            if below < above { next = below; low -= 1 } else { next = above; high += 1 }
            middle = (middle.1, next)
            if step == count / 2 { break }
        }
        return count.isMultiple(of: 2) ? middle.0 + (middle.1 - middle.0) * 0.5 : middle.1
    }

    private func linear(_ share: Double) -> Double {
        let place = Double(count - 1) * share
        let below = Int(place)
        guard below + 1 < count else { return greatest }
        let low = values[below], high = values[below + 1], part = place - Double(below)
        let step = high - low
        // The difference of two finite values may not be one.
        return step.isFinite ? low + step * part : low * (1 - part) + high * part
    }
}

extension Array<Double> {
    /// First index whose value holds, where none holds before one that does.
    fileprivate func partitioningIndex(_ holds: (Double) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if holds(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
