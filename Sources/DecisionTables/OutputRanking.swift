import FEEL
import Values

/// The order that the output values of a table give its outputs (DMN 1.5 section 8.2.8): the first column that lists values
/// counts most; columns that list none take no part.
struct OutputRanking: Sendable {
    /// The terms of each output column in order, or nil where the column lists none.
    private let terms: [[TestTerm]?]
    private let profile: FEELProfile

    /// Nil where a column lists values that have no order: tests that are not over constants, or a negation.
    init?(_ values: [CompiledTest?], profile: FEELProfile) {
        var terms: [[TestTerm]?] = []
        for test in values {
            guard let test else {
                terms.append(nil)
                continue
            }
            guard let constraint = test.constraint, !constraint.isNegated, !test.isAny else { return nil }
            terms.append(constraint.terms)
        }
        self.terms = terms
        self.profile = profile
    }

    var isEmpty: Bool { terms.allSatisfy { $0 == nil } }

    /// The place of each ranked column's value among its output values; smaller numbers come first. A value that is not
    /// listed comes after all that are.
    func rank(_ outputs: [Value], _ context: EvaluationContext) -> [Int] {
        zip(terms, outputs).compactMap { terms, value in
            terms.map { terms in terms.firstIndex { holds($0, value, context) } ?? terms.count }
        }
    }

    private func holds(_ term: TestTerm, _ value: Value, _ context: EvaluationContext) -> Bool {
        switch term {
        case .value(let listed): FEEL.order(listed, value, context, profile: profile).map { $0 == 0 } ?? (listed == value)
        case .interval(let range):
            holds(range.lower, range.includesLower, isUpper: false, value, context)
                && holds(range.upper, range.includesUpper, isUpper: true, value, context)
        }
    }

    private func holds(_ end: Value?, _ isIncluded: Bool, isUpper: Bool, _ value: Value, _ context: EvaluationContext) -> Bool {
        guard let end, end != .null else { return true }
        guard let order = FEEL.order(value, end, context, profile: profile) else { return false }
        return order == 0 ? isIncluded : (order < 0) == isUpper
    }
}
