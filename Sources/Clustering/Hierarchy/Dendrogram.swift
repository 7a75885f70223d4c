/// What a hierarchy of clusters was joined from, in the order of heights.
package struct Dendrogram: Hashable, Sendable {
    /// Two clusters that became one. Numbers below the number of rows are rows; the cluster of merge `m` is that number plus `m`.
    package struct Merge: Hashable, Sendable {
        /// The lower number.
        package let left: Int
        package let right: Int
        package let height: Double
        /// How many rows are in it.
        package let size: Int
    }

    package let rows: Int
    /// One fewer than rows; of equal heights, the one that was found first comes first.
    package let merges: [Merge]

    /// Merges by a row of each of the two, as found, in any order of heights.
    init(rows: Int, found: [(one: Int, other: Int, height: Double)]) {
        self.rows = rows
        let order = found.indices.sorted { found[$0].height == found[$1].height ? $0 < $1 : found[$0].height < found[$1].height }
        var forest = DisjointSets(rows), names = Array(0..<rows), sizes = [Int](repeating: 1, count: rows)
        var merges: [Merge] = []
        merges.reserveCapacity(found.count)
        for index in order {
            let one = forest.root(found[index].one), other = forest.root(found[index].other)
            let size = sizes[one] + sizes[other]
            merges.append(Merge(left: min(names[one], names[other]), right: max(names[one], names[other]), height: found[index].height, size: size))
            let root = forest.join(one, other)
            names[root] = rows + merges.count - 1
            sizes[root] = size
        }
        self.merges = merges
    }

    /// Exactly so many clusters (as many as rows at most): the last merges are taken back, of equal heights the last one first. Labels are
    /// numbered in the order of rows.
    package func cut(clusters: Int) -> [Int] {
        precondition(clusters > 0, "one cluster or more")
        return labels(afterMerges: max(0, rows - clusters))
    }

    /// The clusters that were joined at this height or below.
    package func cut(height: Double) -> [Int] {
        labels(afterMerges: merges.firstIndex { $0.height > height } ?? merges.count)
    }

    private func labels(afterMerges count: Int) -> [Int] {
        // A row of each cluster stands for it: the left one's.
        var forest = DisjointSets(rows), rowOf = Array(0..<rows)
        for merge in merges.prefix(min(count, merges.count)) {
            rowOf.append(rowOf[merge.left])
            _ = forest.join(forest.root(rowOf[merge.left]), forest.root(rowOf[merge.right]))
        }
        return Partition.numberedByFirst((0..<rows).map { forest.root($0) })
    }
}

/// Sets that are joined, by trees of numbers.
struct DisjointSets {
    private var parents: [Int]
    private var sizes: [Int]

    init(_ count: Int) {
        parents = Array(0..<count)
        sizes = [Int](repeating: 1, count: count)
    }

    mutating func root(_ number: Int) -> Int {
        var at = number
        while parents[at] != at {
            parents[at] = parents[parents[at]]
            at = parents[at]
        }
        return at
    }

    /// Joins two roots; the larger set's, or the first of equal ones, is the root of both.
    mutating func join(_ one: Int, _ other: Int) -> Int {
        guard one != other else { return one }
        let (large, small) = sizes[one] >= sizes[other] ? (one, other) : (other, one)
        parents[small] = large
        sizes[large] += sizes[small]
        return large
    }
}
