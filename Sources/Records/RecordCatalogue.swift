/// The canonical records, each defined once: tables, mapping checks and documentation come from here.
package enum RecordCatalogue {
    package static let all: [RecordDefinition] = [
        item, party, order, orderLine, inventoryPosition, transportEvent, salesLine, returnLine,
        warehouseInstruction, warehouseInstructionLine,
        location, itemLocation, lane, contract, orderChange, shipment, shipmentLine, parcel, receiptLine, invoiceLine,
        freightCharge, costComponent, forecastLine, exchangeRate, signal, crossReference,
    ]

    private static let byKind = Dictionary(uniqueKeysWithValues: all.map { ($0.kind, $0) })

    package static func definition(_ kind: RecordKind) -> RecordDefinition {
        guard let definition = byKind[kind] else { preconditionFailure("\(kind) is not in the catalogue") }
        return definition
    }

    static let item = RecordDefinition(
        .item, "A stock-keeping unit of one client", key: ["item"], version: "changedAt", describes: .item, by: ["item"],
        fields: [
            .text("item", "Item number, unique within the client", refersTo: .item, required: true),
            .text("description", "What it is, for people"),
            .text("category", "Merchandise or handling group"),
            .boolean("fragile", "Needs careful handling"),
            .boolean("hazardous", "Is dangerous goods"),
            .number("unitCost", "Cost of one unit", unit: "currency"),
            .text("currency", "ISO 4217 code of unitCost"),
            .number("weight", "Gross weight of one unit", unit: "kilogram"),
            .number("leadTime", "Replenishment lead time", unit: "day"),
            .text("supplier", "Usual supplier", refersTo: .supplier),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let party = RecordDefinition(
        .party, "A customer, supplier or carrier of one client", key: ["role", "party"], version: "changedAt",
        describes: .customer, by: ["party"],
        about: ["party"], fields: [
            .text("role", "customer, supplier or carrier", required: true),
            .text("party", "Identifier, unique within client and role", refersTo: .customer, required: true),
            .text("name", "Name, for people", personal: true),
            .text("tier", "Contract tier, such as gold"),
            .text("region", "Sales or service region"),
            .text("country", "ISO 3166 alpha-2 code"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let order = RecordDefinition(
        .order, "A customer's order", key: ["orderNumber"], version: "issuedAt", describes: .order, by: ["orderNumber"],
        about: ["customer", "orderNumber"], fields: [
            .text("orderNumber", "Order number, unique within the client", refersTo: .order, required: true),
            .text("customer", "Who ordered", refersTo: .customer),
            .text("shipTo", "Where it goes", refersTo: .location),
            .text("shipToRegion", "State or region of shipTo"),
            .date("orderedOn", "Date of the order"),
            .dateTime("issuedAt", "When the sender issued this version of the order"),
            .dateTime("promisedAt", "When it is promised to arrive or leave, as the contract says"),
            .text("purpose", "original, change, cancellation or duplicate"),
            .text("priority", "rush or standard, as the sender asked"),
            .text("carrier", "Carrier that the sender asked for"),
            .text("currency", "ISO 4217 code of the amounts"),
        ])

    static let orderLine = RecordDefinition(
        .orderLine, "A line of a customer's order", key: ["orderNumber", "lineNumber"], version: "issuedAt",
        fields: [
            .text("orderNumber", "Order that the line belongs to", refersTo: .order, required: true),
            .text("lineNumber", "Line number within the order", required: true),
            .text("item", "What is ordered", refersTo: .item),
            .text("customerItem", "The customer's own number for the item"),
            .number("quantity", "How much is ordered, in unitOfMeasure", required: true),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .number("unitPrice", "Price of one unit", unit: "currency"),
            .dateTime("issuedAt", "When the sender issued this version of the order"),
        ])

    static let inventoryPosition = RecordDefinition(
        .inventoryPosition, "Stock of an item at a place, as counted at one time", key: ["location", "item", "lot", "condition"],
        version: "countedAt",
        fields: [
            .text("location", "Warehouse or site", refersTo: .location, required: true),
            .text("item", "What is there", refersTo: .item, required: true),
            .text("lot", "Lot or batch"),
            .text("condition", "onHand, available, damaged, onHold or inTransit"),
            .number("quantity", "How much, in unitOfMeasure", required: true),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .date("expiresOn", "Expiry of the lot"),
            .dateTime("countedAt", "When it was counted"),
        ])

    static let transportEvent = RecordDefinition(
        .transportEvent, "Something that happened to a shipment", key: ["carrier", "shipment", "status", "occurredAt"],
        fields: [
            .text("carrier", "Carrier's code, such as a SCAC", required: true),
            .text("shipment", "Carrier's number of the shipment", required: true),
            .text("reference", "Shipper's own number of the shipment", refersTo: .shipment),
            .text("orderNumber", "Order on board, where told", refersTo: .order),
            .text("status", "Status code, as sent", required: true),
            .text("reason", "Reason code, as sent"),
            .dateTime("occurredAt", "When it happened"),
            .text("city", "Where it happened"),
            .text("region", "State or region where it happened"),
            .text("country", "ISO 3166 code where it happened"),
            .text("lane", "Origin and destination, joined by >", refersTo: .lane),
        ])

    static let salesLine = RecordDefinition(
        .salesLine, "A line that was sold and invoiced", key: ["invoice", "lineNumber"],
        about: ["customer"], fields: [
            .text("invoice", "Invoice number", required: true),
            .text("lineNumber", "Line within the source document", required: true),
            .text("item", "What was sold", refersTo: .item, required: true),
            .text("customer", "To whom", refersTo: .customer, required: true),
            .number("quantity", "How much", required: true),
            .number("unitPrice", "Price of one unit", unit: "currency", required: true),
            .number("amount", "quantity times unitPrice, exact", unit: "currency"),
            .dateTime("soldAt", "When it was invoiced", required: true),
            .text("country", "Customer's country, as sent"),
        ])

    static let returnLine = RecordDefinition(
        .returnLine, "A line that was cancelled or returned", key: ["invoice", "lineNumber"],
        about: ["customer", "invoice"], fields: [
            .text("invoice", "Credit note or cancellation number", required: true),
            .text("lineNumber", "Line within the source document", required: true),
            .text("item", "What came back", refersTo: .item),
            .text("customer", "From whom", refersTo: .customer),
            .number("quantity", "How much, as a negative number where the sender signs it"),
            .number("unitPrice", "Price of one unit", unit: "currency"),
            .dateTime("returnedAt", "When it was cancelled or returned"),
        ])

    static let warehouseInstruction = RecordDefinition(
        .warehouseInstruction, "An instruction to a warehouse to ship", key: ["instruction"], version: "issuedAt",
        about: ["shipTo", "instruction"], fields: [
            .text("instruction", "Depositor's order number", required: true),
            .text("purpose", "original, change or cancellation"),
            .text("purchaseOrder", "Buyer's order number", refersTo: .order),
            .text("shipFrom", "Warehouse"),
            .text("shipTo", "Where it goes"),
            .text("shipToName", "Name of shipTo", personal: true),
            .text("carrier", "Carrier or routing asked for"),
            .date("shipOn", "Requested ship date"),
            .dateTime("issuedAt", "When the sender issued it"),
        ])

    static let warehouseInstructionLine = RecordDefinition(
        .warehouseInstructionLine, "A line of an instruction to a warehouse", key: ["instruction", "lineNumber"],
        version: "issuedAt",
        about: ["shipTo", "instruction"], fields: [
            .text("instruction", "Instruction that the line belongs to", required: true),
            .text("lineNumber", "Line within the instruction", required: true),
            .text("item", "What to ship", refersTo: .item, required: true),
            .number("quantity", "How much, in unitOfMeasure", required: true),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .text("shipTo", "Where it goes"),
            .text("carrier", "Carrier or routing asked for"),
            .date("shipOn", "Requested ship date"),
            .dateTime("issuedAt", "When the sender issued it"),
        ])
}
