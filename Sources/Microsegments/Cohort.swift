package import Attributes
package import Records
package import Values

/// A part of the entities: those that have a change while the rest has not. It is drawn by unit, so that whatever belongs to one unit is together.
///
/// Who is in it follows from its text alone, and for a list from the list that the text names by digest: it is the same after a restart, on another
/// machine and in a replay. With a greater share of the same salt nobody leaves it.
package struct Cohort: Hashable, Sendable {
    package enum Draw: Hashable, Sendable {
        /// Units whose hash is below the share.
        case share(ExactDecimal)
        /// These units; the digest is of ``Cohort/list(of:)``, in hexadecimal.
        case list(Set<EntityKey>, digest: String)
    }

    /// What the hash begins with, so that two rollouts draw others first.
    package let salt: String
    package let unit: CohortUnit
    package let draw: Draw

    package init(salt: String, unit: CohortUnit, draw: Draw) {
        self.salt = salt
        self.unit = unit
        self.draw = draw
    }

    /// Whether a unit is in it. An entity that names no unit is in the rest.
    package func holds(_ unit: EntityKey?) -> Bool {
        guard let unit else { return false }
        switch draw {
        case .share(let share): return Self.place(of: unit, salt: salt) < share.binary
        case .list(let units, _): return units.contains(unit)
        }
    }

    /// The units of a list; none where units are drawn by share.
    package var units: Set<EntityKey> {
        if case .list(let units, _) = draw { units } else { [] }
    }

    /// Evenly spread from 0 up to 1: FNV-1a of 64 bits over salt, line end and unit, then the finaliser of SplitMix64 (Steele, Lea, Flood, "Fast
    /// splittable pseudorandom number generators", 2014), of which 53 bits count.
    package static func place(of unit: EntityKey, salt: String) -> Double {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in "\(salt)\n\(unit)".utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ (hash >> 30)) &* 0xbf58_476d_1ce4_e5b9
        hash = (hash ^ (hash >> 27)) &* 0x94d0_49bb_1331_11eb
        return Double((hash ^ (hash >> 31)) >> 11) * 0x1p-53
    }

    /// One line: `share SALT 0.1 by customer` or `list SALT DIGEST by stock`.
    package var text: String {
        switch draw {
        case .share(let share): "share \(salt) \(share) by \(unit)"
        case .list(_, let digest): "list \(salt) \(digest) by \(unit)"
        }
    }

    /// Reads ``text`` back; nil for anything else.
    ///
    /// - Parameter list: the text of the list with a digest; nil where it cannot be had.
    package init?(_ text: String, list: (_ digest: String) throws -> String?) rethrows {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 5, words[3] == "by", let unit = CohortUnit(words[4]) else { return nil }
        self.salt = words[1]
        self.unit = unit
        switch words[0] {
        case "share":
            guard let share = ExactDecimal(words[2]) else { return nil }
            draw = .share(share)
        case "list":
            guard let lines = try list(words[2])?.split(separator: "\n") else { return nil }
            let units = lines.compactMap { EntityKey(String($0)) }
            guard units.count == lines.count else { return nil }
            draw = .list(Set(units), digest: words[2])
        default: return nil
        }
        guard self.text == text else { return nil }
    }

    /// The text of a list: a unit a line, in the order of their keys.
    package static func list(of units: Set<EntityKey>) -> String { units.sorted().map { "\($0)\n" }.joined() }
}

/// What is drawn as one.
package enum CohortUnit: Hashable, Sendable, CustomStringConvertible {
    /// Each entity for itself.
    case entity
    /// Customers and items that stock ties together.
    case stock
    /// What a record of the entity names: all orders of a customer, all places of an item.
    case kind(EntityKind)

    package init?(_ text: String) {
        switch text {
        case "entity": self = .entity
        case "stock": self = .stock
        default:
            guard let kind = EntityKind(rawValue: text) else { return nil }
            self = .kind(kind)
        }
    }

    package var description: String {
        switch self {
        case .entity: "entity"
        case .stock: "stock"
        case .kind(let kind): kind.rawValue
        }
    }
}

/// Finds the unit of an entity.
package struct CohortUnitReader: Hashable, Sendable {
    private enum Source: Hashable, Sendable {
        case entity
        case part(Int, EntityKind)
        case field(Int, EntityKind)
    }

    private let source: Source

    /// nil where entities of the plan name no such unit.
    package init?(_ unit: CohortUnit, of plan: AttributePlan) {
        switch unit {
        case .entity: source = .entity
        case .kind(let kind):
            guard let found = Self.source(of: kind, plan) else { return nil }
            source = found
        case .stock:
            // Where both are named the item decides, as it is what is in stock.
            guard let found = Self.source(of: .item, plan) ?? Self.source(of: .customer, plan) else { return nil }
            source = found
        }
    }

    private static func source(of kind: EntityKind, _ plan: AttributePlan) -> Source? {
        if plan.entity == kind { return .entity }
        if let part = plan.entity.parts.firstIndex(of: kind.rawValue) { return .part(part, kind) }
        return plan.own?.fields.firstIndex { $0.refersTo == kind }.map { .field($0, kind) }
    }

    /// The unit of an entity; nil where its record names none.
    package func unit(of entity: EntityKey, own: Fact?) -> EntityKey? {
        switch source {
        case .entity: return entity
        case .part(let part, let kind): return entity.parts.map { EntityKey(kind, client: entity.client, id: $0[part]) }
        case .field(let slot, let kind):
            guard case .string(let id)? = own?.values[slot] else { return nil }
            return EntityKey(kind, client: entity.client, id: id)
        }
    }
}
