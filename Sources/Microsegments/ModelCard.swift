import Clustering
package import Values

/// What a recalibration rests on and what it found, for the person who approves it.
package struct ModelCard: Sendable {
    private typealias Section = ReportPage.Section

    private let title: String
    private var sections: [Section] = []

    package init(_ recalibration: Recalibration) {
        title = "Clusters of \(recalibration.scheme)"
        sections = [
            Self.data(recalibration), Self.attributes(recalibration), Self.count(recalibration), Self.clusters(recalibration), Self.stability(recalibration),
            Self.sensitivity(recalibration), Self.identity(recalibration), Self.contrasts(recalibration), Self.rules(recalibration),
        ].compactMap { $0 } + (recalibration.service.map { [Self.service($0, recalibration)] } ?? [])
    }

    package var page: ReportPage { ReportPage(title: title, sections: sections) }

    // MARK: - Sections

    private static func data(_ made: Recalibration) -> Section {
        Section(
            title: "Data",
            sentences: [
                "As of \(made.asOf): \(made.keys.count) entities were clustered" + (made.excluded > 0 ? ", \(made.excluded) were left out by the gate" : "")
                    + (made.missing > 0 ? ". \(made.missing) values were missing and counted as the centre of their attribute" : "") + ".",
                "Method \(made.plan.method.rawValue), seed \(made.plan.seed) of the generator \(made.model.generator)"
                    + (made.plan.method == .kMeans ? ", the best of \(made.plan.restarts) restarts" : "") + ". The same entities with the same values give the same bytes.",
                "Distances are straight lines over prepared attributes; they assume that groups are round and that each attribute's weight is meant.",
            ])
    }

    private static func attributes(_ made: Recalibration) -> Section {
        Section(
            title: "Attributes", sentences: ["Scaling \(made.plan.scaling.rawValue). Values are clamped to the limits before all else."],
            header: ["attribute", "weight", "logarithm", "from", "to", "centre", "scale", "missing", "remark"],
            rows: made.model.preparation.columns.map { column in
                [
                    column.name, told(column.weight), column.logarithm ? "yes" : "no", told(column.low), told(column.high), told(column.centre), told(column.scale),
                    "\(column.missing)", column.constant ? "constant: it says nothing" : "",
                ]
            })
    }

    private static func count(_ made: Recalibration) -> Section? {
        guard let count = made.count else { return nil }
        func choice(_ number: Int?) -> String { number.map { "\($0)" } ?? "none" }
        return Section(
            title: "How many",
            sentences: [
                "\(count.chosen) were taken. Silhouette would take \(choice(count.bySilhouette)), Calinski-Harabasz \(choice(count.byCalinskiHarabasz)), the gap statistic \(choice(count.byGap))."
            ],
            header: ["clusters", "inertia", "silhouette", "Calinski-Harabasz", "Davies-Bouldin", "gap", "gap deviation"],
            rows: count.evidence.map { evidence in
                ["\(evidence.clusters)", told(evidence.inertia)]
                    + [evidence.silhouette, evidence.calinskiHarabasz, evidence.daviesBouldin, evidence.gap, evidence.gapDeviation].map { $0.map { told($0) } ?? "-" }
            })
    }

    private static func clusters(_ made: Recalibration) -> Section {
        let noise = made.labels.count { $0 == Partition.noise }
        return Section(
            title: "Clusters",
            sentences: ["Centres are in the attributes' own units. A new entity is in the cluster of the nearest centre within its radius, and else in none."]
                + (noise > 0 ? ["\(noise) entities are noise, in no cluster."] : [])
                + made.merges.map { "Cluster \($0.from) of the method went into \($0.into): \($0.reason.rawValue)." },
            header: ["cluster", "members", "share", "worth", "comes again (Jaccard)", "radius"] + made.plan.columns.map(\.name),
            rows: zip(made.model.clusters, made.model.originalCentroids).enumerated().map { place, pair in
                let (cluster, centre) = pair
                return [
                    cluster.name, "\(cluster.members)", told(100 * Double(cluster.members) / Double(max(made.keys.count, 1)), digits: 1) + " %", made.values[place].description,
                    told(made.stability.clusters[place].meanJaccard), told(cluster.radius),
                ] + centre.map { told($0) }
            })
    }

    private static func stability(_ made: Recalibration) -> Section {
        let worst = made.stability.clusters.map(\.meanJaccard).min() ?? .nan
        let verdict: String =
            switch made.verdict {
            case .strong: "strong"
            case .publish: "fit to be published"
            case .hold: "not stable: the former model stays"
            }
        return Section(
            title: "Stability",
            sentences: [
                "Drawn anew \(made.plan.resamples) times with replacement, the least stable cluster comes again with a Jaccard coefficient of \(told(worst)); at least \(told(made.plan.minimumJaccard)) is asked for. Verdict: \(verdict)."
            ])
    }

    private static func sensitivity(_ made: Recalibration) -> Section {
        Section(
            title: "Sensitivity to outliers", sentences: ["How far one extreme more, or the extremes less, change the partition of the rest (1 - adjusted Rand index)."],
            header: ["attribute", "change"], rows: made.sensitivity.attributes.map { [made.plan.columns[$0.column].name, told($0.drop)] })
    }

    private static func identity(_ made: Recalibration) -> Section {
        Section(
            title: "Since the former model",
            sentences: made.plan.model == nil ? ["There was none."] : made.identity.events.map { event in
                switch event {
                case .kept(let name, let likeness): "\(name) stays \(name) (Jaccard \(told(likeness)))."
                case .renamed(let old, let new, let likeness): "\(old) is followed by \(new), which is not near enough for its name (Jaccard \(told(likeness)))."
                case .born(let name): "\(name) is new."
                case .died(let name): "\(name) is no more."
                case .split(let name, let parts): "\(name) was split into \(parts.joined(separator: ", "))."
                case .merged(let names, let into): "\(names.joined(separator: ", ")) went into \(into)."
                }
            })
    }

    private static func contrasts(_ made: Recalibration) -> Section? {
        guard !made.contrasts.isEmpty else { return nil }
        return Section(
            title: "What is particular", sentences: ["Standardised differences of means, the greatest three of each cluster."],
            header: ["cluster", "attribute", "mean inside", "mean outside", "standardised"],
            rows: made.contrasts.flatMap { contrast in
                contrast.differences.prefix(3).map { [name(contrast.label, made), made.plan.columns[$0.column].name, told($0.inside), told($0.outside), told($0.standardised, digits: 2)] }
            })
    }

    private static func rules(_ made: Recalibration) -> Section {
        Section(
            title: "Nearly the same as rules",
            sentences: ["A tree of depth 3 says what the clusters say for \(told(100 * made.surrogate.fidelity, digits: 1)) % of the entities."],
            header: made.plan.columns.map(\.name) + ["cluster", "entities", "of them right"],
            rows: made.surrogate.rules.map { $0.cells + [name($0.label, made), "\($0.rows)", "\($0.right)"] })
    }

    private static func service(_ test: ServiceHistoryTest, _ made: Recalibration) -> Section {
        Section(
            title: "Against what happened",
            sentences: [
                "Of the variance of \(made.plan.outcome?.name ?? "the outcome") \(told(100 * test.etaSquared, digits: 1)) % lies between clusters; clusters dealt by chance have as much with a probability of \(told(test.probability))."
            ],
            header: ["cluster", "mean", "over the mean of all"],
            rows: test.clusters.map { [name($0.label, made), told($0.mean), $0.lift.map { told($0, digits: 2) } ?? "-"] })
    }

    /// The name of a label; noise is in no cluster.
    private static func name(_ label: Int, _ made: Recalibration) -> String {
        Partition.distinct(made.labels).firstIndex(of: label).map { made.identity.names[$0] } ?? "none"
    }

    /// A number for people.
    private static func told(_ number: Double, digits: Int = 4) -> String {
        ExactDecimal(number, scale: digits)?.description ?? (number.isNaN ? "-" : "no limit")
    }
}
