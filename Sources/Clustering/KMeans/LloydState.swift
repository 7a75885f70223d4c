/// What Lloyd's steps keep of each row and of each block.
final class LloydState: @unchecked Sendable {  // A share of the blocks writes to rows, lists and flags of its own.
    /// A row, counted from its block's first, and the label that it had; -1 for none.
    private struct Move: BitwiseCopyable {
        let row: Int32
        let from: Int32
    }

    let points: BlockMemory<Double>
    let labels: BlockMemory<Int32>
    let blocks: RowBlocks
    /// Whether a share's last step changed a label.
    let changed: BlockMemory<Bool>
    let weights: BlockMemory<Double>?
    private let upper: BlockMemory<Double>
    private let lower: BlockMemory<Double>
    /// From each block's first row on, the rows that changed their labels and have not been told of.
    private let moved: BlockMemory<Move>
    private let movedCount: BlockMemory<Int>
    private let columns: Int

    /// Blocks are shared out in parts of this many: a matter of speed alone.
    private static let blocksAShare = 4
    var shares: Int { (blocks.count + Self.blocksAShare - 1) / Self.blocksAShare }

    init(_ data: Matrix, points: BlockMemory<Double>, _ weights: [Double]?) {
        columns = data.columns
        blocks = RowBlocks(rows: data.rows, size: 1_024)
        self.points = points
        self.weights = weights.map { BlockMemory($0, else: 0) }
        labels = BlockMemory(data.rows, -1)
        upper = BlockMemory(data.rows, .infinity)
        lower = BlockMemory(data.rows, 0)
        moved = BlockMemory(data.rows, Move(row: 0, from: 0))
        movedCount = BlockMemory(blocks.count, 0)
        changed = BlockMemory((blocks.count + Self.blocksAShare - 1) / Self.blocksAShare, false)
    }

    @inline(__always)
    func weight(_ row: Int) -> Double { weights.map { $0[row] } ?? 1 }

    /// Puts a row into a cluster against the distances; it is measured anew in the next step.
    func move(_ row: Int, to cluster: Int) {
        change(row, to: Int32(cluster))
        upper[row] = .infinity
        lower[row] = 0
    }

    @inline(__always)
    private func change(_ row: Int, to label: Int32) {
        let block = row / blocks.size, count = movedCount[block]
        moved[block &* blocks.size &+ count] = Move(row: Int32(truncatingIfNeeded: row % blocks.size), from: labels[row])
        movedCount[block] = count &+ 1
        labels[row] = label
    }

    /// Each row that changed its label since the last time, and the label that it had: nothing more than once.
    func takeMoves(_ body: (_ row: Int, _ from: Int32, _ to: Int32) -> Void) {
        for block in 0..<blocks.count {
            let first = block * blocks.size
            for place in first..<first + movedCount[block] {
                let row = first + Int(moved[place].row)
                body(row, moved[place].from, labels[row])
            }
            movedCount[block] = 0
        }
    }

    func assign(_ share: Int, _ centres: CentroidLanes) {
        var anyChanged = false
        for block in share * Self.blocksAShare..<min((share + 1) * Self.blocksAShare, blocks.count) {
            if assignRows(blocks.range(block), centres) { anyChanged = true }
        }
        changed[share] = anyChanged
    }

