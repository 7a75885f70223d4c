package import Values

/// How small micro-segments may be: each costs attention, so it must have members, be worth it, and change what somebody does.
package struct Granularity: Hashable, Sendable {
    /// Fewest members of a micro-segment; smaller ones go to their parents.
    package let minimumMembers: Int?
    /// Least that the members of a micro-segment are worth.
    package let minimumValue: ExactDecimal?
    /// Where the members of a micro-segment that is too small go, and what it is compared with.
    package let parents: [String: String]

    package init(minimumMembers: Int? = nil, minimumValue: ExactDecimal? = nil, parents: [String: String] = [:]) {
        self.minimumMembers = minimumMembers
        self.minimumValue = minimumValue
        self.parents = parents
    }

    /// Whether a run has to count members before it assigns any.
    package var hasFloors: Bool { minimumMembers != nil || minimumValue != nil }

    /// Members of one micro-segment, and what they are worth.
    package struct Holding: Hashable, Sendable {
        package var members: Int
        package var value: ExactDecimal

        package init(members: Int, value: ExactDecimal) {
            self.members = members
            self.value = value
        }
    }

    /// Which micro-segments are too small, and where their members go. The smallest is merged first, into its parent, which may then itself be
    /// merged; one without a parent stays. The result does not depend on the order of the micro-segments.
    package func merges(_ holdings: [String: Holding]) throws(ArithmeticFailure) -> [String: String] {
        var holdings = holdings, into: [String: String] = [:]
        while let small = smallest(holdings), let parent = parents[small], let held = holdings.removeValue(forKey: small) {
            var joined = holdings[parent] ?? Holding(members: 0, value: .zero)
            joined.members += held.members
            joined.value = try joined.value.adding(held.value)
            holdings[parent] = joined
            for (merged, target) in into where target == small { into[merged] = parent }
            into[small] = parent
        }
        return into
    }

    private func smallest(_ holdings: [String: Holding]) -> String? {
        holdings.filter { name, held in
            parents[name] != nil && held.members > 0
                && (held.members < minimumMembers ?? 0 || minimumValue.map { held.value < $0 } ?? false)
        }.min { ($0.value.members, $0.key) < ($1.value.members, $1.key) }?.key
    }
}
