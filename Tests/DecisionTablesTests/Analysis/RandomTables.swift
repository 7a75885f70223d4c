import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

/// A small generator with a seed, so that a failure can be repeated (Knuth's MMIX constants).
struct TableRandom: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }

    mutating func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &self)] }
    mutating func chance(_ one: Int, in all: Int) -> Bool { Int.random(in: 0..<all, using: &self) < one }
}

/// Small tables over a number, a string and a truth, and every row that they can tell apart.
enum RandomTables {
    static let layout = Layout([("n", .number), ("s", .string), ("b", .boolean)])
    static let policies = HitPolicy.all

    static let numberCells = ["-", "-", "< 1", "<= 1", "> 2", ">= 2", "[1..2]", "(1..3)", "[0..1)", "3", "1, 3", "not(2)", "not([1..2])", "< 1, > 2", "[2..1]", "null", "not(null)"]
    static let stringCells = ["-", "-", #""a""#, #""b""#, #""a", "b""#, #"not("a")"#, #"not("a", "b")"#, "null", #"not("b", null)"#]
    static let truthCells = ["-", "-", "true", "false", "not(true)", "true, false", "null"]

    /// One value of each region that the cells can tell apart, null last.
    static let rows: [[Value]] = {
        let numbers = ["-1", "0", "0.5", "1", "1.5", "2", "2.5", "3", "4"].compactMap { ExactDecimal($0) }.map { Value.number($0) } + [.null]
        let strings: [Value] = [.string("a"), .string("b"), .string("q"), .null]
        let truths: [Value] = [.boolean(true), .boolean(false), .null]
        return numbers.flatMap { n in strings.flatMap { s in truths.map { [n, s, $0] } } }
    }()

    static func rule(_ random: inout TableRandom) -> [String] {
        [random.pick(numberCells), random.pick(stringCells), random.pick(truthCells), "\(random.pick([1, 1, 2, 3]))"]
    }

    static func rules(_ random: inout TableRandom) -> [[String]] {
        (0..<Int.random(in: 1...7, using: &random)).map { _ in rule(&random) }
    }

    static func compiled(_ rules: [[String]], _ policy: HitPolicy, isWithDefault: Bool = false) throws -> CompiledTable {
        let lines = rules.map { "| \($0[0]) | \($0[1]) | \($0[2]) || \($0[3]) |" }
        return try compile(
            (["| n | s | b || o : number |"] + lines).joined(separator: "\n"), policy, layout: layout, values: ["3, 1, 2"],
            defaults: isWithDefault ? ["1"] : [])
    }

    /// By place in ``rows`` the rules that hold, from 0, told by the cells themselves.
    static func holding(_ table: CompiledTable) throws -> [Set<Int>] {
        let members = try members(table.table.rules.map { $0.inputs.map(\.text) })
        return rows.indices.map { row in Set(members.indices.filter { members[$0].contains(row) }) }
    }

    /// Whether each of some rules holds for one row, which need not be one of ``rows``.
    static func hold(_ rules: [Int], of table: CompiledTable, for row: [Value]) throws -> Bool {
        try rules.allSatisfy { try isIn(table.table.rules[$0].inputs.map(\.text), row) }
    }

    /// The answer, or that there is none as the policy is broken. A collected list has no order.
    static func answer(_ table: CompiledTable, _ row: [Value]) -> String {
        do throws(EvaluationFailure) {
            let outcome = try table.evaluate(row, noon)
            guard table.table.hitPolicy == .collect(nil), !outcome.matchedRules.isEmpty, case .list(let items)? = outcome.outputs.first
            else { return "\(outcome.outputs.map(\.text))" }
            return "list \(items.map(\.text).sorted())"
        } catch {
            return "failure"
        }
    }

    /// Whether a row lies in a box that is told as cells.
    static func isIn(_ cells: [String], _ row: [Value]) throws -> Bool {
        for (column, cell) in cells.enumerated() {
            let compiled = FEEL.unaryTests(cell, input: layout.types[column], layout: .empty)
            let test = try #require(compiled.product, "\(cell): \(compiled.diagnostics.map(\.text))")
            if try !test.matches(row[column], [], noon) { return false }
        }
        return true
    }

    /// For each box its rows, by place in ``rows``; boxes are compiled once.
    static func members(_ boxes: [[String]]) throws -> [Set<Int>] {
        try boxes.map { cells in
            let tests = try cells.enumerated().map { column, cell in
                try #require(FEEL.unaryTests(cell, input: layout.types[column], layout: .empty).product, "\(cell)")
            }
            return Set(try rows.indices.filter { row in
                try tests.enumerated().allSatisfy { try $1.matches(rows[row][$0], [], noon) }
            })
        }
    }

    static func witness(_ witness: [TableWitness]) -> [Value] { layout.names.map { name in witness.first { $0.input == name }?.value ?? .null } }
}
