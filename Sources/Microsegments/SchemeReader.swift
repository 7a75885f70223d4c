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
    ///   - fingerprint: of the texts of the scheme and of its attributes, as the caller digests them.
    package static func scheme(
        _ root: ConfigurationNode, plans: [EntityKind: AttributePlan], fingerprint: String
    ) -> (scheme: Scheme?, diagnostics: [Diagnostic]) {
        guard let entity = EntityKind(rawValue: root.text("entity")), let rules = root["rules"] else {
            preconditionFailure("the shape was not checked")
        }
        guard let plan = plans[entity] else {
            return (nil, [(root["entity"] ?? root).diagnostic(
                .schemeAttributes, "there are no attributes of \(entity.rawValue)", hint: "add a file under Schemes/attributes with entity: \(entity.rawValue)")])
        }
        let compilation = TableReading.read(rules, layout: plan.layout)
        var findings = compilation.diagnostics
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
        if cadence == .live, let attribute = populationAttribute(plan, table) {
            findings.append((root["cadence"] ?? root).diagnostic(
                .schemeCadence, "the scheme is live, and \(attribute) needs the whole population", hint: "give it a cadence, such as daily"))
        }
        let stability = root["stability"]
        let scheme = Scheme(
            name: root.text("scheme"), entity: entity, cadence: cadence, plan: plan, table: table,
            file: root.position.file ?? "", fingerprint: fingerprint,
            stability: StabilityPolicy(
                confirmations: stability?.integer("confirmations") ?? 1,
                confirmAfter: stability?.duration("confirmAfter") ?? DayTimeDuration(seconds: 300, nanoseconds: 0),
                minimumDwell: stability?.duration("minimumDwell") ?? DayTimeDuration(seconds: 0, nanoseconds: 0)),
            microsegments: microsegments)
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

    /// Parameters are written as text; what reads as a number or as true and false is one.
    private static func parameter(_ node: ConfigurationNode) -> Value {
        guard case .scalar(let text, let style) = node.kind, case .plain = style else { return .string(node.scalar ?? "") }
        if text == "true" || text == "false" { return .boolean(text == "true") }
        return ExactDecimal(text).map(Value.number) ?? .string(text)
    }

    private static func check(_ table: CompiledTable, _ microsegments: [Microsegment], _ root: ConfigurationNode) -> [Diagnostic] {
        guard table.outputNames.count == 1, table.outputNames[0] == "microsegment" else {
            return [(root["rules"] ?? root).diagnostic(
                .schemeOutputs, "the table answers \(table.outputNames.joined(separator: ", "))", hint: "it has one output, microsegment; what a micro-segment gets stands under microsegments")]
        }
        let names = microsegments.map(\.name)
        var findings: [Diagnostic] = []
        var used: Set<String> = []
        for (rule, answers) in table.constantOutputs.enumerated() {
            guard case .string(let answer)? = answers.first else { continue }
            used.insert(answer)
            if names.contains(answer) { continue }
            findings.append(Diagnostic(
                .schemeUnknownMicrosegment, .error, "rule \(rule + 1) answers \"\(answer)\", which is no micro-segment of the scheme",
                at: table.table.rules[rule].outputs[0].position,
                hint: NearestName.of(answer, in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))"))
        }
        for entry in root["microsegments"]?.entries ?? [] where !used.contains(entry.name) && findings.isEmpty {
            findings.append(entry.key.diagnostic(
                .schemeUnused, "no rule answers \(entry.name)", severity: .warning, hint: "remove it, or add a rule; an override may still use it"))
        }
        return findings
    }

    private static func populationAttribute(_ plan: AttributePlan, _ table: CompiledTable) -> String? {
        table.slots.first { plan.dependsOnPopulation($0) }.map { plan.definitions[$0].name }
    }

    /// - Parameter root: the file's root, checked against ``SchemeFile/override``.
    package static func override(_ root: ConfigurationNode, schemes: [Scheme]) -> (override: Override?, diagnostics: [Diagnostic]) {
        guard let expires = root.instant("expires"), let entity = root["entity"] else { preconditionFailure("the shape was not checked") }
        let name = root.text("scheme"), microsegment = root.text("microsegment")
        guard let scheme = schemes.first(where: { $0.name == name }) else {
            return (nil, [(root["scheme"] ?? root).diagnostic(
                .overrideName, "there is no scheme \(name)", hint: NearestName.of(name, in: schemes.map(\.name)).map { "did you mean \($0)?" })])
        }
        guard scheme.microsegment(microsegment) != nil else {
            let names = scheme.microsegments.map(\.name)
            return (nil, [(root["microsegment"] ?? root).diagnostic(
                .overrideName, "scheme \(name) has no micro-segment \(microsegment)", hint: NearestName.of(microsegment, in: names).map { "did you mean \($0)?" } ?? "it has \(names.joined(separator: ", "))")])
        }
        let from = root.instant("from")
        if let from, from >= expires {
            return (nil, [(root["expires"] ?? root).diagnostic(.overridePeriod, "it expires at \(expires), before it begins at \(from)")])
        }
        let made = Override(
            id: root.text("override"), scheme: name,
            entity: EntityKey(scheme.entity, client: entity.text("client"), id: entity.text("id")), microsegment: microsegment,
            reason: root.text("reason"), owner: root.text("owner"), from: from, expires: expires)
        return (made, [])
    }

    /// Overrides of one entity in one scheme whose periods overlap: at most one may be in force at a time.
    package static func overlaps(_ overrides: [(override: Override, root: ConfigurationNode)]) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for (index, later) in overrides.enumerated() {
            for earlier in overrides[..<index] where earlier.override.overlaps(later.override) {
                findings.append(later.root.diagnostic(
                    .overrideOverlap, "override \(later.override.id) and \(earlier.override.id) of \(later.override.entity) are in force at the same time",
                    hint: "shorten or remove one of them"))
            }
        }
        return findings
    }
}

extension Override {
    func overlaps(_ other: Override) -> Bool {
        guard scheme == other.scheme, entity == other.entity else { return false }
        let startsBefore = from.map { $0 < other.expires } ?? true
        let otherStartsBefore = other.from.map { $0 < expires } ?? true
        return startsBefore && otherStartsBefore
    }
}
