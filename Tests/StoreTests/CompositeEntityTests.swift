import Attributes
import Configurations
import Diagnostics
import FEEL
import Records
import Store
import Testing
import Values

/// Entities of several parts are found again by their parts, whatever characters these hold.
struct CompositeEntityTests {
    private static let names = ["A", "A|B", #"A\"#, #"A\|B"#, "B|C", "C"]

    private func plan() throws -> AttributePlan {
        let text = "attributes: test\nentity: itemLocation\nvalues:\n  stock: { sum: inventoryPosition, by: [item, location], of: quantity }\n  slot: { field: slot }\n"
        let (root, problems) = ConfigurationText.parse(text, file: "test.yaml")
        let node = try #require(root, "\(problems.map(\.text))")
        let (plan, findings) = AttributePlanReader.read(node)
        return try #require(plan, "\(findings.map(\.text))")
    }

    private func record(_ kind: RecordKind, _ ordinal: Int, _ fields: [String: Value]) -> PendingRecord {
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        values[0] = .string("ACME")
        for (name, value) in fields { if let slot = definition.slot(name) { values[slot] = value } }
        return PendingRecord(
            record: Record(
                kind: kind, values: values, origins: [FieldOrigin?](repeating: nil, count: values.count),
                rules: [Int32](repeating: 0, count: values.count), ordinal: ordinal),
            version: 0)
    }

    @Test func `facts, groups and marks agree on every entity`() throws {
        let fixture = try StoreFixture(), plan = try plan()
        var records: [PendingRecord] = [], expected: [EntityKey: Int] = [:]
        for (i, item) in Self.names.enumerated() {
            for (j, location) in Self.names.enumerated() {
                expected[EntityKey(.itemLocation, client: "ACME", parts: [item, location])] = i * 10 + j
                records.append(record(
                    .inventoryPosition, records.count + 1,
                    ["item": .string(item), "location": .string(location), "quantity": .number(ExactDecimal(i * 10 + j))]))
            }
        }
        records.append(record(.itemLocation, records.count + 1, ["item": .string("A|B"), "location": .string("C"), "slot": .string("07-3")]))
        try fixture.publish(records, file: "stock.csv", digest: "1")
        #expect(expected.count == 36)
        let context = EvaluationContext(now: Instant(seconds: 0), zone: .utc)
        try fixture.store.driver.write { session in
            for (entity, quantity) in expected {
                let row = try plan.evaluate(Store.facts(of: entity, for: plan, in: session), context: context)
                #expect(row.values[0] == .number(ExactDecimal(quantity)), "\(entity)")
                #expect(row.values[1] == (entity.parts == ["A|B", "C"] ? .string("07-3") : .null))
                #expect(EntityKey(entity.description) == entity)
            }
            var population = PopulationRecords(plan, context: context)
            try #require(population.groups.count == 1)
            try Store.forEachRecord(of: population.groups[0], in: session) { population.add($0, to: 0) }
            #expect(Set(population.entities) == Set(expected.keys))
            let measured = population.measured()
            for (entity, quantity) in expected { #expect(try measured.measured(0, of: entity).value == .number(ExactDecimal(quantity))) }
            for entity in try Store.dirtyEntities(limit: 1000, in: session) { try Store.clearDirty(entity, in: session) }
            try Store.markDirty(dividedBy: "stock", plan: plan, position: 7, in: session)
            #expect(Set(try Store.dirtyEntities(limit: 1000, in: session)) == Set(expected.keys))
        }
    }
}
