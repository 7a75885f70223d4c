/// Average and complete linkage by chains of nearest neighbours over the distances of all pairs (Muellner 2013, section 3.2). Distances are
/// updated in place by the formula of Lance and Williams (1967).
struct PairChain {
    private let rows: Int
    private let linkage: Linkage
    /// Of the pair `i < j`: at `rows * i - i * (i + 1) / 2 + j - i - 1`.
    private var distances: [Double]
    private var sizes: [Double]

    init(_ data: Matrix, _ linkage: Linkage) {
        rows = data.rows
        self.linkage = linkage
        sizes = [Double](repeating: 1, count: data.rows)
        distances = []
        distances.reserveCapacity(data.rows * (data.rows - 1) / 2)
        for one in 0..<data.rows {
            let point = data.row(one)
            for other in one + 1..<max(data.rows, one + 1) { distances.append(data.squaredDistance(other, to: point).squareRoot()) }
        }
    }

    @inline(__always)
    private func place(_ one: Int, _ other: Int) -> Int {
        let low = min(one, other), high = max(one, other)
        return rows * low - low * (low + 1) / 2 + high - low - 1
    }

    mutating func merges() -> [(one: Int, other: Int, height: Double)] {
        var found: [(one: Int, other: Int, height: Double)] = [], chain: [Int] = []
        while found.count < rows - 1 {
            if chain.isEmpty { chain.append(sizes.firstIndex { $0 > 0 } ?? 0) }
            let tip = chain[chain.count - 1], before = chain.count > 1 ? chain[chain.count - 2] : nil
            var best = before ?? -1, least = before.map { distances[place(tip, $0)] } ?? .infinity
            for slot in 0..<rows where sizes[slot] > 0 && slot != tip {
                let distance = distances[place(tip, slot)]
                if distance < least { (best, least) = (slot, distance) }
            }
            if best == before {
                chain.removeLast(2)
                found.append((min(tip, best), max(tip, best), least))
                join(min(tip, best), max(tip, best))
            } else {
                chain.append(best)
            }
        }
        return found
    }

    /// The joined cluster takes the lower slot, which is its lowest row.
    private mutating func join(_ low: Int, _ high: Int) {
        let (a, b) = (sizes[low], sizes[high])
        for slot in 0..<rows where sizes[slot] > 0 && slot != low && slot != high {
            let one = distances[place(low, slot)], other = distances[place(high, slot)]
            distances[place(low, slot)] = linkage == .complete ? max(one, other) : (a * one + b * other) / (a + b)
        }
        sizes[low] = a + b
        sizes[high] = 0
    }
}
