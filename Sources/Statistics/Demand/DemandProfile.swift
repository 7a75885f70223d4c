/// How often and how evenly something is wanted: the two measures of Syntetos, Boylan and Croston (On the categorization of demand patterns,
/// JORS 56, 2005). Sizes are those of the periods with demand alone, so that the unit of measure does not matter.
package struct DemandProfile: Hashable, Sendable {
    /// Periods in all.
    package let periods: Int
    /// Periods with demand: those above 0.
    package let demands: Int
    /// Average demand interval as periods over periods with demand.
    package let ratio: Double
    /// Average demand interval as the mean of the intervals up to each demand, the first counted from before the first period: what comes after
    /// the last demand does not count.
    package let interval: Double
    /// Mean size of a demand.
    package let size: Double
    private let moments: Moments

    /// Nil where no period has demand, or one is not finite.
    package init?(_ series: [Double]) {
        guard series.allSatisfy(\.isFinite), let last = series.lastIndex(where: { $0 > 0 }) else { return nil }
        let sizes = series.filter { $0 > 0 }
        guard let moments = Moments(sizes) else { return nil }
        periods = series.count
        demands = sizes.count
        ratio = Double(series.count) / Double(sizes.count)
        interval = Double(last + 1) / Double(sizes.count)
        size = moments.mean
        self.moments = moments
    }

    /// Squared coefficient of variation of the sizes; 0 of a single demand.
    package func sizeVariation(_ spread: Spread) -> Double {
        guard let variance = moments.variance(spread) else { return 0 }
        return variance / moments.mean / moments.mean
    }

    /// The interval as it is declared.
    package func interval(_ rule: DemandInterval) -> Double { rule == .ratio ? ratio : interval }
}

/// How the average interval between demands is counted.
package enum DemandInterval: String, Hashable, Sendable, CaseIterable {
    /// Periods over periods with demand.
    case ratio
    /// Mean of the intervals up to each demand.
    case mean
}
