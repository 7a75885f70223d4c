import Values

/// What stability remembers of many entities, a row each, with micro-segments as codes: places among ``names``.
package struct StandingColumns: Sendable {
    /// The code of an entity that was never assigned.
    static let none = UInt16.max

    /// Micro-segments in the order of their codes.
    package private(set) var names: [String] = []
    private var codes: [String: UInt16] = [:]
    var settled: [UInt16] = []
    var since: [Instant] = []
    /// What was in effect, overrides included.
    var inEffect: [UInt16] = []
    /// Place among ``candidates``; -1 where no answer waits.
    private var waiting: [Int32] = []
    private var candidates: [StabilityState.Candidate] = []
    /// Places of ``candidates`` that no row points to.
    private var free: [Int32] = []
    /// Notices, and when a row last went down, of the few rows that have one.
    private var notices: [Int: StabilityState.Notice] = [:]
    private var lowered: [Int: Instant] = [:]

    package init() {}

    /// Entities that were never assigned.
    package init(count: Int) {
        settled = [UInt16](repeating: Self.none, count: count)
        since = [Instant](repeating: Instant(seconds: 0), count: count)
        inEffect = settled
        waiting = [Int32](repeating: -1, count: count)
    }

    package var count: Int { settled.count }

    /// Adds an entity.
    ///
    /// - Parameter inEffect: what was in effect, where that is not what was settled.
    package mutating func append(_ state: StabilityState?, inEffect: String? = nil) {
        settled.append(Self.none)
        since.append(Instant(seconds: 0))
        self.inEffect.append(Self.none)
        waiting.append(-1)
        set(state, inEffect: inEffect, at: count - 1)
    }

    mutating func set(_ state: StabilityState?, inEffect: String?, at row: Int) {
        settled[row] = state.map { code(of: $0.settled) } ?? Self.none
        since[row] = state?.since ?? Instant(seconds: 0)
        self.inEffect[row] = (inEffect ?? state?.settled).map { code(of: $0) } ?? Self.none
        endWaiting(row)
        if let notice = state?.notice { notices[row] = notice }
        if let instant = state?.lowered { lowered[row] = instant }
        guard let candidate = state?.candidate else { return }
        if let place = free.popLast() {
            candidates[Int(place)] = candidate
            waiting[row] = place
        } else {
            waiting[row] = Int32(candidates.count)
            candidates.append(candidate)
        }
    }

    /// No answer waits any more, and nothing is known of a notice.
    @inline(__always)
    mutating func endWaiting(_ row: Int) {
        if !notices.isEmpty { notices[row] = nil }
        if !lowered.isEmpty { lowered[row] = nil }
        guard waiting[row] >= 0 else { return }
        free.append(waiting[row])
        waiting[row] = -1
    }

    /// The memory of one entity; nil where it was never assigned.
    package func state(_ row: Int) -> StabilityState? {
        guard settled[row] != Self.none else { return nil }
        var state = StabilityState(settled: names[Int(settled[row])], since: since[row])
        if waiting[row] >= 0 { state.candidate = candidates[Int(waiting[row])] }
        if !notices.isEmpty { state.notice = notices[row] }
        if !lowered.isEmpty { state.lowered = lowered[row] }
        return state
    }

    /// The micro-segment in effect; nil where there was none.
    package func microsegment(_ row: Int) -> String? { inEffect[row] == Self.none ? nil : names[Int(inEffect[row])] }

    mutating func code(of name: String) -> UInt16 {
        if let known = codes[name] { return known }
        precondition(names.count < Int(Self.none), "there are fewer micro-segments than codes")
        let code = UInt16(names.count)
        codes[name] = code
        names.append(name)
        return code
    }
}
