import Attributes
import Foundation
import Records
import Store
import Values

// record-bench KIND COUNT [PASSES [OPENING]]: loads COUNT records of a kind into a new store, in batches as a load does, and then reads them all PASSES times as an
// evaluation does. Each text field holds a text of its own. For `perf stat -e instructions:u`: the difference between numbers of passes is what
// reading costs, and between numbers of OPENING what reading with personal values costs.

let arguments = CommandLine.arguments
guard arguments.count >= 3, let kind = RecordKind(rawValue: arguments[1]), let count = Int(arguments[2]) else {
    print("call: record-bench KIND COUNT [PASSES]")
    exit(2)
}
let passes = arguments.count > 3 ? Int(arguments[3]) ?? 1 : 1
let folder = FileManager.default.temporaryDirectory.appendingPathComponent("record-bench-\(UUID().uuidString)")
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
defer { try? FileManager.default.removeItem(at: folder) }
let store = try Store(driver: SQLiteDriver(path: folder.appendingPathComponent("store.sqlite").path, isDurable: false))
let file = try store.add(
    LedgerFile(feed: "bench", name: "a", digest: "1", size: 1, status: .claimed, firstSeenAt: Instant(seconds: 1), claimedAt: Instant(seconds: 1)))
let load = try store.beginLoad(of: file, state: "state"), definition = RecordCatalogue.definition(kind)

func record(_ number: Int) -> PendingRecord {
    let values = definition.fields.enumerated().map { slot, field -> Value in
        switch field.type {
        case .text: slot == 0 ? .string("ACME") : .string("\(field.name) \(number % 50_000)")
        case .number: .number(ExactDecimal(coefficient: Int64(number), scale: 2))
        case .boolean: .boolean(number % 2 == 0)
        case .date: CalendarDate("2026-11-29").map { .date($0) } ?? .null
        case .dateTime: DateTime("2026-11-29T10:00:00").map { .dateTime($0) } ?? .null
        }
    }
    return PendingRecord(
        record: Record(
            kind: kind, values: values, origins: [FieldOrigin?](repeating: FieldOrigin(node: number..<number + 40, field: number..<number + 4), count: values.count),
            rules: [Int32](repeating: 7, count: values.count), ordinal: number),
        version: 0)
}

var number = 0
while number < count {
    let batch = (number..<min(number + 1_000, count)).map { record($0 + 1) }
    try store.add(batch, rejected: [], touching: [], to: load)
    number += batch.count
}
var counts = LoadCounts()
counts.read = count
counts.accepted = count
try store.driver.write { try Store.publish(load, counts: counts, position: 1, in: $0) }
var seen = 0
for _ in 0..<passes {
    try store.driver.read { session in try Store.forEachCurrent(kind, in: session) { seen += $0.values.count } }
}
if arguments.count > 4, let opening = Int(arguments[4]) {
    for _ in 0..<opening {
        try store.driver.read { session in
            for item in try Store.openedFacts(ofLoad: load, kind: kind, with: store.keys, in: session) { seen += item.fact.values.count }
        }
    }
}
print("record.values \(seen) values")
