import Attributes
import Microsegments
import Records
import Store
import Values

/// Reads from the store who draws on the stock of which items: who ordered or was sold them lately.
struct StockReader {
    /// Whether entities of a kind draw on stock that others of their kind draw on as well; nil where that cannot be told.
    static func draws(on kind: EntityKind) -> Bool? {
        switch kind {
        case .customer, .order: true
        case .item, .itemLocation, .supplierItem, .location, .supplier, .lane, .carrierLane: false
        case .shipment, .itemCustomerLocation: nil
        }
    }

    /// - Parameters:
    ///   - byOrder: whether each order draws for itself, or its customer for all of them.
    ///   - since: lines of before do not count; those without a time do.
    static func pools(byOrder: Bool, since: Instant, zone: ZoneRules, in session: any StoreSession) throws -> StockPools {
        var pools = StockPools(), customers: [EntityKey: EntityKey] = [:]
        let orders = Slots(.order, "orderNumber", "customer"), lines = Slots(.orderLine, "orderNumber", "item"), sales = Slots(.salesLine, "customer", "item")
        if !byOrder {
            try Store.forEachCurrent(.order, in: session) { fact in
                guard let order = orders.key(.order, 0, fact.values), let customer = orders.key(.customer, 1, fact.values) else { return }
                customers[order] = customer
            }
        }
        func isRecent(_ value: Value) -> Bool {
            if case .dateTime(let time) = value { time.instant(in: zone) >= since } else { true }
        }
        let issued = Slots(.orderLine, "issuedAt"), sold = Slots(.salesLine, "soldAt")
        try Store.forEachCurrent(.orderLine, in: session) { fact in
            guard isRecent(issued.value(0, fact.values)), let order = lines.key(.order, 0, fact.values), let item = lines.key(.item, 1, fact.values) else { return }
            if let unit = byOrder ? order : customers[order] { pools.tie(unit, to: item) }
        }
        if !byOrder {
            try Store.forEachCurrent(.salesLine, in: session) { fact in
                guard isRecent(sold.value(0, fact.values)), let customer = sales.key(.customer, 0, fact.values), let item = sales.key(.item, 1, fact.values) else { return }
                pools.tie(customer, to: item)
            }
        }
        return pools
    }

    private struct Slots {
        let slots: [Int]

        init(_ kind: RecordKind, _ names: String...) {
            let definition = RecordCatalogue.definition(kind)
            slots = names.map { name in
                guard let slot = definition.slot(name) else { preconditionFailure("\(kind) has no \(name)") }
                return slot
            }
        }

        func value(_ index: Int, _ values: [Value]) -> Value { values[slots[index]] }

        func key(_ kind: EntityKind, _ index: Int, _ values: [Value]) -> EntityKey? { EntityReference(kind, slots: [slots[index]]).entity(in: values) }
    }
}
