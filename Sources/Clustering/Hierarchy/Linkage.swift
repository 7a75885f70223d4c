/// Agglomerative clustering by the linkages that scipy has, with its heights.
///
/// Ties: of equally near clusters the one whose lowest row is lowest is the nearest, but for the neighbour that a chain came from, which stays
/// preferred. Merges of equal height keep the order in which they were found.
package enum Linkage: String, Hashable, Sendable, CaseIterable {
    /// The increase of the sum of squares: `sqrt(2ab / (a + b))` times the distance of the centroids of `a` and `b` rows (Ward 1963).
    case ward
    /// The mean distance of pairs (UPGMA).
    case average
    /// The greatest distance of a pair.
    case complete
    /// The least distance of a pair.
    case single

    /// Most rows of the linkages that keep all pairs of distances: 576 MB.
    package static let pairedRowsMax = 12_000

    /// The hierarchy of all rows. Ward and single take memory in proportion to the rows; average and complete a number a pair, so they have a limit.
    package func tree(of data: Matrix) throws(ClusteringFailure) -> Dendrogram {
        _ = try data.checked()
        switch self {
        case .ward: return Dendrogram(rows: data.rows, found: WardChain(data).merges())
        case .single: return Dendrogram(rows: data.rows, found: SpanningTree.edges(data))
        case .average, .complete:
            guard data.rows <= Self.pairedRowsMax else {
                throw .tooManyRows(method: "\(rawValue) linkage", found: data.rows, limit: Self.pairedRowsMax)
            }
            var chain = PairChain(data, self)
            return Dendrogram(rows: data.rows, found: chain.merges())
        }
    }
}
