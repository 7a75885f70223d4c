import FEEL
import Values

/// Which rules of a table an input column leaves in the running, for every value that the column can hold.
///
/// A column whose cells are tests over constants splits its values into regions within which every cell answers the same:
/// the numbers at and between the cells' thresholds, each string that a cell names and all others, true, false and null.
/// For each region there is a set of rules, one bit a rule, so that a row costs one search a column and one AND a word
/// instead of one test a cell. Answers are taken from the cells themselves, at one value of each region.
struct ColumnIndex: Sendable {
    /// Sets of rules, `words` each.
    private(set) var sets: [UInt64] = []
    private let words: Int
    /// Ascending. Region 2i lies below cut i, region 2i+1 is the cut itself.
    private var cuts: [ExactDecimal] = []
    private var numbersStart: Int?
    private var strings: [String: Int] = [:]
    private var otherStringsStart: Int?
    private var trueStart: Int?
    private var falseStart: Int?
    private var nullStart: Int?

    /// Most words of one column's sets (8 MiB).
    private static let wordsMax = 1_048_576

    /// Nil where a cell of the column is not over constants, or the sets would be too large.
    /// - Parameters:
    ///   - cells: the tests of the column by rule; rules that are missing hold for every value.
    ///   - ruleCount: rules of the table.
    ///   - type: what the column holds; values of other types are not indexed.
    init?(cells: [(rule: Int, test: CompiledTest)], ruleCount: Int, type: ValueType) {
        words = (ruleCount + 63) / 64
        var everyRule = [UInt64](repeating: .max, count: words)
        if ruleCount % 64 != 0 { everyRule[words - 1] = (1 << UInt64(ruleCount % 64)) - 1 }
        var named: Set<String> = []
        for cell in cells {
            guard let constraint = cell.test.constraint, cell.test.slots.isEmpty, !cell.test.readsClock else { return nil }
            for term in constraint.terms {
                switch term {
                case .value(.string(let string)): named.insert(string)
                case .value: break
                case .interval(let range):
                    // The order of strings has no regions that a list of names could tell.
                    if case .string? = range.lower { return nil }
                    if case .string? = range.upper { return nil }
                }
            }
        }
        cuts = Set(cells.flatMap(\.test.thresholds)).sorted()
        let regions = 2 * cuts.count + named.count + 5
        guard ruleCount > 0, regions * words <= Self.wordsMax else { return nil }
        do throws(EvaluationFailure) {
            if ValueType.number.accepts(type) { try addNumbers(cells, everyRule) }
            if ValueType.string.accepts(type) { try addStrings(cells, everyRule, named.sorted()) }
            if ValueType.boolean.accepts(type) {
                trueStart = try addSet(cells, everyRule, for: .boolean(true))
                falseStart = try addSet(cells, everyRule, for: .boolean(false))
            }
            nullStart = try addSet(cells, everyRule, for: .null)
        } catch {
            // A cell that fails for some value is asked each time, so that its failure is told with its place.
            return nil
        }
    }

    /// Where in `sets` the rules for this value begin; nil where the value is not indexed.
    func start(of value: Value) -> Int? {
        switch value {
        case .number(let number): numbersStart.map { $0 + region(of: number) * words }
        case .string(let string): strings[string] ?? otherStringsStart
        case .boolean(let flag): flag ? trueStart : falseStart
        case .null: nullStart
        default: nil
        }
    }

    private func region(of number: ExactDecimal) -> Int {
        var low = 0, high = cuts.count
        while low < high {
            let middle = (low + high) / 2
            if cuts[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low < cuts.count && cuts[low] == number ? 2 * low + 1 : 2 * low
    }

    private static let anywhere = EvaluationContext(now: Instant(seconds: 0))

    private mutating func addSet(
        _ cells: [(rule: Int, test: CompiledTest)], _ everyRule: [UInt64], for value: Value
    ) throws(EvaluationFailure) -> Int {
        let start = sets.count
        sets += everyRule
        for cell in cells where try !cell.test.matches(value, [], Self.anywhere) { clear(cell.rule, start) }
        return start
    }

    private mutating func clear(_ rule: Int, _ start: Int) { sets[start + rule / 64] &= ~(1 << UInt64(rule % 64)) }

    /// A cell answers the same between two neighbours of its own cuts, so it is asked once for all regions between them.
    private mutating func addNumbers(
        _ cells: [(rule: Int, test: CompiledTest)], _ everyRule: [UInt64]
    ) throws(EvaluationFailure) {
        let start = sets.count
        let regionCount = 2 * cuts.count + 1
        for _ in 0..<regionCount { sets += everyRule }
        for cell in cells {
            var first = 0
            for (place, cut) in cell.test.thresholds.enumerated() {
                let at = region(of: cut)
                let below = place == 0 ? Self.step(cut, by: -1) : Self.middle(cell.test.thresholds[place - 1], cut)
                if try !cell.test.matches(.number(below), [], Self.anywhere) {
                    for region in first..<at { clear(cell.rule, start + region * words) }
                }
                if try !cell.test.matches(.number(cut), [], Self.anywhere) { clear(cell.rule, start + at * words) }
                first = at + 1
            }
            let above = cell.test.thresholds.last.map { Self.step($0, by: 1) } ?? .zero
            if try !cell.test.matches(.number(above), [], Self.anywhere) {
                for region in first..<regionCount { clear(cell.rule, start + region * words) }
            }
        }
        numbersStart = start
    }

    private mutating func addStrings(
        _ cells: [(rule: Int, test: CompiledTest)], _ everyRule: [UInt64], _ names: [String]
    ) throws(EvaluationFailure) {
        var other = "~"
        while names.contains(other) { other += "~" }
        let rest = try addSet(cells, everyRule, for: .string(other))
        otherStringsStart = rest
        let template = Array(sets[rest..<(rest + words)])
        for name in names {
            strings[name] = sets.count
            sets += template
        }
        // Only the cells that name a string can answer otherwise for it than for all others.
        for cell in cells {
            for term in cell.test.constraint?.terms ?? [] {
                guard case .value(.string(let name)) = term, let start = strings[name] else { continue }
                clear(cell.rule, start)
                if try cell.test.matches(.string(name), [], Self.anywhere) {
                    sets[start + cell.rule / 64] |= 1 << UInt64(cell.rule % 64)
                }
            }
        }
    }
}

extension ColumnIndex {
    /// A number beside `cut`, on the side of the sign.
    private static func step(_ cut: ExactDecimal, by one: Int64) -> ExactDecimal {
        // Beyond 34 digits 1 is lost; twice the number, or none of it, is on the right side then.
        let moved = sum(cut, ExactDecimal(coefficient: one))
        if moved != cut { return moved }
        return cut.isNegative == (one < 0) ? sum(cut, cut) : .zero
    }

    /// A number between two that differ, or the lower where 34 digits hold none.
    private static func middle(_ low: ExactDecimal, _ high: ExactDecimal) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try low.adding(high.subtracting(low).divided(by: ExactDecimal(2)))
        } catch {
            return .zero
        }
    }

    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try left.adding(right)
        } catch {
            return left
        }
    }
}
