package import Records
package import Values

/// One stored record as attributes see it: its row, its values by slot, and, where a measure joins another kind, the
/// joined record's values behind them.
package struct Fact: Sendable {
    /// The row of the store that holds the record; what an explanation leads back to.
    package let row: Int64
    package let values: [Value]

    package init(row: Int64, values: [Value]) {
        self.row = row
        self.values = values
    }
}

/// All that the attributes of one entity are computed from.
package struct EntityFacts: Sendable {
    package let entity: EntityKey
    /// The record that describes the entity, where one was received.
    package var own: Fact?
    /// The records behind each relation of the plan, by its index; nil where the own record names none or none was received.
    package var related: [Fact?]
    /// The records of each measure of the plan, by its index, in any order.
    package var measured: [[Fact]]

    package init(entity: EntityKey, own: Fact?, related: [Fact?], measured: [[Fact]]) {
        self.entity = entity
        self.own = own
        self.related = related
        self.measured = measured
    }
}

/// The computed attributes of one entity at one instant.
package struct AttributeRow: Sendable {
    package let entity: EntityKey
    /// One value an attribute, in the order of the plan.
    package var values: [Value]
    /// Rows of the records behind each attribute: all of them up to ``AttributePlan/evidenceLimit``, in ascending order.
    package var evidence: [[Int64]]
    /// When the passing of time alone can next change a windowed measure; nil where it cannot. Attributes that run with
    /// the clock (hours until) say theirs through ``AttributePlan/changes(of:own:threshold:context:)``.
    package var windowChange: Instant?

    package init(entity: EntityKey, values: [Value], evidence: [[Int64]], windowChange: Instant?) {
        self.entity = entity
        self.values = values
        self.evidence = evidence
        self.windowChange = windowChange
    }

    /// Adds the next attribute.
    mutating func append(_ value: Value, _ evidence: [Int64]) {
        values.append(value)
        self.evidence.append(evidence)
    }

    /// Adds the next attribute, with what applies where nothing was sent.
    mutating func append(_ value: Value?, or fallback: Value, _ evidence: [Int64]) {
        if let value, value != .null { append(value, evidence) } else { append(fallback, evidence) }
    }

    /// Notes that a window changes at an instant, if it is the earliest.
    mutating func noteChange(_ change: Instant?) {
        if let change { windowChange = windowChange.map { min($0, change) } ?? change }
    }
}
