import Attributes
import Foundation
import Records
import Store
import Values

/// A real store in a folder of its own, removed with the last reference.
final class StoreFixture: Sendable {
    let folder: String
    let store: Store

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-store-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        store = try Store(driver: SQLiteDriver(path: "\(folder)/store.sqlite"))
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: folder) } catch { print("left behind: \(folder): \(error)") }
    }

    /// Enters a file into the ledger, as a claim does.
    func file(_ name: String, digest: String) throws -> LedgerFile {
        try store.add(
            LedgerFile(
                feed: "acme", name: name, digest: digest, size: 10, status: .claimed, firstSeenAt: Instant(seconds: 1),
                claimedAt: Instant(seconds: 2)))
    }

    /// Loads records as one file and publishes them.
    func publish(_ records: [PendingRecord], file name: String, digest: String, position: Int = 1) throws {
        let load = try store.beginLoad(of: try file(name, digest: digest), state: "state")
        try store.add(records, rejected: [], touching: Set(records.flatMap { entities($0.record) }), to: load)
        var counts = LoadCounts()
        counts.read = records.count
        counts.accepted = records.count
        try store.driver.write { try Store.publish(load, counts: counts, position: position, in: $0) }
    }

    /// An item with a description, at a place of its file.
    static func item(_ number: String, _ description: String, version: Int64 = 0, ordinal: Int = 1, cost: ExactDecimal? = nil) -> PendingRecord {
        let definition = RecordCatalogue.definition(.item)
        var values = [Value](repeating: .null, count: definition.fields.count)
        func set(_ name: String, _ value: Value) { if let slot = definition.slot(name) { values[slot] = value } }
        set("client", .string("ACME"))
        set("item", .string(number))
        set("description", .string(description))
        if let cost { set("unitCost", .number(cost)) }
        let record = Record(
            kind: .item, values: values, origins: [FieldOrigin?](repeating: nil, count: values.count),
            rules: [Int32](repeating: 0, count: values.count), ordinal: ordinal)
        return PendingRecord(record: record, version: version)
    }

    /// Descriptions of the current items.
    func descriptions() throws -> [String] {
        let slot = RecordCatalogue.definition(.item).slot("description") ?? 0
        var found: [String] = []
        try store.driver.read { session in
            try Store.forEachCurrent(.item, in: session) { found.append($0.values[slot].text) }
        }
        return found
    }
}

/// Random numbers that are the same in each run (SplitMix64), so that a failure can be seen again.
struct SeededRandom: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// Every entity that a field of a record names.
private func entities(_ record: Record) -> [EntityKey] {
    record.definition.fields.indices.compactMap { slot in
        record.definition.fields[slot].refersTo.flatMap { record.entity(EntityReference($0, slots: [slot])) }
    }
}
