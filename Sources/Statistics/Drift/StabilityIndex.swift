/// Population stability index: `sum of (current - reference) ln(current / reference)` over bins (Siddiqi, Credit Risk Scorecards, 2006).
package struct StabilityIndex: Hashable, Sendable {
    /// What an empty bin counts as, on the side where it is empty. Bins empty on both sides count nothing.
    package enum EmptyBins: Hashable, Sendable {
        /// A share of at least this much.
        case floor(Double)
        /// The index has no answer.
        case undefined
    }

    /// What is made of an index.
    package enum Band: String, Hashable, Sendable, CaseIterable {
        /// Below 0.1.
        case stable
        /// Up to 0.25.
        case watch
        /// Above 0.25: divide anew.
        case shifted
    }

    package let value: Double

    package var band: Band { value < 0.1 ? .stable : value <= 0.25 ? .watch : .shifted }

    /// Of shares as they are given, which are not scaled to 1. Nil without bins, with unequal numbers of bins, or with a share that is not finite or
    /// below 0; and where an empty bin is not allowed.
    package init?(reference: [Double], current: [Double], empty: EmptyBins = .floor(1e-4)) {
        guard !reference.isEmpty, reference.count == current.count else { return nil }
        var sum = CompensatedSum()
        for (reference, current) in zip(reference, current) {
            guard reference >= 0, current >= 0, reference < .infinity, current < .infinity else { return nil }
            if reference == 0, current == 0 { continue }
            var (before, now) = (reference, current)
            if before == 0 || now == 0 {
                guard case .floor(let least) = empty, least > 0, least < .infinity else { return nil }
                (before, now) = (max(before, least), max(now, least))
            }
            sum.add((now - before) * (Elementary.ln(now) - Elementary.ln(before)))
        }
        guard sum.value.isFinite else { return nil }
        value = max(0, sum.value)
    }

    /// Of counts, each side scaled to 1. Nil as above, and where a side has none.
    package init?(referenceCounts: [Double], currentCounts: [Double], empty: EmptyBins = .floor(1e-4)) {
        let reference = CompensatedSum.of(referenceCounts), current = CompensatedSum.of(currentCounts)
        guard reference > 0, current > 0, reference < .infinity, current < .infinity else { return nil }
        self.init(reference: referenceCounts.map { $0 / reference }, current: currentCounts.map { $0 / current }, empty: empty)
    }
}
