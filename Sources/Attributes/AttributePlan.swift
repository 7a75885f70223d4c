package import FEEL
package import Records
package import Values

/// The attributes of one kind of entity, compiled: what to fetch, and how to compute. Live runs, full runs, impact
/// and explanation all go through it.
package struct AttributePlan: Sendable {
    /// How many records are kept as evidence of one attribute; more are counted by the attribute, not listed.
    package static let evidenceLimit = 64

    package let entity: EntityKind
    /// The kind of record that describes the entity, where the catalogue has one.
    package let own: RecordDefinition?
    package let definitions: [AttributeDefinition]
    package let relations: [Relation]
    package let measures: [Measure]
    /// Names and types of the attributes, in order: what rules are compiled against.
    package let layout: Layout

    package init(
        entity: EntityKind, own: RecordDefinition?, definitions: [AttributeDefinition], relations: [Relation],
        measures: [Measure]
    ) {
        self.entity = entity
        self.own = own
        self.definitions = definitions
        self.relations = relations
        self.measures = measures
        layout = Layout(definitions.map { ($0.name, $0.type) })
    }

    /// The role of the party record that describes an entity of this kind, where roles share identifiers.
    package var ownRole: String? {
        switch entity {
        case .customer: "customer"
        case .supplier: "supplier"
        case .item, .order, .lane: nil
        }
    }

    /// True where an attribute depends on the whole population, so that only a full run can compute it.
    package var needsPopulation: Bool {
        definitions.contains { if case .populationClass = $0.source { true } else { false } }
    }

    /// Kinds of record whose arrival can change an attribute of an entity other than through its own reference:
    /// a related or joined record. The store finds the entities behind them.
    package var indirectKinds: [RecordKind] {
        Array(Set(relations.map(\.kind) + measures.compactMap { $0.join?.kind })).sorted { $0.rawValue < $1.rawValue }
    }

    /// The slots of a kind of record that an attribute is computed from, for explanations; nil where all may matter.
    package func sourceSlots(of attribute: String, in kind: RecordKind) -> Set<Int>? {
        guard let index = layout.slot(of: attribute) else { return nil }
        switch definitions[index].source {
        case .field(let slot), .fieldOr(let slot, _), .hoursUntil(let slot): return own?.kind == kind ? [slot] : nil
        case .related(let relation, let slot, _):
            if relations[relation].kind == kind { return [slot] }
            return own?.kind == kind ? [relations[relation].through] : nil
        case .measure(let index):
            let measure = measures[index]
            let width = RecordCatalogue.definition(measure.over).fields.count
            let read = (measure.of?.slots ?? []) + (measure.filter?.slots ?? []) + [measure.at].compactMap { $0 }
            guard measure.over == kind else { return nil }
            return Set(read.filter { $0 < width } + [measure.link] + (measure.join.map { [$0.through] } ?? []))
        case .derived, .populationClass: return nil
        }
    }

    /// Computes one entity's attributes from its facts. Population classes stay null; see ``classify(_:context:)``.
    package func evaluate(_ facts: EntityFacts, context: EvaluationContext) throws(EvaluationFailure) -> AttributeRow {
        var accumulators = measures.map { MeasureAccumulator($0, now: context.now, zone: context.zone) }
        for (index, records) in facts.measured.enumerated() {
            for record in records { try accumulators[index].add(record, context) }
        }
        return try evaluate(entity: facts.entity, own: facts.own, related: facts.related, accumulators, context: context)
    }

    /// Computes one entity's attributes from measures that were accumulated in one pass over many entities.
    package func evaluate(
        entity: EntityKey, own: Fact?, related: [Fact?], _ accumulators: [MeasureAccumulator],
        context: EvaluationContext
    ) throws(EvaluationFailure) -> AttributeRow {
        var row = AttributeRow(entity: entity, values: [], evidence: [], windowChange: nil)
        for definition in definitions {
            var value = Value.null, evidence: [Int64] = []
            switch definition.source {
            case .field(let slot):
                value = own?.values[slot] ?? .null
                evidence = own.map { [$0.row] } ?? []
            case .fieldOr(let slot, let fallback):
                value = own?.values[slot] ?? .null
                if value == .null { value = fallback }
                evidence = own.map { [$0.row] } ?? []
            case .related(let relation, let slot, let fallback):
                let fact = related[relation]
                value = fact.map { $0.values[slot] } ?? .null
                if value == .null { value = fallback }
                evidence = [own?.row, fact?.row].compactMap { $0 }
            case .measure(let index):
                (value, evidence) = accumulators[index].result()
                if let change = accumulators[index].windowChange {
                    row.windowChange = row.windowChange.map { min($0, change) } ?? change
                }
            case .hoursUntil(let slot):
                value = hours(until: own?.values[slot] ?? .null, scale: definition.scale ?? 0, context: context)
                evidence = own.map { [$0.row] } ?? []
            case .derived(let expression):
                value = try expression.evaluate(row.values, context)
                if case .number(let number) = value, let scale = definition.scale {
                    value = .number(number.rounded(scale: scale))
                }
                evidence = Array(Set(expression.slots.flatMap { row.evidence[$0] }).sorted().prefix(Self.evidenceLimit))
            case .populationClass:
                break
            }
            row.values.append(value)
            row.evidence.append(evidence)
        }
        return row
    }

    /// Fills the population classes of a whole population's rows. The order of the rows does not matter.
    package func classify(_ rows: inout [AttributeRow], context: EvaluationContext) throws(EvaluationFailure) {
        for (index, definition) in definitions.enumerated() {
            if case .populationClass(let classes) = definition.source {
                let measures = rows.map { row -> ExactDecimal in
                    if case .number(let number) = row.values[classes.measure] { number } else { .zero }
                }
                for (at, name) in classes.assign(measures).enumerated() { rows[at].values[index] = .string(name) }
            }
        }
        // What is derived from a class is computed once the classes are known.
        for at in rows.indices {
            for (index, definition) in definitions.enumerated() {
                guard case .derived(let expression) = definition.source, dependsOnPopulation(index) else { continue }
                rows[at].values[index] = try expression.evaluate(rows[at].values, context)
            }
        }
    }

    /// Whether an attribute is, or is derived from, a class within the whole population.
    package func dependsOnPopulation(_ attribute: Int) -> Bool {
        switch definitions[attribute].source {
        case .populationClass: true
        case .derived(let expression): expression.slots.contains { dependsOnPopulation($0) }
        default: false
        }
    }

    /// Hours to an instant, rounded down to the scale: a step function of time whose steps are known instants.
    private func hours(until value: Value, scale: Int, context: EvaluationContext) -> Value {
        guard case .dateTime(let time) = value else { return .null }
        let left = context.now.distance(to: time.instant(in: context.zone))
        do {
            let seconds = try ExactDecimal(coefficient: left.seconds).adding(
                ExactDecimal(coefficient: Int64(left.nanoseconds), scale: 9))
            return .number(try seconds.divided(by: ExactDecimal(3600)).rounded(scale: scale, .floor))
        } catch {
            return .null
        }
    }

    /// The first instant after `now` at which an attribute that runs with the clock can begin to answer a comparison
    /// with `threshold` differently, or nil where it cannot any more.
    ///
    /// `hoursUntil` is the exact time left, rounded down to a step of `10^-scale` hours. It falls to a value at most T when
    /// less than `T + step` is left, and below T when less than T is left: those two instants are the candidates.
    package func nextChange(
        of attribute: Int, own: Fact?, threshold: ExactDecimal, context: EvaluationContext
    ) -> Instant? {
        guard case .hoursUntil(let slot) = definitions[attribute].source, case .dateTime(let time)? = own?.values[slot]
        else { return nil }
        let due = time.instant(in: context.zone)
        let step = ExactDecimal(coefficient: 1, scale: definitions[attribute].scale ?? 0)
        var first: Instant?
        for bound in [threshold, try? threshold.adding(step)].compactMap({ $0 }) {
            guard let nanoseconds = try? bound.multiplying(by: ExactDecimal(coefficient: 3_600_000_000_000)).rounded(scale: 0, .down),
                let whole = nanoseconds.coefficient64
            else { continue }
            // One nanosecond past the instant at which exactly `bound` is left: then less than `bound` is left.
            let before = DayTimeDuration(
                seconds: -(whole / 1_000_000_000), nanoseconds: Int32(-(whole % 1_000_000_000) + 1))
            let candidate = due.adding(before)
            if candidate > context.now { first = first.map { min($0, candidate) } ?? candidate }
        }
        return first
    }
}

