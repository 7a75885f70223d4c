import DecisionTables
import Diagnostics
import FEEL
import Foundation
import Values

/// The tables that are measured: 30 rules over 6 inputs with 3 outputs, and 3,700 rules.
struct SpeedRun {
    let folder: URL
    let rows: Int

    private static let context = EvaluationContext(now: Instant(seconds: 1_795_262_400))
    private static let regions = ["NA", "EU", "APAC", "LATAM", "MEA"], classes = ["A", "B", "C", "D", "E", "F"]

    func run() throws {
        try measure("rules30", Self.small, data(rows, wide: false, nulls: 0), isPeer: true)
        try measure("rules30.nulls", Self.small, data(rows, wide: false, nulls: 3), isPeer: false)
        try measure("rules30.wide", Self.small, data(rows, wide: true, nulls: 0), isPeer: false)
        let large = Self.large
        try measure("rules3700", large, Self.largeData(max(rows / 20, 1)), isPeer: true)
        rowPath(data(min(rows, 100_000), wide: false, nulls: 0))
    }

    /// - Parameter isPeer: whether rows and table are left for DuckDB.
    private func measure(_ name: String, _ table: BenchTable, _ data: BenchData, isPeer: Bool) throws {
        let compiled = table.compiled(.first, data.layout), batch = data.batch
        var times: [Double] = [], outcome = compiled.evaluate(batch, Self.context)
        for _ in 0..<9 {
            let start = Self.processorNanoseconds()
            outcome = compiled.evaluate(batch, Self.context)
            times.append((Self.processorNanoseconds() - start) / Double(data.rows))
        }
        times.sort()
        print("\(name).time \(Self.rounded(times[4])) ns/row")
        print("\(name).best \(Self.rounded(times[0])) ns/row")
        let matched = outcome.rules.filter { $0 > 0 }
        print("\(name).rule \(Self.rounded(Double(matched.reduce(0) { $0 + Int($1) }) / Double(max(matched.count, 1)))) mean")
        print("\(name).unmatched \(data.rows - matched.count) rows")
        guard isPeer else { return }
        try write(data.csv, name + ".csv")
        try write(data.schema, name + ".schema")
        try write(table.firstSQL, name + ".sql")
        try write(outcome.rules.map { "\($0)" }.joined(separator: "\n") + "\n", name + ".answers")
    }

    /// One row after the other, as the daemon asks.
    private func rowPath(_ data: BenchData) {
        let compiled = Self.small.compiled(.first, data.layout), batch = data.batch
        let values = (0..<data.rows).map { batch.row(at: $0) }
        var sum = 0
        let start = Self.processorNanoseconds()
        for row in values {
            do throws(EvaluationFailure) {
                sum += try compiled.evaluate(row, Self.context).matchedRules.first ?? 0
            } catch {
                preconditionFailure(error.diagnostic.text)
            }
        }
        print("rules30.row \(Self.rounded((Self.processorNanoseconds() - start) / Double(data.rows))) ns/row")
        print("rules30.row.sum \(sum) rules")
    }

    private func write(_ text: String, _ name: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// Time on the processor: the machine may be shared, and the work is on one thread.
    private static func processorNanoseconds() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }

    private static func rounded(_ number: Double) -> String { String(format: "%.2f", number) }

    // MARK: 30 rules

    private func data(_ rows: Int, wide: Bool, nulls: Int) -> BenchData {
        var random = BenchRandom(state: 5)
        var data = BenchData(rows: rows)
        // The same numbers, at a scale of which the units take 64 bits where wide.
        let by = wide ? 1_000_000 : 1, more = wide ? 6 : 0
        data.add("margin", .number(scale: 4 + more), 0...(10_000 * by), nulls: nulls, &random)
        data.add("velocity", .number(scale: 3 + more), 0...(60_000 * by), nulls: nulls, &random)
        data.add("cv", .number(scale: 4 + more), 0...(30_000 * by), nulls: nulls, &random)
        data.add("adi", .number(scale: 2 + more), 100...(5000 * by), nulls: nulls, &random)
        data.add("region", .text(Self.regions), 0...4, nulls: nulls, &random)
        data.add("class", .text(Self.classes), 0...5, nulls: nulls, &random)
        return data
    }

    /// Two numbers and a string a rule, as three outputs hang on them; later rules are wider, so that the mean matching rule is about
    /// the 15th and few rows are left over.
    private static var small: BenchTable {
        var random = BenchRandom(state: 3)
        let tops = [1.0, 60, 3, 50], digits = [4, 3, 4, 2]
        let rules: [[BenchCell]] = (0..<30).map { rule in
            var cells = Array(repeating: BenchCell.any, count: 6)
            let share = 0.24 + 0.018 * Double(rule)
            let one = random.below(4), other = (one + 1 + random.below(3)) % 4
            let low = (1 - share) * Double(random.below(1000)) / 1000
            cells[one] = .between(decimal(low * tops[one], digits[one]), decimal((low + share) * tops[one], digits[one]))
            cells[other] = rule % 2 == 0
                ? .atLeast(decimal((1 - share) * tops[other], digits[other])) : .less(decimal(share * tops[other], digits[other]))
            if rule % 3 == 0 {
                cells[5] = .strings([classes[rule % 6], classes[(rule + 1) % 6], classes[(rule + 2) % 6]])
            } else {
                cells[4] = .strings([regions[rule % 5], regions[(rule + 2) % 5]])
            }
            return cells
        }
        return BenchTable(columns: ["margin", "velocity", "cv", "adi", "region", "class"], rules: rules)
    }

    private static func decimal(_ number: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", number) }

    // MARK: 3,700 rules

    private static let sites = (0..<40).map { "W\($0)" }, lanes = (0..<10).map { "L\($0)" }

    private static func largeData(_ rows: Int) -> BenchData {
        var random = BenchRandom(state: 7)
        var data = BenchData(rows: rows)
        data.add("site", .text(sites), 0...39, &random)
        data.add("lane", .text(lanes), 0...9, &random)
        data.add("weight", .number(scale: 3), 0...1_000_000, &random)
        data.add("price", .number(scale: 2), 0...99_999, &random)
        data.add("days", .number(scale: 0), 0...364, &random)
        data.add("score", .number(scale: 4), 0...10_000, &random)
        return data
    }

    /// A site, mostly a lane, and one or two stretches of numbers: each rule holds for about one row in 3,000.
    private static var large: BenchTable {
        var random = BenchRandom(state: 11)
        let rules: [[BenchCell]] = (0..<3700).map { rule in
            let weight = random.below(880_000), days = random.below(330), price = random.below(50_000)
            return [
                .strings([random.pick(sites)]), rule % 4 == 0 ? .any : .strings([random.pick(lanes)]),
                .between(decimal(Double(weight) / 1000, 3), decimal(Double(weight + 120_000) / 1000, 3)),
                rule % 3 == 0 ? .atLeast(decimal(Double(price) / 100, 2)) : .any,
                rule % 5 == 0 ? .between("\(days)", "\(days + 30)") : .any, rule % 7 == 0 ? .less("0.9\(random.below(999))") : .any,
            ]
        }
        return BenchTable(columns: ["site", "lane", "weight", "price", "days", "score"], rules: rules)
    }
}
