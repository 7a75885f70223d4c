/// How values are told that stand apart from the others.
package enum OutlierTest: String, Sendable, CaseIterable {
    /// 0.6745 (x - median) / MAD over 3.5 either way; where more than half of the values are equal, and the MAD so 0, the mean absolute
    /// deviation takes its place, with 1 / 1.253314 for 0.6745. Iglewicz and Hoaglin, How to Detect and Handle Outliers (1993), 3.3.
    case modifiedZ
    /// Outside of the quartiles by more than 1.5 times their distance. Tukey, Exploratory Data Analysis (1977), 2D; quartiles by linear
    /// interpolation between order statistics (Hyndman and Fan, type 7).
    case tukey

    /// Fewest values among which one can stand apart.
    package static let valuesMin = 5

    /// Indices of the values that stand apart, in order. Exact: no value is rounded before it is compared.
    package func outliers(_ values: [ExactDecimal]) -> [Int] {
        guard values.count >= Self.valuesMin else { return [] }
        let sorted = values.sorted()
        switch self {
        case .modifiedZ:
            let center = Self.quantile(sorted, 2), distances = values.map { Self.distance($0, center) }
            let spread = Self.quantile(distances.sorted(), 2)
            // |x - median| > 3.5 MAD / 0.6745, or > 3.5 * 1.253314 * mean |x - median|.
            let limit: ExactDecimal?
            if !spread.isZero {
                limit = try? spread.multiplying(by: ExactDecimal(coefficient: 35_000, scale: 4)).divided(by: ExactDecimal(coefficient: 6_745, scale: 4))
            } else {
                let sum = distances.reduce(ExactDecimal(0)) { (try? $0.adding($1)) ?? $0 }
                limit = try? sum.multiplying(by: ExactDecimal(coefficient: 4_386_599, scale: 6)).divided(by: ExactDecimal(values.count))
            }
            guard let limit, !limit.isZero else { return [] }
            return distances.indices.filter { distances[$0] > limit }
        case .tukey:
            let low = Self.quantile(sorted, 1), high = Self.quantile(sorted, 3)
            guard let reach = try? high.subtracting(low).multiplying(by: ExactDecimal(coefficient: 15, scale: 1)),
                let least = try? low.subtracting(reach), let greatest = try? high.adding(reach)
            else { return [] }
            return values.indices.filter { values[$0] < least || values[$0] > greatest }
        }
    }

    /// The quartile of sorted values with a number, 1 to 3.
    private static func quantile(_ sorted: [ExactDecimal], _ quarter: Int) -> ExactDecimal {
        let place = (sorted.count - 1) * quarter
        let below = sorted[place / 4], rest = place % 4
        guard rest > 0, let step = try? sorted[place / 4 + 1].subtracting(below).multiplying(by: ExactDecimal(coefficient: Int64(rest * 25), scale: 2))
        else { return below }
        return (try? below.adding(step)) ?? below
    }

    private static func distance(_ value: ExactDecimal, _ center: ExactDecimal) -> ExactDecimal {
        let difference = (try? value.subtracting(center)) ?? ExactDecimal(0)
        return difference < ExactDecimal(0) ? difference.negated : difference
    }
}
