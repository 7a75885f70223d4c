package import Configurations
package import Diagnostics
import Records
import Values

extension SchemeReader {
    /// - Parameter root: the file's root, checked against ``SchemeFile/override``.
    package static func override(_ root: ConfigurationNode, schemes: [Scheme]) -> (override: Override?, diagnostics: [Diagnostic]) {
        guard let expires = root.instant("expires"), let entity = root["entity"] else { preconditionFailure("the shape was not checked") }
        let name = root.text("scheme")
        guard let scheme = schemes.first(where: { $0.name == name }) else {
            return (nil, [(root["scheme"] ?? root).diagnostic(
                .overrideName, "there is no scheme \(name)", hint: NearestName.of(name, in: schemes.map(\.name)).map { "did you mean \($0)?" })])
        }
        let (effect, finding) = effect(root, scheme)
        guard let effect else { return (nil, finding.map { [$0] } ?? []) }
        let from = root.instant("from")
        if let from, from >= expires {
            return (nil, [(root["expires"] ?? root).diagnostic(.overridePeriod, "it expires at \(expires), and begins at \(from)", hint: "expires is the first instant at which it does not apply any more")])
        }
        let made = Override(
            id: root.text("override"), scheme: name,
            entity: EntityKey(scheme.entity, client: entity.text("client"), id: entity.text("id")), effect: effect,
            reason: root.text("reason"), owner: root.text("owner"), from: from, expires: expires)
        return (made, [])
    }

    /// What an override decides, or what is wrong with how it says so.
    private static func effect(_ root: ConfigurationNode, _ scheme: Scheme) -> (Override.Effect?, Diagnostic?) {
        let isPinned = root.flag("pin")
        let ways = [root["microsegment"] != nil, isPinned, root["floor"] != nil || root["ceiling"] != nil].filter { $0 }.count
        guard ways == 1 else {
            return (nil, (root["override"] ?? root).diagnostic(
                .overrideForm, "it says \(ways == 0 ? "nothing" : "several things") about the micro-segment",
                hint: "use one of microsegment: NAME, pin: true, and floor and ceiling"))
        }
        let names = scheme.microsegments.map(\.name)
        for (key, known) in [("microsegment", names), ("floor", scheme.tiers), ("ceiling", scheme.tiers)] {
            guard let node = root[key], let name = node.scalar, !known.contains(name) else { continue }
            if known.isEmpty {
                return (nil, node.diagnostic(.overrideName, "scheme \(scheme.name) has no tiers", hint: "add tiers: [BEST, ..., LEAST] to it"))
            }
            return (nil, node.diagnostic(
                .overrideName, "scheme \(scheme.name) has no \(key == "microsegment" ? "micro-segment" : "tier") \(name)",
                hint: NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "it has \(known.joined(separator: ", "))"))
        }
        if isPinned { return (.pin, nil) }
        if let name = root.optionalText("microsegment") { return (.microsegment(name), nil) }
        let floor = root.optionalText("floor"), ceiling = root.optionalText("ceiling")
        if let floor, let ceiling, let low = scheme.tiers.firstIndex(of: floor), let high = scheme.tiers.firstIndex(of: ceiling), low < high {
            return (nil, (root["ceiling"] ?? root).diagnostic(.overrideForm, "the ceiling \(ceiling) is below the floor \(floor)", hint: "turn them"))
        }
        return (.bounds(floor: floor, ceiling: ceiling), nil)
    }

    /// Overrides of one entity in one scheme whose periods overlap: at most one may be in force at a time. Each is told
    /// once, with the earlier one that reaches furthest.
    package static func overlaps(_ overrides: [(override: Override, root: ConfigurationNode)]) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        let groups = Dictionary(grouping: overrides) { [$0.override.scheme, $0.override.entity.description] }
        for key in groups.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let ordered = (groups[key] ?? []).sorted { Self.begins($0.override, before: $1.override) }
            var reaching = ordered[0].override
            for (later, root) in ordered.dropFirst() {
                if later.from.map({ $0 < reaching.expires }) ?? true {
                    findings.append((root["override"] ?? root).diagnostic(
                        .overrideOverlap, "overrides \(later.id) and \(reaching.id) of \(later.entity) are in force at the same time",
                        hint: "shorten or remove one of them"))
                }
                if later.expires > reaching.expires { reaching = later }
            }
        }
        return findings
    }

    /// In the order of their beginnings, then of their names; one without a beginning was always there.
    private static func begins(_ left: Override, before right: Override) -> Bool {
        switch (left.from, right.from) {
        case (nil, _?): true
        case (_?, nil): false
        case (let first?, let second?) where first != second: first < second
        default: left.id < right.id
        }
    }
}
