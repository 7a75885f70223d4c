/// Pulls extremes in to the values next to them.
package enum Winsorizing {
    /// The least `share` of the values become the least of the rest, the greatest likewise; their number is rounded down (as in
    /// SciPy's `mstats.winsorize`). Nil where a share is below 0, both are above 1 together, or a value is not finite.
    package static func byCount(_ values: [Double], low: Double, high: Double) -> [Double]? {
        guard low >= 0, high >= 0, low + high <= 1, values.allSatisfy(\.isFinite) else { return nil }
        guard let sample = OrderedSample(values) else { return [] }
        let count = sample.count
        let below = Int(low * Double(count)), above = Int(high * Double(count))
        guard below + above < count else { return [Double](repeating: sample.values[min(below, count - 1)], count: count) }
        return clamped(values, sample.values[below], sample.values[count - 1 - above])
    }

    /// What is outside of two quantiles becomes the quantile. Nil where they are not in order within 0 and 1, or a value is not finite.
    package static func byQuantile(_ values: [Double], low: Double, high: Double, _ rule: OrderedSample.QuantileRule = .linear) -> [Double]? {
        guard low <= high, values.allSatisfy(\.isFinite) else { return nil }
        guard let sample = OrderedSample(values) else { return [] }
        guard let least = sample.quantile(low, rule), let greatest = sample.quantile(high, rule) else { return nil }
        return clamped(values, least, greatest)
    }

    private static func clamped(_ values: [Double], _ least: Double, _ greatest: Double) -> [Double] {
        values.map { min(max($0, least), greatest) }
    }
}
