/// Forecasts of demand that comes now and then. `alpha` smooths sizes; `beta` smooths intervals, and of `tsb` the probability of demand.
package enum IntermittentForecast: String, Hashable, Sendable, CaseIterable {
    /// Size over interval, each smoothed where there is demand (Croston, 1972).
    case croston = "CRO"
    /// Croston's times `1 - beta/2` (Syntetos and Boylan, 2005).
    case sba = "SBA"
    /// Croston's times `1 - beta/(2 - beta)` (Shale, Boylan and Johnston, 2006).
    case sbj = "SBJ"
    /// Size times probability, the latter smoothed in every period, so that what is no longer wanted fades (Teunter, Syntetos and Babai, 2011).
    case tsb = "TSB"

    /// Mean interval between demands, the first counted from before the first period: of 3 0 4 0 0 5 the intervals are 1, 2 and 3. It is where
    /// smoothing begins. Nil where there is no demand.
    package static func firstInterval(_ series: [Double]) -> Double? {
        guard let last = series.lastIndex(where: { $0 > 0 }) else { return nil }
        return Double(last + 1) / Double(series.count { $0 > 0 })
    }

    /// What was forecast for each period before it came, and last for the one after: one more than there are periods.
    ///
    /// Smoothing begins with the first demand's size and with ``firstInterval(_:)``, TSB with the share of periods with demand; it goes on from
    /// the second demand, TSB from the second period. Nil for a period stands where nothing could be said: up to the first demand, of TSB for the first
    /// period. Nil in all where a factor is not within 0 and 1, a value is not finite, or there is no demand.
    package func forecasts(_ series: [Double], alpha: Double, beta: Double) -> [Double?]? {
        guard (0...1).contains(alpha), (0...1).contains(beta), series.allSatisfy(\.isFinite), var interval = Self.firstInterval(series),
            let first = series.firstIndex(where: { $0 > 0 })
        else { return nil }
        var forecasts: [Double?] = [nil]
        forecasts.reserveCapacity(series.count + 1)
        var size = series[first]
        if self == .tsb {
            var probability = Double(series.count { $0 > 0 }) / Double(series.count)
            for (period, value) in series.enumerated() {
                if period > 0 {
                    if value > 0 { size += alpha * (value - size) }
                    probability += beta * ((value > 0 ? 1 : 0) - probability)
                }
                forecasts.append(probability * size)
            }
            return forecasts
        }
        var last = first, current: Double?
        for (period, value) in series.enumerated() {
            if period > first, value > 0 {
                size += alpha * (value - size)
                interval += beta * (Double(period - last) - interval)
                last = period
            }
            if period >= first { current = size / interval * correction(beta) }
            forecasts.append(current)
        }
        return forecasts
    }

    private func correction(_ beta: Double) -> Double {
        switch self {
        case .croston, .tsb: 1
        case .sba: 1 - beta / 2
        case .sbj: 1 - beta / (2 - beta)
        }
    }
}
