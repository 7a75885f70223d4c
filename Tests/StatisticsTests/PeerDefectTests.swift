import Statistics
import Testing

/// What other programs were found to answer wrongly, and what is right.
@Suite struct PeerDefectTests {
    @Test func `the first interval is counted from before the first period (croston 0.1.2.4)`() throws {
        #expect(IntermittentForecast.firstInterval([3, 0, 4, 0, 0, 5]) == 2)
        #expect(try #require(IntermittentForecast.croston.forecasts([3, 0, 4, 0, 0, 5], alpha: 0.1, beta: 0.1))[1] == 1.5)
    }

    @Test func `eight in a row on one side are seen (pyshewhart 1.1.0, whose rules ask for one more)`() throws {
        // Nelson's rule asks for nine: the ninth fires, not the tenth.
        let rules = try #require(ControlRules(centre: 0, sigma: 1))
        #expect(rules.findings([Double](repeating: 0.3, count: 9)).firstIndex { $0.contains(.oneSide) } == 8)
        #expect(rules.findings([2.5, 0, 2.5]).last == [.twoOfThree])
    }
}
