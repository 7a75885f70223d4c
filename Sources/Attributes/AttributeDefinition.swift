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
    /// Kilometres along the great circle between two places: latitude and longitude of the one, then of the other.
    case distance([Coordinate])
    /// A FEEL expression over the attributes declared before it.
    case derived(CompiledExpression)
    /// Where a measure stands within the population: a class, a rank, a share.
    case population(PopulationMeasure)

    /// Degrees: a number of the file, or another attribute.
    package enum Coordinate: Hashable, Sendable {
        case constant(ExactDecimal)
        case attribute(Int)

        package var attribute: Int? { if case .attribute(let attribute) = self { attribute } else { nil } }
    }
}

/// A record that the entity's own record points to.
package struct Relation: Hashable, Sendable {
    package let kind: RecordKind
    /// Slot of the own record that holds the identifier.
    package let through: Int
    /// For a party: which role.
    package let role: String?
}
