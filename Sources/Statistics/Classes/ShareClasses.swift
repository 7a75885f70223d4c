/// Classes by cumulative share of a total, greatest first: ABC and its kin, with as many cuts as are wanted.
///
/// An entity that crosses a cut goes up or down, as declared; entities with equal values are always in one class, that of the first of them.
/// What is 0 or below has no share and is in the last class; so is all where nothing is above 0. A share within 1e-12 of a cut is the cut, so
/// that 0.1 + 0.2 is 0.3.
package struct ShareClasses: Hashable, Sendable {
    /// Where the entity goes whose share begins below a cut and ends above it.
    package enum Crossing: String, Hashable, Sendable, CaseIterable {
        /// Into the better class: the share *before* it has to be below the cut. With a value of 85 % in one entity, that one is A.
        case `in`
        /// Into the worse class: the share *with* it may not be above the cut. An entity with 85 % leaves A empty at a cut of 0.8.
        case out
    }

    /// Upper ends of all classes but the last, ascending, within 0 and 1.
    package let cuts: [Double]
    package let crossing: Crossing
    private static let nearness = 1e-12

    /// Nil unless the cuts ascend and are above 0 and at most 1.
    package init?(cuts: [Double], crossing: Crossing = .in) {
        guard cuts.allSatisfy({ $0 > 0 && $0 <= 1 }), zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }) else { return nil }
        self.cuts = cuts
        self.crossing = crossing
    }

    /// The class of each value and the share up to it, in the order of the values.
    package struct Division: Hashable, Sendable {
        /// 0 is the first class, `cuts.count` the last.
        package let classes: [Int]
        /// Share of the total of all values up to and with this one, greatest first and, of equals, first come first; ends at 1, and 0 where nothing is above 0.
        package let shares: [Double]
        /// Indices of the values, greatest first.
        package let ranked: [Int]
    }

    /// Nil where a value is not finite or the total is beyond what a Double holds. No values have no classes.
    package func divide(_ values: [Double]) -> Division? {
        guard values.allSatisfy(\.isFinite) else { return nil }
        let ranked = values.indices.sorted { values[$0] != values[$1] ? values[$0] > values[$1] : $0 < $1 }
        let total = CompensatedSum.of(ranked.lazy.map { max(0, values[$0]) })
        guard total.isFinite else { return nil }
        var classes = [Int](repeating: cuts.count, count: values.count), shares = [Double](repeating: 0, count: values.count)
        var sum = CompensatedSum(), before = 0.0
        for (rank, index) in ranked.enumerated() {
            sum.add(max(0, values[index]))
            let share = total > 0 ? min(1, sum.value / total) : 0
            shares[index] = share
            if rank > 0, values[ranked[rank - 1]] == values[index] {
                classes[index] = classes[ranked[rank - 1]]
            } else if values[index] > 0 {
                classes[index] = place(before: before, with: share)
            }
            before = share
        }
        return Division(classes: classes, shares: shares, ranked: ranked)
    }

    private func place(before: Double, with share: Double) -> Int {
        switch crossing {
        case .in: cuts.firstIndex { before < $0 - Self.nearness } ?? cuts.count
        case .out: cuts.firstIndex { share <= $0 + Self.nearness } ?? cuts.count
        }
    }

    /// `A` for 0, `B` for 1, to `Z`; then the number.
    package static func letter(_ place: Int) -> String {
        guard let code = UInt8(exactly: 65 + place), (65...90).contains(code) else { return "\(place)" }
        return String(Unicode.Scalar(code))
    }
}
