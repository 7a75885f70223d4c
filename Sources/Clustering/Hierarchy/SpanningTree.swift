/// The minimum spanning tree over all rows by Prim's method from row 0: memory in proportion to rows, time to their square.
struct SpanningTree {
    /// What joins one row to another, and how long it is.
    typealias Edge = (one: Int, other: Int, height: Double)
    private typealias Lanes = SIMD8<Double>

    private let data: Matrix
    private let lanes: LaneRows
    private let points: BlockMemory<Double>
    /// A distance counts as no less than the floor of either row: the mutual reachability distance of HDBSCAN, where floors are core distances.
    private let floors: BlockMemory<Lanes>
    private let ties: HDBSCAN.Ties
    /// Of each row outside the tree: how near it is, the distance itself, and to which row.
    private let nearest: BlockMemory<Lanes>
    /// Squares that are no less than those of `nearest`: what is above cannot come nearer. Below all of them for rows in the tree, and for places without row.
    private let reaches: BlockMemory<Lanes>
    private let lengths: BlockMemory<Lanes>
    private let sources: BlockMemory<SIMD8<Int64>>
    /// Rows in the tree, and places without row, are infinitely far.
    private let outside: BlockMemory<Lanes>

    /// Distances are compared and not their squares, of which two can have the same root: rows are equally near where they are so for other libraries.
    static func edges(_ data: Matrix) -> [Edge] { SpanningTree(data, floors: nil, .inOrder).edges() }

    /// Ascending by what ``HDBSCAN/Ties`` says where heights are equal.
    static func edges(_ data: Matrix, floors: [Double], ties: HDBSCAN.Ties) -> [Edge] { SpanningTree(data, floors: floors, ties).edges() }

    private init(_ data: Matrix, floors given: [Double]?, _ ties: HDBSCAN.Ties) {
        self.data = data
        self.ties = ties
        lanes = LaneRows(data)
        points = BlockMemory(data.values, else: 0)
        floors = BlockMemory(lanes.groups, Lanes())
        nearest = BlockMemory(lanes.groups, Lanes(repeating: .infinity))
        reaches = BlockMemory(lanes.groups, Lanes(repeating: -.infinity))
        lengths = BlockMemory(lanes.groups, Lanes(repeating: .infinity))
        sources = BlockMemory(lanes.groups, SIMD8<Int64>())
        outside = BlockMemory(lanes.groups, Lanes(repeating: .infinity))
        for row in 0..<data.rows {
            outside.start[row / LaneRows.width][row % LaneRows.width] = 0
            reaches.start[row / LaneRows.width][row % LaneRows.width] = .infinity
            if let given { floors.start[row / LaneRows.width][row % LaneRows.width] = given[row] }
        }
    }

    private func edges() -> [Edge] {
        var found: [(edge: Edge, length: Double)] = [], current = 0
        for _ in 1..<max(data.rows, 1) {
            let next = row(after: current)
            let (group, lane) = (next / LaneRows.width, next % LaneRows.width)
            found.append(((Int(sources[group][lane]), next, nearest[group][lane]), lengths[group][lane]))
            current = next
        }
        guard ties == .nearest else { return found.map(\.edge) }
        return found.indices.sorted { (found[$0].length, $0) < (found[$1].length, $1) }.map { found[$0].edge }
    }

    /// Takes a row into the tree, and gives the one that is nearest to the tree then.
    private func row(after current: Int) -> Int {
        outside.start[current / LaneRows.width][current % LaneRows.width] = .infinity
        reaches.start[current / LaneRows.width][current % LaneRows.width] = -.infinity
        let floor = Lanes(repeating: floors[current / LaneRows.width][current % LaneRows.width])
        let point = points.start + current * data.columns, isByLength = ties == .nearest
        var best = Lanes(repeating: .infinity), bestLength = best, at = SIMD8<Int64>()
        for group in 0..<lanes.groups {
            let squared = lanes.squaredDistances(group, point)
            if any(squared .<= reaches[group]) { approach(group, squared.squareRoot(), floor, current) }
            let near = nearest[group] + outside[group]
            var better = near .< best
            if isByLength { better .|= (near .== best) .& (lengths[group] .< bestLength) }
            best.replace(with: near, where: better)
            bestLength.replace(with: lengths[group], where: better)
            at.replace(with: Int64(group), where: better)
        }
        var least = (Double.infinity, Double.infinity, Int.max)
        for lane in 0..<LaneRows.width {
            let found = (best[lane], isByLength ? bestLength[lane] : 0, Int(at[lane]) * LaneRows.width + lane)
            if found < least { least = found }
        }
        return least.2
    }

    private func approach(_ group: Int, _ length: Lanes, _ floor: Lanes, _ current: Int) {
        var height = length
        height.replace(with: floor, where: height .< floor)
        height.replace(with: floors[group], where: height .< floors[group])
        var closer = height .< nearest[group]
        if ties == .nearest { closer .|= (height .== nearest[group]) .& (length .< lengths[group]) }
        guard any(closer) else { return }
        nearest.start[group].replace(with: height, where: closer)
        lengths.start[group].replace(with: length, where: closer)
        sources.start[group].replace(with: Int64(current), where: closer)
        let bound = nearest[group] * (1 + 1e-12)
        reaches.start[group].replace(with: bound * bound, where: closer)
    }
}
