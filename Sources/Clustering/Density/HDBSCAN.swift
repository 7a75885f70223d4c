/// Clusters of any density, and noise: HDBSCAN* (Campello, Moulavi, Sander 2013) with selection by excess of mass.
///
/// A spanning tree over mutual reachability distances is condensed to clusters of a least size; of each branch the clusters that last longest are
/// taken, never the whole. Time goes with the square of the rows, memory with the rows.
package struct HDBSCAN: Hashable, Sendable {
    /// Least rows of a cluster, 2 or more.
    package var membersMin: Int
    /// The core distance of a row is that to its neighbour of this number; nil for ``membersMin``.
    package var neighboursMin: Int?
    package var counting: NeighbourCount
    package var ties: Ties
    /// Most rows: half a minute.
    package static let rowsMax = 60_000

    package init(membersMin: Int, neighboursMin: Int? = nil, counting: NeighbourCount = .withItself, ties: Ties = .nearest) {
        self.membersMin = membersMin
        self.neighboursMin = neighboursMin
        self.counting = counting
        self.ties = ties
    }

    /// Which of two joins of equal mutual reachability comes first. It matters often: all joins of a row that are shorter than its core distance are equal,
    /// and so a row that lies apart may go to either of two clusters.
    package enum Ties: String, Hashable, Sendable, CaseIterable {
        /// The one of less distance, then that of the lower row: a row that lies apart goes where its nearest neighbour is, whatever the order of rows. So
        /// does the Python library `hdbscan`.
        case nearest
        /// The one that was found first from row 0 on. So does scikit-learn 1.9, but for a sort that is not stable.
        case inOrder
    }

    package struct Result: Hashable, Sendable {
        /// Numbered in the order of rows; ``Partition/noise`` for rows outside.
        package let labels: [Int]
        /// How far into its cluster a row reaches: 1 for the densest, 0 for noise.
        package let probabilities: [Double]
        /// Of each label, the excess of mass of its cluster; infinite where rows coincide.
        package let stabilities: [Double]
    }

    package func fit(_ data: Matrix) throws(ClusteringFailure) -> Result {
        _ = try data.checked()
        try Check.count("membersMin", membersMin, atLeast: 2)
        try Check.count("neighboursMin", neighboursMin ?? membersMin, atLeast: 1)
        guard data.rows <= Self.rowsMax else { throw .tooManyRows(method: "HDBSCAN", found: data.rows, limit: Self.rowsMax) }
        let neighbour = min(counting.inclusive(neighboursMin ?? membersMin), data.rows)
        let cores = Self.coreDistances(data, neighbour: neighbour)
        let tree = Dendrogram(rows: data.rows, found: SpanningTree.edges(data, floors: cores, ties: ties))
        return CondensedTree(tree, membersMin: membersMin).result()
    }

    /// The distance of each row to its neighbour of this number, itself being the first.
    static func coreDistances(_ data: Matrix, neighbour: Int) -> [Double] {
        let lanes = LaneRows(data), points = BlockMemory(data.values, else: 0)
        // The nearest so far, ascending.
        let nearest = BlockMemory(neighbour, Double.infinity)
        return (0..<data.rows).map { row in
            for place in 0..<neighbour { nearest[place] = .infinity }
            let point = points.start + row * data.columns
            var limit = SIMD8(repeating: Double.infinity)
            for group in 0..<lanes.groups {
                let distances = lanes.squaredDistances(group, point)
                guard any(distances .< limit) else { continue }
                for lane in 0..<LaneRows.width where distances[lane] < nearest[neighbour - 1] {
                    var at = neighbour - 1
                    while at > 0, nearest[at - 1] > distances[lane] {
                        nearest[at] = nearest[at - 1]
                        at -= 1
                    }
                    nearest[at] = distances[lane]
                }
                limit = SIMD8(repeating: nearest[neighbour - 1])
            }
            return nearest[neighbour - 1].squareRoot()
        }
    }
}
