/// A range of values, open or closed at either end, or without an end (DMN 1.5 section 10.3.2.7).
package struct RangeValue: Hashable, Sendable, CustomStringConvertible {
    /// Nil where the range has no lower end.
    package let lower: Value?
    package let upper: Value?
    package let includesLower: Bool
    package let includesUpper: Bool
    package let form: Form

    /// How a range is written, which its equality looks at: `(=10)` is not `[10..10]`.
    package enum Form: Hashable, Sendable {
        case interval
        /// `(=10)`: both ends are the value.
        case equal
        /// `(!=10)`: what is not the value. Both ends are the value, and neither is included.
        case unequal
    }

    /// An end that is nil is never included.
    package init(lower: Value?, includesLower: Bool, upper: Value?, includesUpper: Bool) {
        form = .interval
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower && lower != nil
        self.includesUpper = includesUpper && upper != nil
    }

    /// `(=10)`, or `(!=10)` where it is negated.
    package init(point: Value, isNegated: Bool) {
        form = isNegated ? .unequal : .equal
        lower = point
        upper = point
        includesLower = !isNegated
        includesUpper = !isNegated
    }

    /// `[1..5)`, or `(..5]` where there is no lower end; strings are quoted.
    package var description: String {
        switch form {
        case .equal: return "(=\(Self.endText(lower)))"
        case .unequal: return "(!=\(Self.endText(lower)))"
        case .interval: break
        }
        return "\(includesLower ? "[" : "(")\(Self.endText(lower))..\(Self.endText(upper))\(includesUpper ? "]" : ")")"
    }

    private static func endText(_ end: Value?) -> String {
        guard let end else { return "" }
        if case .string(let string) = end { return JSONText.quote(string) }
        return end.text
    }
}
