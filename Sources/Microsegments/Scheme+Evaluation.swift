import DecisionTables
package import Attributes
import Diagnostics
package import FEEL
package import Values

/// What a scheme's rules say for one entity, before stability, overrides and floors.
package struct ComputedAssignment: Sendable, Hashable {
    package let microsegment: String
    /// 1-based row of the decision table that matched.
    package let rule: Int
    /// When time alone can next change the answer; nil where it cannot.
    package let nextChange: Instant?
}

extension Scheme {
    /// Applies the rules to one entity's attributes. The same function serves live runs, full runs and explanation.
    ///
    /// Fails where no rule matches, where a cell fails, or where the answer is no micro-segment of the scheme.
    package func compute(_ row: AttributeRow, own: Fact?, context: EvaluationContext) throws(EvaluationFailure) -> ComputedAssignment {
        let outcome = try table.evaluate(row.values, context)
        guard let rule = outcome.matchedRules.first, let output = outcome.outputs.first else {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .schemeNoRule, .error, "no rule of scheme \(name) matches \(row.entity)", at: SourcePosition(file: file),
                hint: "add a last row with `-` in every input cell"))
        }
        guard case .string(let answer) = output, microsegment(answer) != nil else {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .schemeUnknownMicrosegment, .error, "rule \(rule) of scheme \(name) answers \(output.text), which is no micro-segment of it",
                at: SourcePosition(file: file), hint: "declare it under microsegments"))
        }
        return ComputedAssignment(
            microsegment: answer, rule: rule, nextChange: nextChange(row, own: own, context: context))
    }

    private func nextChange(_ row: AttributeRow, own: Fact?, context: EvaluationContext) -> Instant? {
        var first = row.windowChange
        for (attribute, threshold) in table.slotThresholds {
            guard let change = plan.nextChange(of: attribute, own: own, threshold: threshold, context: context) else { continue }
            first = first.map { min($0, change) } ?? change
        }
        return first
    }
}
