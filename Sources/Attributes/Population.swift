package import FEEL
package import Records
package import Values

/// The order statistics of what is ranked within a whole population, so that a change of one entity costs O(log n) for each ranked
/// attribute, and tells which other entities it moves into another class.
///
/// Rows are the caller's: only numbers, groups and keys are kept. Classes and tiles are true for every row that was placed since its own
/// attributes, or its class, last changed. Ranks, percentiles and shares change for many with each change of one: ``read(_:context:)``
/// tells those of one entity as of now.
package struct Population: Sendable {
    private let plan: AttributePlan
    /// By attribute: the groups, and where each entity is.
    private var rankings: [Int: Ranking] = [:]
    /// Ends of classes of groups that nobody was placed in yet.
    private var known: [Site: [PopulationEnd?]] = [:]
    /// Groups whose classes end elsewhere since that was last taken.
    private var moved: [Site: PopulationGroup] = [:]

    private struct Ranking: Sendable {
        var groups: [PopulationGroup: Group] = [:]
        var places: [EntityKey: Place] = [:]
    }
    private struct Group: Sendable {
        var index: PopulationIndex
        /// The last member of each class or tile but the last, with those before it; nil where there is none.
        var ends: [PopulationEnd?]
    }
    private struct Place: Hashable, Sendable {
        let group: PopulationGroup
        let number: ExactDecimal
    }
    /// An attribute and the text of a group of it.
    private struct Site: Hashable, Sendable {
        let attribute: Int
        let group: String
    }

    /// - Parameter ends: where classes ended when the rows were last placed, for a population that is placed anew: then ``place(_:context:)``
    ///   tells who has crossed since.
    package init(_ plan: AttributePlan, ends: [PopulationEnds] = []) {
        self.plan = plan
        for known in ends {
            guard let attribute = plan.layout.slot(of: known.attribute), case .population(let measure) = plan.definitions[attribute].source,
                known.ends.count == (measure.steps ?? 0) - 1
            else { continue }
            self.known[Site(attribute: attribute, group: known.group)] = known.ends
        }
    }

    /// Puts rows in place of former ones of the same entities, or adds them, and fills in what hangs on the population.
    ///
    /// - Parameter rows: as ``AttributePlan/evaluate(_:context:)`` gives them, one an entity.
    /// - Returns: entities whose class or tile changed, those that were placed in another by their own number not among them. Unless they are
    ///   among `rows`, they are to be placed again.
    package mutating func place(_ rows: inout [AttributeRow], context: EvaluationContext) throws(EvaluationFailure) -> Set<EntityKey> {
        var crossed: Set<EntityKey> = []
        for (attribute, definition) in plan.definitions.enumerated() where plan.dependsOnPopulation(attribute) {
            guard case .population(let measure) = definition.source else {
                for at in rows.indices { rows[at].values[attribute] = try plan.derived(attribute, rows[at], context) }
                continue
            }
            var affected: Set<PopulationGroup> = []
            for row in rows {
                try move(row.entity, attribute, measure, to: measure.ranked(row).map { Place(group: measure.group(of: row), number: $0) }, &affected)
            }
            crossed.formUnion(try settle(attribute, measure, affected))
            for at in rows.indices { rows[at].values[attribute] = try value(of: rows[at].entity, attribute, measure) }
        }
        return crossed
    }

    /// Takes entities out.
    ///
    /// - Returns: those that this brought into another class or tile.
    package mutating func remove(_ entities: [EntityKey]) throws(EvaluationFailure) -> Set<EntityKey> {
        var crossed: Set<EntityKey> = []
        for (attribute, definition) in plan.definitions.enumerated() {
            guard case .population(let measure) = definition.source else { continue }
            var affected: Set<PopulationGroup> = []
            for entity in entities { try move(entity, attribute, measure, to: nil, &affected) }
            crossed.formUnion(try settle(attribute, measure, affected))
        }
        return crossed.subtracting(entities)
    }

    /// Reads anew what hangs on the population in the row of an entity that was placed.
    package func read(_ row: inout AttributeRow, context: EvaluationContext) throws(EvaluationFailure) {
        for (attribute, definition) in plan.definitions.enumerated() where plan.dependsOnPopulation(attribute) {
            if case .population(let measure) = definition.source {
                row.values[attribute] = try value(of: row.entity, attribute, measure)
            } else {
                row.values[attribute] = try plan.derived(attribute, row, context)
            }
        }
    }

    /// Where classes end that have moved since this was last asked.
    package mutating func takeMovedEnds() -> [PopulationEnds] {
        defer { moved = [:] }
        return moved.map { site, group in
            PopulationEnds(
                attribute: plan.definitions[site.attribute].name, group: site.group, ends: rankings[site.attribute]?.groups[group]?.ends ?? [])
        }
    }

    private mutating func move(
        _ entity: EntityKey, _ attribute: Int, _ measure: PopulationMeasure, to place: Place?, _ affected: inout Set<PopulationGroup>
    ) throws(EvaluationFailure) {
        let former = rankings[attribute]?.places[entity]
        guard former != place else { return }
        if let former {
            rankings[attribute]?.groups[former.group]?.index.remove(PopulationIndex.Member(number: former.number, entity: entity))
            affected.insert(former.group)
        }
        if let place {
            if rankings[attribute]?.groups[place.group] == nil {
                let ends = known.isEmpty ? [] : known.removeValue(forKey: Site(attribute: attribute, group: place.group.text)) ?? []
                rankings[attribute, default: Ranking()].groups[place.group] = Group(index: PopulationIndex(isAscending: measure.isAscending), ends: ends)
            }
            let member = PopulationIndex.Member(number: place.number, entity: entity)
            guard rankings[attribute]?.groups[place.group]?.index.insert(member) == true else { throw PopulationMeasure.pastTotal }
            affected.insert(place.group)
        }
        rankings[attribute]?.places[entity] = place
    }

    /// Finds anew where the classes of groups end.
    ///
    /// - Returns: who is in another class therefore.
    private mutating func settle(
        _ attribute: Int, _ measure: PopulationMeasure, _ affected: Set<PopulationGroup>
    ) throws(EvaluationFailure) -> Set<EntityKey> {
        var crossed: Set<EntityKey> = []
        for key in affected {
            guard let group = rankings[attribute]?.groups[key] else { continue }
            let ends = try group.index.ends(measure)
            for (former, now) in zip(group.ends, ends) { crossed.formUnion(group.index.entities(between: former, and: now)) }
            if ends != group.ends { moved[Site(attribute: attribute, group: key.text)] = key }
            if group.index.count == 0 {
                rankings[attribute]?.groups[key] = nil
            } else {
                rankings[attribute]?.groups[key]?.ends = ends
            }
        }
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

/// Where the classes or tiles of one group end.
package struct PopulationEnds: Sendable {
    /// Name of the attribute that is the class.
    package let attribute: String
    /// What its members have in common, as canonical JSON.
    package let group: String
    /// The last member of each class but the last, with those before it, in the order of the classes; nil where there is none. Empty where
    /// the group is no more.
    package let ends: [PopulationEnd?]

    package init(attribute: String, group: String, ends: [PopulationEnd?]) {
        self.attribute = attribute
        self.group = group
        self.ends = ends
    }
}

/// The last member of a class: what was ranked, and whose it was.
package struct PopulationEnd: Hashable, Sendable {
    package let number: ExactDecimal
    package let entity: EntityKey

    package init(number: ExactDecimal, entity: EntityKey) {
        self.number = number
        self.entity = entity
    }
}

extension PopulationIndex {
    /// The last member of each step of a stepwise measure but the last, with those before it; empty for other measures.
    func ends(_ measure: PopulationMeasure) throws(EvaluationFailure) -> [PopulationEnd?] {
        guard let steps = measure.steps else { return [] }
        var ends: [PopulationEnd?] = []
        var low = 0
        for step in 0..<steps - 1 {
            var high = count
            // The first place of a later step; steps ascend along the order.
            while low < high {
                let middle = (low + high) / 2
                if try self.step(at: middle, measure) <= step { low = middle + 1 } else { high = middle }
            }
            ends.append(low == 0 ? nil : members(low - 1..<low).first.map { PopulationEnd(number: $0.number, entity: $0.entity) })
        }
        return ends
    }

    private func step(at position: Int, _ measure: PopulationMeasure) throws(EvaluationFailure) -> Int {
        guard let member = members(position..<position + 1).first else { return 0 }
        return try measure.step(measure.value(member.number, at: place(of: member)))
    }

    /// The members that lie behind one end and not behind another.
    func entities(between first: PopulationEnd?, and second: PopulationEnd?) -> [EntityKey] {
        let ends = [first, second].map { $0.map { countThrough(Member(number: $0.number, entity: $0.entity)) } ?? 0 }
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
