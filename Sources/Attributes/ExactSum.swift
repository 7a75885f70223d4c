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

    /// The sum, or nil where it has more than 34 digits or a whole part of more than 64 bits.
    var value: ExactDecimal? {
        let units = whole + fraction / Self.unit, rest = fraction % Self.unit
        guard let integer = Int64(exactly: units), let part = Int64(exactly: rest) else { return nil }
        let small = ExactDecimal(coefficient: part, scale: Self.scaleMax).normalized
        return Self.exactSum(ExactDecimal(coefficient: integer), small)
    }

    private static func power(_ scale: Int) -> Int64 {
        var power: Int64 = 1
        for _ in 0..<scale { power *= 10 }
        return power
    }

    private static func difference(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? { exactSum(left, right.negated) }

    /// The sum, where 34 digits hold it: a rounded one has a smaller scale than its operands.
    private static func exactSum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
        do throws(ArithmeticFailure) {
            let sum = try left.adding(right)
            return sum.scale >= max(left.scale, right.scale) ? sum : nil
        } catch {
            return nil
        }
    }
}
