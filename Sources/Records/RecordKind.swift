/// The kinds of canonical record. The raw value is the name that mappings, tables and documentation use. New kinds come last, as row
/// numbers hold the place in this list.
package enum RecordKind: String, CaseIterable, Sendable, Codable {
    case item, party
    case order, orderLine
    case inventoryPosition
    case transportEvent
    case salesLine, returnLine
    case warehouseInstruction, warehouseInstructionLine
    case location, itemLocation, lane, contract
    case orderChange
    case shipment, shipmentLine, package
    case receiptLine, invoiceLine
    case freightCharge, costComponent
    case forecastLine, exchangeRate, signal
    case crossReference
}
