package import FEEL
package import Records
package import Values

/// The records that a plan's measures are computed from, for a whole population. They are read once, each kind in one pass, and kept as
/// columns; measures that hang on more than numbers are accumulated at once, as of the instant of reading.
package struct PopulationRecords: Sendable {
    /// Records of one kind that one pass feeds to several measures.
    package struct Group: Sendable {
        package let over: RecordKind
        package let link: EntityReference
        package let join: (kind: RecordKind, through: Int)?
        /// Slots of the record that its measures read, ascending.
        package let slots: [Int]
        /// Indices of the measures of the plan.
        package fileprivate(set) var measures: [Int]
        /// The columns that it fills.
        fileprivate var columns: [Int] = []
    }

    /// Columns, with the start of the longest window over them.
    private struct Filled: Sendable {
        var columns: RecordColumns
        /// Nil where a measure counts all records.
        var start: Instant?
        var isStarted = false
    }

    package let groups: [Group]
    private let plan: AttributePlan
    private let context: EvaluationContext
    private let calendars: [MeasureCalendar]
    private var filled: [Filled] = []
    /// By measure: its columns and its place among what they take; nil where it is accumulated.
    private var places: [(columns: Int, taken: Int)?]
    private var codes: [EntityKey: Int32] = [:]
    /// The entity of the latest record: records of one often stand together.
    private var recent: (entity: EntityKey, code: Int32)?
    /// By code, the accumulators of measures that have no columns.
    private var accumulators: [[MeasureAccumulator]] = []
    private let blank: [MeasureAccumulator]
    /// By measure, the entities that an accumulator failed on, each with the first failure.
    private var failures: [Int: [Int32: EvaluationFailure]] = [:]
    /// By measure: its place among the accumulators of an entity.
    private let accumulated: [Int: Int]
    package private(set) var entities: [EntityKey] = []

    /// - Parameters:
    ///   - context: the instant of reading. Records that lie before every window of it are left out.
    ///   - keepsAll: keeps those too, so that the population can be measured as of earlier instants.
    package init(_ plan: AttributePlan, context: EvaluationContext, keepsAll: Bool = false) {
        self.plan = plan
        self.context = context
        let calendars = plan.measures.map { MeasureCalendar($0, now: context.now, zone: context.zone) }
        self.calendars = calendars
        let others = plan.measures.indices.filter { !plan.measures[$0].isColumnar }
        accumulated = Dictionary(uniqueKeysWithValues: others.enumerated().map { ($0.element, $0.offset) })
        blank = others.map { MeasureAccumulator(plan.measures[$0], calendars[$0]) }
        places = plan.measures.map { _ in nil }
        var groups = Self.groups(plan)
        for group in groups.indices {
            for index in groups[group].measures where plan.measures[index].isColumnar {
                let measure = plan.measures[index]
                var at = filled.count
                for known in groups[group].columns where filled[known].columns.at == measure.at { at = known }
                if at == filled.count {
                    filled.append(Filled(columns: RecordColumns(at: measure.at)))
                    groups[group].columns.append(at)
                }
                let start = keepsAll ? nil : calendars[index].start
                filled[at].start = filled[at].isStarted ? filled[at].start.flatMap { known in start.map { min($0, known) } } : start
                filled[at].isStarted = true
                places[index] = (at, filled[at].columns.place(of: measure))
            }
        }
        self.groups = groups
    }

    private static func groups(_ plan: AttributePlan) -> [Group] {
        var groups: [Group] = []
        for (index, measure) in plan.measures.enumerated() {
            let same = groups.firstIndex {
                $0.over == measure.over && $0.link == measure.link && $0.join?.kind == measure.join?.kind
                    && $0.join?.through == measure.join?.through
            }
            let slots = Set((same.map { groups[$0].slots } ?? []) + measure.slots).sorted()
            let measures = (same.map { groups[$0].measures } ?? []) + [index]
            let group = Group(over: measure.over, link: measure.link, join: measure.join, slots: slots, measures: measures)
            if let same { groups[same] = group } else { groups.append(group) }
        }
        return groups
    }

    /// Makes an entity known, so that it is measured where no record refers to it too.
    @discardableResult
    package mutating func code(of entity: EntityKey) -> Int32 {
        if let recent, recent.entity == entity { return recent.code }
        let code = codes[entity] ?? Int32(entities.count)
        if Int(code) == entities.count {
            codes[entity] = code
            entities.append(entity)
            accumulators.append(blank)
        }
        recent = (entity, code)
        return code
    }

    /// Adds one record to every measure of a group. A record that names no entity is left out; one that an expression fails on leaves
    /// its entity without the measure.
    package mutating func add(_ fact: Fact, to group: Int) {
        guard let entity = groups[group].link.entity(in: fact.values) else { return }
        let code = code(of: entity)
        for at in groups[group].columns { filled[at].columns.add(fact, of: code, after: filled[at].start, context) }
        guard !blank.isEmpty else { return }
        for measure in groups[group].measures {
            guard let place = accumulated[measure] else { continue }
            do throws(EvaluationFailure) {
                try accumulators[Int(code)][place].add(fact, context)
            } catch {
                if failures[measure]?[code] == nil { failures[measure, default: [:]][code] = error }
            }
        }
    }

    /// The measures as of the instant of reading.
    package func measured() -> PopulationMeasurement { measured(calendars, accumulated) }

    /// The measures as of another instant; those that hang on more than numbers are not among them. A later one than that of reading,
    /// or any where all records are kept.
    package func measured(at instant: Instant) -> PopulationMeasurement {
        measured(plan.measures.map { MeasureCalendar($0, now: instant, zone: context.zone) }, [:])
    }

    private func measured(_ calendars: [MeasureCalendar], _ accumulated: [Int: Int]) -> PopulationMeasurement {
        var selections: [(columns: Int, start: Instant?, selection: ColumnSelection)] = []
        let measurements = plan.measures.indices.map { index -> ColumnMeasurement? in
            guard let place = places[index] else { return nil }
            let columns = filled[place.columns].columns, calendar = calendars[index]
            let known = selections.first { $0.columns == place.columns && $0.start == calendar.start }?.selection
            let selection = known ?? ColumnSelection(columns, after: calendar.start, through: calendar.now, entityCount: entities.count)
            if known == nil { selections.append((place.columns, calendar.start, selection)) }
            return ColumnMeasurement(plan.measures[index], columns, place: place.taken, selection, calendar, entityCount: entities.count)
        }
        return PopulationMeasurement(
            codes: codes, measurements: measurements, accumulated: accumulated, accumulators: accumulators, failures: failures)
    }
}

