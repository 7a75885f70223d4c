package import Attributes
package import Values

/// How an entity goes to a lower tier: after a notice and its grace, one tier a cycle, and never below its floor.
package struct DowngradePolicy: Hashable, Sendable {
    /// From the notice on until the grace begins.
    package let notice: DayTimeDuration
    /// From then on until the entity may be lowered.
    package let grace: DayTimeDuration
    /// In which an entity goes down one tier at most.
    package let cycle: CalendarBucket
    /// The attribute that names the lowest tier that an entity may be in; nil where nobody has a floor.
    package let floorSlot: Int?
    /// The attribute that says whether there must be a floor; nil where none must.
    package let floorRequiredSlot: Int?
    /// The attribute that keeps an entity from going down while it is true.
    package let keepSlot: Int?

    package init(
        notice: DayTimeDuration, grace: DayTimeDuration, cycle: CalendarBucket, floorSlot: Int? = nil, floorRequiredSlot: Int? = nil, keepSlot: Int? = nil
    ) {
        precondition(notice >= .zero && grace >= .zero, "the policy was not checked")
        self.notice = notice
        self.grace = grace
        self.cycle = cycle
        self.floorSlot = floorSlot
        self.floorRequiredSlot = floorRequiredSlot
        self.keepSlot = keepSlot
    }

    /// The attributes that it reads.
    package var slots: [Int] { [floorSlot, floorRequiredSlot, keepSlot].compactMap { $0 } }

    package var givesNotice: Bool { notice > .zero || grace > .zero }

    func notice(to tier: String, at now: Instant) -> StabilityState.Notice? {
        guard givesNotice else { return nil }
        let ends = now.adding(notice)
        return StabilityState.Notice(to: tier, since: now, ends: ends, effective: ends.adding(grace))
    }

    func keeps(_ values: [Value]) -> Bool { keepSlot.map { values[$0] == .boolean(true) } ?? false }

    /// What the attributes of an entity say of its floor. What names no tier is none that anybody could keep, and so is null where a floor is
    /// required, or where nobody can tell whether it is.
    func floor(of values: [Value], tiers: [String]) -> TierFloor {
        guard let floorSlot else { return .none }
        switch values[floorSlot] {
        case .string(let name): return tiers.firstIndex(of: name).map(TierFloor.tier) ?? .unknown
        case .null: return floorRequiredSlot.map { values[$0] == .boolean(false) } ?? true ? .none : .unknown
        default: return .unknown
        }
    }
}

/// How far down an entity may go.
package enum TierFloor: Hashable, Sendable {
    /// As far as the rules say.
    case none
    /// To this place among the tiers of the scheme.
    case tier(Int)
    /// Nobody can tell, so it does not go down.
    case unknown
}

extension Scheme {
    /// The floor of an entity with these attributes.
    package func floor(of values: [Value]) -> TierFloor { downgrade?.floor(of: values, tiers: tiers) ?? .none }

    /// A tier, or the floor where that is the higher one.
    func lifted(_ microsegment: String, to floor: TierFloor) -> String {
        guard case .tier(let lowest) = floor, let place = tiers.firstIndex(of: microsegment), place > lowest else { return microsegment }
        return tiers[lowest]
    }
}
