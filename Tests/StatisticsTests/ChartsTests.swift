import Statistics
import Testing

@Suite struct ChartsTests {
    private func broken(_ values: [Double]) throws -> [Int: [Int]] {
        var broken: [Int: [Int]] = [:]
        for (index, rules) in try #require(ControlRules(centre: 0, sigma: 1)).findings(values).enumerated() {
            for rule in rules { broken[rule.rawValue, default: []].append(index) }
        }
        return broken
    }

    private func alternating(_ count: Int, _ height: Double) -> [Double] { (0..<count).map { $0.isMultiple(of: 2) ? height : -height } }

    @Test func `each rule tells the point that completes its pattern`() throws {
        #expect(try broken([0, 0, 3.2, 0]) == [1: [2]])
        #expect(try broken([Double](repeating: 0.5, count: 10)) == [2: [8, 9]])
        #expect(try broken([-1, -0.6, -0.2, 0.3, 0.8, 1.4]) == [3: [5]])
        #expect(try broken([1, 0.6, 0.2, -0.3, -0.8, -1.4]) == [3: [5]])
        #expect(try broken(alternating(14, 0.5)) == [4: [13]])
        #expect(try broken([0, 2.1, 0.3, 2.4]) == [5: [3]])
        #expect(try broken([1.1, 1.2, 0.2, 1.3, 1.6]) == [6: [4]])
        #expect(try broken(alternating(16, 0.3)) == [4: [13, 14, 15], 7: [14, 15]])
        #expect(try broken([1.2, -1.3, 1.2, -1.3, 1.2, -1.3, 1.2, -1.3]) == [8: [7]])
    }

    @Test func `one point less breaks no rule`() throws {
        #expect(try broken([Double](repeating: 0.5, count: 8)) == [:])
        #expect(try broken([-1, -0.6, -0.2, 0.3, 0.8]) == [:])
        #expect(try broken(alternating(13, 0.5)) == [:])
        #expect(try broken([2.1, -0.3, -0.3, 2.4]) == [:])
        #expect(try broken([1.1, 1.2, -0.2, -0.3, 1.6]) == [:])
        #expect(try broken([1.2, -1.3, 1.2, -1.3, 1.2, -1.3, 1.2, 0.2, -1.3]) == [:])
    }

    @Test func `sides are told apart, and a point on a bound is on no side of it`() throws {
        #expect(try broken([2.1, -2.1, 0.1, -2.4, 2.4]) == [5: [3]])
        #expect(try broken([3, -3, 0, 3]) == [:])
        #expect(try broken([0.5, 0.5, 0.5, 0.5, 0, 0.5, 0.5, 0.5, 0.5]) == [:])
        #expect(try broken([-1, -0.6, -0.2, -0.2, 0.3, 0.8, 1.4]) == [:])
        #expect(try broken([0, 2.1, 2.4, 0.3]) == [5: [2]])
    }

    @Test func `centre and sigma move and stretch the chart, and a gap ends what ran`() throws {
        var rules = try #require(ControlRules(centre: 100, sigma: 10))
        #expect(rules.add(131) == [.beyondLimits] && rules.add(129) == [])
        for _ in 0..<7 { _ = rules.add(105) }
        #expect(rules.add(.nan) == [] && rules.add(105) == [] && rules.centre == 100)
        #expect(ControlRules(centre: 0, sigma: 0) == nil && ControlRules(centre: .nan, sigma: 1) == nil && ControlRules(centre: 0, sigma: .infinity) == nil)
    }
}
