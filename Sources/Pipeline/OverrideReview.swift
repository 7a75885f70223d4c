package import Microsegments
import Records
package import Store
package import Values

/// The overrides of a state beside what the rules say: where people and rules disagree and for how long, and what can be taken out.
package struct OverrideReview: Sendable {
    package enum Phase: String, Sendable {
        case pending = "not yet begun", inForce = "in force", expired = "expired"
    }

    package struct Entry: Sendable {
        package let override: Override
        package let phase: Phase
        /// What the rules have settled, and what is in effect; nil where the entity was never assigned.
        package let settled: String?
        package let inEffect: String?
        /// Since when what is in force differs from what the rules have settled; nil where it does not.
        package let disagreesSince: Instant?
        /// What the owner may want to do; nil where there is nothing.
        package let advice: String?
    }

    package let entries: [Entry]

    package init(_ overrides: OverrideSet, schemes: [Scheme], store: Store, now: Instant) throws {
        entries = try overrides.all.map { override in
            let known = try store.standing(scheme: override.scheme, override.entity)
            return Self.entry(override, known, tiers: schemes.first { $0.name == override.scheme }?.tiers ?? [], now: now)
        }.sorted { ($0.override.scheme, $0.override.entity, $0.override.id) < ($1.override.scheme, $1.override.entity, $1.override.id) }
    }

    private static func entry(_ override: Override, _ known: Standing?, tiers: [String], now: Instant) -> Entry {
        let phase: Phase = override.isInForce(at: now) ? .inForce : now >= override.expires ? .expired : .pending
        let settled = known?.stability.settled
        var disagreesSince: Instant?
        if phase == .inForce, let known, override.microsegment(settled: known.stability.settled, inEffect: known.microsegment, tiers: tiers) != known.stability.settled {
            disagreesSince = max(override.from ?? known.stability.since, known.stability.since)
        }
        let advice: String? =
            switch (phase, settled) {
            case (.expired, _): "take it out: it has expired"
            case (_, nil): "no entity of this name was ever assigned: see whether it is written rightly"
            case (.inForce, _) where disagreesSince == nil: "the rules say so too: let it end"
            default: nil
            }
        return Entry(
            override: override, phase: phase, settled: settled, inEffect: known?.microsegment, disagreesSince: disagreesSince, advice: advice)
    }
}

extension OverrideReview.Entry {
    package var text: String {
        var line = "\(override.id): \(override.entity) \(override.text) of \(override.scheme), \(phase.rawValue), until \(override.expires), by \(override.owner): \(override.reason)"
        if let settled, let inEffect { line += "\n  the rules say \(settled), in effect is \(inEffect)" }
        if let disagreesSince { line += "; they disagree since \(disagreesSince)" }
        if let advice { line += "\n  \(advice)" }
        return line
    }

    package var value: Value {
        .context(ContextValue([
            ("override", .string(override.id)), ("scheme", .string(override.scheme)), ("entity", .string(override.entity.description)),
            ("decides", .string(override.text)), ("phase", .string(phase.rawValue)),
            ("from", override.from.map { .string($0.description) } ?? .null), ("expires", .string(override.expires.description)),
            ("owner", .string(override.owner)), ("reason", .string(override.reason)), ("settled", settled.map(Value.string) ?? .null),
            ("inEffect", inEffect.map(Value.string) ?? .null), ("disagreesSince", disagreesSince.map { .string($0.description) } ?? .null),
            ("advice", advice.map(Value.string) ?? .null),
        ]))
    }
}
