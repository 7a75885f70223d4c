package import Records
package import Values

/// A person's decision about the micro-segment of an entity, whatever the rules say, for a time.
package struct Override: Hashable, Sendable {
    /// What is decided.
    package enum Effect: Hashable, Sendable {
        /// The entity is in this one.
        case microsegment(String)
        /// It stays in the one in effect when the override began.
        case pin
        /// It is in no tier below `floor`, and in none above `ceiling`.
        case bounds(floor: String?, ceiling: String?)
    }

    package let id: String
    package let scheme: String
    package let entity: EntityKey
    package let effect: Effect
    package let reason: String
    package let owner: String
    /// First instant at which it applies; nil is always.
    package let from: Instant?
    /// First instant at which it does not apply any more.
    package let expires: Instant

    package init(
        id: String, scheme: String, entity: EntityKey, effect: Effect, reason: String, owner: String, from: Instant?, expires: Instant
    ) {
        self.id = id
        self.scheme = scheme
        self.entity = entity
        self.effect = effect
        self.reason = reason
        self.owner = owner
        self.from = from
        self.expires = expires
    }

    package func isInForce(at now: Instant) -> Bool { now < expires && (from.map { $0 <= now } ?? true) }

    /// The micro-segment in effect.
    ///
    /// - Parameters:
    ///   - settled: what the rules have settled.
    ///   - inEffect: what was in effect before; nil at the first assignment.
    ///   - tiers: of the scheme, from the best down. What stands in no tier has no bounds.
    func microsegment(settled: String, inEffect: String?, tiers: [String]) -> String {
        switch effect {
        case .microsegment(let name): return name
        case .pin: return inEffect ?? settled
        case .bounds(let floor, let ceiling):
            guard var tier = tiers.firstIndex(of: settled) else { return settled }
            if let floor, let lowest = tiers.firstIndex(of: floor) { tier = min(tier, lowest) }
            if let ceiling, let highest = tiers.firstIndex(of: ceiling) { tier = max(tier, highest) }
            return tiers[tier]
        }
    }

    /// What is decided, in words.
    package var text: String {
        switch effect {
        case .microsegment(let name): "is \(name)"
        case .pin: "stays"
        case .bounds(let floor?, nil): "is \(floor) or better"
        case .bounds(nil, let ceiling?): "is \(ceiling) or below"
        case .bounds(let floor?, let ceiling?): "is between \(floor) and \(ceiling)"
        case .bounds(nil, nil): "is as the rules say"
        }
    }
}

/// The overrides of one state, at most one in force for an entity in a scheme at a time (checked at load).
package struct OverrideSet: Sendable {
    package let all: [Override]
    private let byEntity: [EntityKey: [Override]]

    package init(_ overrides: [Override]) {
        all = overrides
        byEntity = Dictionary(grouping: overrides, by: \.entity)
    }

    package func inForce(scheme: String, entity: EntityKey, at now: Instant) -> Override? {
        byEntity[entity]?.first { $0.scheme == scheme && $0.isInForce(at: now) }
    }

    /// The next instant at which an override of the entity begins or expires.
    package func nextChange(scheme: String, entity: EntityKey, after now: Instant) -> Instant? {
        byEntity[entity]?.filter { $0.scheme == scheme }
            .flatMap { [$0.from, $0.expires].compactMap { $0 } }.filter { $0 > now }.min()
    }
}
