/// The gamma function: its logarithm, and the regularised incomplete integrals that the Poisson, chi-square and normal distributions are made
/// of. Right to about 1e-13 of the value. Arguments outside of the domain give NaN.
package enum GammaFunction {
    /// Half of ln(2 pi).
    static let lnRootTwoPi = 0.9189385332046728
    static let rootTwoPi = 2.5066282746310002

    /// `ln gamma(x)` for `x > 0`. Near 1 and 2, where it is 0, by Taylor's series about 2 (DLMF 5.7.3), so that no digit is lost there; else by
    /// Stirling's (DLMF 5.11.1), after raising the argument to at least 15.
    package static func ln(_ x: Double) -> Double {
        guard x > 0, x < .infinity else { return x == 0 || x == .infinity ? .infinity : .nan }
        if x >= 1.5, x <= 2.5 { return nearTwo(x - 2) }
        if x >= 0.5, x < 1.5 { return nearTwo(x - 1) - Elementary.lnOnePlus(x - 1) }
        var raised = x, product = 1.0
        while raised < 15 {
            product *= raised
            raised += 1
        }
        let stirling = (raised - 0.5) * Elementary.ln(raised) - raised + lnRootTwoPi + series(raised)
        return product == 1 ? stirling : stirling - Elementary.ln(product)
    }

    /// Share of the integral of `t^(shape - 1) exp(-t)` from 0 to `x`.
    package static func lower(shape: Double, _ x: Double) -> Double {
        guard shape > 0, shape < .infinity, x >= 0 else { return .nan }
        if x == 0 { return 0 }
        if x == .infinity { return 1 }
        return x < shape + 1 ? lowerSeries(shape, x) : 1 - upperFraction(shape, x)
    }

    /// Share of the integral of `t^(shape - 1) exp(-t)` from `x` on: the other part of ``lower(shape:_:)``, exact in its own tail.
    package static func upper(shape: Double, _ x: Double) -> Double {
        guard shape > 0, shape < .infinity, x >= 0 else { return .nan }
        if x == 0 { return 1 }
        if x == .infinity { return 0 }
        return x < shape + 1 ? 1 - lowerSeries(shape, x) : upperFraction(shape, x)
    }

    /// What Stirling's formula for `z!` leaves out: `ln z! - (z + 1/2) ln z + z - ln(2 pi)/2`.
    static func stirlingRest(_ z: Double) -> Double {
        var raised = z, sum = 0.0
        while raised < 15 {
            sum += (raised + 0.5) * Elementary.lnOnePlus(1 / raised) - 1
            raised += 1
        }
        return sum + series(raised)
    }

    /// `x ln(x / mean) + mean - x`, without loss where the two are near (Loader, Fast and Accurate Computation of Binomial Probabilities, 2000).
    static func deviance(_ x: Double, mean: Double) -> Double {
        let difference = x - mean
        guard difference.magnitude < 0.1 * (x + mean) else { return x * Elementary.ln(x / mean) - difference }
        let ratio = difference / (x + mean), square = ratio * ratio
        var sum = difference * ratio, term = 2 * x * ratio, odd = 1.0
        while true {
            term *= square
            odd += 2
            let next = sum + term / odd
            if next == sum { return sum }
            sum = next
        }
    }

    /// `x^z exp(-x) / z!`.
    private static func poissonTerm(_ z: Double, _ x: Double) -> Double {
        Elementary.exp(-stirlingRest(z) - deviance(z, mean: x)) / (rootTwoPi * z.squareRoot())
    }

    /// DLMF 8.11.4. Terms fall from the start, as `x < shape + 1`.
    private static func lowerSeries(_ shape: Double, _ x: Double) -> Double {
        var term = 1.0, sum = 1.0, step = shape
        while term > sum * 1e-17 {
            step += 1
            term *= x / step
            sum += term
        }
        return min(1, poissonTerm(shape, x) * sum)
    }

    /// DLMF 8.9.2 in Lentz's form; the number of steps goes with the root of `shape`.
    private static func upperFraction(_ shape: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        var b = x + 1 - shape, c = 1 / tiny, d = 1 / b, fraction = d, step = 0.0
        while step < 1_000_000 {
            step += 1
            let a = step * (shape - step)
            b += 2
            d = a * d + b
            if d.magnitude < tiny { d = tiny }
            c = b + a / c
            if c.magnitude < tiny { c = tiny }
            d = 1 / d
            let change = d * c
            fraction *= change
            if (change - 1).magnitude < 2e-16 { break }
        }
        return min(1, poissonTerm(shape, x) * shape * fraction)
    }

    /// Bernoulli's numbers over their divisors; at 15 what follows is below 2e-16.
    private static func series(_ z: Double) -> Double {
        let square = z * z
        let inner = 1.0 / 1680 - (1.0 / 1188 - 691.0 / 360_360 / square) / square
        return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - inner / square) / square) / square) / z
    }

    /// `ln gamma(2 + e)` for `|e|` of at most 1/2.
    private static func nearTwo(_ e: Double) -> Double {
        var sum = 0.0
        for coefficient in zetaTerms.reversed() { sum = (sum + coefficient) * e }
        return e * (oneLessEuler + sum)
    }

    /// 1 - Euler's constant.
    private static let oneLessEuler = 0.42278433509846713
    /// `(-1)^k (zeta(k) - 1) / k` for `k` from 2 on; with `|e|` of at most 1/2 what follows is below 1e-19.
    private static let zetaTerms: [Double] = [
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986,
        0.0028905103307415234, -0.001192753911703261, 0.0005096695247430425, -0.00022315475845357939,
        9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07,
        2.1207184805554665e-07, -1.0043224823968099e-07, 4.7698101693639804e-08, -2.2711094608943164e-08,
        1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
        3.1044247747322276e-11,
    ]
}
