import Attributes
import Configurations
import Diagnostics
import FEEL
import Records
import Store
import Testing
import Values

/// A whole population is measured from the store as each of its entities is, joined records included.
struct PopulationFeedTests {
    private static let attributes = """
        attributes: test
        entity: order
        values:
          customer: { field: customer }
          cost:     { sum: orderLine, by: orderNumber, join: item, through: item, of: quantity * unitCost, scale: 2 }
          fragile:  { any: orderLine, by: orderNumber, join: item, through: item, of: fragile = true }
          lines:    { count: orderLine, by: orderNumber }
          units:    { sum: orderLine, by: orderNumber, of: quantity, where: quantity > 1 }
          events:   { count: transportEvent, by: orderNumber, at: occurredAt, window: P30D }
        """

    private func plan() throws -> AttributePlan {
        let (root, problems) = ConfigurationText.parse(Self.attributes, file: "test.yaml")
        let (plan, findings) = AttributePlanReader.read(try #require(root, "\(problems.map(\.text))"))
        return try #require(plan, "\(findings.map(\.text))")
    }

    private func record(_ kind: RecordKind, _ ordinal: Int, _ fields: [String: Value]) throws -> PendingRecord {
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        for (name, value) in fields { values[try #require(definition.slot(name), "\(kind) has no \(name)")] = value }
        return PendingRecord(
            record: Record(
                kind: kind, values: values, origins: [FieldOrigin?](repeating: nil, count: values.count),
                rules: [Int32](repeating: 0, count: values.count), ordinal: ordinal),
            version: 0)
    }

    @Test func `one pass over each kind gives what is found entity by entity`() throws {
        let fixture = try StoreFixture(), plan = try plan()
        var records: [PendingRecord] = []
        for client in ["ACME", "BETA"] {
            for item in 0..<5 {
                records.append(try record(.item, records.count + 1, [
                    "client": .string(client), "item": .string("I\(item)"), "unitCost": .number(ExactDecimal(coefficient: Int64(item * 37 + client.utf8.count), scale: 2)),
                    "fragile": .boolean(item == 3),
                ]))
            }
            for order in 0..<12 {
                records.append(try record(.order, records.count + 1, ["client": .string(client), "orderNumber": .string("O\(order)"), "customer": .string("C\(order % 3)")]))
                for line in 0..<(order % 5) {
                    var fields: [String: Value] = [
                        "client": .string(client), "orderNumber": .string("O\(order)"), "lineNumber": .string("\(line)"), "item": .string("I\((order + line) % 7)"),
                        "quantity": .number(ExactDecimal(line * order)),
                    ]
                    if line == 3 { fields["item"] = nil }
                    records.append(try record(.orderLine, records.count + 1, fields))
                }
                if order % 2 == 0 {
                    records.append(try record(.transportEvent, records.count + 1, [
                        "client": .string(client), "orderNumber": .string("O\(order)"), "occurredAt": .dateTime(Instant(seconds: Int64(order) * 400_000).dateTime(in: .utc)),
                    ]))
                }
            }
        }
        try fixture.publish(records, file: "orders.csv", digest: "1")
        let context = EvaluationContext(now: Instant(seconds: 4_000_000), zone: .utc)
        try fixture.store.driver.read { session in
            var population = PopulationRecords(plan, context: context)
            #expect(population.groups.count == 3, "lines with and without items, and events")
            for (index, group) in population.groups.enumerated() {
                try Store.forEachRecord(of: group, in: session) { population.add($0, to: index) }
            }
            for client in ["ACME", "BETA"] { for order in 0..<12 { population.code(of: EntityKey(.order, client: client, id: "O\(order)")) } }
            let measured = population.measured()
            #expect(population.entities.count == 24)
            for entity in population.entities {
                let facts = try Store.facts(of: entity, for: plan, in: session)
                let alone = try plan.evaluate(facts, context: context)
                let among = try plan.evaluate(entity: entity, own: facts.own, related: [], context: context) { index throws(EvaluationFailure) in
                    try measured.measured(index, of: entity)
                }
                #expect(among.values.map(\.text) == alone.values.map(\.text), "\(entity)")
                #expect(among.evidence == alone.evidence && among.windowChange == alone.windowChange, "\(entity)")
            }
        }
    }
}
