import Attributes
import Diagnostics
import FEEL
import Microsegments
import Records
import Statistics
import Testing
import Values

/// A shift of the population makes a run due, noise does not; silent feeds lower nobody.
struct TriggerTests {
    private func drawn(_ count: Int, _ range: ClosedRange<Int>, seed: UInt64) -> PopulationSample {
        var draw = Draw(seed: seed)
        return PopulationSample((0..<count).map { _ in Double(Int.random(in: range, using: &draw)) })
    }

    @Test func `a sample is thinned evenly by rank and reads back as it was`() throws {
        let sample = PopulationSample((0..<25_000).map { Double($0) / 3 } + [.nan, .infinity])
        #expect(sample.values.count == 1000 && sample.count == 25_000 && sample.values.first == 12.0 / 3 && sample.values.last == Double(24_987) / 3)
        #expect(PopulationSample(text: sample.text) == sample && PopulationSample(text: "") == nil && PopulationSample(text: "2 a b") == nil)
        #expect(PopulationSample(text: PopulationSample([]).text) == PopulationSample([]))
    }

    @Test func `another draw of the same population is no shift, and another population is one`() {
        let basis = drawn(3000, 0...1000, seed: 1)
        for seed in 2..<12 { #expect(!basis.shift(to: drawn(3000, 0...1000, seed: UInt64(seed))).isShift) }
        #expect(basis.shift(to: drawn(3000, 300...1300, seed: 3)).reasons == [.stabilityIndex, .twoSampleTest])
        #expect(basis.shift(to: drawn(3000, 0...900, seed: 4)).isShift)
        #expect(!drawn(19, 0...10, seed: 1).shift(to: drawn(500, 900...999, seed: 2)).isShift, "fewer than twenty tell nothing")
        let constant = PopulationSample([Double](repeating: 7, count: 50))
        #expect(!constant.shift(to: constant).isShift && constant.shift(to: PopulationSample([Double](repeating: 8, count: 50))).isShift)
    }

    @Test func `a chart judges from the twenty-first look on`() {
        let calm = (0..<20).map { 100 + Double($0 % 3) }
        #expect(MeanChart.signals(calm).isEmpty && MeanChart.signals(Array(calm.dropLast()) + [900]).isEmpty)
        #expect(MeanChart.signals(calm + [101]).isEmpty)
        #expect(MeanChart.signals(calm + [115]) == [.beyondLimits])
        #expect(MeanChart.signals(calm + [Double](repeating: 101.5, count: 9)).contains(.oneSide))
        let constant = [Double](repeating: 5, count: 20)
        #expect(MeanChart.signals(constant + [5]).isEmpty && MeanChart.signals(constant + [6]) == [.beyondLimits])
    }

    @Test func `while feeds are silent nobody is lowered, and others move`() throws {
        let scheme = try HoldingTests.scheme(more: "tiers: [key, large, small]")
        func assign(_ revenue: String, settled: String, changed: Bool = false) throws -> Assignment {
            try scheme.assign(
                HoldingTests.row("1", revenue), own: nil, state: StabilityState(settled: settled, since: HoldingTests.start), overrides: OverrideSet([]),
                schemeChanged: changed, isStale: true, context: Desk.context(HoldingTests.start.later(60)))
        }
        #expect(try assign("10", settled: "large").verdict == .stale && assign("10", settled: "large").microsegment == "large")
        #expect(try assign("10", settled: "large", changed: true).verdict == .stale, "not by another scheme either")
        #expect(try assign("5000", settled: "small").verdict == .moved)
        #expect(try assign("5000", settled: "large").verdict == .same)
        let untiered = try HoldingTests.scheme()
        #expect(try untiered.assign(
            HoldingTests.row("1", "5000"), own: nil, state: StabilityState(settled: "small", since: HoldingTests.start), overrides: OverrideSet([]),
            schemeChanged: false, isStale: true, context: Desk.context(HoldingTests.start)).verdict == .stale, "without tiers every move may lower")
    }

    @Test func `triggers that look at nothing, or of a live scheme, are refused`() throws {
        func first(_ more: String, live: Bool = false) throws -> String? {
            let text = HoldingTests.text(more: more)
            return try Desk.read(live ? text.replacing("cadence: daily", with: "cadence: live") : text, [Desk.plan(HoldingTests.attributes)]).diagnostics.first?.fact
        }
        #expect(try first("triggers: { every: 1h }") == "the triggers look at nothing")
        #expect(try first("triggers: { shift: [label] }") == "label is no number")
        #expect(try first("triggers: { shift: [revenue], every: 0s }") == "it would look all the time")
        #expect(try first("triggers: { shift: [revenue] }", live: true) == "a live scheme has no run that could be due earlier")
        let scheme = try HoldingTests.scheme(more: "triggers: { shift: [revenue], signal: [visits], quiet: 5m }\nfreshness: { sales: 2d }")
        #expect(scheme.triggers == Triggers(every: Desk.seconds(3600), quiet: Desk.seconds(300), shift: [0], signal: [1]))
        #expect(scheme.freshness.map(\.feed) == ["sales"] && scheme.freshness.map(\.within) == [Desk.seconds(172_800)])
    }
}
