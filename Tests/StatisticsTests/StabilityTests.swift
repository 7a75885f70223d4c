import Statistics
import Testing

@Suite struct StabilityTests {
    @Test func `a dead band and a dwell keep a state from thrashing`() throws {
        let values = [78.0, 81, 79, 82, 83, 84, 79, 76, 74, 73, 81, 72, 71, 70]
        var state = try #require(Hysteresis(up: 80, down: 75, dwell: 2, isUp: false))
        let states = values.map { state.add($0) ? "A" : "B" }.joined()
        #expect(states == "BBBBAAAAABBBBB" && state.switches == 2)
        // Without band and dwell it is the plain comparison.
        var naive = try #require(Hysteresis(up: 80, down: 80.0.nextDown, dwell: 1, isUp: false))
        #expect(values.map { naive.add($0) } == values.map { $0 >= 80 } && naive.switches == 6)
    }

    @Test func `a gap in the data neither speaks for the other state nor against it`() throws {
        var state = try #require(Hysteresis(up: 80, down: 75, dwell: 2, isUp: false))
        #expect(!state.add(81) && !state.add(.nan) && state.add(82))
        #expect(state.add(-.infinity) && !state.add(-.infinity))
        for (up, down, dwell) in [(75.0, 80.0, 1), (80, 75, 0), (.nan, 1, 1), (.infinity, 1, 1)] {
            #expect(Hysteresis(up: up, down: down, dwell: dwell, isUp: true) == nil)
        }
    }

    @Test func `noise about a bound flips a state with a band at most a tenth as often`() throws {
        var generator = LCG64(seed: 21), flips = 0, plainFlips = 0
        for _ in 0..<200 {
            var state = try #require(Hysteresis(up: 82, down: 78, dwell: 3, isUp: false)), wasUp = false
            for _ in 0..<100 {
                let value = 80 + (generator.unit() + generator.unit() - 1) * 4
                state.add(value)
                if (value >= 80) != wasUp {
                    wasUp.toggle()
                    plainFlips += 1
                }
            }
            flips += state.switches
        }
        #expect(plainFlips > 5_000 && flips * 10 <= plainFlips, "\(flips) of \(plainFlips)")
    }

    @Test func `a chain in the long run`() throws {
        let matrix = try #require(TransitionMatrix([[0.9, 0.08, 0.02], [0.1, 0.8, 0.1], [0.02, 0.13, 0.85]]))
        let shares = try #require(matrix.stationary)
        for (found, right) in zip(shares, [0.389908256881, 0.334862385321, 0.275229357798]) { #expect(isNear(found, right, 1e-11)) }
        #expect(isNear(matrix.expectedChurn, 0.147247706422, 1e-11) && isNear(matrix.meanDwell[2], 1 / 0.15))
    }

    @Test func `the long run is told where it does not depend on the start`() throws {
        // Two states that change places: no limit, but a stationary share.
        #expect(TransitionMatrix([[0, 1], [1, 0]])?.stationary == [0.5, 0.5])
        // All end in the last, whatever the order of the states.
        let absorbing = try #require(TransitionMatrix([[0.5, 0.5, 0], [0, 0.5, 0.5], [0, 0, 1]]))
        #expect(absorbing.stationary == [0, 0, 1] && absorbing.expectedChurn == 0 && absorbing.meanDwell[2] == nil)
        #expect(TransitionMatrix([[1, 0, 0], [0.5, 0.5, 0], [0, 0.5, 0.5]])?.stationary == [1, 0, 0])
        // Two states that are never left: it depends.
        #expect(try #require(TransitionMatrix([[1, 0], [0, 1]])).stationary == nil)
        #expect(try #require(TransitionMatrix([[0.5, 0.25, 0.25], [0, 1, 0], [0, 0, 1]])).stationary == nil)
        #expect(TransitionMatrix([[1]])?.stationary == [1])
        // A pair that is never left, reached from one other.
        #expect(TransitionMatrix([[0, 0.5, 0.5], [0, 0, 1], [0, 1, 0]])?.stationary == [0, 0.5, 0.5])
    }

    @Test func `transitions are counted over histories`() throws {
        let matrix = try #require(TransitionMatrix(histories: [[0, 0, 1], [1, 0], [2], []], states: 3))
        #expect(matrix.rows == [[0.5, 0.5, 0], [1, 0, 0], [0, 0, 0]])
        #expect(matrix.meanDwell == [2, 1, nil] && matrix.stationary == nil)
        #expect(TransitionMatrix(histories: [[0], []], states: 2) == nil && TransitionMatrix(histories: [[0, 2]], states: 2) == nil)
        #expect(TransitionMatrix(histories: [[0, 0]], states: 0) == nil && TransitionMatrix(histories: [[-1, 0]], states: 2) == nil)
        for rows in [[], [[0.5]], [[0.5, 0.5]], [[1.5, -0.5], [0, 1]], [[.nan, 1], [0, 1]]] { #expect(TransitionMatrix(rows) == nil, "\(rows)") }
    }

    @Test func `moves and moves back are counted`() throws {
        var flips = try #require(FlipRate(window: 2))
        flips.add([0, 1, 0, 0, 0, 1, 2, 1])
        #expect(flips.steps == 7 && flips.moves == 5 && flips.returns == 2)
        var other = try #require(FlipRate(window: 2))
        #expect(other.rate == nil && other.returnRate == nil)
        other.add([3, 3, 3])
        other.add([])
        other.add(flips)
        #expect(other.steps == 9 && other.rate == 5.0 / 9 && other.returnRate == 2.0 / 9)
        #expect(FlipRate(window: 0) == nil)
    }

    @Test func `counts that streamed past give the matrix of whole histories`() throws {
        var generator = LCG64(seed: 5)
        let histories = (0..<50).map { _ in (0..<20).map { _ in Int(generator.unit() * 4) } }
        var counts = TransitionCounts()
        for history in histories { for (before, after) in zip(history, history.dropFirst()) { counts.add(from: before, to: after) } }
        #expect(counts.total == 50 * 19 && counts.matrix(states: 4) == TransitionMatrix(histories: histories, states: 4))
        // A state that was never seen has an empty row, and is left never.
        let wider = try #require(counts.matrix(states: 5))
        #expect(wider.rows[4] == [0, 0, 0, 0, 0] && wider.meanDwell[4] == nil)
        #expect(TransitionCounts().matrix(states: 3) == nil && counts.matrix(states: TransitionMatrix.sizeMax + 1) == nil)
        #expect(TransitionMatrix(counts: [[1, 0], [1]]) == nil && TransitionMatrix(counts: [[1, -1], [0, 1]]) == nil && TransitionMatrix(counts: []) == nil)
    }
}
