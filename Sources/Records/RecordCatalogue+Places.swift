// Where things are and go, and what was agreed.
extension RecordCatalogue {
    static let location = RecordDefinition(
        .location, "A warehouse, store, port or other place of one client", key: ["location"], version: "changedAt", describes: .location, by: ["location"],
        about: ["location"], fields: [
            .text("location", "Identifier, unique within the client", refersTo: .location, required: true),
            .text("name", "Name, for people", personal: true),
            .text("kind", "warehouse, store, plant, port, crossDock or customer"),
            .text("gln", "GS1 Global Location Number, 13 digits"),
            .text("street", "Street and number", personal: true),
            .text("city", "City"),
            .text("postalCode", "Postal code, as sent", personal: true),
            .text("region", "State or region"),
            .text("country", "ISO 3166 alpha-2 code"),
            .text("timeZone", "IANA time zone"),
            .number("latitude", "Degrees north of the equator", unit: "degree"),
            .number("longitude", "Degrees east of Greenwich", unit: "degree"),
            .number("capacity", "Storage places"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let itemLocation = RecordDefinition(
        .itemLocation, "How one item is kept at one place", key: ["location", "item"], version: "changedAt", describes: .itemLocation, by: ["item", "location"],
        fields: [
            .text("location", "Warehouse or site", required: true),
            .text("item", "What is kept there", refersTo: .item, required: true),
            .number("safetyStock", "Stock kept against uncertainty, in the item's unit"),
            .number("reorderPoint", "Position at which it is ordered, in the item's unit"),
            .number("orderQuantity", "How much is ordered at once, in the item's unit"),
            .number("leadTime", "Replenishment lead time to this place", unit: "day"),
            .text("supplier", "Who replenishes this place", refersTo: .supplier),
            .text("slot", "Pick location"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let lane = RecordDefinition(
        .lane, "A way that goods take again and again", key: ["lane"], version: "changedAt", describes: .lane, by: ["lane"],
        fields: [
            .text("lane", "Identifier, such as origin and destination joined by >", refersTo: .lane, required: true),
            .text("shipFrom", "Where it begins"),
            .text("shipTo", "Where it ends"),
            .text("mode", "road, rail, sea, air or parcel"),
            .text("carrier", "Usual carrier"),
            .number("distance", "Length", unit: "kilometre"),
            .number("transitTime", "Planned time from door to door", unit: "hour"),
            .number("rate", "Agreed rate of one unit of rateBasis", unit: "currency"),
            .text("rateBasis", "shipment, kilogram, pallet or kilometre"),
            .text("currency", "ISO 4217 code of rate"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let contract = RecordDefinition(
        .contract, "What was agreed with a customer, supplier or carrier", key: ["contract"], version: "changedAt",
        about: ["party", "contract"], fields: [
            .text("contract", "Number, unique within the client", required: true),
            .text("role", "customer, supplier or carrier"),
            .text("party", "With whom", refersTo: .customer),
            .text("tier", "Service tier, such as gold"),
            .number("serviceLevel", "Share that is to be in full and on time", unit: "percent"),
            .number("floor", "Least service that may be given", unit: "percent"),
            .number("noticePeriod", "Time between a notice and a change for the worse", unit: "day"),
            .number("penalty", "What a late or short delivery costs", unit: "currency"),
            .text("currency", "ISO 4217 code of penalty"),
            .date("validFrom", "First day"),
            .date("validTo", "Last day"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])
}
