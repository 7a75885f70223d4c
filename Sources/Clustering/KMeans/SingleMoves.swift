/// Single rows that go to another cluster where that lessens the sum of squares, after Lloyd's steps are at their fixpoint (Hartigan 1975).
///
/// A row of weight `w` that leaves a cluster of weight `W` at squared distance `u` takes `u * wW / (W - w)` away, and adds `v * wV / (V + w)` to one of
/// weight `V`: so a row may go to a centroid that is not nearer, as it draws it along. Each fixpoint of these moves is one of Lloyd's, but not the other way
/// round (Telgarsky and Vattani 2010).
struct SingleMoves {
    /// Of more rows each has so little weight that the moves are not worth their time.
    static let rowsMax = 50_000
    /// How often all rows are gone through at most.
    static let passesMax = 50
    /// What is less than this share of a sum may be rounding.
    private static let gainMin = 1e-12

    private let data: Matrix
    private let weights: [Double]?
    private(set) var centroids: Matrix
    private var labels: [Int]
    private var totals: [Double]

    init(_ data: Matrix, _ weights: [Double]?, _ found: KMeansResult) {
        self.data = data
        self.weights = weights
        centroids = found.centroids
        labels = found.labels
        totals = [Double](repeating: 0, count: found.centroids.rows)
        for (row, label) in found.labels.enumerated() { totals[label] += weights?[row] ?? 1 }
    }

    /// Goes through all rows in their order, each to the cluster where the sum is least. Whether any moved.
    mutating func pass() -> Bool {
        var moved = false
        for row in 0..<data.rows {
            let weight = weights?[row] ?? 1, own = labels[row]
            // The last of a cluster has nothing to gain, and rounding must not make a cluster of no weight.
            guard weight > 0, totals[own] - weight > 1e-9 * totals[own] else { continue }
            let taken = squaredDistance(row, own) * totals[own] / (totals[own] - weight)
            var least = taken * (1 - Self.gainMin), target = own
            for cluster in totals.indices where cluster != own && totals[cluster] > 0 {
                let added = squaredDistance(row, cluster) * totals[cluster] / (totals[cluster] + weight)
                if added < least { (least, target) = (added, cluster) }
            }
            guard target != own else { continue }
            draw(row, to: own, -weight)
            draw(row, to: target, weight)
            labels[row] = target
            moved = true
        }
        return moved
    }

    private func squaredDistance(_ row: Int, _ cluster: Int) -> Double {
        var sum = 0.0
        for column in 0..<data.columns {
            let difference = data[row, column] - centroids[cluster, column]
            sum += difference * difference
        }
        return sum
    }

    /// Draws a centroid to a row that comes, or away from one that goes with its weight negative.
    private mutating func draw(_ row: Int, to cluster: Int, _ weight: Double) {
        totals[cluster] += weight
        let share = weight / totals[cluster]
        for column in 0..<data.columns { centroids[cluster, column] += (data[row, column] - centroids[cluster, column]) * share }
    }
}
