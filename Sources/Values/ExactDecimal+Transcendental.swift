/// Roots, logarithms and powers. Worked out with integers alone, in as many digits as it takes to know the 34th, so that the
/// answer is the correctly rounded one (half-even) and the same on every processor.
///
/// Ziv's strategy (1991): work to some bits, and where the error bound leaves the rounding open, work to twice as many. The
/// values of exp and log are never halfway between two decimals (Lindemann), and a power is only where it is exact; past
/// ``bitsMax`` the value is taken for exact.
extension ExactDecimal {
    private static let bitsMin = 256, bitsMax = 2048

    /// The square root. Throws for a negative number.
    package func squareRoot() throws(ArithmeticFailure) -> ExactDecimal {
        if isNegative { throw .undefined }
        if isZero { return .zero }
        // A root of 72 or 73 digits has 36 or 37, an even scale keeps the point whole, and one digit more says whether something follows.
        let digits = Powers.digits(coefficient.magnitude)
        var pad = 71 - digits
        if (scale + pad) % 2 != 0 { pad += 1 }
        let (root, isExact) = (BigNatural(coefficient.magnitude) * .powerOf10(pad)).squareRoot
        guard let whole = root.value else { preconditionFailure("a root of 72 digits has 36") }
        return try Self.settle(whole * 10 + (isExact ? 0 : 1), isNegative: false, scale: (scale + pad) / 2 + 1).normalized
    }

    /// e to the power of this.
    package func exponential() throws(ArithmeticFailure) -> ExactDecimal {
        if isZero { return .one }
        return try Self.refined { bits throws(ArithmeticFailure) in
            try Self.exponential(of: self.fixed(bits: bits), bits)
        }
    }

    /// The natural logarithm. Throws for zero and negative numbers.
    package func naturalLogarithm() throws(ArithmeticFailure) -> ExactDecimal {
        if isNegative || isZero { throw .undefined }
        if self == .one { return .zero }
        return try Self.refined { bits throws(ArithmeticFailure) in
            let logarithm = self.logarithm(bits: bits)
            return try Self.rounded(logarithm, exponent: 0, errorBits: 40)
        }
    }

    /// This to the power of another number. 0 to the power of 0 is 1. Throws for a negative base with an exponent that is not whole.
    package func power(_ exponent: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        if exponent.isZero { return .one }
        if isZero {
            if exponent.isNegative { throw .divisionByZero }
            return .zero
        }
        let isWhole = exponent.isInteger
        if isNegative, !isWhole { throw .undefined }
        if let whole = exponent.integer, let exact = exactPower(whole.magnitude) {
            return whole < 0 ? try ExactDecimal.one.divided(by: exact) : exact
        }
        let base = magnitude
        let isTurned = isNegative && !exponent.isEven
        if base == .one { return isTurned ? ExactDecimal(-1) : .one }
        // The logarithm is at least 10^-34 in size, so that past this exponent nothing is in range.
        if Powers.digits(exponent.coefficient.magnitude) - exponent.scale > 40 {
            if (base > .one) == exponent.isNegative { return .zero }
            throw .overflow
        }
        let size = try Self.refined { bits throws(ArithmeticFailure) in
            // The exponent multiplies the logarithm's error by less than 2^133.
            let work = bits + 160
            let product = base.logarithm(bits: work) * exponent.fixed(bits: work)
            return try Self.exponential(of: FixedPoint(product.magnitude >> 160, isNegative: product.isNegative, bits: bits), bits)
        }
        return isTurned ? size.negated : size
    }

    /// Whether this is a whole number and even.
    package var isEven: Bool {
        let plain = normalized
        return plain.scale < 0 || (plain.scale == 0 && plain.coefficient & 1 == 0)
    }

    /// Whether this is a whole number and odd.
    package var isOdd: Bool {
        let plain = normalized
        return plain.scale == 0 && plain.coefficient & 1 == 1
    }

    /// The power, where repeated multiplication drops no digit.
    private func exactPower(_ exponent: UInt) -> ExactDecimal? {
        guard exponent <= 1 << 20 else { return nil }
        var result: Int128 = 1, square = coefficient
        var left = exponent
        while left > 0 {
            if left & 1 == 1 {
                let (product, overflow) = result.multipliedReportingOverflow(by: square)
                if overflow { return nil }
                result = product
            }
            left >>= 1
            if left > 0 {
                let (product, overflow) = square.multipliedReportingOverflow(by: square)
                if overflow { return nil }
                square = product
            }
        }
        let (scale, overflow) = self.scale.multipliedReportingOverflow(by: Int(exponent))
        guard !overflow, result.magnitude < Self.coefficientLimit, scale >= Self.scaleMin, scale <= Self.scaleMax else { return nil }
        return ExactDecimal(settled: result, scale: scale)
    }

