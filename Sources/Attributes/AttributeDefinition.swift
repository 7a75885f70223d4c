package import FEEL
package import Records
package import Values

/// One attribute of one kind of entity, as configured.
package struct AttributeDefinition: Sendable {
    package let name: String
    package let source: AttributeSource
    package let type: ValueType
    /// Digits after the point of a published number; nil for what is not a number or is kept as sent.
    package let scale: Int?
    package let unit: String?
    package let owner: String?
    package let summary: String?
}

/// Where the value of an attribute comes from.
package enum AttributeSource: Sendable {
    /// A field of the record that describes the entity.
    case field(slot: Int)
    /// The same, with a text where nothing was sent.
    case fieldOr(slot: Int, fallback: Value)
    /// A field of a record that the entity's own record points to, through relation `relation` of the plan.
    case related(relation: Int, slot: Int, fallback: Value)
    /// An aggregate over records that refer to the entity: measure `index` of the plan.
    case measure(Int)
    /// Hours from now until a date and time of the own record, negative once it has passed.
    case hoursUntil(slot: Int)
    /// A FEEL expression over the attributes declared before it.
    case derived(CompiledExpression)
    /// The class of a measure within the whole population; only full runs compute it.
    case populationClass(PopulationClass)
}

/// A record that the entity's own record points to.
package struct Relation: Hashable, Sendable {
    package let kind: RecordKind
    /// Slot of the own record that holds the identifier.
    package let through: Int
    /// For a party: which role.
    package let role: String?
}

/// An aggregate over records that refer to an entity.
package struct Measure: Sendable {
    package enum Aggregate: String, CaseIterable, Sendable {
        case count, sum, min, max, mean, any
        /// Standard deviation over mean of the sums of equal calendar buckets, empty ones counted.
        case variation
    }
    package enum Bucket: String, CaseIterable, Sendable { case day, week }

    package let aggregate: Aggregate
    package let over: RecordKind
    /// Slot of the record that refers to the entity.
    package let link: Int
    /// The kind whose record is joined to each record, with the slot that points to it.
    package let join: (kind: RecordKind, through: Int)?
    /// What is aggregated, over the record's fields and the joined ones; nil for a plain count.
    package let of: CompiledExpression?
    package let filter: CompiledExpression?
    /// Slot of the record's time, which windows and buckets go by.
    package let at: Int?
    /// Records count from `now - window` (exclusive) to `now` (inclusive); nil counts all.
    package let window: DayTimeDuration?
    package let bucket: Bucket?
    package let scale: Int
}
