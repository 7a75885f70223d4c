import Records
import Statistics
package import Store
package import Values

/// Who goes from which micro-segment to which, and whether too many go there and back: the answer of `transitions`.
package struct TransitionReport: Sendable {
    package struct Settings: Sendable {
        package var scheme: String
        package var from: Instant
        package var to: Instant
        package var cycle: CycleCalendar
        /// History as it was known at this position of the log.
        package var knownAt = Int.max
        /// Cycles within which a move back is a return.
        package var window = 4
        /// An entity that changes more often than this from `from` to `to` raises the alarm.
        package var changesMax = 3
        /// A micro-segment in which entities are expected to stay fewer cycles raises the alarm; nil asks nothing.
        package var dwellMin: ExactDecimal?

        package init(scheme: String, from: Instant, to: Instant, cycle: CycleCalendar) {
            self.scheme = scheme
            self.from = from
            self.to = to
            self.cycle = cycle
        }
    }

    /// One cycle: who moved, who came, who went.
    package struct Cycle: Sendable {
        package let from: Instant
        package let to: Instant
        /// Moves between two micro-segments; that an entity stayed is not among them.
        package let moves: [(from: String, to: String, count: Int)]
        package let stayed: Int
        package let entered: [(microsegment: String, count: Int)]
        package let left: [(microsegment: String, count: Int)]
    }

    /// One micro-segment over all cycles.
    package struct Row: Sendable {
        package let microsegment: String
        /// Steps that began here, by where they ended, in the order of the rows.
        package let counts: [Int]
        /// The same as parts of one, with four digits; nil where no step began here.
        package let probabilities: [ExactDecimal]?
        /// Cycles that an entity is expected to stay; nil where none left.
        package let dwell: ExactDecimal?
    }

    package static let cyclesMax = 1_000

    package let settings: Settings
    package let cycles: [Cycle]
    package let rows: [Row]
    package let entities: Int
    /// Changes from `from` to `to`, also those that a cycle does not show.
    package let moves: Int
    /// Steps of a cycle, those that moved, and those that moved back within the window.
    package let steps: Int
    package let stepsMoved: Int
    package let stepsReturned: Int
    /// Entities that changed too often, the most restless first.
    package let restless: [Store.Restless]
    /// Micro-segments whose expected stay is too short.
    package let fleeting: [String]

    package var isAlarm: Bool { !restless.isEmpty || !fleeting.isEmpty }

    /// - Parameter names: micro-segments in the order in which they are told; others follow.
    package init(_ settings: Settings, reader: HistoryReader, zone: ZoneRules, names: [String]) throws {
        var fold = TransitionFold(settings: settings, boundaries: try Self.boundaries(settings, zone), names: names)
        try reader.forEachEntity(scheme: settings.scheme, knownAt: settings.knownAt) { entity, spans in fold.add(entity, spans) }
        self.settings = settings
        entities = fold.entities
        moves = fold.moves
        (steps, stepsMoved, stepsReturned) = (fold.flips.steps, fold.flips.moves, fold.flips.returns)
        restless = fold.restless.sorted { ($1.changes, $0.entity) < ($0.changes, $1.entity) }
        cycles = Self.cycles(fold)
        let rows = try Self.rows(fold)
        self.rows = rows
        fleeting = settings.dwellMin.map { least in rows.filter { row in row.dwell.map { $0 < least } ?? false }.map(\.microsegment) } ?? []
    }

    private static func boundaries(_ settings: Settings, _ zone: ZoneRules) throws -> [Instant] {
        guard let found = settings.cycle.boundaries(from: settings.from, to: settings.to, zone: zone, cyclesMax: cyclesMax) else {
            throw PipelineFailure(subject: "transitions of \(settings.scheme)", cause: "there are more than \(cyclesMax) cycles", hint: "ask for fewer, or for longer ones")
        }
        guard found.count >= 2 else {
            throw PipelineFailure(
                subject: "transitions of \(settings.scheme)", cause: "no whole cycle of \(settings.cycle.text) lies between \(settings.from) and \(settings.to)",
                hint: "ask for a longer span, or for shorter cycles")
        }
        return found
    }

    private static func cycles(_ fold: TransitionFold) -> [Cycle] {
        let names = fold.names
        func told(_ members: [Int: Int]) -> [(microsegment: String, count: Int)] { members.sorted { $0.key < $1.key }.map { (names[$0.key], $0.value) } }
        return fold.cycles.enumerated().map { index, cycle in
            let moves = names.indices.flatMap { before in
                names.indices.compactMap { after -> (from: String, to: String, count: Int)? in
                    let count = cycle.counts[before, after]
                    return before != after && count > 0 ? (names[before], names[after], count) : nil
                }
            }
            return Cycle(
                from: fold.boundaries[index], to: fold.boundaries[index + 1], moves: moves,
                stayed: cycle.counts.total - moves.reduce(0) { $0 + $1.count }, entered: told(cycle.entered), left: told(cycle.left))
        }
    }

    private static func rows(_ fold: TransitionFold) throws -> [Row] {
        let names = fold.names
        guard names.count <= TransitionMatrix.sizeMax else {
            throw PipelineFailure(
                subject: "transitions of \(fold.settings.scheme)", cause: "its history has \(names.count) micro-segments, and \(TransitionMatrix.sizeMax) are counted",
                hint: "ask for a shorter span")
        }
        let matrix = fold.pooled.matrix(states: names.count)
        let dwell = matrix?.meanDwell
        return names.indices.map { before in
            let counts = names.indices.map { fold.pooled[before, $0] }
            return Row(
                microsegment: names[before], counts: counts,
                probabilities: counts.contains { $0 > 0 } ? matrix?.rows[before].map { decimal($0, scale: 4) } : nil,
                dwell: dwell?[before].map { decimal($0, scale: 2) })
        }
    }

    /// A number of counts, rounded: it is within what 64 bits hold, as the greatest is how many steps there are.
    private static func decimal(_ number: Double, scale: Int) -> ExactDecimal {
        let factor = (0..<scale).reduce(1.0) { product, _ in product * 10 }
        return ExactDecimal(coefficient: Int64((number * factor).rounded()), scale: scale)
    }
}
