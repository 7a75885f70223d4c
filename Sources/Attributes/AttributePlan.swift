package import FEEL
package import Records
import Statistics
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
    private let populationDependent: [Bool]

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
        var dependent: [Bool] = []
        for definition in definitions {
            switch definition.source {
            case .population: dependent.append(true)
            case .derived(let expression): dependent.append(expression.slots.contains { dependent[$0] })
            case .distance(let coordinates): dependent.append(coordinates.contains { $0.attribute.map { dependent[$0] } ?? false })
            default: dependent.append(false)
            }
        }
        populationDependent = dependent
    }

    /// The role of the party record that describes an entity of this kind, where roles share identifiers.
    package var ownRole: String? {
        switch entity {
        case .customer: "customer"
        case .supplier: "supplier"
        default: nil
        }
    }

    /// True where an attribute depends on the whole population.
    package var needsPopulation: Bool { populationDependent.contains(true) }

    /// Every kind of record that some attribute is computed from.
    package var kinds: Set<RecordKind> {
        Set((own.map { [$0.kind] } ?? []) + measures.map(\.over) + indirectKinds)
    }

    /// The fields by which a record of each kind names entities of this plan: those that it describes, and those that a measure counts it for.
    package var references: [RecordKind: Set<EntityReference>] {
        var references: [RecordKind: Set<EntityReference>] = [:]
        if let own, let described = own.describes { references[own.kind, default: []].insert(EntityReference(described.kind, slots: described.slots)) }
        for measure in measures { references[measure.over, default: []].insert(measure.link) }
        return references
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
            let read = (measure.of?.slots ?? []) + (measure.filter?.slots ?? []) + (measure.that?.slots ?? []) + (measure.among?.slots ?? []) + [measure.at, measure.until].compactMap { $0 }
            guard measure.over == kind else { return nil }
            return Set(read.filter { $0 < width } + measure.link.slots + (measure.join.map { [$0.through] } ?? []))
        case .derived, .distance, .population: return nil
        }
    }

    /// The fields of records that an attribute is computed from by its own declaration; those of attributes that it names are theirs.
    package func fieldsRead(by attribute: Int) -> [(kind: RecordKind, slot: Int)] {
        switch definitions[attribute].source {
        case .field(let slot), .fieldOr(let slot, _), .hoursUntil(let slot): return own.map { [($0.kind, slot)] } ?? []
        case .related(let relation, let slot, _):
            return [(relations[relation].kind, slot)] + (own.map { [($0.kind, relations[relation].through)] } ?? [])
        case .measure(let index):
            let measure = measures[index], width = RecordCatalogue.definition(measure.over).fields.count
            let read = [measure.of, measure.filter, measure.that, measure.among].flatMap { $0?.slots ?? [] } + [measure.at, measure.until].compactMap { $0 }
            // Behind the fields of the record stand those of the joined one.
            return read.compactMap { slot in slot < width ? (measure.over, slot) : measure.join.map { ($0.kind, slot - width) } }
        case .derived, .distance, .population: return []
        }
    }

    /// Computes one entity's attributes from its facts. Population classes, and what is derived from them, stay
    /// null; see ``classify(_:context:)``.
    package func evaluate(_ facts: EntityFacts, context: EvaluationContext) throws(EvaluationFailure) -> AttributeRow {
        var accumulators = measures.map { MeasureAccumulator($0, now: context.now, zone: context.zone) }
        for (index, records) in facts.measured.enumerated() {
            for record in records { try accumulators[index].add(record, context) }
        }
        return try evaluate(entity: facts.entity, own: facts.own, related: facts.related, accumulators, context: context)
    }

    /// Computes one entity's attributes from measures that were accumulated in one pass over many entities.
    ///
    /// Fails with ATTR-OVERFLOW where a number has more digits than a decimal holds, and where an expression fails.
    package func evaluate(
        entity: EntityKey, own: Fact?, related: [Fact?], _ accumulators: [MeasureAccumulator],
        context: EvaluationContext
    ) throws(EvaluationFailure) -> AttributeRow {
        try evaluate(entity: entity, own: own, related: related, context: context) { index throws(EvaluationFailure) in
            try accumulators[index].measured()
        }
    }

    /// The same from measures that are worked out when they are asked for, by their index.
    package func evaluate(
        entity: EntityKey, own: Fact?, related: [Fact?], context: EvaluationContext,
        measured: (Int) throws(EvaluationFailure) -> MeasuredValue
    ) throws(EvaluationFailure) -> AttributeRow {
        var row = AttributeRow(entity: entity, values: [], evidence: [], windowChange: nil)
        let ownRows = own.map { [$0.row] } ?? []
        for (attribute, definition) in definitions.enumerated() {
            switch definition.source {
            case .field(let slot):
                row.append(own?.values[slot] ?? .null, ownRows)
            case .fieldOr(let slot, let fallback):
                row.append(own?.values[slot], or: fallback, ownRows)
            case .related(let relation, let slot, let fallback):
                let fact = related[relation]
                row.append(fact?.values[slot], or: fallback, Array(Set(ownRows + (fact.map { [$0.row] } ?? []))).sorted())
            case .measure(let index):
                let measured = try measured(index)
                row.append(measured.value, measured.rows)
                row.noteChange(measured.windowChange)
            case .hoursUntil(let slot):
                row.append(try hours(until: own?.values[slot] ?? .null, scale: definition.scale ?? 0, context: context), ownRows)
            case .derived(let expression):
                let value = populationDependent[attribute] ? .null : try derive(expression, definition, row, context)
                row.append(value, Array(Set(expression.slots.flatMap { row.evidence[$0] }).sorted().prefix(Self.evidenceLimit)))
            case .distance(let coordinates):
                let value = populationDependent[attribute] ? .null : distance(coordinates, definition.scale ?? 0, row)
                row.append(value, Array(Set(coordinates.compactMap(\.attribute).flatMap { row.evidence[$0] }).sorted().prefix(Self.evidenceLimit)))
            case .population(let measure):
                // What the entity itself contributes; its place hangs on all others too.
                row.append(.null, row.evidence[measure.attribute])
            }
        }
        return row
    }

    private func derive(
        _ expression: CompiledExpression, _ definition: AttributeDefinition, _ row: AttributeRow, _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let value = try expression.evaluate(row.values, context)
        guard case .number(let number) = value, let scale = definition.scale else { return value }
        return .number(number.rounded(scale: scale))
    }

    /// A derived attribute over the values that a row has.
    func derived(_ attribute: Int, _ row: AttributeRow, _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        switch definitions[attribute].source {
        case .derived(let expression): return try derive(expression, definitions[attribute], row, context)
        case .distance(let coordinates): return distance(coordinates, definitions[attribute].scale ?? 0, row)
        default: return row.values[attribute]
        }
    }

    /// Kilometres between two places; null where a coordinate is missing or is none.
    private func distance(_ coordinates: [AttributeSource.Coordinate], _ scale: Int, _ row: AttributeRow) -> Value {
        let degrees = coordinates.compactMap { coordinate -> Double? in
            switch coordinate {
            case .constant(let number): return number.binary
            case .attribute(let attribute): if case .number(let number) = row.values[attribute] { return number.binary } else { return nil }
            }
        }
        guard degrees.count == 4, let kilometres = GreatCircle.kilometres(from: (degrees[0], degrees[1]), to: (degrees[2], degrees[3])) else { return .null }
        return ExactDecimal(kilometres, scale: scale).map { .number($0.rounded(scale: scale)) } ?? .null
    }

    /// Fills what hangs on the whole population in the rows of all of it, in the order of the file. The order of the rows does not
    /// matter. ``Population`` says the same of a population that changes by and by.
    package func classify(_ rows: inout [AttributeRow], context: EvaluationContext) throws(EvaluationFailure) {
        for (attribute, definition) in definitions.enumerated() where populationDependent[attribute] {
            if case .population(let measure) = definition.source {
                for (at, value) in try measure.values(rows).enumerated() { rows[at].values[attribute] = value }
            } else {
                for at in rows.indices { rows[at].values[attribute] = try derived(attribute, rows[at], context) }
            }
        }
    }

    /// Whether an attribute is, or is derived from, a place within the whole population.
    package func dependsOnPopulation(_ attribute: Int) -> Bool { populationDependent[attribute] }

    /// Whether a change of one entity changes the attribute of many others, as it does ranks and shares; classes and tiles change for those
    /// alone that cross from one into the next.
    package func changesWithEveryOther(_ attribute: Int) -> Bool {
        switch definitions[attribute].source {
        case .population(let measure): measure.steps == nil || ([measure.attribute] + measure.within).contains(where: changesWithEveryOther)
        case .derived(let expression): expression.slots.contains(where: changesWithEveryOther)
        case .distance(let coordinates): coordinates.compactMap(\.attribute).contains(where: changesWithEveryOther)
        default: false
        }
    }
}
