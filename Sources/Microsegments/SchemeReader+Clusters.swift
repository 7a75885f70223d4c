import Attributes
import Clustering
package import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Values

extension SchemeReader {
    /// Where the frozen model of a scheme lies: beside its file.
    package static func clusterPath(_ root: ConfigurationNode) -> String? {
        guard root["clusters"] != nil, let file = root.position.file else { return nil }
        return (file.hasSuffix(".yaml") ? String(file.dropLast(5)) : file) + ".clusters.jsonl"
    }

    static func clusters(
        _ root: ConfigurationNode, _ plan: AttributePlan, _ models: [String: [UInt8]]
    ) -> (plan: ClusterPlan?, diagnostics: [Diagnostic]) {
        guard let node = root["clusters"], let path = clusterPath(root) else { return (nil, []) }
        var reader = ClusterReader(plan: plan, path: path)
        let read = reader.read(node, model: models[path])
        return (read, reader.findings)
    }

    /// Clusters that the rules ask for and the model does not have, and those of the model that no rule asks for.
    static func clusterFindings(_ table: CompiledTable, _ clusters: ClusterPlan, _ root: ConfigurationNode) -> [Diagnostic] {
        guard let model = clusters.model else { return [] }
        let names = model.clusters.map(\.name), layout = Layout([(ClusterPlan.ruleName, .string)])
        var findings: [Diagnostic] = [], asked: Set<String> = []
        for (column, input) in table.table.inputs.enumerated() where input.header.text == ClusterPlan.ruleName {
            for rule in table.table.rules {
                let cell = rule.inputs[column]
                let terms = FEEL.unaryTests(cell.text, input: .string, layout: layout, at: cell.origin).product?.constraint?.terms ?? []
                for case .value(.string(let name)) in terms {
                    asked.insert(name)
                    if names.contains(name) { continue }
                    findings.append(Diagnostic(
                        .schemeClusters, .warning, "the model has no cluster \(name)", at: cell.position, hint: "it has \(names.joined(separator: ", "))"))
                }
            }
        }
        for name in names where !asked.contains(name) {
            findings.append((root["rules"] ?? root).diagnostic(
                .schemeClusters, "no rule asks for cluster \(name); its members are where the other rules put them", severity: .warning,
                hint: "add a row for it, or leave it so"))
        }
        return findings
    }

    /// The names that rules may use: the attributes and, of a scheme with clusters, the cluster.
    static func ruleLayout(_ plan: AttributePlan, hasClusters: Bool) -> Layout {
        guard hasClusters else { return plan.layout }
        return Layout(zip(plan.layout.names, plan.layout.types).map { ($0, $1) } + [(ClusterPlan.ruleName, .string)])
    }
}

/// Reads how a scheme finds clusters.
struct ClusterReader {
    let plan: AttributePlan
    let path: String
    private(set) var findings: [Diagnostic] = []

    init(plan: AttributePlan, path: String) {
        self.plan = plan
        self.path = path
    }

    /// - Parameter model: bytes of the frozen model; nil where there is none yet.
    mutating func read(_ node: ConfigurationNode, model: [UInt8]?) -> ClusterPlan? {
        let columns = node.entries("attributes").compactMap { column($0) }
        if plan.layout.slot(of: ClusterPlan.ruleName) != nil {
            refuse(node, "an attribute is called \(ClusterPlan.ruleName), as the cluster itself is", "rename the attribute")
        }
        guard let counts = counts(node), !columns.isEmpty || refuse(node, "no attribute is compared", "name some under attributes") else { return nil }
        let gate = gate(node["where"])
        let outcome = node["outcome"].flatMap { number(node.text("outcome"), at: $0) }.map {
            ClusterPlan.Column(slot: $0, name: plan.definitions[$0].name, weight: 1, logarithm: false)
        }
        let frozen = model.flatMap { frozenModel($0, columns) }
        if model == nil {
            findings.append(node.diagnostic(
                .schemeClusters, "there is no model yet, so nobody is in a cluster", severity: .warning, hint: "run `crossdock scheme recalibrate`"))
        }
        let jaccard = node.decimal("minimumJaccard")?.binary ?? 0.75
        if !(0...1).contains(jaccard) { refuse(node["minimumJaccard"] ?? node, "a Jaccard coefficient lies from 0 to 1", "0.75 is advised") }
        guard !findings.contains(where: { $0.severity == .error }) else { return nil }
        return ClusterPlan(
            columns: columns, gate: gate, method: node.optionalText("method").flatMap(ClusterModel.Algorithm.init) ?? .kMeans, counts: counts,
            seed: UInt64(node.integer("seed") ?? 1), restarts: node.integer("restarts") ?? 10,
            scaling: node.optionalText("scaling").flatMap(Preparation.Scaling.init) ?? .robust, resamples: node.integer("resamples") ?? 20,
            minimumJaccard: jaccard, outcome: outcome, path: path, model: frozen)
    }