    // MARK: working precision

    /// Runs with more and more bits until the rounding is known.
    private static func refined(
        _ body: (Int) throws(ArithmeticFailure) -> ExactDecimal?
    ) throws(ArithmeticFailure) -> ExactDecimal {
        var bits = bitsMin
        while bits < bitsMax {
            if let result = try body(bits) { return result.normalized }
            bits *= 2
        }
        for bits in [bitsMax, bitsMax + 1] { if let result = try body(bits) { return result.normalized } }
        preconditionFailure("past the last precision each rounding is settled")
    }

    /// The number with so many bits after the point.
    private func fixed(bits: Int) -> FixedPoint {
        let size = BigNatural(coefficient.magnitude)
        if scale <= 0 { return FixedPoint((size * .powerOf10(-scale)) << bits, isNegative: isNegative, bits: bits) }
        return FixedPoint(size, over: .powerOf10(scale), isNegative: isNegative, bits: bits)
    }

    /// The natural logarithm of a positive number, within 2^30 units of the last bit.
    private func logarithm(bits: Int) -> FixedPoint {
        let (of2, of10) = FixedPoint.logarithms(bits: bits)
        let digits = Powers.digits(coefficient.magnitude)
        // x = n / d * 10^k * 2^-j with n / d from 0.7 to 1.4, whose atanh needs few terms.
        var numerator = BigNatural(coefficient.magnitude)
        let denominator = BigNatural.powerOf10(digits)
        var j = 0
        while numerator * BigNatural(10) < denominator * BigNatural(7) {
            numerator = numerator << 1
            j += 1
        }
        let isAbove = numerator >= denominator
        let difference = isAbove ? numerator - denominator : denominator - numerator
        let ratio = FixedPoint(difference, over: numerator + denominator, isNegative: !isAbove, bits: bits)
        return of10.times(digits - scale) - of2.times(j) + ratio.inverseHyperbolicTangent.times(2)
    }

    /// e to the power of `value`; nil where the rounding is not known.
    private static func exponential(of value: FixedPoint, _ bits: Int) throws(ArithmeticFailure) -> ExactDecimal? {
        let (_, of10) = FixedPoint.logarithms(bits: bits)
        // Past this, e^x is no decimal128: ln(10^6176) < 14221.
        guard let whole = value.nearest, abs(whole) < 14_300 else {
            if value.isNegative { return .zero }
            throw .overflow
        }
        let k = (whole * 1000) / 2303
        return try rounded((value - of10.times(k)).exponential, exponent: k, errorBits: 40)
    }

    /// `value * 10^exponent` to 34 digits, half-even; nil where the error of `2^errorBits` units of the last bit leaves that open.
    /// The value lies between 10^-40 and 10^20.
    private static func rounded(_ value: FixedPoint, exponent: Int, errorBits: Int) throws(ArithmeticFailure) -> ExactDecimal? {
        // log10(2) is 0.30103; the guess is mended by one or two.
        var scale = digitsMax - 1 - (value.magnitude.bitWidth - value.bits) * 30_103 / 100_000
        while true {
            let power = BigNatural.powerOf10(scale)
            let scaled = value.magnitude * power, whole = scaled >> value.bits
            guard let digits = whole.value, Powers.digits(digits) == digitsMax else {
                scale += whole < BigNatural(Powers.of10[digitsMax - 1]) ? 1 : -1
                continue
            }
            let rest = scaled - (whole << value.bits), half = BigNatural.one << (value.bits - 1)
            let distance = rest >= half ? rest - half : half - rest
            let isOpen = distance <= power << errorBits
            if isOpen, value.bits <= bitsMax { return nil }
            // Past the last precision, what is this near to halfway is exactly halfway: the even digit.
            let stepsUp = isOpen ? digits & 1 == 1 : rest > half
            return try settle(stepsUp ? digits + 1 : digits, isNegative: value.isNegative, scale: scale - exponent)
        }
    }
}
