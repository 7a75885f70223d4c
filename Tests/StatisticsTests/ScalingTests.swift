import Statistics
import Testing

@Suite struct ScalingTests {
    private func ordered(_ values: [Double]) throws -> OrderedSample { try #require(OrderedSample(values)) }
    private let values = [10.0, 12, 11, 13, 12, 11, 95, 10, 12, 14]

    @Test func `quantiles by both rules`() throws {
        let sample = try #require(OrderedSample([15, 20, 35, 40, 50]))
        #expect(sample.quantile(0.4) == 29 && sample.quantile(0) == 15 && sample.quantile(1) == 50 && sample.median == 35)
        #expect([0.05, 0.3, 0.4, 0.5, 1, 0].map { sample.quantile($0, .nearestRank) } == [15, 20, 20, 35, 50, 15])
        let hundred = try #require(OrderedSample((1...100).map(Double.init)))
        for percent in 1...100 { #expect(hundred.quantile(Double(percent) / 100, .nearestRank) == Double(percent)) }
        #expect(sample.quantile(1.1) == nil && sample.quantile(-0.1) == nil && sample.quantile(.nan, .nearestRank) == nil)
        #expect(OrderedSample([]) == nil && OrderedSample([1, .nan]) == nil && OrderedSample([.infinity]) == nil)
        let wide = try #require(OrderedSample([-1.7e308, 1.7e308]))
        #expect(wide.median == 0 && wide.least == -1.7e308 && wide.greatest == 1.7e308)
    }

    @Test func `the median deviation is that of sorting the distances`() throws {
        var generator = LCG64(seed: 4)
        for count in 1...60 {
            let values = (0..<count).map { _ in Double(generator.index(below: 20)) }
            let sample = try #require(OrderedSample(values))
            let plain = try ordered(values.map { ($0 - sample.median).magnitude }).median
            #expect(sample.medianDeviation == plain, "\(values)")
        }
    }

    @Test func `a robust score has the unit of a standard deviation`() throws {
        let scores = try #require(RobustScores(try ordered(values)))
        #expect(scores.median == 12 && scores.deviation == 1 && (scores.scaledDeviation - 1.482602218505602).magnitude < 1e-15)
        #expect(isNear(scores.score(95), 55.98264926627332, 1e-12))
        let flat = try #require(RobustScores(try ordered([1, 1, 1, 9])))
        #expect(flat.score(9) == nil && flat.scaledDeviation == 0)
        #expect(try RobustScores(ordered([-1.7e308, 1.7e308])) == nil)
    }

    @Test func `one value stands apart by both tests`() throws {
        let scores = try #require(ModifiedScores(values))
        #expect(scores.outliers() == [6] && (scores.scores[6] - 55.9835).magnitude < 1e-12)
        let fences = try #require(OutlierFences(try ordered(values)))
        #expect(fences.low == 8.375 && fences.high == 15.375 && fences.lowerQuartile == 11 && fences.upperQuartile == 12.75)
        #expect(values.filter(fences.standsApart) == [95] && !fences.standsApart(15.375))
        // More than half are equal: the mean deviation is the unit.
        #expect(try #require(ModifiedScores([5, 5, 5, 5, 5, 5, 5, 500])).outliers() == [7])
        #expect(try #require(ModifiedScores([5, 5, 5])).scores == [0, 0, 0])
        #expect(ModifiedScores([]) == nil && ModifiedScores([1, .nan]) == nil && ModifiedScores([-1.7e308, 1.7e308, 1.7e308]) == nil)
        #expect(try OutlierFences(ordered([1]), k: -1) == nil && OutlierFences(ordered([-1.7e308, 1.7e308])) == nil)
    }

    @Test func `extremes are pulled in to the next value, by count or quantile`() throws {
        #expect(Winsorizing.byCount(values, low: 0.1, high: 0.1) == [10, 12, 11, 13, 12, 11, 14, 10, 12, 14])
        #expect(Winsorizing.byCount(values, low: 0.19, high: 0) == values)
        #expect(Winsorizing.byCount([1, 2, 3, 4], low: 0.5, high: 0.5) == [3, 3, 3, 3])
        #expect(Winsorizing.byCount([], low: 0.1, high: 0.1) == [] && Winsorizing.byCount([5], low: 0.9, high: 0) == [5])
        #expect(Winsorizing.byCount(values, low: 0.6, high: 0.6) == nil && Winsorizing.byCount([.nan], low: 0, high: 0) == nil)
        #expect(Winsorizing.byQuantile([1, 2, 3, 4, 100], low: 0.25, high: 0.75) == [2, 2, 3, 4, 4])
        #expect(Winsorizing.byQuantile([1, 2], low: 0.9, high: 0.1) == nil && Winsorizing.byQuantile([1, 2], low: 0, high: 2) == nil)
    }

    @Test func `columns are scaled by what was fitted, and a constant one to nothing`() throws {
        let robust = try #require(Scaler(.robust, values)), minMax = try #require(Scaler(.minMax, values))
        #expect(robust.centre == 12 && robust.unit == 1.75 && minMax.scaled(10) == 0 && minMax.scaled(95) == 1 && minMax.scaled(180) == 2)
        #expect(isNear(Scaler(.standard, values)?.scaled(95), 2.99664563428, 1e-11))
        #expect(isNear(Scaler(.medianDeviation, values)?.unit, 1.482602218505602, 1e-14))
        #expect(isNear(Scaler(.medianDeviation, [1, 1, 1, 5, 9])?.unit, 4 / 1.3489795003921634, 1e-12))
        for rule in Scaler.Rule.allCases {
            let constant = try #require(Scaler(rule, [0.1, 0.1, 0.1]))
            #expect(constant.unit == 1 && constant.scaled(0.1) == 0, "\(rule)")
            #expect(try #require(Scaler(rule, [7])).scaled(7) == 0)
            #expect(Scaler(rule, []) == nil && Scaler(rule, [1, .nan]) == nil && Scaler(rule, [1, .infinity]) == nil)
        }
        #expect(Scaler(.minMax, [-1.7e308, 1.7e308]) == nil && Scaler(.standard, [-1.7e308, 1.7e308]) == nil)
        // Two neighbouring numbers are not one.
        #expect(try #require(Scaler(.standard, [1e16, 1e16 + 2])).unit == 1 && Scaler(.standard, [1e16, 1e16 + 4])?.unit == 2)
    }

    @Test func `moments keep their digits far from zero`() throws {
        let moments = try #require(Moments([1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16]))
        #expect(moments.mean == 1e9 + 10 && moments.variance(.sample) == 30 && moments.variance(.population) == 22.5)
        #expect(try #require(Moments([5])).variance(.sample) == nil && Moments([5])?.deviation(.population) == 0)
        #expect(Moments([0.1, 0.1, 0.1])?.mean == 0.1 && Moments([0.1, 0.1, 0.1])?.squares == 0)
        #expect(Moments([Double]()) == nil && Moments([1, .nan]) == nil && Moments([1e308, 1.1e308]) == nil && Moments([1e308, 1e308])?.mean == 1e308)
        #expect(CompensatedSum.of([1, 1e100, 1, -1e100]) == 2)
    }

    @Test func `what is a half-life old counts half`() throws {
        let adjusted = try #require(HalfLifeAverage(halfLife: 2)), recursive = try #require(HalfLifeAverage(halfLife: 2, .recursive))
        #expect(adjusted.averages([10, 20]).count == 2)
        #expect(isNear(adjusted.averages([10, 20, 15, 40, 30])[4], 26.810547862, 1e-9))
        #expect(isNear(recursive.averages([10, 20, 15, 40, 30])[4], 23.8388347648, 1e-9))
        var state = adjusted
        #expect(state.value == nil)
        state.add(8)
        state.add(2, gap: 2)
        #expect(state.value == 4)
        let before = state
        for (value, gap) in [(Double.nan, 1.0), (.infinity, 1), (1, -1), (1, .nan)] { state.add(value, gap: gap) }
        #expect(state == before)
        #expect(adjusted.averages([.nan, 3]) == [nil, 3])
        #expect(HalfLifeAverage(halfLife: 0) == nil && HalfLifeAverage(halfLife: .nan) == nil && HalfLifeAverage(halfLife: .infinity) == nil)
    }

    @Test func `weights come of pairwise judgements, with how far they agree`() throws {
        let weights = try #require(PairwiseWeights([[1, 3, 5], [1 / 3.0, 1, 3], [0.2, 1 / 3.0, 1]]))
        #expect((weights.weights[0] - 0.636985571745).magnitude < 1e-11 && (weights.eigenvalue - 3.03851109056).magnitude < 1e-10)
        #expect((weights.inconsistency - 0.0192555452791).magnitude < 1e-10)
        #expect(isNear(weights.inconsistencyRatio, 0.0331992159984, 1e-10))
        // All judgements agree.
        let clear = try #require(PairwiseWeights([[1, 2, 4], [0.5, 1, 2], [0.25, 0.5, 1]]))
        #expect((clear.weights[0] - 4.0 / 7).magnitude < 1e-15 && clear.inconsistency.magnitude < 1e-14)
        #expect(PairwiseWeights([[1]])?.weights == [1] && PairwiseWeights([[1]])?.inconsistencyRatio == 0)
        #expect(PairwiseWeights([[1, 4], [0.25, 1]])?.weights == [0.8, 0.2])
        let many = [[Double]](repeating: [Double](repeating: 1, count: 16), count: 16)
        #expect(try #require(PairwiseWeights(many)).inconsistencyRatio == nil)
        for matrix in [[], [[1, 2]], [[1, 2], [2, 1]], [[1, 0], [0, 1]], [[1, -2], [-0.5, 1]], [[1, .nan], [1, 1]], [[2]]] {
            #expect(PairwiseWeights(matrix) == nil, "\(matrix)")
        }
    }
}
