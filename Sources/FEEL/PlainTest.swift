import Values

/// A field against a number, a string or null, such as `quantity > 0` or `item != null`: the usual condition, which needs nothing of an
/// evaluation but the row.
struct PlainTest: Sendable {
    let comparison: ComparisonOperator
    let slot: Int
    private let constant: Value
    /// The constant, where it is a number.
    private let number: ExactDecimal?

    /// Nil where the constant is of another kind, or null has no order.
    init?(_ comparison: ComparisonOperator, _ slot: Int, _ constant: Value) {
        switch constant {
        case .number, .string: break
        case .null: guard comparison == .equal || comparison == .notEqual else { return nil }
        default: return nil
        }
        (self.comparison, self.slot, self.constant) = (comparison, slot, constant)
        number = if case .number(let number) = constant { number } else { nil }
    }

    /// The answer, or nil where the field's value is of another kind than the constant.
    @inline(__always)
    func answer(_ row: [Value]) -> Bool? {
        switch row[slot] {
        case .number(let value):
            if let number { return Self.holds(comparison, value, number) }
        case .string(let value):
            if case .string(let string) = constant { return Self.holds(comparison, value, string) }
        case .null:
            guard case .null = constant else { return nil }
            return comparison == .equal
        default: break
        }
        guard case .null = constant else { return nil }
        return comparison == .notEqual
    }

    @inline(__always)
    static func holds<T: Comparable>(_ comparison: ComparisonOperator, _ left: T, _ right: T) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: !(right < left)
        case .greater: right < left
        case .greaterOrEqual: !(left < right)
        }
    }
}
