import Records

// Records that rows of another kind tell of as well.
extension TableDraft {
    /// Where parties come with their addresses, each is a place too.
    mutating func addPlace() {
        guard let party = records.first?.lines.first(where: { $0.field == "party" }) else { return }
        let place = KindMatch(table, .location)
        let fields = place.fields.filter { $0.column >= 0 && place.field("location")?.slot != $0.slot && place.field("kind")?.slot != $0.slot }
        let names = RecordCatalogue.definition(.location).fields
        let told = fields.filter { ["street", "city", "postalCode", "gln"].contains(names[$0.slot].name) && !used.contains($0.column) }
        guard told.count >= 2 else { return }
        var record = record(KindMatch(place, fields: fields), why: "each has an address", isSecond: true)
        record.lines.removeAll { ["location", "kind"].contains($0.field) }
        record.lines.insert(DraftRecord.Line(field: "location", rule: party.rule, confidence: 0.6, why: "the place of the party, under its number"), at: 0)
        if let role = records.first?.lines.first(where: { $0.field == "role" && $0.rule.contains("customer") }) {
            record.lines.append(DraftRecord.Line(field: "kind", rule: role.rule, confidence: role.confidence, why: "as the party"))
        }
        record.sort()
        records.append(record)
    }

    /// Where orders come with the day on which they left, each that has one is a shipment too.
    mutating func addShipment() {
        guard let order = records.first?.lines.first(where: { $0.field == "orderNumber" }) else { return }
        let match = KindMatch(table, .shipment)
        let own: Set<String> = ["orderNumber", "customer", "shipFrom", "shipTo", "carrier", "trackingNumber", "billOfLading", "shippedAt", "weight"]
        let names = RecordCatalogue.definition(.shipment).fields
        let fields = match.fields.filter { $0.column >= 0 && $0.score >= 0.55 && own.contains(names[$0.slot].name) }
        guard let left = fields.first(where: { names[$0.slot].name == "shippedAt" && $0.score >= 0.8 }), !used.contains(left.column),
            table.columns[left.column].concepts.contains("ship")
        else { return }
        var shipment = record(KindMatch(match, fields: fields), why: "those that left", isSecond: true)
        shipment.lines.removeAll { $0.field == "shipment" }
        shipment.lines.insert(
            DraftRecord.Line(field: "shipment", rule: order.rule, confidence: 0.5, why: "the order's number, as if each order were one shipment"), at: 0)
        if table.columns[left.column].statistics.filled < table.rows {
            shipment.lets.append(("left", YAMLScalar.spell(table.columns[left.column].selector)))
            shipment.when = "left != null"
        }
        shipment.sort()
        records.append(shipment)
    }
}
