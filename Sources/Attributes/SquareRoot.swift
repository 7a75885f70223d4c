import Values

/// Square roots of exact decimals by integer arithmetic, so that every machine gives the same digits.
enum SquareRoot {
    /// The root of a non-negative number, rounded half up to a scale; nil where the digits do not fit.
    ///
    /// The root of `m × 10^-2s` is `isqrt(m) × 10^-s`; one more digit than asked for is computed and rounded away.
    static func of(_ number: ExactDecimal, scale: Int) -> ExactDecimal? {
        guard !number.isNegative else { return nil }
        let digits = scale + 1
        let widened = number.rounded(scale: 2 * digits, .down)
        guard let coefficient = widened.coefficient64.map(UInt64.init) else { return nil }
        return ExactDecimal(coefficient: Int64(root(coefficient)), scale: digits).rounded(scale: scale, .halfUp)
    }

    /// Greatest integer whose square is at most `value`, by Newton's method from above.
    private static func root(_ value: UInt64) -> UInt64 {
        guard value > 1 else { return value }
        var guess = UInt64(1) << ((64 - UInt64(value.leadingZeroBitCount) + 1) / 2)
        while true {
            let better = (guess + value / guess) / 2
            if better >= guess { return guess }
            guess = better
        }
    }
}
