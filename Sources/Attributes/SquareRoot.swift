import Values

/// Square roots of exact decimals by integer arithmetic, so that every machine gives the same digits.
enum SquareRoot {
    /// The root of a number from 0 to below 2^63, rounded half up to a scale of at most 9; nil outside of that.
    ///
    /// The root of `m × 10^-2s` is `isqrt(m) × 10^-s`; one more digit than asked for is computed and rounded away.
    static func of(_ number: ExactDecimal, scale: Int) -> ExactDecimal? {
        guard !number.isNegative, (0...9).contains(scale) else { return nil }
        let digits = scale + 1
        // Three parts of the number, each of which fits 64 bits: whole, and twice as many digits as the root gets.
        guard let whole = number.rounded(scale: 0, .down).integer,
            let upper = part(number, digits: digits, after: 0), let lower = part(number, digits: digits, after: digits)
        else { return nil }
        let unit = (0..<digits).reduce(UInt128(1)) { unit, _ in unit * 10 }
        let root = root(UInt128(whole) * unit * unit + UInt128(upper) * unit + UInt128(lower))
        return Int64(exactly: root).map { ExactDecimal(coefficient: $0, scale: digits).rounded(scale: scale, .halfUp) }
    }

    /// Some digits after the point of a number, as an integer.
    private static func part(_ number: ExactDecimal, digits: Int, after start: Int) -> Int64? {
        let upTo = number.rounded(scale: start + digits, .down), before = number.rounded(scale: start, .down)
        do throws(ArithmeticFailure) {
            return try upTo.subtracting(before).rounded(scale: start + digits).coefficient64
        } catch {
            return nil
        }
    }

    /// Greatest integer whose square is at most `value`, by Newton's method from above.
    private static func root(_ value: UInt128) -> UInt128 {
        guard value > 1 else { return value }
        var guess = UInt128(1) << ((128 - UInt128(value.leadingZeroBitCount) + 1) / 2)
        while true {
            let better = (guess + value / guess) / 2
            if better >= guess { return guess }
            guess = better
        }
    }
}
