import Values

/// A field against a number, a string or null, such as `quantity > 0` or `item != null`: the usual condition, which needs nothing of an
/// evaluation but the row.
struct PlainTest: Sendable {
    let comparison: ComparisonOperator
    let slot: Int
    let constant: Value

    /// Nil where the constant is of another kind, or null has no order.
    init?(_ comparison: ComparisonOperator, _ slot: Int, _ constant: Value) {
        switch constant {
        case .number, .string: break
        case .null: guard comparison == .equal || comparison == .notEqual else { return nil }
        default: return nil
        }
        (self.comparison, self.slot, self.constant) = (comparison, slot, constant)
    }

    /// The answer, or nil where the field's value is of another kind than the constant.
    @inline(__always)
    func answer(_ row: [Value]) -> Bool? {
        switch (row[slot], constant) {
        case (.number(let value), .number(let number)): Self.holds(comparison, value, number)
        case (.string(let value), .string(let string)): Self.holds(comparison, value, string)
        case (.null, .null): comparison == .equal
        case (_, .null): comparison == .notEqual
        default: nil
        }
    }

    @inline(__always)
    static func holds<T: Comparable>(_ comparison: ComparisonOperator, _ left: T, _ right: T) -> Bool {
        switch comparison {
        case .equal: left == right
        case .notEqual: left != right
        case .less: left < right
        case .lessOrEqual: left <= right
        case .greater: left > right
        case .greaterOrEqual: left >= right
        }
    }
}
