package import FEEL
package import Records
import Values

/// The rows of a whole population with the order statistics of what is ranked within it, so that a change of one entity costs
/// O(log n) for each ranked attribute, and tells which other entities it moves into another class.
///
/// Values of classes and tiles are kept true for every entity. Ranks, percentiles and shares change for many with each change of one:
/// those of the entities that were asked for are true at the instant of the asking.
package struct Population: Sendable {
    private let plan: AttributePlan
    private var rows: [EntityKey: AttributeRow] = [:]
    /// By attribute: the groups, and where each entity is.
    private var rankings: [Int: Ranking] = [:]

    private struct Ranking: Sendable {
        var groups: [PopulationGroup: Group] = [:]
        var places: [EntityKey: Place] = [:]
    }
    private struct Group: Sendable {
        var index: PopulationIndex
        /// The last member of each class or tile and those before it; nil where there is none.
        var boundaries: [PopulationIndex.Member?]
    }
    private struct Place: Hashable, Sendable {
        let group: PopulationGroup
        let number: ExactDecimal
    }

    package init(_ plan: AttributePlan) { self.plan = plan }

    package var count: Int { rows.count }

    /// Puts rows in place of former ones of the same entities, or adds them.
    ///
    /// - Parameter fresh: rows as ``AttributePlan/evaluate(_:context:)`` gives them.
    /// - Returns: these rows with their population attributes, and those of every entity whose class or tile they changed, in
    ///   the order of the entities.
    package mutating func replace(_ fresh: [AttributeRow], context: EvaluationContext) throws(EvaluationFailure) -> [AttributeRow] {
        for row in fresh { rows[row.entity] = row }
        return try settle(Set(fresh.map(\.entity)), context)
    }

    /// Takes entities out.
    ///
    /// - Returns: the rows of those whose class or tile that changed.
    package mutating func remove(_ entities: [EntityKey], context: EvaluationContext) throws(EvaluationFailure) -> [AttributeRow] {
        for entity in entities { rows[entity] = nil }
        return try settle(Set(entities), context)
    }

    /// An entity's row as of the latest change, its ranks and shares read now.
    package func row(of entity: EntityKey, context: EvaluationContext) throws(EvaluationFailure) -> AttributeRow? {
        guard var row = rows[entity] else { return nil }
        for (attribute, definition) in plan.definitions.enumerated() where plan.dependsOnPopulation(attribute) {
            if case .population(let measure) = definition.source {
                row.values[attribute] = try value(of: entity, attribute, measure)
            } else {
                row.values[attribute] = try plan.derived(attribute, row, context)
            }
        }
        return row
    }

    private mutating func settle(_ changed: Set<EntityKey>, _ context: EvaluationContext) throws(EvaluationFailure) -> [AttributeRow] {
        var touched = changed
        for (attribute, definition) in plan.definitions.enumerated() where plan.dependsOnPopulation(attribute) {
            if case .population(let measure) = definition.source {
                touched.formUnion(try rank(touched, attribute, measure))
                for entity in touched where rows[entity] != nil {
                    let value = try value(of: entity, attribute, measure)
                    rows[entity]?.values[attribute] = value
                }
            } else {
                for entity in touched {
                    guard let row = rows[entity] else { continue }
                    let value = try plan.derived(attribute, row, context)
                    rows[entity]?.values[attribute] = value
                }
            }
        }
        return touched.compactMap { rows[$0] }.sorted { $0.entity < $1.entity }
    }

    /// Moves entities to where they now stand.
    ///
    /// - Returns: those that this brought into another class or tile.
    private mutating func rank(
        _ entities: Set<EntityKey>, _ attribute: Int, _ measure: PopulationMeasure
    ) throws(EvaluationFailure) -> Set<EntityKey> {
        var ranking = rankings.removeValue(forKey: attribute) ?? Ranking()
        var affected: Set<PopulationGroup> = []
        for entity in entities {
            let former = ranking.places[entity]
            let place = rows[entity].flatMap { row in measure.ranked(row).map { Place(group: measure.group(of: row), number: $0) } }
            guard former != place else { continue }
            if let former {
                ranking.groups[former.group]?.index.remove(PopulationIndex.Member(number: former.number, entity: entity))
                affected.insert(former.group)
            }
            if let place {
                let empty = Group(index: PopulationIndex(isAscending: measure.isAscending), boundaries: [])
                guard ranking.groups[place.group, default: empty].index.insert(PopulationIndex.Member(number: place.number, entity: entity)) else {
                    throw PopulationMeasure.pastTotal
                }
                affected.insert(place.group)
            }
            ranking.places[entity] = place
        }
        var crossed: Set<EntityKey> = []
        for key in affected {
            guard var group = ranking.groups[key] else { continue }
            let boundaries = try group.index.boundaries(measure)
            for (former, now) in zip(group.boundaries, boundaries) { crossed.formUnion(group.index.entities(between: former, and: now)) }
            group.boundaries = boundaries
            ranking.groups[key] = group.index.count == 0 ? nil : group
        }
        rankings[attribute] = ranking
        return crossed
    }

    private func value(of entity: EntityKey, _ attribute: Int, _ measure: PopulationMeasure) throws(EvaluationFailure) -> Value {
        guard let place = rankings[attribute]?.places[entity], let group = rankings[attribute]?.groups[place.group] else {
            return try measure.value(nil, at: nil)
        }
        return try measure.value(
            place.number, at: group.index.place(of: PopulationIndex.Member(number: place.number, entity: entity)))
    }
}

extension PopulationIndex {
    /// The last member of each step of a stepwise measure but the last, with those before it; empty for other measures.
    func boundaries(_ measure: PopulationMeasure) throws(EvaluationFailure) -> [Member?] {
        guard let steps = measure.steps else { return [] }
        var boundaries: [Member?] = []
        var low = 0
        for step in 0..<steps - 1 {
            var high = count
            // The first place of a later step; steps ascend along the order.
            while low < high {
                let middle = (low + high) / 2
                if try self.step(at: middle, measure) <= step { low = middle + 1 } else { high = middle }
            }
            boundaries.append(low == 0 ? nil : members(low - 1..<low).first)
        }
        return boundaries
    }

    private func step(at position: Int, _ measure: PopulationMeasure) throws(EvaluationFailure) -> Int {
        guard let member = members(position..<position + 1).first else { return 0 }
        return try measure.step(measure.value(member.number, at: place(of: member)))
    }

    /// The members that lie behind one boundary and not behind another.
    func entities(between first: Member?, and second: Member?) -> [EntityKey] {
        let ends = [first, second].map { $0.map(countThrough) ?? 0 }
        return members(min(ends[0], ends[1])..<max(ends[0], ends[1])).map(\.entity)
    }
}

extension PopulationMeasure {
    /// How many classes or tiles there are, for measures that put an entity into one; nil for ranks and shares.
    package var steps: Int? {
        switch form {
        case .classes(_, let names, _): names.count
        case .tile(let count): count
        case .rank, .percentile, .cumulativeShare, .share: nil
        }
    }

    /// The number of a class or tile, from 0.
    func step(_ value: Value) -> Int {
        switch (form, value) {
        case (.classes(_, let names, _), .string(let name)): names.firstIndex(of: name) ?? names.count - 1
        case (.tile, .number(let number)): (number.integer ?? 1) - 1
        default: 0
        }
    }
}
