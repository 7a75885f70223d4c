/// Sine, cosine and arc tangent from sums, products, quotients and roots alone, as ``Elementary``; within 2 units in the last place, near
/// the zeros of sine and cosine within 1e-16.
package enum Trigonometry {
    private static let radian = 0.017453292519943295

    /// Sine of an angle of at most 1e9 degrees; NaN where it is not finite or beyond. Whole turns are taken off exactly.
    package static func sine(degrees: Double) -> Double {
        guard degrees.magnitude <= 1e9 else { return .nan }
        let quarter = (degrees / 90).rounded()
        // The difference is exact: a multiple of 90 near to the angle.
        let rest = (degrees - quarter * 90) * radian
        switch Int(quarter) & 3 {
        case 0: return sineSeries(rest)
        case 1: return cosineSeries(rest)
        case 2: return -sineSeries(rest)
        default: return -cosineSeries(rest)
        }
    }

    /// Cosine, likewise.
    package static func cosine(degrees: Double) -> Double {
        guard degrees.magnitude <= 1e9 else { return .nan }
        let quarter = (degrees / 90).rounded()
        let rest = (degrees - quarter * 90) * radian
        switch Int(quarter) & 3 {
        case 0: return cosineSeries(rest)
        case 1: return -sineSeries(rest)
        case 2: return -cosineSeries(rest)
        default: return sineSeries(rest)
        }
    }

    /// The angle in radians whose tangent is `y / x`, for `x` and `y` of at least 0 that are not both 0.
    static func arcTangent(_ y: Double, _ x: Double) -> Double {
        let quarterTurn = 1.5707963267948966
        return y > x ? quarterTurn - arcTangentOfRatio(x / y) : arcTangentOfRatio(y / x)
    }

    /// `arctan t = 2 arctan(t / (1 + root(1 + t^2)))`, twice, brings a ratio of at most 1 below 0.199, where the 13th term of the series is below 2^-61.
    private static func arcTangentOfRatio(_ ratio: Double) -> Double {
        var t = ratio
        for _ in 0..<2 { t /= 1 + (1 + t * t).squareRoot() }
        let square = t * t
        var sum = 0.0
        for odd in stride(from: 25.0, through: 3.0, by: -2.0) { sum = square * (1 / odd - sum) }
        return 4 * (t - t * sum)
    }

    /// Taylor's series; of at most an eighth of a turn what follows the ninth term is below 2^-60.
    private static func sineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 0.0
        for step in stride(from: 18.0, through: 2.0, by: -2.0) { sum = (1 - sum) * square / (step * (step + 1)) }
        return x - x * sum
    }

    private static func cosineSeries(_ x: Double) -> Double {
        let square = x * x
        var sum = 0.0
        for step in stride(from: 17.0, through: 1.0, by: -2.0) { sum = (1 - sum) * square / (step * (step + 1)) }
        return 1 - sum
    }
}
