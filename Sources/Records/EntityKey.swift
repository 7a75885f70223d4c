import Diagnostics

/// The kinds of thing that are divided into micro-segments.
package enum EntityKind: String, CaseIterable, Sendable, Codable {
    case customer, item, order, supplier, lane
    case shipment
    /// A warehouse, store, port or other place.
    case location
    /// An item at one place.
    case itemLocation
    /// An item as one customer buys it at one place.
    case itemCustomerLocation
    /// An item as one supplier delivers it.
    case supplierItem
    /// A carrier on one lane.
    case carrierLane

    /// What its identifier is made of, in order: one identifier, or several.
    package var parts: [String] {
        switch self {
        case .customer, .item, .order, .supplier, .lane, .shipment, .location: [rawValue]
        case .itemLocation: ["item", "location"]
        case .itemCustomerLocation: ["item", "customer", "location"]
        case .supplierItem: ["supplier", "item"]
        case .carrierLane: ["carrier", "lane"]
        }
    }

    /// The kind of entity that one part of the identifier names; nil for a carrier, which is not divided, and for a location, which texts of
    /// many kinds of record name.
    package func part(_ index: Int) -> EntityKind? { parts[index] == "location" && parts.count > 1 ? nil : EntityKind(rawValue: parts[index]) }
}

/// One entity: its kind, the client (depositor) whose it is, and its identifier within that client.
package struct EntityKey: Hashable, Sendable, Comparable, Codable, CustomStringConvertible {
    package var kind: EntityKind
    package var client: String
    /// The identifier. One of several parts has them joined by `|`, with `\` before each `|` and `\` within a part.
    package var id: String

    package init(_ kind: EntityKind, client: String, id: String) {
        self.kind = kind
        self.client = client
        self.id = id
    }

    /// - Parameter parts: what ``EntityKind/parts`` names, in that order.
    package init(_ kind: EntityKind, client: String, parts: [String]) {
        precondition(parts.count == kind.parts.count, "a \(kind) has \(kind.parts.count) parts")
        self.init(kind, client: client, id: parts.count == 1 ? parts[0] : parts.map(Self.escaped).joined(separator: "|"))
    }

    /// The parts of the identifier; nil where it has more or fewer than its kind.
    package var parts: [String]? {
        guard kind.parts.count > 1 else { return [id] }
        var parts = [""], isEscaped = false
        for character in id {
            switch character {
            case _ where isEscaped:
                parts[parts.count - 1].append(character)
                isEscaped = false
            case "\\": isEscaped = true
            case "|": parts.append("")
            default: parts[parts.count - 1].append(character)
            }
        }
        return parts.count == kind.parts.count && !isEscaped ? parts : nil
    }

    private static func escaped(_ part: String) -> String {
        part.reduce(into: "") { text, character in
            if character == "|" || character == "\\" { text.append("\\") }
            text.append(character)
        }
    }

    package static func < (left: EntityKey, right: EntityKey) -> Bool {
        (left.kind.rawValue, left.client, left.id) < (right.kind.rawValue, right.client, right.id)
    }

    /// `order:ACME/4500001234`, `itemLocation:ACME/4711|DALLAS`
    package var description: String { "\(kind.rawValue):\(client)/\(id)" }

    /// ``description`` as it stands in a line: identifiers come from files of strangers.
    package var told: String { LineText.name(description) }

    /// Reads ``description`` back; a client may not hold `/`, an identifier may.
    package init?(_ text: String) {
        guard let colon = text.firstIndex(of: ":"), let kind = EntityKind(rawValue: String(text[..<colon])) else { return nil }
        let rest = text[text.index(after: colon)...]
        guard let slash = rest.firstIndex(of: "/") else { return nil }
        self.init(kind, client: String(rest[..<slash]), id: String(rest[rest.index(after: slash)...]))
        if parts == nil { return nil }
    }
}
