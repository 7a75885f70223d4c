/// The two-sample test of Kolmogorov and Smirnov, two-sided: the greatest distance of the two shares of values up to a point.
package struct TwoSampleTest: Hashable, Sendable {
    package let distance: Double
    /// Probability of a distance as great, where both samples are drawn alike.
    package let probability: Double
    /// Whether the probability is counted over all orders of the values (exact where no value comes twice; with ties it is too great), and not the limit for
    /// great samples.
    package let isExact: Bool
    /// Up to this product of the numbers of values orders are counted; their number of steps is the product.
    package static let exactMax = 1_000_000

    /// Nil where a sample is empty or a value not finite.
    package init?(_ first: [Double], _ second: [Double]) {
        guard let left = OrderedSample(first)?.values, let right = OrderedSample(second)?.values else { return nil }
        let m = left.count, n = right.count
        var i = 0, j = 0, greatest = 0
        while i < m, j < n {
            let point = min(left[i], right[j])
            while i < m, left[i] == point { i += 1 }
            while j < n, right[j] == point { j += 1 }
            greatest = max(greatest, abs(i * n - j * m))
        }
        distance = Double(greatest) / (Double(m) * Double(n))
        isExact = m <= Self.exactMax / n
        probability = isExact ? Self.counted(m, n, greatest) : Self.limit(m, n, distance)
    }

    /// Probability that a random path from (0, 0) to (m, n) touches a point with `|i n - j m| >= greatest`. A random path to (i, j) comes from
    /// (i - 1, j) with the probability i / (i + j). No difference of like numbers is taken, so that small probabilities keep their digits.
    private static func counted(_ m: Int, _ n: Int, _ greatest: Int) -> Double {
        if greatest == 0 { return 1 }
        var touched = [Double](repeating: 0, count: n + 1)
        for j in 1...n { touched[j] = j * m >= greatest ? 1 : touched[j - 1] }
        for i in 1...m {
            touched[0] = i * n >= greatest ? 1 : touched[0]
            for j in 1...n {
                if abs(i * n - j * m) >= greatest {
                    touched[j] = 1
                } else {
                    let all = Double(i + j)
                    touched[j] = touched[j] * (Double(i) / all) + touched[j - 1] * (Double(j) / all)
                }
            }
        }
        return min(1, touched[n])
    }

    /// Smirnov's limit, `2 sum of (-1)^(k - 1) exp(-2 k^2 z^2)` with `z^2 = distance^2 m n / (m + n)`.
    private static func limit(_ m: Int, _ n: Int, _ distance: Double) -> Double {
        let size = Double(m) / Double(m + n) * Double(n), square = distance * distance * size
        // Below this the alternating series does not settle, and the probability is 1 to all digits.
        if square < 0.04 { return 1 }
        var sum = 0.0, sign = 1.0
        for k in 1...100 {
            let term = Elementary.exp(-2 * Double(k * k) * square)
            sum += sign * term
            sign = -sign
            if term < 1e-17 { break }
        }
        return min(1, max(0, 2 * sum))
    }
}
