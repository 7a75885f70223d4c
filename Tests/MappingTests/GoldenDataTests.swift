import Diagnostics
import Formats
import Foundation
import Mapping
import Records
import Testing
import Values

/// Whole real data sets through the example mappings, against numbers that were worked out independently of this program.
@Suite struct GoldenDataTests {
    /// Folds records as they come, so that a set of any size is counted in bounded memory.
    private struct Fold<State>: RecordReceiver {
        var state: State
        var reported: [String: Int] = [:]
        let add: (inout State, Record) -> Void

        mutating func accept(_ record: Record) { add(&state, record) }
        mutating func report(_ rejected: RejectedRecord) { reported[rejected.code.name, default: 0] += 1 }
        mutating func found(_ diagnostic: Diagnostic) {}
        mutating func withdraw(from ordinal: Int) { Issue.record("nothing of a flat file is withdrawn") }
    }

    /// What a data set of `../shared` gives; nil where it is absent.
    private func fold<State>(
        _ path: String, feed: String, _ state: State, _ add: @escaping (inout State, Record) -> Void
    ) throws -> (state: State, rows: Int)? {
        let url = Project.shared.appendingPathComponent("data/\(path)")
        guard let data = try? Data(contentsOf: url) else {
            print("skipped: ../shared is absent")
            return nil
        }
        let plan = try #require(Project.library.plan(feed))
        var session = FeedSession(plan: plan, file: path, context: Project.context, receiver: Fold(state: state, add: add))
        data.withUnsafeBytes { session.read($0.bindMemory(to: UInt8.self)) }
        let (summary, outcome, fold) = session.finish()
        #expect(fold.reported.isEmpty, "\(fold.reported)")
        #expect(outcome.read == outcome.accepted)
        return (fold.state, summary.records)
    }

    /// The expected numbers of a case.
    private func golden(_ id: String) throws -> [String: Any] {
        let data = try Data(contentsOf: Project.shared.appendingPathComponent("oracles/cases.json"))
        let cases = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
        let sets = try #require(cases["golden_on_real_data"] as? [[String: Any]])
        return try #require(sets.first { $0["id"] as? String == id }?["expected"] as? [String: Any])
    }

    private struct Share {
        var all = 0, good = 0
        var value: Double { all == 0 ? 0 : Double(good) / Double(all) }
        mutating func add(_ isGood: Bool) {
            all += 1
            if isGood { good += 1 }
        }
    }

