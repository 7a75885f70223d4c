/// Powers of ten that 128 bits hold, and what is counted with them.
enum Powers {
    /// 10^0 ... 10^38.
    static let of10: [UInt128] = {
        var powers: [UInt128] = [1]
        for _ in 1...38 { powers.append(powers[powers.count - 1] * 10) }
        return powers
    }()

    /// 10^0 ... 10^18.
    static let small: [Int64] = of10[...18].map { Int64($0) }

    /// `value * 10^count`, or nil where 64 bits do not hold it.
    @inline(__always)
    static func scaled(_ value: Int64, by count: Int) -> Int64? {
        guard count <= 18 else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: small[count])
        return overflow ? nil : product
    }

    /// Number of decimal digits; 1 for zero.
    static func digits(_ value: UInt128) -> Int {
        let bits = 128 - value.leadingZeroBitCount
        // 1233 / 4096 approximates log10(2) from above closely enough for 128 bits.
        let guess = (bits * 1233) >> 12
        if guess > 38 { return 39 }
        return value >= of10[guess] ? guess + 1 : max(guess, 1)
    }

    /// Drops the last `count` digits of a magnitude below 2^128 by the rule.
    static func drop(_ count: Int, of value: UInt128, isNegative: Bool, _ rule: RoundingRule) -> UInt128 {
        if count <= 0 { return value }
        if count > 38 {
            let tail: RoundingRule.Tail = value == 0 ? .zero : .belowHalf
            return rule.stepsUp(isNegative: isNegative, isOdd: false, tail: tail) ? 1 : 0
        }
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: of10[count])
        return step(quotient, remainder, over: of10[count], isNegative: isNegative, rule)
    }

    /// `quotient`, or one more where `remainder / divisor` asks for it.
    static func step(
        _ quotient: UInt128, _ remainder: UInt128, over divisor: UInt128, isNegative: Bool, _ rule: RoundingRule
    ) -> UInt128 {
        let rest = divisor - remainder
        let tail: RoundingRule.Tail =
            remainder == 0 ? .zero : remainder < rest ? .belowHalf : remainder == rest ? .half : .aboveHalf
        return rule.stepsUp(isNegative: isNegative, isOdd: quotient & 1 == 1, tail: tail) ? quotient + 1 : quotient
    }
}