    private mutating func column(_ entry: ConfigurationEntry) -> ClusterPlan.Column? {
        guard let slot = number(entry.name, at: entry.key) else { return nil }
        let weight = entry.value.decimal("weight")
        if let weight, weight.isNegative {
            refuse(entry.value["weight"] ?? entry.value, "a weight is not negative", "0 leaves the attribute out")
            return nil
        }
        return ClusterPlan.Column(
            slot: slot, name: entry.name, weight: weight?.binary ?? 1, logarithm: entry.value.flag("logarithm"))
    }

    private mutating func number(_ name: String, at node: ConfigurationNode) -> Int? {
        let names = plan.definitions.map(\.name)
        guard let slot = plan.layout.slot(of: name) else {
            refuse(node, "there is no attribute \(name)", NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? "\(names.joined(separator: ", "))")
            return nil
        }
        guard plan.definitions[slot].type == .number else {
            refuse(node, "\(name) is no number", "compare by numbers; a class belongs into the rules")
            return nil
        }
        return slot
    }

    /// `4`, or `2-8`.
    private mutating func counts(_ node: ConfigurationNode) -> ClosedRange<Int>? {
        let parts = node.text("count").split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        if let first = parts.first.flatMap({ $0 }), let last = parts.last.flatMap({ $0 }), parts.count <= 2, first >= 1, last >= first, last <= KMeans.clustersMax {
            return first...last
        }
        refuse(node["count"] ?? node, "\(node.text("count")) is no number of clusters", "write 4, or 2-8 to have the evidence weighed")
        return nil
    }

    private mutating func gate(_ node: ConfigurationNode?) -> CompiledExpression? {
        guard let node, let text = node.scalar else { return nil }
        let place = node.contentPosition
        let origin = TextOrigin(file: place.file, line: place.line ?? 1, column: place.column ?? 1, indentation: max(0, (place.column ?? 1) - 1))
        let compiled = FEEL.expression(text, layout: plan.layout, at: origin)
        findings += compiled.diagnostics
        guard let gate = compiled.product else { return nil }
        if gate.type != .boolean { refuse(node, "it is \(gate.type), not true or false", "compare something") }
        return gate
    }

    private mutating func frozenModel(_ bytes: [UInt8], _ columns: [ClusterPlan.Column]) -> ClusterModel? {
        do throws(ClusteringFailure) {
            let model = try ClusterModel(text: String(decoding: bytes, as: UTF8.self))
            if model.preparation.columns.map(\.name) == columns.map(\.name) { return model }
            findings.append(Diagnostic(
                .schemeClusters, .error,
                "the model compares by \(model.preparation.columns.map(\.name).joined(separator: ", ")), and the scheme by \(columns.map(\.name).joined(separator: ", "))",
                at: SourcePosition(file: path), hint: "run `crossdock scheme recalibrate`"))
        } catch {
            findings.append(Diagnostic(.schemeClusters, .error, "\(error)", at: SourcePosition(file: path), hint: "run `crossdock scheme recalibrate`, or restore the file"))
        }
        return nil
    }

    @discardableResult
    private mutating func refuse(_ node: ConfigurationNode, _ fact: String, _ hint: String) -> Bool {
        findings.append(node.diagnostic(.schemeClusters, fact, hint: hint))
        return false
    }
}
