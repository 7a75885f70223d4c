/// A range of values, open or closed at either end, or without an end (DMN 1.5 section 10.3.2.7).
package struct RangeValue: Hashable, Sendable, CustomStringConvertible {
    /// Nil where the range has no lower end.
    package let lower: Value?
    package let upper: Value?
    package let includesLower: Bool
    package let includesUpper: Bool

    /// An end that is nil is never included.
    package init(lower: Value?, includesLower: Bool, upper: Value?, includesUpper: Bool) {
        self.lower = lower
        self.upper = upper
        self.includesLower = includesLower && lower != nil
        self.includesUpper = includesUpper && upper != nil
    }

    /// `[1..5)`, or `(..5]` where there is no lower end; strings are quoted.
    package var description: String {
        "\(includesLower ? "[" : "(")\(Self.endText(lower))..\(Self.endText(upper))\(includesUpper ? "]" : ")")"
    }

    private static func endText(_ end: Value?) -> String {
        guard let end else { return "" }
        if case .string(let string) = end { return JSONText.quote(string) }
        return end.text
    }
}
