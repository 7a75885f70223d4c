/// How much of a total is with few.
package enum Concentration {
    /// Sum of the squared shares (Herfindahl and Hirschman): 1 where one has all, 1/n where n have alike. Amounts are scaled to shares. Nil where an
    /// amount is below 0 or not finite, or none is above 0.
    package static func herfindahl(_ amounts: [Double]) -> Double? {
        guard amounts.allSatisfy({ $0 >= 0 && $0 < .infinity }) else { return nil }
        let total = CompensatedSum.of(amounts)
        guard total > 0, total < .infinity else { return nil }
        return CompensatedSum.of(amounts.lazy.map { ($0 / total) * ($0 / total) })
    }

    /// Gini's coefficient: 0 where all have alike, near 1 where one has all; half the mean difference over the mean, with the divisor n. Nil as above.
    package static func gini(_ amounts: [Double]) -> Double? {
        guard amounts.allSatisfy({ $0 >= 0 && $0 < .infinity }) else { return nil }
        let total = CompensatedSum.of(amounts), count = Double(amounts.count)
        guard total > 0, total < .infinity else { return nil }
        let weighted = CompensatedSum.of(amounts.sorted().enumerated().lazy.map { (2 * Double($0 + 1) - count - 1) * ($1 / total) })
        return weighted / count
    }
}
