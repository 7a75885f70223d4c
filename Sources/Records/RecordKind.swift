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

/// The kinds of thing that are divided into micro-segments.
package enum EntityKind: String, CaseIterable, Sendable, Codable {
    case customer, item, order, supplier, lane
}

/// One entity: its kind, the client (depositor) whose it is, and its identifier within that client.
package struct EntityKey: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    package var kind: EntityKind
    package var client: String
    package var id: String

    package init(_ kind: EntityKind, client: String, id: String) {
        self.kind = kind
        self.client = client
        self.id = id
    }

    package static func < (left: EntityKey, right: EntityKey) -> Bool {
        (left.kind.rawValue, left.client, left.id) < (right.kind.rawValue, right.client, right.id)
    }

    /// `order:ACME/4500001234`
    package var description: String { "\(kind.rawValue):\(client)/\(id)" }

    /// Reads ``description`` back; a client may not hold `/`, an identifier may.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let kind = EntityKind(rawValue: String(text[..<colon])) else { return nil }
        let rest = text[text.index(after: colon)...]
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        self.init(kind, client: String(rest[..<slash]), id: String(rest[rest.index(after: slash)...]))
    }
}
