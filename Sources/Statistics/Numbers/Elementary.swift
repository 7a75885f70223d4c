/// Logarithm, exponential and power from sums, products and quotients alone, which IEEE 754 rounds in one way: they have the same bits on
/// every machine. A C library's differ in the last bit from one to the next. None is off by more than 1 unit in the last place; `power` within
/// about `|y ln x|` units.
package enum Elementary {
    /// ln 2 in two parts: the first has 21 zero bits at its end, so that its product with an exponent is exact.
    @usableFromInline static let lnTwoHigh = 0x1.62e42fefa38p-1
    @usableFromInline static let lnTwoLow = 0x1.ef35793c7673p-45

    /// Natural logarithm. Of 0 it is minus infinity, below 0 and of NaN it is NaN.
    @inlinable package static func ln(_ x: Double) -> Double {
        guard x > 0, x < .infinity else { return x == 0 ? -.infinity : x == .infinity ? x : .nan }
        var exponent = Double(x.exponent), significand = x.significand
        if significand > 1.4142135623730951 {
            significand *= 0.5
            exponent += 1
        }
        let f = significand - 1
        return exponent * lnTwoHigh + (f - (f * f * 0.5 - (tail(f) + exponent * lnTwoLow)))
    }

    /// Natural logarithm of `1 + x`, exact to the last places where `x` is near 0. Of -1 it is minus infinity, below it NaN.
    @inlinable package static func lnOnePlus(_ x: Double) -> Double {
        guard x > -1, x < .infinity else { return x == -1 ? -.infinity : x == .infinity ? x : .nan }
        if x > -0.29, x < 0.41 { return x - (x * x * 0.5 - tail(x)) }
        let sum = 1 + x
        // What was lost in the sum, to first order.
        let lost = x > 1 ? 1 - (sum - x) : x - (sum - 1)
        return ln(sum) + lost / sum
    }

    /// `ln(1 + f) - f + f^2/2`. With `s = f / (2 + f)`, `ln(1 + f) = 2 (s + s^3/3 + s^5/5 + ...)` and `2 s = f - s f`, so that the rest is
    /// `s (f^2/2 + 2 (s^2/3 + s^4/5 + ...))`. |s| < 0.1716, so what follows the tenth term is below 2^-57 of the first.
    @inlinable static func tail(_ f: Double) -> Double {
        let s = f / (2 + f), z = s * s
        let even = z * (2.0 / 3 + z * (2.0 / 5 + z * (2.0 / 7 + z * (2.0 / 9 + z * (2.0 / 11)))))
        let odd = z * z * z * z * z * z * (2.0 / 13 + z * (2.0 / 15 + z * (2.0 / 17 + z * (2.0 / 19 + z * (2.0 / 21)))))
        return s * (f * f * 0.5 + (even + odd))
    }

    /// Exponential. Above 709.78 it is infinity, below -745.13 it is 0.
    @inlinable package static func exp(_ x: Double) -> Double {
        if x.isNaN { return x }
        if x > 709.782712893384 { return .infinity }
        if x < -745.1332191019412 { return 0 }
        let power = (x * 1.4426950408889634).rounded()
        let (r, lost) = reduced(x, power)
        return scaled(1 + (r + (lost + r * r * curve(r))), Int(power))
    }

    /// `exp(x) - 1`, exact to the last places where `x` is near 0.
    @inlinable package static func expMinusOne(_ x: Double) -> Double {
        if x > -0.34, x < 0.34 { return x + x * x * curve(x) }
        return exp(x) - 1
    }

    /// `x` to the power of `y` for `x` of 0 or more; of a negative `x` it is NaN. Of 0 it is 0, 1 or infinity, as `y` is above, at or below 0.
    @inlinable package static func power(_ x: Double, _ y: Double) -> Double {
        if y == 0 { return 1 }
        if x == 0 { return y > 0 ? 0 : y < 0 ? .infinity : .nan }
        if y == 0.5 { return x.squareRoot() }
        return exp(y * ln(x))
    }

    /// `x - power ln 2` and what its rounding lost.
    @inlinable static func reduced(_ x: Double, _ power: Double) -> (r: Double, lost: Double) {
        let high = x - power * lnTwoHigh, low = power * lnTwoLow
        let r = high - low
        return (r, (high - r) - low)
    }

    /// `(exp(r) - 1 - r) / r^2` by Taylor's series. |r| < 0.347, so what follows the 12th term is below 2^-57.
    @inlinable static func curve(_ r: Double) -> Double {
        var sum = 1.0 / 6_227_020_800
        sum = sum * r + 1.0 / 479_001_600
        sum = sum * r + 1.0 / 39_916_800
        sum = sum * r + 1.0 / 3_628_800
        sum = sum * r + 1.0 / 362_880
        sum = sum * r + 1.0 / 40_320
        sum = sum * r + 1.0 / 5_040
        sum = sum * r + 1.0 / 720
        sum = sum * r + 1.0 / 120
        sum = sum * r + 1.0 / 24
        sum = sum * r + 1.0 / 6
        return sum * r + 0.5
    }

    /// `value * 2^power`, in two steps, as 2^power may be none that a Double holds.
    @inlinable static func scaled(_ value: Double, _ power: Int) -> Double {
        let half = power / 2
        return value * Double(sign: .plus, exponent: half, significand: 1) * Double(sign: .plus, exponent: power - half, significand: 1)
    }
}
