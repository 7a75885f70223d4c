import Statistics

/// Seeds by k-means++: each next one is drawn with a chance proportional to weight times squared distance to the nearest seed so far, and the best of
/// some candidates is taken, as in the greedy form that scikit-learn made usual.
///
/// A row whose nearest seed is no farther than half the way from that seed to a candidate cannot come nearer by it (triangle inequality), and is
/// not measured. The bits are those of measuring all.
final class KMeansSeeding: Sendable {
    private let rows: Int
    private let columns: Int
    private let points: BlockMemory<Double>
    private let weights: BlockMemory<Double>?
    private let blocks: RowBlocks
    private let workers: Workers
    /// Of each row, the squared distance to the nearest seed.
    private let nearest: BlockMemory<Double>
    /// Of each row, which seed that is.
    private let seedOf: BlockMemory<Int32>
    /// Of each block, the sum of weight times squared distance.
    private let potentials: BlockMemory<Double>

    init(_ data: Matrix, points: BlockMemory<Double>, _ weights: [Double]?, _ workers: Workers) {
        rows = data.rows
        columns = data.columns
        self.points = points
        self.weights = weights.map { BlockMemory($0, else: 0) }
        blocks = RowBlocks(rows: data.rows, size: 1_024)
        self.workers = workers
        nearest = BlockMemory(data.rows, .infinity)
        seedOf = BlockMemory(data.rows, 0)
        potentials = BlockMemory(blocks.count, 0)
    }

    /// The rows of the seeds, in the order in which they were drawn: as many as asked for, or as there are distinct rows of some weight.
    func draw(_ count: Int, candidates: Int, _ generator: inout LCG64) -> [Int] {
        var seeds = [first(&generator)]
        approach(seeds[0], seed: 0, distances: [.infinity])
        while seeds.count < count {
            let total = potentials.sum
            guard total > 0 else { break }
            let drawn = (0..<candidates).map { _ in place(of: generator.unit() * total) }
            let between = seeds.map { seed in drawn.map { distance($0, seed) } }
            let chosen = drawn.count == 1 ? 0 : best(of: drawn, between)
            approach(drawn[chosen], seed: Int32(seeds.count), distances: between.map { $0[chosen] })
            seeds.append(drawn[chosen])
        }
        return seeds
    }

    /// A row by its weight; without weights all are alike.
    private func first(_ generator: inout LCG64) -> Int {
        guard let weights else { return generator.index(below: rows) }
        var left = generator.unit() * weights.sum
        for row in 0..<rows where weights[row] > 0 {
            left -= weights[row]
            if left < 0 { return row }
        }
        return (0..<rows).last { weights[$0] > 0 } ?? 0
    }

    /// The row at which the running sum of potentials passes a value.
    private func place(of value: Double) -> Int {
        var left = value, block = 0
        while block + 1 < blocks.count, left >= potentials[block] {
            left -= potentials[block]
            block += 1
        }
        var last = -1
        for row in blocks.range(block) where potential(row) > 0 {
            last = row
            left -= potential(row)
            if left < 0 { return row }
        }
        // Rounding alone leads here: the last row that has a chance, of this block or of one before it.
        if last >= 0 { return last }
        return (0..<rows).last { potential($0) > 0 } ?? 0
    }

    @inline(__always)
    private func potential(_ row: Int) -> Double { weights.map { $0[row] * nearest[row] } ?? nearest[row] }

    private func distance(_ one: Int, _ other: Int) -> Double {
        Self.squaredDistance(points.start + one * columns, points.start + other * columns, columns)
    }

    @inline(__always)
    static func squaredDistance(_ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, _ columns: Int) -> Double {
        var sum = 0.0
        for column in 0..<columns {
            let difference = one[column] - other[column]
            sum += difference * difference
        }
        return sum
    }

    /// A quarter, less what rounding could make of it: below this share of the squared way between two seeds nothing comes nearer.
    private static let halfWay = 0.25 * (1 - 1e-12)

    /// Which candidate leaves the least potential; the first of equal ones.
    private func best(of drawn: [Int], _ between: [[Double]]) -> Int {
        let lanes = LaneRows(capacity: LaneRows.width, columns: columns)
        for (lane, row) in drawn.enumerated() { lanes.set(lane, points.start + row * columns) }
        let limits = BlockMemory(between.map { ($0.min() ?? 0) * Self.halfWay }, else: 0)
        let sums = BlockMemory(blocks.count, SIMD8<Double>())
        let (points, weights, nearest, seedOf, columns, blocks) = (points, weights, nearest, seedOf, columns, blocks)
        workers.run(blocks.count) { block in
            var sum = SIMD8<Double>()
            for row in blocks.range(block) {
                let now = nearest[row]
                var left = SIMD8(repeating: now)
                if now > limits[Int(seedOf[row])] {
                    let distances = lanes.squaredDistances(0, points.start + row &* columns)
                    left.replace(with: distances, where: distances .< left)
                }
                if let weights { left *= weights[row] }
                sum += left
            }
            sums[block] = sum
        }
        var total = SIMD8<Double>()
        for block in 0..<blocks.count { total += sums[block] }
        return drawn.indices.reduce(0) { total[$1] < total[$0] ? $1 : $0 }
    }

    /// Takes a seed in: nearest distances, and potentials of blocks. `distances` are from the seeds before.
    private func approach(_ seedRow: Int, seed: Int32, distances: [Double]) {
        let limits = BlockMemory(seed == 0 ? [0] : distances.map { $0 * Self.halfWay }, else: 0)
        let (points, weights, nearest, seedOf, columns, blocks) = (points, weights, nearest, seedOf, columns, blocks)
        let potentials = potentials
        workers.run(blocks.count) { block in
            let centre = points.start + seedRow &* columns
            var sum = 0.0
            for row in blocks.range(block) {
                if nearest[row] > limits[Int(seedOf[row])] {
                    let found = Self.squaredDistance(points.start + row &* columns, centre, columns)
                    if found < nearest[row] {
                        nearest[row] = found
                        seedOf[row] = seed
                    }
                }
                sum += weights.map { $0[row] * nearest[row] } ?? nearest[row]
            }
            potentials[block] = sum
        }
    }

    /// The chance of each row to be the next seed after seeds that are given: weight times squared distance, over their sum. All 0 where every
    /// row is a seed.
    static func chances(_ data: Matrix, weights: [Double]? = nil, after seeds: [Int]) -> [Double] {
        let seeding = KMeansSeeding(data, points: BlockMemory(data.values, else: 0), weights, .alone)
        for (number, seed) in seeds.enumerated() {
            seeding.approach(seed, seed: Int32(number), distances: seeds[..<number].map { seeding.distance($0, seed) })
        }
        let total = seeding.potentials.sum
        return (0..<data.rows).map { total > 0 ? seeding.potential($0) / total : 0 }
    }
}

extension KMeans {
    /// The chance of each row to be drawn as the next seed, after the seeds of these rows (k-means++, step 1b).
    package static func seedChances(_ data: Matrix, weights: [Double]? = nil, after seeds: [Int]) throws(ClusteringFailure) -> [Double] {
        _ = try data.checked()
        try Check.weights(weights, rows: data.rows)
        for seed in seeds where !(0..<data.rows).contains(seed) {
            throw .setting(name: "a seed", found: "row \(seed)", allowed: "0 to \(data.rows - 1)")
        }
        return KMeansSeeding.chances(data, weights: weights, after: seeds)
    }
}
