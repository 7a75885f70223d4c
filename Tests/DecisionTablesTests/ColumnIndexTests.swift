import DecisionTables
import FEEL
import Testing
import Values

/// The sets of rules that columns are indexed by, against the cells themselves: `explain` asks each cell of each rule.
@Suite struct ColumnIndexTests {
    private static let layout = Layout([("n", .number), ("s", .string), ("b", .boolean), ("x", .any), ("d", .date)])

    private static let numberCells = ["-", "< 3", "<= 3", "> 2.5", ">= 7", "[2..5]", "(2..5)", "]3..8[", "4", "1, 4, 9", "not(4)", "not([2..5])",
        "null", "!= 3", "not(null)", "< 2, > 8", "3.00", "-1", "n + 0 > 4", "> 1E40", "< -1E40"]
    private static let stringCells = ["-", #""a""#, #""a", "b""#, #"not("a")"#, #"not("a", "c")"#, "null", #""ü""#, #"> "b""#, #"!= "b""#]
    private static let booleanCells = ["-", "true", "false", "not(true)", "null", "true, false"]
    private static let anyCells = ["-", "null", "not(null)", #""a""#, "4"]
    private static let dateCells = ["-", #"< date("2026-11-21")"#, #"[date("2026-01-01")..date("2026-12-31")]"#, "null"]

    private static func rows(_ random: inout TableRandom, _ count: Int) throws -> [[Value]] {
        let numbers = try ["-1", "0", "1", "2", "2.0", "2.4", "2.5", "3", "3.00", "4", "5", "6.99", "7", "8", "9", "1E40", "2E40", "-2E40"].map {
            try #require(ExactDecimal($0))
        }
        let strings = ["a", "b", "c", "", "~", "ü", "aa"]
        return (0..<count).map { _ in
            let number: Value = Int.random(in: 0..<8, using: &random) == 0 ? .null : .number(numbers[Int.random(in: 0..<numbers.count, using: &random)])
            let string: Value = Int.random(in: 0..<8, using: &random) == 0 ? .null : .string(strings[Int.random(in: 0..<strings.count, using: &random)])
            let boolean: Value = [.null, .boolean(true), .boolean(false)][Int.random(in: 0..<3, using: &random)]
            let date: Value = [.null, .date(CalendarDate(dayNumber: 20_777)), .date(CalendarDate(dayNumber: 20_778)), .date(CalendarDate(dayNumber: 0))][Int.random(in: 0..<4, using: &random)]
            return [number, string, boolean, [number, string, boolean][Int.random(in: 0..<3, using: &random)], date]
        }
    }

    @Test(arguments: 1...30)
    func `indexed columns match the rules that their cells match`(seed: Int) throws {
        var random = TableRandom(state: UInt64(seed))
        let columns = [Self.numberCells, Self.stringCells, Self.booleanCells, seed % 2 == 0 ? ["-"] : Self.anyCells, Self.dateCells]
        let ruleCount = [1, 5, 63, 64, 65, 150][seed % 6]
        var text = "| n | s | b | x | d || rule |\n"
        for rule in 1...ruleCount {
            let cells = columns.map { cells in
                // Half of the cells are `-`, so that rules do match.
                Bool.random(using: &random) ? "-" : cells[Int.random(in: 0..<cells.count, using: &random)]
            }
            text += "| \(cells.joined(separator: " | ")) || \(rule) |\n"
        }
        let collect = try compile(text, .collect(nil), layout: Self.layout), first = try compile(text, .first, layout: Self.layout)
        var matches = 0
        for row in try Self.rows(&random, 40) {
            let expected: [Int]
            do throws(EvaluationFailure) {
                expected = try collect.explain(row, noon).rules.filter(\.isMatch).map(\.rule)
            } catch {
                continue
            }
            matches += expected.count
            #expect(try collect.evaluate(row, noon).matchedRules == expected, "\(row)")
            #expect(try first.evaluate(row, noon).matchedRules == Array(expected.prefix(1)), "\(row)")
        }
        #expect(ruleCount < 60 || matches > 0)
    }
}
