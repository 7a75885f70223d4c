/// Which new cluster is which old one, so that names stay from one recalibration to the next.
///
/// Old and new are paired so that the sum of Jaccard coefficients is greatest. A pair of at least `tau` keeps its name. Other new clusters get
/// the next free names, in the order of their lowest members.
package struct ClusterIdentity: Hashable, Sendable {
    /// A cluster by name and members, in any order.
    package struct Cluster: Hashable, Sendable {
        package let name: String
        package let members: Set<String>

        package init(name: String, members: Set<String>) {
            self.name = name
            self.members = members
        }
    }

    /// What became of clusters. Names of old ones, and of new ones as they are called from now on.
    package enum Event: Hashable, Sendable {
        /// The same cluster, with how far it is the same.
        case kept(String, jaccard: Double)
        /// The nearest successor of an old cluster, not near enough for its name.
        case renamed(String, to: String, jaccard: Double)
        /// A new cluster that follows no old one.
        case born(String)
        /// An old cluster that none follows.
        case died(String)
        /// An old cluster whose members went to several, each with at least ``shareMin`` of them.
        case split(String, into: [String])
        /// A new cluster with at least half the members of each of several old ones.
        case merged([String], into: String)
    }

    /// Of a split's members, what each part has at least.
    package static let shareMin = 0.25

    /// Of each new cluster its name from now on, in the order in which they were given.
    package let names: [String]
    /// The number that the next new name takes.
    package let nextNumber: Int
    /// A row an old cluster, a column a new one.
    package let jaccard: Matrix
    /// Of each new cluster, the old one that it was paired with, whatever the coefficient; nil where none was left or nothing is in common.
    package let pairs: [Int?]
    /// Kept, renamed, died (in the order of old clusters), born, split, merged.
    package let events: [Event]

    /// New names are `prefix` and a number from `nextNumber` on that no old cluster has.
    package init(
        old: [Cluster], new: [Cluster], tau: Double = 0.5, prefix: String = "c", nextNumber: Int = 1
    ) throws(ClusteringFailure) {
        guard tau > 0, tau <= 1 else { throw .setting(name: "tau", found: "\(tau)", allowed: "above 0 up to 1") }
        for clusters in [old, new] where Set(clusters.map(\.name)).count != clusters.count {
            throw .doubledKey(clusters.map(\.name).sorted().first { name in clusters.count { $0.name == name } > 1 } ?? "")
        }
        var jaccard = Matrix(rows: old.count, columns: new.count)
        for (row, one) in old.enumerated() {
            for (column, other) in new.enumerated() { jaccard[row, column] = Self.jaccard(one.members, other.members) }
        }
        let costs = Matrix(rows: old.count, columns: new.count, values: jaccard.values.map { 1 - $0 })
        var pairs = [Int?](repeating: nil, count: new.count)
        if !old.isEmpty, !new.isEmpty {
            for (row, column) in try MinimumCostMatching(costs).columns.enumerated() {
                if let column, jaccard[row, column] > 0 { pairs[column] = row }
            }
        }
        let naming = Self.names(old, new, pairs, jaccard, tau, prefix, nextNumber)
        (names, self.nextNumber) = naming
        self.jaccard = jaccard
        self.pairs = pairs
        events = Self.follow(old, pairs, jaccard, tau, naming.names) + Self.splits(old, new, naming.names) + Self.merges(old, new, naming.names)
    }

    private static func jaccard(_ one: Set<String>, _ other: Set<String>) -> Double {
        let both = one.intersection(other).count, either = one.count + other.count - both
        return either == 0 ? 0 : Double(both) / Double(either)
    }

    private static func names(
        _ old: [Cluster], _ new: [Cluster], _ pairs: [Int?], _ jaccard: Matrix, _ tau: Double, _ prefix: String, _ nextNumber: Int
    ) -> (names: [String], nextNumber: Int) {
        let taken = Set(old.map(\.name))
        var names = new.indices.map { column in pairs[column].flatMap { jaccard[$0, column] >= tau ? old[$0].name : nil } }
        var number = nextNumber
        for column in new.indices.sorted(by: { lowest(new[$0]) < lowest(new[$1]) }) where names[column] == nil {
            while taken.contains("\(prefix)\(number)") { number += 1 }
            names[column] = "\(prefix)\(number)"
            number += 1
        }
        return (names.map { $0 ?? "" }, number)
    }

    private static func lowest(_ cluster: Cluster) -> String { cluster.members.min() ?? cluster.name }

    private static func follow(_ old: [Cluster], _ pairs: [Int?], _ jaccard: Matrix, _ tau: Double, _ names: [String]) -> [Event] {
        let followed = old.indices.map { row -> Event in
            guard let column = pairs.firstIndex(of: row) else { return .died(old[row].name) }
            let likeness = jaccard[row, column]
            return likeness >= tau ? .kept(old[row].name, jaccard: likeness) : .renamed(old[row].name, to: names[column], jaccard: likeness)
        }
        return followed + names.indices.filter { pairs[$0] == nil }.map { names[$0] }.sorted().map(Event.born)
    }

    private static func splits(_ old: [Cluster], _ new: [Cluster], _ names: [String]) -> [Event] {
        old.compactMap { cluster in
            let parts = new.indices.filter { cluster.share(in: new[$0]) >= shareMin }
            return parts.count > 1 ? .split(cluster.name, into: parts.map { names[$0] }.sorted()) : nil
        }
    }

    private static func merges(_ old: [Cluster], _ new: [Cluster], _ names: [String]) -> [Event] {
        new.indices.compactMap { column in
            let sources = old.filter { $0.share(in: new[column]) >= 0.5 }
            return sources.count > 1 ? .merged(sources.map(\.name).sorted(), into: names[column]) : nil
        }
    }
}

extension ClusterIdentity.Cluster {
    /// Of the members, the share that is in another cluster.
    fileprivate func share(in other: ClusterIdentity.Cluster) -> Double {
        members.isEmpty ? 0 : Double(members.intersection(other.members).count) / Double(members.count)
    }
}
