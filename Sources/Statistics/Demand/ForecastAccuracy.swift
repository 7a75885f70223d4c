/// How far forecasts were off. An error is forecast less actual: above 0 too much was forecast. Ratios are ratios of sums, never means of ratios.
package struct ForecastAccuracy: Hashable, Sendable {
    package let count: Int
    /// Mean of the errors' magnitudes.
    package let meanError: Double
    /// Root of the mean squared error.
    package let rootMeanSquare: Double
    /// Sum of the errors' magnitudes over the sum of the actuals' magnitudes (WMAPE); nil where nothing was actual.
    package let weightedError: Double?
    /// Sum of the errors over the sum of the actuals; nil where that is 0.
    package let bias: Double?
    /// Sum of the errors over their mean magnitude; 0 where there was no error. Beyond 4 either way the forecast leans.
    package let trackingSignal: Double
    /// Mean of the error's magnitude over the actual's, of the periods whose actual is not 0 (MAPE); nil where there is none.
    package let meanRatio: Double?

    /// Nil without periods, with unequal counts, or where a value is not finite.
    package init?(actual: [Double], forecast: [Double]) {
        guard !actual.isEmpty, actual.count == forecast.count else { return nil }
        var errors = CompensatedSum(), magnitudes = CompensatedSum(), squares = CompensatedSum(), ratios = CompensatedSum()
        var total = CompensatedSum(), totalMagnitude = CompensatedSum(), ratioCount = 0
        for (actual, forecast) in zip(actual, forecast) {
            let error = forecast - actual
            errors.add(error)
            magnitudes.add(error.magnitude)
            squares.add(error * error)
            total.add(actual)
            totalMagnitude.add(actual.magnitude)
            if actual != 0 {
                ratios.add(error.magnitude / actual.magnitude)
                ratioCount += 1
            }
        }
        guard errors.value.isFinite, squares.value.isFinite, totalMagnitude.value.isFinite else { return nil }
        count = actual.count
        meanError = magnitudes.value / Double(count)
        rootMeanSquare = (squares.value / Double(count)).squareRoot()
        weightedError = totalMagnitude.value > 0 ? magnitudes.value / totalMagnitude.value : nil
        bias = total.value != 0 ? errors.value / total.value : nil
        trackingSignal = meanError > 0 ? errors.value / meanError : 0
        meanRatio = ratioCount > 0 ? ratios.value / Double(ratioCount) : nil
    }

    /// Mean absolute scaled error (Hyndman and Koehler, 2006): the mean error over that of repeating the value of `season` periods ago, on the history that the
    /// forecast was made from. Nil where that history is too short, constant or not finite.
    package func scaledError(history: [Double], season: Int = 1) -> Double? {
        guard season > 0, history.count > season else { return nil }
        var sum = CompensatedSum()
        for period in season..<history.count { sum.add((history[period] - history[period - season]).magnitude) }
        let naive = sum.value / Double(history.count - season)
        return naive > 0 && naive < .infinity ? meanError / naive : nil
    }
}
