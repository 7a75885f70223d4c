/// Rows under keys, in the order of the keys' UTF-8. This is the one place where the order of arrival is taken out: whatever order rows are
/// given in, every method sees the same matrix, and so gives the same bytes.
package struct KeyedRows: Hashable, Sendable {
    /// In ascending order of their UTF-8.
    package let keys: [String]
    /// A row a key.
    package let matrix: Matrix
    /// A weight a key, where weights were given.
    package let weights: [Double]?

    /// Sorts rows by their keys. A key that comes twice is refused, and so are two that are the same text in other bytes (Unicode's equivalence).
    package init(keys: [String], matrix: Matrix, weights: [Double]? = nil) throws(ClusteringFailure) {
        guard keys.count == matrix.rows else { throw .count(of: "keys", expected: matrix.rows, found: keys.count) }
        if let weights, weights.count != keys.count { throw .count(of: "weights", expected: keys.count, found: weights.count) }
        let order = try Self.order(of: keys)
        self.keys = order.map { keys[$0] }
        self.matrix = matrix.selecting(order)
        self.weights = weights.map { weights in order.map { weights[$0] } }
    }

    /// The places of keys in the order of their UTF-8; refused as in ``init(keys:matrix:weights:)``.
    package static func order(of keys: [String]) throws(ClusteringFailure) -> [Int] {
        var seen: Set<String> = []
        for key in keys where !seen.insert(key).inserted { throw .doubledKey(key) }
        let texts = keys.map { Array($0.utf8) }
        return keys.indices.sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
    }

    /// The label of each key, of labels in the order of ``keys``.
    package func byKey(_ labels: [Int]) -> [String: Int] {
        precondition(labels.count == keys.count, "a label a key")
        return Dictionary(uniqueKeysWithValues: zip(keys, labels))
    }
}
