extension ExactDecimal {
    /// The binary number nearest to this one (IEEE 754 binary64, ties to even), the same on every machine.
    package var binary: Double {
        guard let number = Double(description) else { preconditionFailure("the text of a decimal is a number") }
        return number
    }

    /// A binary number, rounded half-even to some digits after the point and without zeros at its end. Nil for an infinity, for what is no number, and for
    /// what has more digits than a decimal.
    package init?(_ number: Double, scale: Int) {
        guard number.isFinite, let exact = ExactDecimal("\(number)") else { return nil }
        self = exact.rounded(scale: scale).normalized
    }
}
