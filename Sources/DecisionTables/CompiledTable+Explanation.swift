package import FEEL
package import Values

/// Why a rule did or did not match a row.
package struct RuleExplanation: Hashable, Sendable {
    /// From 1.
    package let rule: Int
    /// The first cell that did not hold; nil where the rule matched.
    package let failed: FailedCell?

    package var isMatch: Bool { failed == nil }
}

/// An input cell that did not hold for a row.
package struct FailedCell: Hashable, Sendable {
    /// 1-based input column.
    package let column: Int
    /// The column's header, such as `hours to promise`.
    package let input: String
    /// The cell as written, such as `< 24`.
    package let test: String
    /// What the input was.
    package let value: Value
}

extension CompiledTable {
    /// For each rule, whether it matches the row or which cell is the first that does not. The hit policy takes no part: rules
    /// past the one that decided are explained too.
    package func explain(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [RuleExplanation] {
        let values = try inputValues(row, context)
        var explanations: [RuleExplanation] = []
        explanations.reserveCapacity(rules.count)
        for (index, rule) in rules.enumerated() {
            var failed: FailedCell?
            for cell in rule.tests where try !cell.test.matches(values[cell.input], row, context) {
                failed = FailedCell(
                    column: cell.input + 1, input: table.inputs[cell.input].header.text, test: cell.test.source,
                    value: values[cell.input])
                break
            }
            explanations.append(RuleExplanation(rule: index + 1, failed: failed))
        }
        return explanations
    }
}
