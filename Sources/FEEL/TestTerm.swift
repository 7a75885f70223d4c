package import Values

/// One test over constants: a single value or a range.
package enum TestTerm: Hashable, Sendable {
    case value(Value)
    case interval(RangeValue)

    /// `!= x` gives the term of `= x`; the caller negates.
    init?(_ comparison: ComparisonOperator, _ value: Value) {
        switch comparison {
        case .equal, .notEqual: self = .value(value)
        case _ where value == .null: return nil
        case .less: self = .interval(RangeValue(lower: nil, includesLower: false, upper: value, includesUpper: false))
        case .lessOrEqual: self = .interval(RangeValue(lower: nil, includesLower: false, upper: value, includesUpper: true))
        case .greater: self = .interval(RangeValue(lower: value, includesLower: false, upper: nil, includesUpper: false))
        case .greaterOrEqual: self = .interval(RangeValue(lower: value, includesLower: true, upper: nil, includesUpper: false))
        }
    }

    /// A bare value; nil for lists, whose members are tests of their own, for values that are compared in depth, and for `(=x)` and `(!=x)`.
    init?(value: Value) {
        switch value {
        case .range(let range):
            guard range.form == .interval else { return nil }
            self = .interval(range)
        case .list, .context: return nil
        default: self = .value(value)
        }
    }

    /// The numbers that it compares with.
    var numbers: [ExactDecimal] {
        let values: [Value?] = switch self {
        case .value(let value): [value]
        case .interval(let range): [range.lower, range.upper]
        }
        return values.compactMap { if case .number(let number) = $0 { number } else { nil } }
    }
}

/// The tests of a cell in normal form, where every test is over constants: what analysis and columnar plans work with.
package struct TestConstraint: Hashable, Sendable {
    /// The cell holds where any term does; with no terms it holds for every input.
    package let terms: [TestTerm]
    /// Set for `not(...)` and `!= x`: the cell holds where no term does.
    package let isNegated: Bool
}
