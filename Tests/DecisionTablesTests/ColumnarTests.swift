import DecisionTables
import Diagnostics
import FEEL
import Foundation
import Testing
import Values

/// What a table answers for one row, or why not.
private enum Answer: Equatable {
    case outcome(TableOutcome)
    case failure(Diagnostic)

    init(_ answer: () throws(EvaluationFailure) -> TableOutcome) {
        do throws(EvaluationFailure) {
            self = .outcome(try answer())
        } catch {
            self = .failure(error.diagnostic)
        }
    }

    var rules: [Int]? {
        if case .outcome(let outcome) = self, outcome.refusal == nil { return outcome.matchedRules }
        return nil
    }
}

/// One row and a million rows get the same answers. `CROSSDOCK_ROWS` sets how many rows are asked in all, `CROSSDOCK_SEED` where the
/// tables and rows begin.
@Suite struct ColumnarTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let rowsInAll = environment["CROSSDOCK_ROWS"].flatMap { Int($0) } ?? 4_400
    private static let seed = environment["CROSSDOCK_SEED"].flatMap { UInt64($0) } ?? 20_261_128

    @Test(arguments: HitPolicy.all, [FEELProfile.strict, .standard])
    func `a batch answers as its rows do`(policy: HitPolicy, profile: FEELProfile) throws {
        let seed = Self.seed &+ UInt64(HitPolicy.all.firstIndex(of: policy) ?? 0) &* 1000 &+ (profile == .strict ? 0 : 1)
        print("columnar = row path: \(policy), \(profile), seed \(Self.seed)")
        var random = MixedTables(random: TableRandom(state: seed))
        let share = Self.rowsInAll / HitPolicy.all.count / 2
        let rowsATable = min(max(share / 12, 10), 1500)
        var done = 0, matched = 0, failed = 0
        while done < share {
            // Of many rules two match nearly always, which leaves UNIQUE and ANY no row to answer.
            let isSparse = (policy == .unique || policy == .any) && random.below(2) == 0
            let rules = isSparse ? 1 : random.pick([1, 4, 30, 62, 63, 64, 65, 127, 200])
            let asks = random.below(2) == 0
            guard let table = try random.table(rules: rules, policy: policy, profile: profile, asks: asks) else { continue }
            let rows = try random.rows(rowsATable)
            done += rows.count
            let columns = batch(rows)
            let outcome = table.evaluate(columns, noon)
            failed += outcome.failedRows.count
            for (number, row) in rows.enumerated() {
                let alone = Answer { () throws(EvaluationFailure) in try table.evaluate(row, noon) }
                let together = Answer { () throws(EvaluationFailure) in
                    try table.outcome(ofRow: number, of: outcome, in: columns, noon)
                }
                let found = outcome.rules(ofRow: number).map { Int($0) }
                matched += found.count
                let isSame = alone == together && (alone.rules.map { $0 == found } ?? true)
                    && !(alone.rules != nil && outcome.failedRows.contains(number))
                #expect(isSame, "seed \(Self.seed), row \(row), alone \(alone), together \(together), rules \(found), \(table.table.rules.count) rules")
                if !isSame { return }
            }
        }
        #expect(matched > 0, "no rule matched any row")
        if policy == .unique || policy == .any { #expect(failed > 0, "no row failed") }
    }

    @Test func `a table of thousands of rules answers as its rows do`() throws {
        var random = MixedTables(random: TableRandom(state: Self.seed))
        let rules = (0..<4500).map { rule in
            "| [\(rule)..\(rule + 40)] | \(rule % 7 == 0 ? "-" : "< \(rule * 3)") || \(rule) |"
        }.joined(separator: "\n")
        let layout = Layout([("a", .number), ("b", .number)])
        for policy in [HitPolicy.first, .collect(nil)] {
            let table = try compile("| a | b || out |\n" + rules, policy, layout: layout)
            let rows: [[Value]] = (0..<300).map { _ in
                [.integer(random.below(4600)), .number(ExactDecimal(coefficient: Int64(random.below(14_000_000)), scale: 3))]
            }
            let columns = ColumnBatch([Column(rows.map { $0[0] }), Column(rows.map { $0[1] })], count: rows.count)
            let outcome = table.evaluate(columns, noon)
            for (number, row) in rows.enumerated() {
                #expect(try table.evaluate(row, noon).matchedRules == outcome.rules(ofRow: number).map { Int($0) })
            }
            #expect(outcome.failedRows.isEmpty && outcome.rules.contains { $0 > 4096 })
        }
    }

    @Test func `typed columns are the values that they stand for`() throws {
        let numbers = Column.numbers([150, -3, 0], scale: 2, nulls: [0b100])
        #expect((0..<3).map { numbers.value(at: $0) } == [.number(try #require(ExactDecimal("1.50"))), .number(try #require(ExactDecimal("-0.03"))), .null])
        #expect(numbers.value(at: 0).text == "1.50")
        let strings = Column.strings(codes: [1, 2, 0], dictionary: ["a", "b"])
        #expect((0..<3).map { strings.value(at: $0) } == [.string("b"), .null, .string("a")])
        #expect(Column.booleans([true, nil, false]).value(at: 1) == .null)
        #expect(Column.dates([20_778]).value(at: 0).text == "2026-11-21")
        let mixed: [Value] = [.integer(1), .string("x"), .null, .number(try #require(ExactDecimal("1E40")))]
        #expect((0..<4).map { Column(mixed).value(at: $0) } == mixed)
        let wide: [Value] = ["1E30", "0.5", "12345678901234567890", "7.123"].compactMap { ExactDecimal($0).map { .number($0) } }
        #expect((0..<4).map { Column(wide).value(at: $0).text } == wide.map(\.text))
    }

    @Test(arguments: [(Int64(1), 0), (300, 0), (40_000, 1), (3_000_000_000, 2), (9_000_000_000_000_000_000, 3)])
    func `units of every width, few and many limits`(greatest: Int64, scale: Int) throws {
        for limits in [3, 200] {
            let step = max(1, greatest / Int64(limits))
            let bounds = (0..<Int64(limits)).compactMap { place -> String? in
                let (units, overflow) = place.multipliedReportingOverflow(by: step)
                return overflow ? nil : ExactDecimal(coefficient: units, scale: scale).description
            }
            let text = "| n || out |\n" + bounds.enumerated().map { "| > \($0.element) || \($0.offset) |" }.joined(separator: "\n")
            let table = try compile(text, .ruleOrder, layout: Layout([("n", .number)]))
            let units = (0..<2100).map { row in Int64(row % 2 == 0 ? row : -row) &* (greatest / 2100) }
            let columns = ColumnBatch([.numbers(units, scale: scale, nulls: (0..<33).map { _ in 1 << 7 })], count: units.count)
            let outcome = table.evaluate(columns, noon)
            for row in stride(from: 0, to: units.count, by: 17) {
                #expect(try table.evaluate(columns.row(at: row), noon).matchedRules == outcome.rules(ofRow: row).map { Int($0) })
            }
            #expect(outcome.failedRows.isEmpty && outcome.rules(ofRow: 7).isEmpty && outcome.rules(ofRow: 64 + 7).isEmpty)
        }
    }

    @Test func `an empty batch and a slot without a column are no trouble`() throws {
        let table = try compile(priorityText)
        #expect(table.evaluate(ColumnBatch([nil, nil, nil, nil, nil], count: 0), noon).rules.isEmpty)
        let outcome = table.evaluate(ColumnBatch([nil, nil, Column.booleans([true, nil]), nil, nil], count: 2), noon)
        #expect(outcome.rules == [2, 3])
    }

    @Test func `cells finer than the column's scale keep their meaning`() throws {
        let layout = Layout([("n", .number)])
        let table = try compile("| n || out |\n| < 2.345 || 1 |\n| 2.345 || 2 |\n| - || 3 |", layout: layout)
        let outcome = table.evaluate(ColumnBatch([.numbers([234, 235, -1], scale: 2)], count: 3), noon)
        #expect(outcome.rules == [1, 3, 1])
        #expect(table.evaluate(ColumnBatch([.numbers([23_449, 23_450, 23_451], scale: 4)], count: 3), noon).rules == [1, 2, 3])
    }
}
