import Records
import Statistics
import Store
import Values

/// Counts who goes from where to where as the histories of entities stream past. It holds counts, and the entities that changed too often.
struct TransitionFold {
    /// What changed within one cycle.
    struct Cycle {
        var counts = TransitionCounts()
        /// Entities that were in no micro-segment before, by the one that they are in after.
        var entered: [Int: Int] = [:]
        var left: [Int: Int] = [:]
    }

    let settings: TransitionReport.Settings
    /// Cycle `i` goes from instant `i` to instant `i + 1`.
    let boundaries: [Instant]
    private(set) var cycles: [Cycle]
    private(set) var pooled = TransitionCounts()
    private(set) var flips: FlipRate
    /// Micro-segments in the order in which they were met.
    private(set) var names: [String] = []
    private var numbers: [String: Int] = [:]
    private(set) var entities = 0
    private(set) var moves = 0
    private(set) var restless: [Store.Restless] = []

    /// - Parameter names: micro-segments that are known beforehand, in the order in which they are told.
    init(settings: TransitionReport.Settings, boundaries: [Instant], names: [String]) {
        precondition(boundaries.count >= 2, "there is no whole cycle")
        guard let flips = FlipRate(window: settings.window) else { preconditionFailure("the window was not checked") }
        self.settings = settings
        self.boundaries = boundaries
        self.flips = flips
        cycles = [Cycle](repeating: Cycle(), count: boundaries.count - 1)
        for name in names { _ = number(name) }
    }

    /// - Parameter spans: the history of one entity, in time.
    mutating func add(_ entity: EntityKey, _ spans: [AssignmentSpan]) {
        let states = states(spans)
        if states.contains(where: { $0 != nil }) { entities += 1 }
        for (cycle, (before, after)) in zip(states, states.dropFirst()).enumerated() {
            switch (before, after) {
            case (let before?, let after?):
                cycles[cycle].counts.add(from: before, to: after)
                pooled.add(from: before, to: after)
            case (nil, let after?): cycles[cycle].entered[after, default: 0] += 1
            case (let before?, nil): cycles[cycle].left[before, default: 0] += 1
            case (nil, nil): break
            }
        }
        for stretch in states.split(separator: nil) { flips.add(stretch.compactMap { $0 }) }
        let changes = spans.changes { settings.from < $0 && $0 <= settings.to }
        moves += changes
        if changes > settings.changesMax { restless.append(Store.Restless(scheme: settings.scheme, entity: entity, changes: changes)) }
    }

    /// Where the entity is at each boundary; nil where it is nowhere.
    private mutating func states(_ spans: [AssignmentSpan]) -> [Int?] {
        var at = 0
        return boundaries.map { boundary in
            while at < spans.count, let end = spans[at].validTo, end <= boundary { at += 1 }
            guard at < spans.count, spans[at].validFrom <= boundary else { return nil }
            return number(spans[at].microsegment)
        }
    }

    private mutating func number(_ name: String) -> Int {
        if let known = numbers[name] { return known }
        numbers[name] = names.count
        names.append(name)
        return names.count - 1
    }
}
