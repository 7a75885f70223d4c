package import Diagnostics
package import Values

/// What a table answers for one row.
package struct TableOutcome: Hashable, Sendable {
    /// Numbers of the rules that decided, from 1: one for a policy of one answer; for the others all that matched, ascending,
    /// or with OUTPUT ORDER as the outputs are ordered. Empty where none matched.
    package let matchedRules: [Int]
    /// One value an output column; none where no rule matched and no column has a default. With policies of several answers
    /// each is the list of the matched rules' values, or their sum, minimum, maximum or count.
    package let outputs: [Value]
    /// Why there is no answer though the standard profile goes on with null: a broken policy, a value outside the listed ones.
    package let refusal: Diagnostic?

    package init(matchedRules: [Int], outputs: [Value], refusal: Diagnostic? = nil) {
        self.matchedRules = matchedRules
        self.outputs = outputs
        self.refusal = refusal
    }

    package static let none = TableOutcome(matchedRules: [], outputs: [])
}
