extension ExactDecimal {
    /// The number in units of `10^-scale`, rounded down, and whether it is that many units exactly. A number past 10^37
    /// units gives 10^37, of its sign: beyond every Int64.
    package func units(scale wanted: Int) -> (floor: Int128, isExact: Bool) {
        if isZero { return (0, true) }
        let steps = wanted - scale
        if steps >= 0 {
            guard Powers.digits(coefficient.magnitude) + steps <= 37 else {
                return (isNegative ? -Int128(Powers.of10[37]) : Int128(Powers.of10[37]), false)
            }
            return (coefficient * Int128(Powers.of10[steps]), true)
        }
        guard -steps <= 37 else { return (isNegative ? -1 : 0, false) }
        let (quotient, remainder) = coefficient.quotientAndRemainder(dividingBy: Int128(Powers.of10[-steps]))
        return (remainder < 0 ? quotient - 1 : quotient, remainder == 0)
    }
}