    /// In three passes, so that rows which are looked at do not wait for one another: bounds of all, then the distance to the own centroid of
    /// those whose bounds are not clear, then the search of what is still not clear.
    private func assignRows(_ rows: Range<Int>, _ centres: CentroidLanes) -> Bool {
        if labels[rows.lowerBound] < 0 { return assignFirst(rows, centres) }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: rows.count + 1) { list in
            guard let list = list.baseAddress else { return false }
            let unclear = measured(list, unclear: moved(rows, centres, to: list), centres)
            let (points, labels, upper, lower) = (points.start, labels.start, upper.start, lower.start)
            var changed = false
            for at in 0..<unclear {
                let row = list[at], label = labels[row], point = points + row &* columns
                let found = centres.neighbours.nearest(point, of: Int(label), own: upper[row], doubt: centres.doubt) ?? nearest(point, centres.lanes)
                upper[row] = found.squared.squareRoot() * CentroidMoves.above
                lower[row] = found.next
                if found.label != label {
                    change(row, to: found.label)
                    changed = true
                }
            }
            return changed
        }
    }

    private func assignFirst(_ rows: Range<Int>, _ centres: CentroidLanes) -> Bool {
        for row in rows {
            let found = nearest(points.start + row &* columns, centres.lanes)
            change(row, to: found.label)
            upper[row] = found.squared.squareRoot() * CentroidMoves.above
            lower[row] = found.next
        }
        return true
    }

    /// Moves the bounds as the centroids moved; lists the rows that are not clear by them, and gives their number.
    @inline(__always)
    private func moved(_ rows: Range<Int>, _ centres: CentroidLanes, to list: UnsafeMutablePointer<Int>) -> Int {
        let (labels, upper, lower) = (labels.start, upper.start, lower.start)
        let (nearer, farther, half, doubt) = (centres.moves.start, centres.otherMoves.start, centres.half.start, centres.doubt)
        var unclear = 0
        for row in rows {
            let label = Int(labels[row])
            let near = upper[row] + nearer[label]
            let far = lower[row] - farther[label]
            upper[row] = near
            lower[row] = far
            list[unclear] = row
            unclear &+= Self.isUnclear(near, half[label], far, doubt)
        }
        return unclear
    }

    /// 0 where `near` is below one of both bounds by more than the doubt, else 1: told by the sign of their difference, as nobody could foretell a jump.
    @inline(__always)
    private static func isUnclear(_ near: Double, _ half: Double, _ far: Double, _ doubt: Double) -> Int {
        let bound = half > far ? half : far
        return 1 &- Int(truncatingIfNeeded: (near - (bound - doubt)).bitPattern >> 63)
    }

    /// Measures the rows of the list to their own centroids; keeps those that are still not clear in the list, and gives their number.
    @inline(__always)
    private func measured(_ list: UnsafeMutablePointer<Int>, unclear count: Int, _ centres: CentroidLanes) -> Int {
        let (points, labels, upper, lower) = (points.start, labels.start, upper.start, lower.start)
        let (plain, half, doubt) = (centres.plain.start, centres.half.start, centres.doubt)
        // Asks for all rows at once, so that memory answers while others are under way; the answer itself is of no use.
        var touched: UInt64 = 0
        for at in 0..<count { touched |= points[list[at] &* columns].bitPattern }
        list[count] = Int(truncatingIfNeeded: touched)
        var unclear = 0
        for at in 0..<count {
            let row = list[at], label = Int(labels[row])
            let own = (Self.roughly(points + row &* columns, plain + label &* columns, columns)).squareRoot() * CentroidMoves.above
            upper[row] = own
            list[unclear] = row
            unclear &+= Self.isUnclear(own, half[label], lower[row], doubt)
        }
        return unclear
    }

    /// A squared distance summed in pairs: for bounds, whose slack is greater than what another order of summing changes.
    @inline(__always)
    private static func roughly(_ one: UnsafePointer<Double>, _ other: UnsafePointer<Double>, _ columns: Int) -> Double {
        var sums = SIMD4<Double>(), column = 0
        while column &+ 4 <= columns {
            let difference = four(one + column) - four(other + column)
            sums += difference * difference
            column &+= 4
        }
        var sum = (sums[0] + sums[1]) + (sums[2] + sums[3])
        while column < columns {
            let difference = one[column] - other[column]
            sum += difference * difference
            column &+= 1
        }
        return sum
    }

    /// The four numbers from here on.
    @inline(__always)
    private static func four(_ place: UnsafePointer<Double>) -> SIMD4<Double> { UnsafeRawPointer(place).loadUnaligned(as: SIMD4<Double>.self) }

    /// The nearest of all centroids, the lower one of equals.
    @inline(__always)
    private func nearest(_ point: UnsafePointer<Double>, _ lanes: LaneRows) -> Nearest {
        var found = LaneMinimum(), numbers = SIMD8<Int64>(0, 1, 2, 3, 4, 5, 6, 7)
        for group in 0..<lanes.groups {
            found.take(lanes.squaredDistances(group, point), numbers)
            numbers &+= 8
        }
        return found.nearest
    }
}
