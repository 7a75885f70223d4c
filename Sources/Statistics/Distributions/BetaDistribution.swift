/// The beta distribution: what is believed of a share after `first` successes and `second` failures, fractions of them included.
package struct BetaDistribution: Hashable, Sendable {
    /// Above 0 and finite, as is `second`.
    package let first: Double
    package let second: Double

    /// Nil unless both are finite and above 0.
    package init?(_ first: Double, _ second: Double) {
        guard first > 0, second > 0, first < .infinity, second < .infinity else { return nil }
        self.first = first
        self.second = second
    }

    package var mean: Double { first / (first + second) }

    package func density(_ x: Double) -> Double {
        guard x > 0, x < 1 else { return x.isNaN ? x : 0 }
        return Self.powers(first, second, x, 1 - x) / (x * (1 - x))
    }

    /// The regularised incomplete beta integral: the share below `x`.
    package func cumulative(_ x: Double) -> Double {
        x.isNaN ? x : x <= 0 ? 0 : x >= 1 ? 1 : Self.integral(first, second, x, 1 - x)
    }

    /// As ``cumulative(_:)``, for an `x` whose complement is known exactly too. Continued fraction DLMF 8.17.22 on the side where it converges
    /// fast; the number of steps goes with the root of the greater parameter, and is at most a million.
    static func integral(_ a: Double, _ b: Double, _ x: Double, _ complement: Double) -> Double {
        if x <= 0 { return 0 }
        if complement <= 0 { return 1 }
        let powers = powers(a, b, x, complement)
        return x <= (a + 1) / (a + b + 2)
            ? min(1, powers * fraction(a, b, x) / a) : max(0, 1 - powers * fraction(b, a, complement) / b)
    }

    /// Where the share `p` is below: Newton's steps, kept within bounds that halve where one would leave them. NaN unless `p` is within 0 and 1.
    package func quantile(_ p: Double) -> Double {
        guard p > 0, p < 1 else { return p == 0 || p == 1 ? p : .nan }
        var low = 0.0, high = 1.0
        var x = start(p)
        for _ in 0..<200 {
            let off = cumulative(x) - p
            if off == 0 { return x }
            if off > 0 { high = x } else { low = x }
            let slope = density(x)
            var next = x - off / slope
            // The geometric mean where the bounds are powers of ten apart: quantiles of small parameters lie at 1e-200.
            if !(next > low && next < high) {
                let least = max(low, .leastNormalMagnitude)
                next = high > 8 * least ? least.squareRoot() * high.squareRoot() : 0.5 * (low + high)
            }
            if (next - x).magnitude <= 1e-16 * x || next == low && next == high { return next }
            x = next
        }
        return x
    }

    /// The normal approximation, within the distribution's range.
    private func start(_ p: Double) -> Double {
        let total = first + second
        let spread = (first * second / (total * total * (total + 1))).squareRoot()
        let guess = mean + NormalDistribution.quantile(p) * spread
        return guess > 0 && guess < 1 ? guess : mean
    }

    /// `x^a (1 - x)^b / B(a, b)`, by way of the binomial probability of Loader (2000), which keeps its digits for large parameters.
    private static func powers(_ a: Double, _ b: Double, _ x: Double, _ complement: Double) -> Double {
        let total = a + b
        let exponent = GammaFunction.stirlingRest(total) - GammaFunction.stirlingRest(a) - GammaFunction.stirlingRest(b)
            - GammaFunction.deviance(a, mean: total * x) - GammaFunction.deviance(b, mean: total * complement)
        return Elementary.exp(exponent) * (a / total * b).squareRoot() / GammaFunction.rootTwoPi
    }

    private static func fraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
        let tiny = 1e-300
        func kept(_ value: Double) -> Double { value.magnitude < tiny ? tiny : value }
        var c = 1.0, d = 1 / kept(1 - (a + b) * x / (a + 1)), fraction = d, step = 0.0
        while step < 1_000_000 {
            step += 1
            let even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
            d = 1 / kept(1 + even * d)
            c = kept(1 + even / c)
            fraction *= d * c
            let odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
            d = 1 / kept(1 + odd * d)
            c = kept(1 + odd / c)
            let change = d * c
            fraction *= change
            if (change - 1).magnitude < 2e-16 { break }
        }
        return fraction
    }
}
