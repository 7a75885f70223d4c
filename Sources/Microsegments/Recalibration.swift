package import Attributes
package import Clustering
package import FEEL
import Records
package import Values

/// New clusters of a scheme's population: found, tried, named after the former ones and frozen into a model. Rare and gated, apart from assignment,
/// which is often and uses the frozen model.
///
/// The same rows give the same bytes, in whatever order they come: they are put into the order of their keys first.
package struct Recalibration: Sendable {
    package let scheme: String
    package let asOf: Instant
    package let plan: ClusterPlan
    /// Keys of those who were clustered, in order, and the label of each; -1 is noise.
    package let keys: [String]
    package let labels: [Int]
    /// How many the gate left out.
    package let excluded: Int
    /// Attributes that were missing, and counted as the centre of their column.
    package let missing: Int
    /// The evidence for each number of clusters; nil where the method finds its own.
    package let count: ClusterCount?
    package let merges: [GranularityFloor.Merge]
    /// Mean silhouette; nil where it cannot be said.
    package let silhouette: Double?
    package let stability: ClusterStability
    package let sensitivity: OutlierSensitivity
    package let identity: ClusterIdentity
    package let surrogate: SurrogateTree
    package let contrasts: [ClusterContrast]
    package let service: ServiceHistoryTest?
    /// What the members of each cluster are worth, in the order of the model.
    package let values: [ExactDecimal]
    package let model: ClusterModel

    /// Whether the clusters come again when the rows are drawn anew, so that the model may be written.
    package var verdict: ClusterStability.Verdict {
        stability.verdict(ClusterStability.Thresholds(publish: plan.minimumJaccard, strong: max(plan.minimumJaccard, 0.85)))
    }

    /// Whether the clusters do not come again, so that the former model stays.
    package var isHeld: Bool { verdict == .hold }

    /// One line for people.
    package var text: String {
        "\(keys.count) entities in \(model.clusters.count) clusters: " + model.clusters.map { "\($0.name) \($0.members)" }.joined(separator: ", ")
            + "; stability: \(verdict.rawValue)"
    }

    /// What was found, for programs.
    package var value: Value {
        .context(ContextValue([
            ("scheme", .string(scheme)), ("asOf", .string(asOf.description)), ("verdict", .string(verdict.rawValue)), ("entities", .integer(keys.count)),
            ("clusters", .list(zip(model.clusters, stability.clusters).map { cluster, tried in
                .context(ContextValue([
                    ("name", .string(cluster.name)), ("members", .integer(cluster.members)),
                    ("jaccard", ExactDecimal(tried.meanJaccard, scale: 4).map(Value.number) ?? .null),
                ]))
            })),
        ]))
    }

    /// Above this number of rows the gap statistic, which makes a hierarchy of each reference, is left out.
    private static let gapRowsMax = 5_000

    /// - Parameters:
    ///   - rows: the population with its attributes.
    ///   - workers: how work is shared; the answer does not depend on it.
    package init(
        _ scheme: Scheme, _ plan: ClusterPlan, rows: [AttributeRow], context: EvaluationContext, workers: Workers = .alone
    ) throws {
        let population = try ClusterPopulation(plan, rows, context: context)
        let raw = population.raw
        let preparation = try Preparation(
            fitting: raw,
            plan.columns.map { Preparation.Request($0.name, scaling: plan.scaling, logarithm: $0.logarithm, weight: $0.weight) })
        let (data, missing) = try preparation.apply(raw)
        let worths = population.rows.map { scheme.worth($0.values) }
        let finder = ClusterFinder(plan: plan, floor: GranularityFloor(
            membersMin: scheme.granularity.minimumMembers ?? 1, clustersMax: plan.counts.upperBound), workers: workers)
        let count = plan.method == .hdbscan ? nil : try ClusterCount(
            data, candidates: plan.counts, maximumActions: plan.counts.upperBound,
            means: KMeans(clusters: plan.counts.lowerBound, seed: plan.seed, restarts: plan.restarts),
            gap: data.rows <= Self.gapRowsMax ? GapStatistic(seed: plan.seed) : nil, workers: workers)
        let chosen = count?.chosen ?? plan.counts.lowerBound
        let (labels, merges) = try finder.find(data, clusters: chosen)
        silhouette = try Silhouette.mean(data, labels, seed: plan.seed)
        // A closure that throws this room's failures alone cannot be inferred.
        let again: (Matrix) throws(ClusteringFailure) -> [Int] = { data throws(ClusteringFailure) in try finder.find(data, clusters: chosen).labels }
        stability = try ClusterStability(data, labels, resamples: plan.resamples, seed: plan.seed, clustering: again)
        sensitivity = try OutlierSensitivity(data, clustering: again)
        let members = Partition.members(labels)
        let new = members.map { ClusterIdentity.Cluster(name: "\($0.label)", members: Set($0.rows.map { population.keys[$0] })) }
        identity = try ClusterIdentity(old: population.formerClusters(plan.model), new: new, nextNumber: plan.model?.nextNumber ?? 1)
        model = try ClusterModel(
            algorithm: plan.method, seed: plan.seed, preparation: preparation, data: data, labels: labels, names: identity.names,
            nextNumber: identity.nextNumber)
        let filled = try preparation.filled(raw)
        surrogate = try SurrogateTree(filled, labels)
        contrasts = try ClusterContrast.all(filled, labels)
        service = try plan.outcome.map { outcome in
            // Of those whose outcome is known.
            let known = zip(labels, population.rows).compactMap { label, row in ClusterPlan.number(row.values[outcome.slot]).map { (label: label, outcome: $0) } }
            return try ServiceHistoryTest(known.map(\.label), outcomes: known.map(\.outcome), seed: plan.seed)
        }
        values = try members.map { try $0.rows.reduce(ExactDecimal.zero) { try $0.adding(worths[$1]) } }
        self.scheme = scheme.name
        self.plan = plan
        asOf = context.now
        keys = population.keys
        self.labels = labels
        excluded = population.excluded
        self.missing = missing
        self.count = count
        self.merges = merges
    }
}

