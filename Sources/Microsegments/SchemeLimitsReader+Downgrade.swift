import Attributes
import Configurations
import Diagnostics
import Records
import Values

extension SchemeLimitsReader {
    /// - Parameter budget: its cycle counts where the section names none.
    mutating func downgrade(_ tiers: [String], budget: ChurnBudget?) -> DowngradePolicy? {
        guard let node = root["downgrade"] else { return nil }
        guard !tiers.isEmpty else {
            refuse(node, .schemeDowngrade, "the scheme has no tiers, so nothing is lower than anything", "add tiers: [BEST, ..., LEAST]")
            return nil
        }
        if let outside = microsegments.first(where: { !tiers.contains($0.name) }) {
            refuse(root["tiers"] ?? node, .schemeDowngrade, "\(outside.name) is in no tier, so nobody can tell whether a move to it is for the worse", "add it to tiers")
        }
        if node["floorRequired"] != nil, node["floor"] == nil {
            refuse(node["floorRequired"] ?? node, .schemeDowngrade, "a floor is required, and nothing says which", "add floor: ATTRIBUTE")
        }
        let notice = duration("notice", of: node), grace = duration("grace", of: node)
        let floor = slot("floor", .string, of: node), required = slot("floorRequired", .boolean, of: node), keep = slot("keepWhile", .boolean, of: node)
        return DowngradePolicy(
            notice: notice, grace: grace, cycle: node.optionalText("cycle").flatMap { CalendarBucket(rawValue: $0) } ?? budget?.cycle ?? .day,
            floorSlot: floor, floorRequiredSlot: required, keepSlot: keep)
    }

    private mutating func duration(_ key: String, of node: ConfigurationNode) -> DayTimeDuration {
        guard let value = node[key], let duration = node.duration(key) else { return .zero }
        if duration >= .zero { return duration }
        refuse(value, .schemeDowngrade, "\(key) is less than nothing", "write how long, such as 14d")
        return .zero
    }

    /// The attribute that a key names.
    private mutating func slot(_ key: String, _ type: ValueType, of node: ConfigurationNode) -> Int? {
        guard let at = node[key], let name = at.scalar else { return nil }
        guard let slot = plan.layout.slot(of: name) else {
            refuse(
                at, .schemeDowngrade, "there is no attribute \(name)",
                NearestName.of(name, in: plan.definitions.map(\.name)).map { "did you mean \($0)?" } ?? "\(plan.entity.rawValue) has \(plan.definitions.map(\.name).joined(separator: ", "))")
            return nil
        }
        let found = plan.definitions[slot].type
        guard found == type || found == .any else {
            refuse(
                at, .schemeDowngrade, "\(name) is a \(found), and \(key) wants \(type == .string ? "the name of a tier" : "true or false")",
                "name an attribute that is a \(type)")
            return nil
        }
        guard cadence == .live else { return slot }
        if plan.dependsOnPopulation(slot) {
            refuse(at, .schemeCadence, "the scheme is live, and \(name) needs the whole population", "give it a cadence, such as daily")
        }
        if plan.clockDependence(of: slot) != .none {
            refuse(at, .schemeClock, "\(name) runs with the clock, and when it changes cannot be foreseen", "give the scheme a period, such as cadence: hourly")
        }
        return slot
    }
}
