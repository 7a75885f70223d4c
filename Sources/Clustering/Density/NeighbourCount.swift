/// Whether a row counts as a neighbour of its own where a least number of neighbours is asked for. scikit-learn counts it, the Python library
/// `hdbscan` does not: the same number means one more there.
package enum NeighbourCount: String, Hashable, Sendable, CaseIterable {
    case withItself
    case withoutItself

    /// The number in the counting that includes the row.
    func inclusive(_ count: Int) -> Int { self == .withItself ? count : count + 1 }
}
