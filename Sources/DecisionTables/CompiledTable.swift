import Diagnostics
package import FEEL
package import Values

/// A decision table that was checked and compiled against a layout. It holds no state and may be evaluated anywhere.
package struct CompiledTable: Sendable {
    /// The table as written.
    package let table: DecisionTable
    /// Names of the output columns.
    package let outputNames: [String]
    /// What each output column holds in one rule; `any` where its cells do not say.
    package let outputTypes: [ValueType]
    /// The layout slots that the headers and cells read, ascending.
    package let slots: [Int]
    /// Whether the answer depends on `now()` or `today()`.
    package let readsClock: Bool
    package let profile: FEELProfile
    /// What each input holds; `any` where neither its header nor its expression says.
    package let inputTypes: [ValueType]

    let inputs: [CompiledExpression]
    /// The values that inputs and outputs list, where they do.
    let inputValues: [CompiledTest?]
    let outputValues: [CompiledTest?]
    let rules: [CompiledRule]
    let defaults: [CompiledExpression?]
    /// The order of the output values, where the policy goes by it.
    let ranking: OutputRanking?
    /// What is known of the rules before any row is seen.
    let index: RuleIndex
    /// Whether the bits of the index are in the order of the output values.
    let isRanked: Bool
    /// For ANY, by rule, the first rule with the same outputs, from 0; nil where a rule's outputs are computed.
    let agreement: [Int?]

    /// Compiles a table. Every wrong cell is reported, with its line and column in the file and its place in the table.
    /// - Parameter types: types by the names that a model gives them, for `instance of` in cells.
    package static func compile(
        _ table: DecisionTable, layout: Layout, profile: FEELProfile = .strict, types: [String: ValueType] = [:]
    ) -> Compilation<CompiledTable> {
        var compiler = TableCompiler(table: table, layout: layout, profile: profile, types: types)
        return compiler.compile()
    }

    init(
        table: DecisionTable, profile: FEELProfile, inputs: [CompiledExpression], inputTypes: [ValueType],
        inputValues: [CompiledTest?], rules: [CompiledRule], outputTypes: [ValueType], outputValues: [CompiledTest?],
        defaults: [CompiledExpression?], ranking: OutputRanking?
    ) {
        self.table = table
        self.profile = profile
        self.inputs = inputs
        self.inputTypes = inputTypes
        self.inputValues = inputValues
        self.outputValues = outputValues
        self.rules = rules
        self.outputTypes = outputTypes
        self.defaults = defaults
        self.ranking = ranking
        outputNames = table.outputs.map(\.header.text)
        let ranks = Self.constantRanks(rules, ranking, table.outputs.map(\.type))
        isRanked = ranks != nil
        let order = rules.indices.sorted { left, right in
            guard let ranks, ranks[left] != ranks[right] else { return left < right }
            return ranks[left].lexicographicallyPrecedes(ranks[right])
        }
        index = RuleIndex(rules: order, tests: rules.map(\.tests), listed: inputValues, inputTypes: inputTypes)
        agreement = table.hitPolicy == .any ? Self.agreement(rules) : []
        let expressions = inputs + rules.flatMap(\.outputs) + defaults.compactMap(\.self)
        let tests = rules.flatMap { $0.tests.map(\.test) } + (inputValues + outputValues).compactMap(\.self)
        slots = Set(expressions.flatMap(\.slots) + tests.flatMap(\.slots)).sorted()
        readsClock = expressions.contains(where: \.readsClock) || tests.contains(where: \.readsClock)
    }

    /// Applies the hit policy to one row.
    ///
    /// Fails where a cell fails; where a policy is broken (TABLE-UNIQUE, TABLE-ANY, TABLE-AGGREGATE); and where a value is
    /// none that its column lists (TABLE-VALUES). In the standard profile all of these are an outcome without a value, whose
    /// `refusal` says why; only a limit that is reached fails.
    /// - Parameter row: one value a slot of the layout.
    package func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> TableOutcome {
        try answered(context) { () throws(EvaluationFailure) in try outcome(of: decide(row, context), row, context) }
    }

    /// In the standard profile a failure is an outcome without a value, unless a limit was reached.
    func answered(
        _ context: EvaluationContext, _ answer: () throws(EvaluationFailure) -> TableOutcome
    ) throws(EvaluationFailure) -> TableOutcome {
        do throws(EvaluationFailure) {
            return try answer()
        } catch {
            guard profile == .standard, error.diagnostic.code != .feelBudget else { throw error }
            context.account?.note(error.diagnostic)
            return TableOutcome(matchedRules: [], outputs: [], refusal: error.diagnostic)
        }
    }

    /// The rules that the hit policy takes of those that match, from 0, in the order of the answer.
    func decide(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Int] {
        let values = try inputValues(row, context)
        return try chosen(matches(values, row, context), row, context)
    }

    /// The rules that match, from 0, in the order of the index; no more of them than the policy needs to see.
    private func matches(_ values: [Value], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Int] {
        let sets = index.sets(of: values)
        var unknown: [Int] = []
        if !index.isGuarded(sets) {
            try checkListed(values, row, context)
            unknown = sets.indices.filter { sets[$0] == index.unknownSet(ofColumn: $0) }
        }
        let takesFirst = table.hitPolicy == .first || (table.hitPolicy == .priority && isRanked)
        var matched: [Int] = []
        for summaryWord in 0..<index.summaryWords {
            var words = index.candidateWords(summaryWord, sets)
            while words != 0 {
                let word = summaryWord * 64 + words.trailingZeroBitCount
                words &= words - 1
                var candidates = index.candidates(word, sets)
                while candidates != 0 {
                    let bit = word * 64 + candidates.trailingZeroBitCount
                    candidates &= candidates - 1
                    guard try passes(bit, unknown, values, row, context) else { continue }
                    matched.append(index.rules[bit])
                    if takesFirst { return matched }
                    if table.hitPolicy == .unique, matched.count > 1 {
                        throw EvaluationFailure(diagnostic: clash(matched[0], matched[1]))
                    }
                }
            }
        }
        return matched
    }

    /// Asks the cells that no set answers: some of any row, and all those of columns whose value is not indexed.
    private func passes(
        _ bit: Int, _ unknown: [Int], _ values: [Value], _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Bool {
        let cells = unknown.isEmpty ? index.rest[bit] : rules[index.rules[bit]].tests
        for cell in cells where unknown.isEmpty || unknown.contains(cell.input) || !ColumnIndex.accepts(cell.test) {
            if try !cell.test.matches(values[cell.input], row, context) { return false }
        }
        return true
    }

    func inputValues(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(inputs.count)
        for input in inputs.indices { values.append(try inputs[input].evaluate(row, context)) }
        return values
    }

    /// Where every rule stands by the order of the output values; nil where the policy does not go by it, or where an output
    /// is computed.
    private static func constantRanks(
        _ rules: [CompiledRule], _ ranking: OutputRanking?, _ types: [ValueType?]
    ) -> [[Int]]? {
        guard let ranking else { return nil }
        var ranks: [[Int]] = []
        for rule in rules {
            // A constant of another type than declared is another value, or none, once it is given out.
            let outputs = zip(rule.outputs, types).compactMap { output, type in
                output.constant.flatMap { $0 == .null || FEEL.isInstance($0, of: type ?? .any) ? $0 : nil }
            }
            guard outputs.count == rule.outputs.count else { return nil }
            ranks.append(ranking.rank(outputs, EvaluationContext(now: Instant(seconds: 0))))
        }
        return ranks
    }

    private static func agreement(_ rules: [CompiledRule]) -> [Int?] {
        var first: [[Value]: Int] = [:]
        return rules.enumerated().map { number, rule in
            let outputs = rule.outputs.compactMap(\.constant)
            guard outputs.count == rule.outputs.count else { return nil }
            if let known = first[outputs] { return known }
            first[outputs] = number
            return number
        }
    }
}

/// One rule: the cells that can fail, in the order of the columns, and the outputs.
struct CompiledRule: Sendable {
    /// Cells other than `-`.
    var tests: [CompiledCell]
    var outputs: [CompiledExpression]
}

/// One input cell.
struct CompiledCell: Sendable {
    /// Index of the input column, from 0.
    var input: Int
    var test: CompiledTest
}
