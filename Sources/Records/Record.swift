package import Values

/// Where one field of a record came from, in bytes of the source file.
package struct FieldOrigin: Hashable, Sendable {
    /// The EDI segment, row or element that holds it.
    package var node: Range<Int>
    /// The element, cell or text itself; equal to `node` where the value was computed from the whole.
    package var field: Range<Int>

    @inlinable package init(node: Range<Int>, field: Range<Int>) {
        self.node = node
        self.field = field
    }
}

/// One canonical record as a mapping made it.
package struct Record: Sendable {
    package let kind: RecordKind
    /// One value a slot of the kind's layout; `.null` where nothing was sent.
    package var values: [Value]
    /// One origin a slot; nil where the value was not read from the file (constants, counters, partner data).
    package var origins: [FieldOrigin?]
    /// Line of the mapping file, a slot; 0 where the slot is not mapped.
    package var rules: [Int32]
    /// 1-based ordinal of the record within its file.
    package var ordinal: Int

    package init(kind: RecordKind, values: [Value], origins: [FieldOrigin?], rules: [Int32], ordinal: Int) {
        self.kind = kind
        self.values = values
        self.origins = origins
        self.rules = rules
        self.ordinal = ordinal
    }

    /// The record with its origins moved on by so many bytes.
    package func shifted(by bytes: Int) -> Record {
        var moved = self
        moved.origins = origins.map { origin in
            origin.map {
                FieldOrigin(
                    node: $0.node.lowerBound + bytes..<$0.node.upperBound + bytes,
                    field: $0.field.lowerBound + bytes..<$0.field.upperBound + bytes)
            }
        }
        return moved
    }

    package var definition: RecordDefinition { RecordCatalogue.definition(kind) }
    package var client: String { values[0].text }
    /// The fields that have a value, in the catalogue's order.
    package var fieldValues: ContextValue {
        ContextValue(zip(definition.fields, values).compactMap { field, value in value == .null ? nil : (field.name, value) })
    }
    package var key: String { definition.keyText(values) }

    /// The entity that a reference of this kind of record names; nil where a part of it was not sent.
    package func entity(_ reference: EntityReference) -> EntityKey? { reference.entity(in: values) }
}

/// Fields of a kind of record that together name an entity.
package struct EntityReference: Hashable, Sendable {
    package let kind: EntityKind
    /// Slots of the parts, in the order of ``EntityKind/parts``.
    package let slots: [Int]

    package init(_ kind: EntityKind, slots: [Int]) {
        precondition(slots.count == kind.parts.count, "a reference names each part")
        self.kind = kind
        self.slots = slots
    }

    /// - Parameter values: a record's, by slot, its client first.
    package func entity(in values: [Value]) -> EntityKey? {
        var parts: [String] = []
        for slot in slots {
            guard values[slot] != .null else { return nil }
            parts.append(values[slot].text)
        }
        return EntityKey(kind, client: values[0].text, parts: parts)
    }
}
