import Statistics
import Testing

@Suite struct DemandTests {
    @Test func `forecasts begin with the first demand and stay between demands`() throws {
        let series = [0.0, 3, 0, 4, 0, 0, 0, 2, 0]
        let croston = try #require(IntermittentForecast.croston.forecasts(series, alpha: 0.5, beta: 0.2))
        #expect(croston.count == 10 && croston[0] == nil && croston[1] == nil && croston[2] == croston[3])
        #expect(isNear(croston[9], 0.972877358491, 1e-11))
        let faded = try #require(IntermittentForecast.tsb.forecasts(series + [Double](repeating: 0, count: 60), alpha: 0.5, beta: 0.2))
        #expect(faded[0] == nil && isNear(faded[69], 0, 1e-5))
        // Croston's never fades.
        #expect(IntermittentForecast.croston.forecasts(series + [0, 0, 0], alpha: 0.5, beta: 0.2)?[12] == croston[9])
    }

    @Test func `nothing is forecast of no demand, or with factors beyond 0 and 1`() {
        for method in IntermittentForecast.allCases {
            #expect(method.forecasts([0, 0], alpha: 0.1, beta: 0.1) == nil && method.forecasts([], alpha: 0.1, beta: 0.1) == nil)
            #expect(method.forecasts([1, 2], alpha: 1.1, beta: 0.1) == nil && method.forecasts([1, 2], alpha: 0.1, beta: .nan) == nil)
            #expect(method.forecasts([1, .infinity], alpha: 0.1, beta: 0.1) == nil)
            #expect(method.forecasts([0, 0, 6], alpha: 0.1, beta: 0.1)?.count == 4)
        }
    }

    @Test func `simple smoothing follows by its share and begins with the first value`() throws {
        let smoothing = try #require(ExponentialSmoothing(alpha: 0.5))
        #expect(smoothing.forecasts([10, 20, .nan, 0]) == [nil, 10, 15, 15, 7.5])
        #expect(ExponentialSmoothing(alpha: 1.5) == nil && ExponentialSmoothing(alpha: .nan) == nil)
    }

    @Test func `a history counts days, and both recencies`() throws {
        let history = try #require(PurchaseHistory([(60, 30), (0, 10), (40, 20), (40, 5), (95, 99)], end: 90))
        #expect(history.frequency == 2 && history.recency == 60 && history.age == 90 && history.sinceLast == 30 && history.monetary == 27.5)
        let single = try #require(PurchaseHistory([(5, 5), (5, 7)], end: 5))
        #expect(single.frequency == 0 && single.recency == 0 && single.age == 0 && single.monetary == 0)
        #expect(PurchaseHistory([], end: 5) == nil && PurchaseHistory([(6, 1)], end: 5) == nil && PurchaseHistory([(1, .nan)], end: 5) == nil)
    }

    @Test func `who has not bought for long is likely gone`() throws {
        // CDNOW's parameters, of Fader, Hardie and Lee; the value by the formula in exact arithmetic: customer of frequency 2, last at 30.43 of 38.86 weeks.
        let parameters = try #require(Retention.Parameters(r: 0.243, alpha: 4.414, a: 0.793, b: 2.426))
        func alive(_ frequency: Int, _ recency: Int, _ age: Int) throws -> Double {
            var purchases = [(day: 0, value: 1.0)]
            for repeated in 0..<frequency { purchases.append((repeated == frequency - 1 ? recency : repeated + 1, 1)) }
            return Retention.alive(try #require(PurchaseHistory(purchases, end: age)), parameters)
        }
        let ratio = (4.414 + 39) / (4.414 + 30)
        let right = 1 / (1 + 0.793 / 3.426 * Elementary.power(ratio, 2.243))
        #expect((try alive(2, 30, 39) - right).magnitude < 1e-14)
        #expect(try alive(0, 0, 39) == 1)
        #expect(try alive(5, 10, 400) < alive(5, 10, 40))
        #expect(try alive(5, 10, 400_000) < 1e-6)
        #expect(Retention.Parameters(r: 0, alpha: 1, a: 1, b: 1) == nil && Retention.Parameters(r: 1, alpha: .nan, a: 1, b: 1) == nil)
    }

    @Test func `a customer is overdue by the gaps of its own`() {
        #expect(Retention.isOverdue(sinceLast: 31, gaps: [10, 20, 30]) == true)
        #expect(Retention.isOverdue(sinceLast: 28, gaps: [10, 20, 30]) == false)
        #expect(Retention.isOverdue(sinceLast: 28, gaps: [10, 20]) == nil && Retention.isOverdue(sinceLast: 28, gaps: [], gapsMin: 0) == nil)
        #expect(Retention.isOverdue(sinceLast: .nan, gaps: [1, 2, 3]) == nil && Retention.isOverdue(sinceLast: 1, gaps: [1, 2, 3], share: 2) == nil)
    }

    @Test func `accuracy is of sums, and leans to one side with the bias`() throws {
        let accuracy = try #require(ForecastAccuracy(actual: [100, 0, 50, 80], forecast: [90, 10, 60, 90]))
        #expect(accuracy.meanError == 10 && accuracy.rootMeanSquare == 10 && accuracy.trackingSignal == 2)
        #expect(accuracy.weightedError == 40.0 / 230 && accuracy.bias == 20.0 / 230)
        #expect(isNear(accuracy.meanRatio, 0.425 / 3, 1e-15))
        #expect(accuracy.scaledError(history: [10, 15, 10]) == 2 && accuracy.scaledError(history: [10, 15, 12], season: 2) == 5)
        #expect(accuracy.scaledError(history: [5]) == nil && accuracy.scaledError(history: [5, 5]) == nil && accuracy.scaledError(history: [5, 6], season: 0) == nil)
        let silent = try #require(ForecastAccuracy(actual: [0, 0], forecast: [0, 0]))
        #expect(silent.weightedError == nil && silent.bias == nil && silent.meanRatio == nil && silent.trackingSignal == 0)
        #expect(ForecastAccuracy(actual: [], forecast: []) == nil && ForecastAccuracy(actual: [1], forecast: [1, 2]) == nil)
        #expect(ForecastAccuracy(actual: [.nan], forecast: [1]) == nil && ForecastAccuracy(actual: [1], forecast: [.infinity]) == nil)
    }
}
