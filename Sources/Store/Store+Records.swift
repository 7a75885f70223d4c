package import Attributes
package import Records
package import Values

/// One stored record with where it came from.
package struct StoredRecord: Sendable {
    package let row: Int64
    package let kind: RecordKind
    package let load: Int64
    package let values: [Value]
    package let origins: [FieldOrigin?]
    package let rules: [Int32]
    /// Personal values that cannot be opened, by slot: the numbers of their keys. Their value is null.
    package let closed: [Int: Int64]
}

extension RecordTable {
    /// A table with its statements made once.
    struct Prepared: Sendable {
        let table: RecordTable
        let insert: Statement
        let byRow: Statement
        let latestByKey: Statement
        let contests: Statement
        let versions: Statement
        let supersede: Statement
    }

    static let everyTable = RecordCatalogue.all.map { RecordTable($0) }
    private static let prepared: [RecordKind: Prepared] = Dictionary(
        uniqueKeysWithValues: everyTable.map {
            ($0.definition.kind, Prepared(
                table: $0, insert: $0.insert, byRow: $0.byRow, latestByKey: $0.latestByKey, contests: $0.contests, versions: $0.versions, supersede: $0.supersede))
        })

    static func of(_ kind: RecordKind) -> Prepared {
        guard let found = prepared[kind] else { preconditionFailure("\(kind) has no table") }
        return found
    }
}

extension Store {
    /// One record by its row number, of whatever load and version, with its personal values where their keys are there.
    package func record(_ row: Int64) throws -> StoredRecord? {
        guard let kind = RecordRow.kind(row) else { return nil }
        let table = RecordTable.of(kind)
        return try driver.read { session in
            guard let found = try session.firstRow(table.byRow, [.integer(row)]) else { return nil }
            let width = table.table.width
            let provenance = Provenance.decode(found.blob(1 + width))
            var values = table.table.storedValues(found, from: 1), opener = PersonalOpener(keys, in: session)
            let sealed = try opener.open(&values, of: table.table.definition)
            return StoredRecord(
                row: row, kind: kind, load: found.integer(2 + width), values: values, origins: provenance?.origins ?? [], rules: provenance?.rules ?? [],
                closed: Dictionary(uniqueKeysWithValues: sealed.filter { !$0.isOpen }.map { ($0.slot, $0.key) }))
        }
    }

    /// The values of the current record of a kind with the greatest key in a range, keys compared by their bytes.
    package static func latest(_ kind: RecordKind, client: String, keys: ClosedRange<String>, in session: any StoreSession) throws -> [Value]? {
        let table = RecordTable.of(kind)
        return try session.firstRow(table.latestByKey, [.text(client), .text(keys.lowerBound), .text(keys.upperBound)]).map { table.table.values($0, from: 1) }
    }

    /// How many current records of each kind there are.
    package func recordCounts() throws -> [(kind: RecordKind, count: Int)] {
        try driver.read { session in
            try RecordTable.everyTable.map { ($0.definition.kind, Int(try session.firstRow($0.count)?.integer(0) ?? 0)) }
        }
    }

    /// What the attributes of one entity are computed from.
    package static func facts(of entity: EntityKey, for plan: AttributePlan, in session: any StoreSession) throws -> EntityFacts {
        let own = try ownRecord(of: entity, plan, in: session)
        let related = try plan.relations.map { try relatedRecord($0, of: own, client: entity.client, in: session) }
        let measured = try plan.measures.map { measure -> [Fact] in
            let table = RecordTable.of(measure.over).table
            guard let parts = entity.parts else { return [] }
            let rows = try session.rows(table.referring(through: measure.link.slots), [.text(entity.client)] + parts.map { .text($0) })
            return try rows.map { try joined($0, table, measure, client: entity.client, in: session) }
        }
        return EntityFacts(entity: entity, own: own, related: related, measured: measured)
    }

    static func ownRecord(of entity: EntityKey, _ plan: AttributePlan, in session: any StoreSession) throws -> Fact? {
        guard let own = plan.own, let describes = own.describes, let parts = entity.parts else { return nil }
        return try current(own, slots: describes.slots, client: entity.client, parts: parts, role: plan.ownRole, in: session)
    }

