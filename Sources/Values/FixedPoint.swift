/// A binary number with a fixed count of bits after the point: what logarithms and powers are worked out in, with integers
/// alone, so that every processor gives the same digits.
struct FixedPoint {
    let magnitude: BigNatural
    let isNegative: Bool
    /// Bits after the point.
    let bits: Int

    init(_ magnitude: BigNatural, isNegative: Bool = false, bits: Int) {
        self.magnitude = magnitude
        self.isNegative = isNegative && !magnitude.isZero
        self.bits = bits
    }

    init(_ whole: Int, bits: Int) {
        self.init(BigNatural(UInt128(whole.magnitude)) << bits, isNegative: whole < 0, bits: bits)
    }

    /// `numerator / denominator`, rounded towards zero.
    init(_ numerator: BigNatural, over denominator: BigNatural, isNegative: Bool = false, bits: Int) {
        self.init((numerator << bits).dividing(by: denominator).quotient, isNegative: isNegative, bits: bits)
    }

    var negated: FixedPoint { FixedPoint(magnitude, isNegative: !isNegative, bits: bits) }

    static func + (left: FixedPoint, right: FixedPoint) -> FixedPoint {
        if left.isNegative == right.isNegative {
            return FixedPoint(left.magnitude + right.magnitude, isNegative: left.isNegative, bits: left.bits)
        }
        if left.magnitude >= right.magnitude {
            return FixedPoint(left.magnitude - right.magnitude, isNegative: left.isNegative, bits: left.bits)
        }
        return FixedPoint(right.magnitude - left.magnitude, isNegative: right.isNegative, bits: left.bits)
    }

    static func - (left: FixedPoint, right: FixedPoint) -> FixedPoint { left + right.negated }

    static func * (left: FixedPoint, right: FixedPoint) -> FixedPoint {
        FixedPoint((left.magnitude * right.magnitude) >> left.bits, isNegative: left.isNegative != right.isNegative, bits: left.bits)
    }

    static func / (left: FixedPoint, right: UInt32) -> FixedPoint {
        FixedPoint(left.magnitude / right, isNegative: left.isNegative, bits: left.bits)
    }

    func times(_ whole: Int) -> FixedPoint {
        FixedPoint(magnitude * BigNatural(UInt128(whole.magnitude)), isNegative: isNegative != (whole < 0), bits: bits)
    }

    /// The nearest whole number; nil where it does not fit.
    var nearest: Int? {
        let rounded = (magnitude + (BigNatural.one << (bits - 1))) >> bits
        guard let value = rounded.value, let whole = Int(exactly: value) else { return nil }
        return isNegative ? -whole : whole
    }

    // MARK: series

    /// atanh of a number below 0.6: x + x^3/3 + x^5/5 + ...
    var inverseHyperbolicTangent: FixedPoint {
        let square = self * self
        var power = self, sum = self
        var odd: UInt32 = 3
        while !power.magnitude.isZero {
            power = power * square
            sum = sum + power / odd
            odd += 2
        }
        return sum
    }

    /// ln 2 and ln 10, within a unit of the last bit.
    static func logarithms(bits: Int) -> (of2: FixedPoint, of10: FixedPoint) {
        let drop = constantBits - bits
        precondition(drop >= 64, "the constants have too few bits")
        return (FixedPoint(constants.of2.magnitude >> drop, bits: bits), FixedPoint(constants.of10.magnitude >> drop, bits: bits))
    }

    private static let constantBits = 2400

    /// By sums of atanh: 14 atanh(1/31) + 10 atanh(1/49) + 6 atanh(1/161), and with 46, 34 and 20.
    private static let constants: (of2: FixedPoint, of10: FixedPoint) = {
        func inverse(_ n: UInt128) -> FixedPoint { FixedPoint(.one, over: BigNatural(n), bits: constantBits).inverseHyperbolicTangent }
        let a = inverse(31), b = inverse(49), c = inverse(161)
        return (a.times(14) + b.times(10) + c.times(6), a.times(46) + b.times(34) + c.times(20))
    }()

    /// e to the power of a number below 3 in size.
    var exponential: FixedPoint {
        let halvings = 12
        let small = FixedPoint(magnitude >> halvings, isNegative: isNegative, bits: bits)
        var term = FixedPoint(1, bits: bits), sum = term
        var n: UInt32 = 1
        while !term.magnitude.isZero {
            term = term * small / n
            sum = sum + term
            n += 1
        }
        for _ in 0..<halvings { sum = sum * sum }
        return sum
    }
}
