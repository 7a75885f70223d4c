/// Of each centroid the nearest ones, itself first, in the order of their distances: where a row can be is looked up from where it was.
///
/// A row at distance `u` from its centroid is at least `D - u` away from a centroid that is `D` away from that (triangle inequality), so the rest of a
/// list need not be measured once `D - u` is above the least distance found (Newling and Fleuret 2016, the exponion algorithm, by groups of eight).
final class CentroidNeighbours: @unchecked Sendable {  // Made whole before it is read.
    /// Groups of eight that are kept of each list.
    private static let groupsMax = 4
    let groups: Int
    /// Whether a list holds every centroid.
    let whole: Bool
    private let lanes: LaneRows
    /// Of each list and group, the number of the centroid in each lane.
    private let numbers: UnsafeMutablePointer<SIMD8<Int64>>
    /// Of each list and group, the distance to the list's centroid of the nearest centroid that is not in this group or one before.
    private let beyond: BlockMemory<Double>

    /// `squared` holds the squared distances of all pairs, row by row of `stride`.
    init(_ centroids: Matrix, plain: BlockMemory<Double>, squared: BlockMemory<Double>, stride: Int) {
        let count = centroids.rows, width = LaneRows.width
        groups = min((count + width - 1) / width, Self.groupsMax)
        whole = groups * width >= count
        lanes = LaneRows(capacity: count * groups * width, columns: centroids.columns)
        numbers = .allocate(capacity: count * groups)
        numbers.initialize(repeating: SIMD8(repeating: .max), count: count * groups)
        beyond = BlockMemory(count * groups, Double.infinity)
        for centroid in 0..<count {
            let distances = squared.start + centroid * stride
            let order = (0..<count).sorted {
                // Itself first, even where another one coincides with it.
                ($0 == centroid ? -1 : distances[$0], $0) < ($1 == centroid ? -1 : distances[$1], $1)
            }
            for (place, number) in order.prefix(groups * width).enumerated() {
                lanes.set(centroid * groups * width + place, plain.start + number * centroids.columns)
                numbers[centroid * groups + place / width][place % width] = Int64(number)
            }
            for group in 0..<groups where (group + 1) * width < count {
                beyond[centroid * groups + group] = distances[order[(group + 1) * width]].squareRoot() * (2 - CentroidMoves.above)
            }
        }
    }

    deinit { numbers.deallocate() }

    /// The nearest centroid of a row that is `own` away from `label`, the lower one of equals, and a lower bound of the distances of all others.
    /// Nil where the list ends too early.
    @inline(__always)
    func nearest(_ point: UnsafePointer<Double>, of label: Int, own: Double, doubt: Double) -> Nearest? {
        var found = LaneMinimum()
        var group = label &* groups
        let end = group &+ groups
        while group < end {
            found.take(lanes.squaredDistances(group, point), numbers[group])
            let rest = beyond[group] - own
            group &+= 1
            if rest > 0 {
                let least = found.best.min().squareRoot()
                if least + doubt < rest {
                    let nearest = found.nearest
                    return Nearest(label: nearest.label, squared: nearest.squared, next: min(nearest.next, rest - doubt))
                }
            }
        }
        return whole ? found.nearest : nil
    }
}

/// The nearest centroid of a row.
struct Nearest {
    let label: Int32
    let squared: Double
    /// No more than the distance of any other centroid.
    let next: Double
}

/// The least and the second least of each lane.
struct LaneMinimum {
    private(set) var best = SIMD8<Double>(repeating: .infinity)
    private var next = SIMD8<Double>(repeating: .infinity)
    private var number = SIMD8<Int64>(repeating: .max)

    /// Numbers go up from one call to the next where distances may be equal in a lane; or equal ones are told apart here.
    @inline(__always)
    mutating func take(_ found: SIMD8<Double>, _ numbers: SIMD8<Int64>) {
        let closer = found .< best
        let loser = found.replacing(with: best, where: closer)
        next.replace(with: loser, where: loser .< next)
        let same = found .== best
        best.replace(with: found, where: closer)
        if any(same) { number.replace(with: numbers, where: same .& (numbers .< number)) }
        number.replace(with: numbers, where: closer)
    }

    @inline(__always)
    var nearest: Nearest {
        var least = best[0], second = next[0], label = number[0]
        for lane in 1..<8 {
            let distance = best[lane]
            if distance < least || (distance == least && number[lane] < label) {
                second = min(least, next[lane], second)
                least = distance
                label = number[lane]
            } else {
                second = min(second, distance)
            }
        }
        return Nearest(label: Int32(truncatingIfNeeded: label), squared: least, next: second.squareRoot() * (2 - CentroidMoves.above))
    }
}
