package import Records
package import Values

/// A person's decision that an entity is in a micro-segment whatever the rules say, for a time.
package struct Override: Hashable, Sendable {
    package let id: String
    package let scheme: String
    package let entity: EntityKey
    package let microsegment: String
    package let reason: String
    package let owner: String
    /// First instant at which it applies; nil is always.
    package let from: Instant?
    /// First instant at which it does not apply any more.
    package let expires: Instant

    package init(
        id: String, scheme: String, entity: EntityKey, microsegment: String, reason: String, owner: String, from: Instant?,
        expires: Instant
    ) {
        self.id = id
        self.scheme = scheme
        self.entity = entity
        self.microsegment = microsegment
        self.reason = reason
        self.owner = owner
        self.from = from
        self.expires = expires
    }

    package func isInForce(at now: Instant) -> Bool { now < expires && (from.map { $0 <= now } ?? true) }
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
