/// Indices of how far apart clusters are for their width. Noise counts for nobody. Both follow scikit-learn where a division by 0 is asked for.
package enum Separation {
    /// Calinski and Harabasz (1974): sum of squares between over that within, each by its degrees of freedom. More is better; 1 where there is
    /// nothing within. Nil without two clusters, or where every row is one.
    package static func calinskiHarabasz(_ data: Matrix, _ labels: [Int]) throws(ClusteringFailure) -> Double? {
        guard let (members, centroids, count) = try clusters(data, labels) else { return nil }
        let centre = data.mean(of: members.flatMap(\.rows).sorted())
        var between = 0.0
        for (place, cluster) in members.enumerated() {
            between += Double(cluster.rows.count) * centroids.squaredDistance(place, to: centre)
        }
        let within = within(data, members, centroids)
        guard within > 0 else { return 1 }
        return between * Double(count - members.count) / (within * Double(members.count - 1))
    }

    /// Davies and Bouldin (1979): the mean over clusters of the worst ratio of two clusters' mean radii to the distance of their centroids. Less is
    /// better; 0 where radii are 0. Nil as above.
    package static func daviesBouldin(_ data: Matrix, _ labels: [Int]) throws(ClusteringFailure) -> Double? {
        guard let (members, centroids, _) = try clusters(data, labels) else { return nil }
        let radii = members.enumerated().map { place, cluster in
            let centre = centroids.row(place)
            return cluster.rows.reduce(0.0) { $0 + data.squaredDistance($1, to: centre).squareRoot() } / Double(cluster.rows.count)
        }
        var sum = 0.0
        for one in members.indices {
            var worst = 0.0
            for other in members.indices where other != one {
                let distance = centroids.squaredDistance(other, to: centroids.row(one)).squareRoot()
                if distance > 0 { worst = max(worst, (radii[one] + radii[other]) / distance) }
            }
            sum += worst
        }
        return sum / Double(members.count)
    }

    /// The sum of squared distances of rows from the mean of their cluster.
    package static func withinSquares(_ data: Matrix, _ labels: [Int]) throws(ClusteringFailure) -> Double {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        return within(data, Partition.members(labels), Partition.centroids(data, labels))
    }

    private static func within(_ data: Matrix, _ members: [(label: Int, rows: [Int])], _ centroids: Matrix) -> Double {
        var sum = 0.0
        for (place, cluster) in members.enumerated() {
            let centre = centroids.row(place)
            for row in cluster.rows { sum += data.squaredDistance(row, to: centre) }
        }
        return sum
    }

    private static func clusters(
        _ data: Matrix, _ labels: [Int]
    ) throws(ClusteringFailure) -> (members: [(label: Int, rows: [Int])], centroids: Matrix, count: Int)? {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        let members = Partition.members(labels)
        let count = members.reduce(0) { $0 + $1.rows.count }
        guard members.count > 1, members.count < count else { return nil }
        return (members, Partition.centroids(data, labels), count)
    }
}
