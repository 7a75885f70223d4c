extension ClusterModel {
    /// Where a point belongs, and why.
    package struct Placement: Hashable, Sendable {
        /// The place of the nearest cluster in the model, the first of equally near ones.
        package let nearest: Int
        /// Its name; nil for a point outside its radius, which is in no cluster.
        package let cluster: String?
        /// The distance to each cluster, in prepared numbers.
        package let distances: [Double]
        /// How many attributes were missing, and counted as their centre.
        package let missing: Int
        /// What would move it to the second nearest cluster; empty where there is only one.
        package let moves: [Move]
    }

    /// A change of one attribute alone after which a point is as near to another cluster as to its own.
    package struct Move: Hashable, Sendable {
        package let attribute: String
        /// Name of the second nearest cluster.
        package let toward: String
        /// What the attribute counts as now, in its own units: clamped, and the centre where it is missing.
        package let from: Double
        /// Where both are equally near. Nil where no value within the limits does it.
        package let to: Double?

        package init(attribute: String, toward: String, from: Double, to: Double?) {
            self.attribute = attribute
            self.toward = toward
            self.from = from
            self.to = to
        }
    }

    /// Places a point of raw attributes, in the order of the preparation's columns. A point that is as far as the radius is in.
    package func place(_ raw: [Double?]) throws(ClusteringFailure) -> Placement {
        let (prepared, missing) = try preparation.apply([raw])
        let data = try prepared.checked()
        let point = data.row(0)
        let distances = clusters.map { data.squaredDistance(0, to: $0.centroid).squareRoot() }
        let nearest = distances.indices.reduce(0) { distances[$1] < distances[$0] ? $1 : $0 }
        let second = distances.indices.filter { $0 != nearest }.min { (distances[$0], $0) < (distances[$1], $1) }
        return Placement(
            nearest: nearest, cluster: distances[nearest] <= clusters[nearest].radius ? clusters[nearest].name : nil, distances: distances,
            missing: missing, moves: second.map { moves(point, distances, from: nearest, to: $0) } ?? [])
    }

    /// The boundary between two centroids is a plane; along one attribute it is met at one place at most.
    private func moves(_ point: [Double], _ distances: [Double], from nearest: Int, to second: Int) -> [Move] {
        let here = clusters[nearest].centroid, there = clusters[second].centroid
        let lead = distances[second] * distances[second] - distances[nearest] * distances[nearest]
        return preparation.columns.enumerated().map { place, column in
            let way = there[place] - here[place]
            var to: Double?
            if way != 0, column.weight > 0 {
                let value = column.original(point[place] + lead / (2 * way))
                if value.isFinite, value >= column.low, value <= column.high { to = value }
            }
            return Move(attribute: column.name, toward: clusters[second].name, from: column.original(point[place]), to: to)
        }
    }
}
