/// What Lloyd's steps keep of each row and of each block.
final class LloydState: @unchecked Sendable {  // A share of the blocks writes to rows, sums and flags of its own.
    let points: BlockMemory<Double>
    let labels: BlockMemory<Int32>
    let blocks: RowBlocks
    /// Whether a share's last step changed a label.
    let changed: BlockMemory<Bool>
    private let weights: BlockMemory<Double>?
    private let upper: BlockMemory<Double>
    private let lower: BlockMemory<Double>
    /// Of each block and cluster, the weighted sum of the rows and the sum of their weights.
    private let sums: BlockMemory<Double>
    private let stale: BlockMemory<Bool>
    private let columns: Int
    private let clusters: Int

    /// Blocks are shared out in parts of this many: a matter of speed alone.
    private static let blocksAShare = 16
    var shares: Int { (blocks.count + Self.blocksAShare - 1) / Self.blocksAShare }

    init(_ data: Matrix, points: BlockMemory<Double>, _ weights: [Double]?, clusters: Int) {
        columns = data.columns
        self.clusters = clusters
        // So many rows that the sums of all blocks take an eighth of the memory of the rows.
        blocks = RowBlocks(rows: data.rows, size: max(256, clusters * 8))
        self.points = points
        self.weights = weights.map { BlockMemory($0, else: 0) }
        labels = BlockMemory(data.rows, -1)
        upper = BlockMemory(data.rows, .infinity)
        lower = BlockMemory(data.rows, 0)
        sums = BlockMemory(blocks.count * clusters * (columns + 1), 0)
        stale = BlockMemory(blocks.count, true)
        changed = BlockMemory((blocks.count + Self.blocksAShare - 1) / Self.blocksAShare, false)
    }

    @inline(__always)
    func weight(_ row: Int) -> Double { weights.map { $0[row] } ?? 1 }

    /// Puts a row into a cluster against the distances; it is measured anew in the next step.
    func move(_ row: Int, to cluster: Int) {
        labels[row] = Int32(cluster)
        upper[row] = .infinity
        lower[row] = 0
        stale[row / blocks.size] = true
        sum(row / blocks.size)
    }

    func assign(_ share: Int, _ centres: CentroidLanes) {
        var anyChanged = false
        for block in share * Self.blocksAShare..<min((share + 1) * Self.blocksAShare, blocks.count) {
            if assignRows(blocks.range(block), centres) {
                anyChanged = true
                stale[block] = true
            }
            sum(block)
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
                    labels[row] = found.label
                    changed = true
                }
            }
            return changed
        }
    }

    private func assignFirst(_ rows: Range<Int>, _ centres: CentroidLanes) -> Bool {
        for row in rows {
            let found = nearest(points.start + row &* columns, centres.lanes)
            labels[row] = found.label
            upper[row] = found.squared.squareRoot() * CentroidMoves.above
            lower[row] = found.next
        }
        return true
    }

    /// Moves the bounds as the centroids moved; lists the rows that are not clear by them, and gives their number.
    @inline(__always)
    private func moved(_ rows: Range<Int>, _ centres: CentroidLanes, to list: UnsafeMutablePointer<Int>) -> Int {
        let (labels, upper, lower) = (labels.start, upper.start, lower.start)
        let (nearer, farther, half) = (centres.moves.start, centres.otherMoves.start, centres.half.start)
        var unclear = 0
        for row in rows {
            let label = Int(labels[row])
            let near = upper[row] + nearer[label]
            let far = lower[row] - farther[label]
            upper[row] = near
            lower[row] = far
            list[unclear] = row
            let bound = half[label] > far ? half[label] : far
            unclear &+= near < bound - centres.doubt ? 0 : 1
        }
        return unclear
    }

    /// Measures the rows of the list to their own centroids; keeps those that are still not clear in the list, and gives their number.
    @inline(__always)
    private func measured(_ list: UnsafeMutablePointer<Int>, unclear count: Int, _ centres: CentroidLanes) -> Int {
        let (points, labels, upper, lower) = (points.start, labels.start, upper.start, lower.start)
        let (plain, half) = (centres.plain.start, centres.half.start)
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
            let bound = half[label] > lower[row] ? half[label] : lower[row]
            unclear &+= own < bound - centres.doubt ? 0 : 1
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

    /// The sums of a block, where its labels are others than at the last time.
    private func sum(_ block: Int) {
        guard stale[block] else { return }
        stale[block] = false
        let width = columns + 1, sums = sums.start + block * clusters * width
        sums.update(repeating: 0, count: clusters * width)
        let rows = blocks.range(block)
        for row in rows {
            let point = points.start + row &* columns, sum = sums + Int(labels[row]) &* width
            let weight = weights?.start[row] ?? 1
            var column = 0
            while column &+ 4 <= columns {
                let at = sum + column
                UnsafeMutableRawPointer(at).storeBytes(of: Self.four(at) + Self.four(point + column) * weight, as: SIMD4<Double>.self)
                column &+= 4
            }
            while column < columns {
                sum[column] += point[column] * weight
                column &+= 1
            }
            sum[columns] += weight
        }
    }

    /// The sums of all blocks, added up from the first to the last.
    func totals() -> [Double] {
        let width = clusters * (columns + 1)
        var totals = [Double](repeating: 0, count: width)
        totals.withUnsafeMutableBufferPointer { totals in
            for block in 0..<blocks.count {
                let sums = sums.start + block * width
                for index in 0..<width { totals[index] += sums[index] }
            }
        }
        return totals
    }
}
