import Statistics
import Testing

@Suite struct DriftTests {
    private let reference = [0.3, 0.25, 0.2, 0.15, 0.1]

    @Test func `the stability index and its bands`() throws {
        let index = try #require(StabilityIndex(reference: reference, current: [0.2, 0.22, 0.23, 0.2, 0.15]))
        #expect((index.value - 0.0832317292554).magnitude < 1e-12 && index.band == .stable)
        #expect(StabilityIndex(reference: reference, current: reference)?.value == 0)
        #expect(try #require(StabilityIndex(reference: [0.5, 0.5], current: [0.33, 0.67])).band == .watch)
        #expect(try #require(StabilityIndex(reference: [0.5, 0.5], current: [0.1, 0.9])).band == .shifted)
        let counts = try #require(StabilityIndex(referenceCounts: [30, 25, 20, 15, 10], currentCounts: [40, 44, 46, 40, 30]))
        #expect((counts.value - index.value).magnitude < 1e-14)
    }

    @Test func `an empty bin counts as declared`() throws {
        let floored = try #require(StabilityIndex(reference: [0.5, 0.5, 0], current: [0.5, 0.4, 0.1]))
        let right = -0.1 * Elementary.ln(0.8) + (0.1 - 1e-4) * Elementary.ln(1_000)
        #expect((floored.value - right).magnitude < 1e-14)
        #expect(StabilityIndex(reference: [0.5, 0.5, 0], current: [0.5, 0.4, 0.1], empty: .undefined) == nil)
        #expect(StabilityIndex(reference: [1, 0], current: [1, 0], empty: .undefined)?.value == 0)
        for (before, now) in [([], []), ([1], [0.5, 0.5]), ([.nan], [1]), ([-0.1], [1]), ([.infinity], [1])] as [([Double], [Double])] {
            #expect(StabilityIndex(reference: before, current: now) == nil)
        }
        #expect(StabilityIndex(referenceCounts: [0, 0], currentCounts: [1, 1]) == nil)
        #expect(StabilityIndex(reference: [0], current: [1], empty: .floor(0)) == nil)
    }

    @Test func `the test of two samples counts orders`() throws {
        let test = try #require(TwoSampleTest([1.2, 2.3, 3.1, 4.8, 5.0, 6.7, 7.1], [2.2, 4.4, 6.1, 7.9, 8.8, 9.5]))
        #expect(test.distance == 0.5 && (test.probability - 0.332750582751).magnitude < 1e-11 && test.isExact)
        // Wholly apart: 2 of the 924 orders of six and six.
        let apart = try #require(TwoSampleTest([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12]))
        #expect(apart.distance == 1 && (apart.probability - 2.0 / 924).magnitude < 1e-17)
        let same = try #require(TwoSampleTest([1, 2], [1, 2]))
        #expect(same.distance == 0 && same.probability == 1)
        #expect(TwoSampleTest([], [1]) == nil && TwoSampleTest([1], [.nan]) == nil)
        #expect(TwoSampleTest([1], [1])?.probability == 1)
    }

    @Test func `probabilities by counting are those of all orders`() throws {
        // Every choice of 4 places among 9 is as likely; ranks are the values.
        var distances: [Double] = []
        for chosen in 0..<512 where chosen.nonzeroBitCount == 4 {
            let first = (0..<9).filter { chosen >> $0 & 1 == 1 }.map(Double.init), second = (0..<9).filter { chosen >> $0 & 1 == 0 }.map(Double.init)
            let test = try #require(TwoSampleTest(first, second))
            distances.append(test.distance)
        }
        for chosen in [0b000001111, 0b101010100, 0b110000011, 0b011110000] {
            let first = (0..<9).filter { chosen >> $0 & 1 == 1 }.map(Double.init), second = (0..<9).filter { chosen >> $0 & 1 == 0 }.map(Double.init)
            let test = try #require(TwoSampleTest(first, second))
            let share = Double(distances.count { $0 >= test.distance - 1e-12 }) / Double(distances.count)
            #expect((test.probability - share).magnitude < 1e-14, "\(chosen)")
        }
    }

    @Test func `great samples use the limit, which is near to counting`() throws {
        var generator = LCG64(seed: 12)
        let first = (0..<1_000).map { _ in generator.unit() }, second = (0..<1_000).map { _ in generator.unit() + 0.06 }
        let counted = try #require(TwoSampleTest(first, second)), limit = try #require(TwoSampleTest(first + [0.5], second))
        #expect(counted.isExact && !limit.isExact)
        #expect((counted.probability - limit.probability).magnitude < 0.1 * counted.probability, "\(counted), \(limit)")
        let many = (0..<2_000).map { Double($0) }
        #expect(try #require(TwoSampleTest(many, many)).probability == 1)
        #expect(try #require(TwoSampleTest(many, many.map { $0 + 5_000 })).probability < 1e-300)
    }

    @Test func `a shift of the mean raises the alarm, either way, from any point on`() throws {
        let values = [1, 1.2, 0.9, 1.1, 1, 1, 2, 2.2, 2.1, 1.9, 2.3]
        var up = try #require(PageHinkley(delta: 0.1, lambda: 3))
        let alarms = values.map { up.add($0) }
        #expect(alarms.firstIndex(of: true) == 10 && (up.statistic - 3.1815007215).magnitude < 1e-9)
        var down = try #require(PageHinkley(delta: 0.1, lambda: 3, .down)), flat = try #require(PageHinkley(delta: 0.1, lambda: 3, .down))
        #expect(values.map { down.add(-$0) }.firstIndex(of: true) == 10)
        #expect(!values.map { flat.add($0) }.contains(true))
        // A fold: the state after some values goes on as if it had seen them all.
        var halted = try #require(PageHinkley(delta: 0.1, lambda: 3))
        for value in values.prefix(6) { halted.add(value) }
        var later = halted
        for value in [.nan, .infinity] + values.dropFirst(6) { later.add(value) }
        #expect(later == up)
        up.reset()
        #expect(up.statistic == 0 && up.count == 0 && !up.isAlarm)
        up.add(-1.7e308)
        up.add(1.7e308)
        #expect(up.statistic.isFinite)
        #expect(PageHinkley(delta: -1, lambda: 3) == nil && PageHinkley(delta: 0, lambda: 0) == nil && PageHinkley(delta: .nan, lambda: 1) == nil)
    }

    @Test func `one test is enough for a shift, and says so`() throws {
        let shifted = StabilityIndex(reference: [0.5, 0.5], current: [0.1, 0.9]), calm = StabilityIndex(reference: [0.5, 0.5], current: [0.5, 0.5])
        let apart = TwoSampleTest([1, 2, 3, 4, 5, 6], [7, 8, 9, 10, 11, 12])
        var alarm = try #require(PageHinkley(delta: 0, lambda: 1))
        for value in [0.0, 0, 9] { alarm.add(value) }
        #expect(DriftDecision(index: shifted, test: apart, pageHinkley: alarm).reasons == [.stabilityIndex, .twoSampleTest, .pageHinkley])
        #expect(DriftDecision(index: calm, test: apart, pageHinkley: nil).reasons == [.twoSampleTest])
        #expect(!DriftDecision(index: calm, test: apart, pageHinkley: nil, limits: .init(probability: 0.001)).isShift)
        #expect(!DriftDecision(index: nil, test: nil, pageHinkley: nil).isShift)
    }
}