    private func expect(_ shares: [String: Share], _ expected: Any?, _ what: String) throws {
        let expected = try #require(expected as? [String: Double])
        #expect(Set(shares.keys) == Set(expected.keys), "\(what)")
        for (key, share) in shares { #expect(abs(share.value - (expected[key] ?? -1)) < 1e-8, "\(what) \(key)") }
    }

    // MARK: - Flights

    private struct Flights {
        var statuses: [String: Int] = [:]
        var total = Share()
        var carriers: [String: Share] = [:], lanes: [String: Share] = [:]
    }

    @Test func `flights and how many are on time, by carrier and lane`() throws {
        let result = try fold("nycflights13/flights.csv.gz", feed: "flights", Flights()) { flights, record in
            let status = record["status"].text
            flights.statuses[status, default: 0] += 1
            guard status != "missing" else { return }
            flights.total.add(status == "onTime")
            flights.carriers[record["carrier"].text, default: Share()].add(status == "onTime")
            flights.lanes[record["lane"].text, default: Share()].add(status == "onTime")
        }
        guard let (flights, rows) = result else { return }
        let expected = try golden("nycflights_lanes")
        #expect(rows == expected["rows"] as? Int)
        #expect(flights.statuses["missing"] == expected["missing"] as? Int)
        #expect(abs(flights.total.value - (try #require(expected["overall"] as? Double))) < 1e-11)
        try expect(flights.carriers.filter { $0.value.all >= 100 || (expected["by_carrier"] as? [String: Double])?[$0.key] != nil }, expected["by_carrier"], "carrier")
        let lanes = flights.lanes.filter { $0.value.all >= 100 }
        #expect(lanes.count == expected["lanes"] as? Int)
        for (key, extreme) in [("worst_lane", lanes.min { $0.value.value < $1.value.value }), ("best_lane", lanes.max { $0.value.value < $1.value.value })] {
            let wanted = try #require(expected[key] as? [Any]), found = try #require(extreme)
            #expect(found.key == "\(wanted[0])>\(wanted[1])")
            #expect(abs(found.value.value - (try #require(wanted[2] as? Double))) < 1e-11)
        }
    }

    @Test func `each hour of weather gives a signal for each measure that was taken`() throws {
        let result = try fold("nycflights13/weather.csv.gz", feed: "weather", [String: Int]()) { measures, record in
            measures[record["measure"].text, default: 0] += 1
        }
        guard let (measures, rows) = result else { return }
        #expect(rows > 26_000 && measures["visibility"] == rows && measures["precipitation"] == rows)
        // Counted with awk: an hour without a temperature, four without a wind.
        #expect(measures["temperature"].map { rows - $0 } == 1 && measures["wind"].map { rows - $0 } == 4)
    }

    // MARK: - Northwind

    private struct Orders {
        var promised: [String: Instant] = [:], carrier: [String: String] = [:], customer: [String: String] = [:]
        var shipped: [String: Instant] = [:]
    }

    @Test func `orders of Northwind that left in time, by carrier, and what customers are worth`() throws {
        let orders = try fold("northwind/orders.csv", feed: "northwind-orders", Orders()) { orders, record in
            let number = record["orderNumber"].text
            if record.kind == .shipment, case .dateTime(let shipped) = record["shippedAt"] { orders.shipped[number] = shipped.instant(in: .utc) }
            guard record.kind == .order, case .dateTime(let promised) = record["promisedAt"] else { return }
            orders.promised[number] = promised.instant(in: .utc)
            orders.carrier[number] = record["carrier"].text
            orders.customer[number] = record["customer"].text
        }
        guard let (orders, rows) = orders else { return }
        let expected = try golden("northwind_otif")
        #expect(rows == expected["orders"] as? Int && orders.promised.count == rows)
        #expect(orders.promised.count - orders.shipped.count == expected["unshipped"] as? Int)
        var total = Share(), carriers: [String: Share] = [:]
        for (number, shipped) in orders.shipped {
            let promised = try #require(orders.promised[number]), carrier = try #require(orders.carrier[number])
            let isInTime = shipped <= promised
            total.add(isInTime)
            carriers[carrier, default: Share()].add(isInTime)
        }
        #expect(abs(total.value - (try #require(expected["on_time"] as? Double))) < 1e-11)
        try expect(carriers, expected["by_shipper"], "shipper")
        try worth(orders.customer, expected)
    }

    private func worth(_ customers: [String: String], _ expected: [String: Any]) throws {
        let lines = try fold("northwind/order_details.csv", feed: "northwind-order-lines", [String: ExactDecimal]()) { worth, record in
            guard case .number(let price) = record["unitPrice"], case .number(let quantity) = record["quantity"],
                let customer = customers[record["orderNumber"].text], let amount = try? price.multiplying(by: quantity),
                let sum = try? worth[customer, default: .zero].adding(amount)
            else {
                Issue.record("a line without price, quantity or order")
                return
            }
            worth[customer] = sum
        }
        let worth = try #require(lines).state
        let revenue = try worth.values.reduce(ExactDecimal.zero) { sum, amount throws in try sum.adding(amount) }
        #expect(revenue.rounded(scale: 2).description == "\(try #require(expected["revenue"] as? Double))")
        // The customer who crosses a bound belongs to the class below it.
        let total = try #require(Double(revenue.description))
        var before = 0.0, classes: [String: Int] = [:]
        for amount in worth.values.compactMap({ Double($0.description) }).sorted(by: >) {
            classes[before < 0.8 * total ? "A" : before < 0.95 * total ? "B" : "C", default: 0] += 1
            before += amount
        }
        #expect(classes == expected["cust_abc"] as? [String: Int])
    }

    @Test func `products and customers of Northwind are each an item and a party, and what goes with them`() throws {
        let kinds: (inout [RecordKind: Int], Record) -> Void = { $0[$1.kind, default: 0] += 1 }
        guard let items = try fold("northwind/products.csv", feed: "northwind-items", [:], kinds) else { return }
        #expect(items.state == [.item: 77, .itemLocation: 77, .inventoryPosition: 77])
        let customers = try #require(try fold("northwind/customers.csv", feed: "northwind-customers", [:], kinds))
        #expect(customers.state == [.party: 91, .location: 91])
    }

    // MARK: - TPC-H

    private struct Deliveries {
        var lines = 0
        var committed: [String: Instant] = [:]
        var total = Share(), modes: [String: Share] = [:]
    }

    @Test func `lines of TPC-H that were received by the day that was committed, by mode`() throws {
        let result = try fold("tpch-sf0.01/lineitem.csv.gz", feed: "tpch-order-lines", Deliveries()) { deliveries, record in
            switch record.kind {
            case .orderLine: deliveries.lines += 1
            case .shipment:
                if case .dateTime(let committed) = record["expectedAt"] { deliveries.committed[record["shipment"].text] = committed.instant(in: .utc) }
            case .transportEvent:
                guard case .dateTime(let received) = record["occurredAt"], let committed = deliveries.committed[record["shipment"].text]
                else {
                    Issue.record("a delivery without its shipment")
                    return
                }
                let isInTime = received.instant(in: .utc) <= committed
                deliveries.total.add(isInTime)
                deliveries.modes[record["carrier"].text, default: Share()].add(isInTime)
            default: Issue.record("\(record.kind) was not wanted")
            }
        }
        guard let (deliveries, rows) = result else { return }
        let expected = try golden("tpch_otd")
        #expect(rows == expected["lines"] as? Int && deliveries.lines == rows && deliveries.total.all == rows)
        #expect(abs(deliveries.total.value - (try #require(expected["on_time"] as? Double))) < 1e-11)
        try expect(deliveries.modes, expected["by_mode"], "mode")
    }
}
