import Attributes
import Configurations
import DecisionTables
import Diagnostics
import FEEL
import Glibc
import Records
import Values

// attribute-bench FILE ROWS ITEMS [ROUNDS]: demand lines of FILE (items, days and quantities of 32 bits, then margins in cents of 64) as records of a
// population, and its attributes as of the end of day 539. Each line is `name value unit`; the last ones say what was found.

let arguments = CommandLine.arguments
guard arguments.count >= 4, let rows = Int(arguments[2]), let items = Int(arguments[3]) else {
    print("call: attribute-bench FILE ROWS ITEMS [ROUNDS]")
    exit(2)
}
let rounds = arguments.count > 4 ? Int(arguments[4]) ?? 5 : 5

/// Demand as the file has it.
struct Demand {
    let items: [Int32], days: [Int32], quantities: [Int32], cents: [Int64]

    init?(path: String, rows: Int) {
        guard let file = fopen(path, "r") else { return nil }
        defer { fclose(file) }
        func read<Number: FixedWidthInteger>(_ zero: Number) -> [Number] {
            var numbers = [Number](repeating: zero, count: rows)
            return fread(&numbers, MemoryLayout<Number>.size, rows, file) == rows ? numbers : []
        }
        items = read(Int32(0))
        days = read(Int32(0))
        quantities = read(Int32(0))
        cents = read(Int64(0))
        guard cents.count == rows else { return nil }
    }
}

func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
}

func product<Product>(_ compilation: Compilation<Product>) -> Product {
    guard let product = compilation.product else { preconditionFailure("\(compilation.diagnostics.map(\.text))") }
    return product
}

let text = """
    attributes: item
    entity: item
    values:
      velocity:  { rate: salesLine, by: item, of: quantity, at: soldAt, window: P90D, per: day, scale: 4 }
      variation: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P90D, bucket: day, buckets: whole, scale: 4 }
      interval:  { interval: salesLine, by: item, of: quantity, at: soldAt, window: P90D, bucket: day, buckets: whole, scale: 4 }
      margin:    { sum: salesLine, by: item, of: amount, at: soldAt, window: P90D, scale: 2 }
      abc:       { class: margin, cuts: [80, 95], names: [A, B, C], crossing: down }
    """
guard let demand = Demand(path: arguments[1], rows: rows) else {
    print("\(arguments[1]) does not hold \(rows) rows")
    exit(2)
}
let (root, problems) = ConfigurationText.parse(text, file: "attribute-bench")
guard let root, case let (plan?, _) = AttributePlanReader.read(root) else { preconditionFailure("\(problems.map(\.text))") }
guard case .population(let abc) = plan.definitions[4].source else { preconditionFailure("abc is a class") }
let variationOf = Layout([("variation", .number)])
let xyz = product(CompiledTable.compile(
    product(TableText.parse(
        "| variation || class |\n| <= 0.5 || \"X\" |\n| <= 1 || \"Y\" |\n| - || \"Z\" |\n", hitPolicy: .first, at: TextOrigin())),
    layout: variationOf))

// The last nanosecond of day 539, so that 90 whole days lie in the window.
let context = EvaluationContext(now: Instant(seconds: 540 * 86_400, nanoseconds: -1), zone: .utc)
let definition = RecordCatalogue.definition(.salesLine)
guard let item = definition.slot("item"), let soldAt = definition.slot("soldAt"), let quantity = definition.slot("quantity"), let amount = definition.slot("amount")
else { preconditionFailure("salesLine has these fields") }

var start = seconds()
var records = PopulationRecords(plan, context: context, keepsAll: true)
let names = (0..<items).map { Value.string("I\($0)") }
for row in 0..<rows {
    var values = [Value](repeating: .null, count: definition.fields.count)
    values[0] = .string("ACME")
    values[item] = names[Int(demand.items[row])]
    values[quantity] = .number(ExactDecimal(coefficient: Int64(demand.quantities[row])))
    values[amount] = .number(ExactDecimal(coefficient: demand.cents[row], scale: 2))
    values[soldAt] = .dateTime(Instant(seconds: Int64(demand.days[row]) * 86_400).dateTime(in: .utc))
    records.add(Fact(row: Int64(row), values: values), to: 0)
}
print("attributes.load \(seconds() - start) s")
print("attributes.load.memory \(peakMegabytes()) MB")

var found: (measured: PopulationMeasurement, abc: [UInt16], xyz: BatchOutcome)?
for _ in 0...rounds {
    found = nil
    start = seconds()
    let measured = records.measured()
    guard let margin = measured.column(3), let variation = measured.column(1), let classes = abc.classes(margin.units, isNull: margin.isNull) else {
        preconditionFailure("all is in columns")
    }
    let batch = ColumnBatch([.numbers(variation.units, scale: variation.scale, nulls: variation.nulls)], count: variation.count)
    let outcome = xyz.evaluate(batch, context)
    print("attributes.time \(seconds() - start) s")
    found = (measured, classes, outcome)
}
guard let found, let velocity = found.measured.column(0), let interval = found.measured.column(2), let variation = found.measured.column(1) else { exit(1) }
print("attributes.memory \(peakMegabytes()) MB")
let active = (0..<velocity.count).filter { !interval.isNull($0) }
print("attributes.items \(active.count) items")
print("attributes.velocity \(active.reduce(0) { $0 + Double(velocity.units[$1]) } / 1e4) units")
print("attributes.interval \(active.reduce(0) { $0 + Double(interval.units[$1]) } / 1e4) days")
print("attributes.variation \(active.reduce(0) { $0 + Double(variation.units[$1]) } / 1e4) total")
print("attributes.A \(active.count { found.abc[$0] == 0 }) items")
print("attributes.X \(active.count { found.xyz.rules[$0] == 1 }) items")
