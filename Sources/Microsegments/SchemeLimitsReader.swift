import Attributes
import Configurations
import Diagnostics
import Records
import Values

/// Reads what keeps a scheme's micro-segments stable, ordered and large enough.
struct SchemeLimitsReader {
    let root: ConfigurationNode
    let plan: AttributePlan
    /// The attributes that the rules read, through a cluster too.
    let read: Set<Int>
    let cadence: Cadence
    let microsegments: [Microsegment]
    private(set) var findings: [Diagnostic] = []

    /// Most micro-segments where the scheme does not say; Oracle advises at most 20 segments a group.
    private static let countMax = 20

    init(root: ConfigurationNode, plan: AttributePlan, read: Set<Int>, cadence: Cadence, microsegments: [Microsegment]) {
        self.root = root
        self.plan = plan
        self.read = read
        self.cadence = cadence
        self.microsegments = microsegments
    }

    // MARK: - Value

    mutating func valueSlot() -> Int? {
        guard let node = root["value"] else { return nil }
        return number(root.text("value"), at: node)
    }

    private mutating func number(_ name: String, at node: ConfigurationNode) -> Int? {
        guard let slot = plan.layout.slot(of: name) else {
            refuse(
                node, .schemeStability, "there is no attribute \(name)",
                NearestName.of(name, in: plan.definitions.map(\.name)).map { "did you mean \($0)?" } ?? "\(plan.entity.rawValue) has \(plan.definitions.map(\.name).joined(separator: ", "))")
            return nil
        }
        guard plan.definitions[slot].type == .number else {
            refuse(node, .schemeStability, "\(name) is no number", "name an attribute that is one")
            return nil
        }
        if cadence == .live, plan.dependsOnPopulation(slot) {
            refuse(node, .schemeCadence, "the scheme is live, and \(name) needs the whole population", "give it a cadence, such as daily")
        }
        return slot
    }

    // MARK: - Stability

    mutating func stability() -> StabilityPolicy? {
        let node = root["stability"]
        if let after = node?["confirmAfter"], node?.duration("confirmAfter") == .zero {
            refuse(after, .schemeStability, "answers at one instant are one confirmation", "give confirmAfter a time, such as 5m")
            return nil
        }
        let bands = deadBands(node?["deadBand"])
        return StabilityPolicy(
            confirmations: node?.integer("confirmations") ?? 1,
            confirmAfter: node?.duration("confirmAfter") ?? DayTimeDuration(seconds: 300, nanoseconds: 0),
            minimumDwell: node?.duration("minimumDwell") ?? DayTimeDuration(seconds: 0, nanoseconds: 0),
            deadBands: bands, budget: budget(node?["budget"]))
    }

    private mutating func deadBands(_ node: ConfigurationNode?) -> [DeadBand] {
        guard let node else { return [] }
        if node.entries.count > DeadBand.countMax {
            refuse(node, .schemeStability, "there are \(node.entries.count) dead bands", "give them to at most \(DeadBand.countMax) attributes")
        }
        return node.entries.compactMap { entry in
            guard let slot = number(entry.name, at: entry.key) else { return nil }
            guard read.contains(slot) else {
                refuse(entry.key, .schemeStability, "the rules do not read \(entry.name)", "give the dead band to an attribute that the rules compare")
                return nil
            }
            guard plan.clockDependence(of: slot) == .none || cadence != .live else {
                refuse(entry.key, .schemeStability, "\(entry.name) runs with the clock, so it crosses a threshold once and does not flap", "leave it out")
                return nil
            }
            let share = entry.value.scalar.flatMap(ConfigurationValue.percent)
            guard let width = share.map(DeadBand.Width.share) ?? node.decimal(entry.name).map(DeadBand.Width.absolute) else { return nil }
            if case .absolute(let amount) = width, amount.isNegative {
                refuse(entry.value, .schemeStability, "a dead band is not negative", "write how far on either side")
                return nil
            }
            return DeadBand(slot: slot, width: width)
        }
    }

    private mutating func budget(_ node: ConfigurationNode?) -> ChurnBudget? {
        guard let node, let cycle = CalendarBucket(rawValue: node.text("per")) else { return nil }
        let members = node.percent("members"), value = node.percent("value")
        if members == nil, value == nil {
            refuse(node, .schemeStability, "the budget limits nothing", "give it members or value, in percent")
        }
        if let at = node["value"], root["value"] == nil {
            refuse(at, .schemeStability, "nothing says what an entity is worth", "add value: ATTRIBUTE to the scheme")
        }
        return ChurnBudget(cycle: cycle, members: members, value: value)
    }

    // MARK: - Triggers

    mutating func triggers() -> Triggers? {
        guard let node = root["triggers"] else { return nil }
        if cadence == .live {
            refuse(node, .schemeCadence, "a live scheme has no run that could be due earlier", "give it a cadence, such as weekly")
            return nil
        }
        let shift = (node["shift"]?.items ?? []).compactMap { item in item.scalar.flatMap { number($0, at: item) } }
        let signal = (node["signal"]?.items ?? []).compactMap { item in item.scalar.flatMap { number($0, at: item) } }
        if shift.isEmpty, signal.isEmpty { refuse(node, .schemeCadence, "the triggers look at nothing", "name attributes under shift or signal") }
        if node.duration("every") == .zero { refuse(node["every"] ?? node, .schemeCadence, "it would look all the time", "give it a time, such as 1h") }
        return Triggers(
            every: node.duration("every") ?? DayTimeDuration(seconds: 3600), quiet: node.duration("quiet") ?? .zero, shift: shift, signal: signal)
    }

