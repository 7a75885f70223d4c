package import Attributes
package import FEEL
package import Records
package import Values

/// Which micro-segment an entity is in, in effect, and why.
package struct Assignment: Sendable, Hashable {
    package enum Cause: Hashable, Sendable {
        /// The rules, through stability.
        case rules(StabilityOutcome.Verdict)
        /// An override by its identifier.
        case override(String)
    }

    package let scheme: String
    package let entity: EntityKey
    /// The micro-segment in effect.
    package let microsegment: String
    package let cause: Cause
    /// What the rules say, whether in effect or not.
    package let computed: ComputedAssignment
    package let stability: StabilityState
    /// When to evaluate the entity again although no record arrived, after now; nil where time alone changes nothing. In a
    /// scheme with a period only overrides set it: see ``Scheme/inForce(_:settled:overrides:at:)``.
    package let nextChange: Instant?
}

extension Scheme {
    /// The one evaluator (ARCHITECTURE.md, invariant 5): attributes to computed answer, through stability and
    /// overrides, to the assignment in effect.
    ///
    /// - Parameters:
    ///   - state: the entity's memory, nil on first sight.
    ///   - overrides: the overrides of the state; expired or not yet begun ones never apply.
    ///   - schemeChanged: the scheme changed since `state` was last folded.
    package func assign(
        _ row: AttributeRow, own: Fact?, state: StabilityState?, overrides: OverrideSet, schemeChanged: Bool,
        context: EvaluationContext
    ) throws(EvaluationFailure) -> Assignment {
        let computed = try compute(row, own: own, context: context)
        let outcome = stability.fold(
            computed.microsegment, into: state, at: context.now, schemeChanged: schemeChanged)
        let override = overrides.inForce(scheme: name, entity: row.entity, at: context.now)
        // A scheme with a period asks its rules again in its next run, and not before; an override begins and ends by itself.
        let changes = [
            computed.nextChange, cadence == .live ? outcome.askAgain : nil,
            overrides.nextChange(scheme: name, entity: row.entity, after: context.now),
        ]
        return Assignment(
            scheme: name, entity: row.entity, microsegment: override?.microsegment ?? outcome.state.settled,
            cause: override.map { .override($0.id) } ?? .rules(outcome.verdict), computed: computed,
            stability: outcome.state, nextChange: changes.compactMap { $0 }.min())
    }

    /// Where an entity stands by what the rules settled before and the overrides of now. It serves ticks of a scheme with a
    /// period, whose rules only a full run can ask: an override begins, and an expired one ends, at its instant.
    ///
    /// - Returns: the micro-segment in effect, the override behind it (nil: the rules), and when that next changes.
    package func inForce(
        _ entity: EntityKey, settled: String, overrides: OverrideSet, at now: Instant
    ) -> (microsegment: String, override: Override?, nextChange: Instant?) {
        let override = overrides.inForce(scheme: name, entity: entity, at: now)
        return (
            override?.microsegment ?? settled, override,
            overrides.nextChange(scheme: name, entity: entity, after: now)
        )
    }
}
