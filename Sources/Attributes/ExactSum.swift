import Values

/// An exact sum of decimals: the order in which numbers are added makes no difference.
///
/// A number is split at its point, and both parts are added as integers. Digits past the 18th after the point are
/// rounded away, half-even, before a number is added, so that what each number contributes depends on it alone.
struct ExactSum: Sendable {
    /// Digits after the point that are summed exactly.
    static let scaleMax = 18
    private static let unit: Int128 = 1_000_000_000_000_000_000

    // 2^63 numbers of 2^63 fit 126 bits, so neither part can overflow.
    private var whole: Int128 = 0
    private var fraction: Int128 = 0

    /// Adds one number; false, and nothing is added, where its whole part does not fit 64 bits.
    mutating func add(_ number: ExactDecimal) -> Bool {
        let fine = number.scale > Self.scaleMax ? number.rounded(scale: Self.scaleMax) : number
        if let coefficient = fine.coefficient64, (0...Self.scaleMax).contains(fine.scale) {
            let unit = Self.power(fine.scale)
            whole += Int128(coefficient / unit)
            fraction += Int128(coefficient % unit) * (Self.unit / Int128(unit))
            return true
        }
        let truncated = fine.rounded(scale: 0, .down)
        guard let integer = truncated.integer, let rest = Self.difference(fine, truncated)?.rounded(scale: Self.scaleMax).coefficient64
        else { return false }
        whole += Int128(integer)
        fraction += Int128(rest)
        return true
    }

    static func + (left: ExactSum, right: ExactSum) -> ExactSum {
        var sum = left
        sum.whole += right.whole
        sum.fraction += right.fraction
        return sum
    }

    static func - (left: ExactSum, right: ExactSum) -> ExactSum {
        var sum = left
        sum.whole -= right.whole
        sum.fraction -= right.fraction
        return sum
    }

    /// The sum, or nil where it has more than 34 digits or a whole part of more than 64 bits.
    var value: ExactDecimal? { parts.flatMap { Self.exactSum($0.whole, $0.fraction) } }

    /// The sum, to 34 digits half-even; nil where its whole part has more than 64 bits.
    var nearest: ExactDecimal? { parts.flatMap { Self.sum($0.whole, $0.fraction) } }

    /// The sum divided by a count and rounded half-even, once; nil where the whole part of the sum has more than 64 bits.
    ///
    /// - Parameter scale: digits after the point of the result, 0 to 18.
    func divided(by count: Int, scale: Int) -> ExactDecimal? {
        precondition(count > 0 && (0...Self.scaleMax).contains(scale), "a sum is divided by a count, to a scale of its own")
        let units = whole + fraction / Self.unit
        guard Int64(exactly: units) != nil else { return nil }
        // Below 2^63 × 10^18, which 123 bits hold.
        let total = whole * Self.unit + fraction
        let divisor = Int128(count) * Int128(Self.power(Self.scaleMax - scale))
        var (quotient, remainder) = total.quotientAndRemainder(dividingBy: divisor)
        let twice = 2 * remainder.magnitude
        if twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0) { quotient += total.signum() }
        let unit = Int128(Self.power(scale))
        guard let integer = Int64(exactly: quotient / unit), let rest = Int64(exactly: quotient % unit) else { return nil }
        // At most 19 digits and 18 more; both parts have the quotient's sign.
        return Self.exactSum(ExactDecimal(coefficient: integer), ExactDecimal(coefficient: rest, scale: scale))
    }

    private var parts: (whole: ExactDecimal, fraction: ExactDecimal)? {
        let units = whole + fraction / Self.unit, rest = fraction % Self.unit
        guard let integer = Int64(exactly: units), let part = Int64(exactly: rest) else { return nil }
        return (ExactDecimal(coefficient: integer), ExactDecimal(coefficient: part, scale: Self.scaleMax).normalized)
    }

    private static func power(_ scale: Int) -> Int64 {
        var power: Int64 = 1
        for _ in 0..<scale { power *= 10 }
        return power
    }

    private static func difference(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? { exactSum(left, right.negated) }

    /// The sum, where 34 digits hold it: a rounded one has a smaller scale than its operands.
    private static func exactSum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
        sum(left, right).flatMap { $0.scale >= max(left.scale, right.scale) ? $0 : nil }
    }

    /// The sum to 34 digits. That numbers of 64 bits and small scales overflow cannot be; nil says it if it is.
    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
        do throws(ArithmeticFailure) {
            return try left.adding(right)
        } catch {
            return nil
        }
    }
}
