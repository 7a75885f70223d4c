import Statistics

/// What a recalibration made and every assignment uses until the next one: frozen, and printed so that it is read back bit for bit.
package struct ClusterModel: Hashable, Sendable {
    /// How the clusters were found.
    package enum Algorithm: String, Hashable, Sendable, CaseIterable {
        case kMeans, miniBatch, ward, average, complete, single, hdbscan
    }

    /// One cluster: its name, its centre in prepared numbers, and how far from it a new point may be.
    package struct Cluster: Hashable, Sendable {
        package let name: String
        package let centroid: [Double]
        /// Infinite where every point that is nearest is in.
        package let radius: Double
        package let members: Int

        package init(name: String, centroid: [Double], radius: Double, members: Int) {
            self.name = name
            self.centroid = centroid
            self.radius = radius
            self.members = members
        }
    }

    package let algorithm: Algorithm
    package let seed: UInt64
    /// Which generator the seed is for (``LCG64/name``).
    package let generator: String
    package let preparation: Preparation
    package let clusters: [Cluster]
    /// The number that the next cluster's name takes; names of clusters that died are not given again.
    package let nextNumber: Int

    /// At least one cluster and one column, centroids of the preparation's width, names of their own, radii of 0 or more.
    package init(
        algorithm: Algorithm, seed: UInt64, generator: String = LCG64.name, preparation: Preparation, clusters: [Cluster], nextNumber: Int = 1
    ) throws(ClusteringFailure) {
        guard !clusters.isEmpty else { throw .setting(name: "clusters", found: "0", allowed: "1 or more") }
        guard !preparation.columns.isEmpty else { throw .noColumns }
        var names: Set<String> = [], columns: Set<String> = []
        for column in preparation.columns where !columns.insert(column.name).inserted { throw .doubledKey(column.name) }
        for cluster in clusters {
            guard cluster.centroid.count == preparation.columns.count else {
                throw .count(of: "numbers in a centroid", expected: preparation.columns.count, found: cluster.centroid.count)
            }
            guard cluster.centroid.allSatisfy({ $0.magnitude <= Matrix.magnitudeMax }), cluster.radius >= 0 else {
                throw .setting(name: "cluster \(cluster.name)", found: "a centroid or radius that is no number", allowed: "finite centroids, radii of 0 or more")
            }
            guard names.insert(cluster.name).inserted else { throw .doubledKey(cluster.name) }
        }
        self.algorithm = algorithm
        self.seed = seed
        self.generator = generator
        self.preparation = preparation
        self.clusters = clusters
        self.nextNumber = nextNumber
    }

    /// Freezes a partition of prepared rows. A cluster's radius is the quantile (type 7) of its members' distances to the centroid, times `factor`.
    /// Noise makes no cluster. Names are in the order of labels.
    package init(
        algorithm: Algorithm, seed: UInt64, preparation: Preparation, data: Matrix, labels: [Int], names: [String],
        nextNumber: Int = 1, quantile: Double = 0.95, factor: Double = 1.5
    ) throws(ClusteringFailure) {
        _ = try data.checked()
        try Check.labels(labels, rows: data.rows)
        guard quantile >= 0, quantile <= 1, factor > 0, factor.isFinite else {
            throw .setting(name: "the radius", found: "quantile \(quantile), factor \(factor)", allowed: "a quantile of 0 to 1, a factor above 0")
        }
        let members = Partition.members(labels)
        guard names.count == members.count else { throw .count(of: "names of clusters", expected: members.count, found: names.count) }
        let clusters = zip(names, members).map { name, cluster in
            let centroid = data.mean(of: cluster.rows)
            let distances = OrderedSample(cluster.rows.map { data.squaredDistance($0, to: centroid).squareRoot() })
            return Cluster(
                name: name, centroid: centroid, radius: (distances?.quantile(quantile) ?? 0) * factor, members: cluster.rows.count)
        }
        try self.init(algorithm: algorithm, seed: seed, preparation: preparation, clusters: clusters, nextNumber: nextNumber)
    }

    /// The centroid of each cluster in the units of the attributes.
    package var originalCentroids: [[Double]] { clusters.map { preparation.original($0.centroid) } }
}
