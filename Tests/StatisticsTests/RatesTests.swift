import Statistics
import Testing
import Values

@Suite struct RatesTests {
    @Test func `few cases are believed less than many`() throws {
        let rate = try #require(ShrunkRate(successes: 188, failures: 12))
        #expect(isNear(rate.mean, 0.937810945274, 1e-11) && isNear(rate.lowerBound(), 0.907594665484, 1e-11))
        let few = try #require(ShrunkRate(successes: 3, failures: 0)), many = try #require(ShrunkRate(successes: 197, failures: 3))
        #expect(few.lowerBound() < many.lowerBound() && rate.upperBound() > rate.mean)
        let prior = try #require(ShrunkRate.Prior(rate: 0.9, weight: 10))
        #expect(try #require(ShrunkRate(successes: 0, failures: 0, prior)).mean == 0.9)
        #expect(isNear(ShrunkRate(successes: 0, failures: 10, prior)?.mean, 0.45))
        #expect(ShrunkRate(successes: -1, failures: 2) == nil && ShrunkRate(successes: .nan, failures: 2) == nil)
        #expect(ShrunkRate.Prior(successes: 0, failures: 1) == nil && ShrunkRate.Prior(rate: 1, weight: 5) == nil && ShrunkRate.Prior(rate: 0.5, weight: 0) == nil)
        #expect(rate.lowerBound(2).isNaN)
    }

    @Test func `Wilson's interval stays within nothing and all`() throws {
        let interval = try #require(WilsonInterval(successes: 188, cases: 200))
        #expect(isNear(interval.low, 0.898068307042, 1e-11) && isNear(interval.high, 0.965347805746, 1e-11))
        let none = try #require(WilsonInterval(successes: 0, cases: 5)), all = try #require(WilsonInterval(successes: 5, cases: 5))
        #expect(none.low == 0 && all.high == 1 && isNear(none.high, 1 - all.low) && none.high < 0.5)
        for (successes, cases, level) in [(0.0, 0.0, 0.95), (6, 5, 0.95), (-1, 5, 0.95), (1, 5, 1), (1, 5, 0), (.nan, 5, 0.9), (1, .infinity, 0.9)] {
            #expect(WilsonInterval(successes: successes, cases: cases, level: level) == nil)
        }
    }

    @Test func `two shares are compared`() throws {
        let test = try #require(TwoShareTest(successes: (460, 492), cases: (500, 510)))
        #expect(isNear(test.z, -3.05325429743, 1e-10) && isNear(test.probability, 0.00226374016002, 1e-12))
        #expect(try #require(TwoShareTest(successes: (5, 50), cases: (10, 100))).probability == 1)
        for (successes, cases) in [((1.0, 1.0), (0.0, 5.0)), ((5, 5), (5, 5)), ((0, 0), (5, 5)), ((6, 1), (5, 5)), ((.nan, 1), (5, 5))] {
            #expect(TwoShareTest(successes: successes, cases: cases) == nil)
        }
    }

    @Test func `concentration of shares and amounts`() {
        #expect(isNear(Concentration.herfindahl([0.5, 0.3, 0.2]), 0.38) && isNear(Concentration.herfindahl([50, 30, 20, 0]), 0.38))
        #expect(isNear(Concentration.herfindahl([7, 7, 7, 7]), 0.25) && Concentration.herfindahl([9]) == 1)
        #expect(isNear(Concentration.gini([10, 1, 3, 2]), 0.4375) && Concentration.gini([4, 4, 4]) == 0 && isNear(Concentration.gini([0, 0, 0, 8]), 0.75))
        for amounts in [[], [0, 0], [-1, 2], [.nan, 1], [.infinity], [1e308, 1e308]] {
            #expect(Concentration.herfindahl(amounts) == nil && Concentration.gini(amounts) == nil, "\(amounts)")
        }
    }

