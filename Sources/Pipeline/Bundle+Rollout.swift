import Attributes
import ChangeControl
import Configurations
import Decisions
import Diagnostics
import Microsegments
import Records
import Values

extension Bundle {
    /// Names of the schemes whose decisions can differ between two bundles, sorted: their rules, what these read, or what is done with them.
    func changedSchemes(from control: Bundle) -> [String] {
        func actions(_ bundle: Bundle, _ scheme: String) -> Set<String> { Set(bundle.actions.filter { $0.scheme == scheme }.map(\.fingerprint)) }
        return Set((schemes + control.schemes).map(\.name)).filter { name in
            scheme(name)?.fingerprint != control.scheme(name)?.fingerprint || actions(self, name) != actions(control, name)
        }.sorted()
    }

    /// This bundle for a cohort, and another one for the rest: what is the same in both is there once, for everybody.
    func canary(control: Bundle, cohort: Cohort) -> Bundle {
        let changed = Set(changedSchemes(from: control))
        func limited(_ schemes: [Scheme], isCohort: Bool) -> [Scheme] {
            schemes.compactMap { scheme in
                guard changed.contains(scheme.name) else { return isCohort ? scheme : nil }
                // Refused before it becomes live; where it is there all the same, nobody is in the cohort.
                guard let reader = CohortUnitReader(cohort.unit, of: scheme.plan) else { return isCohort ? nil : scheme }
                return scheme.limited(to: SchemeArm(cohort: cohort, reader: reader, isCohort: isCohort))
            }
        }
        let ours = limited(schemes, isCohort: true), others = limited(control.schemes, isCohort: false)
        func bound(_ actions: [Action], to versions: [Scheme]) -> [Action] {
            actions.compactMap { action in
                guard let scheme = versions.first(where: { $0.name == action.scheme }) else { return nil }
                return scheme.arm == nil ? action : action.limited(toVersion: scheme.version)
            }
        }
        return Bundle(
            library: library, schemes: ours + others, attributes: attributes, actions: bound(actions, to: ours) + bound(control.actions, to: others), rollout: rollout,
            overrides: overrides, retention: retention, zone: zone, zones: zones)
    }
}

extension RolloutPlan {
    /// What of a plan does not fit the schemes that it is with.
    func defects(_ schemes: [Scheme]) -> [Diagnostic] {
        guard let canary else { return [] }
        func finding(_ fact: String, at position: SourcePosition, _ hint: String?) -> Diagnostic { Diagnostic(.rolloutPlan, .error, fact, at: position, hint: hint) }
        var findings: [Diagnostic] = []
        if CohortUnit(canary.unit) == nil {
            findings.append(finding("\(canary.unit) is nothing that a canary can be drawn by", at: position, "write entity, stock, or a kind of entity such as customer"))
        }
        for metric in canary.metrics {
            guard let scheme = schemes.first(where: { $0.name == metric.scheme }) else {
                findings.append(finding("there is no scheme \(metric.scheme)", at: metric.position, NearestName.of(metric.scheme, in: schemes.map(\.name)).map { "did you mean \($0)?" }))
                continue
            }
            guard let attribute = scheme.plan.definitions.first(where: { $0.name == metric.attribute }) else {
                let names = scheme.plan.definitions.map(\.name)
                findings.append(finding("scheme \(scheme.name) has no attribute \(metric.attribute)", at: metric.position, NearestName.of(metric.attribute, in: names).map { "did you mean \($0)?" }))
                continue
            }
            if attribute.type != .number {
                findings.append(finding("\(metric.attribute) is \(attribute.type), and a mean is taken of numbers", at: metric.position, "name a numeric attribute"))
            }
        }
        return findings
    }

    /// Why a change cannot be rolled out by this plan; nil where it can.
    ///
    /// - Parameters:
    ///   - paths: the files that it changes.
    func obstacle(to target: Bundle, from control: Bundle, components: [StateComponent], paths: [String], sides: [StateFiles]) -> String? {
        if components != [.bundle] { return "it changes \(components.map(\.rawValue).joined(separator: " and ")), and a rollout is of the bundle alone: propose the rest as a request of its own" }
        for path in paths {
            let kinds = Set(sides.compactMap { $0.kind(of: path) })
            guard path.hasPrefix("Schemes/"), kinds.isSubset(of: Self.kinds) else {
                return "\(path) is for everybody at once; a rollout changes schemes, attributes, models, actions and its own plan: propose the rest as a request of its own"
            }
        }
        guard let canary, let unit = CohortUnit(canary.unit) else { return nil }
        for name in target.changedSchemes(from: control) {
            for scheme in [target.scheme(name), control.scheme(name)].compactMap({ $0 }) {
                if CohortUnitReader(unit, of: scheme.plan) == nil { return "entities of scheme \(name) name no \(unit), by which the canary is drawn" }
                if canary.isExperiment || unit == .stock, StockReader.draws(on: scheme.entity) == nil {
                    return "nobody can tell whose stock a \(scheme.entity.rawValue) of scheme \(name) draws on, so cohort and rest cannot be compared: use most and least"
                }
            }
        }
        return nil
    }

    private static let kinds: Set<String> = ["scheme", "attributes", "action", "rollout", "model", "notes"]
}

extension StateFiles {
    /// The kind of a configuration file, by its first key; `model` and `notes` for what is none; nil where there is no such file.
    fileprivate func kind(of path: String) -> String? {
        guard let file = files.first(where: { $0.path == path }) else { return nil }
        switch path {
        case _ where path.hasSuffix(".dmn") || path.hasSuffix(".clusters.jsonl"): return "model"
        case _ where path.hasSuffix(".md"): return "notes"
        case _ where path.hasSuffix(".yaml"): return ConfigurationText.parse(String(decoding: file.bytes, as: UTF8.self), file: path).0?.entries.first?.name ?? "other"
        default: return "other"
        }
    }
}
