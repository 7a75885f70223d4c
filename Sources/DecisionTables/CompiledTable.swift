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
    /// One an input column; nil where its cells have to be asked.
    private let indexes: [ColumnIndex?]
    /// The sets of all indexes, one after the other, and where those of each column begin.
    private let sets: [UInt64]
    private let setsStart: [Int]

    /// Compiles a table. Every wrong cell is reported, with its line and column in the file and its place in the table.
    package static func compile(
        _ table: DecisionTable, layout: Layout, profile: FEELProfile = .strict
    ) -> Compilation<CompiledTable> {
        var compiler = TableCompiler(table: table, layout: layout, profile: profile)
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
        let indexes = inputTypes.enumerated().map { column, type in
            let cells = rules.enumerated().flatMap { rule, compiled in
                compiled.tests.filter { $0.input == column }.map { (rule: rule, test: $0.test) }
            }
            return ColumnIndex(cells: cells, ruleCount: rules.count, type: type)
        }
        self.indexes = indexes
        var sets: [UInt64] = [], setsStart: [Int] = []
        for index in indexes {
            setsStart.append(sets.count)
            sets += index?.sets ?? []
        }
        self.sets = sets
        self.setsStart = setsStart
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
        do throws(EvaluationFailure) {
            let values = try inputValues(row, context)
            try checkListed(values, row, context)
            return try outcome(of: matches(values, row, context), row, context)
        } catch {
            guard profile == .standard, error.diagnostic.code != .feelBudget else { throw error }
            return TableOutcome(matchedRules: [], outputs: [], refusal: error.diagnostic)
        }
    }

    /// The rules that match, from 0; no more of them than the policy needs to see.
    private func matches(_ values: [Value], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Int] {
        var starts: [Int?] = []
        starts.reserveCapacity(values.count)
        for column in values.indices {
            starts.append(indexes[column]?.start(of: values[column]).map { $0 + setsStart[column] })
        }
        var matched: [Int] = []
        for word in 0..<((rules.count + 63) / 64) {
            var candidates = candidates(word, starts)
            while candidates != 0 {
                let rule = word * 64 + candidates.trailingZeroBitCount
                candidates &= candidates - 1
                guard try passesRest(rule, starts, values, row, context) else { continue }
                matched.append(rule)
                if table.hitPolicy == .first { return matched }
                if table.hitPolicy == .unique, matched.count > 1 { throw EvaluationFailure(diagnostic: clash(matched[0], rule)) }
            }
        }
        return matched
    }

    /// The rules of one word that no indexed column rules out.
    private func candidates(_ word: Int, _ starts: [Int?]) -> UInt64 {
        let left = rules.count - word * 64
        var candidates: UInt64 = left >= 64 ? .max : (1 << UInt64(left)) - 1
        for start in starts {
            if let start { candidates &= sets[start + word] }
        }
        return candidates
    }

    func inputValues(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(inputs.count)
        for input in inputs.indices { values.append(try inputs[input].evaluate(row, context)) }
        return values
    }

    /// Asks the cells of the columns that are not indexed for this row.
    private func passesRest(
        _ rule: Int, _ starts: [Int?], _ values: [Value], _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Bool {
        for cell in rules[rule].tests.indices {
            let column = rules[rule].tests[cell].input
            if starts[column] == nil, try !rules[rule].tests[cell].test.matches(values[column], row, context) { return false }
        }
        return true
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
