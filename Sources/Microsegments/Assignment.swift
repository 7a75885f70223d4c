package import Attributes
package import FEEL
package import Records
package import Values

/// Which micro-segment an entity is in, in effect, and why.
package struct Assignment: Sendable, Hashable {
    package enum Cause: Hashable, Sendable {
        /// The rules, through stability.
        case rules
        /// An override by its identifier.
        case override(String)
    }

    package let scheme: String
    package let entity: EntityKey
    /// The micro-segment in effect.
    package let microsegment: String
    package let cause: Cause
    /// What stability made of the rules' answer.
    package let verdict: StabilityOutcome.Verdict
    /// What the rules say, whether in effect or not.
    package let computed: ComputedAssignment
    /// What the entity is worth to the scheme.
    package let value: ExactDecimal
    package let stability: StabilityState
    /// When to evaluate the entity again although no record arrived, after now; nil where time alone changes nothing. In a
    /// scheme with a period only overrides set it.
    package let nextChange: Instant?
}

extension Scheme {
    /// The one evaluator (ARCHITECTURE.md, invariant 5): attributes to computed answer, through floors of size, stability, downgrade
    /// protection and overrides, to the assignment in effect.
    ///
    /// - Parameters:
    ///   - state: the entity's memory, nil on first sight.
    ///   - inEffect: the micro-segment in effect before, nil on first sight.
    ///   - overrides: the overrides of the state; expired or not yet begun ones never apply.
    ///   - schemeChanged: the scheme changed since `state` was last folded.
    ///   - formerTiers: the tiers of the scheme as it was then, where the settled micro-segment is no more.
    ///   - isStale: a feed whose records the scheme needs fresh has gone silent: nobody is lowered.
    ///   - merges: micro-segments that are too small, and where their members go.
    ///   - admission: whether the budget lets a move take effect.
    package func assign(
        _ row: AttributeRow, own: Fact?, state: StabilityState?, inEffect: String? = nil, overrides: OverrideSet, schemeChanged: Bool,
        formerTiers: [String] = [], isStale: Bool = false, merges: [String: String] = [:], admission: ChurnBudget.Admission = .free, context: EvaluationContext
    ) throws(EvaluationFailure) -> Assignment {
        let computed = try compute(row, own: own, context: context)
        let answer = merges[computed.microsegment] ?? computed.microsegment
        let outcome = settle(
            answer, row.values, from: state, formerTiers: formerTiers, schemeChanged: schemeChanged, isStale: isStale, admission: admission, context: context)
        let override = overrides.inForce(scheme: name, entity: row.entity, at: context.now)
        // A scheme with a period asks its rules again in its next run, and not before; an override begins and ends by itself.
        let changes = [
            computed.nextChange, cadence == .live ? outcome.askAgain : nil,
            overrides.nextChange(scheme: name, entity: row.entity, after: context.now),
        ]
        let settled = outcome.state.settled
        return Assignment(
            scheme: name, entity: row.entity,
            microsegment: effective(override, settled: settled, inEffect: inEffect, floor: floor(of: row.values)),
            cause: override.map { .override($0.id) } ?? .rules, verdict: outcome.verdict, computed: computed, value: worth(row.values),
            stability: outcome.state, nextChange: changes.compactMap { $0 }.min())
    }

    /// The micro-segment in effect: what is settled, unless an override says otherwise. One that is no more holds nobody. No override goes below
    /// the floor of the entity, nor, where nobody can tell that, below what is settled.
    package func effective(_ override: Override?, settled: String, inEffect: String?, floor: TierFloor = .none) -> String {
        guard let override else { return settled }
        let known = inEffect.flatMap { microsegment($0) == nil ? nil : $0 }
        let wanted = override.microsegment(settled: settled, inEffect: known, tiers: tiers)
        if floor == .unknown { return lowers(settled, to: wanted) ? settled : wanted }
        return lifted(wanted, to: floor)
    }

    /// Whether a move goes to a lower tier. Where one of the two is in no tier nobody can tell, so it counts as one; out of a micro-segment that is no more
    /// everybody has to go.
    package func lowers(_ settled: String?, to answer: String) -> Bool {
        if let settled, microsegment(settled) == nil { return false }
        guard let settled, let from = tiers.firstIndex(of: settled), let to = tiers.firstIndex(of: answer) else { return true }
        return to > from
    }
}
