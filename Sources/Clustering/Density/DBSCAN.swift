/// Clusters of rows that are dense enough, and noise (Ester, Kriegel, Sander, Xu 1996). Time goes with the square of the rows, memory with the rows.
package struct DBSCAN: Hashable, Sendable {
    /// Rows no farther than this are neighbours.
    package var radius: Double
    /// With so many neighbours a row is a core.
    package var neighboursMin: Int
    package var counting: NeighbourCount
    /// Most rows: a minute.
    package static let rowsMax = 100_000

    package init(radius: Double, neighboursMin: Int, counting: NeighbourCount = .withItself) {
        self.radius = radius
        self.neighboursMin = neighboursMin
        self.counting = counting
    }

    /// A label a row, in the order in which clusters have their first core; ``Partition/noise`` for the rest. A row at the rim of several goes to the first.
    package func fit(_ data: Matrix) throws(ClusteringFailure) -> [Int] {
        _ = try data.checked()
        guard radius > 0, radius.isFinite else { throw .setting(name: "radius", found: "\(radius)", allowed: "above 0") }
        try Check.count("neighboursMin", neighboursMin, atLeast: 1)
        guard data.rows <= Self.rowsMax else { throw .tooManyRows(method: "DBSCAN", found: data.rows, limit: Self.rowsMax) }
        let lanes = LaneRows(data), points = BlockMemory(data.values, else: 0)
        let wanted = counting.inclusive(neighboursMin)
        let core = (0..<data.rows).map { neighbours($0, lanes, points, data.columns).count >= wanted }
        var labels = [Int](repeating: Partition.noise, count: data.rows), clusters = 0
        for row in 0..<data.rows where core[row] && labels[row] == Partition.noise {
            labels[row] = clusters
            var waiting = [row]
            while let next = waiting.popLast() {
                for other in neighbours(next, lanes, points, data.columns) where labels[other] == Partition.noise {
                    labels[other] = clusters
                    if core[other] { waiting.append(other) }
                }
            }
            clusters += 1
        }
        return labels
    }

    private func neighbours(_ row: Int, _ lanes: LaneRows, _ points: BlockMemory<Double>, _ columns: Int) -> [Int] {
        // The root decides, as a square may round to the other side.
        let squared = SIMD8(repeating: radius * radius * (1 + 1e-12))
        var found: [Int] = []
        for group in 0..<lanes.groups {
            let distances = lanes.squaredDistances(group, points.start + row * columns)
            guard any(distances .<= squared) else { continue }
            for lane in 0..<LaneRows.width where distances[lane].squareRoot() <= radius { found.append(group * LaneRows.width + lane) }
        }
        return found
    }
}
