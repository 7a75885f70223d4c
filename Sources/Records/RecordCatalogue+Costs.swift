// Money, rates, and what the world reports.
extension RecordCatalogue {
    static let invoiceLine = RecordDefinition(
        .invoiceLine, "A line of an invoice that came in or went out", key: ["issuer", "invoice", "lineNumber"], version: "issuedAt",
        about: ["customer", "invoice"], fields: [
            .text("issuer", "Who issued the invoice", required: true),
            .text("invoice", "Invoice number, unique with its issuer", required: true),
            .text("lineNumber", "Line within the invoice", required: true),
            .text("orderNumber", "Order that is invoiced", refersTo: .order),
            .text("shipment", "Shipment that is invoiced", refersTo: .shipment),
            .text("customer", "Who pays", refersTo: .customer),
            .text("item", "What is invoiced", refersTo: .item),
            .number("quantity", "How much, in unitOfMeasure"),
            .text("unitOfMeasure", "Unit of quantity, as sent"),
            .number("unitPrice", "Price of one unit", unit: "currency"),
            .number("amount", "Amount of the line without tax", unit: "currency"),
            .number("tax", "Tax of the line", unit: "currency"),
            .text("currency", "ISO 4217 code of the amounts"),
            .date("issuedOn", "Date of the invoice"),
            .dateTime("issuedAt", "When this version was issued"),
        ])

    static let freightCharge = RecordDefinition(
        .freightCharge, "One charge of a carrier for a shipment", key: ["carrier", "invoice", "lineNumber"], version: "issuedAt",
        fields: [
            .text("carrier", "Carrier's code, such as a SCAC", required: true),
            .text("invoice", "Carrier's invoice number", required: true),
            .text("lineNumber", "Line within the invoice", required: true),
            .text("shipment", "Shipper's number of the shipment", refersTo: .shipment),
            .text("trackingNumber", "Carrier's number of the shipment"),
            .text("lane", "Origin and destination, joined by >", refersTo: .lane),
            .text("charge", "freight, fuel, detention, accessorial, duty or the code that was sent"),
            .number("weight", "Weight that is charged", unit: "kilogram"),
            .number("amount", "Amount without tax", unit: "currency", required: true),
            .text("currency", "ISO 4217 code of amount"),
            .date("shippedOn", "Day on which the shipment left"),
            .dateTime("issuedAt", "When this version was issued"),
        ])

    static let costComponent = RecordDefinition(
        .costComponent, "One part of what it costs to serve", key: ["kind", "subject", "component", "validFrom"], version: "changedAt",
        fields: [
            .text("kind", "customer, item, order, supplier, lane or location", required: true),
            .text("subject", "Which of them", required: true),
            .text("component", "storage, picking, packing, freight, returns, capital or another", required: true),
            .number("amount", "Cost of one unit of basis", unit: "currency", required: true),
            .text("basis", "unit, line, order, pallet, day, or period for the whole time"),
            .text("currency", "ISO 4217 code of amount"),
            .date("validFrom", "First day"),
            .date("validTo", "Last day"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let exchangeRate = RecordDefinition(
        .exchangeRate, "What one unit of a currency is in another from a day on", key: ["baseCurrency", "quoteCurrency", "validFrom"], version: "changedAt",
        fields: [
            .text("baseCurrency", "ISO 4217 code of what is one unit", required: true),
            .text("quoteCurrency", "ISO 4217 code of what it is worth", required: true),
            .date("validFrom", "First day"),
            .number("rate", "Units of quoteCurrency for one unit of baseCurrency", required: true),
            .text("source", "Who says so, such as a central bank"),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let crossReference = RecordDefinition(
        .crossReference, "What an identifier of a partner is called here", key: ["partner", "kind", "theirs"], version: "changedAt",
        fields: [
            .text("partner", "Partner whose identifier it is, as its file in Mappings/partners names it; empty where every partner says so"),
            .text("kind", "item, customer, supplier, location, carrier or another", required: true),
            .text("theirs", "Identifier as the partner sends it", required: true),
            .text("ours", "Identifier here", required: true),
            .dateTime("changedAt", "When the sender last changed it"),
        ])

    static let signal = RecordDefinition(
        .signal, "Something that was reported about the world, with how sure it is",
        key: ["source", "kind", "subject", "validFrom"], version: "issuedAt",
        fields: [
            .text("source", "Who reports it", required: true),
            .text("kind", "weather, traffic, capacity, strike, closure or another", required: true),
            .text("subject", "Location, lane, carrier or region that it is about", required: true),
            .text("location", "The location, where it is about one", refersTo: .location),
            .text("lane", "The lane, where it is about one", refersTo: .lane),
            .text("measure", "What is measured, such as temperature"),
            .number("reading", "How much, in unit"),
            .text("unit", "Unit of reading"),
            .text("headline", "What it says, for people"),
            .number("confidence", "How sure it is", unit: "percent"),
            .dateTime("validFrom", "From when it holds"),
            .dateTime("validTo", "Until when it holds"),
            .dateTime("issuedAt", "When it was reported"),
        ])
}
