/// The minimum spanning tree over all rows by Prim's method from row 0: memory in proportion to rows, time to their square.
enum SpanningTree {
    /// Edges in the order in which rows joined. A distance counts as no less than the floor of either row (the mutual reachability distance of HDBSCAN,
    /// where floors are core distances). Of equally near rows the lowest joins first; it hangs on the row that came so near first.
    static func edges(_ data: Matrix, floors: [Double]?) -> [(one: Int, other: Int, height: Double)] {
        let lanes = LaneRows(data), width = LaneRows.width
        let nearest = BlockMemory(lanes.groups, SIMD8<Double>(repeating: .infinity))
        let sources = BlockMemory(lanes.groups, SIMD8<Int64>())
        // Rows in the tree, and places without row, are infinitely far.
        let outside = BlockMemory(lanes.groups, SIMD8<Double>(repeating: .infinity))
        let squaredFloors = BlockMemory(lanes.groups, SIMD8<Double>())
        for row in 0..<data.rows {
            outside.start[row / width][row % width] = 0
            if let floors { squaredFloors.start[row / width][row % width] = floors[row] * floors[row] }
        }
        let points = BlockMemory(data.values, else: 0)
        var edges: [(one: Int, other: Int, height: Double)] = [], current = 0
        for _ in 1..<max(data.rows, 1) {
            outside.start[current / width][current % width] = .infinity
            let floor = SIMD8(repeating: squaredFloors[current / width][current % width])
            var best = SIMD8<Double>(repeating: .infinity), at = SIMD8<Int64>()
            for group in 0..<lanes.groups {
                var found = lanes.squaredDistances(group, points.start + current * data.columns)
                found.replace(with: floor, where: found .< floor)
                found.replace(with: squaredFloors[group], where: found .< squaredFloors[group])
                var near = nearest[group]
                let closer = found .< near
                if any(closer) {
                    near.replace(with: found, where: closer)
                    nearest[group] = near
                    sources.start[group].replace(with: Int64(current), where: closer)
                }
                near += outside[group]
                let better = near .< best
                best.replace(with: near, where: better)
                at.replace(with: Int64(group), where: better)
            }
            var least = Double.infinity, next = -1
            for lane in 0..<width {
                let row = Int(at[lane]) * width + lane
                if best[lane] < least || (best[lane] == least && row < next) { (least, next) = (best[lane], row) }
            }
            edges.append((Int(sources[next / width][next % width]), next, least.squareRoot()))
            current = next
        }
        return edges
    }
}
