import Clustering
import Values

/// The group `cluster`: methods, indices, stability and identity of clusters. Weights of columns are in `WeightCases`.
enum ClusterCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "kmeans_lloyd_fixed_init": means,
        "kmeans_weighted": means,
        "kmeanspp_d2": seedChances,
        "minibatch_step": batchStep,
        "ward_linkage": { (given) throws(CaseFailure) in try hierarchy(given, .ward) },
        "linkage_average": { (given) throws(CaseFailure) in try hierarchy(given, .average) },
        "linkage_complete": { (given) throws(CaseFailure) in try hierarchy(given, .complete) },
        "linkage_single": { (given) throws(CaseFailure) in try hierarchy(given, .single) },
        "silhouette": silhouette,
        "calinski_harabasz": calinskiHarabasz,
        "davies_bouldin": daviesBouldin,
        "gap_statistic": gap,
        "ari_ami_nmi": agreement,
        "identity_match_hungarian": identity,
        "hungarian_cost": matching,
        "bootstrap_jaccard": bootstrap,
        "hdbscan_14": { (given) throws(CaseFailure) in try hierarchicalDensity(given, .withItself, .inOrder) },
        "hdbscan_lib_14": { (given) throws(CaseFailure) in try hierarchicalDensity(given, .withoutItself, .nearest) },
        "dbscan_14": density,
        "outlier_sensitivity": outlier,
    ]

    // MARK: Inputs

    private static func matrix(_ given: OracleCase, _ name: String = "points") throws(CaseFailure) -> Matrix {
        let rows = try given.inputs.matrix(name)
        guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else { throw CaseFailure("`\(name)` has no rows of one width") }
        return Matrix(rows)
    }

    private static func rows(_ given: OracleCase, _ name: String, of data: Matrix) throws(CaseFailure) -> [Int] {
        let rows = try given.inputs.integers(name)
        guard rows.allSatisfy((0..<data.rows).contains) else { throw CaseFailure("`\(name)` names a row that is not there") }
        return rows
    }

    /// From 0 on, so that none of them means noise, in the order of the names.
    private static func labels(_ given: OracleCase) throws(CaseFailure) -> (labels: [Int], names: [Int]) {
        let labels = try given.inputs.integers("labels"), names = Set(labels).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        return (labels.compactMap { places[$0] }, names)
    }

    private static func integer(_ given: OracleCase, _ name: String, default standard: Int) throws(CaseFailure) -> Int {
        given.inputs.has(name) ? try given.inputs.integer(name) : standard
    }

    private static func seed(_ given: OracleCase) throws(CaseFailure) -> UInt64 {
        guard let seed = UInt64(exactly: try given.inputs.integer("seed")) else { throw CaseFailure("the seed is negative") }
        return seed
    }

    private static func told<T>(_ work: () throws(ClusteringFailure) -> T) throws(CaseFailure) -> T {
        do throws(ClusteringFailure) { return try work() } catch { throw CaseFailure(error.description) }
    }

    // MARK: Centroids

    private static func means(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), centres = data.selecting(try rows(given, "init_rows", of: data))
        let weights = given.inputs.has("w") ? try given.inputs.numbers("w") : nil
        let found = try told { () throws(ClusteringFailure) in try KMeans.refine(data, from: centres, weights: weights) }
        return .object(["labels": .partition(found.labels), "centers": rows(found.centroids), "inertia": .number(found.inertia)])
    }

    private static func rows(_ matrix: Matrix) -> Answer { .rows((0..<matrix.rows).map(matrix.row)) }

    private static func seedChances(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), first = try given.inputs.integer("first")
        return .object(["prob": .numbers(try told { () throws(ClusteringFailure) in try KMeans.seedChances(data, after: [first]) })])
    }

    private static func batchStep(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given)
        var centres = try matrix(given, "centers"), counts = [Double](repeating: 0, count: centres.rows)
        try told { () throws(ClusteringFailure) in try MiniBatchKMeans.step(data, centroids: &centres, counts: &counts) }
        return .object(["centers": rows(centres), "counts": .numbers(counts)])
    }

    // MARK: Hierarchies and density

    /// Heights, and `cut_kN` for each N up to the number of rows.
    private static func hierarchy(_ given: OracleCase, _ linkage: Linkage) throws(CaseFailure) -> Answer {
        let data = try matrix(given), tree = try told { () throws(ClusteringFailure) in try linkage.tree(of: data) }
        var answers = ["heights": Answer.numbers(tree.merges.map(\.height))]
        for clusters in 1...data.rows { answers["cut_k\(clusters)"] = .partition(tree.cut(clusters: clusters)) }
        return .object(answers)
    }

    /// The case's name has no settings, and its inputs have none either: both are 3 in the libraries' calls.
    private static func hierarchicalDensity(_ given: OracleCase, _ counting: NeighbourCount, _ ties: HDBSCAN.Ties) throws(CaseFailure) -> Answer {
        let data = try matrix(given)
        let method = HDBSCAN(
            membersMin: try integer(given, "min_cluster_size", default: 3), neighboursMin: try integer(given, "min_samples", default: 3), counting: counting,
            ties: ties)
        let found = try told { () throws(ClusteringFailure) in try method.fit(data) }
        return .object(["labels": .partition(found.labels, kept: [Partition.noise]), "probabilities": .numbers(found.probabilities)])
    }

    /// A radius of 1.5 and 3 neighbours in the library's call.
    private static func density(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given)
        let method = DBSCAN(radius: try given.inputs.number("eps", default: 1.5), neighboursMin: try integer(given, "min_samples", default: 3))
        let found = try told { () throws(ClusteringFailure) in try method.fit(data) }
        return .object(["labels": .partition(found, kept: [Partition.noise])])
    }

    // MARK: Indices

    private static func silhouette(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), labels = try labels(given).labels
        let samples = try told { () throws(ClusteringFailure) in try Silhouette.samples(data, labels) }
        let mean = try told { () throws(ClusteringFailure) in try Silhouette.mean(data, labels, sampleMax: max(data.rows, 2)) }
        return .object(["samples": samples.map(Answer.numbers) ?? .none, "mean": .optional(mean)])
    }

    private static func calinskiHarabasz(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), labels = try labels(given).labels
        return .object(["ch": .optional(try told { () throws(ClusteringFailure) in try Separation.calinskiHarabasz(data, labels) })])
    }

    private static func daviesBouldin(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), labels = try labels(given).labels
        return .object(["db": .optional(try told { () throws(ClusteringFailure) in try Separation.daviesBouldin(data, labels) })])
    }

    /// The numbers of clusters are those that something is expected of. Where the rule holds of none, the last one may be meant, or none.
    private static func gap(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), statistic = GapStatistic(references: try given.inputs.integer("B"), seed: try seed(given))
        guard case .context(let expected)? = given.expected["per_k"], let last = expected.names.compactMap({ Int($0) }).max() else {
            throw CaseFailure("nothing is expected of any number of clusters")
        }
        let evidence = try told { () throws(ClusteringFailure) in try statistic.evidence(data, upTo: last) }
        let each = evidence.map {
            ("\($0.clusters)", Answer.object(["log_wk": .number($0.logWithin), "gap": .number($0.gap), "s": .number($0.deviation)]))
        }
        return .object([
            "per_k": .object(Dictionary(uniqueKeysWithValues: each)),
            "chosen_k": GapStatistic.choice(evidence).map(Answer.integer) ?? .either([.none, .integer(last)]),
        ])
    }

    private static func agreement(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let one = try given.inputs.integers("a"), other = try given.inputs.integers("b")
        let found = try told { () throws(ClusteringFailure) in try Agreement(one, other) }
        return .object([
            "ari": .number(found.adjustedRand), "ami": .number(found.adjustedInformation), "nmi": .number(found.normalizedInformation),
            "v": .number(found.vMeasure), "rand": .number(found.rand),
        ])
    }

    // MARK: Stability and identity

    /// Old clusters are rows, new ones columns, as they are written. Every pair of the best matching counts, near or not.
    private static func identity(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let old = try clusters(given, "old"), new = try clusters(given, "new")
        let found = try told { () throws(ClusteringFailure) in try ClusterIdentity(old: old, new: new) }
        let costs = Matrix(rows: old.count, columns: new.count, values: found.jaccard.values.map { 1 - $0 })
        let pairs = try told { () throws(ClusteringFailure) in try MinimumCostMatching(costs) }.columns
        var names: [String: Answer] = [:], likenesses: [Double] = []
        for (row, column) in pairs.enumerated() {
            guard let column else { continue }
            guard found.pairs[column] == row || found.jaccard[row, column] == 0 else { throw CaseFailure("the identity is not the matching's") }
            names[new[column].name] = .text(old[row].name)
            likenesses.append(found.jaccard[row, column])
        }
        return .object(["jaccard": rows(found.jaccard), "map": .object(names, isWhole: true), "matched_jaccard": .numbers(likenesses)])
    }

    private static func clusters(_ given: OracleCase, _ name: String) throws(CaseFailure) -> [ClusterIdentity.Cluster] {
        guard case .context(let entries) = try given.inputs.value(name) else { throw CaseFailure("the input `\(name)` is no object") }
        var clusters: [ClusterIdentity.Cluster] = []
        for entry in entries.entries {
            guard case .list(let members) = entry.value else { throw CaseFailure("`\(name).\(entry.name)` is no list") }
            clusters.append(ClusterIdentity.Cluster(name: entry.name, members: Set(members.map(\.text))))
        }
        return clusters
    }

    private static func matching(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let costs = try matrix(given, "cost"), found = try told { () throws(ClusteringFailure) in try MinimumCostMatching(costs) }
        return .object(["cols": .integers(found.columns.compactMap { $0 }), "total": .number(found.total)])
    }

    /// Each resample is cut to as many clusters of Ward's hierarchy as there are labels.
    private static func bootstrap(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), (labels, names) = try labels(given), resamples = try given.inputs.integer("B"), seed = try seed(given)
        let found = try told { () throws(ClusteringFailure) in
            try ClusterStability(data, labels, resamples: resamples, seed: seed) { drawn throws(ClusteringFailure) in
                try Linkage.ward.tree(of: drawn).cut(clusters: names.count)
            }
        }
        var means: [String: Answer] = [:], counts: [String: Answer] = [:]
        for cluster in found.clusters {
            let name = "\(names[cluster.label])"
            means[name] = cluster.resamples > 0 ? Answer.number(cluster.meanJaccard) : Answer.none
            counts[name] = .integer(cluster.resamples)
        }
        return .object(["mean_jaccard": .object(means), "n": .object(counts)])
    }

    private static func outlier(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let data = try matrix(given), outlier = try given.inputs.numbers("outlier")
        guard outlier.count == data.columns else { throw CaseFailure("`outlier` is of another width than `points`") }
        let centres = data.selecting(try rows(given, "init_rows", of: data))
        let clustering = { (rows: Matrix) throws(ClusteringFailure) in try KMeans.refine(rows, from: centres).labels }
        let labels = try told { () throws(ClusteringFailure) in try clustering(data.appending(outlier)) }
        let agreement = try told { () throws(ClusteringFailure) in
            try OutlierSensitivity.agreement(data, clustering(data), adding: outlier, clustering: clustering)
        }
        return .object(["labels": .partition(labels), "ari_vs_clean": .number(agreement)])
    }
}
