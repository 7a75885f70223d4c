import DecisionTables
import FEEL
import Foundation
import Values

/// Random tables and rows with the answers of FIRST and COLLECT, a batch at a time, for another engine to check.
struct FuzzRun {
    let folder: URL
    /// Of all tables together.
    let rows: Int
    let seed: UInt64

    private static let words = ["a", "b", "c", "dd", "", "Z"]
    private static let rowsATable = 5000

    func run() throws {
        var random = BenchRandom(state: seed)
        let tables = max(1, rows / Self.rowsATable)
        print("seed \(seed): \(tables) tables of \(Self.rowsATable) rows")
        for number in 0..<tables {
            var data = BenchData(rows: Self.rowsATable)
            data.add("n", .number(scale: 2), -300...1200, nulls: 10, &random)
            data.add("m", .number(scale: 0), -3...40, nulls: 5, &random)
            data.add("s", .text(Self.words), 0...5, nulls: 10, &random)
            data.add("b", .flag, 0...1, nulls: 10, &random)
            data.add("d", .date, 20_700...20_800, nulls: 10, &random)
            let count = random.pick([3, 20, 62, 63, 64, 90, 200])
            let table = BenchTable(columns: data.names, rules: (0..<count).map { _ in rule(&random) })
            let batch = data.batch, context = EvaluationContext(now: Instant(seconds: 0))
            let first = table.compiled(.first, data.layout).evaluate(batch, context)
            let collect = table.compiled(.collect(nil), data.layout).evaluate(batch, context)
            precondition(first.failedRows.isEmpty && collect.failedRows.isEmpty, "a row of table \(number) failed")
            let answers = (0..<data.rows).map { row in
                "\(first.rules[row]);" + collect.rules(ofRow: row).map { "\($0)" }.joined(separator: ",")
            }
            let name = "fuzz\(number)"
            try write(data.csv, name + ".csv")
            try write(data.schema, name + ".schema")
            try write(table.firstSQL, name + ".first.sql")
            try write(table.collectSQL, name + ".collect.sql")
            try write(answers.joined(separator: "\n") + "\n", name + ".answers")
        }
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    private func rule(_ random: inout BenchRandom) -> [BenchCell] {
        var cells: [BenchCell] = []
        for column in 0..<5 {
            if random.below(5) < 3 {
                cells.append(.any)
                continue
            }
            var cell = cell(column, &random)
            if random.below(4) == 0 { cell = cell.negated }
            cells.append(random.below(12) == 0 ? random.pick([.none, .some]) : cell)
        }
        return cells
    }

    private func cell(_ column: Int, _ random: inout BenchRandom) -> BenchCell {
        switch column {
        case 0, 1:
            // Bounds are finer than the column, or of its scale.
            let low = ExactDecimal(coefficient: Int64(random.below(12_000)) - 1500, scale: random.pick([2, 3])).description
            let high = ExactDecimal(coefficient: Int64(random.below(12_000)) + 12_000, scale: random.pick([2, 3])).description
            return random.pick([.less(low), .atLeast(low), .between(low, high), .open(low, high), .numbers([low, high, "3"])])
        case 2: return .strings((0...random.below(3)).map { _ in random.pick(Self.words) })
        case 3: return .flag(random.below(2) == 0)
        default:
            let date = CalendarDate(dayNumber: 20_690 + random.below(120)).description
            return random.pick([.before(date), .from(date)])
        }
    }
}