/// Who is clustered, in the order of keys.
private struct ClusterPopulation {
    let keys: [String]
    let rows: [AttributeRow]
    let raw: [[Double?]]
    let excluded: Int

    init(_ plan: ClusterPlan, _ all: [AttributeRow], context: EvaluationContext) throws {
        let admitted = try all.filter { try plan.admits($0.values, context: context) }
        rows = try KeyedRows.order(of: admitted.map(\.entity.description)).map { admitted[$0] }
        keys = rows.map(\.entity.description)
        raw = rows.map { plan.numbers($0.values) }
        excluded = all.count - rows.count
    }

    /// Where the former model places them, by its names; without a model nobody.
    func formerClusters(_ model: ClusterModel?) throws(ClusteringFailure) -> [ClusterIdentity.Cluster] {
        guard let model else { return [] }
        var members = [String: Set<String>](uniqueKeysWithValues: model.clusters.map { ($0.name, []) })
        for (key, numbers) in zip(keys, raw) {
            if let name = try model.place(numbers).cluster { members[name]?.insert(key) }
        }
        return model.clusters.map { ClusterIdentity.Cluster(name: $0.name, members: members[$0.name] ?? []) }
    }
}

/// The method of a scheme, with its floors.
private struct ClusterFinder {
    let plan: ClusterPlan
    let floor: GranularityFloor
    let workers: Workers

    func find(_ data: Matrix, clusters: Int) throws(ClusteringFailure) -> (labels: [Int], merges: [GranularityFloor.Merge]) {
        // Rows are in the order of keys, so clusters are numbered by their lowest keys.
        let (labels, merges) = try floor.apply(data, Partition.numberedByFirst(raw(data, clusters)))
        return (Partition.numberedByFirst(labels), merges)
    }

    private func raw(_ data: Matrix, _ clusters: Int) throws(ClusteringFailure) -> [Int] {
        switch plan.method {
        case .kMeans: return try KMeans(clusters: clusters, seed: plan.seed, restarts: plan.restarts).fit(data, workers: workers).labels
        case .miniBatch: return try MiniBatchKMeans(clusters: clusters, seed: plan.seed).fit(data).labels
        case .ward: return try Linkage.ward.tree(of: data).cut(clusters: clusters)
        case .average: return try Linkage.average.tree(of: data).cut(clusters: clusters)
        case .complete: return try Linkage.complete.tree(of: data).cut(clusters: clusters)
        case .single: return try Linkage.single.tree(of: data).cut(clusters: clusters)
        case .hdbscan: return try HDBSCAN(membersMin: max(5, floor.membersMin)).fit(data).labels
        }
    }
}
