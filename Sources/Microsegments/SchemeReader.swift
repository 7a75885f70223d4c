package import Attributes
package import Configurations
import DecisionTables
package import Diagnostics
import FEEL
package import Records
import Values

/// Reads schemes and overrides from their checked files, with every finding.
package enum SchemeReader {
    /// - Parameters:
    ///   - root: the file's root, checked against ``SchemeFile/scheme``.
    ///   - plans: the attributes by kind of entity.
    ///   - models: bytes of the decision models and cluster models of the bundle, by path.
    ///   - fingerprint: of the texts of the scheme, of its attributes and of its model, as the caller digests them.
    package static func scheme(
        _ root: ConfigurationNode, plans: [EntityKind: AttributePlan], models: [String: [UInt8]] = [:], fingerprint: String
    ) -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        guard let entity = EntityKind(rawValue: root.text("entity")), let rules = root["rules"] else {
            preconditionFailure("the shape was not checked")
        }
        guard let plan = plans[entity] else {
            return (nil, [(root["entity"] ?? root).diagnostic(
                .schemeAttributes, "there are no attributes of \(entity.rawValue)", hint: "add a file under Schemes/attributes with entity: \(entity.rawValue)")])
        }
        let (clusters, modelFindings) = clusters(root, plan, models)
        if clusters == nil, root["clusters"] != nil { return (nil, modelFindings) }
        let compilation = table(rules, layout: ruleLayout(plan, hasClusters: clusters != nil), models: models)
        var findings = modelFindings + compilation.diagnostics
        guard let cadence = cadence(root) else {
            return (nil, findings + [(root["cadence"] ?? root).diagnostic(
                .schemeCadence, "\(root.optionalText("cadence") ?? "") is no cadence", hint: "write live, hourly, daily, weekly, or a duration such as 12h")])
        }
        guard let table = compilation.product else { return (nil, findings) }
        let microsegments = (root["microsegments"]?.entries ?? []).map { entry in
            Microsegment(
                name: entry.name,
                parameters: ContextValue(entry.value.entries.map { ($0.name, parameter($0.value)) }))
        }
        findings += check(table, microsegments, root)
        let read = table.slots.filter { $0 < plan.definitions.count } + (clusters?.slots ?? [])
        if cadence == .live, let attribute = read.first(where: plan.changesWithEveryOther).map({ plan.definitions[$0].name }) {
            findings.append((root["cadence"] ?? root).diagnostic(
                .schemeCadence, "the scheme is live, and \(attribute) changes for many with each change of one",
                hint: "use a class or a tile of it, or give the scheme a cadence, such as daily"))
        }
        if cadence == .live { findings += clockFindings(table, plan, clusters, root) }
        if let clusters { findings += clusterFindings(table, clusters, root) }
        var limits = SchemeLimitsReader(root: root, plan: plan, read: Set(read), cadence: cadence, microsegments: microsegments)
        let valueSlot = limits.valueSlot()
        let stability = limits.stability(), tiers = limits.tiers(), downgrade = limits.downgrade(tiers, budget: stability?.budget), granularity = limits.granularity(), triggers = limits.triggers()
        let (figures, figureLayout, figureFindings) = figures(root, plan, microsegments)
        findings += limits.findings + figureFindings
        guard let stability else { return (nil, findings) }
        let scheme = Scheme(
            name: root.text("scheme"), entity: entity, cadence: cadence, plan: plan, table: table, clusters: clusters,
            file: root.position.file ?? "", fingerprint: fingerprint, stability: stability, valueSlot: valueSlot, tiers: tiers,
            downgrade: downgrade, granularity: granularity, freshness: (root["freshness"]?.entries ?? []).compactMap { entry in
                root["freshness"]?.duration(entry.name).map { (entry.name, $0) }
            }, triggers: triggers, microsegments: microsegments, figures: figures, figureLayout: figureLayout)
        return (findings.contains { $0.severity == .error } ? nil : scheme, findings)
    }

    private static func cadence(_ root: ConfigurationNode) -> Cadence? {
        switch root.optionalText("cadence") ?? "live" {
        case "live": .live
        case "hourly": .every(DayTimeDuration(seconds: 3600, nanoseconds: 0))
        case "daily": .every(DayTimeDuration(seconds: 86_400, nanoseconds: 0))
        case "weekly": .every(DayTimeDuration(seconds: 604_800, nanoseconds: 0))
        case let text: ConfigurationValue.duration(text).flatMap { $0.seconds > 0 ? .every($0) : nil }
        }
    }

    /// Parameters are written as text. What is written plainly and reads as true, false or a number is one, if the number
    /// prints as it was written: `0.10` is a number, and `007`, `1e3` and what stands in quotes stay text.
    private static func parameter(_ node: ConfigurationNode) -> Value {
        guard case .scalar(let text, let style) = node.kind, case .plain = style else { return .string(node.scalar ?? "") }
        if text == "true" || text == "false" { return .boolean(text == "true") }
        guard let number = ExactDecimal(text), number.description == text else { return .string(text) }
        return .number(number)
    }

    private static func check(_ table: CompiledTable, _ microsegments: [Microsegment], _ root: ConfigurationNode) -> [Diagnostic] {
        guard table.outputNames.count == 1, table.outputNames[0] == "microsegment" else {
            return [(root["rules"] ?? root).diagnostic(
                .schemeOutputs, "the table answers \(table.outputNames.joined(separator: ", "))", hint: "it has one output, microsegment; what a micro-segment gets stands under microsegments")]
        }
        if !table.table.hitPolicy.isSingle {
            return [(root["rules"]?["hitPolicy"] ?? root).diagnostic(
                .schemeOutputs, "\(table.table.hitPolicy) gives several answers", hint: "an entity is in one micro-segment: use FIRST, UNIQUE, ANY or PRIORITY")]
        }
        if let entry = table.table.outputs[0].defaultEntry {
            return [(root["rules"]?["outputs"] ?? root).diagnostic(
                .schemeOutputs, "the default \(entry.text) is the answer of no rule", hint: "end the table with a row of `-` instead, so that each answer has its rule")]
        }
        let names = microsegments.map(\.name)
        var findings: [Diagnostic] = []
        var used: Set<String> = []
        var isComputed = false
        for (rule, answers) in table.constantOutputs.enumerated() {
            guard let constant = answers[0] else {
                isComputed = true
                continue
            }
            let answer = constant.text, cell = table.table.rules[rule].outputs[0]
            if case .string = constant, names.contains(answer) {
                used.insert(answer)
                continue
            }
            findings.append(Diagnostic(
                .schemeUnknownMicrosegment, .error, "rule \(rule + 1) answers \(cell.text), which is no micro-segment of the scheme",
                at: cell.position, excerpt: Excerpt(text: cell.text, start: 0, length: cell.text.count),
                hint: NearestName.of(answer, in: names).map { "did you mean \"\($0)\"?" } ?? "there are \(names.joined(separator: ", "))"))
        }
        guard findings.isEmpty, !isComputed else { return findings }
        for entry in root["microsegments"]?.entries ?? [] where !used.contains(entry.name) {
            findings.append(entry.key.diagnostic(
                .schemeUnused, "no rule answers \(entry.name)", severity: .warning, hint: "remove it, or add a rule; an override may still use it"))
        }
        return findings
    }
}