    // MARK: - Tiers

    mutating func tiers() -> [String] {
        var seen: Set<String> = []
        for node in root["tiers"]?.items ?? [] {
            guard let name = node.scalar else { continue }
            expectMicrosegment(name, at: node)
            if !seen.insert(name).inserted { refuse(node, .schemeGranularity, "\(name) is in two tiers", "name it once") }
        }
        return root["tiers"] == nil ? [] : root.texts("tiers")
    }

    private mutating func expectMicrosegment(_ name: String, at node: ConfigurationNode) {
        let names = microsegments.map(\.name)
        guard !names.contains(name) else { return }
        refuse(
            node, .schemeGranularity, "there is no micro-segment \(name)",
            NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))")
    }

    // MARK: - Granularity

    mutating func granularity() -> Granularity {
        let node = root["granularity"]
        let most = node?.integer("maximumCount") ?? Self.countMax
        if microsegments.count > most {
            refuse(
                node?["maximumCount"] ?? root["microsegments"] ?? root, .schemeGranularity, "there are \(microsegments.count) micro-segments, and \(most) are allowed",
                "merge some, or raise granularity: maximumCount")
        }
        let parents = readParents()
        findActionless(parents)
        if let node { findServiceGaps(node["serviceGap"]) }
        let made = Granularity(minimumMembers: node?.integer("minimumMembers"), minimumValue: node?.decimal("minimumValue"), parents: parents)
        if let node, made.hasFloors {
            let at = node["minimumMembers"] ?? node["minimumValue"] ?? node
            if cadence == .live { refuse(at, .schemeGranularity, "a live scheme does not count members before it assigns one", "give it a cadence, such as daily") }
            if parents.isEmpty { refuse(at, .schemeGranularity, "nothing says where members of a micro-segment that is too small go", "add parents: { NAME: NAME }") }
        }
        if let at = node?["minimumValue"], root["value"] == nil {
            refuse(at, .schemeGranularity, "nothing says what an entity is worth", "add value: ATTRIBUTE to the scheme")
        }
        return made
    }

    private mutating func readParents() -> [String: String] {
        var parents: [String: String] = [:]
        for entry in root["parents"]?.entries ?? [] {
            guard let parent = entry.value.scalar else { continue }
            expectMicrosegment(entry.name, at: entry.key)
            expectMicrosegment(parent, at: entry.value)
            var above: String? = parent
            while let next = above, next != entry.name { above = parents[next] }
            if above != nil {
                refuse(entry.value, .schemeGranularity, "\(entry.name) would be above itself", "let the parents end at one that has none")
            } else {
                parents[entry.name] = parent
            }
        }
        return parents
    }

    /// A micro-segment that gives what its parent gives (or, without a parent, what another one gives) changes what nobody does.
    private mutating func findActionless(_ parents: [String: String]) {
        for (index, own) in microsegments.enumerated() {
            let rivals = parents[own.name].map { name in microsegments.filter { $0.name == name } } ?? Array(microsegments[..<index].filter { parents[$0.name] == nil })
            guard let same = rivals.first(where: { Self.isSame($0, own) }) else { continue }
            refuse(
                root["microsegments"]?.entries.first { $0.name == own.name }?.key ?? root, .schemeNoAction,
                "\(own.name) gives what \(same.name) gives, so it changes nothing", "give it a parameter of its own, or merge the two")
        }
    }

    private static func isSame(_ left: Microsegment, _ right: Microsegment) -> Bool {
        left.parameters.entries.count == right.parameters.entries.count
            && left.parameters.entries.allSatisfy { right.parameters[$0.name] == $0.value }
    }

    /// Micro-segments next to each other by a parameter whose numbers differ by less than the gap.
    private mutating func findServiceGaps(_ node: ConfigurationNode?) {
        guard let node, let least = node.decimal("least") else { return }
        let name = node.text("parameter")
        let ranked = microsegments.compactMap { own -> (name: String, number: ExactDecimal)? in
            guard case .number(let number)? = own.parameters[name] else { return nil }
            return (own.name, number)
        }.sorted { $0.number < $1.number }
        if ranked.isEmpty { refuse(node["parameter"] ?? node, .schemeGranularity, "no micro-segment has a number \(name)", "name a parameter that is one") }
        for (lower, upper) in zip(ranked, ranked.dropFirst()) where lower.number != upper.number {
            guard let reached = Self.sum(lower.number, least), upper.number < reached else { continue }
            refuse(
                root["microsegments"]?.entries.first { $0.name == upper.name }?.key ?? node, .schemeGranularity,
                "\(name) of \(upper.name) (\(upper.number)) is less than \(least) above that of \(lower.name) (\(lower.number))",
                "merge them, or give them numbers that differ more")
        }
    }

    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
        do throws(ArithmeticFailure) { return try left.adding(right) } catch { return nil }
    }

    mutating func refuse(_ node: ConfigurationNode, _ code: DiagnosticCode, _ fact: String, _ hint: String) {
        findings.append(node.diagnostic(code, fact, hint: hint))
    }
}