    /// The values of the current records of a kind whose field says so.
    package static func current(_ kind: RecordKind, through slot: Int, client: String, id: String, in session: any StoreSession) throws -> [[Value]] {
        let table = RecordTable.of(kind).table
        return try session.rows(table.referring(through: [slot]), [.text(client), .text(id)]).map { table.values($0, from: 1) }
    }

    /// The record that a relation leads to from an entity's own record, if there is one.
    package static func relatedRecord(_ relation: Relation, of own: Fact?, client: String, in session: any StoreSession) throws -> Fact? {
        guard let id = own?.values[relation.through], id != .null else { return nil }
        let definition = RecordCatalogue.definition(relation.kind)
        guard let describes = definition.describes else { return nil }
        return try current(definition, slots: describes.slots, client: client, parts: [id.text], role: relation.role, in: session)
    }

    /// The current record that describes an entity; of a party, the one in the role.
    private static func current(
        _ definition: RecordDefinition, slots: [Int], client: String, parts: [String], role: String?, in session: any StoreSession
    ) throws -> Fact? {
        let table = RecordTable.of(definition.kind).table
        for row in try session.rows(table.referring(through: slots), [.text(client)] + parts.map { .text($0) }) {
            let values = table.values(row, from: 1)
            if let role, let at = definition.slot("role"), values[at] != .string(role) { continue }
            return Fact(row: row.integer(0), values: values)
        }
        return nil
    }

    private static func joined(
        _ row: SQLRow, _ table: RecordTable, _ measure: Measure, client: String, in session: any StoreSession
    ) throws -> Fact {
        var values = table.values(row, from: 1)
        if let join = measure.join { values += try joinedValues(join, values, client: client, in: session) }
        return Fact(row: row.integer(0), values: values)
    }

    /// The values of the record that a record points to; nulls where it points to none that is there.
    private static func joinedValues(
        _ join: (kind: RecordKind, through: Int), _ values: [Value], client: String, in session: any StoreSession
    ) throws -> [Value] {
        let definition = RecordCatalogue.definition(join.kind), id = values[join.through]
        let other = id == .null ? nil : try definition.describes.flatMap {
            try current(definition, slots: $0.slots, client: client, parts: [id.text], role: nil, in: session)
        }
        return other?.values ?? [Value](repeating: .null, count: definition.fields.count)
    }

    /// Every current record that measures of a group count, in the order of their rows: one pass over the table. Of each only the fields that
    /// the measures read are filled.
    package static func forEachRecord(
        of group: PopulationRecords.Group, in session: any StoreSession, _ body: (Fact) throws -> Void
    ) throws {
        let table = RecordTable.of(group.over).table
        var known: [String: [String: [Value]]] = [:]
        try session.forEachRow(table.gathering(group.slots, through: group.link.slots), []) { row in
            var values = table.values(row, from: 1, slots: group.slots)
            if let join = group.join {
                let client = values[0].text, id = values[join.through].text
                let other = try known[client]?[id] ?? joinedValues(join, values, client: client, in: session)
                known[client, default: [:]][id] = other
                values += other
            }
            try body(Fact(row: row.integer(0), values: values))
            return true
        }
    }

    /// Entities whose attributes hang on a record other than through its own reference to them: the orders of a
    /// customer whose tier changed, the orders that hold an item.
    package static func dependents(on entity: EntityKey, for plan: AttributePlan, in session: any StoreSession) throws -> [EntityKey] {
        var found: Set<EntityKey> = []
        func add(_ table: RecordTable, _ wanted: [Int], where other: Int) throws {
            for row in try session.rows(table.distinct(wanted, where: other), [.text(entity.client), .text(entity.id)]) {
                let parts = wanted.indices.compactMap { row.optionalText($0) }
                if parts.count == wanted.count { found.insert(EntityKey(plan.entity, client: entity.client, parts: parts)) }
            }
        }
        if let own = plan.own, let describes = own.describes {
            for relation in plan.relations where own.fields[relation.through].refersTo == entity.kind {
                try add(RecordTable.of(own.kind).table, describes.slots, where: relation.through)
            }
        }
        for measure in plan.measures {
            let definition = RecordCatalogue.definition(measure.over)
            guard let join = measure.join, definition.fields[join.through].refersTo == entity.kind else { continue }
            try add(RecordTable.of(definition.kind).table, measure.link.slots, where: join.through)
        }
        return found.sorted()
    }
}
