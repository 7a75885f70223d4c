/// Ward's hierarchy by chains of nearest neighbours (Murtagh 1983; Muellner 2013), on centroids alone: memory in proportion to rows.
///
/// Clusters stand in slots in the order of their lowest rows; a joined cluster takes the lower slot. Free slots are closed when a quarter is free, which
/// keeps the order.
final class WardChain {
    private let columns: Int
    private let lanes: LaneRows
    /// Rows of the cluster in each slot; 0 where it is free.
    private var sizes: [Double]
    private var lowestRows: [Int]
    private var chain: [Int] = []
    private var free = 0
    private let point: BlockMemory<Double>
    private let other: BlockMemory<Double>

    init(_ data: Matrix) {
        columns = data.columns
        lanes = LaneRows(data)
        sizes = [Double](repeating: 1, count: lanes.groups * LaneRows.width)
        for slot in data.rows..<sizes.count { sizes[slot] = 0 }
        lowestRows = Array(0..<data.rows)
        point = BlockMemory(data.columns, 0)
        other = BlockMemory(data.columns, 0)
    }

    func merges() -> [(one: Int, other: Int, height: Double)] {
        let rows = lowestRows.count
        var found: [(one: Int, other: Int, height: Double)] = []
        found.reserveCapacity(rows)
        while found.count < rows - 1 {
            if chain.isEmpty { chain.append(sizes.firstIndex { $0 > 0 } ?? 0) }
            let tip = chain[chain.count - 1], before = chain.count > 1 ? chain[chain.count - 2] : nil
            let neighbour = nearest(tip, before)
            if neighbour.slot == before {
                chain.removeLast(2)
                found.append((lowestRows[min(tip, neighbour.slot)], lowestRows[max(tip, neighbour.slot)], (2 * neighbour.increase).squareRoot()))
                join(min(tip, neighbour.slot), max(tip, neighbour.slot))
            } else {
                chain.append(neighbour.slot)
            }
        }
        return found
    }

    /// The cluster that costs least to join, by `ab / (a + b)` times the squared distance; the one before in the chain stays unless another is nearer.
    private func nearest(_ slot: Int, _ before: Int?) -> (slot: Int, increase: Double) {
        lanes.get(slot, point.start)
        lanes.clear(slot)
        defer { lanes.set(slot, point.start) }
        let size = sizes[slot]
        var best = before ?? -1, least = Double.infinity
        if let before {
            lanes.get(before, other.start)
            least = KMeansSeeding.squaredDistance(point.start, other.start, columns) * (size * sizes[before] / (size + sizes[before]))
        }
        // Any cluster has one row at least, so its factor is this at least.
        let leastFactor = size / (size + 1) * (1 - 1e-12)
        var limit = SIMD8(repeating: least / leastFactor)
        sizes.withUnsafeBufferPointer { sizes in
            for group in 0..<lanes.groups {
                let distances = lanes.squaredDistances(group, point.start)
                guard any(distances .< limit) else { continue }
                for lane in 0..<LaneRows.width where distances[lane] < limit[lane] {
                    let at = group &* LaneRows.width &+ lane
                    let increase = distances[lane] * (size * sizes[at] / (size + sizes[at]))
                    if increase < least {
                        (best, least) = (at, increase)
                        limit = SIMD8(repeating: least / leastFactor)
                    }
                }
            }
        }
        return (best, least)
    }

    private func join(_ low: Int, _ high: Int) {
        lanes.get(low, point.start)
        lanes.get(high, other.start)
        let total = sizes[low] + sizes[high]
        for column in 0..<columns { point[column] = (sizes[low] * point[column] + sizes[high] * other[column]) / total }
        lanes.set(low, point.start)
        lanes.clear(high)
        sizes[low] = total
        sizes[high] = 0
        free += 1
        if free * 4 > lanes.count, lanes.count > LaneRows.width { close() }
    }

    private func close() {
        var slots = [Int](repeating: 0, count: lanes.count), filled = 0
        for slot in 0..<lanes.count where sizes[slot] > 0 {
            slots[slot] = filled
            if filled != slot {
                lanes.get(slot, other.start)
                lanes.set(filled, other.start)
                sizes[filled] = sizes[slot]
                lowestRows[filled] = lowestRows[slot]
            }
            filled += 1
        }
        for slot in filled..<sizes.count { sizes[slot] = 0 }
        lanes.truncate(filled)
        chain = chain.map { slots[$0] }
        free = 0
    }
}
