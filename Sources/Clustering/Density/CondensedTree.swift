/// A hierarchy in which only parts of a least size are clusters; smaller ones are rows that fall out of the cluster they were in. Levels are
/// `1 / height`. Cluster 0 holds all.
struct CondensedTree {
    private struct Cluster {
        let parent: Int
        let birth: Double
        let size: Int
        var children: [Int] = []
        var stability = 0.0
        /// The level at which the last of it leaves or splits.
        var death = 0.0
    }

    private var clusters: [Cluster]
    /// Of each row, the cluster that it fell out of, and at which level.
    private var leftCluster: [Int]
    private var leftLevel: [Double]

    init(_ tree: Dendrogram, membersMin: Int) {
        let rows = tree.rows
        clusters = [Cluster(parent: -1, birth: 0, size: rows)]
        leftCluster = [Int](repeating: 0, count: rows)
        leftLevel = [Double](repeating: 0, count: rows)
        guard rows > 1 else { return }
        // From the top, level by level: nodes of the tree and the cluster each is in.
        var waiting = [(node: 2 * rows - 2, cluster: 0)], at = 0
        while at < waiting.count {
            let (node, cluster) = waiting[at]
            at += 1
            guard node >= rows else { continue }
            let merge = tree.merges[node - rows]
            let level = merge.height > 0 ? 1 / merge.height : .infinity
            let sides = [merge.left, merge.right]
            let sizes = sides.map { $0 < rows ? 1 : tree.merges[$0 - rows].size }
            let splits = sizes.allSatisfy { $0 >= membersMin }
            for (side, size) in zip(sides, sizes) {
                if splits {
                    clusters.append(Cluster(parent: cluster, birth: level, size: size))
                    clusters[cluster].children.append(clusters.count - 1)
                    leave(cluster, level, size)
                    waiting.append((side, clusters.count - 1))
                } else if size >= membersMin {
                    waiting.append((side, cluster))
                } else {
                    for row in Self.rows(under: side, tree) {
                        leftCluster[row] = cluster
                        leftLevel[row] = level
                        leave(cluster, level, 1)
                    }
                }
            }
        }
    }

    private mutating func leave(_ cluster: Int, _ level: Double, _ size: Int) {
        let birth = clusters[cluster].birth
        // Two levels of coinciding rows are the same level.
        clusters[cluster].stability += level == birth ? 0 : (level - birth) * Double(size)
        clusters[cluster].death = max(clusters[cluster].death, level)
    }

    private static func rows(under node: Int, _ tree: Dendrogram) -> [Int] {
        var rows: [Int] = [], waiting = [node]
        while let next = waiting.popLast() {
            if next < tree.rows {
                rows.append(next)
            } else {
                waiting.append(tree.merges[next - tree.rows].right)
                waiting.append(tree.merges[next - tree.rows].left)
            }
        }
        return rows
    }

    /// A cluster is taken where it is at least as stable as all that is taken below it.
    private func taken() -> [Bool] {
        var taken = [Bool](repeating: false, count: clusters.count), below = clusters.map(\.stability)
        for cluster in clusters.indices.dropFirst().reversed() {
            let sum = clusters[cluster].children.reduce(0.0) { $0 + below[$1] }
            if !clusters[cluster].children.isEmpty, sum > below[cluster] {
                below[cluster] = sum
            } else {
                taken[cluster] = true
            }
        }
        // What is under a taken one is not taken; numbers go up on the way down.
        var covered = [Bool](repeating: false, count: clusters.count)
        for cluster in clusters.indices.dropFirst() {
            let parent = clusters[cluster].parent
            covered[cluster] = covered[parent] || taken[parent]
            if covered[cluster] { taken[cluster] = false }
        }
        return taken
    }

    func result() -> HDBSCAN.Result {
        let taken = taken()
        // The taken cluster that each cluster is in; 0 where none is.
        var within = [Int](repeating: 0, count: clusters.count)
        for cluster in clusters.indices.dropFirst() { within[cluster] = taken[cluster] ? cluster : within[clusters[cluster].parent] }
        let found = leftCluster.map { within[$0] == 0 ? Partition.noise : within[$0] }
        let labels = Partition.numberedByFirst(found)
        var stabilities: [Double] = []
        for (cluster, label) in zip(found, labels) where label == stabilities.count { stabilities.append(clusters[cluster].stability) }
        let probabilities = zip(found, leftLevel).map { cluster, level in
            guard cluster != Partition.noise else { return 0.0 }
            let death = clusters[cluster].death
            return death == 0 || level.isInfinite || level >= death ? 1 : level / death
        }
        return HDBSCAN.Result(labels: labels, probabilities: probabilities, stabilities: stabilities)
    }
}
