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
        /// Whether the rules say something else than what they have settled: their answer waits.
        package let isWaiting: Bool
        /// What the entity is worth beside the others of both micro-segments; nil where they agree or the scheme measures no value.
        package let outcome: Outcome?
        /// What the owner may want to do; nil where there is nothing.
        package let advice: String?
    }

    /// The value of an entity (the scheme's `value`) beside the medians of those that are where it was put, and of those that are where the
    /// rules would have it. Entities under an override are not among them.
    package struct Outcome: Sendable, Hashable {
        package let value: ExactDecimal
        package let ofEffective: ExactDecimal
        package let ofSettled: ExactDecimal

        /// Whether it is nearer to those among whom it was put.
        var isBorneOut: Bool {
            guard let here = try? value.subtracting(ofEffective), let there = try? value.subtracting(ofSettled) else { return false }
            return here.magnitude < there.magnitude
        }
    }

    package let entries: [Entry]

    package init(_ overrides: OverrideSet, schemes: [Scheme], store: Store, now: Instant) throws {
        var medians: [String: [String: ExactDecimal]] = [:]
        for scheme in schemes where scheme.valueSlot != nil && overrides.all.contains(where: { $0.scheme == scheme.name }) {
            medians[scheme.name] = Self.medians(try store.standings(scheme: scheme.name).filter { overrides.inForce(scheme: scheme.name, entity: $0.entity, at: now) == nil })
        }
        entries = try overrides.all.map { override in
            let known = try store.standing(scheme: override.scheme, override.entity)
            return Self.entry(override, known, of: schemes.first { $0.name == override.scheme }, medians[override.scheme] ?? [:], now: now)
        }.sorted { ($0.override.scheme, $0.override.entity, $0.override.id) < ($1.override.scheme, $1.override.entity, $1.override.id) }
    }

    /// The median value of the members of each micro-segment; of an even number of them the lower.
    private static func medians(_ standings: [Standing]) -> [String: ExactDecimal] {
        Dictionary(grouping: standings, by: \.microsegment).mapValues { members in members.map(\.value).sorted()[(members.count - 1) / 2] }
    }

    private static func entry(_ override: Override, _ known: Standing?, of scheme: Scheme?, _ medians: [String: ExactDecimal], now: Instant) -> Entry {
        let phase: Phase = override.isInForce(at: now) ? .inForce : now >= override.expires ? .expired : .pending
        let settled = known?.stability.settled
        var disagreesSince: Instant?
        if phase == .inForce, let known, let scheme, scheme.effective(override, settled: known.stability.settled, inEffect: known.microsegment) != known.stability.settled {
            disagreesSince = max(override.from ?? known.stability.since, known.stability.since)
        }
        var outcome: Outcome?
        if disagreesSince != nil, let known, let here = medians[known.microsegment], let there = medians[known.stability.settled] {
            outcome = Outcome(value: known.value, ofEffective: here, ofSettled: there)
        }
        let isWaiting = known.map { $0.computed != $0.stability.settled } ?? false
        let advice: String? =
            switch (phase, settled) {
            case (.expired, _): "take it out: it has expired"
            case (_, nil): "no entity of this name was ever assigned: see whether it is written rightly"
            case (.inForce, _) where disagreesSince == nil && !isWaiting: "the rules say so too: let it end"
            default: outcome.map { $0.isBorneOut ? "keep it: it does as those among whom it was put" : "drop it: it does as the rules say" }
            }
        return Entry(
            override: override, phase: phase, settled: settled, inEffect: known?.microsegment, disagreesSince: disagreesSince, isWaiting: isWaiting, outcome: outcome,
            advice: advice)
    }
}

extension OverrideReview.Entry {
    package var text: String {
        var line = "\(override.id): \(override.entity.told) \(override.text) of \(override.scheme), \(phase.rawValue), until \(override.expires), by \(override.owner): \(override.reason)"
        if let settled, let inEffect { line += "\n  the rules say \(settled), in effect is \(inEffect)" }
        if let disagreesSince { line += "; they disagree since \(disagreesSince)" }
        if let outcome, let settled, let inEffect {
            line += "\n  its value is \(outcome.value); the median of \(inEffect) is \(outcome.ofEffective), of \(settled) \(outcome.ofSettled)"
        }
        if let advice { line += "\n  \(advice)" }
        return line
    }

    package var value: Value {
        .context(ContextValue([
            ("override", .string(override.id)), ("scheme", .string(override.scheme)), ("entity", .string(override.entity.description)),
            ("decides", .string(override.text)), ("phase", .string(phase.rawValue)),
            ("from", override.from.map { .string($0.description) } ?? .null), ("expires", .string(override.expires.description)),
            ("owner", .string(override.owner)), ("reason", .string(override.reason)), ("settled", settled.map(Value.string) ?? .null),
            ("inEffect", inEffect.map(Value.string) ?? .null), ("value", outcome.map { .number($0.value) } ?? .null),
            ("medianInEffect", outcome.map { .number($0.ofEffective) } ?? .null), ("medianSettled", outcome.map { .number($0.ofSettled) } ?? .null), ("disagreesSince", disagreesSince.map { .string($0.description) } ?? .null),
            ("advice", advice.map(Value.string) ?? .null),
        ]))
    }
}
