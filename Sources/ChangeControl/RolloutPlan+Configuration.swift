package import Configurations
package import Diagnostics
import Values

extension RolloutPlan {
    package static let stagesMax = 20
    private static let leastShare = ExactDecimal(coefficient: 1, scale: 4)
    private static let leastPause = DayTimeDuration(seconds: 60), longest = DayTimeDuration(seconds: 366 * 86_400)

    /// The form of a rollout's file.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("rollout", .text, required: true, "name of the plan; a state has one at most"),
        ConfigurationKey("shadow", .record([
            ConfigurationKey("for", .duration, required: true, "how long the change is let on a copy, with no effect, before anybody has it"),
            ConfigurationKey("every", .duration, default: "6h", "how long after one look the next one follows"),
        ]), "what is watched before anybody has the change"),
        ConfigurationKey("canary", .record([
            ConfigurationKey("by", .text, default: "entity", "what is drawn as one: entity, stock (customers and items that are tied by what was ordered), or a kind that a record of the entity names, such as customer"),
            ConfigurationKey("stages", .list(.record([
                ConfigurationKey("share", .decimal, required: true, "share of them that has the change, above 0 and below 1"),
                ConfigurationKey("for", .duration, required: true, "how long at least"),
            ])), required: true, "how the part grows; everybody has the change after the last"),
            ConfigurationKey("every", .duration, default: "1h", "how long after one look the next one follows"),
            ConfigurationKey("minimum", .integer(1...1_000_000_000), default: "30", "entities that the cohort and the rest must each have for a verdict"),
            ConfigurationKey("failures", .integer(0...1_000_000_000), default: "0", "entities that may fail to be evaluated in a stage"),
            ConfigurationKey("stockWithin", .duration, default: "90d", "how far back lines that were ordered or sold tie customers to the stock of an item"),
            ConfigurationKey("metrics", .list(.record([
                ConfigurationKey("metric", .text, required: true, "its name"),
                ConfigurationKey("scheme", .text, required: true, "scheme whose entities are looked at"),
                ConfigurationKey("attribute", .text, required: true, "numeric attribute whose mean is taken over the entities that have it"),
                ConfigurationKey("most", .decimal, "the most that the mean of the cohort may be"),
                ConfigurationKey("least", .decimal, "the least that it may be"),
                ConfigurationKey("overControl", .decimal, "how far it may be over that of the rest"),
                ConfigurationKey("underControl", .decimal, "how far it may be under that of the rest"),
            ])), "what ends the rollout where it is not as it should be; what cannot be told holds it"),
        ]), "who has the change before everybody has it"),
    ])

    /// Reads a file that was checked against ``shape``.
    package static func read(_ root: ConfigurationNode) -> (plan: RolloutPlan?, diagnostics: [Diagnostic]) {
        var reader = RolloutReader()
        let shadow = root["shadow"].map { node in Shadow(duration: reader.duration(node, "for"), every: reader.duration(node, "every") ) }
        let canary = root["canary"].map { reader.canary($0) }
        if shadow == nil, canary == nil {
            reader.refuse(root["rollout"] ?? root, "a rollout with neither shadow nor canary does nothing", hint: "add one of them, or take the file out")
        }
        let plan = RolloutPlan(name: root.text("rollout"), shadow: shadow, canary: canary, position: root.position)
        return (reader.findings.isEmpty ? plan : nil, reader.findings)
    }

    private struct RolloutReader {
        var findings: [Diagnostic] = []

        mutating func refuse(_ node: ConfigurationNode, _ fact: String, hint: String) {
            findings.append(node.diagnostic(.rolloutPlan, fact, hint: hint))
        }

        mutating func duration(_ node: ConfigurationNode, _ key: String, default fallback: Int64 = 6 * 3600) -> DayTimeDuration {
            let duration = node.duration(key) ?? DayTimeDuration(seconds: fallback)
            if duration < RolloutPlan.leastPause || RolloutPlan.longest < duration {
                refuse(node.node(key), "\(key) is \(duration); it is \(RolloutPlan.leastPause) to \(RolloutPlan.longest)", hint: "write a duration such as 6h")
            }
            return duration
        }

        mutating func canary(_ node: ConfigurationNode) -> Canary {
            var stages: [Canary.Stage] = []
            for stage in node.list("stages") {
                let share = stage.decimal("share") ?? .zero
                if share <= (stages.last?.share ?? .zero) || share >= .one || share < RolloutPlan.leastShare {
                    refuse(stage.node("share"), "the share is \(share); each is above the one before, at least 0.0001 and below 1", hint: "write shares such as 0.1 and then 0.5; everybody follows by itself")
                }
                stages.append(Canary.Stage(share: share, duration: duration(stage, "for")))
            }
            if stages.isEmpty || stages.count > RolloutPlan.stagesMax {
                refuse(node.node("stages"), "there are \(stages.count) stages; a canary has 1 to \(RolloutPlan.stagesMax)", hint: "write one such as { share: 0.1, for: 3d }")
            }
            var names: Set<String> = []
            let metrics = node.list("metrics").map { item in
                let metric = RolloutMetric(
                    name: item.text("metric"), scheme: item.text("scheme"), attribute: item.text("attribute"), most: item.decimal("most"), least: item.decimal("least"),
                    overControl: item.decimal("overControl"), underControl: item.decimal("underControl"), position: item.position)
                if !names.insert(metric.name).inserted { refuse(item.node("metric"), "there are two metrics \(metric.name)", hint: "give each its own name") }
                if metric.most == nil, metric.least == nil, metric.overControl == nil, metric.underControl == nil {
                    refuse(item, "metric \(metric.name) has no limit", hint: "write most, least, overControl or underControl")
                }
                if let most = metric.most, let least = metric.least, most < least { refuse(item, "metric \(metric.name) is to be at most \(most) and at least \(least)", hint: "no number is both") }
                if [metric.overControl, metric.underControl].contains(where: { $0?.isNegative ?? false }) { refuse(item, "metric \(metric.name) may differ by less than nothing", hint: "write 0 or more") }
                return metric
            }
            return Canary(
                unit: node.optionalText("by") ?? "entity", stages: stages, every: duration(node, "every", default: 3600), minimum: node.integer("minimum") ?? 30,
                failures: node.integer("failures") ?? 0, stockWithin: duration(node, "stockWithin", default: 90 * 86_400), metrics: metrics)
        }
    }
}