    private func billed(_ dimensions: [String], _ divisor: String, _ weight: String, step: String = "1") throws -> [String]? {
        let found = DimensionalWeight(
            dimensions: try dimensions.map { try #require(ExactDecimal($0)) }, divisor: try #require(ExactDecimal(divisor)),
            weight: try #require(ExactDecimal(weight)), step: try #require(ExactDecimal(step)))
        return found.map { [$0.dimensional.normalized.description, $0.billable.normalized.description] }
    }

    @Test func `room is billed in whole steps, exactly`() throws {
        #expect(try billed(["60", "40", "50"], "5000", "12") == ["24", "24"])
        #expect(try billed(["60", "40", "50.0001"], "5000", "12") == ["25", "25"])
        #expect(try billed(["60", "40", "50"], "5000", "31.5") == ["24", "31.5"])
        // 0.1 * 3 * 10 / 3 is 1, which doubles make 1.0000000000000002.
        #expect(try billed(["0.1", "3", "10"], "3", "0") == ["1", "1"])
        #expect(try billed(["33", "21", "17"], "5000", "1", step: "0.5") == ["2.5", "2.5"])
        #expect(try billed(["0", "5", "5"], "5000", "0") == ["0", "0"])
        #expect(try billed([], "5000", "1") == nil && billed(["-1", "2", "3"], "5000", "1") == nil && billed(["1"], "0", "1") == nil)
        #expect(try billed(["1"], "-5", "1") == nil && billed(["1"], "5", "-1") == nil && billed(["1"], "5", "1", step: "0") == nil)
    }

    @Test func `distances along the earth`() throws {
        func kilometres(_ from: (Double, Double), _ to: (Double, Double)) -> Double? {
            GreatCircle.kilometres(from: (latitude: from.0, longitude: from.1), to: (latitude: to.0, longitude: to.1))
        }
        // By the haversine in 50 digits: JFK to LHR, Hamburg to Munich, a quarter and half of a meridian, ten metres.
        #expect(isNear(kilometres((40.6413, -73.7781), (51.4700, -0.4543)), 5540.018970166088))
        #expect(isNear(kilometres((53.5511, 9.9937), (48.1351, 11.5820)), 612.4289270569315))
        #expect(isNear(kilometres((0, 0), (90, 0)), 6371.0088 * 1.5707963267948966))
        #expect(isNear(kilometres((0, 0), (0, 180)), 6371.0088 * 3.141592653589793))
        #expect(isNear(kilometres((50, 8), (50.0001, 8)), 0.011119508023353, 1e-12))
        #expect(kilometres((12, 34), (12, 34)) == 0 && kilometres((0, 179), (0, -181)) == 0)
        for place in [(91.0, 0.0), (0, 361), (.nan, 0), (0, .infinity)] { #expect(kilometres(place, (0, 0)) == nil && kilometres((0, 0), place) == nil) }
    }

    @Test func `sines of whole parts of a turn are exact, and of others right`() {
        #expect(Trigonometry.sine(degrees: 180) == 0 && Trigonometry.cosine(degrees: 90) == 0 && Trigonometry.sine(degrees: 270) == -1)
        #expect(Trigonometry.cosine(degrees: -720) == 1 && Trigonometry.sine(degrees: .nan).isNaN && Trigonometry.cosine(degrees: .infinity).isNaN)
        #expect(isNear(Trigonometry.sine(degrees: 30), 0.5, 2e-16) && isNear(Trigonometry.cosine(degrees: 36), 0.8090169943749475, 2e-16))
        for degrees in stride(from: -400.0, through: 400, by: 7.3) {
            let sine = Trigonometry.sine(degrees: degrees), cosine = Trigonometry.cosine(degrees: degrees)
            #expect(isNear(sine * sine + cosine * cosine, 1, 5e-16), "\(degrees)")
            #expect(isNear(Trigonometry.sine(degrees: 2 * degrees), 2 * sine * cosine, 5e-16), "\(degrees)")
        }
    }

    @Test func `lanes are scored between the worst and the best`() throws {
        let scores = LaneScore.scores([
            .init([0.95, 0.88, 0.97], weight: 0.5), .init([100, 80, 130], weight: 0.3, isSmallGood: true),
            .init([0.1, 0.3, 0.2], weight: 0.2, isSmallGood: true),
        ])
        for (found, right) in zip(try #require(scores), [0.768888888889, 0.3, 0.6]) { #expect(isNear(found, right, 1e-11)) }
        #expect(LaneScore.scores([.init([7, 7], weight: 0.4), .init([1, 2], weight: 0.6)]) == [0.2, 0.8])
        #expect(LaneScore.scores([.init([], weight: 1)]) == [] && LaneScore.scores([]) == nil)
        #expect(LaneScore.scores([.init([1], weight: 1), .init([1, 2], weight: 1)]) == nil && LaneScore.scores([.init([1], weight: -1)]) == nil)
        #expect(LaneScore.scores([.init([.nan], weight: 1)]) == nil && LaneScore.scores([.init([-1.7e308, 1.7e308], weight: 1)]) == nil)
    }
}
