/// The eight tests for special causes on a control chart (Nelson, The Shewhart Control Chart - Tests for Special Causes, Journal of Quality Technology 16,
/// 1984), as a fold. Each tells the point that completes its pattern, and every further one that the pattern goes on to. All bounds are strict: a point at
/// 3 sigma is not beyond it, one on the centre line is on no side.
package struct ControlRules: Hashable, Sendable {
    /// By Nelson's numbers. His rule 2 is of 9 points; that of Western Electric of 8.
    package enum Rule: Int, Hashable, Sendable, CaseIterable {
        /// 1: one point beyond 3 sigma.
        case beyondLimits = 1
        /// 2: nine points in a row on one side.
        case oneSide
        /// 3: six points in a row rising, or falling.
        case trend
        /// 4: fourteen points in a row going up and down in turn.
        case alternating
        /// 5: two of three points in a row beyond 2 sigma on one side; the last is one of them.
        case twoOfThree
        /// 6: four of five points in a row beyond 1 sigma on one side; the last is one of them.
        case fourOfFive
        /// 7: fifteen points in a row within 1 sigma.
        case hugging
        /// 8: eight points in a row with none within 1 sigma, on whatever side.
        case mixture
    }

    package let centre: Double
    package let sigma: Double
    private var last: Double?
    /// Points in a row: above (+) or below (-) the centre, within and beyond 1 sigma.
    private var side = 0, within = 0, beyond = 0
    /// Steps in a row up (+) or down (-), and steps that turned about.
    private var slope = 0, turns = 0
    /// Zones of the last five points, from -3 to 3: how many whole sigmas they are beyond, the last first.
    private var zones: [Int] = []

    /// Nil unless sigma is above 0 and both are finite.
    package init?(centre: Double, sigma: Double) {
        guard sigma > 0, sigma < .infinity, centre.isFinite else { return nil }
        self.centre = centre
        self.sigma = sigma
    }

    /// Takes the next point; the rules it breaks, in order. What is not finite is no point: nothing runs on past it.
    package mutating func add(_ value: Double) -> [Rule] {
        guard value.isFinite else {
            self = ControlRules(cleared: self)
            return []
        }
        let z = (value - centre) / sigma
        count(z, value)
        var found: [Rule] = []
        if z.magnitude > 3 { found.append(.beyondLimits) }
        if abs(side) >= 9 { found.append(.oneSide) }
        if abs(slope) >= 5 { found.append(.trend) }
        if turns >= 12 { found.append(.alternating) }
        if isAmong(2, of: 3, beyond: 2) { found.append(.twoOfThree) }
        if isAmong(4, of: 5, beyond: 1) { found.append(.fourOfFive) }
        if within >= 15 { found.append(.hugging) }
        if beyond >= 8 { found.append(.mixture) }
        return found
    }

    /// The rules that each point breaks.
    package func findings(_ values: [Double]) -> [[Rule]] {
        var state = self
        return values.map { state.add($0) }
    }

    private init(cleared other: ControlRules) {
        centre = other.centre
        sigma = other.sigma
    }

    private mutating func count(_ z: Double, _ value: Double) {
        let sign = z > 0 ? 1 : z < 0 ? -1 : 0
        side = sign == 0 ? 0 : side.signum() == sign ? side + sign : sign
        within = z.magnitude < 1 ? within + 1 : 0
        beyond = z.magnitude > 1 ? beyond + 1 : 0
        zones.insert(sign * (z.magnitude > 3 ? 3 : z.magnitude > 2 ? 2 : z.magnitude > 1 ? 1 : 0), at: 0)
        if zones.count > 5 { zones.removeLast() }
        if let last {
            let step = value > last ? 1 : value < last ? -1 : 0
            turns = step != 0 && slope.signum() == -step ? turns + 1 : 0
            slope = step == 0 ? 0 : slope.signum() == step ? slope + step : step
        }
        last = value
    }

    private func isAmong(_ wanted: Int, of window: Int, beyond zone: Int) -> Bool {
        guard zones.count >= window else { return false }
        let sign = zones[0].signum()
        return sign != 0 && abs(zones[0]) >= zone && zones[..<window].count { $0 * sign >= zone } >= wanted
    }
}
