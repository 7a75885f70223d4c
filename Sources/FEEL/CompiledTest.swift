import Diagnostics
package import Values

/// The unary tests of one decision table cell, checked and compiled.
package struct CompiledTest: Sendable {
    package let source: String
    /// The layout slots that the tests read besides their input, ascending.
    package let slots: [Int]
    package let readsClock: Bool
    /// The numbers that the input is compared with, ascending: where the answer can change as the input moves.
    package let thresholds: [ExactDecimal]
    /// Whether the cell is `-`, which holds for every input.
    package let isAny: Bool
    /// The tests in normal form, or nil where one is not over constants.
    package let constraint: TestConstraint?

    let codes: [Part]
    let isNegated: Bool
    let localCount: Int
    let isStrict: Bool
    let text: ExpressionSource
    let quick: QuickTest?

    /// Whether the input passes. Unknown is no: in the strict profile a comparison with null is false, so `not(< 24)` holds
    /// for null there; in the standard profile it is unknown, and so is its negation.
    /// - Parameters:
    ///   - input: the value that is tested, `?`.
    ///   - row: one value a slot of the layout.
    package func matches(_ input: Value, _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        if isAny { return true }
        if let answer = quick?.answer(input) { return answer != isNegated }
        var frame = Frame(row: row, localCount: localCount, context: context, isStrict: isStrict, text: text)
        frame.input = input
        do throws(Fault) {
            defer { context.account?.take(stepsLeft: frame.stepsLeft) }
            guard case .boolean(let answer) = try Compiler.any(codes, &frame) else { return false }
            return answer != isNegated
        } catch {
            throw EvaluationFailure(diagnostic: error.diagnostic(in: text))
        }
    }
}

/// Tests over constant numbers or strings alone, answered without a frame.
enum QuickTest: Sendable {
    case strings([String])
    case number(ComparisonOperator, ExactDecimal)
    case interval(ExactDecimal, lowClosed: Bool, ExactDecimal, highClosed: Bool)
    case numbers([ExactDecimal])

    init?(_ constraint: TestConstraint) {
        let strings = constraint.terms.compactMap { if case .value(.string(let string)) = $0 { string } else { nil } }
        let numbers = constraint.terms.compactMap { if case .value(.number(let number)) = $0 { number } else { nil } }
        if constraint.terms.isEmpty { return nil }
        if strings.count == constraint.terms.count {
            self = .strings(strings)
        } else if numbers.count == constraint.terms.count {
            self = .numbers(numbers)
        } else if constraint.terms.count == 1, case .interval(let range) = constraint.terms[0] {
            switch (range.lower, range.upper) {
            case (.number(let low), .number(let high)):
                self = .interval(low, lowClosed: range.includesLower, high, highClosed: range.includesUpper)
            case (.number(let low), nil): self = .number(range.includesLower ? .greaterOrEqual : .greater, low)
            case (nil, .number(let high)): self = .number(range.includesUpper ? .lessOrEqual : .less, high)
            default: return nil
            }
        } else {
            return nil
        }
    }

    /// Nil where the input is of another kind, which the compiled code answers.
    @inline(__always)
    func answer(_ input: Value) -> Bool? {
        switch (self, input) {
        case (.strings(let strings), .string(let value)): strings.contains(value)
        case (.numbers(let numbers), .number(let value)): numbers.contains(value)
        case (.number(let comparison, let number), .number(let value)): PlainTest.holds(comparison, value, number)
        case (.interval(let low, let lowClosed, let high, let highClosed), .number(let value)):
            (lowClosed ? value >= low : value > low) && (highClosed ? value <= high : value < high)
        default: nil
        }
    }
}
