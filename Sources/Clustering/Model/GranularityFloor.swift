/// Clusters too small to be treated apart go to the nearest one, until every floor holds: the one of fewest members first (then of least value, then
/// of lowest label), to the nearest centroid (then of lowest label), whose centroid moves by their weights.
package struct GranularityFloor: Hashable, Sendable {
    package var membersMin: Int
    /// Least sum of the rows' values.
    package var valueMin: Double
    package var clustersMax: Int

    package init(membersMin: Int = 1, valueMin: Double = 0, clustersMax: Int = .max) {
        self.membersMin = membersMin
        self.valueMin = valueMin
        self.clustersMax = clustersMax
    }

    /// One cluster that went into another. Labels as they were before all merges.
    package struct Merge: Hashable, Sendable {
        package let from: Int
        package let into: Int
        package let reason: Reason

        package init(from: Int, into: Int, reason: Reason) {
            self.from = from
            self.into = into
            self.reason = reason
        }
    }

    package enum Reason: String, Hashable, Sendable {
        case fewMembers, littleValue, tooMany
    }

    /// Labels after merging (a merged cluster keeps the label it went into), and what went where. `values` are of the rows, 0 or more. The last
    /// cluster stays, whatever the floors say. Noise stays.
    package func apply(
        _ data: Matrix, _ labels: [Int], values: [Double]? = nil
    ) throws(ClusteringFailure) -> (labels: [Int], merges: [Merge]) {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        try Check.count("clustersMax", clustersMax, atLeast: 1)
        if let values {
            guard values.count == data.rows else { throw .count(of: "values", expected: data.rows, found: values.count) }
            for (row, value) in values.enumerated() where !value.isFinite { throw .notFinite(row: row, column: 0) }
        }
        var groups = Partition.members(labels).map { cluster in
            Group(
                label: cluster.label, members: cluster.rows.count, value: cluster.rows.reduce(0) { $0 + (values?[$1] ?? 0) },
                centroid: data.mean(of: cluster.rows))
        }
        var into: [Int: Int] = [:], merges: [Merge] = []
        while groups.count > 1, let (place, reason) = next(groups, hasValues: values != nil) {
            let gone = groups.remove(at: place)
            let target = groups.indices.min { (gone.distance(groups[$0]), $0) < (gone.distance(groups[$1]), $1) } ?? 0
            groups[target].take(gone)
            merges.append(Merge(from: gone.label, into: groups[target].label, reason: reason))
            into[gone.label] = groups[target].label
        }
        let merged = labels.map { label in
            var label = label
            while let next = into[label] { label = next }
            return label
        }
        return (merged, merges)
    }

    private func next(_ groups: [Group], hasValues: Bool) -> (Int, Reason)? {
        let order = groups.indices.sorted { (groups[$0].members, groups[$0].value, $0) < (groups[$1].members, groups[$1].value, $1) }
        for place in order {
            if groups[place].members < membersMin { return (place, .fewMembers) }
            if hasValues, groups[place].value < valueMin { return (place, .littleValue) }
        }
        return groups.count > clustersMax ? (order[0], .tooMany) : nil
    }

    private struct Group {
        let label: Int
        var members: Int
        var value: Double
        var centroid: [Double]

        func distance(_ other: Group) -> Double {
            zip(centroid, other.centroid).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        }

        mutating func take(_ other: Group) {
            let total = Double(members + other.members)
            centroid = zip(centroid, other.centroid).map { ($0 * Double(members) + $1 * Double(other.members)) / total }
            members += other.members
            value += other.value
        }
    }
}
