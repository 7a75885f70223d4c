/// Lloyd's two steps from given centroids to a fixpoint, with the bounds of Hamerly (2010): of each row an upper bound of the distance to its own
/// centroid and a lower bound of that to any other. Where the upper one is below, nothing is measured.
///
/// Labels are those that measuring everything gives, bit for bit: bounds are held apart by more than their rounding, and what is not
/// clear by them is measured. Means are of exact sums, which rows come to and leave.
final class LloydRun {
    private let data: Matrix
    private let workers: Workers
    private let state: LloydState
    private let sums: ClusterSums
    private var centroids: Matrix

    /// `points` are the numbers of `data`.
    init(_ data: Matrix, points: BlockMemory<Double>, _ weights: [Double]?, centroids: Matrix, _ workers: Workers) {
        self.data = data
        self.workers = workers
        self.centroids = centroids
        state = LloydState(data, points: points, weights)
        sums = ClusterSums(points: points, state.weights, rows: data.rows, columns: data.columns, clusters: centroids.rows)
    }

    func result(iterationsMax: Int) -> KMeansResult {
        var moves = CentroidMoves.none(centroids.rows)
        var iterations = 0, converged = false
        while !converged, iterations < iterationsMax {
            iterations += 1
            let changed = assign(moves)
            state.takeMoves(sums.move)
            let revived = !(0..<centroids.rows).allSatisfy(sums.hasWeight) && revive()
            converged = !changed && !revived
            if !converged { moves = update() }
        }
        if !converged { _ = assign(moves) }
        return KMeansResult(
            centroids: centroids, labels: state.labels.array.map(Int.init), inertia: inertia(), iterations: iterations, converged: converged)
    }

    /// Each row to its nearest centroid; whether any changed.
    private func assign(_ moves: CentroidMoves) -> Bool {
        let state = state
        let centres = CentroidLanes(centroids, moves)
        workers.run(state.shares) { state.assign($0, centres) }
        return (0..<state.shares).contains { state.changed[$0] }
    }

    /// The mean of each cluster's rows. A cluster without weight stays.
    private func update() -> CentroidMoves {
        let old = centroids
        for cluster in 0..<centroids.rows where sums.hasWeight(cluster) {
            for column in 0..<data.columns { centroids[cluster, column] = sums.mean(cluster, column) }
        }
        return CentroidMoves(from: old, to: centroids)
    }

    /// A cluster that lost its last row takes the row that is farthest from its centroid, of the lowest number among equals, out of a cluster
    /// that has others. Whether any did.
    private func revive() -> Bool {
        var members = [Int](repeating: 0, count: centroids.rows)
        for row in 0..<data.rows where state.weight(row) > 0 { members[Int(state.labels[row])] += 1 }
        var distances = (0..<data.rows).map { data.squaredDistance($0, to: centroids.row(Int(state.labels[$0]))) }
        var revived = false
        for cluster in members.indices where members[cluster] == 0 {
            var farthest = -1
            for row in 0..<data.rows where state.weight(row) > 0 && members[Int(state.labels[row])] > 1 && distances[row] > 0 {
                if farthest < 0 || distances[row] > distances[farthest] { farthest = row }
            }
            guard farthest >= 0 else { break }
            members[Int(state.labels[farthest])] -= 1
            members[cluster] = 1
            distances[farthest] = 0
            state.move(farthest, to: cluster)
            revived = true
        }
        state.takeMoves(sums.move)
        return revived
    }

    private func inertia() -> Double {
        let state = state, centroids = BlockMemory(centroids.values, else: 0), columns = data.columns
        let sums = BlockMemory(state.blocks.count, 0.0)
        workers.run(state.blocks.count) { block in
            var sum = 0.0
            for row in state.blocks.range(block) {
                let centre = centroids.start + Int(state.labels[row]) &* columns
                sum += state.weight(row) * KMeansSeeding.squaredDistance(state.points.start + row &* columns, centre, columns)
            }
            sums[block] = sum
        }
        return sums.sum
    }
}

/// How far centroids went in one step, each distance no less than the true one.
struct CentroidMoves {
    /// Rounding of sums and roots is far below this share.
    static let above = 1 + 1e-12
    let distances: [Double]
    /// The cluster that went farthest, and how far any other went at most.
    let farthest: Int
    let others: Double

    static func none(_ count: Int) -> CentroidMoves { CentroidMoves([Double](repeating: 0, count: count)) }

    private init(_ distances: [Double]) {
        self.distances = distances
        farthest = distances.indices.reduce(0) { distances[$1] > distances[$0] ? $1 : $0 }
        let first = farthest
        others = distances.indices.filter { $0 != first }.map { distances[$0] }.max() ?? 0
    }

    init(from old: Matrix, to new: Matrix) {
        self.init((0..<new.rows).map { old.squaredDistance($0, to: new.row($0)).squareRoot() * Self.above })
    }
}

/// Centroids as rows that are compared with share: lanes, half distances to the nearest other one, moves.
struct CentroidLanes: Sendable {
    let lanes: LaneRows
    let plain: BlockMemory<Double>
    /// Half the distance to the nearest other centroid.
    let half: BlockMemory<Double>
    let moves: BlockMemory<Double>
    /// For rows of each cluster, how far any other centroid moved at most.
    let otherMoves: BlockMemory<Double>
    /// By how much bounds have to differ before they are believed: far more than hundreds of roundings of numbers of this size.
    let doubt: Double
    let neighbours: CentroidNeighbours

    init(_ centroids: Matrix, _ moved: CentroidMoves) {
        lanes = LaneRows(centroids)
        plain = BlockMemory(centroids.values, else: 0)
        let half = BlockMemory(centroids.rows, Double.infinity)
        let stride = lanes.groups * LaneRows.width
        let squared = BlockMemory(centroids.rows * stride, 0.0)
        for row in 0..<centroids.rows {
            let distances = squared.start + row * stride
            for group in 0..<lanes.groups {
                let found = lanes.squaredDistances(group, plain.start + row * centroids.columns)
                for lane in 0..<LaneRows.width { distances[group * LaneRows.width + lane] = found[lane] }
            }
            var least = Double.infinity
            for other in 0..<centroids.rows where other != row { least = min(least, distances[other]) }
            half[row] = least.squareRoot() / 2
        }
        self.half = half
        neighbours = CentroidNeighbours(centroids, plain: plain, squared: squared, stride: stride)
        moves = BlockMemory(moved.distances, else: 0)
        otherMoves = BlockMemory(
            moved.distances.indices.map { $0 == moved.farthest ? moved.others : moved.distances[moved.farthest] }, else: 0)
        doubt = (centroids.values.map(\.magnitude).max() ?? 0) * Double(centroids.columns).squareRoot() * 1e-11
    }
}
