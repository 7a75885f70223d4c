// What was changed, sent, received and foreseen.
extension RecordCatalogue {
    static let orderChange = RecordDefinition(
        .orderChange, "A change of an order, asked for or answered, by line", key: ["orderNumber", "change", "lineNumber"],
        version: "issuedAt",
        fields: [
            .text("orderNumber", "Order that is changed", refersTo: .order, required: true),
            .text("change", "Number of the change, or of the answer to the order", required: true),
            .text("lineNumber", "Line within the order; empty where the whole order is meant"),
            .text("kind", "added, changed, cancelled, accepted, backordered, substituted or rejected"),
            .text("item", "What the line is about now", refersTo: .item),
            .number("quantity", "How much it is now, in unitOfMeasure"),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .number("unitPrice", "Price of one unit now", unit: "currency"),
            .dateTime("promisedAt", "When it is promised now"),
            .text("reason", "Reason code, as sent"),
            .dateTime("issuedAt", "When the sender issued the change"),
        ])

    static let shipment = RecordDefinition(
        .shipment, "Goods that leave together", key: ["shipment"], version: "issuedAt", describes: .shipment, by: ["shipment"],
        about: ["customer", "shipment"], fields: [
            .text("shipment", "Shipper's number of the shipment", refersTo: .shipment, required: true),
            .text("orderNumber", "Order that it fulfils, where it is one", refersTo: .order),
            .text("customer", "For whom", refersTo: .customer),
            .text("shipFrom", "Where it leaves"),
            .text("shipTo", "Where it goes"),
            .text("carrier", "Carrier's code, such as a SCAC"),
            .text("trackingNumber", "Carrier's number, such as a PRO or waybill"),
            .text("billOfLading", "Number of the bill of lading"),
            .text("lane", "Origin and destination, joined by >", refersTo: .lane),
            .dateTime("shippedAt", "When it left"),
            .dateTime("expectedAt", "When it is expected"),
            .number("weight", "Gross weight", unit: "kilogram"),
            .number("volume", "Volume", unit: "cubic metre"),
            .number("packages", "How many packages"),
            .text("purpose", "original, change or cancellation"),
            .dateTime("issuedAt", "When the sender issued this version"),
        ])

    static let shipmentLine = RecordDefinition(
        .shipmentLine, "An item of a shipment", key: ["shipment", "orderNumber", "lineNumber", "package"], version: "issuedAt",
        fields: [
            .text("shipment", "Shipment that the line belongs to", refersTo: .shipment, required: true),
            .text("orderNumber", "Order that it fulfils", refersTo: .order),
            .text("lineNumber", "Line within the order or shipment", required: true),
            .text("package", "Package that holds it"),
            .text("item", "What is sent", refersTo: .item),
            .number("quantity", "How much is sent, in unitOfMeasure", required: true),
            .number("ordered", "How much was ordered, in unitOfMeasure"),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .text("lot", "Lot or batch"),
            .date("expiresOn", "Expiry of the lot"),
            .dateTime("issuedAt", "When the sender issued this version"),
        ])

    static let parcel = RecordDefinition(
        .package, "A pallet, carton or parcel of a shipment", key: ["package"], version: "issuedAt",
        fields: [
            .text("package", "Identifier, such as an SSCC of 18 digits", required: true),
            .text("shipment", "Shipment that it belongs to", refersTo: .shipment),
            .text("parent", "Package that holds it"),
            .text("kind", "pallet, carton or parcel"),
            .text("trackingNumber", "Carrier's number of the package"),
            .number("weight", "Gross weight", unit: "kilogram"),
            .number("length", "Length", unit: "centimetre"),
            .number("width", "Width", unit: "centimetre"),
            .number("height", "Height", unit: "centimetre"),
            .dateTime("issuedAt", "When the sender issued this version"),
        ])

    static let receiptLine = RecordDefinition(
        .receiptLine, "An item that a warehouse received", key: ["receipt", "lineNumber"], version: "receivedAt",
        about: ["supplier", "receipt"], fields: [
            .text("receipt", "Warehouse's number of the receipt", required: true),
            .text("lineNumber", "Line within the receipt", required: true),
            .text("location", "Warehouse"),
            .text("shipment", "Shipment that brought it", refersTo: .shipment),
            .text("orderNumber", "Order that it fulfils", refersTo: .order),
            .text("supplier", "Who sent it", refersTo: .supplier),
            .text("item", "What came", refersTo: .item, required: true),
            .number("quantity", "How much came, in unitOfMeasure", required: true),
            .number("expected", "How much was announced, in unitOfMeasure"),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .text("condition", "available, damaged or onHold"),
            .text("lot", "Lot or batch"),
            .date("expiresOn", "Expiry of the lot"),
            .dateTime("receivedAt", "When it was received"),
        ])

    static let forecastLine = RecordDefinition(
        .forecastLine, "Demand that somebody foresees for an item and a time", key: ["source", "location", "item", "startsOn"],
        version: "issuedAt",
        fields: [
            .text("source", "Who foresees it, such as a customer or a planning system", required: true),
            .text("location", "Where it is needed"),
            .text("item", "What is needed", refersTo: .item, required: true),
            .date("startsOn", "First day of the time"),
            .date("endsOn", "Last day of the time"),
            .number("quantity", "How much, in unitOfMeasure", required: true),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .text("commitment", "firm, planned or material"),
            .dateTime("issuedAt", "When it was issued"),
        ])
}
