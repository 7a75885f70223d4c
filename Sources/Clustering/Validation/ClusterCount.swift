/// How many clusters: the evidence for each number, and which is taken.
package struct ClusterCount: Hashable, Sendable {
    /// The evidence for one number. What cannot be said is nil: an index of one cluster, a gap of more rows than ``GapStatistic`` takes.
    package struct Evidence: Hashable, Sendable {
        package let clusters: Int
        package let inertia: Double
        package let silhouette: Double?
        package let calinskiHarabasz: Double?
        package let daviesBouldin: Double?
        package let gap: Double?
        package let gapDeviation: Double?
    }

    /// One row a candidate, ascending.
    package let evidence: [Evidence]
    /// What each method would take, under the cap.
    package let bySilhouette: Int?
    package let byCalinskiHarabasz: Int?
    /// By the rule of one standard error.
    package let byGap: Int?
    /// The number that most of the three would take; of equally many votes the lowest.
    package let chosen: Int

    /// Weighs candidates for k-means by `means`, whose own number of clusters is not asked. No more clusters than `maximumActions` are weighed, as a
    /// group that nobody treats in a way of its own is of no use; and no more than rows.
    package init(
        _ data: Matrix, candidates: ClosedRange<Int>, maximumActions: Int, means: KMeans, gap: GapStatistic? = GapStatistic(),
        workers: Workers = .alone
    ) throws(ClusteringFailure) {
        _ = try data.checked()
        try Check.count("candidates", candidates.lowerBound, atLeast: 1)
        try Check.count("maximumActions", maximumActions, atLeast: candidates.lowerBound)
        let last = min(candidates.upperBound, maximumActions, data.rows), first = min(candidates.lowerBound, last)
        // One more than the last, as the rule compares with the next.
        let gaps = data.rows <= GapStatistic.rowsMax ? try gap?.evidence(data, upTo: last + 1) ?? [] : []
        var evidence: [Evidence] = []
        for clusters in first...last {
            var means = means
            means.clusters = clusters
            let found = try means.fit(data, workers: workers)
            let gapOf = clusters <= gaps.count ? gaps[clusters - 1] : nil
            evidence.append(Evidence(
                clusters: clusters, inertia: found.inertia, silhouette: try Silhouette.mean(data, found.labels, seed: means.seed),
                calinskiHarabasz: try Separation.calinskiHarabasz(data, found.labels),
                daviesBouldin: try Separation.daviesBouldin(data, found.labels), gap: gapOf?.gap, gapDeviation: gapOf?.deviation))
        }
        self.evidence = evidence
        bySilhouette = Self.greatest(evidence) { $0.silhouette }
        byCalinskiHarabasz = Self.greatest(evidence) { $0.calinskiHarabasz }
        byGap = GapStatistic.choice(gaps.filter { $0.clusters >= first }).map { min($0, last) }
        let votes = [bySilhouette, byCalinskiHarabasz, byGap].compactMap { $0 }
        chosen = (first...last).max { one, other in
            let counts = (votes.count { $0 == one }, votes.count { $0 == other })
            return counts.0 < counts.1 || (counts.0 == counts.1 && one > other)
        } ?? first
    }

    /// The number of the greatest index, the lowest of equal ones.
    private static func greatest(_ evidence: [Evidence], by index: (Evidence) -> Double?) -> Int? {
        var best: (clusters: Int, index: Double)?
        for candidate in evidence {
            guard let found = index(candidate) else { continue }
            if best.map({ found > $0.index }) ?? true { best = (candidate.clusters, found) }
        }
        return best?.clusters
    }
}
