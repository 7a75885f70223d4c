package import Records
package import Values

/// Who draws on the stock of which items: those who share some influence each other, so an experiment must not part them.
package struct StockPools: Sendable {
    /// Customers, orders or other units by the item that they draw on.
    private var takers: [EntityKey: Set<EntityKey>] = [:]

    package init() {}

    package mutating func tie(_ unit: EntityKey, to item: EntityKey) { takers[item, default: []].insert(unit) }

    /// The first item, in the order of their keys, on whose stock both parts draw, with one of each; nil where there is none.
    package func shared(_ isInCohort: (EntityKey) -> Bool) -> (item: EntityKey, cohort: EntityKey, rest: EntityKey)? {
        for (item, units) in takers.sorted(by: { $0.key < $1.key }) where units.count > 1 {
            let sorted = units.sorted()
            if let first = sorted.first(where: isInCohort), let other = sorted.first(where: { !isInCohort($0) }) { return (item, first, other) }
        }
        return nil
    }

    /// What hangs together: units and items that are tied, directly or through others, each group in the order of its keys.
    package func groups() -> [[EntityKey]] {
        var parent: [EntityKey: EntityKey] = [:]
        func root(_ key: EntityKey) -> EntityKey {
            var at = key
            while let next = parent[at], next != at { at = next }
            var walk = key
            while let next = parent[walk], next != at {
                parent[walk] = at
                walk = next
            }
            return at
        }
        for (item, units) in takers.sorted(by: { $0.key < $1.key }) {
            parent[item] = parent[item] ?? item
            for unit in units.sorted() {
                parent[unit] = parent[unit] ?? unit
                let (left, right) = (root(item), root(unit))
                if left != right { parent[max(left, right)] = min(left, right) }
            }
        }
        return Dictionary(grouping: parent.keys, by: root).values.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    /// Whole groups until they hold a share of what is tied; what was drawn before stays drawn. Groups go in the order of the hash of their first key, and one
    /// that is too large for what is left is passed over.
    package func draw(share: ExactDecimal, salt: String, keeping former: Set<EntityKey>) -> Set<EntityKey> {
        let groups = groups(), count = groups.reduce(0) { $0 + $1.count }, most = Int((Double(count) * share.binary).rounded(.down))
        var drawn = former
        func place(_ group: [EntityKey]) -> Double { Cohort.place(of: group[0], salt: salt) }
        for group in groups.sorted(by: { (place($0), $0[0]) < (place($1), $1[0]) }) where group.allSatisfy({ !former.contains($0) }) && drawn.count + group.count <= most {
            drawn.formUnion(group)
        }
        return drawn
    }
}
