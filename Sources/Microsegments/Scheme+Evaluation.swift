import DecisionTables
package import Attributes
import Diagnostics
package import FEEL
import Records
package import Values

/// What a scheme's rules say for one entity, before stability, overrides and floors.
package struct ComputedAssignment: Sendable, Hashable {
    package let microsegment: String
    /// 1-based row of the decision table that matched.
    package let rule: Int
    /// The cluster that the rules saw; null for an entity in none, nil where the scheme has no clusters.
    package let cluster: Value?
    /// When time alone can next change the answer; nil where it cannot.
    package let nextChange: Instant?
}

extension Scheme {
    /// Applies the rules to one entity's attributes. The same function serves live runs, full runs and explanation.
    ///
    /// Fails where no rule matches, where a cell fails, or where the answer is no micro-segment of the scheme.
    package func compute(_ row: AttributeRow, own: Fact?, context: EvaluationContext) throws(EvaluationFailure) -> ComputedAssignment {
        let inputs = try ruleInputs(row.values, context: context), outcome = try table.evaluate(inputs, context)
        let (answer, rule) = try named(by: outcome, row.entity)
        return ComputedAssignment(
            microsegment: answer, rule: rule, cluster: clusters.map { _ in inputs[plan.definitions.count] }, nextChange: nextChange(of: outcome, row, own: own, context: context))
    }

    /// The micro-segment that an outcome of the rules names, and the rule.
    func named(by outcome: TableOutcome, _ entity: EntityKey) throws(EvaluationFailure) -> (microsegment: String, rule: Int) {
        guard let rule = outcome.matchedRules.first, let output = outcome.outputs.first else {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .schemeNoRule, .error, "no rule of scheme \(name) matches \(entity)", at: SourcePosition(file: file),
                hint: "add a last row with `-` in every input cell"))
        }
        guard case .string(let answer) = output, microsegment(answer) != nil else {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .schemeUnknownMicrosegment, .error, "rule \(rule) of scheme \(name) answers \(output.text), which is no micro-segment of it",
                at: SourcePosition(file: file), hint: "declare it under microsegments"))
        }
        return (answer, rule)
    }

    /// The first instant at which time alone gives another answer: a window that changes, or a comparison with a time that
    /// is left. The rules are asked at each instant at which a comparison can begin to hold otherwise, in order, so that an
    /// entity is not woken for nothing. A scheme with a period has no such instant: the next run sees what changed.
    private func nextChange(
        of outcome: TableOutcome, _ row: AttributeRow, own: Fact?, context: EvaluationContext
    ) -> Instant? {
        guard cadence == .live else { return nil }
        var candidates: Set<Instant> = []
        for (attribute, threshold) in table.slotThresholds where attribute < plan.definitions.count {
            candidates.formUnion(plan.changes(of: attribute, own: own, threshold: threshold, context: context))
        }
        for candidate in candidates.sorted() {
            if let window = row.windowChange, window <= candidate { break }
            if answers(outcome, row, own: own, at: candidate, context: context) { continue }
            return candidate
        }
        return row.windowChange
    }

    /// Whether the rules still give the same answer at a later instant. Where they fail there they are asked then, so that
    /// the failure is told.
    private func answers(
        _ outcome: TableOutcome, _ row: AttributeRow, own: Fact?, at instant: Instant, context: EvaluationContext
    ) -> Bool {
        var later = context
        later.now = instant
        do throws(EvaluationFailure) {
            return try table.evaluate(ruleInputs(plan.row(row, own: own, at: later).values, context: later), later) == outcome
        } catch {
            return false
        }
    }
}
