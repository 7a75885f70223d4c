/// The sum of each cluster's rows and of their weights, in whole numbers: a row that goes from one cluster to another leaves no rounding behind, and the
/// order in which rows come and go is of no matter. So only rows that move are added up, and the sums are those of adding up all.
///
/// A number is cut off at 2^-62 of the greatest of its column, which is below what a sum of doubles loses. 2^63 of them fit.
final class ClusterSums {
    private let columns: Int
    private let points: BlockMemory<Double>
    private let weights: BlockMemory<Double>?
    /// Of each column, and of the weights at last: the power of two that makes whole numbers of 62 bits.
    private let scales: BlockMemory<Double>
    /// Of each cluster its columns and its weight.
    private let sums: BlockMemory<Int128>

    init(points: BlockMemory<Double>, _ weights: BlockMemory<Double>?, rows: Int, columns: Int, clusters: Int) {
        self.columns = columns
        self.points = points
        self.weights = weights
        sums = BlockMemory(clusters * (columns + 1), 0)
        var greatest = [Double](repeating: 0, count: columns + 1)
        greatest.withUnsafeMutableBufferPointer { greatest in
            for row in 0..<rows {
                let weight = weights?[row] ?? 1
                for column in 0..<columns { greatest[column] = max(greatest[column], (points[row &* columns &+ column] * weight).magnitude) }
                greatest[columns] = max(greatest[columns], weight)
            }
        }
        scales = BlockMemory(greatest.map(Self.scale), else: 1)
    }

    /// Beyond 2^1000 the numbers are so small that their squares are 0.
    private static func scale(_ greatest: Double) -> Double {
        Double(sign: .plus, exponent: greatest > 0 ? min(61 - Int(greatest.exponent), 1_000) : 0, significand: 1)
    }

    /// A row leaves a cluster, or none where that is negative, and comes to another one.
    func move(_ row: Int, from old: Int32, to new: Int32) {
        let weight = weights?[row] ?? 1, point = points.start + row &* columns, scales = scales.start
        let to = sums.start + Int(new) &* (columns &+ 1), ofWeight = Int128(Int64(weight * scales[columns]))
        to[columns] &+= ofWeight
        guard old >= 0 else {
            for column in 0..<columns { to[column] &+= Int128(Int64(point[column] * weight * scales[column])) }
            return
        }
        let from = sums.start + Int(old) &* (columns &+ 1)
        from[columns] &-= ofWeight
        for column in 0..<columns {
            let whole = Int128(Int64(point[column] * weight * scales[column]))
            from[column] &-= whole
            to[column] &+= whole
        }
    }

    func hasWeight(_ cluster: Int) -> Bool { sums[cluster * (columns + 1) + columns] > 0 }

    /// The mean of one column, of a cluster that has weight.
    func mean(_ cluster: Int, _ column: Int) -> Double {
        let start = cluster * (columns + 1)
        let sum = Double(sums[start + column]) / scales[column], weight = Double(sums[start + columns]) / scales[columns]
        return sum / weight
    }
}
