import FEEL
import Values

/// What the rules of a table give, as far as that is known before any row, and how its hit policy makes an answer of it.
struct RuleAnswers: Sendable {
    /// One output of a rule: its value where it is constant, else its text. Equal keys give equal values.
    enum Output: Hashable, Sendable {
        case constant(Value)
        case written(String)
    }

    let policy: HitPolicy
    /// By rule.
    let outputs: [[Output]]
    /// A number for each distinct row of outputs, by rule.
    let outputNumbers: [Int]
    /// The place of each rule in an order in which the first rule that holds decides alone: FIRST, PRIORITY, and MIN and MAX of
    /// one output. Nil for other policies, and where an output is not constant so that the order is not known.
    var rank: [Int]? { policy == .outputOrder ? nil : order }
    /// As `rank`, for OUTPUT ORDER too.
    private let order: [Int]?
    /// What is given where no rule holds; nil where nothing is.
    let defaults: [Output]?

    init(_ table: CompiledTable) {
        policy = table.table.hitPolicy
        outputs = table.rules.map { $0.outputs.map(Self.output) }
        var numbers: [[Output]: Int] = [:]
        outputNumbers = outputs.map { row in
            let number = numbers[row] ?? numbers.count
            numbers[row] = number
            return number
        }
        order = Self.order(table, outputs)
        defaults = table.defaults.contains { $0 != nil } ? table.defaults.map { $0.map(Self.output) ?? .constant(.null) } : nil
    }

    private static func output(_ expression: CompiledExpression) -> Output {
        expression.constant.map { .constant($0) } ?? .written(expression.source)
    }

    /// Whether two rules give the same; nil where that depends on the row.
    func agree(_ first: Int, _ second: Int) -> Bool? {
        outputNumbers[first] == outputNumbers[second] ? true : Self.agree(outputs[first], outputs[second])
    }

    static func agree(_ first: [Output], _ second: [Output]) -> Bool? {
        if first == second { return true }
        for case (.constant(let a), .constant(let b)) in zip(first, second) where a != b { return false }
        return nil
    }

    private static func constants(_ outputs: [Output]) -> [Value]? {
        let values = outputs.compactMap { if case .constant(let value) = $0 { value } else { nil } }
        return values.count == outputs.count ? values : nil
    }

    private static func order(_ table: CompiledTable, _ outputs: [[Output]]) -> [Int]? {
        if table.table.hitPolicy == .first { return Array(outputs.indices) }
        let rows = outputs.compactMap(constants)
        guard rows.count == outputs.count else { return nil }
        switch table.table.hitPolicy {
        case .priority, .outputOrder:
            guard let ranking = table.ranking else { return nil }
            let ranks = rows.map { ranking.rank($0, DimensionBuilder.anywhere) }
            return places(rows.indices.sorted {
                ranks[$0] == ranks[$1] ? $0 < $1 : ranks[$0].lexicographicallyPrecedes(ranks[$1])
            })
        case .collect(.minimum), .collect(.maximum):
            let sign = table.table.hitPolicy == .collect(.minimum) ? 1 : -1
            guard let first = rows.first, first.count == 1 else { return nil }
            func order(_ left: [Value], _ right: [Value]) -> Int? {
                FEEL.order(left[0], right[0], DimensionBuilder.anywhere, profile: table.profile).map { sign * $0 }
            }
            // Where each has an order with the first, all are of one kind.
            guard rows.allSatisfy({ order($0, first) != nil }) else { return nil }
            return places(rows.indices.sorted { left, right in
                let side = order(rows[left], rows[right]) ?? 0
                return side == 0 ? left < right : side < 0
            })
        default: return nil
        }
    }

    private static func places(_ sorted: [Int]) -> [Int] {
        var places = Array(repeating: 0, count: sorted.count)
        for (place, rule) in sorted.enumerated() { places[rule] = place }
        return places
    }

    // MARK: answers

    /// What the table answers where exactly these rules hold.
    enum Answer: Hashable, Sendable {
        /// One value an output, also where it is an aggregate that is known.
        case outputs([Output])
        /// A list: what each rule gives, in the order that counts.
        case several(HitPolicy, [[Output]])
        /// A list or an aggregate of outputs whose order does not count: how often each comes.
        case bag(HitPolicy, [[Output]: Int])
        case none
        /// The policy is broken, and there is no answer.
        case broken
        /// It depends on the row.
        case unknown
    }

    /// - Parameter rules: ascending.
    func answer(_ rules: [Int]) -> Answer {
        guard let first = rules.first else { return defaults.map { .outputs($0) } ?? .none }
        switch policy {
        case .unique: return rules.count == 1 ? .outputs(outputs[first]) : .broken
        case .any:
            let agreements = rules.dropFirst().map { agree(first, $0) }
            if agreements.contains(false) { return .broken }
            return agreements.contains(nil) ? .unknown : .outputs(outputs[first])
        case .first: return .outputs(outputs[first])
        case .priority:
            guard let rank else { return .unknown }
            return .outputs(outputs[rules.min { rank[$0] < rank[$1] } ?? first])
        case .ruleOrder: return .several(policy, rules.map { outputs[$0] })
        // The standard leaves the order of a collected list open, and equal outputs in another order are the same answer.
        case .collect(nil): return bag(rules)
        case .outputOrder:
            guard let order else { return .unknown }
            return .several(policy, rules.sorted { order[$0] < order[$1] }.map { outputs[$0] })
        case .collect(.count): return .outputs(outputs[first].map { _ in .constant(.integer(rules.count)) })
        case .collect(let aggregation?): return aggregate(rules, aggregation)
        }
    }

    private func bag(_ rules: [Int]) -> Answer {
        .bag(policy, Dictionary(rules.map { (outputs[$0], 1) }, uniquingKeysWith: +))
    }

    private func aggregate(_ rules: [Int], _ aggregation: HitPolicy.Aggregation) -> Answer {
        let rows = rules.compactMap { Self.constants(outputs[$0]) }
        guard rows.count == rules.count else { return bag(rules) }
        var results = rows[0]
        for row in rows.dropFirst() {
            for column in row.indices {
                guard let result = Self.combined(results[column], row[column], aggregation) else { return .unknown }
                results[column] = result
            }
        }
        return .outputs(results.map { .constant($0) })
    }

    private static func combined(_ left: Value, _ right: Value, _ aggregation: HitPolicy.Aggregation) -> Value? {
        if aggregation == .sum {
            guard case .number(let a) = left, case .number(let b) = right else { return nil }
            do throws(ArithmeticFailure) {
                return .number(try a.adding(b))
            } catch {
                return nil
            }
        }
        guard let order = FEEL.order(left, right, DimensionBuilder.anywhere) else { return nil }
        return (aggregation == .minimum) == (order <= 0) ? left : right
    }
}
