/// Weights from comparing each thing with each (the analytic hierarchy process; Saaty, The Analytic Hierarchy Process, 1980): the principal
/// eigenvector of the matrix of judgements, by iteration.
package struct PairwiseWeights: Hashable, Sendable {
    /// Above 0, with the sum 1.
    package let weights: [Double]
    /// The principal eigenvalue; the number of things where all judgements agree.
    package let eigenvalue: Double
    /// Consistency index: `(eigenvalue - n) / (n - 1)`; 0 for one thing.
    package let inconsistency: Double
    /// Consistency ratio: the index over that of random judgements. Weights are fit for use below 0.1. 0 for one or two things; nil for more than
    /// there is a random index for.
    package let inconsistencyRatio: Double?

    /// Saaty's random indices for 1 to 15 things.
    private static let randomIndices = [0, 0, 0.58, 0.90, 1.12, 1.24, 1.32, 1.41, 1.45, 1.49, 1.51, 1.48, 1.56, 1.57, 1.59]
    /// Greatest number of things.
    package static let sizeMax = 100
    /// How far `a[i][j] * a[j][i]` may be from 1.
    private static let reciprocity = 1e-6

    /// Nil unless the matrix is square, of at most ``sizeMax``, all above 0, and each judgement the reciprocal of its counterpart.
    package init?(_ matrix: [[Double]]) {
        let size = matrix.count
        guard size > 0, size <= Self.sizeMax, matrix.allSatisfy({ $0.count == size && $0.allSatisfy { $0 > 0 && $0 < .infinity } }) else { return nil }
        for row in 0..<size {
            for column in 0...row where (matrix[row][column] * matrix[column][row] - 1).magnitude > Self.reciprocity { return nil }
        }
        var weights = [Double](repeating: 1 / Double(size), count: size), eigenvalue = 0.0
        // A positive matrix of judgements converges by a factor below 1 a step; 1,000 steps are enough for a factor of 0.96.
        for _ in 0..<1_000 {
            var next = matrix.map { row in CompensatedSum.of(zip(row, weights).lazy.map { $0 * $1 }) }
            // The weights have the sum 1, so that the sum of the next is the eigenvalue.
            eigenvalue = CompensatedSum.of(next)
            guard eigenvalue.isFinite, eigenvalue > 0 else { return nil }
            for index in next.indices { next[index] /= eigenvalue }
            let change = zip(next, weights).reduce(0) { max($0, ($1.0 - $1.1).magnitude / $1.0) }
            weights = next
            if change < 1e-15 { break }
        }
        self.weights = weights
        self.eigenvalue = eigenvalue
        inconsistency = size > 1 ? (eigenvalue - Double(size)) / Double(size - 1) : 0
        inconsistencyRatio = size < 3 ? 0 : size <= Self.randomIndices.count ? inconsistency / Self.randomIndices[size - 1] : nil
    }
}