/// The measures of a plan for every entity of a population, as of one instant.
package struct PopulationMeasurement: Sendable {
    fileprivate let codes: [EntityKey: Int32]
    fileprivate let measurements: [ColumnMeasurement?]
    fileprivate let accumulated: [Int: Int]
    fileprivate let accumulators: [[MeasureAccumulator]]
    fileprivate let failures: [Int: [Int32: EvaluationFailure]]

    /// What a measure comes to by the codes of the entities; nil where it hangs on more than numbers.
    package func column(_ measure: Int) -> MeasureColumn? { measurements[measure]?.result }

    /// One measure of one entity, which must be known.
    package func measured(_ measure: Int, of entity: EntityKey) throws(EvaluationFailure) -> MeasuredValue {
        guard let code = codes[entity] else { preconditionFailure("\(entity) is not of the population") }
        if let measurement = measurements[measure] { return try measurement.measured(Int(code)) }
        guard let place = accumulated[measure] else { preconditionFailure("the measure is not among those of this instant") }
        if let failure = failures[measure]?[code] { throw failure }
        return try accumulators[Int(code)][place].measured()
    }
}

extension Measure {
    /// Slots of the record that it reads, the joined record's not among them.
    fileprivate var slots: [Int] {
        let width = RecordCatalogue.definition(over).fields.count
        let read = [of, filter, that, among].flatMap { $0?.slots ?? [] }.filter { $0 < width }
        // The client stands first.
        return [0] + read + link.slots + [at, until, join?.through].compactMap { $0 }
    }
}