extension PopulationClass {
    /// The class of each entity, given its measure; the order of entities does not matter.
    package func assign(_ measures: [ExactDecimal]) -> [String] {
        let order = measures.indices.sorted { measures[$0] > measures[$1] }
        var total = ExactDecimal.zero
        for measure in measures where measure > .zero { total = (try? total.adding(measure)) ?? total }
        var result = [String](repeating: names[names.count - 1], count: measures.count)
        var cumulative = ExactDecimal.zero
        var at = 0
        while at < order.count, measures[order[at]] > .zero {
            // Entities with equal measures share a class: that of the first of them.
            var end = at
            while end < order.count, measures[order[end]] == measures[order[at]] { end += 1 }
            let name = names[cuts.filter { !isBelow(cumulative, $0, of: total) }.count]
            for index in order[at..<end] {
                result[index] = name
                cumulative = (try? cumulative.adding(measures[index])) ?? cumulative
            }
            at = end
        }
        return result
    }

    /// Whether `part` is less than `percent` of `total`, without division.
    private func isBelow(_ part: ExactDecimal, _ percent: ExactDecimal, of total: ExactDecimal) -> Bool {
        guard let left = try? part.multiplying(by: ExactDecimal(100)), let right = try? percent.multiplying(by: total)
        else { return false }
        return left < right
    }
}
